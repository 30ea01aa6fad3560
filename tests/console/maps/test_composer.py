"""The layers of one map: their order, what is left out and why, and that what did not change is not made anew."""

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.maps import areas, composer
from chengyun_console.maps.composer import Composer, Wanted
from chengyun_console.maps.density import DensityAsker
from chengyun_console.maps.near_devices import Near
from chengyun_console.maps.presets import Show
from chengyun_console.maps.question import Outline, outline_layer
from chengyun_console.maps.scene import Scene, scene_now
from chengyun_console.maps.shape_paths import shapes_of
from chengyun_console.maps.tiles import TileKeeper
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.geo.shapes import POINT
from chengyun_core.mirror.scope import Scope, ScopeKind
from chengyun_core.model.dispatch import Unit, UnitKind, UnitRecord
from chengyun_core.model.drawing import Meaning
from chengyun_core.model.map_layer import LayerKind, MapLayer
from chengyun_core.model.order import Receipt
from chengyun_core.model.scales import EventGrade, WarningColour
from chengyun_core.model.warning import WarningState
from chengyun_core.wire.map_asks import Reach, ReachRing, Trace
from chengyun_resources.texts import Texts
from chengyun_widgets.mapping.layers import (
    AreaLayer,
    DensityLayer,
    Layer,
    LinkLayer,
    Mark,
    PointLayer,
    RingLayer,
    ShapeLayer,
    SketchLayer,
    TileLayer,
)
from chengyun_widgets.theme import load_theme
from tests.console import warning_samples
from tests.console.bare_desk import ending
from tests.console.event_samples import event
from tests.console.map_scenes import drawing
from tests.console.still_session import START_NS, S, StillSession, alarm
from tests.support import map_samples
from tests.support.small_city import small_city

DAY = "2026-07-18"
PLACE = (106.58, 29.58)
ALL = frozenset(Show)


class Stand:
    """A composer over a city whose layers are there, without a window."""

    def __init__(self, folder: Path, language: str) -> None:
        self.session = StillSession()
        self.desk = Desk(cast("Session", self.session), folder, load_theme("night"), Texts(language), Preferences())
        team = Unit(code="U-1", name="救援队", centre="500103", kind=UnitKind.TEAM, post="500103.unit.1",
                    longitude=106.5, latitude=29.5)  # fmt: skip
        self.session.show_city(replace(small_city(12), units=(team,)))
        assert self.session.catalogue is not None
        self.desk.take_catalogue(self.session.catalogue)
        self.maps = self.desk.maps
        self.composer = Composer(
            self.desk, self.maps, DensityAsker(self.desk, "F5", self.maps), TileKeeper(self.desk, "F5", self.maps)
        )
        for made in (map_samples.districts(), map_samples.rivers(), map_samples.pipes(), shelters()):
            self.put(*made)
        tiles = replace(map_samples.rivers()[0], code="base", kind=LayerKind.TILES, name="影像", max_zoom=17)
        self.maps.store.known["base"] = tiles

    def put(self, layer: MapLayer, contents: dict[str, bytes]) -> None:
        """Let a layer be there whole."""
        self.maps.store.known[layer.code] = layer
        levels = [(level.from_zoom, contents[level.digest]) for level in layer.levels]
        self.maps.store.shapes[layer.code] = shapes_of(layer, levels, is_whole=True)

    def layers(self, wanted: Wanted, scene: Scene | None = None) -> dict[str, Layer]:
        """Return the layers by their codes, in painting order; no two may share one."""
        found = self.composer.layers(wanted, scene or scene_now(self.session.facts))
        assert len({layer.code for layer in found}) == len(found)
        return {layer.code: layer for layer in found}

    def wanted(self, **more: object) -> Wanted:
        """Return that everything is on."""
        given: dict[str, object] = {"shows": ALL, "layers": frozenset(self.maps.store.known), "day": DAY, **more}
        return Wanted(**given)  # type: ignore[arg-type]

    def happen(self) -> None:
        """Let there be an event with a force on its way, an alarm, a drawing and a warning."""
        self.session.put_fact("event", "7", event(7, grade=EventGrade.MAJOR, longitude=PLACE[0], latitude=PLACE[1]))
        self.session.put_fact("receipt", "3.1", receipt(3, 1))
        self.session.put_fact("drawing", "1", drawing(event=7))
        self.session.put_fact("warning", "7", warning_samples.warning())
        self.session.put_alarms(alarm(1, 3), alarm(2, 5, WarningColour.BLUE))


