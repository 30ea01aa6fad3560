"""Which vitals are pinned and in which order: the master's choice, and what an officer does to it. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from chengyun_console.layouts.masters import Master
from chengyun_console.layouts.overlay import MOST_PINS, SIZES, Pin
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.failure import Refused

Pins = tuple[Pin, ...]


def of_master(master: Master, view: CatalogueView, *, centre: str, sector: str) -> Pins:
    """Return the charts a master pins: those of its area or sector first, by the catalogue's rank, then the others.

    Where the catalogue ranks too few in the area or sector, its vitals of the gravest consequence fill up.
    """
    ranked = [view.vital(number) for number in view.pinned]
    near = _near(master, view, centre=centre, sector=sector)
    own = [vital for vital in ranked if near and vital.code in near]
    filled = sorted((near[code] for code in near), key=lambda vital: (-vital.consequence, vital.number))
    chosen = dict.fromkeys(vital.code for vital in (*own, *filled, *ranked))
    return tuple(Pin(vital=code) for code in list(chosen)[: master.row.charts])


def _near(master: Master, view: CatalogueView, *, centre: str, sector: str) -> dict[str, Vital]:
    match master.row.pinned:
        case "area":
            places = {row.code for row in view.catalogue.centres if centre in (row.code, row.parent)}
            return {vital.code: vital for vital in view.shown if vital.centre in places}
        case "sector":
            below = _vitals_of_sector(view, sector)
            return {vital.code: vital for vital in view.shown if vital.number in below}
    return {}


def _vitals_of_sector(view: CatalogueView, sector: str) -> frozenset[int]:
    node = next((node for node in view.tree.sectors.nodes if node.code == sector), None)
    return frozenset(view.vitals_of(node).tolist()) if node else frozenset()


def moved(pins: Pins, vital: str, to: int, *, kept: int) -> Pins:
    """Return the charts with one of them brought to place `to`, never before or out of the kept ones."""
    at = place(pins, vital, kept=kept)
    rest = [*pins[:at], *pins[at + 1 :]]
    rest.insert(max(kept, min(to, len(rest))), pins[at])
    return tuple(rest)


def added(pins: Pins, vital: str) -> Pins:
    """Return the charts with another one at the end.

    Raises:
        Refused: it is there already, or there is no room for more.
    """
    if any(pin.vital == vital for pin in pins):
        raise Refused("console.layout.pinned_already")
    if len(pins) >= MOST_PINS:
        raise Refused("console.layout.full", most=str(MOST_PINS))
    return (*pins, Pin(vital=vital))


def removed(pins: Pins, vital: str, *, kept: int) -> Pins:
    """Return the charts without one."""
    at = place(pins, vital, kept=kept)
    return (*pins[:at], *pins[at + 1 :])


def sized(pins: Pins, vital: str, size: int) -> Pins:
    """Return the charts with one of another size (cells: 1, 2 or 4)."""
    if size not in SIZES:
        raise ValueError(f"size {size}; one of {SIZES}")
    return tuple(replace(pin, size=size) if pin.vital == vital else pin for pin in pins)


def named(pins: Pins, names: Iterable[tuple[str, str]]) -> Pins:
    """Return the charts with the names of now, so that a vital that leaves the catalogue can still be named."""
    known = dict(names)
    return tuple(replace(pin, name=known.get(pin.vital, pin.name)) for pin in pins)


def place(pins: Pins, vital: str, *, kept: int) -> int:
    """Return where an officer's own chart stands.

    Raises:
        Refused: it is not pinned, or the master keeps it where it is.
    """
    at = next((at for at, pin in enumerate(pins) if pin.vital == vital), -1)
    if at < 0:
        raise Refused("console.layout.not_pinned")
    if at < kept:
        raise Refused("console.layout.chart_locked", kept=str(kept))
    return at
