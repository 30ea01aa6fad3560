"""Any sequence of observations, deeds, overrides, waits and restarts: alarms equal a plain model from ALARMS.md."""

import math
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chengyun_core.centre import start
from chengyun_core.centre.situations import LOG, Watch
from chengyun_core.model.activation import BandNow
from chengyun_core.model.alarm import Alarm, AlarmState, NoteCode, OverrideKind, effective, possible_moves
from chengyun_core.model.catalogue import CauseLink, Suppression
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import (
    AcknowledgeAlarm,
    AssignAlarm,
    CommentAlarm,
    GiveApproval,
    ReleaseVital,
    ReturnToService,
    ShelveAlarm,
    SuppressVital,
    TakeOutOfService,
    UnacknowledgeAlarm,
    UnshelveAlarm,
)
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.model.situation import SituationState
from chengyun_core.store import alarm_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, SendBands
from tests.core.centre.room import INGEST_KEY, SETTINGS, Room, city

BANDS = st.sampled_from(list(WarningColour))
VITALS = st.integers(0, 3)
SOME = st.integers(0, 11)
"""Which of those that there are: a deed on nothing is a step lost."""
LIMIT_S = {1: 480 * 60, 2: 240 * 60, 3: 60 * 60, 4: 15 * 60}
REALARM_S = 600
SUPPRESSED, OUT = OverrideKind.SUPPRESSED, OverrideKind.OUT_OF_SERVICE
TOWN = replace(
    city(),
    causes=(CauseLink(cause="SW-CITY", effect="SW-YUZHONG", within_s=60.0, masks=True),),
    suppressions=(
        Suppression(
            code="S1", name="检修", while_vital="SW-SHAPINGBA", at_least=WarningColour.BLUE, suppresses="SW-4",
            up_to=WarningColour.YELLOW, reason="停泵",
        ),
    ),
)  # fmt: skip
"""Vital 0 masks vital 1; while vital 2 stands vital 3 is suppressed up to yellow."""


@dataclass
class Plain:
    """One alarm as a person would keep it on paper."""

    alive: bool = False
    band: int = 0
    gravest: int = 0
    raises: int = 0
    raised_at: float = 0.0
    acked_at: float | None = None
    shelved_at: float | None = None
    shelf_ends: float | None = None
    """None while shelved: one-shot."""
    masked: bool = False
    ruled: bool = False
    """Suppressed by the rule."""


def _any_alarm(machine: "AlarmLife") -> bool:
    return any(plain.alive for plain in machine.plain.values())


