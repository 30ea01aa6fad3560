"""What limits a vital had over time, from the changes of its threshold that took effect; asked of the centre once."""

import math
from collections.abc import Sequence

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


class LimitHistory:
    """Changes of one vital's threshold. Asked again when the centre tells of another change of it."""

    def __init__(self, desk: Desk, slot: str) -> None:
        """`slot` keeps the asks of several such apart: a newer ask of a slot supersedes an older one."""
        self._desk, self._slot = desk, slot
        self._asked: tuple[object, ...] = ()
        self.told: tuple[ThresholdTold, ...] = ()

    def tend(self, vital_code: str) -> None:
        """Ask for a vital's changes when it is another vital or there are others since."""
        seen = tuple(
            (change.number, change.version)
            for change in self._desk.session.facts.thresholds.values()
            if change.vital_code == vital_code
        )
        asked = (vital_code, seen)
        if asked == self._asked:
            return
        if not self._asked or self._asked[0] != vital_code:
            self.told = ()
        self._asked = asked
        self._desk.session.ask("threshold.history", AskThresholds(vital_code=vital_code), self._came, slot=self._slot)

    def unchanged_since_ns(self) -> int:
        """Return when a limit changed last; 0 when none is known to have."""
        return max((row.effect_at for row in self._in_set()), default=0)

    def steps(self, threshold: Threshold | None, now_ns: int) -> tuple[LimitSteps, ...]:
        """Return each limit that changed, or that stands beside one that did, over time; none when nothing changed."""
        rows = self._in_set()
        if not rows or threshold is None:
            return ()
        return limit_steps([(row.effect_at, row.change) for row in rows], threshold, now_ns)

    def _in_set(self) -> list[ThresholdTold]:
        names = self._desk.names
        in_force = names.view.threshold_set if names is not None else ""
        found = [row for row in self.told if row.effect_at and row.change.threshold_set == in_force]
        return [row for row in found if row.change.after.keys() & LIMITS.keys()]

    def _came(self, told: object) -> None:
        if isinstance(told, ThresholdHistory) and told.vital_code == self._asked[0]:
            self.told = told.rows


def limit_steps(
    changes: Sequence[tuple[int, ThresholdChange]], threshold: Threshold, now_ns: int
) -> tuple[LimitSteps, ...]:
    """Return the limits over time, gone back from those of now through what each change put in place of what.

    changes: (took effect at ns, change), any order; those to come are left out.
    """
    steps: list[LimitSteps] = []
    done = sorted((row for row in changes if row[0] <= now_ns), key=lambda row: row[0], reverse=True)
    for column, severity in LIMITS.items():
        now = getattr(threshold, column)
        runs: list[tuple[int, float]] = []
        value = math.nan if now is None else float(now)
        for at_ns, change in done:
            if column in change.after:
                runs.append((at_ns, value))
                value = _number(change.before.get(column, ""))
        runs.append((0, value))
        if any(math.isfinite(limit) for _, limit in runs):
            steps.append(LimitSteps(severity=severity, steps=tuple(reversed(runs))))
    return tuple(steps)


def _number(text: str) -> float:
    return float(text) if text else math.nan
