"""值班 (F8): what a chief looks at: three shifts with their gaps, the seats with their load, the log beside them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.pages.duty.board import BoardPanel
from chengyun_console.pages.duty.coverage import CoveragePane
from chengyun_console.pages.duty.deeds import DutyDeeds
from chengyun_console.pages.duty.known import DutyKnown
from chengyun_console.pages.duty.lists import CallOutsPane, ContactsPane, HandoversPane
from chengyun_console.pages.duty.log import LogPane
from chengyun_console.pages.duty.seats import SeatsPanel
from chengyun_console.pages.duty.tabs import DutyTabs
from chengyun_console.pages.page import Page
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

SIDES = ("log", "contacts", "handovers", "call_outs", "coverage")


class DutyPage(Page):
    """Asks nothing before it is in front for the first time."""

    handover_was_opened = Signal(int)
    call_out_was_opened = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._second = -1
        self._figures: object = None
        self._dirty: set[str] = {"shifts", "now", "log", "people", "handovers", "call_outs"}
        self.known = DutyKnown(desk, self)
        self.board, self.seats = BoardPanel(desk, self.known), SeatsPanel(desk, self.known)
        self.log, self.contacts = LogPane(desk, self.known), ContactsPane(desk, self.known)
        self.handovers, self.call_outs = HandoversPane(desk, self.known), CallOutsPane(desk, self.known)
        self.coverage = CoveragePane(desk)
        keys = BY_ID["duty.side"].keys
        self.tabs = DutyTabs([
            f"{key} {desk.say(f'console.duty.side.{name}')}" for key, name in zip(keys, SIDES, strict=True)
        ])  # fmt: skip
        self.sides, self.side = QStackedWidget(), Panel(desk.theme, desk.say("console.duty.side.log"))
        self.deeds = DutyDeeds(desk, self)
        self._build()
        self._connect()

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        if self._desk.session.signed_on is None:
            return
        self.known.look()
        if self.sides.currentWidget() is self.coverage:
            self.coverage.refresh()
        second = self._desk.now_ns() // NS_PER_S
        if second != self._second or self._figures is not self._desk.names:
            self._second, self._figures = second, self._desk.names
            self._dirty |= {"shifts", "now"}
        if not self._dirty:
            return
        dirty, self._dirty = self._dirty, set()
        is_stale = links.centre.reach is not Reach.LIVE
        shows: tuple[tuple[frozenset[str], Callable[[], None]], ...] = (
            (frozenset({"shifts", "people", "now"}), partial(self.board.refresh, is_stale=is_stale)),
            (frozenset({"now"}), partial(self.seats.refresh, is_stale=is_stale)),
            (frozenset({"log", "people"}), self.log.refresh),
            (frozenset({"people"}), self.contacts.refresh),
            (frozenset({"handovers"}), self.handovers.refresh),
            (frozenset({"call_outs"}), self.call_outs.refresh),
        )
        for parts, show in shows:
            if parts & dirty:
                show()
        self.deeds.show_possible()

    @override
    def take_facts(self, news: FactNews) -> None:
        self.known.take_facts(news)

    @override
    def focus_front(self) -> None:
        self.board.board.text.setFocus()

    @override
    def step_back(self) -> bool:
        return self.deeds.step_back()

    @override
    def subject(self) -> Where:
        # No single letter means anything here: A must not acknowledge an alarm nobody sees.
        return Where.DUTY

    def show_side(self, place: int) -> None:
        """Turn the right side to the log, contacts, hand-overs, call-outs or coverage."""
        self.tabs.turn_to(place)

    def _on_side(self, place: int) -> None:
        self.sides.setCurrentIndex(place)
        self.side.set_title(self._desk.say(f"console.duty.side.{SIDES[place]}"))
        self.deeds.show_possible()

    def _on_known(self, part: str) -> None:
        self._dirty.add(part)

    def _connect(self) -> None:
        self.known.did_change.connect(self._on_known)
        self.tabs.did_turn.connect(self._on_side)
        self.handovers.handover_was_opened.connect(self.handover_was_opened)
        self.call_outs.call_out_was_opened.connect(self.call_out_was_opened)
        self.board.board.row_was_chosen.connect(lambda *_: self.deeds.show_possible())
        self.seats.list.row_was_chosen.connect(lambda *_: self.deeds.show_possible())
        self.log.line_was_written.connect(self.deeds.write)
        self.log.line_was_chosen.connect(self.deeds.show_possible)
        self.log.line_was_opened.connect(self.deeds.view)
        for place, key in enumerate(BY_ID["duty.side"].keys):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.show_side, place))

    def _build(self) -> None:
        for pane in (self.log, self.contacts, self.handovers, self.call_outs, self.coverage):
            self.sides.addWidget(pane)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.sides, 1)
        column.addWidget(self.deeds.of_log)
        self.side.set_body(whole)
        self.side.show_notice(Presence.FRESH, "")
        left = SplitPanes(self._desk, "duty.left", Qt.Orientation.Vertical, (56, 44))
        self.board.lay_under(self.deeds.of_board)
        self.seats.lay_under(self.deeds.of_seats, self.deeds.status, self.deeds.ask_line)
        left.addWidget(self.board)
        left.addWidget(self.seats)
        self.panes = SplitPanes(self._desk, "duty.whole", Qt.Orientation.Horizontal, (64, 36))
        self.panes.addWidget(left)
        self.panes.addWidget(self.side)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3)
        page.addWidget(self.panes)
