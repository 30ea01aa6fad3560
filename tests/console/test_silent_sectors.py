"""A sector of which nothing was ever heard has no health: a good figure would be a lie."""

from tests.console.conftest import Room
from tests.support.small_city import small_city


def figures(room: Room) -> list[str]:
    return [card.record.figure for card in room.window.cockpit.sectors._widgets]


def test_that_a_sector_without_a_single_value_shows_none(room: Room) -> None:
    room.session.hear()
    room.session.show_city(small_city(12))
    room.session.enter()
    room.session.put_alarms()
    room.beat()
    assert figures(room) == ["—", "—"]


def test_that_one_value_is_enough_for_its_sector_and_for_no_other(room: Room) -> None:
    room.session.hear()
    room.session.show_city(small_city(12))
    room.session.enter()
    room.session.put({3: 10.0})  # vital 3 hangs on sub-track 4, in the second sector
    room.session.put_alarms()
    room.beat()
    unknown, known = figures(room)
    assert unknown == "—"
    assert float(known) > 0
