"""Questions about the map's layers: which there are, their bytes and tiles, how far roads lead, where pipes do."""

from pathlib import Path

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.geo.readers.mbtiles import TileFile
from chengyun_core.model.failure import Refused
from chengyun_core.model.map_layer import LayerKind, LayerNote, MapLayer, NoteGrade, holds_on
from chengyun_core.store import map_table
from chengyun_core.store.attachments import AttachmentStore
from chengyun_core.wire import codec
from chengyun_core.wire.map_asks import (
    MOST_TILES,
    PART,
    AskLayers,
    AskReach,
    AskShapes,
    AskTiles,
    AskTrace,
    Layers,
    Place,
    Reach,
    ReachRing,
    ShapesPart,
    Tiles,
    Trace,
)

MOST_RINGS = 6
LONGEST_MIN = 240.0
MOST_CLOSED = 500
_CODES_TOLD = 5000
"""Codes a trace tells of each sort; its metres are of all of them."""


def layers(desk: Desk, connection: Connection, ask: AskLayers) -> bytes:  # noqa: ARG001 - see HANDLERS
    """Answer `map.layers`."""
    found = map_table.layers(connection, retired=ask.retired)
    return codec.pack(Layers(layers=tuple(layer for layer, _ in found)))


def part(desk: Desk, connection: Connection, ask: AskShapes) -> bytes:
    """Answer `map.shapes`: bytes of a content that a layer has or had; of no other content."""
    size = map_table.size_of(connection, ask.digest)
    if size is None:
        raise Refused("map.content_unknown", digest=ask.digest[:64])
    if ask.offset < 0 or not 1 <= ask.length <= PART:
        raise Refused("ask.out_of_range", after=ask.offset, limit=ask.length, most=PART)
    data = store_of(desk).read(ask.digest, ask.offset, ask.length)
    return codec.pack(ShapesPart(digest=ask.digest, offset=ask.offset, size=size, data=data))


def tiles(desk: Desk, connection: Connection, ask: AskTiles) -> bytes:
    """Answer `map.tile`."""
    if not 1 <= len(ask.tiles) <= MOST_TILES:
        raise Refused("ask.out_of_range", after=0, limit=len(ask.tiles), most=MOST_TILES)
    layer = known(connection, ask.layer, LayerKind.TILES)
    with TileFile(content_of(desk, layer)) as file:
        return codec.pack(Tiles(pictures=tuple(file.tile(*one) for one in ask.tiles)))


def reach(desk: Desk, connection: Connection, ask: AskReach) -> bytes:
    """Answer `map.reach`: areas along roads where a layer has them, else circles that are said to be straight lines."""
    minutes = tuple(sorted(set(ask.minutes)))
    if not 1 <= len(minutes) <= MOST_RINGS or not all(0 < one <= LONGEST_MIN for one in minutes):
        raise Refused("map.reach_minutes", most=MOST_RINGS, longest=LONGEST_MIN)
    if not (abs(ask.longitude) <= 180 and abs(ask.latitude) <= 85) or not 0 < ask.speed_kmh <= 1000:
        raise Refused("map.zone_place", longitude=ask.longitude, latitude=ask.latitude)
    why = "map.reach_no_roads"
    for layer in _roads(desk, connection, ask.layer):
        found = _along(desk, layer, ask, minutes)
        if found is not None:
            return codec.pack(found)
        why = "map.reach_far_from_roads"
    circles = tuple(ReachRing(minutes=one, radius_m=ask.speed_kmh / 60 * one * 1000) for one in minutes)
    return codec.pack(Reach(by_roads=False, rings=circles, why=why))


def trace(desk: Desk, connection: Connection, ask: AskTrace) -> bytes:
    """Answer `map.trace`."""
    # Geometry is loaded by the first question about it: a centre that is asked none starts without.
    from chengyun_core.centre.map_contents import network_at  # noqa: PLC0415
    from chengyun_core.geo.network import traced  # noqa: PLC0415

    if len(ask.closed) > MOST_CLOSED:
        raise Refused("ask.out_of_range", after=0, limit=len(ask.closed), most=MOST_CLOSED)
    network = network_at(content_of(desk, known(connection, ask.layer, LayerKind.PIPELINE)))
    found = traced(network, ask.feature, ask.closed)
    notes = tuple(LayerNote(grade=NoteGrade.TOLD, feature=0, code=code, params={}) for code in found.faults)
    return codec.pack(
        Trace(
            up=found.up[:_CODES_TOLD], down=found.down[:_CODES_TOLD], isolated=found.isolated[:_CODES_TOLD],
            valves=found.valves[:_CODES_TOLD], cut_off=found.cut_off[:_CODES_TOLD],
            customers=found.customers[:_CODES_TOLD], fed_still=found.fed_still[:_CODES_TOLD], metres=found.metres,
            notes=notes,
        )
    )  # fmt: skip


def known(connection: Connection, code: str, kind: LayerKind) -> MapLayer:
    """Return a layer on the map; raise Refused `map.layer_unknown`, `map.layer_kind`."""
    layer = map_table.get(connection, code)
    if layer is None or layer.retired:
        raise Refused("map.layer_unknown", layer=code[:64])
    if layer.kind is not kind:
        raise Refused("map.layer_kind", layer=code[:64], kind=layer.kind.value, wanted=kind.value)
    return layer


def content_of(desk: Desk, layer: MapLayer) -> Path:
    """Return where the finest content of a layer lies."""
    return store_of(desk).path(layer.sha256)


def store_of(desk: Desk) -> AttachmentStore:
    """Return the store of contents; raise Refused when this centre keeps none."""
    if desk.files is None:
        raise Refused("attachment.no_store")
    return desk.files


def _roads(desk: Desk, connection: Connection, wanted: str) -> list[MapLayer]:
    """Return the layer of roads that was asked for, or all that hold today, surveyed ones first."""
    if wanted:
        return [known(connection, wanted, LayerKind.ROAD)]
    day = desk.shown(desk.clock.utc_ns())[:10]
    found = [one for one, _ in map_table.layers(connection) if one.kind is LayerKind.ROAD and holds_on(one, day)]
    return sorted(found, key=lambda one: (one.schematic, one.code))


def _along(desk: Desk, layer: MapLayer, ask: AskReach, minutes: tuple[float, ...]) -> Reach | None:
    """Return the areas along the roads of a layer; None when it has no road near the place, or is no graph."""
    from chengyun_core.centre.map_contents import roads_at  # noqa: PLC0415 - as in `trace`
    from chengyun_core.geo import road_graph  # noqa: PLC0415

    try:
        graph = roads_at(content_of(desk, layer))
    except Refused as refused:
        if refused.reason.code == "map.no_roads" and not ask.layer:
            return None
        raise
    _, metres = road_graph.snapped(graph, ask.longitude, ask.latitude)
    if metres > road_graph.FARTHEST_M:
        return None
    found = road_graph.isochrones(graph, ask.longitude, ask.latitude, minutes, towards=ask.towards)
    rings = tuple(
        ReachRing(minutes=one.minutes, rings=tuple(_places(ring) for ring in one.rings), nodes=one.nodes)
        for one in found
    )
    return Reach(
        by_roads=True, layer=layer.code, schematic=layer.schematic, snapped_m=round(metres, 1), rings=rings
    )  # fmt: skip


def _places(ring: object) -> tuple[Place, ...]:
    import numpy as np  # noqa: PLC0415 - as in `trace`

    return tuple((round(x, 6), round(y, 6)) for x, y in np.asarray(ring, dtype=np.float64).tolist())
