"""Tests of the map's layers in the centre: taken in, told, given out by digest, asked, taken off; who may."""

import hashlib
import io
import json
import math
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chengyun_core.centre import map_layers
from chengyun_core.geo import shapes
from chengyun_core.model.camera import Camera
from chengyun_core.model.map_commands import ImportLayer, RetireLayer
from chengyun_core.model.map_layer import Datum, LayerKind, MapLayer
from chengyun_core.model.plan import RiskPoint
from chengyun_core.model.plan_commands import SavePoint
from chengyun_core.model.rights import Label
from chengyun_core.model.rights_commands import SetClearance, SetLabel
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import Polygon
from chengyun_core.model.warning_commands import IssueWarning
from chengyun_core.model.warning_line import reason_of
from chengyun_core.store.attachments import AttachmentStore
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Hello, Snapshot
from chengyun_core.wire.event_asks import AskUpload, UploadHeld, UploadPart
from chengyun_core.wire.map_asks import (
    AskLayers,
    AskReach,
    AskShapes,
    AskTiles,
    AskTrace,
    AskWithin,
    Layers,
    Reach,
    ShapesPart,
    Tiles,
    Trace,
    Within,
)
from chengyun_resources import boundaries
from tests.core.centre.event_room import CITY_UNIT, asked, opened, peopled_city, refused
from tests.core.centre.room import ADMIN_KEY, NOON_NS, Room
from tests.support import surveyed_here

EAST, NORTH = 106.5443, 29.5628
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


@pytest.fixture
def mapped(room: Room, monkeypatch: pytest.MonkeyPatch) -> tuple[Room, str]:
    """A room whose files are read in this process, and the session of an officer."""
    monkeypatch.setattr(map_layers.apart, "read", surveyed_here.read)
    made = peopled_city()
    units = tuple(
        replace(unit, longitude=EAST + 0.001, latitude=NORTH) if unit.code == CITY_UNIT else unit for unit in made.units
    )
    cameras = (
        Camera(code="C1", name="嘉西村口", centre="500103", longitude=EAST, latitude=NORTH + 0.001),
        Camera(code="C2", name="密", centre="500103", longitude=EAST, latitude=NORTH, label=Label.HIDE),
        Camera(code="C3", name="无处", centre="500103"),
    )
    room.adopt(replace(made, units=units, cameras=cameras))
    return room, room.officer("li")


