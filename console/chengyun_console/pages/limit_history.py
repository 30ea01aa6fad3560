"""What limits a vital had over time, from what the centre's journal tells of its rules and of the sets in force."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from chengyun_console.desk import Desk
from chengyun_core.model.alarm_records import ThresholdChange
from chengyun_core.model.catalogue import Threshold
from chengyun_core.wire.envelope import AskThresholds, ThresholdHistory, ThresholdTold
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.multi_record import LimitSteps

LIMITS = {
    f"{side}_{word}": Severity(colour)
    for side in ("high", "low")
    for colour, word in enumerate(("blue", "yellow", "orange", "red"), 1)
}
"""Column of the thresholds table → whose colour its line has."""
Runs = dict[str, list[tuple[int, float]]]
"""Column → (since ns, limit) rising in time, no two alike in a row; NaN: there was none, or nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPast:
    """What the limits of one vital are reckoned back from.

    rules: set → the vital's rule in it as it stands now. changes: (took effect at ns, change) of any set, any order.
    sets: (since ns, set in force), oldest first. known_since: before it nothing is known, 0 when everything is.
    """

    rules: Mapping[str, Threshold]
    changes: Sequence[tuple[int, ThresholdChange]]
    sets: Sequence[tuple[int, str]]
    known_since: int = 0


class LimitHistory:
    """Limits of one vital. Asked again when the centre tells of another change of it, or of another catalogue."""

    def __init__(self, desk: Desk, slot: str) -> None:
        """`slot` keeps the asks of several such apart: a newer ask of a slot supersedes an older one."""
        self._desk, self._slot = desk, slot
        self._asked: tuple[object, ...] = ()
        self._history: ThresholdHistory | None = None
        self._rules: tuple[tuple[object, ...], dict[str, Threshold]] = ((), {})

    @property
    def told(self) -> tuple[ThresholdTold, ...]:
        """The changes of the vital asked for last, as far as answered."""
        return self._history.rows if self._history is not None else ()

    def tend(self, vital_code: str) -> None:
        """Ask for a vital's changes when it is another vital or there are others since."""
        names = self._desk.names
        seen = tuple(
            (change.number, change.version)
            for change in self._desk.session.facts.thresholds.values()
            if change.vital_code == vital_code
        )
        asked = (vital_code, seen, names.view.version if names is not None else 0)
        if asked == self._asked:
            return
        if not self._asked or self._asked[0] != vital_code:
            self._history = None
        self._asked = asked
        self._desk.session.ask("threshold.history", AskThresholds(vital_code=vital_code), self._came, slot=self._slot)

    def runs(self, now_ns: int) -> Runs:
        """Return each limit over time, empty until the centre has answered."""
        past = self._past()
        return limit_runs(past, now_ns) if past is not None else {}

    def known_since_ns(self) -> int:
        """Return from when on the limits are known: 0, or when the whole catalogue was imported anew."""
        return self._history.known_since if self._history is not None else 0

    def began_ns(self) -> int:
        """Return when the first catalogue came into force; 0 when nobody told."""
        return self._history.sets[0][0] if self._history is not None and self._history.sets else 0

    def threshold_at(self, threshold: Threshold, time_ns: int, now_ns: int) -> Threshold:
        """Return the rule of now with the limits that were in force at a time."""
        then = {column: _value_at(steps, time_ns) for column, steps in self.runs(now_ns).items()}
        limits: dict[str, Any] = {column: None if math.isnan(limit) else limit for column, limit in then.items()}
        return replace(threshold, **limits)

    def _past(self) -> LimitPast | None:
        names, history = self._desk.names, self._history
        if names is None or history is None:
            return None
        return LimitPast(
            rules=self._rules_of(history.vital_code),
            changes=[(row.effect_at, row.change) for row in history.rows if row.effect_at],
            sets=history.sets or ((0, names.view.threshold_set),),
            known_since=history.known_since,
        )

    def _rules_of(self, vital_code: str) -> dict[str, Threshold]:
        """Return the vital's rule in each set of the catalogue of now; looked for once per version, among thousands."""
        names = self._desk.names
        assert names is not None
        key = (names.view.version, vital_code)
        if self._rules[0] != key:
            rows = names.view.catalogue.thresholds
            self._rules = key, {row.threshold_set: row for row in rows if row.vital == vital_code}
        return self._rules[1]

    def _came(self, told: object) -> None:
        if isinstance(told, ThresholdHistory) and told.vital_code == self._asked[0]:
            self._history = told


def limit_runs(past: LimitPast, now_ns: int) -> Runs:
    """Return the limits over time, gone back from those of now through each change and each switch of sets.

    A change of a set that was not in force moves no line until that set comes into force. What is to come is left out.
    """
    cells = {code: {column: _limit(getattr(rule, column)) for column in LIMITS} for code, rule in past.rules.items()}
    in_force = next((code for since, code in reversed(past.sets) if since <= now_ns), past.sets[0][1])
    runs: Runs = {column: [] for column in LIMITS}
    for at_ns, what in _backwards(past, now_ns):
        _note(runs, at_ns, cells.get(in_force, {}))
        if isinstance(what, str):
            in_force = what
        else:
            before = {column: _number(what.before.get(column, "")) for column in what.after.keys() & LIMITS.keys()}
            cells[what.threshold_set] = {**cells.get(what.threshold_set, {}), **before}
    _note(runs, past.known_since, cells.get(in_force, {}))
    if past.known_since:
        _note(runs, 0, {})
    return {column: _tidy(steps[::-1]) for column, steps in runs.items()}


def limit_steps(runs: Runs) -> tuple[LimitSteps, ...]:
    """Return the lines of limits over time; none when none ever changed, which bands tell as well."""
    if not unchanged_since(runs):
        return ()
    finite = {column: steps for column, steps in runs.items() if any(math.isfinite(limit) for _, limit in steps)}
    return tuple(LimitSteps(severity=LIMITS[column], steps=tuple(steps)) for column, steps in finite.items())


def unchanged_since(runs: Runs) -> int:
    """Return when a limit changed last, ns; 0 when none is known to have."""
    return max((steps[-1][0] for steps in runs.values() if steps), default=0)


def _backwards(past: LimitPast, now_ns: int) -> Iterator[tuple[int, ThresholdChange | str]]:
    """Yield what moved limits, newest first: (at ns, a change, or the set that was in force before)."""
    moved: list[tuple[int, ThresholdChange | str]] = list(past.changes)
    moved += [(since, before) for (_, before), (since, _code) in pairwise(past.sets)]
    for at_ns, what in sorted(moved, key=lambda row: row[0], reverse=True):
        if past.known_since < at_ns <= now_ns:
            yield at_ns, what


def _note(runs: Runs, at_ns: int, cells: Mapping[str, float]) -> None:
    for column, steps in runs.items():
        steps.append((at_ns, cells.get(column, math.nan)))


def _tidy(steps: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return the steps without those that stay where they were. Of two at one time the later one holds."""
    kept: list[tuple[int, float]] = []
    for at_ns, limit in steps:
        if kept and kept[-1][0] == at_ns:
            kept.pop()
        if not kept or not _alike(kept[-1][1], limit):
            kept.append((at_ns, limit))
    return kept


def _alike(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def _value_at(steps: Sequence[tuple[int, float]], time_ns: int) -> float:
    return next((limit for since, limit in reversed(steps) if since <= time_ns), math.nan)


def _limit(cell: float | None) -> float:
    return math.nan if cell is None else float(cell)


def _number(text: str) -> float:
    return float(text) if text else math.nan