def receipt(order: int, place: int, **more: object) -> Receipt:
    """Return what the rescue team made of an order of the event."""
    given: dict[str, object] = {"event": 7, "recipient": "U-1", "changed_at": START_NS, **more}
    return Receipt(order=order, place=place, **given)  # type: ignore[arg-type]


def shelters() -> tuple[MapLayer, dict[str, bytes]]:
    """Return a layer of places."""
    rows = [(POINT, "S1", "一中操场", [[[106.55, 29.55]]], {}), (POINT, "S2", "体育馆", [[[106.56, 29.55]]], {})]
    return map_samples.layer("shelters", LayerKind.PLACE, map_samples.shapes_of(rows), style="shelter")  # type: ignore[arg-type]


@pytest.fixture(params=["zh_CN"])
def at(qapp: QApplication, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stand]:
    """Nothing happens."""
    made = Stand(tmp_path, request.param)
    with ending(made.desk):
        yield made


def near(is_whole: bool = True) -> Near:
    """Return one device seen by itself."""
    one = PointLayer(
        code="near_devices", x=np.array([0.796]), y=np.array([0.414]), severity=np.zeros(1, np.uint8), mark=Mark.DEVICE,
        names=("D1",), ids=("device:D1",),
    )  # fmt: skip
    return Near(points=one, is_whole=is_whole)


def above(at: Stand) -> tuple[Layer, ...]:
    """Return a question and a reach in circles, as an inquiry has them."""
    reach = Reach(by_roads=False, rings=(ReachRing(minutes=5.0, radius_m=2500.0),))
    circles = areas.reach_rings(reach, (0.796, 0.414), ["5"])
    assert circles is not None
    return outline_layer(Outline(at=(0.796, 0.414), radius_m=500.0), "500 m"), circles


def test_that_a_map_of_nothing_has_no_layers(at: Stand) -> None:
    assert at.layers(Wanted(day=DAY)) == {}
    bare = at.layers(Wanted(shows=ALL, layers=frozenset({"gone", "rivers"}), day="1949-10-01", focus=404))
    assert "layer:gone" not in bare, "a layer that was retired while it was on"
    assert not any(layer.code == Show.RINGS for layer in bare.values()), "an event nobody knows has no rings"


def test_that_ground_lies_under_devices_and_these_under_borders_and_all_under_what_happens(at: Stand) -> None:
    at.happen()
    found = at.layers(at.wanted(focus=7, near=near(), above=above(at)))
    assert list(found) == [
        "layer:base", "layer:districts", Show.DEVICES, "border:districts", "layer:rivers", "layer:pipes",
        "points:pipes", "layer:shelters", "points:shelters", "near_devices", Show.WARNINGS, "question", "reach",
        Show.RINGS, "links", Show.CAMERAS, Show.RISK_POINTS, Show.FORCES, Show.ALARMS, Show.EVENTS, Show.DRAWINGS,
    ]  # fmt: skip
    types = {"layer:base": TileLayer, Show.DEVICES: DensityLayer, "links": LinkLayer, Show.DRAWINGS: SketchLayer}
    assert all(isinstance(found[code], kind) for code, kind in types.items())


