"""What is done on F8: seats covered, lent, given back; people told present or absent; a shift begun; lines written."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_core.model.duty import LogKind, Presence, ShiftState
from chengyun_core.model.duty_commands import (
    BeginShift,
    CoverSeat,
    GiveBackSeat,
    LendSeat,
    TellPresence,
    WriteLogLine,
)

if TYPE_CHECKING:
    from chengyun_console.pages.duty.page import DutyPage


class DutyDeeds(QObject):
    """Made once by the page; shows only what makes sense for what is in focus."""

    import_was_asked = Signal()
    daily_was_asked = Signal()

    def __init__(self, desk: Desk, page: "DutyPage") -> None:
        super().__init__(page)
        self._desk, self._page = desk, page
        self.status, self.ask_line = status_line(desk), AskLine(desk)
        self.sending = Sender(desk, self.status)
        self.of_board = KeyedButtons(desk, {
            "duty.present": self.present, "duty.on_call": self.on_call, "duty.absent": self.ask_absent,
            "duty.begin": self.begin, "duty.import": self.import_was_asked.emit,
            "duty.daily": self.daily_was_asked.emit,
        })  # fmt: skip
        self.of_seats = KeyedButtons(desk, {
            "duty.cover": self.ask_cover, "duty.lend": self.ask_lend, "duty.give_back": self.give_back,
        })  # fmt: skip
        self.of_log = KeyedButtons(desk, {
            "duty.write": self.focus_line, "duty.notice": self.ask_notice, "duty.correct": self.ask_correct,
            "duty.more": page.known.older,
        })  # fmt: skip
        for row in (self.of_board, self.of_seats, self.of_log):
            row.bind_to(page)

    def show_possible(self) -> None:
        """Show the deeds that make sense now."""
        self.of_board.show_only(self._of_board())
        seats = self._of_seats()
        self.of_seats.show_only(seats)
        self.of_seats.setVisible(bool(seats))
        log = {"duty.write", "duty.notice"} | ({"duty.more"} if self._page.known.log_next else set())
        self.of_log.show_only(log | ({"duty.correct"} if self._page.log.own_last() is not None else set()))

    def step_back(self) -> bool:
        """Leave the question that stands."""
        return self.ask_line.close_over()

    def present(self) -> None:
        """Alt+P: whoever is in focus is there."""
        self._tell(Presence.PRESENT)

    def on_call(self) -> None:
        """Alt+O: he can be reached, and comes when called."""
        self._tell(Presence.ON_CALL)

    def ask_absent(self) -> None:
        """Alt+A: he is not there; why is asked."""
        name = self._name()
        if name:
            self.ask_line.ask(f"absent:{name}", self._desk.say("console.duty.ask.absent", name=name),
                              lambda reason: self._tell(Presence.ABSENT, reason))  # fmt: skip

    def begin(self) -> None:
        """Alt+G: let the shift in focus run."""
        chosen = self._page.board.chosen
        if chosen is not None:
            shift = chosen[0]
            self._send(BeginShift(shift=shift.number, version=shift.version), "begin", shift.name)

    def ask_cover(self) -> None:
        """Alt+C: this seat answers for the one in focus; why is asked."""
        seat = self._page.seats.chosen
        if seat is not None:
            self._ask("cover", seat.seat, lambda reason: CoverSeat(seat=seat.seat, reason=reason))

    def ask_lend(self) -> None:
        """Alt+L: the seat in focus answers for this one; why is asked."""
        seat, own = self._page.seats.chosen, self._own_seat()
        if seat is not None and own:
            self._ask("lend", seat.seat, lambda reason: LendSeat(seat=own, by_seat=seat.seat, reason=reason))

    def give_back(self) -> None:
        """Alt+B: the seat in focus answers for its own area again."""
        seat = self._page.seats.chosen
        if seat is not None and seat.cover is not None:
            self._send(GiveBackSeat(seat=seat.seat, version=seat.cover.version), "give_back", seat.seat)

    def focus_line(self) -> None:
        """Alt+N: to the line at the foot of the log."""
        self._page.show_side(0)
        self._page.log.field.setFocus()

    def write(self, text: str) -> None:
        """Write a free line into the log."""
        self.sending.send(WriteLogLine(text=text), self._desk.say("console.duty.action.write"),
                          lambda _done: self._written())  # fmt: skip

    def ask_notice(self) -> None:
        """Alt+T: something the next shifts must know, until it is settled."""
        self.ask_line.ask("notice", self._desk.say("console.duty.ask.notice"), lambda text: self._send(
            WriteLogLine(text=text, kind=LogKind.NOTICE), "notice", ""))  # fmt: skip

    def ask_correct(self) -> None:
        """Alt+E: correct one's own last line; the earlier one stays readable."""
        row = self._page.log.own_last()
        line = row.sentence.params.get("line", "") if row is not None else ""
        if row is None or not line.isdecimal():
            return
        text = row.sentence.params.get("text", "")
        self.ask_line.ask(f"correct:{line}", self._desk.say("console.duty.ask.correct", text=text), lambda said:
                          self._send(WriteLogLine(text=said, kind=row.kind, corrects=int(line)), "correct", ""),
                          text=text)  # fmt: skip

    def _written(self) -> None:
        self._page.log.written()
        self._page.known.touch()

    def _tell(self, presence: Presence, reason: str = "") -> None:
        chosen = self._page.board.chosen
        if chosen is None or chosen[1] is None:
            return
        shift, one = chosen
        assert one is not None
        command = TellPresence(
            shift=shift.number, version=shift.version, person=one.person, presence=presence, reason=reason
        )
        code = {Presence.PRESENT: "present", Presence.ON_CALL: "on_call"}.get(presence, "absent")
        self._send(command, code, self._name())

    def _ask(self, code: str, seat: str, make: Callable[[str], object]) -> None:
        question = self._desk.say(f"console.duty.ask.{code}", seat=seat)
        self.ask_line.ask(f"{code}:{seat}", question, lambda reason: self._send(make(reason), code, seat))

    def _send(self, command: object, code: str, about: str) -> None:
        action = self._desk.say(f"console.duty.action.{code}")
        told = self._desk.say("console.deed", action=action, alarm=about) if about else action
        self.sending.send(command, told, lambda _done: self._page.known.touch())

    def _name(self) -> str:
        chosen = self._page.board.chosen
        one = chosen[1] if chosen is not None else None
        return self._page.known.names().get(one.person, one.person) if one is not None else ""

    def _own_seat(self) -> str:
        signed_on = self._desk.session.signed_on
        return signed_on.seat if signed_on is not None else ""

    def _of_board(self) -> set[str]:
        chosen, found = self._page.board.chosen, {"duty.import", "duty.daily"}
        if chosen is None:
            return found
        shift, one = chosen
        if shift.state is ShiftState.PLANNED:
            found.add("duty.begin")
        if one is not None and shift.state in (ShiftState.RUNNING, ShiftState.HANDING_OVER):
            states = {Presence.PRESENT: "present", Presence.ON_CALL: "on_call", Presence.ABSENT: "absent"}
            found |= {f"duty.{code}" for state, code in states.items() if state is not one.presence}
        return found

    def _of_seats(self) -> set[str]:
        seat, own = self._page.seats.chosen, self._own_seat()
        if seat is None:
            return set()
        if seat.cover is not None:
            return {"duty.give_back"}
        return set() if seat.seat == own else {"duty.cover", "duty.lend"} if seat.account else {"duty.cover"}
