"""Layers of a map for tests and pictures: made of the shipped sketch, packed as a centre would hand them out."""

import hashlib
import json
from collections.abc import Iterable
from importlib import resources

import numpy as np

from chengyun_core.geo.shapes import AREA, LINE, POINT, Shapes, pack
from chengyun_core.model.map_layer import LayerKind, LayerLevel, MapLayer

Ring = list[list[float]]


def shapes_of(rows: Iterable[tuple[int, str, str, list[Ring], dict[str, str]]]) -> Shapes:
    """Return shapes of (kind, code, name, rings of one part, attributes)."""
    told = list(rows)
    rings = [ring for row in told for ring in row[3]]
    names = sorted({name for row in told for name in row[4]})
    return Shapes(
        kinds=np.array([row[0] for row in told], np.uint8), parts=np.arange(len(told) + 1, dtype=np.int64),
        rings=np.cumsum([0, *(len(row[3]) for row in told)], dtype=np.int64),
        points=np.cumsum([0, *(len(ring) for ring in rings)], dtype=np.int64),
        coords=np.array([corner for ring in rings for corner in ring], np.float64),
        codes=tuple(row[1] for row in told), names=tuple(row[2] for row in told),
        attributes={name: tuple(row[4].get(name, "") for row in told) for name in names},
    )  # fmt: skip


def layer(code: str, kind: LayerKind, shapes: Shapes, **told: object) -> tuple[MapLayer, dict[str, bytes]]:
    """Return a layer of one level, and its content by digest."""
    data = pack(shapes)
    digest = hashlib.sha256(data).hexdigest()
    level = LayerLevel(from_zoom=0, digest=digest, size=len(data))
    given: dict[str, object] = {
        "name": code, "schematic": True, "origin": "示例", "features": len(shapes), "bounds": shapes.bounds(),
        "levels": (level,), "sha256": digest, "size": len(data), "version": 1, **told,
    }  # fmt: skip
    return MapLayer(code=code, kind=kind, **given), {digest: data}  # type: ignore[arg-type]


def districts() -> tuple[MapLayer, dict[str, bytes]]:
    """Return the shipped sketch of the districts."""
    rows = []
    for feature in _features("districts_2025.geojson"):
        told, shape = feature["properties"], feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        rings = max(polygons, key=lambda polygon: len(polygon[0]))
        rows.append((AREA, str(told["code"]), str(told["name"]), rings, {}))
    return layer("districts", LayerKind.BOUNDARY, shapes_of(rows), name="区县界", style="district")


def rivers() -> tuple[MapLayer, dict[str, bytes]]:
    """Return the shipped sketch of the rivers."""
    rows = []
    for at, feature in enumerate(_features("rivers.geojson")):
        told, shape = feature["properties"], feature["geometry"]
        lines = [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
        rows.append((LINE, str(told.get("code", at)), str(told.get("name", "")), [max(lines, key=len)], {}))
    return layer("rivers", LayerKind.WATER, shapes_of(rows), name="江河", style="river")


def pipes() -> tuple[MapLayer, dict[str, bytes]]:
    """Return a pipe of two pieces with a valve between them, in Yuzhong."""
    told = {"from": "A", "to": "B", "owner": "示意供水公司", "material": "铸铁", "diameter_mm": "400", "laid": "1994"}
    rows = [
        (LINE, "GS001", "示意供水管001", [[[106.540, 29.556], [106.546, 29.556]]], told),
        (LINE, "GS002", "示意供水管002", [[[106.546, 29.556], [106.553, 29.553]]], told),
        (POINT, "FM001", "一号阀", [[[106.546, 29.556]]], {"kind": "valve"}),
    ]
    return layer("pipes", LayerKind.PIPELINE, shapes_of(rows), name="供水管线", style="pipe_supply")


def _features(name: str) -> list[dict[str, dict[str, object]]]:
    text = resources.files("chengyun_resources.boundaries").joinpath(name).read_text("utf-8")
    found: list[dict[str, dict[str, object]]] = json.loads(text)["features"]
    return found