@given(shows=st.frozensets(st.sampled_from(Show)), is_past=st.booleans(), focus=st.sampled_from((None, 7, 8)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_that_each_thing_is_there_when_it_is_on_and_only_then(
    at: Stand, shows: frozenset[Show], is_past: bool, focus: int | None
) -> None:
    at.happen()
    scene = replace(scene_now(at.session.facts), at_ns=START_NS if is_past else None)
    found = at.layers(at.wanted(shows=shows, focus=focus, near=near()), scene)
    expected = set(shows)
    if is_past:
        expected.discard(Show.DEVICES)
    if focus != 7:
        expected.discard(Show.RINGS)
    assert {one for one in Show if one in found} == expected
    assert ("near_devices" in found) is (Show.DEVICES in expected), "nobody knows how single devices stood then"
    assert ("links" in found) is (Show.RINGS in expected)
    border = found["border:districts"]
    assert isinstance(border, ShapeLayer)
    assert bool(border.tints) is (Show.ALARMS in shows)


def test_that_what_did_not_change_is_the_same_layer(at: Stand) -> None:
    at.happen()
    wanted, scene = at.wanted(focus=7), scene_now(at.session.facts)
    first, second = (at.composer.layers(wanted, scene) for _ in range(2))
    assert first == second
    again = {layer.code: layer for layer in second}
    for code in ("points:pipes", "points:shelters", Show.CAMERAS, Show.RISK_POINTS, Show.FORCES):
        assert next(layer for layer in first if layer.code == code) is again[code], "thousands of points are no work"


def test_that_points_of_a_layer_that_came_anew_are_anew_and_the_former_are_forgotten(at: Stand) -> None:
    kept = weakref.finalize(_columns(at), list)
    at.put(*shelters())
    again = weakref.finalize(_columns(at), list)
    assert (kept.alive, again.alive) == (False, True)
    del at.maps.store.shapes["shelters"], at.maps.store.known["shelters"]
    at.layers(at.wanted())
    gc.collect()
    assert not again.alive, "layers come and go for as long as the console runs"


def _columns(at: Stand) -> np.ndarray:
    """Return a column of the points of the shelters."""
    points = at.layers(at.wanted())["points:shelters"]
    assert isinstance(points, PointLayer)
    gc.collect()
    return points.x


def test_that_every_kind_of_layer_has_its_place(at: Stand) -> None:
    """A kind that is told by a newer centre's table must not stop the map."""
    for kind in LayerKind:
        assert kind in composer._ORDER
    layer, contents = map_samples.rivers()
    for kind in set(LayerKind) - {LayerKind.TILES}:
        at.put(replace(layer, code=f"as_{kind.value}", kind=kind, style=""), contents)
    found = at.layers(at.wanted())
    assert {f"layer:as_{kind.value}" for kind in set(LayerKind) - {LayerKind.TILES}} <= found.keys()
    pickable = {code for code, one in found.items() if isinstance(one, ShapeLayer) and one.is_pickable}
    assert pickable == {"layer:pipes", "layer:as_pipeline", "layer:as_area"}


def test_that_a_layer_that_is_known_and_has_not_come_yet_is_simply_not_there(at: Stand) -> None:
    at.maps.store.shapes.clear()
    assert [code for code in at.layers(at.wanted()) if ":" in code] == ["layer:base"]


def test_that_only_boundaries_of_the_day_are_shown(at: Stand) -> None:
    layer, contents = map_samples.districts()
    at.put(replace(layer, valid_from="2025-11-06"), contents)
    at.put(replace(layer, code="before", valid_to="2025-11-05"), contents)
    assert "layer:before" not in at.layers(at.wanted())
    then = at.layers(at.wanted(day="2025-11-05"))
    assert ("layer:before" in then, "layer:districts" in then) == (True, False)


def test_that_a_trace_marks_its_own_layer_and_no_other(at: Stand) -> None:
    twin, contents = map_samples.pipes()
    at.put(replace(twin, code="gas"), contents)
    found = at.layers(at.wanted(trace=("pipes", Trace(up=("GS001",), down=("GS002",), cut_off=("GS002",)))))
    pipes, gas = found["layer:pipes"], found["layer:gas"]
    assert isinstance(pipes, ShapeLayer)
    assert isinstance(gas, ShapeLayer)
    assert (pipes.focus, pipes.hatched) == ({"GS001", "GS002"}, {"GS002"})
    assert (gas.focus, gas.hatched) == (frozenset(), frozenset())


def test_that_the_area_the_desk_is_narrowed_to_is_outlined_and_an_unknown_one_outlines_nothing(at: Stand) -> None:
    def focus() -> frozenset[str]:
        border = at.layers(at.wanted())["border:districts"]
        assert isinstance(border, ShapeLayer)
        return border.focus

    assert focus() == frozenset()
    for code, expected in (("500103", {"500103"}), ("500000", set()), ("990000", set())):
        at.desk.scope.choose(Scope(kind=ScopeKind.CENTRE, code=code), at.session.facts)
        assert focus() == expected
    at.desk.scope.choose(Scope(kind=ScopeKind.SECTOR, code="S1"), at.session.facts)
    assert focus() == frozenset()


def test_that_the_drawing_in_the_hand_and_those_of_gone_events_are_left_out(at: Stand) -> None:
    at.happen()
    for number, more in ((2, {"text": "", "meaning": Meaning.MUSTER}), (3, {"event": 99})):
        at.session.put_fact("drawing", str(number), drawing(number=number, **{"event": 7, **more}))
    sketches = at.layers(at.wanted(edited="drawing:1"))[Show.DRAWINGS]
    assert isinstance(sketches, SketchLayer)
    (one,) = sketches.sketches
    assert (one.id, one.text) == ("drawing:2", at.desk.say("drawing.meaning.muster"))
    assert len(at.layers(at.wanted())[Show.DRAWINGS].sketches) == 2  # type: ignore[union-attr]


def test_that_rings_are_round_the_event_and_links_lead_to_who_was_sent_and_has_a_place(at: Stand) -> None:
    at.happen()
    at.session.put_fact("receipt", "3.2", receipt(3, 2, recipient="nobody"))
    at.session.put_fact("receipt", "4.1", receipt(4, 1, event=8))
    found = at.layers(at.wanted(focus=7))
    rings, links = found[Show.RINGS], found["links"]
    assert isinstance(rings, RingLayer)
    assert isinstance(links, LinkLayer)
    stand = at.composer.stand_of(at.session.facts.events[7])
    assert stand is not None
    assert (rings.centre, rings.labels) == (stand.at, ("2 km", "5 km", "10 km"))
    ((begin, end),) = links.links
    at.session.put_fact("unit", "U-1", UnitRecord(code="U-1", longitude=PLACE[0], latitude=PLACE[1]))
    moved = at.layers(at.wanted(focus=7))["links"]
    assert isinstance(moved, LinkLayer)
    assert begin == stand.at != end
    assert moved.links[0][1] == pytest.approx(begin), "it told that it is there"


def test_that_only_warnings_in_force_have_areas_and_they_can_be_chosen(at: Stand) -> None:
    at.session.put_fact("warning", "7", warning_samples.warning())
    at.session.put_fact("warning", "8", warning_samples.warning(8, state=WarningState.EXPIRED))
    layer = at.layers(at.wanted())[Show.WARNINGS]
    assert isinstance(layer, AreaLayer)
    assert [one.id for one in layer.areas] == ["warning:7"]
    assert layer.is_pickable


def test_that_what_happens_comes_gravest_first_and_events_before_alarms(at: Stand) -> None:
    at.happen()
    at.session.put_fact("event", "8", event(8, grade=EventGrade.GENERAL, centre="500103"))
    scene = scene_now(at.session.facts)
    order = [item.id for _rank, _stand, item in at.composer.happening(ALL, scene)]
    assert order == sorted(order, key=order.index)
    graded = {"event:7": int(EventGrade.MAJOR), "event:8": int(EventGrade.GENERAL), "alarm:1": 4, "alarm:2": 1}
    ranks = [(-graded[one], one.startswith("alarm")) for one in order]
    assert ranks == sorted(ranks)
    assert {one.partition(":")[0] for one in order} == {"event", "alarm"}
    assert at.composer.happening(frozenset(), scene) == []


def test_that_points_are_given_of_kinds_that_have_them_whether_they_are_on_or_not(at: Stand) -> None:
    scene = scene_now(at.session.facts)
    for show in Show:
        points = at.composer.points(show, scene)
        assert (points is not None) is (show in (Show.RISK_POINTS, Show.CAMERAS, Show.FORCES))


def test_that_scenes_of_the_past_draw_what_stood_then(at: Stand) -> None:
    at.happen()
    then = Scene(events={9: event(9, longitude=PLACE[0], latitude=PLACE[1])}, at_ns=START_NS - 3600 * S)
    events = at.layers(at.wanted(focus=7), then)[Show.EVENTS]
    assert isinstance(events, PointLayer)
    assert events.ids == ("event:9",)


@pytest.mark.parametrize("at", ["zh_CN", "en"], indirect=True)
def test_that_no_name_on_the_map_is_a_code(at: Stand) -> None:
    at.happen()
    found = at.layers(at.wanted(focus=7))
    rings, warned, drawn = found[Show.RINGS], found[Show.WARNINGS], found[Show.DRAWINGS]
    assert isinstance(rings, RingLayer)
    assert isinstance(warned, AreaLayer)
    assert isinstance(drawn, SketchLayer)
    names = [*rings.labels, *(one.label for one in warned.areas), *(one.text for one in drawn.sketches)]
    assert all(names)
    assert not any(sign in name for name in names for sign in ("maps.", "warnings.", "drawing.", "{"))
