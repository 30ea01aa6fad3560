"""A change of a threshold while it is written: what was, what is wanted, whether it can be, and what it would do."""

import math
from dataclasses import dataclass, fields

from chengyun_core.model.catalogue import Threshold
from chengyun_core.model.scales import WarningColour

HIGH = ("high_blue", "high_yellow", "high_orange", "high_red")
LOW = ("low_blue", "low_yellow", "low_orange", "low_red")
COLUMNS = (*HIGH, *LOW, "hysteresis", "on_delay_s", "off_delay_s", "rate_per_min", "stuck_s", "missing_s")
"""Columns of the thresholds table that are figures, in the order of the form."""
_NEVER_BELOW_ZERO = ("hysteresis", "on_delay_s", "off_delay_s", "rate_per_min", "stuck_s", "missing_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Finished texts by column; `faults` are text codes by column, empty when it may be asked for."""

    changes: dict[str, str]
    """Only what differs; empty text clears a limit."""
    faults: dict[str, str]
    limits: dict[str, float | None]
    """Every column as it would be."""


def texts_of(threshold: Threshold | None) -> dict[str, str]:
    """Return a rule as the texts of the form."""
    known = {field.name for field in fields(Threshold)}
    assert known.issuperset(COLUMNS)
    return {column: _text(getattr(threshold, column) if threshold else None) for column in COLUMNS}


def edited(before: dict[str, str], wanted: dict[str, str]) -> Edit:
    """Return what is asked for; the centre checks it again with the rules of an import."""
    faults: dict[str, str] = {}
    limits: dict[str, float | None] = {}
    for column in COLUMNS:
        figure = _figure(wanted[column].strip())
        limits[column] = None if figure is None or math.isnan(figure) else figure
        if figure is not None and math.isnan(figure):
            faults[column] = "console.form.not_a_figure"
        elif figure is not None and column in _NEVER_BELOW_ZERO and figure < 0:
            faults[column] = "console.form.below_zero"
    faults |= _disordered(limits, HIGH, 1) | _disordered(limits, LOW, -1)
    changes = {column: wanted[column].strip() for column in COLUMNS if wanted[column].strip() != before[column]}
    return Edit(changes=changes, faults=faults, limits=limits)


def band_of(value: float, limits: dict[str, float | None]) -> WarningColour:
    """Return the band a value would be in by limits alone: no delay, hysteresis, rate or silence is weighed."""
    if not math.isfinite(value):
        return WarningColour.NONE
    crossed = [
        colour
        for columns, sign in ((HIGH, 1), (LOW, -1))
        for colour, column in enumerate(columns, 1)
        if (limit := limits[column]) is not None and sign * value >= sign * limit
    ]
    return WarningColour(max(crossed, default=0))


def _disordered(limits: dict[str, float | None], columns: tuple[str, ...], sign: int) -> dict[str, str]:
    """Return the columns whose limit is on the wrong side of a milder one."""
    faults, last = {}, -math.inf
    for column in columns:
        limit = limits[column]
        if limit is None:
            continue
        if sign * limit < last:
            faults[column] = "console.form.order"
        last = max(last, sign * limit)
    return faults


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if abs(value) < 1e6 else repr(value)


def _figure(text: str) -> float | None:
    """Return the figure in a text, None for none, NaN for what is no finite figure."""
    if not text:
        return None
    try:
        figure = float(text)
    except ValueError:
        return math.nan
    return figure if math.isfinite(figure) else math.nan
