"""A risk point as it is written: its fields as texts, read back, every fault at its field. No Qt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import RiskPoint
from chengyun_core.model.plan_conditions import figure_of

FIELDS = ("code", "name", "kind", "centre", "longitude", "latitude", "owner_post", "attributes", "vitals")
MANY = frozenset({"attributes", "vitals"})
"""Fields with a line for each."""
_EQUALS = str.maketrans({0xFF1D: "="})
Named = Iterable[tuple[str, tuple[str, ...]]]
"""Codes with the names each may be called by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPoint:
    """What the fields say; `faults` by field. The point is there only when it can be sent."""

    point: RiskPoint | None
    faults: Mapping[str, Reason]


def texts_of(point: RiskPoint, names: Gazetteer | None) -> dict[str, str]:
    """Return a point as the fields show it: codes with their names behind them."""
    return {
        "code": point.code, "name": point.name, "kind": point.kind,
        "centre": _coded(point.centre, names.place(point.centre) if names else ""),
        "longitude": _figure(point.longitude), "latitude": _figure(point.latitude),
        "owner_post": _coded(point.owner_post, names.who(point.owner_post) if names else ""),
        "attributes": "\n".join(f"{code}={text}" for code, text in point.attributes.items()),
        "vitals": "\n".join(point.vitals),
    }  # fmt: skip


def read(texts: Mapping[str, str], names: Gazetteer | None) -> ReadPoint:
    """Return what the fields say. A name that one row of the catalogue has may stand for its code."""
    faults: dict[str, Reason] = {}
    for name in ("code", "name", "kind", "centre"):
        if not texts.get(name, "").strip():
            faults[name] = Reason(code="console.points.missing")
    centre = _one(texts.get("centre", ""), _centres(names), "plan.point_centre", "centre", faults)
    owner = _one(texts.get("owner_post", ""), _posts(names), "console.points.no_post", "owner_post", faults)
    attributes = _attributes(texts.get("attributes", ""), faults)
    vitals = _vitals(texts.get("vitals", ""), names, faults)
    longitude, latitude = _degrees(texts, "longitude", 180.0, faults), _degrees(texts, "latitude", 90.0, faults)
    if (longitude is None) is not (latitude is None) and not {"longitude", "latitude"} & faults.keys():
        faults["latitude"] = Reason(code="plan.half_a_place")
    if faults:
        return ReadPoint(point=None, faults=faults)
    point = RiskPoint(
        code=texts["code"].strip(), name=texts["name"].strip(), centre=centre, kind=texts["kind"].strip(),
        longitude=longitude, latitude=latitude, attributes=attributes, vitals=vitals, owner_post=owner,
    )  # fmt: skip
    return ReadPoint(point=point, faults={})


def _coded(code: str, name: str) -> str:
    return f"{code} {name}" if name and name != code else code


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _one(text: str, rows: Named, unknown: str, field: str, faults: dict[str, Reason]) -> str:
    """Return the code that a text names: by itself, by its first word, or by a name only one row has."""
    said = " ".join(text.split())
    if not said:
        return ""
    known = dict(rows)
    first = said.partition(" ")[0]
    if first in known or not known:
        return first
    found = [code for code, names in known.items() if said in names]
    if len(found) == 1:
        return found[0]
    code = unknown if not found else "console.points.several"
    faults.setdefault(field, Reason(code=code, params={"centre": said, "name": said, "codes": ", ".join(found[:5])}))
    return ""


def _centres(names: Gazetteer | None) -> Named:
    rows = names.view.catalogue.centres if names is not None else ()
    return ((row.code, (row.name, names.place(row.code) if names is not None else "")) for row in rows)


def _posts(names: Gazetteer | None) -> Named:
    city = names.view.catalogue if names is not None else None
    if city is None:
        return ()
    return (*((row.code, (row.name,)) for row in city.posts), *((row.code, (row.name,)) for row in city.units))


def _attributes(text: str, faults: dict[str, Reason]) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, line in enumerate(text.translate(_EQUALS).splitlines(), 1):
        code, sign, value = (part.strip() for part in line.partition("="))
        if sign and code and value and " " not in code:
            found[code] = value
        elif line.strip():
            told = {"line": str(place), "part": line.strip()}
            faults.setdefault("attributes", Reason(code="console.points.attribute", params=told))
    return found


def _vitals(text: str, names: Gazetteer | None, faults: dict[str, Reason]) -> tuple[str, ...]:
    known = {row.code for row in names.view.catalogue.vitals} if names is not None else set()
    by_name = {row.name: row.code for row in names.view.catalogue.vitals} if names is not None else {}
    found: list[str] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        code = line if line in known or not known else by_name.get(line, "")
        if code:
            found.append(code)
        else:
            faults.setdefault("vitals", Reason(code="plan.point_vital", params={"vital": line}))
    return tuple(dict.fromkeys(found))


def _degrees(texts: Mapping[str, str], field: str, most: float, faults: dict[str, Reason]) -> float | None:
    text = texts.get(field, "").strip()
    if not text:
        return None
    found = figure_of(text)
    if found is None or abs(found) > most:
        faults[field] = Reason(code="console.points.degrees", params={"most": f"{most:g}", "value": text})
        return None
    return found
