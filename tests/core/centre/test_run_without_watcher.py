"""A run on which the grouping of alarms fails is taken without it: nothing waits behind a bug of secondary matters."""

import pytest

from chengyun_core.model.scales import WarningColour
from tests.core.centre.room import Room

YELLOW, NONE = WarningColour.YELLOW, WarningColour.NONE


class Broken:
    """A watcher that fails on every run until it is mended, after it wrote half of its work."""

    def __init__(self, whole: object) -> None:
        self.whole = whole
        self.renewed = 0

    def look(self, moves: object) -> None:
        moves.work.note("situation.open", "situation", 1, 1)  # type: ignore[attr-defined]
        raise KeyError("a bug")

    def renew(self) -> None:
        self.renewed += 1
        self.whole.renew()  # type: ignore[attr-defined]


@pytest.fixture
def broken(room: Room) -> Broken:
    room.desk.watcher = Broken(room.desk.watcher)  # type: ignore[assignment]
    return room.desk.watcher  # type: ignore[return-value]


@pytest.mark.usefixtures("caplog")
def test_that_alarms_are_raised_although_grouping_them_fails(room: Room, broken: Broken) -> None:
    for vital in range(3):
        assert room.observe(vital, YELLOW).outcome == "done"
    assert [row.action for row in room.published if row.kind != "session"].count("alarm.raise") == 3
    assert not [row for row in room.published if row.action == "situation.open"], "nothing of the half work is left"
    assert (room.desk.watch_light, room.desk.counters["runs.not_watched"]) == ("centre.not_watched", 3)
    assert broken.renewed == 3


@pytest.mark.usefixtures("caplog")
def test_that_what_was_raised_meanwhile_is_grouped_with_what_comes_when_grouping_works_again(
    room: Room, broken: Broken
) -> None:
    for vital in range(2):
        room.observe(vital, YELLOW)
    room.desk.watcher = broken.whole  # type: ignore[assignment]
    for vital in (2, 3):
        room.observe(vital, YELLOW)
    assert room.desk.watch_light == "ok"
    assert {room.alarm(number).situation for number in range(1, 5)} == {1}
