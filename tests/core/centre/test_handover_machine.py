"""A hand-over under whatever happens: facts change, two sign, the daemon is killed; never half, never false.

Hypothesis drives a real centre; the model keeps what must be true of every sheet that is locked.
"""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.model.duty import Handover, HandoverState, ItemState, LogKind
from chengyun_core.model.duty_commands import CancelHandover, OpenHandover, WriteHandoverLines, WriteLogLine
from chengyun_core.model.handover_rules import digest_of, undecided
from chengyun_core.model.scales import WarningColour
from chengyun_core.store import alarm_table, handover_table, session_table
from chengyun_core.wire.duty_asks import HandoverTold
from tests.core.centre.duty_stand import SEAT, DutyStand
from tests.core.centre.room import PASSWORD

VITALS = st.integers(0, 3)
COLOURS = st.sampled_from([WarningColour.YELLOW, WarningColour.RED])


class HandoverMachine(RuleBasedStateMachine):
    """Li and Wang take turns at A-01; whoever sits there gives, the other takes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.stand = DutyStand(Path(self.folder.name))
        self.sessions = {"li": self.stand.li, "wang": ""}
        self.number = 0
        self.shown: HandoverTold | None = None
        self.locked: dict[int, Handover] = {}
        self.bands = dict.fromkeys(range(4), WarningColour.NONE)

    def teardown(self) -> None:
        """Close the centre and drop its files."""
        self.stand.room.ledger.close()
        self.folder.cleanup()

    @property
    def giver(self) -> str:
        """Return who sits at the seat."""
        with self.stand.room.ledger.reading() as connection:
            held = session_table.at_seat(connection, SEAT)
        return held.account if held else ""

    @property
    def taker(self) -> str:
        """Return the other one."""
        return "wang" if self.giver == "li" else "li"

    def living(self) -> Handover | None:
        """Return the sheet that is open now."""
        with self.stand.room.ledger.reading() as connection:
            return handover_table.living_at(connection, SEAT)

    @initialize()
    def begin(self) -> None:
        """Begin with a shift and an alarm."""
        self.stand.shift("白班", -1, 7)
        self.stand.room.tend()
        self.raise_alarm(0, WarningColour.YELLOW)

    @rule(vital=VITALS, colour=COLOURS)
    def raise_alarm(self, vital: int, colour: WarningColour) -> None:
        """Let a vital cross a limit."""
        self.stand.room.observe(vital, colour, before=int(self.bands[vital]))
        self.bands[vital] = colour

    @rule(vital=VITALS)
    def end_alarm(self, vital: int) -> None:
        """Let a vital come back and be acknowledged."""
        self.stand.room.observe(vital, WarningColour.NONE, before=int(self.bands[vital]))
        self.bands[vital] = WarningColour.NONE
        alarm = self.stand.room.living().get(vital)
        if alarm is not None:
            seen = AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, note_code=NoteCode.VERIFYING)
            self.stand.room.do(seen, self.sessions[self.giver] or self.stand.chief)

    @rule(settles=st.booleans())
    def write_notice(self, settles: bool) -> None:
        """Write a notice, or settle the first one."""
        line = WriteLogLine(text="x", kind=LogKind.NOTICE, corrects=1 if settles else None)
        self.stand.room.do(line, self.stand.chief)

    @rule()
    def come_in(self) -> None:
        """Let the other one sign on to take over."""
        taker = self.taker
        self.sessions[taker] = self.stand.incoming(taker)

    @rule()
    def open(self) -> None:
        """Open a sheet, or collect it anew."""
        reply = self.stand.room.do(OpenHandover(seat=SEAT), self.sessions[self.giver])
        assert reply.outcome == "done", reply
        sheet = self.living()
        assert sheet is not None
        self.number = sheet.number

    @precondition(lambda self: self.living() is not None)
    @rule()
    def look(self) -> None:
        """Look at the sheet: what is signed or ticked later may be old by then."""
        self.shown = self.stand.told(self.number)

    @precondition(lambda self: self.shown is not None)
    @rule(data=st.data(), refuses=st.booleans(), by_giver=st.booleans())
    def decide(self, data: st.DataObject, refuses: bool, by_giver: bool) -> None:
        """Tick or refuse an item as it was shown, by whoever."""
        assert self.shown is not None
        if not self.shown.handover.items:
            return
        item = data.draw(st.sampled_from(self.shown.handover.items))
        who = self.giver if by_giver else self.taker
        if self.sessions[who]:
            deed = self.stand.refuse if refuses else self.stand.tick
            deed(item, self.sessions[who], number=self.shown.handover.number)

    @precondition(lambda self: self.living() is not None and bool(self.sessions[self.taker]))
    @rule()
    def tick_everything(self) -> None:
        """Tick all that is open, as it is now."""
        for item in self.stand.told(self.number).handover.items:
            if item.state is ItemState.OPEN:
                self.stand.tick(item, self.sessions[self.taker], self.number)
        self.shown = self.stand.told(self.number)

    @precondition(lambda self: self.living() is not None)
    @rule(text=st.sampled_from(["甲", "乙"]))
    def write_lines(self, text: str) -> None:
        """Let the giver write."""
        sheet = self.living()
        assert sheet is not None
        lines = WriteHandoverLines(handover=sheet.number, version=sheet.version, lines=(text,))
        self.stand.room.do(lines, self.sessions[sheet.giver] or self.stand.chief)

    @precondition(lambda self: self.shown is not None)
    @rule(giving=st.booleans(), right=st.integers(0, 9))
    def sign(self, giving: bool, right: int) -> None:
        """Sign what was shown, as one or the other; now and then with a wrong password."""
        assert self.shown is not None
        before, seated = self.stand.sheet(self.shown.handover.number), self.giver
        account = self.shown.handover.giver if giving else self.shown.handover.taker or "wang"
        reply = self.stand.sign(account, self.stand.chief, told=self.shown, secret=PASSWORD if right else "guess")
        if before.state in (HandoverState.SIGNED, HandoverState.CANCELLED):
            assert reply.outcome == "refused"
        after = self.stand.sheet(before.number)
        if after.state is HandoverState.SIGNED and before.state is not HandoverState.SIGNED:
            assert right
            self.locked[after.number] = after
            # Whoever had signed on to take over sits there now; otherwise the seat is free, and he signs on.
            assert self.giver in ("", after.taker)
            self.sessions[seated] = ""
            if not self.giver:
                self.sessions[after.taker] = self.stand.room.signed_on(after.taker, SEAT)

    @rule(between=st.sampled_from(["", "", "alarm", "kill", "notice"]), vital=VITALS)
    def hand_over(self, between: str, vital: int) -> None:
        """Go the whole way, now and then with something between the two signatures."""
        self.come_in()
        self.open()
        self.tick_everything()
        self.sign(giving=True, right=1)
        before = self.stand.told(self.number)
        {"": lambda: None, "alarm": lambda: self.raise_alarm(vital, WarningColour.RED), "kill": self.kill,
         "notice": lambda: self.write_notice(settles=False)}[between]()  # fmt: skip
        changed = self.stand.told(self.number).digest != before.digest
        self.shown = before
        self.sign(giving=False, right=1)
        locked = self.number in self.locked
        locked_out = before.handover.state is HandoverState.OPEN
        assert locked is not (changed or locked_out), (between, before.handover.state)

    @precondition(lambda self: self.living() is not None)
    @rule(rarely=st.integers(0, 5))
    def cancel(self, rarely: int) -> None:
        """Give the sheet up, now and then."""
        sheet = self.living()
        assert sheet is not None
        if not rarely:
            given_up = CancelHandover(handover=sheet.number, version=sheet.version, reason="x")
            assert self.stand.room.do(given_up, self.stand.chief).outcome == "done"

    @rule()
    def kill(self) -> None:
        """Kill the daemon and start it again on the same files."""
        self.stand.room.restart()

    @rule()
    def a_minute_passes(self) -> None:
        """Let time pass: a wrong password's lock-out ends by it, too."""
        self.stand.room.clock.advance(60)
        self.stand.room.tend()

    @invariant()
    def a_locked_sheet_is_true_for_ever(self) -> None:
        """Two persons signed the very sheet that lies there; nothing on it was undecided; nothing changed it since."""
        for number, sheet in self.locked.items():
            assert self.stand.sheet(number) == sheet
            giver, taker = sheet.signatures
            assert giver.account != taker.account
            assert (giver.account, taker.account) == (sheet.giver, sheet.taker)
            assert giver.digest == taker.digest == digest_of(sheet)
            assert not undecided(sheet.items)
            assert sheet.audit_head

    @invariant()
    def the_living_alarms_at_hand_are_those_that_were_committed(self) -> None:
        """The sheet is collected from the desk's alarms, which nobody reads again from the database."""
        with self.stand.room.ledger.reading() as connection:
            living = {alarm.number: alarm for alarm, _ in alarm_table.living(connection)}
        assert self.stand.room.desk.alarms == living

    @invariant()
    def a_seat_has_one_sheet_and_a_given_one_is_signed(self) -> None:
        """One living sheet a seat; whoever reads it given finds one signature over it as it lies there."""
        sheet = self.living()
        if sheet is None:
            return
        assert len(sheet.signatures) == (sheet.state is HandoverState.GIVEN)
        assert all(one.digest == digest_of(sheet) for one in sheet.signatures)
        with self.stand.room.ledger.reading() as connection:
            living = handover_table.living(connection)
        assert [held.number for held, _ in living] == [sheet.number]


HandoverMachine.TestCase.settings = settings(
    max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
test_that_a_hand_over_is_never_half_and_never_false = HandoverMachine.TestCase
