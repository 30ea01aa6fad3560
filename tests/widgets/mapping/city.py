"""Chongqing on the canvas: districts, rivers, 412 devices, 36 risk points, 24 forces, 118 cameras, an event.

Districts and rivers are those that ship; `raw` gives those of ../shared/data as they came: crossing themselves, GCJ-02.
"""

import json
from pathlib import Path

import numpy as np

from chengyun_core.geo.datum import to_ours
from chengyun_core.geo.projection import to_world
from chengyun_core.model.map_layer import Datum
from chengyun_resources import boundaries
from chengyun_widgets.mapping.layers import (
    Area,
    AreaLayer,
    Layer,
    LinkLayer,
    Mark,
    PlaceLabel,
    PointLayer,
    RingLayer,
    ShapeLayer,
    ShapePaths,
    ShapeStep,
    Sketch,
    SketchKind,
    SketchLayer,
)
from chengyun_widgets.mapping.styles import STYLES
from chengyun_widgets.mapping.view import Bounds, Floats

SHIPPED = Path(boundaries.__file__).parent
EVENT = (106.605, 29.615)
WORKS = (106.575, 29.562)
_GRAVE_RISKS = (
    ("东阳街道", 106.46, 29.83, 3), ("井盖 #20418", 106.90, 29.83, 1), ("磁器口", 106.45, 29.58, 2),
    ("大坪管廊", 106.515, 29.545, 3), ("鹅公岩大桥", 106.535, 29.485, 2),
)  # fmt: skip
_FORCES = (
    ("水上 07", 106.535, 29.67), ("医疗 12", 106.73, 29.65), ("排涝 05", 106.44, 29.598), ("消防 3-2", 106.67, 29.55),
)  # fmt: skip
_AREA = {"500109": 3, "500105": 4}
_SHORT = ("土家族苗族自治县", "苗族土家族自治县", "土家族自治县", "自治县", "区", "县")

Rings = list[tuple[int, bool, Floats]]


