"""What page F8 was told by the centre, and when each part of it is asked for again."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Assignment, LogKind, Shift, ShiftState
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import (
    AskDutyNow,
    AskHandovers,
    AskLog,
    AskPeople,
    AskShifts,
    DutyNow,
    Handovers,
    Log,
    LogRow,
    People,
    Shifts,
)
from chengyun_core.wire.warning_asks import AskCallOuts, CallOuts

NOW_EVERY_NS = 5 * NS_PER_S
"""Loads move with every alarm: asked again this often while the page is in front, and at once after a deed."""
LOG_LEAST_NS = 2 * NS_PER_S
_KINDS = frozenset({"shift", "duty_person", "seat_cover", "session", "handover"})
LOG_PAGE = 60


class DutyKnown(QObject):
    """Owned by the page. Each part is the newest answer, or the Reason why there is none."""

    did_change = Signal(str)
    """"shifts", "now", "log", "people", "handovers" or "call_outs"."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.shifts: Shifts | Reason | None = None
        self.now: DutyNow | Reason | None = None
        self.people: People | Reason | None = None
        self.handovers: Handovers | Reason | None = None
        self.call_outs: CallOuts | Reason | None = None
        self.log_failed: Reason | None = None
        self.log: dict[int, LogRow] = {}
        """Rows by journal number; older pages stay when newer ones come."""
        self.log_next = 0
        self.log_kinds: tuple[LogKind, ...] = ()
        """Kinds of lines that are shown; empty: all."""
        self.told_ns = 0
        """When the centre last told who is on duty; 0: never."""
        self._now_ns = self._log_ns = 0
        self._stale = True
        self._through = -1
        desk.label_watch.did_change.connect(self._forget)

    def take_facts(self, news: FactNews) -> None:
        """Take note of what makes an answer old."""
        if any(change.kind in _KINDS for change in news.changes):
            self._stale = True

    def _forget(self) -> None:
        """A label changed: what was told may be more than may be read now."""
        self.log, self.log_next, self.call_outs, self.handovers = {}, 0, None, None
        self.touch()
        self.did_change.emit("log")

    def touch(self) -> None:
        """Ask for everything again: a deed of this page was done."""
        self._stale = True
        self._log_ns = 0

    def look(self) -> None:
        """Ask for what is old; called on each frame of the page in front."""
        now, through = self._desk.now_ns(), self._desk.session.facts.through
        if self._stale:
            self._ask("shift.page", AskShifts(), "shifts", Shifts)
            self._ask("handover.page", AskHandovers(), "handovers", Handovers)
            self._ask("person.page", AskPeople(), "people", People)
        if self._stale or now - self._now_ns >= NOW_EVERY_NS:
            self._now_ns = now
            self._ask("duty.now", AskDutyNow(), "now", DutyNow)
            self._ask("call_out.page", AskCallOuts(), "call_outs", CallOuts)
        if (self._stale or through != self._through) and now - self._log_ns >= LOG_LEAST_NS:
            self._log_ns, self._through = now, through
            ask = AskLog(limit=LOG_PAGE, kinds=self.log_kinds)
            self._desk.session.ask("log.page", ask, self._on_log, slot="duty.log")
        self._stale = False

    def show_kinds(self, kinds: tuple[LogKind, ...]) -> None:
        """Show lines of these kinds alone; empty: all."""
        if kinds == self.log_kinds:
            return
        self.log_kinds, self.log, self.log_next, self._log_ns = kinds, {}, 0, 0
        self._stale = True
        self.did_change.emit("log")

    def older(self) -> None:
        """Ask for the page of the log before the oldest row that is here."""
        if self.log_next:
            ask = AskLog(before=self.log_next, limit=LOG_PAGE, kinds=self.log_kinds)
            self._desk.session.ask("log.page", ask, self._on_older, slot="duty.log_older")

    def names(self) -> dict[str, str]:
        """Return what the people of the roster are called."""
        told = {person.code: person.name for person in self.people.people} if isinstance(self.people, People) else {}
        return {**told, **(self.now.people if isinstance(self.now, DutyNow) else {})}

    def shown_shifts(self) -> tuple[Shift, ...]:
        """Return three shifts: the one that runs (or ran last) and two after it."""
        if not isinstance(self.shifts, Shifts):
            return ()
        every = sorted(self.shifts.shifts, key=lambda shift: (shift.begins_at, shift.number))
        here = self._desk.now_ns()
        live = (at for at, shift in enumerate(every) if shift.state in (ShiftState.RUNNING, ShiftState.HANDING_OVER))
        ahead = (at for at, shift in enumerate(every) if shift.ends_at > here)
        first = next(live, next(ahead, max(0, len(every) - 3)))
        return tuple(every[first : first + 3])

    def shift(self, number: int) -> Shift | None:
        """Return a shift of the board."""
        return next((shift for shift in self.shown_shifts() if shift.number == number), None)

    def assignment(self, shift: int, person: str) -> Assignment | None:
        """Return somebody's place on a shift."""
        found = self.shift(shift)
        return next((one for one in found.assignments if one.person == person), None) if found is not None else None

    def _ask(self, kind: str, body: object, part: str, record: type) -> None:
        self._desk.session.ask(kind, body, partial(self._take_part, part, record), slot=f"duty.{part}")

    def _take_part(self, part: str, record: type, told: object) -> None:
        if isinstance(told, Reason) and isinstance(getattr(self, part), record):
            # What was told before is still the best there is; the page says how old it is.
            return
        if isinstance(told, (Reason, record)):
            setattr(self, part, told)
            if part == "now" and isinstance(told, DutyNow):
                self.told_ns = self._desk.now_ns()
            self.did_change.emit(part)

    def _on_log(self, told: object) -> None:
        self._take_log(told, is_newest=True)

    def _on_older(self, told: object) -> None:
        self._take_log(told, is_newest=False)

    def _take_log(self, told: object, *, is_newest: bool) -> None:
        if isinstance(told, Log):
            # A hole between what was here and the newest page would read as if nothing had happened in it.
            if is_newest and not self._joins(told):
                self.log, self.log_next = {}, told.next
            elif not is_newest:
                self.log_next = told.next
            self.log |= {row.number: row for row in told.rows}
            self.log_failed = None
        elif isinstance(told, Reason):
            self.log_failed = told
        self.did_change.emit("log")

    def _joins(self, told: Log) -> bool:
        """Return whether a page overlaps what is here, so that nothing is missing between."""
        return any(row.number in self.log for row in told.rows)
