"""Where cameras are wanted for an alarm: at the device its vital is measured by, and at no other of a similar code."""

from dataclasses import replace

import pytest

from chengyun_console.video.cameras import CameraBook
from chengyun_console.video.spots import spot_of_alarm, spot_of_event
from chengyun_core.model.catalogue import Catalogue, Device
from tests.console.conftest import Room
from tests.console.event_samples import event
from tests.console.still_session import alarm
from tests.support.small_city import small_city
from tests.support.still_cameras import cameras

NEAR, FAR = (106.61, 29.61), (106.21, 29.21)


def city(*, placed: bool = True) -> Catalogue:
    """Return a city of twelve vitals; the last two are measured by D10 and D11, and D1 is another device far away."""
    made = small_city(12, period_s=5.0)
    places = {"D1": FAR, "D11": NEAR if placed else None}

    def at(device: Device) -> Device:
        place = places.get(device.code)
        return device if place is None else replace(device, longitude=place[0], latitude=place[1])

    return replace(made, devices=tuple(at(one) for one in made.devices), cameras=cameras(4))


@pytest.fixture
def seated(desk_room: Room) -> Room:
    """The city with devices that have places, and an alarm on the vital of D11."""
    desk_room.session.show_city(city())
    desk_room.session.put_alarms(alarm(5, 11))
    desk_room.beat()
    return desk_room


def book_of(room: Room) -> CameraBook:
    assert room.session.catalogue is not None
    return CameraBook(room.session.catalogue)


def test_that_a_device_whose_code_is_the_beginning_of_another_s_is_not_taken_for_it(seated: Room) -> None:
    spot = spot_of_alarm(seated.desk, book_of(seated), seated.session.facts.alarms[5])
    assert (spot.longitude, spot.latitude) == NEAR


def test_that_a_vital_whose_device_has_no_place_has_none_rather_than_a_wrong_one(seated: Room) -> None:
    seated.session.show_city(city(placed=False))
    spot = spot_of_alarm(seated.desk, book_of(seated), seated.session.facts.alarms[5])
    assert (spot.longitude, spot.latitude) == (None, None)
    assert spot.centre == "500103"


def test_that_an_event_without_a_place_is_where_its_first_alarm_is_measured(seated: Room) -> None:
    spot = spot_of_event(seated.desk, book_of(seated), event(7, alarms=(5,)))
    assert (spot.longitude, spot.latitude) == NEAR
    placed = event(7, alarms=(5,), longitude=106.5, latitude=29.5)
    assert spot_of_event(seated.desk, book_of(seated), placed).longitude == 106.5
