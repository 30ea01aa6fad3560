"""The middle of the hand-over sheet: counts, the list to be ticked off, the item in focus, self-checks and figures."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.handover_care import HandoverCare
from chengyun_console.wording.handover import HandoverWords, item_key
from chengyun_console.wording.handover_things import thing_sections
from chengyun_core.model.duty import HandoverState, Item, ItemState
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.count_strip import CountStrip
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.ticked_list import TickedList

_SETTLED = frozenset({ItemState.KNOWN, ItemState.REFUSED, ItemState.SETTLED})


class HandoverBody(QWidget):
    """A function of the sheet as the care has it; the row in focus stays when others come and go."""

    item_was_opened = Signal(object)
    """model.duty.Item that somebody wants to see where it lives."""
    tick_was_asked = Signal()

    def __init__(self, desk: Desk, care: HandoverCare) -> None:
        super().__init__()
        self._desk, self._care = desk, care
        self._items: dict[str, Item] = {}
        self.counts = CountStrip(desk.theme)
        self.list = TickedList(desk.theme)
        self.item, self.checks, self.figures = FactSheet(desk.theme), FactSheet(desk.theme), FactSheet(desk.theme)
        self.thing = Panel(desk.theme, desk.say("console.handover.item"))
        self.standing = Panel(desk.theme, desk.say("console.handover.standing"))
        self._build()
        self.counts.count_was_opened.connect(self._to_kind)
        self.list.current_did_change.connect(lambda _key: self.show_item())
        self.list.row_was_opened.connect(lambda _key: self._open())
        self.list.tick_was_asked.connect(self._on_tick)

    @property
    def current(self) -> Item | None:
        """Return the item in focus."""
        return self._items.get(self.list.current_key())

    def refresh(self) -> None:
        """Show the sheet as it stands now."""
        told, words, now = self._care.told, self._words(), self._desk.now_ns()
        sheet = told.handover if told is not None else None
        items = sheet.items if sheet is not None else ()
        awaited, changed = self._care.awaited(), frozenset(told.changed if told is not None else ())
        self._items = {item_key(item): item for item in items}
        self.list.set_rows([
            words.row(item, now, is_changed=item_key(item) in changed, awaited=awaited.get((item.kind, item.key)))
            for item in items
        ])  # fmt: skip
        if items and not self.list.current_key():
            self.list.select(item_key(items[0]))
        empty = "console.handover.nothing_open" if sheet is not None else "console.handover.collecting"
        self.list.show_notice(Presence.FRESH if items else Presence.EMPTY, self._desk.say(empty))
        if sheet is not None:
            self.counts.show_counts(words.counts(sheet))
            locked = (words.signatures(sheet),) if sheet.state is HandoverState.SIGNED else ()
            self.checks.show_sections((*locked, words.checks(sheet)))
            self.figures.show_sections((words.statistics(sheet),))
        self.show_item()

    def show_item(self) -> None:
        """Show the item in focus, and the thing itself as it stands now."""
        item = self.current
        if item is None:
            self.item.show_sections(())
            return
        self.item.show_sections((self._words().section(item, self._desk.now_ns()), *thing_sections(self._desk, item)))

    def go_on(self) -> None:
        """Go to the next item that is neither known nor refused, the first one after the last."""
        awaited = self._care.awaited()
        keys = list(self._items)
        here = keys.index(self.list.current_key()) if self.list.current_key() in keys else -1
        for key in (*keys[here + 1 :], *keys[: here + 1]):
            item = self._items[key]
            if (awaited.get((item.kind, item.key)) or item.state) not in _SETTLED:
                self.list.select(key)
                return

    def undecided(self) -> int:
        """Return how many items nobody has ticked or refused."""
        return sum(item.state not in _SETTLED for item in self._items.values())

    def _to_kind(self, kind: str) -> None:
        key = next((key for key in self._items if key.startswith(f"{kind}/")), "")
        if key:
            self.list.select(key)
            self.list.setFocus()

    def _on_tick(self, key: str) -> None:
        self.list.select(key)
        self.tick_was_asked.emit()

    def _open(self) -> None:
        if self.current is not None:
            self.item_was_opened.emit(self.current)

    def _words(self) -> HandoverWords:
        return HandoverWords(self._desk.figures, self._desk.names)

    def _build(self) -> None:
        say = self._desk.say
        for widget, code in (
            (self.counts, "counts"), (self.list, "items"), (self.item, "item"), (self.checks, "checks"),
            (self.figures, "figures"),
        ):  # fmt: skip
            widget.setAccessibleName(say(f"console.handover.{code}"))
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.checks, 3)
        row.addWidget(self.figures, 2)
        self.standing.set_body(below)
        self.standing.show_notice(Presence.FRESH, "")
        self.thing.set_body(self.item)
        self.thing.show_notice(Presence.FRESH, "")
        right = QVBoxLayout()
        right.setSpacing(SPACE_PX * 2)
        right.addWidget(self.thing, 11)
        right.addWidget(self.standing, 10)
        both = QHBoxLayout()
        both.setSpacing(SPACE_PX * 2)
        both.addWidget(self.list, 11)
        both.addLayout(right, 10)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_PX * 2, SPACE_PX, SPACE_PX * 2, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(self.counts)
        column.addLayout(both, 1)
