"""A state machine over the switch of modes: whatever is declared, given, confirmed, failed, lifted or restarted, the
limits in force, the calls that run and the reports that are due are always exactly those of the declarations that hold.
"""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.mode import Declaration, Scope, ScopeKind, SwitchState
from chengyun_core.model.mode_rules import is_held, sets_by_scope
from chengyun_core.model.scales import Mode
from chengyun_core.store import call_table
from chengyun_core.wire import codec
from tests.core.centre.mode_room import CITY, WHOLE, YUZHONG, ModeRoom

SCOPES = (WHOLE, Scope(centre=YUZHONG), Scope(kind=ScopeKind.TRACK, centre=CITY, track="YJ01"))
PRESETS = ("flood", "water", "bare")


class Switching(RuleBasedStateMachine):
    """Two who decide, seats and ingest that confirm, fail or are silent, a clock, and restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.city = ModeRoom(Path(self.folder.name))
        self.terms: dict[str, int] = {}

    def teardown(self) -> None:
        """Close the database and remove its folder."""
        self.city.room.ledger.close()
        self.folder.cleanup()

    @rule(scope=st.sampled_from(SCOPES), preset=st.sampled_from(PRESETS), gives=st.booleans())
    def declare(self, scope: Scope, preset: str, *, gives: bool) -> None:
        """Ask, and give it or not."""
        self._here()
        asked = self.city.ask_for(scope, preset)
        if asked.outcome == "done" and gives:
            assert self.city.give(asked).outcome == "done"

    @rule(at=st.integers(0, 3), gives=st.booleans())
    def lift(self, at: int, *, gives: bool) -> None:
        """Ask for the way back of one that is in force."""
        self._here()
        standing = self._of(SwitchState.IN_FORCE)
        if at < len(standing):
            asked = self.city.ask_to_lift(standing[at].number)
            if gives:
                assert self.city.give(asked).outcome == "done"

    @rule()
    def all_confirm(self) -> None:
        """Everybody who is awaited confirms."""
        self.city.confirm_all()

    @rule(seat=st.sampled_from(["A-01", "A-02", "Y-01"]), fails=st.booleans())
    def one_confirms(self, seat: str, *, fails: bool) -> None:
        """One seat confirms, or cannot."""
        sessions = {"A-01": self.city.officer, "A-02": self.city.chief, "Y-01": self.city.of_yuzhong}
        for held in self._of(SwitchState.APPLYING):
            self.city.confirm(sessions[seat], seat, held, "mode.fault.layout" if fails else "")
        self.city.turn()

    @rule(seconds=st.sampled_from([0.5, 2.5, 700.0, 8000.0]))
    def time_passes(self, seconds: float) -> None:
        """The loop does what is due."""
        self.city.turn()
        self.city.pass_time(seconds)

    @rule()
    def centre_restarts(self) -> None:
        """A new process finds the same files."""
        if self.city.room.desk.city.version > 1:
            self.city.room.restart()
            self.city.runs()

    @invariant()
    def limits_are_those_of_what_holds(self) -> None:
        """In one unit of work with the declaration, at every moment."""
        wanted = sets_by_scope(self._held())
        assert self.city.room.desk.city.scope_sets == wanted
        assert codec.unpack(self.city.room.desk.packed, Catalogue).scope_sets == wanted

    @invariant()
    def calls_run_for_what_holds_alone(self) -> None:
        """A switch that was undone, or lifted for good, calls nobody any more."""
        with self.city.room.ledger.reading() as connection:
            running = {call.number for call, _ in call_table.running(connection)}
        registers = self.city.room.desk.declarations.values()
        assert not running & {
            one.call_out for one in registers if one.state in (SwitchState.UNDONE, SwitchState.LIFTED)
        }

    @invariant()
    def reports_fall_due_for_what_holds_alone(self) -> None:
        """Timers of what ended are gone."""
        waited = {int(key.partition(".")[0]) for kind, key in self.city.room.desk.due._waited if kind == "mode_report"}
        over = {one.number for one in self._of(SwitchState.UNDONE) + self._of(SwitchState.LIFTED)}
        late = {number for number in over if self._has_overdue(number)}
        assert not waited & (over - late)

    @invariant()
    def terms_only_rise_and_states_fit_modes(self) -> None:
        """A register never goes back."""
        for key, one in self.city.room.desk.declarations.items():
            assert one.term >= self.terms.get(key, 0)
            self.terms[key] = one.term
            assert one.mode is Mode.EMERGENCY or one.state in (SwitchState.APPLYING, SwitchState.LIFTED)
            assert one.state is not SwitchState.APPLYING or one.awaited

    def _of(self, state: SwitchState) -> list[Declaration]:
        return [one for one in self.city.room.desk.declarations.values() if one.state is state]

    def _held(self) -> list[Declaration]:
        return [one for one in self.city.room.desk.declarations.values() if is_held(one)]

    def _has_overdue(self, number: int) -> bool:
        now = self.city.room.clock.utc_ns()
        waited = self.city.room.desk.due._waited
        return any(due <= now for (kind, key), (due, _) in waited.items()
                   if kind == "mode_report" and key.startswith(f"{number}."))  # fmt: skip

    def _here(self) -> None:
        self.city.here(self.city.officer, self.city.chief, self.city.of_yuzhong)


Switching.TestCase.settings = settings(
    max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.usefixtures("caplog")
class TestSwitching(Switching.TestCase):
    """Undoing is told in the log."""
