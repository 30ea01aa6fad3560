"""The seats: who sits there since when, whose area is covered by whom, and how much falls there (H4, H7)."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.pages.duty.known import DutyKnown
from chengyun_console.wording.duty import DutyWords
from chengyun_core.model.failure import Reason
from chengyun_core.model.flood_meter import BEGINS_ABOVE
from chengyun_core.wire.duty_asks import DutyNow, SeatNow
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.load_list import LoadList, LoadRow
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_HEADINGS = ("acked", "unacknowledged", "events", "orders")


class SeatsPanel(Panel):
    """A function of what is known; the seat in focus stays. `is_stale`: the centre is not heard."""

    def __init__(self, desk: Desk, known: DutyKnown) -> None:
        super().__init__(desk.theme, desk.say("console.duty.seats"))
        self._desk, self._known = desk, known
        headings = tuple(desk.say(f"console.duty.seat.{name}") for name in _HEADINGS)
        self.list = LoadList(desk.theme, headings, desk.say("console.duty.seat.bar"))
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.list, 1)
        self.set_body(body)
        self.show_notice(Presence.EMPTY, desk.say("console.duty.asking"))

    def lay_under(self, *widgets: QWidget) -> None:
        """Lay what is done about it at its foot."""
        for widget in widgets:
            self._column.addWidget(widget)

    @property
    def chosen(self) -> SeatNow | None:
        """Return the seat in focus."""
        now = self._known.now
        rows = now.seats if isinstance(now, DutyNow) else ()
        return next((row for row in rows if row.seat == self.list.chosen), None)

    def refresh(self, *, is_stale: bool) -> None:
        """Show the seats as they are known now."""
        now = self._known.now
        if isinstance(now, Reason):
            self.show_notice(Presence.REFUSED, self._desk.refusal(now))
            return
        if now is None:
            return
        rows = tuple(self._row(seat, is_stale=is_stale) for seat in now.seats)
        taken = sum(bool(seat.account) for seat in now.seats)
        note = self._desk.say("console.duty.seats_taken", taken=taken, count=len(rows))
        age = self._desk.figures.clock(self._known.told_ns)
        self.set_note(self._desk.say("console.duty.as_of", time=age) if is_stale else note)
        self.list.show_rows(rows, self._desk.say("console.duty.seats"))
        self.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say("console.duty.no_seats"))

    def _row(self, seat: SeatNow, *, is_stale: bool) -> LoadRow:
        signed_on = self._desk.session.signed_on
        detail, ink = self._detail(seat)
        said = self._desk.say
        return LoadRow(
            key=seat.seat, code=seat.seat,
            title=(seat.name or seat.account) if seat.account else said("console.sign_on.free"),
            detail=detail, detail_colour=ink, value=float(seat.alarms_10min), limit=float(BEGINS_ABOVE),
            cells=tuple(map(str, (seat.acknowledged_10min, seat.unacknowledged, seat.events, seat.orders))),
            calling=(False, seat.unacknowledged > 0, False, False),
            is_own=signed_on is not None and signed_on.seat == seat.seat, is_stale=is_stale,
            is_empty=not seat.account,
        )  # fmt: skip

    def _detail(self, seat: SeatNow) -> tuple[str, Colour]:
        """Return what matters most about a seat: relief, who takes it over, who answers for it, nobody does, since."""
        words, now = DutyWords(self._desk.figures, self._desk.names), self._desk.now_ns()
        if seat.relief is not None:
            return words.relief(seat), Colour.ORANGE_TEXT
        if seat.incoming:
            return self._desk.say("console.duty.incoming", name=words.person(seat.incoming)), Colour.TEXT
        if seat.cover is not None:
            return words.cover(seat.cover, now), Colour.TEXT_SECOND
        if not seat.account:
            lone = bool(seat.unacknowledged or seat.alarms_10min)
            code = "console.duty.nobody_watches" if lone else "console.duty.free_quiet"
            return self._desk.say(code), Colour.RED_TEXT if lone else Colour.TEXT_SECOND
        return words.since(seat.since, now) if seat.since else "", Colour.TEXT_SECOND
