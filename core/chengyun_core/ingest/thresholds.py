"""Thresholds: one dense test finds the movers of a batch, only they go through the rules, in source time.

The rules of one vital are sequential; many vitals go through them side by side, one sample of each per turn.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.delays import Delays
from chengyun_core.ingest.last_values import NEVER_NS
from chengyun_core.ingest.ordering import stable_order
from chengyun_core.ingest.rules import EMPTY, FOREVER_NS, RuleOf, Rules
from chengyun_core.ingest.state import VitalState
from chengyun_core.ingest.steps import StepPart
from chengyun_core.ingest.subset import Subset
from chengyun_core.ingest.wanted import Memory, by_limits, leading_side
from chengyun_core.model.activation import BandNow
from chengyun_core.model.scales import Aspect, Quality, Side
from chengyun_core.series.columns import Bools, Bytes, Numbers, Places, Times, Values

NONE, MISSING = np.uint8(Side.NONE), np.uint8(Side.MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Fresh values of vitals in the order they are to be evaluated; columns n long.

    vital uint32; time int64 ns, rising per vital; value float64, NaN when BAD; previous int64 ns, time of the vital's
    reading before (NEVER_NS or less: none). `unique`: no vital occurs twice.
    """

    vital: Numbers
    time: Times
    value: Values
    previous: Times
    unique: bool


