"""Areas and lines on the map: official warnings, rings of reach, ways to the forces, drawings on events."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from chengyun_console.maps.place_book import world
from chengyun_console.maps.presets import Show
from chengyun_core.geo.projection import to_world
from chengyun_core.model.drawing import Drawing
from chengyun_core.model.warning import OfficialWarning, WarningState
from chengyun_core.wire.map_asks import Place, Reach
from chengyun_widgets.mapping.layers import (
    Area,
    AreaLayer,
    LinkLayer,
    RingLayer,
    Sketch,
    SketchKind,
    SketchLayer,
    World,
)
from chengyun_widgets.mapping.measure import circle

RADII_M = (2_000.0, 5_000.0, 10_000.0)
"""Of the rings round the event in focus, as the drawing has them."""


def warning_areas(warnings: Iterable[OfficialWarning], titles: Mapping[int, str]) -> AreaLayer:
    """Return the areas of the warnings in force; hatched, so that they are never taken for an area that alarms.

    One area for each outline: of two that lie over each other the odd-even rule would make a hole. The one with the
    most corners bears the name.
    """
    areas: list[Area] = []
    for one in warnings:
        rings = warning_rings(one) if one.state is WarningState.IN_FORCE else ()
        named = max(rings, key=len, default=())
        areas += [
            Area(
                id=f"warning:{one.number}", rings=(each,), severity=int(one.colour),
                label=titles.get(one.number, "") if each is named else "", is_hatched=True,
            )
            for each in rings
        ]  # fmt: skip
    return AreaLayer(code=Show.WARNINGS, areas=tuple(areas), is_pickable=True)


def warning_rings(one: OfficialWarning) -> tuple[tuple[World, ...], ...]:
    """Return the polygons and circles of a warning; empty where it names places only."""
    polygons = [ring(polygon.ring) for polygon in one.area.polygons]
    circles = [
        tuple(map(tuple, circle(world(longitude, latitude), km * 1000.0).tolist()))
        for longitude, latitude, km in one.area.circles
        if km > 0
    ]
    return (*polygons, *circles)


def ring(places: Sequence[Place]) -> tuple[World, ...]:
    """Return places in degrees as world coordinates."""
    at = np.array(places, np.float64).reshape(len(places), 2)
    x, y = to_world(at[:, 0], at[:, 1])
    return tuple(zip(x.tolist(), y.tolist(), strict=True))


def focus_rings(at: World, labels: Sequence[str]) -> RingLayer:
    """Return the rings round the event in focus."""
    return RingLayer(code=Show.RINGS, centre=at, radii_m=RADII_M, labels=tuple(labels))


def links(at: World, ends: Iterable[World]) -> LinkLayer:
    """Return the lines from the event in focus to the forces that are sent to it."""
    return LinkLayer(code="links", links=tuple((at, end) for end in ends))


def reach_areas(reach: Reach, labels: Sequence[str]) -> AreaLayer:
    """Return how far one comes along roads, the farthest first, so that the nearer lie above."""
    rows = list(zip(reach.rings, labels, strict=True))
    areas = [
        Area(id=f"reach:{one.minutes:g}", rings=tuple(ring(each) for each in one.rings), label=label)
        for one, label in reversed(rows)
        if one.rings
    ]
    return AreaLayer(code="reach", areas=tuple(areas))


def reach_rings(reach: Reach, at: World, labels: Sequence[str]) -> RingLayer | None:
    """Return the honest circles of a reach without roads; None where there are roads."""
    rows = [(one.radius_m, label) for one, label in zip(reach.rings, labels, strict=True) if one.radius_m > 0]
    if not rows:
        return None
    radii, words = zip(*rows, strict=True)
    return RingLayer(code="reach", centre=at, radii_m=radii, labels=words)


def sketches(drawings: Iterable[Drawing], texts: Mapping[int, str]) -> SketchLayer:
    """Return drawings with what is written at each."""
    made = [
        Sketch(
            id=f"drawing:{one.number}", kind=SketchKind(one.kind.value), points=ring(one.places),
            text=texts.get(one.number, one.text),
        )
        for one in sorted(drawings, key=lambda one: one.number)
    ]  # fmt: skip
    return SketchLayer(code=Show.DRAWINGS, sketches=tuple(made))