def _upload(room: Room, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    part = UploadPart(digest=digest, size=len(data), offset=0, data=data)
    asked(room, ADMIN_KEY, "attachment.part", part, UploadHeld)
    return digest


def _points(*places: tuple[float, float], names: tuple[str, ...] = ()) -> bytes:
    features = [
        {"type": "Feature", "properties": {"code": f"S{number}", "name": names[number] if names else ""},
         "geometry": {"type": "Point", "coordinates": place}}
        for number, place in enumerate(places)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _command(room: Room, data: bytes, **told: Any) -> ImportLayer:
    fields = {"code": "shelters", "name": "避难场所", "kind": LayerKind.PLACE, "file": "shelters.geojson", **told}
    return ImportLayer(digest=_upload(room, data), size=len(data), **fields)


def _imported(room: Room, data: bytes, **told: Any) -> MapLayer:
    command = _command(room, data, **told)
    room.done(command, ADMIN_KEY)
    return next(one for one in _layers(room) if one.code == command.code)


def _layers(room: Room, *, retired: bool = False) -> tuple[MapLayer, ...]:
    return asked(room, ADMIN_KEY, "map.layers", AskLayers(retired=retired), Layers).layers


def _zipped(code: str) -> bytes:
    files = next(one.files for one in boundaries.shipped() if one.code == code)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened_zip:
        for file in files:
            opened_zip.write(file, file.name)
    return target.getvalue()


def test_that_a_layer_is_told_to_every_screen_and_its_bytes_come_in_parts(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    made = _imported(
        room, _points((EAST, NORTH), (EAST, 999)), datum=Datum.GCJ02, source_error_m=5.0,
        approval_number="渝S(2026)001号", licence="CC0", origin="测试", searchable=("code",),
    )  # fmt: skip
    assert (made.features, made.refused, made.error_m, made.approval_number) == (1, 1, 15.0, "渝S(2026)001号")
    assert [one.code for one in made.notes] == ["map.note_out_of_range"]
    assert (made.style, made.version, made.imported_by) == ("place", 1, "local-admin")
    snapshot = codec.unpack(room.ask("snapshot", Hello(protocol=1, client="t"), li).body, Snapshot)
    told = [codec.unpack(one.record, MapLayer) for one in snapshot.records if one.kind == "map_layer"]
    assert told == [made]
    level = made.levels[-1]
    data = b"".join(
        asked(room, li, "map.shapes", AskShapes(digest=level.digest, offset=at, length=100), ShapesPart).data
        for at in range(0, level.size, 100)
    )
    assert hashlib.sha256(data).hexdigest() == level.digest == made.sha256
    assert shapes.unpack(data).codes == ("S0",)


def test_that_only_contents_of_layers_are_given_out(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    secret = _upload(room, b"attachment of an event")
    assert room.ask("map.shapes", AskShapes(digest=secret), li).code == "map.content_unknown"
    made = _imported(room, _points((EAST, NORTH)))
    assert room.ask("map.shapes", AskShapes(digest=made.sha256, length=0), li).code == "ask.out_of_range"


def test_that_a_layer_is_replaced_as_it_was_seen_and_its_earlier_content_stays_readable(
    mapped: tuple[Room, str],
) -> None:
    room, li = mapped
    first = _imported(room, _points((EAST, NORTH)))
    again = _command(room, _points((EAST, NORTH), (EAST + 1, NORTH)))
    assert refused(room, ADMIN_KEY, again).code == "map.changed"
    room.done(replace(again, version=1), ADMIN_KEY)
    (second,) = _layers(room)
    assert (second.version, second.features) == (2, 2)
    old = asked(room, li, "map.shapes", AskShapes(digest=first.sha256), ShapesPart)
    assert len(shapes.unpack(old.data)) == 1


def test_that_trying_tells_the_report_and_writes_nothing(mapped: tuple[Room, str]) -> None:
    room, _ = mapped
    done = room.done(_command(room, _points((EAST, NORTH), (EAST, 999)), try_only=True), ADMIN_KEY)
    assert done.version == 1
    reason = reason_of(done.warnings[0])
    assert (reason.code, reason.params["feature"], reason.params["grade"]) == ("map.note_out_of_range", "2", "refused")
    assert _layers(room) == ()


def test_that_a_layer_taken_off_is_gone_from_screens_and_stays_in_the_list_of_all(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    _imported(room, _points((EAST, NORTH)))
    retire = RetireLayer(code="shelters", version=1, reason="过期")
    assert refused(room, li, retire).code.startswith("permission.")
    assert refused(room, ADMIN_KEY, replace(retire, reason=" ")).code == "text.missing.reason"
    room.done(retire, ADMIN_KEY)
    assert _layers(room) == ()
    assert [one.retired for one in _layers(room, retired=True)] == [True]
    assert refused(room, ADMIN_KEY, replace(retire, version=2)).code == "map.layer_unknown"
    snapshot = codec.unpack(room.ask("snapshot", Hello(protocol=1, client="t"), li).body, Snapshot)
    assert [one for one in snapshot.records if one.kind == "map_layer"] == []


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"code": "../x"}, "map.code_faulty"),
        ({"name": " "}, "text.missing.name"),
        ({"valid_from": "2025-13-01"}, "map.day_faulty"),
        ({"valid_to": "20251106"}, "map.day_faulty"),
        ({"min_zoom": 9, "max_zoom": 3}, "map.zoom_range"),
        ({"source_error_m": float("inf")}, "map.error_range"),
        ({"kind": LayerKind.TILES}, "map.kind_of_file"),
        ({"file": "a.dwg"}, "map.ending_unknown"),
        ({"file": "a.csv"}, "map.no_place_columns"),
        ({"digest": "0" * 64}, "attachment.incomplete"),
    ],
)
def test_that_what_is_wrong_with_an_import_is_told(mapped: tuple[Room, str], told: dict[str, Any], code: str) -> None:
    room, _ = mapped
    command = _command(room, _points((EAST, NORTH)))
    assert refused(room, ADMIN_KEY, replace(command, **told)).code == code
    assert _layers(room, retired=True) == ()


def test_that_an_officer_reads_the_map_and_changes_no_layer(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    assert refused(room, li, _command(room, _points((EAST, NORTH)))).code.startswith("permission.")
    editor = room.officer("editor", "500000.catalogue_editor", seat="A-03")
    assert room.do(_command(room, _points((EAST, NORTH))), editor).outcome == "done"


def _point(code: str, east: float, north: float, **attributes: str) -> SavePoint:
    held = RiskPoint(
        code=code, name=f"点{code}", centre="500103", kind="pipe", longitude=east, latitude=north, attributes=attributes
    )
    return SavePoint(point=held)


def test_that_what_and_who_is_within_is_counted_and_listed_the_nearest_first(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    editor = room.officer("planner", "500000.plan_editor", seat="A-03")
    for one in (
        _point("P1", EAST, NORTH, people="300"), _point("P2", EAST + 0.002, NORTH), _point("P3", EAST + 1, NORTH),
        _point("P4", EAST, NORTH + 0.002, people="很多"),
    ):  # fmt: skip
        room.done(one, editor)
    opened(room, li, longitude=EAST, latitude=NORTH + 0.003)
    opened(room, li, title="没有位置")
    _imported(room, _points((EAST, NORTH), (EAST + 1, NORTH), names=("嘉西小学", "远处")))
    ask = AskWithin(longitude=EAST, latitude=NORTH, radius_m=1000.0)
    found = asked(room, li, "map.within", ask, Within)
    assert found.counts == {"risk_point": 3, "unit": 1, "event": 1, "camera": 1, "feature": 1}
    assert found.sorts["risk_point"] == {"pipe": 3}
    assert (found.people, found.people_known) == (300, 1)
    assert found.unplaced == {"unit": 2, "event": 1, "camera": 1}
    assert [(one.kind, one.key) for one in found.found][:2] == [("feature", "shelters/S0"), ("risk_point", "P1")]
    assert [one.metres for one in found.found] == sorted(one.metres for one in found.found)
    names = {one.key: one.name for one in found.found}
    assert names["shelters/S0"] == "嘉西小学"
    assert "密" not in names.values()
    assert found.area_km2 == pytest.approx(3.1416, abs=1e-3)
    few = asked(room, li, "map.within", replace(ask, limit=1), Within)
    assert (few.counts["risk_point"], [one.key for one in few.found if one.kind == "risk_point"]) == (3, ["P1"])


def test_that_a_polygon_holds_what_it_goes_round(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    ring = ((EAST - 0.0005, NORTH - 0.01), (EAST + 0.0005, NORTH - 0.01), (EAST, NORTH + 0.01))
    found = asked(room, li, "map.within", AskWithin(ring=ring), Within)
    assert {one.key for one in found.found} == {"C1"}
    assert room.ask("map.within", AskWithin(ring=ring[:2]), li).code == "map.zone_corners"
    assert room.ask("map.within", AskWithin(longitude=EAST, latitude=NORTH), li).code == "map.zone_radius"
    assert room.ask("map.within", AskWithin(ring=ring, limit=0), li).code == "ask.out_of_range"


def test_that_a_warning_holds_what_any_of_its_outlines_goes_round_once(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    editor = room.officer("planner", "500000.plan_editor", seat="A-03")
    for code, east in (("P1", EAST), ("P2", EAST + 0.02), ("P3", EAST + 1)):
        room.done(_point(code, east, NORTH), editor)
    # The second lies over the first; the third is elsewhere.
    outlines = (_square(EAST, 0.001), _square(EAST, 0.002), _square(EAST + 0.02, 0.001))
    number = int(room.done(_warned(*outlines), li).key)
    found = asked(room, li, "map.within", AskWithin(warning=number), Within)
    points = [one.key for one in found.found if one.kind == "risk_point"]
    assert (found.counts["risk_point"], sorted(points)) == (2, ["P1", "P2"])
    ground_km2 = (0.004**2 + 0.002**2) * 111.195**2 * math.cos(math.radians(NORTH))
    assert found.area_km2 == pytest.approx(ground_km2, rel=0.01), "what lies under two outlines is counted once"
    assert room.ask("map.within", AskWithin(warning=number + 1), li).code == "warning.unknown"
    by_name = int(room.done(_warned(), li).key)
    assert room.ask("map.within", AskWithin(warning=by_name), li).code == "map.zone_corners"


def _square(east: float, half: float) -> Polygon:
    corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    return Polygon(ring=tuple((east + x, NORTH + y) for x, y in corners))


def _warned(*outlines: Polygon) -> IssueWarning:
    return IssueWarning(
        centre="500000", category="rainstorm", colour=WarningColour.ORANGE, headline="暴雨橙色预警", starts_at=NOON_NS,
        expires_at=NOON_NS + 3600 * 10**9, area_text="渝中区", polygons=outlines, centres=("500103",),
        notice="强降雨", measures="转移",
    )  # fmt: skip


def test_that_a_hidden_event_is_not_within_for_who_is_not_cleared(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    chief = room.officer("chief", "500000.watch_chief", seat="A-02")
    room.done(SetClearance(account="chief", clearance=Label.HIDE, reason="指挥"), ADMIN_KEY)
    opened(room, chief, longitude=EAST, latitude=NORTH, title="机密")
    ask = AskWithin(longitude=EAST, latitude=NORTH, radius_m=500.0)
    for label in (Label.HIDE, Label.DIM):
        room.done(SetLabel(kind="event", key="1", label=label, reason="涉密"), chief)
        assert asked(room, li, "map.within", ask, Within).counts["event"] == 0
        assert asked(room, chief, "map.within", ask, Within).counts["event"] == 1


def test_that_without_roads_there_are_honest_circles(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    found = asked(room, li, "map.reach", AskReach(longitude=EAST, latitude=NORTH, minutes=(10.0, 5.0)), Reach)
    assert (found.by_roads, found.why) == (False, "map.reach_no_roads")
    assert [(one.minutes, one.radius_m) for one in found.rings] == [(5.0, 2500.0), (10.0, 5000.0)]
    for bad in ((), (0.0,), (1.0,) * 3 + (2.0, 3.0, 4.0, 5.0, 6.0, 7.0), (500.0,)):
        assert (
            room.ask("map.reach", AskReach(longitude=EAST, latitude=NORTH, minutes=bad), li).code == "map.reach_minutes"
        )
    assert room.ask("map.reach", AskReach(longitude=999, latitude=NORTH), li).code == "map.zone_place"


def test_that_roads_give_areas_and_a_place_far_from_them_circles(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    fields = {"code": "roads", "name": "路", "kind": LayerKind.ROAD, "file": "roads.zip", "schematic": True}
    _imported(room, _zipped("roads"), **fields)
    found = asked(room, li, "map.reach", AskReach(longitude=EAST, latitude=NORTH, minutes=(5.0, 20.0)), Reach)
    assert (found.by_roads, found.layer, found.schematic) == (True, "roads", True)
    assert found.rings[0].nodes < found.rings[1].nodes
    assert found.rings[1].rings[0][0] == found.rings[1].rings[0][-1]
    far = asked(room, li, "map.reach", AskReach(longitude=120.0, latitude=30.0), Reach)
    assert (far.by_roads, far.why) == (False, "map.reach_far_from_roads")


def test_that_a_pipe_is_traced_in_the_layer_that_ships(mapped: tuple[Room, str]) -> None:
    room, li = mapped
    fields = {"code": "water", "name": "供水", "kind": LayerKind.PIPELINE, "file": "water.zip"}
    _imported(room, _zipped("water-pipes"), **fields)
    found = asked(room, li, "map.trace", AskTrace(layer="water", feature="GS010"), Trace)
    assert (found.isolated, found.valves) == (("GS010",), ("FM010A", "FM010B"))
    assert found.fed_still == ("YH04",)
    assert found.metres["isolated"] == pytest.approx(192.0, abs=0.5)
    assert room.ask("map.trace", AskTrace(layer="water", feature="X"), li).code == "map.feature_unknown"
    assert room.ask("map.trace", AskTrace(layer="shelters"), li).code == "map.layer_unknown"
    _imported(room, _points((EAST, NORTH)))
    assert room.ask("map.trace", AskTrace(layer="shelters"), li).code == "map.layer_kind"


def test_that_tiles_are_given_as_the_file_has_them(mapped: tuple[Room, str], tmp_path: Path) -> None:
    room, li = mapped
    path = tmp_path / "base.mbtiles"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        columns = "zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB"
        connection.execute(f"CREATE TABLE tiles ({columns})")
        connection.execute("INSERT INTO metadata VALUES ('attribution', '某测绘院')")
        connection.execute("INSERT INTO tiles VALUES (3, 6, 4, ?)", (PNG,))
    connection.close()
    fields = {"code": "base", "name": "底图", "kind": LayerKind.TILES, "file": "base.mbtiles"}
    made = _imported(room, path.read_bytes(), **fields)
    assert (made.min_zoom, made.max_zoom, made.media, made.origin) == (3, 3, "image/png", "某测绘院")
    found = asked(room, li, "map.tile", AskTiles(layer="base", tiles=((3, 6, 3), (3, 0, 0))), Tiles)
    assert found.pictures == (PNG, b"")
    assert room.ask("map.tile", AskTiles(layer="base", tiles=()), li).code == "ask.out_of_range"


def _tiles(folder: Path) -> bytes:
    """Return a file of one picture."""
    path = folder / "base.mbtiles"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        columns = "zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB"
        connection.execute(f"CREATE TABLE tiles ({columns})")
        connection.execute("INSERT INTO tiles VALUES (3, 6, 4, ?)", (PNG,))
    connection.close()
    return path.read_bytes()


def test_that_a_file_of_tiles_may_be_larger_than_any_other(mapped: tuple[Room, str], tmp_path: Path) -> None:
    room, li = mapped
    data, folder = _tiles(tmp_path), room.folder / "centre" / "attachments"
    room.desk.files = AttachmentStore(folder, largest=len(data) - 1)
    digest = hashlib.sha256(data).hexdigest()
    whole = UploadPart(digest=digest, size=len(data), offset=0, data=data)
    assert room.ask("attachment.part", whole, ADMIN_KEY).code == "attachment.too_large"
    assert asked(room, ADMIN_KEY, "map.held", AskUpload(digest=digest, size=len(data)), UploadHeld).held == 0
    assert asked(room, ADMIN_KEY, "map.part", whole, UploadHeld).held == len(data)
    command = ImportLayer(
        code="base", name="底图", kind=LayerKind.TILES, file="base.mbtiles", digest=digest, size=len(data)
    )  # fmt: skip
    assert room.do(command, ADMIN_KEY).outcome == "done"
    found = asked(room, li, "map.tile", AskTiles(layer="base", tiles=((3, 6, 3),)), Tiles)
    assert found.pictures == (PNG,)
    assert room.ask("map.part", whole, li).code.startswith("permission.")
    huge = UploadPart(digest="a" * 64, size=room.settings.largest_map_mib * 2**20 + 1, offset=0, data=b"x")
    assert room.ask("map.part", huge, ADMIN_KEY).code == "attachment.too_large"


def test_that_layers_outlive_the_daemon(mapped: tuple[Room, str]) -> None:
    room, _ = mapped
    made = _imported(room, _points((EAST, NORTH)))
    room.restart()
    assert _layers(room) == (made,)


def test_that_the_journal_holds_who_imported_what(mapped: tuple[Room, str]) -> None:
    room, _ = mapped
    command = _command(room, _points((EAST, NORTH)))
    done = codec.unpack(room.do(command, ADMIN_KEY).body, Done)
    change = next(one for one in room.published if one.number == done.change)
    assert (change.action, change.kind, change.key) == ("map.import", "map_layer", "shelters")
    assert change.params["file"] == "shelters.geojson"
    assert change.params["features"] == "1"
