"""Tests of pipelines followed and cut off, and of how far roads lead."""

import numpy as np
import pytest
import shapely

from chengyun_core.geo import geometry, network, road_graph
from chengyun_core.geo.lookup import Areas, metres_between, nearest, zone_of
from chengyun_core.geo.shapes import Shapes
from chengyun_core.model.failure import Refused


def _layer(nodes: dict[str, tuple[str, str]], edges: dict[str, tuple[str, str]], **columns: dict[str, str]) -> Shapes:
    """Return a layer with nodes in a row, 0.01° apart, code → (kind, state), and edges code → (from, to)."""
    places = {code: shapely.points(106 + 0.01 * number, 29) for number, code in enumerate(nodes)}
    lines = [shapely.linestrings([shapely.get_coordinates(places[end])[0] for end in ends]) for ends in edges.values()]
    codes = [*nodes, *edges]
    attributes = {
        "kind": (*(kind for kind, _ in nodes.values()), *("" for _ in edges)),
        "state": (*(state for _, state in nodes.values()), *("" for _ in edges)),
        "from": (*("" for _ in nodes), *(start for start, _ in edges.values())),
        "to": (*("" for _ in nodes), *(end for _, end in edges.values())),
    }
    more = {name: tuple(column.get(code, "") for code in codes) for name, column in columns.items()}
    return geometry.shapes_of([*places.values(), *lines], codes, [""] * len(codes), attributes | more)


# S ─p1─ V1 ─p2─ B ─p3─ V2 ─p4─ C ─p5─ T2, T1 hangs on B by p6; V3 joins S and C by a second way (p7, p8), closed.
NODES = {
    "S": ("source", ""), "V1": ("valve", "open"), "B": ("", ""), "V2": ("valve", "open"), "C": ("", ""),
    "T2": ("taker", ""), "T1": ("taker", ""), "V3": ("valve", "closed"),
}  # fmt: skip
PIPES = {
    "p1": ("S", "V1"), "p2": ("V1", "B"), "p3": ("B", "V2"), "p4": ("V2", "C"), "p5": ("C", "T2"), "p6": ("B", "T1"),
    "p7": ("S", "V3"), "p8": ("V3", "C"),
}  # fmt: skip


def test_that_a_burst_pipe_is_cut_off_by_the_valves_around_it() -> None:
    found = network.traced(network.network_of(_layer(NODES, PIPES)), "p2")
    assert found.up == ("p1",)
    assert found.down == ("p3", "p4", "p5", "p6", "p8")
    assert found.isolated == ("p2", "p3", "p6")
    assert found.valves == ("V1", "V2")
    assert found.cut_off == ("p2", "p3", "p4", "p5", "p6", "p8")
    assert found.customers == ("T1", "T2")
    assert found.fed_still == ()
    assert found.metres["isolated"] == pytest.approx(
        sum(_metres(*ends) for ends in (("V1", "B"), ("B", "V2"), ("B", "T1"))), abs=0.3
    )


def _metres(one: str, other: str) -> float:
    names = list(NODES)
    east = [106 + 0.01 * names.index(name) for name in (one, other)]
    return round(float(metres_between(east[0], 29.0, np.array([east[1]]), np.array([29.0]))[0]), 1)


def test_that_who_has_another_way_is_fed_still() -> None:
    nodes = NODES | {"V3": ("valve", "open")}
    # The second way is longer, so that T2 is fed by the first one until it is closed.
    made = _layer(nodes, PIPES, metres={"p7": "90000", "p8": "90000"})
    found = network.traced(network.network_of(made), "p2")
    assert found.customers == ("T1",)
    assert found.fed_still == ("T2",)
    assert found.cut_off == ("p2", "p3", "p6")


def test_that_closing_a_valve_alone_tells_what_falls_dry() -> None:
    made = network.network_of(_layer(NODES, PIPES))
    found = network.traced(made, "", ("V2",))
    assert (found.cut_off, found.customers) == (("p4", "p5", "p8"), ("T2",))
    assert (found.isolated, found.up, found.down) == ((), (), ())


def test_that_a_valve_that_is_closed_needs_no_closing() -> None:
    found = network.traced(network.network_of(_layer(NODES, PIPES)), "p4")
    assert found.isolated == ("p4", "p5", "p8")
    assert found.valves == ("V2",)


def test_that_a_sewer_flows_one_way_only() -> None:
    nodes = {"A": ("source", ""), "B": ("", ""), "C": ("outlet", "")}
    made = _layer(nodes, {"d1": ("A", "B"), "d2": ("C", "B")}, directed={"d1": "yes", "d2": "是"})
    found = network.traced(network.network_of(made), "d1")
    assert found.down == ()
    both = _layer(nodes, {"d1": ("A", "B"), "d2": ("C", "B")}, directed={"d1": "yes"})
    assert network.traced(network.network_of(both), "d1").down == ("d2",)


@pytest.mark.parametrize(
    ("nodes", "feature", "fault"),
    [
        (NODES | {"S": ("", "")}, "p2", "map.trace_no_source"),
        (NODES | {"V1": ("valve", "closed")}, "p2", "map.trace_not_fed"),
        (NODES, "p1", "map.trace_source_within"),
    ],
)
def test_that_what_the_data_does_not_say_is_told(nodes: dict[str, tuple[str, str]], feature: str, fault: str) -> None:
    assert fault in network.traced(network.network_of(_layer(nodes, PIPES)), feature).faults


def test_that_pipes_without_ends_are_left_out_and_told() -> None:
    layer = _layer(NODES, PIPES)
    ends = tuple(
        "nowhere" if code == "p6" else end for code, end in zip(layer.codes, layer.attributes["to"], strict=True)
    )
    told = {name: getattr(layer, name) for name in Shapes.__slots__} | {"attributes": {**layer.attributes, "to": ends}}
    made = network.network_of(Shapes(**told))
    assert made.lost == ("p6",)
    assert "map.trace_lost_pipes" in network.traced(made, "p2").faults


