"""The catalogue made ready for the screen: tree, figures per node, search, health."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.health import health
from chengyun_core.mirror.pinyin import initials
from chengyun_core.mirror.tree import NodeKind
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.kpi_progress import is_met
from tests.support.small_city import small_city

VITALS = 13
BANDS = hnp.arrays(np.uint8, VITALS, elements=st.integers(0, 4))


@pytest.fixture
def view() -> CatalogueView:
    return CatalogueView(small_city(VITALS))


def test_that_the_tree_goes_from_sectors_to_subtracks_and_back(view: CatalogueView) -> None:
    (first, second) = view.sectors()
    assert [node.name for node in (first, second)] == ["应急动员", "设施运行"]
    tracks = view.children(first)
    assert [node.code for node in tracks] == ["T1", "T2"]
    (subtrack,) = view.children(tracks[1])
    assert view.children(subtrack) == ()
    assert [node.code for node in view.path(subtrack)] == ["S1", "T2", "ST3"]
    assert [node.code for node in view.place_of(2)] == ["S1", "T2", "ST3"]


def test_that_a_node_names_its_vitals_and_kpis(view: CatalogueView) -> None:
    (flood, supply) = view.sectors()
    assert list(view.vitals_of(flood)) == [at for at in range(VITALS) if at % 4 != 3]
    assert list(view.vitals_of(supply)) == [3, 7, 11]
    assert [kpi.code for kpi in view.kpis_of(flood)] == ["K1", "K2"]
    assert sorted(view.by_sector) == list(range(VITALS))


@given(BANDS)
def test_that_worst_and_counts_per_node_equal_counting_by_hand(band: np.ndarray) -> None:
    view = CatalogueView(small_city(VITALS))
    for kind in NodeKind:
        layer = view.layer(kind)
        worst, counts = layer.worst(band), layer.counts(band)
        for node in layer.nodes:
            below = [int(band[number]) for number in view.vitals_of(node)]
            assert worst[node.index] == max(below, default=0)
            assert list(counts[node.index]) == [below.count(colour) for colour in range(5)]


def test_that_a_retired_vital_keeps_its_place_and_is_shown_nowhere() -> None:
    city = small_city(4)
    city = replace(city, vitals=(*city.vitals[:1], replace(city.vitals[1], retired=True), *city.vitals[2:]))
    view = CatalogueView(city)
    assert view.count == 4
    assert view.place_of(1) == ()
    assert view.pinned == (0,)
    assert 1 not in view.search("v0001")
    assert view.period_s[1] == 0.0


def test_that_an_empty_catalogue_has_empty_figures() -> None:
    view = CatalogueView(Catalogue())
    band = np.zeros(0, np.uint8)
    assert view.sectors() == ()
    assert view.by_sector.size == 0
    assert view.health(NodeKind.SECTOR, band).size == 0
    assert view.search("x") == ()


def test_that_kpis_are_met_by_their_own_direction_and_shared_up_the_tree(view: CatalogueView) -> None:
    k1, k2 = view.catalogue.kpis
    assert (is_met(k1), is_met(k2)) == (True, False)
    assert view.kpi_met(NodeKind.SECTOR)[0] == 50.0
    assert np.isnan(view.kpi_met(NodeKind.SECTOR)[1])


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("寸滩站 水位", "ctzsw"),
        ("重庆北站", "cqbz"),
        ("重庆北站", "zqbz"),
        ("大坪管廊 CH4", "dpglch4"),
        ("Market Street flow", "msf"),
        ("Loop 769431", "l769431"),
        ("Loop 769431", "loop769431"),
    ],
)
def test_that_a_name_has_the_initials_an_officer_types(name: str, short: str) -> None:
    assert short in initials(name)


@pytest.mark.parametrize("typed", ["寸滩", "ctz", "CTZSW", "cuntan", "v0000", "ctz v0000", "水位 寸"])
def test_that_a_vital_is_found_by_name_initials_pinyin_or_code(view: CatalogueView, typed: str) -> None:
    assert view.search(typed)[0] == 0


def test_that_search_puts_the_whole_match_before_the_beginning_before_the_inside(view: CatalogueView) -> None:
    city = small_city(3)
    named = [
        replace(city.vitals[0], name="新水"),
        replace(city.vitals[1], name="水位"),
        replace(city.vitals[2], name="水"),
    ]
    assert CatalogueView(replace(city, vitals=tuple(named))).search("水") == (2, 1, 0)


@pytest.mark.parametrize("typed", ["渝中 寸滩", "yz ctz", "防汛 寸滩", "fxkh ctz", "500103 v0000", "yingji v0000"])
def test_that_a_vital_is_found_by_its_district_track_and_sector_besides(view: CatalogueView, typed: str) -> None:
    assert view.search(typed)[0] == 0


def test_that_what_is_called_so_comes_before_what_only_lies_there() -> None:
    city = small_city(3)
    named = (city.vitals[0], replace(city.vitals[1], name="防汛仓库"), city.vitals[2])
    assert CatalogueView(replace(city, vitals=named)).search("防汛") == (1, 0)


def test_that_a_word_of_state_is_asked_of_each_vital(view: CatalogueView) -> None:
    red = {4, 5}
    # The pinyin of 重庆北站 has «hong» inside and is not red.
    found = view.finder.vitals("v00 hong", {"hong": red.__contains__})
    assert [number for _rank, number in found] == [4, 5]


@pytest.mark.parametrize(("typed", "kind", "code"), [
    ("渝中", "centre", "500103"), ("yzq", "centre", "500103"), ("500103", "centre", "500103"),
    ("rqaq", "track", "T2"), ("江河", "subtrack", "ST1"), ("yingjidongyuan", "sector", "S1"),
])  # fmt: skip
def test_that_a_place_is_found_by_name_initials_pinyin_or_code(
    view: CatalogueView, typed: str, kind: str, code: str
) -> None:
    rank, place = view.finder.places(typed)[0]
    assert (place.kind, place.code) == (kind, code)
    assert rank <= 1


def test_that_a_phrase_is_found_by_its_initials(view: CatalogueView) -> None:
    phrases = ("展开风险条", "退出登录")
    view.use_search_keys(view.search_keys(phrases), phrases)
    assert [phrase for _rank, phrase in view.finder.phrases("tcdl")] == ["退出登录"]
    assert view.search("ctz")[0] == 0


@pytest.mark.parametrize("typed", ["", "   ", "没有这个", "ctz 没有"])
def test_that_nothing_is_found_for_what_is_not_there(view: CatalogueView, typed: str) -> None:
    assert view.search(typed) == ()


@given(BANDS, st.integers(0, VITALS - 1))
def test_that_one_graver_band_always_lowers_the_health_above_it(band: np.ndarray, at: int) -> None:
    view = CatalogueView(small_city(VITALS))
    graver = band.copy()
    graver[at] = min(4, graver[at] + 1)
    before, after = (view.health(NodeKind.SECTOR, column) for column in (band, graver))
    node = view.tree.sectors.node_of_vital[at]
    assert (after[node] < before[node]) == (graver[at] > band[at])


def test_that_health_stays_between_nothing_and_a_hundred() -> None:
    counts = np.array([[700, 0, 0, 0, 0], [0, 0, 0, 0, 100_000]])
    figures = health(counts, np.array([np.nan, 0.0]))
    assert list(figures) == [100.0, 0.0]


def test_that_a_vital_names_the_set_it_obeys_which_in_an_emergency_is_its_scopes() -> None:
    city = small_city(4)
    assert CatalogueView(city).set_of(0) == "normal"
    lower = replace(city, scope_sets={"500103:T2": "flood"})
    view = CatalogueView(lower)
    assert [view.set_of(number) for number in range(4)] == ["normal", "normal", "flood", "normal"]
    assert view.threshold(2).threshold_set == "flood"
    assert view.threshold_set == "normal", "that of the whole stays"