def world(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a place in world coordinates."""
    x, y = to_world(longitude, latitude)
    return float(x), float(y)


def districts(raw: Path | None = None) -> ShapeLayer:
    """Return the districts of the city, tinted where the event and a warning are."""
    codes, names, rings = _districts(raw)
    return ShapeLayer(
        code="districts", paths=paths(codes, rings), style=STYLES["district"], labels=_labels(codes, names, rings),
        tints=_AREA,
    )  # fmt: skip


def rivers(raw: Path | None = None) -> ShapeLayer:
    """Return the rivers."""
    file = SHIPPED / "rivers.geojson" if raw is None else raw / "rivers_chongqing" / "rivers.geojson"
    found: Rings = []
    for number, feature in enumerate(_features(file)):
        geometry = feature["geometry"]
        lines = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
        found += [(number, False, _world_of(np.array(line), Datum.WGS84)) for line in lines]
    codes = tuple(f"river {number}" for number in range(len(found)))
    return ShapeLayer(code="rivers", paths=paths(codes, found), style=STYLES["river"])


def devices(count: int = 412, seed: int = 7) -> PointLayer:
    """Return devices as quiet dots, spread about the city as people are."""
    rng = np.random.default_rng(seed)
    near = rng.random(count) < 0.45
    lon = np.where(near, rng.normal(106.55, 0.16, count), rng.uniform(105.9, 107.4, count))
    lat = np.where(near, rng.normal(29.58, 0.13, count), rng.uniform(28.9, 30.3, count))
    return points("devices", lon, lat, Mark.DEVICE, is_quiet=True, names=tuple(f"设备 {at}" for at in range(count)))


def risks() -> PointLayer:
    """Return the risk points, five of them abnormal."""
    rng = np.random.default_rng(11)
    quiet = 36 - len(_GRAVE_RISKS)
    lon = np.concatenate([[one[1] for one in _GRAVE_RISKS], rng.normal(106.6, 0.35, quiet)])
    lat = np.concatenate([[one[2] for one in _GRAVE_RISKS], rng.normal(29.6, 0.3, quiet)])
    severity = np.array([one[3] for one in _GRAVE_RISKS] + [0] * quiet, dtype=np.uint8)
    names = (*(one[0] for one in _GRAVE_RISKS), *(f"风险点 {at + 1}" for at in range(quiet)))
    return points("risks", lon, lat, Mark.RISK_POINT, severity=severity, names=names, is_clustered=True,
                  keeps_grave_apart=True)  # fmt: skip


def forces() -> PointLayer:
    """Return the forces: four on their way to the event, twenty at their stations."""
    rng = np.random.default_rng(5)
    lon = np.concatenate([[one[1] for one in _FORCES], rng.normal(106.55, 0.5, 20)])
    lat = np.concatenate([[one[2] for one in _FORCES], rng.normal(29.6, 0.45, 20)])
    names = (*(one[0] for one in _FORCES), *(f"力量 {at + 5:02}" for at in range(20)))
    return points("forces", lon, lat, Mark.FORCE, names=names, name_zoom=9.5)


def cameras() -> PointLayer:
    """Return the cameras, gathered where they are many."""
    rng = np.random.default_rng(3)
    lon, lat = rng.normal(106.55, 0.2, 118), rng.normal(29.57, 0.17, 118)
    names = tuple(f"摄像 {at + 1:03}" for at in range(118))
    return points("cameras", lon, lat, Mark.CAMERA, names=names, is_clustered=True)


def event() -> PointLayer:
    """Return the event in command."""
    return points("events", np.array([EVENT[0]]), np.array([EVENT[1]]), Mark.EVENT,
                  severity=np.array([4], np.uint8), names=("寸滩站",))  # fmt: skip


def rings() -> RingLayer:
    """Return circles of 2, 5 and 10 km round the event."""
    return RingLayer(code="rings", centre=world(*EVENT), radii_m=(2e3, 5e3, 10e3), labels=("2 km", "5 km", "10 km"))


def links() -> LinkLayer:
    """Return lines from the event to the forces on their way."""
    return LinkLayer(code="links", links=tuple((world(*EVENT), world(*one[1:])) for one in _FORCES))


def sketches() -> SketchLayer:
    """Return a closed way, an arrow, an area and a note."""

    def line(*places: tuple[float, float]) -> tuple[tuple[float, float], ...]:
        return tuple(world(*place) for place in places)

    return SketchLayer(
        code="sketches",
        sketches=(
            Sketch(id="a", kind=SketchKind.AREA, text="转移范围",
                   points=line((106.57, 29.60), (106.64, 29.605), (106.65, 29.635), (106.60, 29.65), (106.565, 29.63))),
            Sketch(id="c", kind=SketchKind.CLOSURE, text="滨江路封闭", severity=4,
                   points=line((106.56, 29.585), (106.59, 29.595), (106.63, 29.592))),
            Sketch(id="r", kind=SketchKind.ARROW, points=line((106.53, 29.665), (106.56, 29.65), (106.59, 29.625))),
            Sketch(id="n", kind=SketchKind.NOTE, text="集合点 · 学校操场", points=line((106.655, 29.645))),
        ),
    )  # fmt: skip


def warning() -> AreaLayer:
    """Return a warned area, hatched."""
    ring = tuple(world(*place) for place in ((106.30, 29.75), (106.52, 29.80), (106.50, 29.95), (106.33, 29.93)))
    return AreaLayer(
        code="warning", areas=(Area(id="w", rings=(ring,), severity=3, label="暴雨橙色预警", is_hatched=True),)
    )


def networks() -> tuple[ShapeLayer, ...]:
    """Return a made-up piece of street and pipe for every style of line, one of them broken."""
    lon, lat = WORKS
    made = []
    for number, key in enumerate(("river", "road", "rail", *(key for key in STYLES if key.startswith("pipe")), "zone")):
        south = lat + 0.0022 - number * 0.0006
        line = np.array([world(lon - 0.006 + at * 0.001, south + 0.0003 * np.sin(at)) for at in range(13)])
        side = np.array([world(lon - 0.004, south), world(lon - 0.004, south + 0.0005)])
        tints = {"main": 4} if key == "pipe_gas" else {}
        drawn = paths(("main", "side"), [(0, False, line), (1, False, side)])
        made.append(ShapeLayer(code=key, paths=drawn, style=STYLES[key], tints=tints, is_pickable=True))
    return tuple(made)


def every_mark() -> tuple[PointLayer, ...]:
    """Return every kind of mark in every severity, and a stale one of each."""
    made = []
    for row, mark in enumerate(Mark):
        lon = WORKS[0] + 0.0015 + np.arange(6) * 0.0008
        lat = np.full(6, WORKS[1] + 0.0020 - row * 0.0007)
        names = tuple(f"{mark} {at}" for at in range(6))
        level, stale = np.array([0, 1, 2, 3, 4, 4], np.uint8), np.array([False] * 5 + [True])
        made.append(points(f"m-{mark}", lon, lat, mark, severity=level, names=names, stale=stale))
    return tuple(made)


def works_bounds() -> Bounds:
    """Return some streets."""
    (west, south), (east, north) = world(WORKS[0] - 0.006, WORKS[1] - 0.0035), world(WORKS[0] + 0.007, WORKS[1] + 0.003)
    return Bounds(west, north, east, south)


def everything(raw: Path | None = None) -> tuple[Layer, ...]:
    """Return all layers of the command view, the ground first."""
    return (districts(raw), rivers(raw), devices(), rings(), links(), cameras(), risks(), forces(), event())


def command_bounds() -> Bounds:
    """Return what the drawing shows: the centre of the city."""
    (west, south), (east, north) = world(106.16, 29.32), world(107.02, 30.0)
    return Bounds(west, north, east, south)


def city_bounds() -> Bounds:
    """Return the whole city."""
    (west, south), (east, north) = world(105.28, 28.16), world(110.2, 32.21)
    return Bounds(west, north, east, south)


def points(
    code: str, longitude: Floats, latitude: Floats, mark: Mark, *, names: tuple[str, ...],
    severity: np.ndarray | None = None, **more: object,
) -> PointLayer:  # fmt: skip
    """Return a layer of points given in degrees."""
    x, y = to_world(longitude, latitude)
    level = np.zeros(len(x), np.uint8) if severity is None else severity
    ids = tuple(f"{code}-{at}" for at in range(len(x)))
    return PointLayer(code=code, x=x, y=y, severity=level, mark=mark, names=names, ids=ids, **more)  # type: ignore[arg-type]


def paths(codes: tuple[str, ...], parts: Rings) -> ShapePaths:
    """Return parts (feature, is it a ring, float64[n, 2] in world coordinates) in one step."""
    starts = np.concatenate([[0], np.cumsum([len(part[2]) for part in parts])]).astype(np.int64)
    step = ShapeStep(
        0.0, np.concatenate([part[2] for part in parts]) if parts else np.zeros((0, 2)), starts,
        np.array([part[0] for part in parts], np.int32), np.array([part[1] for part in parts], np.bool_),
    )  # fmt: skip
    return ShapePaths(codes, (step,))


def _districts(raw: Path | None) -> tuple[tuple[str, ...], tuple[str, ...], Rings]:
    shipped = SHIPPED / "districts_2023.geojson"
    file = shipped if raw is None else raw / "admin_chongqing" / "chongqing_districts.geojson"
    codes, names, found = [], [], []
    for number, feature in enumerate(_features(file)):
        codes.append(str(feature["properties"].get("code") or feature["id"]))
        names.append(feature["properties"]["name"])
        geometry, datum = feature["geometry"], Datum.WGS84 if raw is None else Datum.GCJ02
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        found += [(number, True, _world_of(np.array(ring)[:-1], datum)) for rings in polygons for ring in rings]
    return tuple(codes), tuple(names), found


def _features(file: Path) -> list[dict]:
    return json.loads(file.read_text("utf-8"))["features"]


def _world_of(degrees: Floats, datum: Datum) -> Floats:
    longitude, latitude = to_ours(degrees[:, 0], degrees[:, 1], datum)
    return np.stack(to_world(longitude, latitude), axis=1)


def _labels(codes: tuple[str, ...], names: tuple[str, ...], rings: Rings) -> tuple[PlaceLabel, ...]:
    """Return each district's name in the middle of its longest ring; small ones are named from nearer on."""
    made = []
    for number, (code, name) in enumerate(zip(codes, names, strict=True)):
        ring = max((part[2] for part in rings if part[0] == number), key=len)
        x, y = _middle(ring)
        wide = float(np.ptp(ring[:, 0]))
        made.append(
            PlaceLabel(id=code, text=_short(name), x=x, y=y, min_zoom=max(6.0, -11.2 + np.log2(1 / wide) * 1.65))
        )
    return tuple(made)


def _middle(ring: Floats) -> tuple[float, float]:
    """Return the centre of gravity of a ring."""
    following = np.roll(ring, -1, axis=0)
    cross = ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]
    x, y = ((ring + following) * cross[:, None]).sum(axis=0) / (3 * cross.sum())
    return float(x), float(y)


def _short(name: str) -> str:
    for end in _SHORT:
        if name.endswith(end) and len(name) > len(end) + 1:
            return name[: -len(end)]
    return name
