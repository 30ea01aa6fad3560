"""What is done on F8: seats covered, lent, given back; people told present or absent; a shift begun; lines written."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_core.model.duty import LogKind, Presence, Shift, ShiftState
from chengyun_core.model.duty_commands import (
    BeginShift,
    CancelShift,
    CopyShift,
    CoverSeat,
    GiveBackSeat,
    LendSeat,
    TellPresence,
    WriteLogLine,
)
from chengyun_core.wire.duty_asks import People, Shifts

if TYPE_CHECKING:
    from chengyun_console.pages.duty.page import DutyPage

_LOG, _CONTACTS, _CALL_OUTS = 0, 1, 3
"""Places of the sides that have deeds of their own."""
_FORMS = ("duty.edit", "duty.new", "duty.swap")
_OF_PEOPLE = ("duty.person", "duty.new_person")
_OF_CALLS = ("duty.call_lists", "duty.presets")
RUNS = (ShiftState.RUNNING, ShiftState.HANDING_OVER)
_WEEK, _MOST = 7, 1000


class DutyDeeds(QObject):
    """Made once by the page; shows only what makes sense for what is in focus."""

    form_was_asked = Signal(str)
    """Id of the action whose form is wanted."""
    view_was_asked = Signal(int)
    """Number of the file of a snapshot."""
    giver_was_named = Signal(str, str)
    """Seat, and account of a giver who is absent."""
    import_was_asked = Signal()
    daily_was_asked = Signal()

    def __init__(self, desk: Desk, page: "DutyPage") -> None:
        super().__init__(page)
        self._desk, self._page = desk, page
        self.status, self.ask_line = status_line(desk), AskLine(desk)
        self.sending = Sender(desk, self.status)
        self.of_board = KeyedButtons(desk, {
            "duty.present": self.present, "duty.on_call": self.on_call, "duty.absent": self.ask_absent,
            "duty.begin": self.begin, **{code: partial(self.form_was_asked.emit, code) for code in _FORMS},
            "duty.copy": self.ask_copy, "duty.take_off": self.ask_take_off, "duty.import": self.import_was_asked.emit,
            "duty.daily": self.daily_was_asked.emit,
        })  # fmt: skip
        self.of_seats = KeyedButtons(desk, {
            "duty.cover": self.ask_cover, "duty.lend": self.ask_lend, "duty.give_back": self.give_back,
            "duty.giver": self.ask_giver,
        })  # fmt: skip
        self.of_log = KeyedButtons(desk, {
            "duty.write": self.focus_line, "duty.notice": self.ask_notice, "duty.correct": self.ask_correct,
            "duty.settle": self.ask_settle, "duty.view": self.view, "duty.filter": page.log.show_next_kind,
            "duty.more": page.known.older,
            **{code: partial(self.form_was_asked.emit, code) for code in (*_OF_PEOPLE, *_OF_CALLS)},
        })  # fmt: skip
        for row in (self.of_board, self.of_seats, self.of_log):
            row.bind_to(page)

    def show_possible(self) -> None:
        """Show the deeds that make sense now."""
        self.of_board.show_only(self._of_board())
        seats = self._of_seats()
        self.of_seats.show_only(seats)
        self.of_seats.setVisible(bool(seats))
        self.of_log.show_only(self._of_side())

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

    def ask_copy(self) -> None:
        """Alt+W: plan the shift in focus again for the next weeks, or every so many days."""
        chosen = self._page.board.chosen
        if chosen is not None:
            self.ask_line.ask(f"copy:{chosen[0].number}", self._desk.say("console.duty.ask.copy", name=chosen[0].name),
                              partial(self._copy, chosen[0]), text="1")  # fmt: skip

    def ask_take_off(self) -> None:
        """Alt+X: take the planned shift in focus off the roster; why is asked."""
        chosen = self._page.board.chosen
        if chosen is not None:
            shift = chosen[0]
            self.ask_line.ask(
                f"take_off:{shift.number}", self._desk.say("console.duty.ask.take_off", name=shift.name),
                lambda reason: self._send(CancelShift(shift=shift.number, version=shift.version, reason=reason),
                                          "take_off", shift.name),
            )  # fmt: skip

    def ask_giver(self) -> None:
        """Alt+U: open the hand-over of a seat whose giver is absent; who he is, is asked."""
        seat = self._page.seats.chosen
        if seat is not None:
            question = self._desk.say("console.duty.ask.giver", seat=seat.seat)
            self.ask_line.ask(f"giver:{seat.seat}", question, partial(self._name_giver, seat.seat),
                              text=self._likely_giver(seat.seat))  # fmt: skip

    def ask_settle(self) -> None:
        """Alt+Q: the notice in focus is dealt with; how is asked."""
        row = self._page.log.to_settle()
        line = row.sentence.params.get("line", "") if row is not None else ""
        if row is not None and line.isdecimal():
            text = row.sentence.params.get("text", "")
            self.ask_line.ask(
                f"settle:{line}", self._desk.say("console.duty.ask.settle", text=text),
                lambda said: self._send(WriteLogLine(text=said, corrects=int(line)), "settle", ""),
            )  # fmt: skip

    def view(self) -> None:
        """Alt+V: look at the snapshot in focus."""
        file = self._page.log.to_view()
        if file is not None:
            self.view_was_asked.emit(file)

    def ask_correct(self) -> None:
        """Alt+E: correct one's own line in focus, else one's last; the earlier one stays readable."""
        row = self._page.log.to_correct()
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

    def _copy(self, shift: Shift, text: str) -> None:
        read = copies_of(text)
        if read is None:
            self.sending.tell(self._desk.say("console.duty.ask.copy_how"), is_trouble=True)
            return
        times, days = read
        made = CopyShift(shift=shift.number, version=shift.version, times=times, every_days=days)
        self._send(made, "copy", self._desk.say("console.duty.copied", name=shift.name, times=times, days=days))

    def _likely_giver(self, seat: str) -> str:
        """Return the name of who is on the running shift at a seat, the absent one rather than who stands in."""
        told = self._page.known.shifts
        rows = [one for shift in (told.shifts if isinstance(told, Shifts) else ()) if shift.state in RUNS
                for one in shift.assignments if one.seat == seat]  # fmt: skip
        rows.sort(key=lambda one: one.presence is not Presence.ABSENT)
        return self._page.known.names().get(rows[0].person, "") if rows else ""

    def _name_giver(self, seat: str, text: str) -> None:
        told = self._page.known.people
        people = told.people if isinstance(told, People) else ()
        named = [one.account for one in people if text in (one.name, one.code, one.account) and one.account]
        if len(set(named)) > 1:
            self.sending.tell(self._desk.say("console.duty.giver_twice", name=text), is_trouble=True)
        else:
            # An account that no person of the roster has is judged by the centre.
            self.giver_was_named.emit(seat, named[0] if named else text)

    def _of_side(self) -> set[str]:
        side, log = self._page.tabs.current, self._page.log
        if side in (_CONTACTS, _CALL_OUTS):
            return set(_OF_PEOPLE if side == _CONTACTS else _OF_CALLS)
        if side != _LOG:
            return set()
        found = {"duty.write", "duty.notice", "duty.filter"}
        shown = {
            "duty.more": self._page.known.log_next, "duty.correct": log.to_correct() is not None,
            "duty.settle": log.to_settle() is not None, "duty.view": log.to_view() is not None,
        }  # fmt: skip
        return found | {code for code, is_shown in shown.items() if is_shown}

    def _of_board(self) -> set[str]:
        chosen, found = self._page.board.chosen, {"duty.import", "duty.daily", "duty.new"}
        if chosen is None:
            return found
        shift, one = chosen
        found |= {"duty.edit", "duty.copy"}
        if shift.state is ShiftState.PLANNED:
            found |= {"duty.begin", "duty.take_off"}
        if one is not None:
            found.add("duty.swap")
        if one is not None and shift.state in (ShiftState.RUNNING, ShiftState.HANDING_OVER):
            states = {Presence.PRESENT: "present", Presence.ON_CALL: "on_call", Presence.ABSENT: "absent"}
            found |= {f"duty.{code}" for state, code in states.items() if state is not one.presence}
        return found

    def _of_seats(self) -> set[str]:
        seat, own = self._page.seats.chosen, self._own_seat()
        if seat is None:
            return set()
        if seat.cover is not None:
            return {"duty.give_back", "duty.giver"}
        if seat.seat == own:
            return {"duty.giver"}
        return {"duty.cover", "duty.giver", *({"duty.lend"} if seat.account else ())}


def copies_of(text: str) -> tuple[int, int] | None:
    """Return (times, days between) of what is typed: `4` weeks, or `4*3` times every three days; None for neither."""
    times, _, days = text.replace(" ", "").replace("×", "*").partition("*")
    days = days or str(_WEEK)
    both = (times, days)
    if not all(one.isascii() and one.isdecimal() and 0 < int(one) < _MOST for one in both):
        return None
    return int(times), int(days)
