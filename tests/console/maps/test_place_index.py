"""Places of the map are found by name, code, pinyin and initials, as vitals are, and by what is written before that."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.maps.place_index import PlaceIndex, PlaceSources, written
from chengyun_console.maps.risk_places import RiskPlaces
from tests.console import map_scenes, scenes
from tests.console.scenes import Stand


@pytest.fixture(scope="module")
def at(qapp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One window for all, with F5, its layers and risk points."""
    with scenes.stand(tmp_path_factory.mktemp("places"), scenes.Look()) as made:
        scenes.seat(made)
        made.session.enter(allowed=())
        map_scenes.show_map(made)
        yield made


@pytest.fixture
def sources(at: Stand) -> PlaceSources:
    page = map_scenes.page_of(at).map
    names = at.desk.names
    assert names is not None
    return PlaceSources(view=names.view, shapes=tuple(page.maps.store.shapes.values()), risks=page.maps.risks.places)


@pytest.mark.parametrize("typed", ["渝中区", "yzq", "yuzhong", "500103"])
def test_that_a_district_is_found_by_name_initials_pinyin_and_code(sources: PlaceSources, typed: str) -> None:
    assert next(PlaceIndex(sources).find(typed)) == "centre:500103"


def test_that_units_and_features_of_layers_are_found_by_initials(sources: PlaceSources) -> None:
    index = PlaceIndex(sources)
    unit = sources.view.catalogue.units[0] if sources.view is not None else None
    assert unit is not None
    assert f"unit:{unit.code}" in list(index.find(unit.name.casefold()))
    shapes = next(one for one in sources.shapes if one.names)
    code, name = next(iter(shapes.names.items()))
    assert f"feature:{shapes.layer.code}/{code}" in list(index.find(name.casefold()))


def test_that_until_names_are_spelled_what_is_written_is_found(sources: PlaceSources) -> None:
    assert "centre:500103" in list(written(sources, "渝中"))
    assert list(written(sources, "yzq")) == []


def test_that_other_names_are_other_sources(sources: PlaceSources) -> None:
    same = PlaceSources(view=sources.view, shapes=sources.shapes, risks=sources.risks)
    assert same.is_of(sources)
    assert not PlaceSources(view=sources.view, shapes=(), risks=sources.risks).is_of(sources)
    assert not PlaceSources(view=sources.view, shapes=sources.shapes, risks=RiskPlaces()).is_of(sources)


def test_that_initials_typed_on_the_page_lead_to_the_district(at: Stand, sources: PlaceSources, qtbot) -> None:
    page = map_scenes.page_of(at)
    page.side.search.setText("yzq")

    def is_found() -> bool:
        at.beat()
        return page.finder.list.isVisible() and page.finder.list.current_key() == "centre:500103"

    qtbot.waitUntil(is_found, timeout=20_000)
    QTest.keyClick(page.side.search, Qt.Key.Key_Return)
    area = page.map.maps.bounds_of("500103")
    assert area is not None
    assert page.map.canvas.screen_now.bounds.holds(area)


def test_that_nothing_found_is_said(at: Stand, sources: PlaceSources, qtbot) -> None:
    page = map_scenes.page_of(at)
    page.side.search.setText("qqxxqq")
    at.beat()
    qtbot.waitUntil(lambda: page.finder._index is not None, timeout=20_000)
    at.beat()
    assert [row.key for row in page.finder.list.rows()] == ["none"]