class Thresholds:
    """The levels of all vitals under one set of rules. Writes band and side of the state, never its values."""

    def __init__(self, rules: Rules, rule_of: RuleOf, state: VitalState) -> None:
        """Start with nothing annunciated. rule_of: row of the rules by vital number."""
        size = len(state)
        self.rules, self.rule_of, self._state = rules, rule_of, state
        self.level: Bytes = np.zeros(size, np.uint8)
        self.level_side: Bytes = np.zeros(size, np.uint8)
        self.told: Bytes = np.zeros(size, np.uint8)
        self.told_side: Bytes = np.zeros(size, np.uint8)
        self.told_missing: Bytes = np.zeros(size, np.uint8)
        """What was annunciated last, by aspect: level and its side, and the colour of a missing reading."""
        self.silent: Bools = np.zeros(size, np.bool_)
        self.delays = Delays(Subset(rules.delays[rule_of]))
        self.memory = Memory(Subset(rules.remembers[rule_of]))
        self._expected = Subset(rules.expects[rule_of]).members
        self._next_due = FOREVER_NS
        self._quiet = rules.quiet(rule_of, self.level, self.level_side)
        self._seen_twice: Bools = np.zeros(size, np.bool_)
        self.unsettled: Bools = np.zeros(size, np.bool_)

    def read(self, readings: Readings) -> list[StepPart]:
        """Evaluate readings; return the steps they caused."""
        if not readings.vital.size:
            return []
        if self._expected.size:
            self._next_due = min(self._next_due, int(readings.time.min()) + self.rules.soonest_missing_ns)
        movers = self._movers(readings)
        return [part for turn in self._turns(readings, movers) for part in self._turn(*turn)] if movers.size else []

    def silence(self, watermark_ns: int) -> list[StepPart]:
        """Find the vitals whose readings are missing at the watermark; return the steps."""
        if watermark_ns < self._next_due:
            return []
        vital = self._expected[(self._state.time[self._expected] > 0) & ~self.silent[self._expected]]
        due = self._state.time[vital] + self.rules.missing_ns[self.rule_of[vital]]
        missing = due <= watermark_ns
        self._next_due = int(due[~missing].min(initial=FOREVER_NS))
        return self._fall_silent(0, vital[missing], due[missing], self._state.value[vital[missing]])

    def reconsider(self, at_ns: int) -> list[StepPart]:
        """Judge the values of now at an instant, for vitals whose rule is not what it was; others are left alone.

        A band of a vital that no longer has a rule returns, with a value or without.
        """
        state = self._state
        ruled = self.rule_of != 0
        known = (state.quality <= Quality.UNCERTAIN) | self.silent | ((state.band > 0) & ~ruled)
        vital = np.flatnonzero(known & self.unsettled).astype(np.uint32)
        self.unsettled[:] = False
        unruled = vital[~ruled[vital]]
        self.level[unruled], self.level_side[unruled] = 0, NONE
        low, high = _bounds(self._quiet[vital])
        value = state.value[vital]
        vital = vital[~((value > low) & (value < high)) | self.silent[vital]]
        time = np.maximum(state.time[vital], at_ns)
        good = ~np.isnan(state.value[vital]) & ruled[vital]
        self._judge(vital[good], time[good], state.value[vital[good]], anew=False)
        rule = self.rule_of[vital]
        self.silent[vital] &= self.rules.expects[rule]
        silent = np.where(self.silent[vital], self.rules.missing_colour[rule], 0).astype(np.uint8)
        return self._annunciate(0, vital, time, state.value[vital], silent)

    def restore(self, bands: Iterable[BandNow]) -> None:
        """Take over the bands of an earlier process: annunciated levels and silences without a value."""
        for band in bands:
            # By its side: a band kept by an earlier version names no aspect.
            silent = band.side is Side.MISSING
            if silent:
                self.silent[band.vital], self.told_missing[band.vital] = True, band.band
            else:
                self.level[band.vital] = self.told[band.vital] = band.band
                self.level_side[band.vital] = self.told_side[band.vital] = band.side
            self._show(np.array([band.vital], np.uint32))
            self.unsettled[band.vital] |= not self._may_stand(band.vital, silent=silent)
        self._settle(np.arange(len(self._state), dtype=np.uint32))

    def take_over(self, older: "Thresholds") -> None:
        """Go on from the levels, timers and memories of the same vitals under other rules."""
        size = min(self.level.size, older.level.size)
        for mine, theirs in self._columns_with(older):
            mine[:size] = theirs[:size]
        self.delays.take_over(older.delays)
        self.memory.take_over(older.memory)
        self._next_due = 0
        self.unsettled[:size] = self.rules.unlike(self.rule_of[:size], older.rules, older.rule_of[:size])
        self.unsettled[:size] |= older.unsettled[:size]
        self._settle(np.arange(len(self._state), dtype=np.uint32))

    def _may_stand(self, vital: int, *, silent: bool) -> bool:
        """Return whether the rule of a vital can have put it into a band: by silence, or by anything else."""
        row = self.rule_of[vital]
        return bool(self.rules.expects[row]) if silent else bool(row)

    def _columns_with(self, older: "Thresholds") -> Iterator[tuple[Bytes | Bools, Bytes | Bools]]:
        yield self.level, older.level
        yield self.level_side, older.level_side
        yield self.told, older.told
        yield self.told_side, older.told_side
        yield self.told_missing, older.told_missing
        yield self.silent, older.silent

    def _movers(self, readings: Readings) -> Places:
        """Return the readings of all vitals of which at least one reading may change something."""
        low, high = _bounds(self._quiet.take(np.asarray(readings.vital, np.intp)))
        may = ~((readings.value > low) & (readings.value < high))
        if self._expected.size:
            gap = readings.time - readings.previous >= self.rules.soonest_missing_ns
            may |= gap & (readings.previous > NEVER_NS)
        movers = np.flatnonzero(may)
        if readings.unique or not movers.size:
            return movers
        vital = readings.vital[movers]
        self._seen_twice[vital] = True
        movers = np.flatnonzero(self._seen_twice[readings.vital])
        self._seen_twice[vital] = False
        return movers

    def _turns(self, readings: Readings, movers: Places) -> Iterator[tuple[int, Numbers, Times, Values, Times, Values]]:
        """Yield (turn, vital, time, value, previous time, previous value): the k-th reading of each vital in turn k."""
        vital = readings.vital[movers]
        if readings.unique:
            before = self._state.value[vital]
            yield 0, vital, readings.time[movers], readings.value[movers], readings.previous[movers], before
            return
        movers = movers[stable_order(vital)]
        vital, time, value = readings.vital[movers], readings.time[movers], readings.value[movers]
        previous = readings.previous[movers]
        begins = np.flatnonzero(np.append(True, vital[1:] != vital[:-1]))
        length = np.diff(np.append(begins, vital.size))
        before = np.empty_like(value)
        before[1:] = value[:-1]
        before[begins] = self._state.value[vital[begins]]
        # Longest runs first: those still in play at turn k are a prefix.
        order = np.argsort(-length, kind="stable")
        begins, length = begins[order], length[order]
        for turn in range(int(length[0])):
            now = begins[: int(np.searchsorted(-length, -turn))] + turn
            yield turn, vital[now], time[now], value[now], previous[now], before[now]

    def _turn(
        self, turn: int, vital: Numbers, time: Times, value: Values, previous: Times, before: Values
    ) -> Iterator[StepPart]:
        """Evaluate one reading of each vital."""
        if self._expected.size:
            due = previous + self.rules.missing_ns[self.rule_of[vital]]
            # due < previous: the sum with FOREVER_NS ran over, nothing is expected.
            fell = (previous > NEVER_NS) & (due >= previous) & (due <= time) & ~self.silent[vital]
            yield from self._fall_silent(2 * turn, vital[fell], due[fell], before[fell])
            self.silent[vital] = False
        good = ~np.isnan(value)
        if good.all():
            self._judge(vital, time, value, anew=True)
        else:
            self._judge(vital[good], time[good], value[good], anew=True)
        yield from self._annunciate(2 * turn + 1, vital, time, value, np.zeros(vital.shape, np.uint8))

    def _fall_silent(self, turn: int, vital: Numbers, due: Times, value: Values) -> list[StepPart]:
        if not vital.size:
            return []
        self.silent[vital] = True
        self._state.quality[vital] = Quality.MISSING
        return self._annunciate(turn, vital, due, value, self.rules.missing_colour[self.rule_of[vital]])

    def _judge(self, vital: Numbers, time: Times, value: Values, *, anew: bool) -> None:
        """Bring the annunciated levels up to date with good values; `anew`: they are new readings, to be remembered."""
        if not vital.size:
            return
        rules, rule, level = self.rules, self.rule_of[vital], self.level[vital]
        high, low = by_limits(rules, rule, level, value)
        rate, stuck = np.zeros_like(high), np.zeros_like(high)
        remembers = rules.remembers[rule] if len(self.memory.members) else None
        if remembers is not None and remembers.any() and anew:
            rate[remembers], stuck[remembers] = self.memory.wants(
                rules, rule[remembers], vital[remembers], time[remembers], value[remembers]
            )
        if not anew:
            # What rate or stuck annunciated holds until the next reading can tell.
            rate = np.where(self.level_side[vital] >= Side.RATE, level, 0).astype(np.uint8)
        wanted = np.maximum(np.maximum(high, low), np.maximum(rate, stuck))
        side = leading_side((high, low, rate, stuck), wanted)
        after = self._delayed(vital, rule, time, level, wanted)
        moved = after != level
        self.level[vital] = after
        chosen = np.where((after == 0) | (side != NONE), side, self.level_side[vital])
        self.level_side[vital[moved]] = np.where(after == 0, NONE, chosen)[moved]

    def _delayed(self, vital: Numbers, rule: RuleOf, time: Times, level: Bytes, wanted: Bytes) -> Bytes:
        delayed = self.rules.delays[rule] if len(self.delays.members) else None
        if delayed is None or not delayed.any():
            return wanted
        after = wanted.copy()
        after[delayed] = self.delays.passed(
            self.rules, rule[delayed], vital[delayed], time[delayed], level[delayed], wanted[delayed]
        )
        return after

    def _annunciate(self, turn: int, vital: Numbers, at_ns: Times, value: Values, silent: Bytes) -> list[StepPart]:
        """Tell the levels and the silence (uint8[n], colour of a missing reading or 0), each for itself."""
        missing = self._missing(turn, vital, at_ns, value, silent)
        levels = self._levels(turn, vital, at_ns, value)
        self._show(vital)
        self._settle(vital)
        return [part for part in (missing, levels) if part is not None]

    def _missing(self, turn: int, vital: Numbers, at_ns: Times, value: Values, silent: Bytes) -> StepPart | None:
        """Return the steps of the links: readings that stay away or come again (A19)."""
        before = self.told_missing[vital]
        moved = np.flatnonzero(silent != before)
        if not moved.size:
            return None
        self.told_missing[vital[moved]] = silent[moved]
        side = np.where(silent[moved] > 0, MISSING, NONE)
        return StepPart(
            turn=turn, aspect=Aspect.COMMS, vital=vital[moved], at_ns=at_ns[moved], before=before[moved],
            after=silent[moved], side=side, value=value[moved], limit=np.full(moved.size, np.nan),
        )  # fmt: skip

    def _levels(self, turn: int, vital: Numbers, at_ns: Times, value: Values) -> StepPart | None:
        """Return the steps of the levels themselves."""
        after, before = self.level[vital], self.told[vital]
        moved = np.flatnonzero(after != before)
        side_before = self.told_side[vital[moved]]
        self.told_side[vital] = self.level_side[vital]
        if not moved.size:
            return None
        vital, before, after = vital[moved], before[moved], after[moved]
        self.told[vital] = after
        side, rising = self.level_side[vital], after > before
        limit = self.rules.limit(
            self.rule_of[vital], np.where(rising, after, before), np.where(rising, side, side_before)
        )
        return StepPart(
            turn=turn, aspect=Aspect.PROCESS, vital=vital, at_ns=at_ns[moved], before=before, after=after, side=side,
            value=value[moved], limit=limit,
        )  # fmt: skip

    def _show(self, vital: Numbers) -> None:
        """Write what a screen draws: the graver of level and silence, with its side."""
        level, missing = self.level[vital], self.told_missing[vital]
        self._state.band[vital] = np.maximum(level, missing)
        self._state.side[vital] = np.where(missing > level, MISSING, self.level_side[vital])

    def _settle(self, vital: Numbers) -> None:
        """Write the intervals in which the rules need not be asked."""
        rule = self.rule_of[vital]
        quiet = self.rules.quiet(rule, self.level[vital], self.level_side[vital])
        if self._expected.size:
            quiet[self.silent[vital]] = EMPTY
        if len(self.delays.members):
            delayed = np.flatnonzero(self.rules.delays[rule])
            quiet[delayed[self.delays.open(vital[delayed])]] = EMPTY
        self._quiet[vital] = quiet


def _bounds(quiet: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    pairs = quiet.view(np.float32).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
