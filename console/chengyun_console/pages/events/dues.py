"""待办与时限: what is owed on events, under the list of them; counted in its head, opened and finished by key."""

from PySide6.QtCore import Signal

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.wording.event_dues import DueRows, Dues, dues_of
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event, Improvement
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.event_asks import AskNothing, Owed
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.panel import HEADER_PX, Panel
from chengyun_widgets.presence import Presence

ASK_EVERY_S = 60
_SOON_S = 1
_SLOT = "events.dues"
OPEN, FINISH = "event.dues", "event.finish_item"


class DuesPane(Panel):
    """The chosen item is the desk's (`event_focus.item`). Folded it is its head with the counts alone."""

    event_was_opened = Signal(int, object)
    """Number of an event, and its record when it has ended."""
    fold_was_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("events.dues.title"))
        self._desk = desk
        self.list = FactList(desk.theme)
        self.dues = Dues()
        self.is_folded = False
        self._owed = Owed()
        self._failed: Reason | None = None
        self._is_dirty, self._second, self._ask_at_s = True, -1, 0
        self.rows_px = 0
        self.add_action(FINISH, f"{BY_ID[FINISH].keys[0]} {desk.say(BY_ID[FINISH].title)}")
        self.add_action(OPEN, f"{BY_ID[OPEN].keys[0]} {desk.say('events.dues.go')}")
        self.set_body(self.list)
        self.list.row_was_opened.connect(self._on_opened)
        self.list.current_did_change.connect(self._on_current)
        self.head_was_asked.connect(self.fold_was_asked)
        desk.session.command_ended.connect(self._on_command_ended)
        desk.label_watch.did_change.connect(self._forget)

    def take_facts(self, news: FactNews) -> None:
        """Look again; what left the living ones may be owed now."""
        self._is_dirty = True
        if any(kind == "event" for kind, _key in news.gone):
            self._ask_soon()

    def tick(self, now_s: float) -> None:
        """Let what is late flash."""
        self.list.tick(now_s)

    def refresh(self, now_ns: int) -> None:
        """Bring the rows to now: when something changed, and once a second for the clocks; ask once a minute."""
        second = now_ns // NS_PER_S
        if second >= self._ask_at_s:
            self._ask_at_s = second + ASK_EVERY_S
            self._desk.session.ask("event.owed", AskNothing(), self._on_owed, slot=_SLOT)
        if self._is_dirty or second != self._second:
            self._is_dirty, self._second = False, second
            self._show(now_ns)

    def fold(self, *, is_folded: bool) -> None:
        """Show the head alone, or all of it."""
        self.is_folded = is_folded
        self.list.setVisible(not is_folded)

    def wanted_px(self) -> int:
        """Return the height at which every row is seen."""
        return HEADER_PX + 2 if self.is_folded else HEADER_PX + 2 + self.rows_px

    def enter(self) -> None:
        """Put the keyboard on what is most urgent."""
        rows = [row.key for row in self.list.rows() if not row.is_heading]
        if rows and self.list.current_key() not in rows:
            self.list.select(rows[0])
        self.list.setFocus()

    def _show(self, now_ns: int) -> None:
        desk = self._desk
        self.dues = dues_of(desk.session.facts.events.values(), self._owed.events, self._owed.items)
        self.list.set_rows(DueRows(desk, now_ns).rows(self.dues))
        self.rows_px = self.list.content_px()
        late = self.dues.overdue(now_ns)
        code = "events.dues.note_late" if late else "events.dues.note"
        self.set_note(desk.say(code, count=self.dues.count, late=late))
        told = desk.refusal(self._failed) if self._failed is not None else desk.say("events.dues.none")
        self.list.show_notice(Presence.FRESH if self.dues.count else Presence.EMPTY, told)
        self.actions_by_key[FINISH].setVisible(bool(self.dues.items) and not self.is_folded)
        self._on_current(self.list.current_key())

    def _forget(self) -> None:
        self._owed, self._is_dirty, self._ask_at_s = Owed(), True, 0

    def _on_owed(self, told: object) -> None:
        if isinstance(told, Owed):
            self._owed, self._failed = told, None
        elif isinstance(told, Reason):
            self._failed = told
        self._is_dirty = True

    def _on_current(self, key: str) -> None:
        kind, _, number = key.partition(":")
        item = self._item(int(number)) if kind == "item" else None
        self._desk.event_focus.item = item
        self._desk.event_focus.item_name = DueRows(self._desk, 0).item_name(item) if item is not None else ""

    def _item(self, number: int) -> Improvement | None:
        return next((item for item in self.dues.items if item.number == number), None)

    def _on_opened(self, key: str) -> None:
        kind, _, number = key.partition(":")
        if kind == "item":
            item = self._item(int(number))
            if item is not None:
                self.event_was_opened.emit(item.event, self._ended(item.event))
        elif kind != "heading":
            self.event_was_opened.emit(int(number), self._ended(int(number)))

    def _ended(self, number: int) -> Event | None:
        return next((event for event in self.dues.reviews if event.number == number), None)

    def _on_command_ended(self, _command: str, reply: Reply) -> None:
        """A review or an item may just have been finished at this desk: its answer says so before any fact does."""
        if reply.outcome == "done" and self.isVisible():
            self._ask_soon()

    def _ask_soon(self) -> None:
        self._ask_at_s = min(self._ask_at_s, self._desk.now_ns() // NS_PER_S + _SOON_S)
