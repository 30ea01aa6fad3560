"""Whatever officers, senders and time do: calls end confirmed, told on or cancelled, and none is made after that."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chengyun_core.model.call_rules import CONFIRMABLE, OPEN
from chengyun_core.model.callout import Call, CallOut, CallState, Outcome
from chengyun_core.model.warning import WarningState
from chengyun_core.model.warning_commands import CancelCallOut, NoteCall, StartWarningCall, TakeWarning
from chengyun_core.store import call_table, warning_table
from tests.core.centre.event_room import peopled_city
from tests.core.centre.room import Room
from tests.core.centre.test_warnings import POSTS, cap, warning

ENDED = (CallState.CONFIRMED, CallState.ESCALATED, CallState.CANCELLED)


class CallOuts(RuleBasedStateMachine):
    """Messages of one chain arrive, officers call, time passes, the centre is started anew."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.room = Room(Path(self.folder.name))
        self._settle_in()
        self.session = self.room.officer("chief", "500000.watch_chief", "500000.duty_officer")
        self.sent = 0
        self.frozen: dict[tuple[int, int], int] = {}
        """(call-out, place) → version of a call when it was cancelled."""

    def teardown(self) -> None:
        self.room.clock.advance(40 * 60)
        for _ in range(4):
            self.room.tend()
        calls = [call for held in self._call_outs() for call in self._calls(held.number)]
        assert all(call.state in ENDED for call in calls)
        assert all(held.ended_at is not None for held in self._call_outs())
        self.room.ledger.close()
        self.folder.cleanup()

    @rule(
        severity=st.sampled_from(["Extreme", "Severe", "Minor"]),
        message=st.sampled_from(["Update", "Update", "Cancel"]),
    )
    def send(self, severity: str, message: str) -> None:
        self.sent += 1
        kind, refers = ("Alert", "") if self.sent == 1 else (message, "A1")
        data = cap(
            f"A{self.sent}", sent=self.sent, message=kind, refers=refers, severity=severity, code="500000", ends=40
        )
        self.room.done(TakeWarning(name="a.xml", data=data), self.session)

    @precondition(lambda self: self._in_force() is not None)
    @rule()
    def call(self) -> None:
        number = self._in_force()
        assert number is not None
        held = warning(self.room, number)
        reply = self.room.do(StartWarningCall(warning=number, version=held.version), self.session)
        assert reply.code in ("", "warning.called", "warning.all_confirmed")

    @rule(outcome=st.sampled_from(Outcome), pick=st.integers(0, 50), stale=st.booleans())
    def attempt(self, outcome: Outcome, pick: int, stale: bool) -> None:
        calls = [call for held in self._call_outs() for call in self._calls(held.number)]
        if not calls:
            return
        call = calls[pick % len(calls)]
        note = NoteCall(
            call_out=call.call_out, place=call.place, version=call.version - stale, channel="电话", number="1",
            outcome=outcome, words="明白", said_by="赵某",
        )  # fmt: skip
        reply = self.room.do(note, self.session)
        assert (reply.outcome == "done") == (call.state in CONFIRMABLE and not stale), (reply, call)

    @rule(pick=st.integers(0, 5))
    def cancel(self, pick: int) -> None:
        running = [held for held in self._call_outs() if held.ended_at is None]
        if running:
            held = running[pick % len(running)]
            self.room.done(CancelCallOut(call_out=held.number, version=held.version, reason="误报"), self.session)

    @rule(minutes=st.sampled_from([1, 6, 31]))
    def wait(self, minutes: int) -> None:
        self.room.clock.advance(60 * minutes)
        self.room.tend()

    @rule()
    def start_anew(self) -> None:
        self.room.restart()
        self._settle_in()

    @invariant()
    def one_message_at_most_is_in_force_and_only_it_is_called_for(self) -> None:
        in_force = [one.number for one in self._living() if one.state is WarningState.IN_FORCE]
        assert len(in_force) <= 1
        running = {held.about for held in self._call_outs() if held.ended_at is None}
        assert running <= {f"warning/{number}" for number in in_force}

    @invariant()
    def what_was_cancelled_is_never_touched_again_and_counts_are_those_of_the_calls(self) -> None:
        for held in self._call_outs():
            calls = self._calls(held.number)
            assert held.confirmed == sum(call.state is CallState.CONFIRMED for call in calls)
            assert held.escalated == sum(call.state is CallState.ESCALATED for call in calls)
            assert (held.ended_at is None) == any(call.state in OPEN for call in calls)
            for call in calls:
                if call.state is CallState.CANCELLED:
                    key = (call.call_out, call.place)
                    assert self.frozen.setdefault(key, call.version) == call.version

    def _settle_in(self) -> None:
        self.room.adopt(replace(peopled_city(), posts=POSTS))

    def _in_force(self) -> int | None:
        return next((one.number for one in self._living() if one.state is WarningState.IN_FORCE), None)

    def _living(self) -> list:
        with self.room.ledger.reading() as connection:
            return [held for held, _ in warning_table.living(connection)]

    def _call_outs(self) -> list[CallOut]:
        with self.room.ledger.reading() as connection:
            return call_table.page(connection, "", 100)

    def _calls(self, number: int) -> list[Call]:
        with self.room.ledger.reading() as connection:
            return [call for call, _, _ in call_table.calls_of(connection, number)]


CallOuts.TestCase.settings = settings(
    max_examples=4, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
TestCallOuts = CallOuts.TestCase
