"""The card of one event on F3: head, deeds with their keys, facts, and beside them the tabs of what belongs to it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.dialogue import why_not
from chengyun_console.actions.event_next import next_deeds
from chengyun_console.actions.table import ACTIONS, BY_ID
from chengyun_console.desk import Desk
from chengyun_console.event_case import Case
from chengyun_console.file_intake import has_files
from chengyun_console.pages.events.case_tab import CaseTab
from chengyun_console.pages.events.dossier import Dossier
from chengyun_console.pages.events.files_tab import DEEDS as FILE_DEEDS
from chengyun_console.pages.events.files_tab import FilesTab
from chengyun_console.pages.events.tabs import TABS, ChainPane
from chengyun_console.pages.events.tree_tab import TreeTab
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_console.subjects import subject_of
from chengyun_console.wording.event_facts import EventFacts
from chengyun_console.wording.event_tree import TreeRows
from chengyun_console.wording.events import EventWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import LIVING
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour
from chengyun_widgets.case_head import CaseHead, CaseHeadView
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

CHAIN, FILES, TREE = "hops", "files", "tree"
_DEED_PX = 104
"""Width of one deed's button, in which every title of both languages fits."""
_ELSEWHERE = ("event.new", "event.import", "event.finish_item", *FILE_DEEDS)
"""Deeds whose buttons stand where what they are about is: over the list, in the tab of files."""
_TALL_PX = 600
"""Height of the panes below the head from which the chain's times stand under every tab."""


