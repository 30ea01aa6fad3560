"""The page of the map with boundaries, rivers, a pipe, risk points, forces and an event; for walks and pictures."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtTest import QTest

from chengyun_console.maps.panel import MapPanel
from chengyun_console.pages.map.page import MapPage
from chengyun_core.model.device import DeviceState
from chengyun_core.model.drawing import Drawing, DrawingKind, Meaning
from chengyun_core.wire.map_asks import AskShapes, Layers, ShapesPart
from chengyun_core.wire.plan_asks import PointPlaces
from chengyun_core.wire.survey_asks import AskDensity, DensityView
from chengyun_core.wire.survey_cells import packed
from tests.console import event_samples
from tests.console.still_session import START_NS, S
from tests.support import map_samples

if TYPE_CHECKING:
    from tests.console.scenes import Stand

LEAST_TURNS = 24
RING = ((106.55, 29.56), (106.60, 29.56), (106.60, 29.60), (106.56, 29.61))


def page_of(at: "Stand") -> MapPage:
    """Return F5."""
    return at.window.stack.of(MapPage)


def bring(at: "Stand", *, layers: bool = True) -> MapPage:
    """Show F5 and answer what it asks until nothing is asked any more."""
    at.window.show_page("F5")
    settle(at, layers=layers)
    return page_of(at)


def settle(at: "Stand", *, layers: bool = True, panel: MapPanel | None = None) -> None:
    """Answer whatever a map asks, F5's when none is given, and let its jobs come back."""
    panel = panel or page_of(at).map
    made = [map_samples.districts(), map_samples.rivers(), map_samples.pipes()] if layers else []
    contents = {digest: data for _layer, held in made for digest, data in held.items()}
    told = Layers(layers=tuple(one for one, _held in made))
    for turn in range(60):
        for slot, (kind, body, _answer) in list(at.session.sent.asks.items()):
            if kind == "map.layers":
                at.session.answer_ask(slot, told)
            elif isinstance(body, AskShapes):
                data = contents[body.digest][body.offset : body.offset + body.length]
                part = ShapesPart(digest=body.digest, offset=body.offset, size=len(contents[body.digest]), data=data)
                at.session.answer_ask(slot, part)
            elif kind == "risk_point.places":
                at.session.answer_ask(slot, risk_points())
            elif isinstance(body, AskDensity):
                at.session.answer_ask(slot, density(body))
        QTest.qWait(10)
        at.beat()
        is_there = len(panel.maps.store.shapes) == len(made) and panel.maps.risks.places.codes
        # Each turn is a second of the city: always as many, or every clock in a stored picture would be another.
        if is_there and turn >= LEAST_TURNS:
            break
    at.beat()
    panel.canvas.settle()


def risk_points() -> PointPlaces:
    """Return risk points strewn over the city centre."""
    rng = np.random.default_rng(7)
    count = 300
    longitude, latitude = 106.55 + rng.normal(0, 0.25, count), 29.56 + rng.normal(0, 0.2, count)
    return PointPlaces(
        codes=tuple(f"FX-{at:04d}" for at in range(count)), names=tuple(f"风险点{at}" for at in range(count)),
        kinds=("隐患点",) * count, longitude=longitude.astype("<f8").tobytes(),
        latitude=latitude.astype("<f8").tobytes(), unplaced=3, library=1,
    )  # fmt: skip


def density(ask: AskDensity) -> DensityView:
    """Return counts in quad cells over what was asked, denser in its middle, one cell red."""
    zoom = int(np.log2(ask.width / (ask.right - ask.left)))
    side = 2.0**-zoom
    column, row = int(ask.left / side), int(ask.top / side)
    width, height = min(600, int(ask.right / side) - column + 1), min(450, int(ask.bottom / side) - row + 1)
    rng = np.random.default_rng(1)
    counts = rng.poisson(0.04, (height, width)).astype(np.uint32)
    worst = np.where(counts > 0, int(DeviceState.ONLINE), 0).astype(np.uint8)
    worst[height // 2, width // 2], counts[height // 2, width // 2] = int(DeviceState.RED), 9
    return DensityView(
        zoom=zoom, column=column, row=row, width=width, height=height, cells=packed(counts, worst), mark=1,
        counted=int(counts.sum()), placed=22_013_480, registered=22_013_480,
    )  # fmt: skip


def drawing(**told: object) -> Drawing:
    """Return an area somebody drew on the first event."""
    given: dict[str, object] = {
        "number": 1, "event": 1, "kind": DrawingKind.AREA, "meaning": Meaning.DANGER, "places": RING,
        "text": "沿江低洼段", "by": "officer", "at": START_NS - 600 * S, **told,
    }  # fmt: skip
    return Drawing(**given)  # type: ignore[arg-type]


def show_map(at: "Stand") -> None:
    """Show F5 with an event in focus."""
    event_samples.show_events(at, page="F5")
    first = next(iter(at.session.facts.events.values()))
    placed = replace(first, longitude=106.58, latitude=29.58, version=first.version + 1)
    at.session.put_fact("event", str(placed.number), placed, version=placed.version)
    at.session.put_fact("drawing", "1", drawing(event=placed.number), version=1)
    bring(at)
    at.desk.event_focus.select(placed.number)
    settle(at)


def show_bare(at: "Stand") -> None:
    """Show F5 as it stands without any base (M7)."""
    bring(at, layers=False)


MAP_SCENES: dict[str, Callable[["Stand"], None]] = {"F5": show_map, "F5 bare": show_bare}
