"""Which vitals are the same thing in other districts: found by what they measure, never by a list of the city (V8)."""

from dataclasses import dataclass

from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.failure import Refused
from chengyun_core.model.formula import parse
from chengyun_core.model.scales import Level

MOST = 64
"""More places than this are not compared at once; the catalogue's order decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Numbers of the vitals compared, one per place, the asked one among them; `left_out` of their kind are not."""

    numbers: tuple[int, ...]
    left_out: int = 0


def family_of(names: Gazetteer, number: int) -> Family:
    """Return the vitals of the same sub-track, unit and shape of formula, one per district.

    Where all lie in one district (or the catalogue knows no districts) each vital is a place of its own.
    """
    asked = names.view.vital(number)
    near = [names.view.vital(n) for n in names.shown]
    near = [vital for vital in near if (vital.subtrack, vital.unit) == (asked.subtrack, asked.unit)]
    shape = shape_of(asked.formula)
    alike = [vital for vital in near if shape_of(vital.formula) == shape]
    chosen = _one_per_place(names, asked, alike)
    return Family(numbers=tuple(vital.number for vital in chosen[:MOST]), left_out=len(alike) - len(chosen[:MOST]))


def shape_of(formula: str) -> str:
    """Return a formula with its devices left out: `last(RAIN-1.rain_1h)` → `last(.rain_1h)`; itself when unreadable."""
    try:
        channels = parse(formula).channels
    except Refused:
        return formula
    for channel in sorted(channels, key=len, reverse=True):
        formula = formula.replace(channel, f".{channel.rpartition('.')[2]}")
    return formula


def place_of(names: Gazetteer, vital: Vital) -> str:
    """Return the code of the district a vital lies in; empty for one of the city as a whole."""
    code = vital.centre
    while (row := names.view.centre(code)) is not None and row.level is not Level.DISTRICT:
        if row.parent is None:
            return ""
        code = row.parent
    return code if names.view.centre(code) is not None else ""


def _one_per_place(names: Gazetteer, asked: Vital, alike: list[Vital]) -> list[Vital]:
    places: dict[str, list[Vital]] = {}
    for vital in alike:
        places.setdefault(place_of(names, vital) or f"vital {vital.number}", []).append(vital)
    if len(places) < 2:
        return [asked, *(vital for vital in alike if vital.number != asked.number)]
    own = place_of(names, asked) or f"vital {asked.number}"
    picked = [asked if place == own else _nearest(place, there) for place, there in places.items()]
    return sorted(picked, key=lambda vital: (vital.number != asked.number, vital.number))


def _nearest(place: str, there: list[Vital]) -> Vital:
    """Return the vital that stands for a district: its own before one of its towns, then the first."""
    return min(there, key=lambda vital: (vital.centre != place, vital.number))
