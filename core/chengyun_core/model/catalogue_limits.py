"""Rules of the thresholds: limits in order, apart and within reach, none missing."""

from itertools import pairwise

from chengyun_core.model.catalogue_rows import Faults, Index, Row, Rows
from chengyun_core.model.failure import Refused
from chengyun_core.model.formula import parse, reference

_COLOURS = ("blue", "yellow", "orange", "red")
_HIGH = tuple(f"high_{colour}" for colour in _COLOURS)
_LOW = tuple(f"low_{colour}" for colour in _COLOURS)
_TAKING_OVER = frozenset({"last", "max", "mean", "min"})
_RULES = (*_HIGH, *_LOW, "rate_per_min", "stuck_s", "missing_s")


def check_limits(rows: Rows, index: Index, faults: Faults) -> None:
    """Check each threshold by itself, against its vital, and that every risk vital has one in every set."""
    vitals = index.get("vitals", {})
    reaches = _reaches(vitals, index.get("channels", {}))
    for row in rows.get("thresholds", []):
        _check_order(row, faults)
        _check_hysteresis(row, faults)
        _check_something(row, faults)
        if vital := vitals.get(row.text("vital")):
            _check_patience(row, vital, faults)
            _check_reach(row, reaches.get(row.text("vital")), faults)
    _check_risk(rows, faults)


def _given(row: Row, names: tuple[str, ...]) -> list[tuple[str, float]]:
    figures = ((name, row.figure(name)) for name in names)
    return [(name, figure) for name, figure in figures if figure is not None]


def _check_order(row: Row, faults: Faults) -> None:
    for names, sign in ((_HIGH, 1), (_LOW, -1)):
        for (milder, limit), (graver, beyond) in pairwise(_given(row, names)):
            if sign * beyond < sign * limit:
                told = {"milder": milder, "limit": _told(limit)}
                faults.add("thresholds", row.line, graver, _told(beyond), "catalogue.limits_not_in_order", **told)
    high, low = _given(row, _HIGH), _given(row, _LOW)
    if high and low and min(limit for _, limit in high) <= max(limit for _, limit in low):
        told = {"low": _told(max(limit for _, limit in low))}
        faults.add("thresholds", row.line, high[0][0], _told(high[0][1]), "catalogue.limits_overlap", **told)


def _check_hysteresis(row: Row, faults: Faults) -> None:
    """A hysteresis as wide as a band would let the value pass a whole band before the graver one ends."""
    hysteresis = row.figure("hysteresis") or 0.0
    gaps = [abs(b - a) for names in (_HIGH, _LOW) for (_, a), (_, b) in pairwise(_given(row, names)) if a != b]
    high, low = _given(row, _HIGH), _given(row, _LOW)
    if high and low:
        gaps.append(min(limit for _, limit in high) - max(limit for _, limit in low))
    smallest = min((gap for gap in gaps if gap > 0), default=None)
    if smallest is not None and hysteresis >= smallest:
        told = {"gap": _told(smallest)}
        faults.add("thresholds", row.line, "hysteresis", _told(hysteresis), "catalogue.hysteresis_too_wide", **told)


def _check_something(row: Row, faults: Faults) -> None:
    if not any(name in row.values for name in _RULES):
        faults.add("thresholds", row.line, "vital", row.text("vital"), "catalogue.threshold_empty")


def _check_patience(row: Row, vital: Row, faults: Faults) -> None:
    """A missing or stuck time not above the vital's period would annunciate every pause between two samples."""
    period = vital.figure("period_s") or 0.0
    for name in ("stuck_s", "missing_s"):
        patience = row.figure(name)
        if patience is not None and patience <= period:
            told = {"period": _told(period), "vital": row.text("vital")}
            faults.add("thresholds", row.line, name, _told(patience), "catalogue.patience_too_short", **told)


def _reaches(vitals: dict[str, Row], channels: dict[str, Row]) -> dict[str, Row]:
    """Return the channel row whose physical range bounds each vital that takes over its channels' values."""
    found = {}
    for code, vital in vitals.items():
        try:
            formula = parse(vital.text("formula"))
        except Refused:
            continue
        if formula.function in _TAKING_OVER:
            first = reference(formula.channels[0])
            channel = channels.get(f"{first.device}.{first.quantity}")
            if channel is not None and len(formula.channels) == 1:
                found[code] = channel
    return found


def _check_reach(row: Row, channel: Row | None, faults: Faults) -> None:
    """A sample outside the physical range is bad: a limit out there would never be reached, and nobody would know."""
    if channel is None:
        return
    low, high = channel.figure("low"), channel.figure("high")
    for name, limit in _given(row, (*_HIGH, *_LOW)):
        if (low is not None and limit < low) or (high is not None and limit > high):
            told = {"channel": ".".join(channel.key() or ()), "low": _bound(low), "high": _bound(high)}
            faults.add("thresholds", row.line, name, _told(limit), "catalogue.limit_unreachable", **told)


def _check_risk(rows: Rows, faults: Faults) -> None:
    """Regulation art. 14 and case (三): a risk vital has a warning threshold; here, in every set."""
    if "threshold_sets" not in rows or "thresholds" not in rows:
        return
    sets = [row.text("code") for row in rows["threshold_sets"] if row.text("code")]
    limited = {(row.text("threshold_set"), row.text("vital")) for row in rows["thresholds"] if _warns(row)}
    for vital in rows.get("vitals", []):
        code = vital.text("code")
        if vital.text("vital_class") == "risk" and code:
            for name in sets:
                if (name, code) not in limited:
                    told = {"threshold_set": name}
                    faults.add("vitals", vital.line, "code", code, "catalogue.risk_without_limit", **told)


def _warns(row: Row) -> bool:
    return any(name in row.values for name in (*_HIGH, *_LOW, "rate_per_min"))


def _bound(figure: float | None) -> str:
    return "…" if figure is None else _told(figure)


def _told(figure: float) -> str:
    return f"{figure:.12g}"
