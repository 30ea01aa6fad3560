"""What all maps of a desk share: when it is asked for, which layers hold today, and that nothing of it grows old."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.maps.desk import MapDesk
from chengyun_console.maps.risk_places import RiskPlaces
from chengyun_console.maps.shape_paths import LayerShapes, shapes_of
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.geo.shapes import AREA
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.change import Change
from chengyun_core.model.failure import Reason
from chengyun_core.model.map_layer import LayerKind, MapLayer
from chengyun_core.model.places import Centre
from chengyun_core.model.scales import Level
from chengyun_resources.texts import Texts
from chengyun_widgets.mapping.view import Bounds
from chengyun_widgets.theme import load_theme
from tests.console.bare_desk import ending
from tests.console.still_session import StillSession
from tests.support import map_samples
from tests.support.small_city import small_city
from tests.support.still_cameras import with_cameras

LAYERS, RISKS = "map.layers", "risk_point.places"
TODAY, TOMORROW_S = "2026-07-18", 10 * 3600
"""A still session begins at half past two in the afternoon."""
OLD_TOWN = [[[106.55, 29.55], [106.56, 29.55], [106.56, 29.56], [106.55, 29.56], [106.55, 29.55]]]


class Stand:
    """A map desk on a still session."""

    def __init__(self, folder: Path) -> None:
        self.session = StillSession()
        self.desk = Desk(cast("Session", self.session), folder, load_theme("night"), _texts(), Preferences())
        self.catalogue()

    def catalogue(self, version: int = 1) -> None:
        """Bring a catalogue with a district that was merged, and a town of it."""
        far = tuple(
            Centre(code=code, name=code, level=level, parent=parent)
            for code, level, parent in (("500105", Level.DISTRICT, "500000"), ("500105001", Level.TOWN, "500105"))
        )
        city = with_cameras(small_city(12, version=version))
        self.session.show_city(replace(city, centres=(*city.centres, *far)))
        assert self.session.catalogue is not None
        self.desk.take_catalogue(self.session.catalogue)

    @property
    def maps(self) -> MapDesk:
        """Made with the first look."""
        return self.desk.maps

    def put(self, made: tuple[MapLayer, dict[str, bytes]], **told: object) -> None:
        """Let a layer be there whole."""
        layer = replace(made[0], **told)  # type: ignore[arg-type]
        self.desk.maps.store.known[layer.code] = layer
        self.desk.maps.store.shapes[layer.code] = _shapes(layer, tuple(made[1].items()))
        self.desk.maps.store.did_change.emit()

    def asked(self) -> set[str]:
        """Return what was asked since the last time, unanswered."""
        found = {slot for slot in (LAYERS, RISKS) if slot in self.session.sent.asks}
        self.session.sent.asks.clear()
        return found


@cache
def _texts() -> Texts:
    return Texts("zh_CN")


@cache
def _shapes(layer: MapLayer, contents: tuple[tuple[str, bytes], ...]) -> LayerShapes:
    return shapes_of(layer, [(0, data) for _digest, data in contents], is_whole=True)


def old_districts() -> tuple[MapLayer, dict[str, bytes]]:
    """Return the boundary of a district that was merged into 渝中区 since."""
    rows = [(AREA, "500105", "江北区", OLD_TOWN, {})]
    made = map_samples.shapes_of(rows)  # type: ignore[arg-type]
    return map_samples.layer("before", LayerKind.BOUNDARY, made, valid_to="2026-07-17")


@pytest.fixture
def at(qapp: QApplication, tmp_path: Path) -> Iterator[Stand]:
    """Nobody signed on."""
    made = Stand(tmp_path)
    with ending(made.desk):
        yield made


def test_that_layers_and_risk_points_are_asked_for_with_a_session_and_again_with_each(at: Stand) -> None:
    assert at.maps.whole() is None
    assert at.asked() == set(), "a console before sign-on asks nothing it has no right to"
    at.session.enter()
    assert at.asked() == {LAYERS, RISKS}
    at.session.sign_off()
    at.session.refuse_sign_on("session.wrong_password")
    assert at.asked() == set()
    at.session.enter(seat="A-01")
    assert at.asked() == {LAYERS, RISKS}


def test_that_a_map_made_at_a_seat_asks_at_once(at: Stand) -> None:
    at.session.enter()
    assert at.asked() == set()
    assert at.maps.book() is not None
    assert at.asked() == {LAYERS, RISKS}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("plan_library", {RISKS}), ("risk_point", {RISKS}), ("map_layer", {LAYERS}), ("alarm", set())],
)
def test_that_what_changed_at_the_centre_is_fetched_anew_and_nothing_else(
    at: Stand, kind: str, expected: set[str]
) -> None:
    assert at.maps.whole() is None
    at.asked()
    change = Change(number=9, at_ns=1, action="x", kind=kind, key="x", version=1, record=b"")
    news = FactNews(facts=(), gone=((kind, "x"),), changes=(change,), through=9, tail=9, complete=True)
    at.session.facts_came.emit(news)
    assert at.asked() == expected


def test_that_silence_of_the_centre_leaves_the_map_as_it_stands(at: Stand) -> None:
    at.session.enter()
    at.put(map_samples.districts())
    whole = at.maps.whole()
    for slot in (LAYERS, RISKS):
        at.session.answer_ask(slot, Reason(code="session.no_answer", params={"daemon": "centre", "kind": slot}))
    assert whole is not None
    assert at.maps.whole() == whole
    assert at.maps.store.faults[""].code == "session.no_answer", "said beside the list of layers"
    assert at.maps.risks.fault is not None


def test_that_only_what_holds_on_a_day_is_among_its_layers(at: Stand) -> None:
    at.put(map_samples.districts(), valid_from=TODAY)
    at.put(old_districts())
    assert [layer.code for layer in at.maps.layers_on(TODAY)] == ["districts"]
    assert [layer.code for layer in at.maps.layers_on("2026-07-17")] == ["before"]
    assert at.maps.day(at.desk.now_ns()) == TODAY


def test_that_a_centre_whose_district_was_merged_lies_in_the_one_of_today(at: Stand) -> None:
    at.put(map_samples.districts())
    at.put(old_districts())
    book = at.maps.book()
    assert book.area_of("500105") == book.area_of("500105001") == "500103"
    stand = book.of_centre("500105001")
    assert stand is not None
    assert not stand.is_exact
    assert at.maps.bounds_of("500105") is not None, "what it was merged into"


def test_that_at_midnight_things_lie_in_the_areas_of_the_new_day(at: Stand) -> None:
    """Districts change on a day: a console that runs over midnight must not tint areas that are none any more."""
    at.put(old_districts(), valid_to=TODAY)
    at.put(map_samples.districts(), valid_from="2026-07-19")
    assert at.maps.book().area_of("500105") == "500105"
    assert at.maps.book() is at.maps.book(), "made once a day"
    before = at.maps.whole()
    at.session.clock.advance(TOMORROW_S)
    assert at.maps.book().area_of("500105") == "500103"
    assert at.maps.whole() != before


def test_that_the_book_is_of_the_catalogue_that_came(at: Stand, qtbot: QtBot) -> None:
    at.put(map_samples.districts())
    first = at.maps.book()
    with qtbot.waitSignal(at.maps.did_change):
        at.catalogue(version=2)
    assert at.maps.book() is not first


def test_that_cameras_are_laid_out_once_for_a_version(at: Stand) -> None:
    first = at.maps.cameras()
    assert (len(first.ids), at.maps.cameras() is first) == (12, True)
    at.catalogue(version=2)
    assert at.maps.cameras() is not first
    at.session.catalogue = None
    assert at.maps.cameras().ids == ()


def test_that_risk_points_are_laid_out_once_for_a_library(at: Stand) -> None:
    first = at.maps.risk_points()
    assert (first.ids, at.maps.risk_points() is first) == ((), True)
    at.maps.risks.places = RiskPlaces()
    assert at.maps.risk_points() is not first


def test_that_the_whole_is_round_all_boundaries_and_nothing_is_no_rectangle(at: Stand) -> None:
    assert (at.maps.whole(), at.maps.bounds_of("500103"), at.maps.bounds_of("")) == (None, None, None)
    at.put(map_samples.rivers())
    assert at.maps.whole() is None, "a river is no ground"
    at.put(map_samples.districts())
    whole, one = at.maps.whole(), at.maps.bounds_of("500103")
    assert isinstance(whole, Bounds)
    assert isinstance(one, Bounds)
    assert whole.holds(one)
    assert whole != one
    assert at.maps.bounds_of("990000") is None
