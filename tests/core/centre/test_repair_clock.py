"""Overdue repair tickets are told when they are due and again until they end; a restart forgets none."""

from dataclasses import replace

import pytest

from chengyun_core.centre import repair_clock
from chengyun_core.model.device_commands import DoRepair, OpenRepair, ReopenRepair, TakeRepair
from chengyun_core.model.device_file import REPAIR_HOURS, Repair
from chengyun_core.store import journal as journal_rows
from chengyun_core.store import repair_table
from tests.core.centre.event_room import peopled_city
from tests.core.centre.room import Room
from tests.core.centre.test_devices import CHANNEL, GAUGE, METERS

HOUR_S = 3600
DUE_S = REPAIR_HOURS["stuck"] * HOUR_S


@pytest.fixture
def opened(room: Room) -> tuple[Room, str]:
    """A ticket that is due in three days; the session of who keeps sensors."""
    room.adopt(replace(peopled_city(), devices=(GAUGE, METERS), channels=(CHANNEL,)))
    li, gan = room.officer("li"), room.officer("gan", "500000.sensing_ops", seat="A-02")
    room.done(OpenRepair(device="HYD", fault="stuck", quantity="level"), li)
    return room, gan


def repair(room: Room) -> Repair:
    with room.ledger.reading() as connection:
        found = repair_table.get(connection, 1)
    assert found is not None
    return found


def tend(room: Room) -> int:
    return repair_clock.tend(room.desk, room.ledger)


def told(room: Room) -> list[dict[str, str]]:
    with room.ledger.reading() as connection:
        rows = journal_rows.changes(connection, 0, 10_000, 2**22)
    return [dict(row.params) for row in rows if row.action == "repair.overdue"]


def test_that_a_ticket_is_told_when_it_is_due_and_a_day_later_again(opened: tuple[Room, str]) -> None:
    room, _gan = opened
    room.clock.advance(DUE_S - 1)
    assert tend(room) == 0
    room.clock.advance(2)
    assert tend(room) == 1
    assert (repair(room).reminded, repair(room).version) == (1, 2)
    assert tend(room) == 0
    room.clock.advance(24 * HOUR_S)
    assert tend(room) == 1
    assert repair(room).reminded == 2
    assert [(row["device"], row["late_h"]) for row in told(room)] == [("HYD", "0"), ("HYD", "24")]


def test_that_a_ticket_that_ended_is_told_no_more_and_one_opened_again_from_the_beginning(
    opened: tuple[Room, str],
) -> None:
    room, _gan = opened
    room.clock.advance(DUE_S + 1)
    tend(room)
    gan = room.signed_on("gan", "A-02")
    room.done(TakeRepair(repair=1, version=2), gan)
    room.done(DoRepair(repair=1, version=3, finding="清洗探头"), gan)
    room.clock.advance(48 * HOUR_S)
    assert tend(room) == 0
    gan = room.signed_on("gan", "A-02")
    room.done(ReopenRepair(repair=1, version=4, reason="又卡住了"), gan)
    assert repair(room).reminded == 0
    room.clock.advance(DUE_S + 1)
    assert tend(room) == 1
    assert repair(room).reminded == 1


def test_that_a_start_waits_for_every_living_ticket(opened: tuple[Room, str]) -> None:
    room, _gan = opened
    room.desk.due.wait((repair_clock.TIMER, "1"), None)
    room.clock.advance(DUE_S + 1)
    assert tend(room) == 0
    with room.ledger.reading() as connection:
        repair_clock.load(room.desk, connection)
    assert tend(room) == 1


def test_that_nobody_is_told_where_the_setting_says_so(opened: tuple[Room, str]) -> None:
    room, _gan = opened
    room.desk.settings = replace(room.desk.settings, repair_remind_hours=0.0)
    room.clock.advance(DUE_S + 1)
    assert tend(room) == 1, "the timer that was armed before is let go"
    assert tend(room) == 0
    assert repair(room).reminded == 0