@pytest.mark.parametrize(
    ("feature", "closed", "code"),
    [("p99", (), "map.feature_unknown"), ("", ("B",), "map.valve_unknown"), ("", (), "map.trace_nothing")],
)
def test_that_a_question_about_what_is_not_there_is_refused(feature: str, closed: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refused) as raised:
        network.traced(network.network_of(_layer(NODES, PIPES)), feature, closed)
    assert raised.value.reason.code == code


def test_that_a_layer_without_ends_is_no_network_and_no_graph() -> None:
    made = geometry.shapes_of([shapely.linestrings([(0, 0), (1, 1)])], ["a"], [""])
    with pytest.raises(Refused, match="no_network"):
        network.network_of(made)
    with pytest.raises(Refused, match="no_roads"):
        road_graph.graph_of(made)


# Roads


def _roads() -> Shapes:
    nodes = dict.fromkeys("ABCD", ("", ""))
    return _layer(
        nodes, {"ab": ("A", "B"), "bc": ("B", "C"), "cd": ("C", "D")}, minutes={"ab": "4", "bc": "4"},
        oneway={"bc": "yes"}, speed_kmh={"cd": "60"},
    )  # fmt: skip


def test_that_minutes_are_those_of_the_roads_and_one_way_is_one_way() -> None:
    graph = road_graph.graph_of(_roads())
    away = road_graph.minutes_from(graph, 0, 60.0, towards=False)
    assert away[1] == 4.0
    assert away[2] == 8.0
    # 0.01° at 29° N are 973 m, at 60 km/h.
    assert away[3] == pytest.approx(8.0 + 0.973, abs=0.01)
    assert sorted(road_graph.minutes_from(graph, 0, 60.0, towards=True)) == [0, 1]
    assert sorted(road_graph.minutes_from(graph, 0, 5.0, towards=False)) == [0, 1]


def test_that_an_area_reaches_as_far_along_a_road_as_the_minutes_last() -> None:
    graph = road_graph.graph_of(_roads())
    two, six = road_graph.isochrones(graph, 106.0, 29.0, (6.0, 2.0), towards=False)
    assert (two.minutes, two.nodes, six.nodes) == (2.0, 1, 2)
    band = 120 / 111_195 / np.cos(np.radians(29))
    assert two.rings[0][:, 0].max() == pytest.approx(106.005 + band, abs=2e-4)
    assert six.rings[0][:, 0].max() == pytest.approx(106.015 + band, abs=2e-4)
    for one in (two, six):
        assert (one.rings[0][0] == one.rings[0][-1]).all()


def test_that_the_way_to_the_road_is_counted() -> None:
    graph = road_graph.graph_of(_roads())
    start, metres = road_graph.snapped(graph, 106.0, 29.01)
    assert (start, round(metres)) == (0, 1112)
    # 1.1 km at 30 km/h take 2.2 minutes.
    (found,) = road_graph.isochrones(graph, 106.0, 29.01, (2.0,), towards=False)
    assert found.nodes == 0
    # 1000 m from where one starts, and the band around it.
    assert found.rings[0][:, 1].min() == pytest.approx(29.01 - 1120 / 111_195, abs=1e-4)


# Places


def test_that_a_zone_holds_what_is_within_it() -> None:
    circle = zone_of((), 106.0, 29.0, 1000.0)
    east, north = np.array([106.0, 106.0102, 106.0104]), np.array([29.0, 29.0, 29.0])
    assert circle.holds(east, north).tolist() == [True, True, False]
    assert circle.km2() == pytest.approx(np.pi)
    bow = zone_of(((106, 29), (106.1, 29.1), (106.1, 29), (106, 29.1)), 0, 0, 0)
    assert bow.holds(np.array([106.01, 106.05]), np.array([29.05, 29.01])).tolist() == [True, False]
    west, south, high_east, high_north = bow.box()
    assert (west, south, high_east, high_north) == (106.0, 29.0, 106.1, 29.1)


@pytest.mark.parametrize(
    ("ring", "place", "radius", "code"),
    [
        ((), (200.0, 0.0), 10.0, "map.zone_place"),
        ((), (106.0, 29.0), 0.0, "map.zone_radius"),
        ((), (106.0, float("nan")), 10.0, "map.zone_place"),
        (((1, 1), (2, 2)), (0, 0), 0, "map.zone_corners"),
        (((1, 1), (2, 2), (3, 3)), (0, 0), 0, "map.zone_corners"),
        (((1, 1), (2, float("inf")), (3, 0)), (0, 0), 0, "map.zone_corners"),
    ],
)
def test_that_a_zone_that_is_none_is_refused(
    ring: tuple[tuple[float, float], ...], place: tuple[float, float], radius: float, code: str
) -> None:
    with pytest.raises(Refused) as raised:
        zone_of(ring, *place, radius)
    assert raised.value.reason.code == code


def test_that_a_place_is_found_in_its_area_and_the_nearest_first() -> None:
    boxes = [shapely.box(106, 29, 107, 30), shapely.box(107, 29, 108, 30)]
    made = geometry.shapes_of([shapely.points(0, 0), *boxes], ["P", "W", "E"], [""] * 3)
    assert Areas(made).at([106.5, 107.5, 107.0, 109.0], [29.5] * 4) == ["W", "E", "W", ""]
    order, metres = nearest(106.0, 29.0, np.array([106.2, 106.0, 106.1]), np.full(3, 29.0), 2)
    assert order.tolist() == [1, 2]
    assert metres[0] == 0.0
