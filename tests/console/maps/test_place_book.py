"""Where things are: by their device, by the risk point they watch, else only by the area of their centre."""

from dataclasses import replace

import numpy as np
import pytest

from chengyun_console.maps.place_book import PlaceBook, world
from chengyun_console.maps.risk_places import RiskPlaces, joined
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.wire.plan_asks import PointPlaces
from tests.console import event_samples
from tests.support.small_city import small_city

YUZHONG = world(106.56, 29.55)


def _view(**first: object) -> CatalogueView:
    city = small_city(4)
    devices = tuple(replace(one, **first) if at == 0 else one for at, one in enumerate(city.devices))  # type: ignore[arg-type]
    return CatalogueView(replace(city, devices=devices))


def _points(vital: str) -> RiskPlaces:
    return joined((
        PointPlaces(
            codes=("R-1",), names=("码头",), kinds=("码头",), longitude=np.array([106.6]).tobytes(),
            latitude=np.array([29.6]).tobytes(), vitals=((vital, "R-1"),),
        ),
    ))  # fmt: skip


def test_that_a_vital_is_where_its_device_is() -> None:
    view = _view(longitude=106.59, latitude=29.61, count=1)
    number = next(row.number for row in view.catalogue.vitals if view.catalogue.devices[0].code in row.formula)
    stand = PlaceBook(view, RiskPlaces(), {}).of_vital(number)
    assert stand is not None
    assert (stand.at, stand.is_exact) == (world(106.59, 29.61), True)


def test_that_a_vital_without_a_placed_device_is_at_the_risk_point_it_watches() -> None:
    view = _view()
    vital = view.catalogue.vitals[0]
    stand = PlaceBook(view, _points(vital.code), {}).of_vital(vital.number)
    assert stand is not None
    assert (stand.at, stand.is_exact) == (world(106.6, 29.6), True)


def test_that_a_vital_of_which_only_the_centre_is_known_says_so() -> None:
    view = _view()
    vital = view.catalogue.vitals[0]
    above = view.centre(vital.centre)
    assert above is not None
    book = PlaceBook(view, RiskPlaces(), {above.parent or above.code: YUZHONG})
    stand = book.of_vital(vital.number)
    assert stand is not None
    assert (stand.at, stand.is_exact) == (YUZHONG, False)
    assert PlaceBook(view, RiskPlaces(), {}).of_vital(vital.number) is None
    assert book.of_vital(10_000) is None


def test_that_an_event_is_at_its_own_place_then_its_risk_point_then_its_centre() -> None:
    view, event = _view(), event_samples.event(7)
    book = PlaceBook(view, _points("V"), {event.centre: YUZHONG})
    placed = replace(event, longitude=106.5, latitude=29.5, risk_point="R-1")
    assert (book.of_event(placed), book.of_event(replace(placed, longitude=None))) == (
        PlaceBook(None, RiskPlaces(), {}).of_event(placed), book._of_point("R-1"),
    )  # fmt: skip
    only = book.of_event(replace(event, longitude=None, latitude=None, risk_point=""))
    assert only is not None
    assert not only.is_exact


def test_that_pages_whose_columns_do_not_match_are_no_risk_points() -> None:
    with pytest.raises(ValueError, match="1 risk points with 0"):
        joined((PointPlaces(codes=("R",), names=("r",), kinds=("k",)),))


def test_that_a_centre_whose_area_was_merged_lies_in_the_area_of_today() -> None:
    view = _view()
    centre = view.catalogue.vitals[0].centre
    book = PlaceBook(view, RiskPlaces(), {centre: YUZHONG, "NEW": YUZHONG}, {centre: "NEW"})
    stand = book.of_centre(centre)
    assert (book.area_of(centre), book.area_of("NEW")) == ("NEW", "NEW")
    assert stand is not None
    assert (stand.at, stand.is_exact) == (YUZHONG, False)
