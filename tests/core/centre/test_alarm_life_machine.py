"""Any sequence of observations, deeds, waits and restarts: alarms equal a plain model written from ALARMS.md."""

import math
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chengyun_core.model.activation import BandNow
from chengyun_core.model.alarm import Alarm, AlarmState, NoteCode, effective, possible_moves
from chengyun_core.model.command import AcknowledgeAlarm, ShelveAlarm, UnacknowledgeAlarm, UnshelveAlarm
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.wire.envelope import SendBands
from tests.core.centre.room import INGEST_KEY, Room

BANDS = st.sampled_from(list(WarningColour))
VITALS = st.integers(0, 3)
LIMIT_S = {1: 480 * 60, 2: 240 * 60, 3: 60 * 60, 4: 15 * 60}


@dataclass
class Plain:
    """One alarm as a person would keep it on paper. `state` is a letter of ALARMS.md."""

    state: str = "A"
    band: int = 0
    gravest: int = 0
    raises: int = 0
    shelf_ends: float | None = None
    one_shot: bool = False
    shelved_at: float = 0.0


class AlarmLife(RuleBasedStateMachine):
    """Four vitals, one officer, a clock."""

    @initialize()
    def begin(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.room = Room(Path(self._folder.name))
        self.session = self.room.officer()
        self.plain = {vital: Plain() for vital in range(4)}
        self.now = 0.0

    def teardown(self) -> None:
        if hasattr(self, "room"):
            self.room.ledger.close()
            self._folder.cleanup()

    @rule(vital=VITALS, band=BANDS)
    def ingest_sees(self, vital: int, band: WarningColour) -> None:
        assert self.room.observe(vital, band, before=self.plain[vital].band).outcome == "done"
        self._see(vital, int(band))

    @rule(bands=st.dictionaries(VITALS, st.sampled_from(list(WarningColour)[1:])))
    def ingest_reconnects(self, bands: dict[int, WarningColour]) -> None:
        now = self.room.clock.utc_ns()
        named = tuple(
            BandNow(vital=vital, band=band, side=Side.HIGH, since_ns=now, value=1.0, limit=math.nan)
            for vital, band in bands.items()
        )
        message = SendBands(
            shard=0, epoch=7, as_of_seq=self.room.seq, at_ns=self.room.clock.utc_ns(), catalogue_version=1,
            vitals_from=0, vitals_to=4, bands=named,
        )  # fmt: skip
        assert self.room.ask("ingest.bands", message, INGEST_KEY).outcome == "done"
        for vital in range(4):
            self._see(vital, int(bands.get(vital, WarningColour.NONE)))

    @rule(vital=VITALS, note=st.sampled_from([None, NoteCode.VERIFYING]))
    def officer_acknowledges(self, vital: int, note: NoteCode | None) -> None:
        plain = self.plain[vital]
        allowed = plain.state in "BD" and (plain.gravest < 4 or note is not None)
        if self._deed(vital, AcknowledgeAlarm, allowed, note_code=note):
            plain.state = "C" if plain.state == "B" else "A"

    @rule(vital=VITALS)
    def officer_takes_back(self, vital: int) -> None:
        if self._deed(vital, UnacknowledgeAlarm, self.plain[vital].state == "C", reason="x"):
            self.plain[vital].state = "B"

    @rule(vital=VITALS, minutes=st.sampled_from([None, 1, 15, 16, 60, 61, 240, 241, 480, 481]))
    def officer_shelves(self, vital: int, minutes: int | None) -> None:
        plain = self.plain[vital]
        short = minutes is None or minutes * 60 <= LIMIT_S.get(plain.gravest, 0)
        if self._deed(vital, ShelveAlarm, plain.state in "BC" and short, minutes=minutes, reason="x"):
            plain.state, plain.one_shot, plain.shelved_at = "E", minutes is None, self.now
            plain.shelf_ends = None if minutes is None else self.now + minutes * 60

    @rule(vital=VITALS)
    def officer_unshelves(self, vital: int) -> None:
        plain = self.plain[vital]
        if self._deed(vital, UnshelveAlarm, plain.state == "E"):
            plain.state = "C" if plain.band else "A"

    @rule(seconds=st.sampled_from([1, 59, 60, 14 * 60, 15 * 60, 3600, 4 * 3600, 8 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.room.clock.advance(seconds)
        self.now += seconds
        self.room.expire()
        for plain in self.plain.values():
            if plain.state == "E" and self.now >= self._end(plain):
                plain.state = "B" if plain.band else "A"

    @rule()
    def daemon_restarts(self) -> None:
        self.room.restart()

    @invariant()
    def same_as_on_paper(self) -> None:
        if not hasattr(self, "room"):
            return
        living = self.room.living()
        for vital, plain in self.plain.items():
            alarm = living.get(vital)
            if plain.state == "A":
                assert alarm is None
                continue
            assert alarm is not None, (vital, plain)
            assert _letter(alarm) == plain.state
            assert (int(alarm.band), int(alarm.colour), alarm.raises) == (plain.band, plain.gravest, plain.raises)

    @precondition(lambda self: hasattr(self, "room"))
    @invariant()
    def every_step_is_published_once_and_versions_rise_by_one(self) -> None:
        seen: dict[str, int] = {}
        for number, change in enumerate(self.room.published, 1):
            assert change.number == number
            if change.kind == "alarm":
                assert change.version == seen.get(change.key, 0) + 1
                seen[change.key] = change.version

    def _see(self, vital: int, band: int) -> None:
        plain = self.plain[vital]
        before, plain.band = plain.band, band
        if plain.state == "A":
            if band:
                self.plain[vital] = Plain(state="B", band=band, gravest=band, raises=1)
            return
        if band and not before:
            plain.raises += 1
        if plain.state == "E":
            self._see_on_shelf(plain, band)
        elif band == 0 and before:
            plain.state = {"B": "D", "C": "A"}[plain.state]
        elif band > before:
            plain.state = "B"
        plain.gravest = max(plain.gravest, band)

    def _see_on_shelf(self, plain: Plain, band: int) -> None:
        if plain.one_shot and band == 0:
            plain.state = "A"
        elif band > plain.gravest and plain.shelf_ends is not None:
            plain.shelf_ends = min(plain.shelf_ends, self.now + LIMIT_S[band])

    def _end(self, plain: Plain) -> float:
        return plain.shelf_ends if plain.shelf_ends is not None else plain.shelved_at + LIMIT_S[plain.gravest]

    def _deed(self, vital: int, command: type, allowed: bool, **fields: object) -> bool:
        """Try a deed on the vital's newest alarm; what happens must be what the paper says."""
        alarm = self.room.living().get(vital)
        if alarm is None:
            return False
        reply = self.room.do(command(alarm=alarm.number, version=alarm.version, **fields), self.session)
        assert (reply.outcome == "done") == allowed, (reply, self.plain[vital], fields)
        return allowed


def _letter(alarm: Alarm) -> str:
    state = effective(alarm)
    assert possible_moves(state), "a living alarm can always be acted upon"
    return {
        AlarmState.UNACK: "B",
        AlarmState.ACKED: "C",
        AlarmState.RTNUN: "D",
        AlarmState.SHELVED: "E",
    }[state]


TestAlarmLife = AlarmLife.TestCase
# No shrinking: each step is a transaction, shrinking would outlive the time-out; failing steps are printed whole.
TestAlarmLife.settings = settings(
    settings.get_profile("ci"), max_examples=40, stateful_step_count=25, phases=[Phase.generate]
)