class AlarmLife(RuleBasedStateMachine):
    """Four vitals, an officer, his chief and a second officer, a clock."""

    @initialize(bands=st.tuples(BANDS, BANDS, BANDS, BANDS))
    def begin(self, bands: tuple[WarningColour, ...]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.room = Room(Path(self._folder.name), replace(SETTINGS, session_hours=1e6))
        self.room.adopt(TOWN)
        self.session = self.room.officer()
        self.chief = self.room.officer("chief", "500000.watch_chief", seat="A-05")
        self.second = self.room.officer("second", seat="A-02")
        self.plain = {vital: Plain() for vital in range(4)}
        self.held: dict[tuple[int, OverrideKind], float] = {}
        """Overrides by officers → when they end."""
        self.now = 0.0
        for vital, band in enumerate(bands):
            self.ingest_sees(vital, band)

    def teardown(self) -> None:
        if hasattr(self, "room"):
            self.room.ledger.close()
            self._folder.cleanup()

    @rule(vital=VITALS, band=BANDS)
    def ingest_sees(self, vital: int, band: WarningColour) -> None:
        assert self.room.observe(vital, band, before=self.plain[vital].band).outcome == "done"
        self._see(vital, int(band))

    @rule(band=BANDS, pair=st.sampled_from([(0, 1), (2, 3)]))
    def ingest_sees_cause_and_effect(self, band: WarningColour, pair: tuple[int, int]) -> None:
        for vital in pair:
            self.ingest_sees(vital, band)

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

    @precondition(_any_alarm)
    @rule(some=SOME, note=st.sampled_from([None, NoteCode.VERIFYING]))
    def officer_acknowledges(self, some: int, note: NoteCode | None) -> None:
        vital = self._alarmed(some)
        letter, plain = self._letter(vital), self.plain[vital]
        allowed = letter in "BD" and (plain.gravest < 4 or note is not None)
        if self._deed(vital, AcknowledgeAlarm, allowed, note_code=note) is not None:
            plain.acked_at = self.now
            if letter == "D":
                self.plain[vital] = Plain()

    @precondition(_any_alarm)
    @rule(some=SOME)
    def officer_takes_back(self, some: int) -> None:
        vital = self._alarmed(some)
        if self._deed(vital, UnacknowledgeAlarm, self._letter(vital) == "C", reason="x") is not None:
            self.plain[vital].acked_at = None

    @precondition(_any_alarm)
    @rule(some=SOME, minutes=st.sampled_from([None, 1, 15, 16, 60, 61, 240, 241, 480, 481]))
    def officer_shelves(self, some: int, minutes: int | None) -> None:
        vital = self._alarmed(some)
        plain = self.plain[vital]
        short = minutes is None or minutes * 60 <= LIMIT_S.get(plain.gravest, 0)
        done = self._deed(vital, ShelveAlarm, self._letter(vital) in "BC" and short, minutes=minutes, reason="x")
        if done is None:
            return
        if plain.gravest == 4:
            assert self._of(vital) != "E", "red is not shelved by one person"
            self.room.done(GiveApproval(approval=int(done.key), version=done.version), self.second)
        plain.shelved_at = self.now
        plain.shelf_ends = None if minutes is None else self.now + minutes * 60

    @precondition(_any_alarm)
    @rule(some=SOME)
    def officer_unshelves(self, some: int) -> None:
        vital = self._alarmed(some)
        if self._deed(vital, UnshelveAlarm, self._letter(vital) == "E") is not None:
            self._off_the_shelf(vital, acked_at=self.now)

    @precondition(_any_alarm)
    @rule(some=SOME, assignee=st.sampled_from(["", "500103.track_owner.1"]))
    def officer_assigns_and_comments(self, some: int, assignee: str) -> None:
        vital = self._alarmed(some)
        if self._deed(vital, AssignAlarm, self.plain[vital].alive, assignee=assignee) is None:
            return
        alarm = self.room.living()[vital]
        self.room.done(CommentAlarm(alarm=alarm.number, text="已联系"), self.session)
        after = self.room.living()[vital]
        assert (after.assigned_to, after.comments) == (assignee, alarm.comments + 1)

    @rule(vital=VITALS, minutes=st.sampled_from([1, 10, 60]))
    def chief_suppresses(self, vital: int, minutes: int) -> None:
        command = SuppressVital(vital=vital, minutes=minutes, reason="x")
        if self._silence(command, vital, SUPPRESSED, minutes * 60):
            self.plain[vital].ruled = False

    @rule(vital=VITALS, minutes=st.sampled_from([1, 10]))
    def chief_takes_out_of_service(self, vital: int, minutes: int) -> None:
        until = self.room.clock.utc_ns() + minutes * 60 * NS_PER_S
        self._silence(TakeOutOfService(vital=vital, ticket="T", until=until, reason="x"), vital, OUT, minutes * 60)

    @precondition(lambda self: bool(self.held))
    @rule(some=SOME, there=st.booleans())
    def chief_ends_an_override(self, some: int, there: bool) -> None:
        vital, kind = sorted(self.held)[some % len(self.held)]
        vital = vital if there else (vital + 1) % 4
        held = self.room.desk.overrides.get(vital, {}).get(kind)
        command = ReleaseVital if kind is SUPPRESSED else ReturnToService
        reply = self.room.do(command(vital=vital, version=held.version if held else 1), self.chief)
        assert (reply.outcome == "done") == ((vital, kind) in self.held)
        if reply.outcome == "done":
            self._end(vital, kind)

    @rule(seconds=st.sampled_from([1, 59, 60, 600, 15 * 60, 3600, 4 * 3600, 8 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.room.clock.advance(seconds)
        self.now += seconds
        self.room.expire()
        for vital in range(4):
            if self._letter(vital) == "E" and self.now >= self._shelf_end(self.plain[vital]):
                self._off_the_shelf(vital, acked_at=None)
        again = [vital for vital in range(4) if self._calls_again(vital)]
        self.room.tend()
        for vital, kind in sorted(self.held, key=lambda one: self.held[one]):
            if self.now >= self.held[vital, kind]:
                self._end(vital, kind)
        for vital in again:
            if self._calls_again(vital):
                self.plain[vital].acked_at = None

    @rule(vital=VITALS)
    def nobody_clears_a_red_one(self, vital: int) -> None:
        self.ingest_sees(vital, WarningColour.RED)
        if self._letter(vital) == "B":
            assert self._deed(vital, AcknowledgeAlarm, allowed=True, note_code=NoteCode.VERIFYING)
            self.plain[vital].acked_at = self.now
        self.time_passes(REALARM_S)

    @rule()
    def daemon_restarts(self) -> None:
        before = self._clustered()
        self.room.restart()
        self.room.adopt(TOWN)
        start.load(self.room.desk, self.room.ledger)
        assert self._clustered() == before

    @invariant()
    def same_as_on_paper(self) -> None:
        if not hasattr(self, "room"):
            return
        living = self.room.living()
        for vital, plain in self.plain.items():
            alarm = living.get(vital)
            if not plain.alive:
                assert alarm is None
                continue
            assert alarm is not None, (vital, plain)
            assert _letter_of(alarm) == self._letter(vital)
            assert (int(alarm.band), int(alarm.colour), alarm.raises) == (plain.band, plain.gravest, plain.raises)
            assert {one.kind for one in alarm.overrides} == self._silencing(vital)

    @precondition(lambda self: hasattr(self, "room"))
    @invariant()
    def the_living_alarms_at_hand_are_those_that_were_committed(self) -> None:
        if hasattr(self, "room"):
            with self.room.ledger.reading() as connection:
                living = {one.number: repr(one) for one, _ in alarm_table.living(connection)}
            # By what they are written as: a value that is none equals nothing, not even itself.
            assert {number: repr(one) for number, one in self.room.desk.alarms.items()} == living

    @invariant()
    def no_orange_or_red_alarm_is_silent_by_rule_or_cause(self) -> None:
        for alarm in self.room.living().values():
            assert alarm.band <= WarningColour.YELLOW or all(one.by for one in alarm.overrides)

    @precondition(lambda self: hasattr(self, "room"))
    @invariant()
    def every_step_is_published_once_and_versions_rise_by_one(self) -> None:
        seen: dict[str, int] = {}
        for number, change in enumerate(self.room.published, 1):
            assert change.number == number
            if change.kind in {"alarm", "override", "situation"}:
                key = f"{change.kind} {change.key}"
                assert change.version == seen.get(key, 0) + 1
                seen[key] = change.version

    def _see(self, vital: int, band: int) -> None:
        plain = self.plain[vital]
        before = plain.band
        if band == before:
            return
        if not plain.alive:
            self.plain[vital] = Plain(alive=True, band=band, gravest=band, raises=1, raised_at=self.now)
        elif band == 0:
            self._returned(vital)
        else:
            self._changed(plain, band)
        self._look(vital)

    def _returned(self, vital: int) -> None:
        plain = self.plain[vital]
        plain.band = 0
        over = plain.acked_at is not None or bool(self._silencing(vital))
        if plain.shelf_ends is None if plain.shelved_at is not None else over:
            self.plain[vital] = Plain()

    def _changed(self, plain: Plain, band: int) -> None:
        plain.raises += not plain.band
        if band > plain.band:
            plain.acked_at = None
            if band > plain.gravest and plain.shelf_ends is not None:
                plain.shelf_ends = min(plain.shelf_ends, self.now + LIMIT_S[band])
            plain.gravest = max(plain.gravest, band)
        plain.band = band

    def _look(self, vital: int) -> None:
        """Look at causes and rules after a move of a vital."""
        lead, led = self.plain[vital - vital % 2], self.plain[vital - vital % 2 + 1]
        if not led.alive:
            return
        mild = lead.band > 0 and 0 < led.band <= 2
        if vital < 2:
            near = 0 <= led.raised_at - lead.raised_at <= 60
            held, led.masked = led.masked, mild and near and led.acked_at is None
        elif (3, SUPPRESSED) in self.held:
            return
        else:
            held, led.ruled = led.ruled, mild
        if held and not led.masked and not led.ruled:
            self._let_go(vital - vital % 2 + 1)

    def _let_go(self, vital: int) -> None:
        plain = self.plain[vital]
        if not self._silencing(vital) and not plain.band and plain.shelved_at is None:
            self.plain[vital] = Plain()

    def _end(self, vital: int, kind: OverrideKind) -> None:
        del self.held[vital, kind]
        if self.plain[vital].alive:
            self._let_go(vital)
            self._look(vital)

    def _silence(self, command: object, vital: int, kind: OverrideKind, seconds: int) -> bool:
        reply = self.room.do(command, self.chief)
        assert (reply.outcome == "done") == ((vital, kind) not in self.held), reply
        if reply.outcome == "done":
            self.held[vital, kind] = self.now + seconds
        return reply.outcome == "done"

    def _off_the_shelf(self, vital: int, *, acked_at: float | None) -> None:
        plain = self.plain[vital]
        plain.shelved_at, plain.shelf_ends, plain.acked_at = None, None, acked_at
        if not plain.band:
            self.plain[vital] = Plain()

    def _shelf_end(self, plain: Plain) -> float:
        assert plain.shelved_at is not None
        return plain.shelf_ends if plain.shelf_ends is not None else plain.shelved_at + LIMIT_S[plain.gravest]

    def _calls_again(self, vital: int) -> bool:
        plain = self.plain[vital]
        late = plain.acked_at is not None and self.now >= plain.acked_at + REALARM_S
        return self._letter(vital) == "C" and plain.gravest == 4 and late

    def _silencing(self, vital: int) -> set[OverrideKind]:
        plain = self.plain[vital]
        by_itself = {OverrideKind.MASKED} if plain.masked else {SUPPRESSED} if plain.ruled else set()
        return by_itself | {kind for held, kind in self.held if held == vital}

    def _letter(self, vital: int) -> str:
        """Return the state as a letter of ALARMS.md: out of service > suppressed > masked > shelved > the rest."""
        plain = self.plain[vital]
        if not plain.alive:
            return "A"
        if silencing := self._silencing(vital):
            return "G" if OUT in silencing else "F"
        if plain.shelved_at is not None:
            return "E"
        return ("C" if plain.acked_at is not None else "B") if plain.band else "D"

    def _alarmed(self, some: int) -> int:
        alive = [vital for vital, plain in self.plain.items() if plain.alive]
        return alive[some % len(alive)]

    def _of(self, vital: int) -> str:
        return _letter_of(self.room.living()[vital])

    def _deed(self, vital: int, command: type, allowed: bool, **fields: object) -> Done | None:
        """Try a deed on the vital's newest alarm; what happens must be what the paper says."""
        alarm = self.room.living()[vital]
        reply = self.room.do(command(alarm=alarm.number, version=alarm.version, **fields), self.session)
        assert (reply.outcome == "done") == allowed, (reply, self.plain[vital], fields)
        return codec.unpack(reply.body, Done) if allowed else None

    def _clustered(self) -> tuple[object, ...]:
        """Return what the centre remembers of situations; it is to be what is stored."""
        watch = self.room.desk.watcher
        assert isinstance(watch, Watch)
        with self.room.ledger.reading() as connection:
            stored = LOG.standing(connection, lambda one: one.state is SituationState.OPEN)
        assert watch.open == {one.number: one for one, _ in stored}
        return watch.state.members, watch.state.near, watch.colours


def _letter_of(alarm: Alarm) -> str:
    state = effective(alarm)
    letter = {
        AlarmState.UNACK: "B",
        AlarmState.ACKED: "C",
        AlarmState.RTNUN: "D",
        AlarmState.SHELVED: "E",
        AlarmState.SUPPRESSED: "F",
        AlarmState.OUT_OF_SERVICE: "G",
    }[state]
    assert letter in "FG" or possible_moves(state), "a living alarm that is not silenced can always be acted upon"
    return letter


TestAlarmLife = AlarmLife.TestCase
# No shrinking: each step is a transaction, shrinking would outlive the time-out; failing steps are printed whole.
TestAlarmLife.settings = settings(
    settings.get_profile("ci"), max_examples=16, stateful_step_count=30, phases=[Phase.generate]
)
