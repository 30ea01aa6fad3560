"""Page F3 事件: the list of events at the left, everything about the one in focus at the right."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps
from chengyun_console.pages.events.card import EventCard
from chengyun_console.pages.events.dossier import Dossier
from chengyun_console.pages.events.dues import DuesPane
from chengyun_console.pages.events.listing import EventListPanel
from chengyun_console.pages.page import Page
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.event import Event
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.fact_list import ROW_PX

_LOW_PX = 720
"""Height of the page below which what is owed is folded: the list comes first."""
_DUES_SHARE = 0.36
_DUES_LEAST_PX = 150
_GONE = (Reach.LOST, Reach.REFUSED)


class EventsPage(Page):
    """The event in focus is the desk's: whoever opens one from the strip, the cockpit or a link finds it here."""

    deed_was_asked = Signal(object)
    """Tuple of Action: a button of the card was pressed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._unfolded = False

    @override
    def making(self) -> Steps:
        desk = self._desk
        self.dossier = Dossier(desk)
        self.panel = EventListPanel(desk)
        yield
        self.card = EventCard(desk, self.dossier)
        yield
        self.dues = DuesPane(desk)
        self._lay_out()
        self._connect()

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        now_ns = self._desk.now_ns()
        self.dossier.tick(now_ns)
        self.panel.tick(now_s)
        self.panel.refresh(now_ns, is_stale=links.centre.reach in _GONE)
        self.dues.tick(now_s)
        self.dues.refresh(now_ns)
        self._share_height()
        self.card.refresh(now_ns)

    @override
    def take_catalogue(self, scheme: str) -> None:
        self.panel.filters.take_catalogue()
        self.panel.mark_dirty()
        self.card.mark_dirty()

    @override
    def take_facts(self, news: FactNews) -> None:
        self.dossier.take_facts(news)
        self.dues.take_facts(news)
        self.panel.mark_dirty()
        self.card.mark_dirty()

    @override
    def subject(self) -> Where:
        return Where.EVENT

    @override
    def focus_front(self) -> None:
        self.panel.list.setFocus()

    @override
    def step_back(self) -> bool:
        return self.panel.filters.clear()

    def open_event(self, number: int, given: Event | None = None) -> None:
        """Bring an event into focus, one that has ended with its record; a filter that hides it is taken away."""
        self._desk.event_focus.select(number, given)
        self.panel.filters.clear()
        self.panel.mark_dirty()
        self.panel.list.setFocus()

    def open_dues(self) -> None:
        """Put the keyboard on what is owed, unfolded where there is little room."""
        self._unfolded = True
        self._share_height()
        self.dues.enter()

    def _lay_out(self) -> None:
        self.panes = SplitPanes(self._desk, "events.whole", Qt.Orientation.Horizontal, (35, 65))
        self.panes.addWidget(self._left_side())
        self.panes.addWidget(self.card)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3)
        page.addWidget(self.panes)

    def _connect(self) -> None:
        self.card.bind(self)
        self.card.deed_was_asked.connect(self.deed_was_asked)
        self.card.event_was_asked.connect(self._on_due)
        self.panel.action_was_asked.connect(self.action_was_asked)
        self.panel.event_was_opened.connect(lambda _number: self.card.facts.setFocus())
        self.dues.action_was_asked.connect(self.action_was_asked)
        self.dues.event_was_opened.connect(self._on_due)
        self.dues.fold_was_asked.connect(self._on_fold)

    def _left_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(self.panel, 1)
        column.addWidget(self.dues)
        return side

    def _share_height(self) -> None:
        """Give what is owed the room its rows need and the list leaves; on a low screen its head, until it is asked."""
        height = self.panes.height()
        listed = (
            self.panel.height() - self.panel.list.height() + self.panel.list.model().rowCount() * ROW_PX + SPACE_PX * 2
        )
        is_modest = height < _LOW_PX and not self._unfolded
        self.dues.fold(is_folded=is_modest and height - listed < min(self.dues.rows_px, _DUES_LEAST_PX))
        most = max(0 if is_modest else int(height * _DUES_SHARE), height - listed)
        wanted = min(self.dues.wanted_px(), most)
        if wanted != self.dues.height() or self.dues.minimumHeight() != wanted:
            self.dues.setFixedHeight(wanted)

    def _on_due(self, number: int, given: object) -> None:
        self.open_event(number, given if isinstance(given, Event) else None)

    def _on_fold(self) -> None:
        self._unfolded = not self._unfolded
        self._share_height()

    def carried(self) -> object:
        """Return the tab in front (see shell.carried)."""
        return self.card.tab

    def take_carried(self, kept: object) -> None:
        """Turn to the same tab."""
        if isinstance(kept, str) and kept in self.card.tabs:
            self.card.show_tab(kept)