class EventCard(Panel):
    """A function of the dossier's case; what may be done is made of the table of actions and the table of moves."""

    deed_was_asked = Signal(object)
    """Tuple of Action: a button was pressed."""
    files_were_given = Signal(object)
    """QMimeData that holds files or a picture: it was dropped on the card."""

    event_was_asked = Signal(int, object)
    """Another event's number, and its record where it has ended."""

    def __init__(self, desk: Desk, dossier: Dossier) -> None:
        super().__init__(desk.theme, desk.say("events.card"))
        self.setAcceptDrops(True)
        self._desk, self._dossier = desk, dossier
        self.head = CaseHeadView(desk.theme)
        # Made before the facts: Tab comes to the deeds first, in the order in which they stand.
        self.more = QPushButton(desk.say("events.more"), self)
        self.more.hide()
        self.facts = FactSheet(desk.theme, self)
        self.tab = TABS[0].id
        self.tabs: dict[str, CaseTab] = {row.id: row.make(desk) for row in TABS}
        self.tab_buttons: dict[str, QPushButton] = {}
        self.deeds: dict[str, QPushButton] = {}
        self._pages = QStackedWidget()
        self._side, self.beside = QWidget(), ChainPane(desk)
        self._deed_grid = QGridLayout()
        self._laid: tuple[object, ...] = ()
        self._is_dirty, self._second = True, -1
        self._lay_out()
        files, tree = self.tabs[FILES], self.tabs[TREE]
        assert isinstance(files, FilesTab)
        assert isinstance(tree, TreeTab)
        tree.event_was_asked.connect(self.event_was_asked)
        files.action_was_asked.connect(lambda action: self.deed_was_asked.emit((BY_ID[action],)))
        dossier.did_change.connect(self.mark_dirty)
        desk.event_focus.did_change.connect(self.mark_dirty)

    def mark_dirty(self) -> None:
        """Look again on the next frame."""
        self._is_dirty = True

    def show_tab(self, tab: str) -> None:
        """Turn to a tab."""
        before, self.tab = self.tab, tab
        self._pages.setCurrentWidget(self.tabs[tab])
        self._check(tab)
        if before != tab:
            self.tabs[before].left()
            self.tabs[tab].entered()
        self.mark_dirty()

    def refresh(self, now_ns: int) -> None:
        """Bring the card to now: when something changed, and once a second for its clocks."""
        second = now_ns // NS_PER_S
        if not self._is_dirty and second == self._second:
            return
        self._is_dirty, self._second = False, second
        case = self._dossier.case()
        if case is None:
            self.set_title(self._desk.say("events.card"))
            code = "events.card.waiting" if self._desk.event_focus.number is not None else "events.card.none"
            self.show_notice(Presence.EMPTY, self._desk.say(code))
            return
        self._show(case, now_ns)
        self.show_notice(Presence.FRESH, "")

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._desk.event_focus.record is not None and has_files(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.show_tab(FILES)
        self.files_were_given.emit(event.mimeData())

    def _show(self, case: Case, now_ns: int) -> None:
        words = EventWords(self._desk.figures, self._desk.names)
        self.set_title(case.event.code)
        self.set_note(self._desk.refusal(case.failed) if case.failed is not None else "")
        self.head.show_record(head_of(self._desk, words, case, now_ns))
        facts = EventFacts(words, self._desk.words, self._desk.session.facts, now_ns)
        self.facts.show_sections(facts.sections(case))
        self._show_deeds(case, now_ns)
        self.tabs[self.tab].show_case(case, now_ns)
        # Twice the same says nothing new: where the chain is the tab, it has all the room.
        self.beside.setVisible(self.beside.show_case(case) and self.tab != CHAIN and self._side.height() >= _TALL_PX)
        for at, row in enumerate(TABS, 1):
            count = self.tabs[row.id].count(case)
            title = self._desk.say(f"events.tab.{row.id}")
            self.tab_buttons[row.id].setText(f"{at} {title} {count}" if count else f"{at} {title}")

    def _show_deeds(self, case: Case, now_ns: int) -> None:
        """Show a button per deed that makes sense now, its key before its name; what is due stands first, filled."""
        due = next_deeds(case.event, case.receipts, now_ns)
        rank = {action: place for place, action in enumerate(due)}
        possible = sorted(deeds_for(self._desk), key=lambda action: rank.get(action.id, len(rank)))
        if not self.more.isChecked():
            possible = [action for action in possible if "Shift" not in action.keys[0] or action.id in rank]
        columns = max(1, (self.width() - SPACE_PX * 6) // (_DEED_PX + SPACE_PX))
        if not self.more.isChecked() and len(possible) > columns and len(possible) % columns == 0:
            possible = possible[:-1]  # «more» alone would take a whole row from the facts; the last one is behind it
        laid = (tuple(action.id for action in possible), due, columns)
        if laid == self._laid:
            return
        self._laid = laid
        for button in self.deeds.values():
            self._deed_grid.removeWidget(button)
            button.hide()
        before = self.more
        for place, action in enumerate(possible):
            if action.id not in self.deeds:
                self.deeds[action.id] = self._deed(action)
            button = self.deeds[action.id]
            _lift(button, is_due=action.id in rank)
            QWidget.setTabOrder(before, button)
            before = button
            self._deed_grid.addWidget(button, place // columns, place % columns)
            button.show()
        self._deed_grid.removeWidget(self.more)
        self._deed_grid.addWidget(self.more, len(possible) // columns, len(possible) % columns)
        self.more.show()

    def _deed(self, action: Action) -> QPushButton:
        button = QPushButton(f"{action.keys[0]} {self._desk.say(action.title)}", self)
        button.setMinimumHeight(TARGET_PX)
        button.clicked.connect(lambda _checked=False: self.deed_was_asked.emit((action,)))
        return button

    def bind(self, page: QWidget) -> None:
        """Let a bare digit turn the tabs wherever the keyboard is on a page; Ctrl+digit would be a page's."""
        for at, row in enumerate(TABS):
            shortcut = QShortcut(QKeySequence(Qt.Key.Key_1 + at), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.show_tab, row.id))

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        self.more.setFlat(True)
        self.more.setCheckable(True)
        self.more.setMinimumHeight(TARGET_PX)
        self.more.setToolTip(self._desk.say("events.more.tip"))
        self.more.toggled.connect(lambda _on: self.mark_dirty())
        self._deed_grid.setContentsMargins(SPACE_PX * 3, 0, SPACE_PX * 3, SPACE_PX)
        self._deed_grid.setSpacing(SPACE_PX)
        column.addLayout(self._deed_grid)
        self.facts.setAccessibleName(self._desk.say("events.facts"))
        split = SplitPanes(self._desk, "events.card", Qt.Orientation.Horizontal, (42, 58))
        split.addWidget(self.facts)
        split.addWidget(self._tab_side())
        column.addWidget(split, 1)
        self.set_body(body)
        self.show_notice(Presence.EMPTY, self._desk.say("events.card.none"))

    def _tab_side(self) -> QWidget:
        side = self._side
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row, group = QHBoxLayout(), QButtonGroup(self)
        row.setContentsMargins(SPACE_PX, 0, SPACE_PX, 0)
        row.setSpacing(0)
        group.setExclusive(True)
        for at, tab in enumerate(TABS, 1):
            button = QPushButton(f"{at} {self._desk.say(f'events.tab.{tab.id}')}")
            button.setFlat(True)
            button.setCheckable(True)
            button.setMinimumHeight(TARGET_PX)
            button.clicked.connect(partial(self._on_tab, tab.id))
            group.addButton(button)
            row.addWidget(button)
            self.tab_buttons[tab.id] = button
            self._pages.addWidget(self.tabs[tab.id])
        row.addStretch(1)
        self._check(self.tab)
        column.addLayout(row)
        column.addWidget(self._pages, 1)
        column.addWidget(self.beside)
        return side

    def _check(self, tab: str) -> None:
        """Check a tab's button; Tab stops at that one alone, arrows and digits turn to the others."""
        self.tab_buttons[tab].setChecked(True)
        for name, button in self.tab_buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if name == tab else Qt.FocusPolicy.ClickFocus)

    def _on_tab(self, tab: str, _checked: bool = False) -> None:
        self.show_tab(tab)


def _lift(button: QPushButton, *, is_due: bool) -> None:
    """Fill a button or lay it flat; the sheet of styles is asked anew only when that changed."""
    if button.isFlat() is is_due:
        button.setFlat(not is_due)
        button.style().unpolish(button)
        button.style().polish(button)


def head_of(desk: Desk, words: EventWords, case: Case, now_ns: int) -> CaseHead:
    """Return the head of a case: state, place, who leads and commands; at the right the clock that ends first."""
    event = case.event
    clock = words.clock(event, case.receipts, now_ns) if event.state in LIVING else None
    seat = event.command_seat
    commands = (
        desk.say("events.head.command", seat=words.seat(desk.session.facts, seat))
        if seat
        else desk.say("events.nobody_commands")
    )
    summed = TreeRows(desk, case, now_ns).clock()
    said = [(words.state(event), Colour.ACCENT), (words.place(event), Colour.TEXT)]
    if event.lead:
        said.append((desk.say("events.head.lead", unit=words.who(event.lead)), Colour.TEXT_SECOND))
    said.append((commands, Colour.TEXT_SECOND))
    if summed:
        said.append((desk.say("events.head.sum", time=summed), Colour.TEXT_SECOND))
    if event.may_escalate:
        said.append((desk.say("events.head.escalates"), Colour.ORANGE_TEXT))
    return CaseHead(
        severity=words.severity(event), grade=words.grade(event), title=event.title,
        clock=desk.figures.duration(((event.closed_at or now_ns) - event.opened_at) / NS_PER_S), words=tuple(said),
        warning=clock.text if clock is not None else "",
        warning_colour=clock.colour if clock is not None else Colour.TEXT_SECOND,
    )  # fmt: skip


def deeds_for(desk: Desk) -> tuple[Action, ...]:
    """Return the deeds possible on the event in focus for this session, in the order of the table."""
    subject, allowed = subject_of(desk), desk.allowed()
    return tuple(
        action for action in ACTIONS
        if action.where is Where.EVENT and action.keys and action.id not in _ELSEWHERE
        and (action.record is None or action.permission in allowed) and why_not(action, subject) is None
    )  # fmt: skip
