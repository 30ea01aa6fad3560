"""Rules between rows that are no limits: the tree of centres, dates, posts, channels, formulas, the set in force."""

import re
from collections.abc import Iterator

from chengyun_core.model.catalogue_nearest import Nearest
from chengyun_core.model.catalogue_rows import Faults, Index, Row, Rows
from chengyun_core.model.catalogue_tables import MOST_CHANNEL_NUMBERS
from chengyun_core.model.failure import Refused
from chengyun_core.model.formula import EVERY, parse, reference
from chengyun_core.model.kpi_progress import past_figures

_PARENT_LEVEL = {"city": "", "district": "city", "town": "district"}
_OFFICIAL = {
    "city": re.compile(r"\d{6}", re.ASCII),
    "district": re.compile(r"\d{6}", re.ASCII),
    "town": re.compile(r"\d{9}", re.ASCII),
}


def check_rules(rows: Rows, index: Index, nearest: Nearest, faults: Faults) -> None:
    """Check every rule of this module."""
    _check_centres(rows, index, faults)
    _check_posts(rows, faults)
    _check_sets(rows, faults)
    _check_devices(rows, faults)
    _check_channels(rows, index, faults)
    _check_formulas(rows, index, nearest, faults)
    _check_kpis(rows, faults)


def _check_kpis(rows: Rows, faults: Faults) -> None:
    """A plan line has both its ends and begins before it is due; earlier figures are days with numbers, rising."""
    for row in rows.get("kpis", []):
        begun, base, due = row.text("begun"), row.figure("base"), row.text("due")
        if bool(begun) != (base is not None):
            faults.add("kpis", row.line, "base" if begun else "begun", "", "catalogue.plan_line_half")
        elif begun and due and begun >= due:
            faults.add("kpis", row.line, "begun", begun, "catalogue.plan_line_not_in_order", due=due)
        try:
            earlier = past_figures(row.text("past"))
        except Refused as no:
            faults.add("kpis", row.line, "past", row.text("past"), no.reason.code, **no.reason.params)
            continue
        if earlier and row.text("updated") and earlier[-1].day >= row.text("updated"):
            told = {"day": earlier[-1].day, "updated": row.text("updated")}
            faults.add("kpis", row.line, "past", row.text("past"), "catalogue.past_not_before_updated", **told)


def _check_centres(rows: Rows, index: Index, faults: Faults) -> None:
    schemes = {row.text("scheme") for row in rows.get("sectors", [])}
    known = index.get("centres", {})
    if "centres" in rows and not rows["centres"]:
        faults.add("centres", 0, "", "", "catalogue.no_centre")
    for row in rows.get("centres", []):
        _check_parent(row, known, faults)
        _check_code(row, faults)
        _check_dates(row, faults)
        scheme = row.text("scheme") or "full"
        if "sectors" in rows and scheme not in schemes:
            told = {"known": ", ".join(sorted(schemes))}
            faults.add("centres", row.line, "scheme", scheme, "catalogue.scheme_unknown", **told)


def _check_parent(row: Row, known: dict[str, Row], faults: Faults) -> None:
    """Levels form the tree city → district → town; with levels rising strictly no circle can close."""
    level, parent = row.text("level"), row.text("parent")
    if level not in _PARENT_LEVEL:
        return
    wanted = _PARENT_LEVEL[level]
    if not wanted:
        if parent:
            faults.add("centres", row.line, "parent", parent, "catalogue.city_with_parent")
    elif not parent:
        faults.add("centres", row.line, "parent", "", "catalogue.parent_missing", level=level, wanted=wanted)
    elif parent in known and known[parent].text("level") not in {wanted, ""}:
        told = {"level": level, "wanted": wanted, "found": known[parent].text("level")}
        faults.add("centres", row.line, "parent", parent, "catalogue.parent_level", **told)


def _check_code(row: Row, faults: Faults) -> None:
    """Official codes have 6 digits, towns' 9; a local code must not look like one.

    A town's code need not begin with its parent's: areas are moved between districts, and development zones govern
    towns that keep their statutory code.
    """
    code, official = row.text("code"), row.values.get("official_code", True)
    pattern = _OFFICIAL.get(row.text("level"))
    if not code or pattern is None:
        return
    if official and not pattern.fullmatch(code):
        digits = "9" if row.text("level") == "town" else "6"
        faults.add("centres", row.line, "code", code, "catalogue.code_not_official", digits=digits)
    elif not official and any(shape.fullmatch(code) for shape in _OFFICIAL.values()):
        faults.add("centres", row.line, "code", code, "catalogue.code_looks_official")


def _check_dates(row: Row, faults: Faults) -> None:
    begins, ends = row.text("valid_from"), row.text("valid_to")
    if begins and ends and begins >= ends:
        faults.add(row.table.name, row.line, "valid_to", ends, "catalogue.dates_not_in_order", valid_from=begins)


def _check_posts(rows: Rows, faults: Faults) -> None:
    for row in rows.get("posts", []):
        code, centre = row.text("code"), row.text("centre")
        if code and centre and not re.fullmatch(re.escape(centre) + r"\.[a-z_]+(\.\d+)?", code, re.ASCII):
            faults.add("posts", row.line, "code", code, "catalogue.post_code", centre=centre)


def _check_sets(rows: Rows, faults: Faults) -> None:
    sets = rows.get("threshold_sets", [])
    in_force = [row for row in sets if row.values.get("in_force")]
    if sets and not in_force:
        faults.add("threshold_sets", 0, "in_force", "", "catalogue.no_set_in_force")
    for row in in_force[1:]:
        first = in_force[0].text("code")
        faults.add("threshold_sets", row.line, "in_force", "true", "catalogue.two_sets_in_force", first=first)


def _check_devices(rows: Rows, faults: Faults) -> None:
    """A place has both its degrees."""
    for row in rows.get("devices", []):
        if (row.figure("longitude") is None) != (row.figure("latitude") is None):
            missing = "latitude" if row.figure("latitude") is None else "longitude"
            faults.add("devices", row.line, missing, "", "catalogue.position_half")


def _check_channels(rows: Rows, index: Index, faults: Faults) -> None:
    devices, total = index.get("devices", {}), 0
    for row in rows.get("channels", []):
        device = devices.get(row.text("device"))
        expected = device.count("count", 1) if device else row.count("count", 1)
        total += expected
        if row.count("count", expected) != expected:
            told = {"device": row.text("device"), "count": expected}
            faults.add("channels", row.line, "count", str(row.values["count"]), "catalogue.channel_count", **told)
        low, high = row.figure("low"), row.figure("high")
        if low is not None and high is not None and low >= high:
            faults.add("channels", row.line, "high", f"{high:.12g}", "catalogue.range_not_in_order", low=f"{low:.12g}")
    if total > MOST_CHANNEL_NUMBERS:
        faults.add("channels", 0, "count", str(total), "catalogue.too_many_channels", most=MOST_CHANNEL_NUMBERS)


def _check_formulas(rows: Rows, index: Index, nearest: Nearest, faults: Faults) -> None:
    if "channels" not in index or "devices" not in index:
        return
    for row in rows.get("vitals", []):
        text = row.text("formula")
        if not text:
            continue
        try:
            formula = parse(text)
        except Refused as no:
            faults.add("vitals", row.line, "formula", text, no.reason.code, **no.reason.params)
            continue
        units = dict(_units(row, formula.channels, index, nearest, faults))
        if len(units) > 1:
            told = ", ".join(f"{code} [{unit}]" for unit, code in units.items())
            faults.add("vitals", row.line, "formula", text, "catalogue.units_mixed", units=told)


def _units(
    row: Row, channels: tuple[str, ...], index: Index, nearest: Nearest, faults: Faults
) -> Iterator[tuple[str, str]]:
    """Yield unit and code of each channel that exists; the others are faults."""
    for code in channels:
        channel, reason = _channel(code, index)
        if channel is not None and not reason:
            yield channel.text("unit"), code
            continue
        named = reference(code)
        suggestion = nearest.to(f"{named.device}.{named.quantity}", "channels") if channel is None else ""
        reason = "catalogue.channel_unknown_nearest" if suggestion else reason
        told = {"channel": code, "suggestion": suggestion}
        faults.add("vitals", row.line, "formula", row.text("formula"), reason, **told)


def _channel(code: str, index: Index) -> tuple[Row | None, str]:
    """Return the channel row a formula's code names, or the reason why there is none."""
    named = reference(code)
    device = index["devices"].get(named.device)
    channel = index["channels"].get(f"{named.device}.{named.quantity}")
    if device is None or channel is None:
        return None, "catalogue.channel_unknown"
    return channel, _member_fault(named.member, device.count("count", 1))


def _member_fault(member: int | None, count: int) -> str:
    if member is None:
        return "catalogue.channel_is_series" if count > 1 else ""
    if member != EVERY and count == 1:
        return "catalogue.channel_is_single"
    return "catalogue.channel_beyond_series" if member > count else ""
