"""Files of devices move by their table, and tickets for what is wrong with them do so by theirs."""

from dataclasses import replace
from typing import Any

import pytest

from chengyun_core.model.catalogue import Channel, Device
from chengyun_core.model.device_commands import (
    DoRepair,
    GiveBackRepair,
    MoveDevice,
    NoteDevice,
    OpenRepair,
    RejectRepair,
    ReopenRepair,
    TakePlaces,
    TakeRepair,
)
from chengyun_core.model.device_file import (
    REPAIR_HOURS,
    REPAIR_MOVES,
    STAGE_MOVES,
    Repair,
    RepairState,
    Stage,
    StageMove,
    moves_of,
    repair_moves_of,
)
from chengyun_core.wire import codec
from chengyun_core.wire.device_asks import AskDeviceFiles, AskRepairs, DeviceFiles, Repairs
from chengyun_core.wire.envelope import AskChanges, Changes, Hello, Snapshot
from tests.core.centre.event_room import asked, peopled_city, refused
from tests.core.centre.room import ADMIN_KEY, NOON_NS, Room

HOUR_NS = 3600 * 10**9
GAUGE = Device(code="HYD", name="水位计", kind="水文站", centre="500103", subtrack="YJ01A")
METERS = Device(code="M", name="水表", kind="水表", centre="500000", subtrack="YJ01A", count=50)
CHANNEL = Channel(number=0, device="HYD", quantity="level", unit="m", period_s=60.0)
Staffed = tuple[Room, str, str]


@pytest.fixture
def sensing(room: Room) -> Staffed:
    """Return a centre with two devices; the sessions of a duty officer and of who keeps sensors."""
    room.adopt(replace(peopled_city(), devices=(GAUGE, METERS), channels=(CHANNEL,)))
    return room, room.officer("li"), room.officer("gan", "500000.sensing_ops", seat="A-02")


def _file(room: Room, session: str, device: str = "HYD") -> Any:
    return asked(room, session, "device.page", AskDeviceFiles(device=device), DeviceFiles).files[0]


def _repairs(room: Room, session: str, **told: Any) -> Repairs:
    return asked(room, session, "repair.page", AskRepairs(**told), Repairs)


def _one(room: Room, session: str) -> Repair:
    return _repairs(room, session).repairs[0]


def test_that_a_device_of_which_nobody_wrote_anything_stands_where_its_channels_put_it(sensing: Staffed) -> None:
    room, li, _ = sensing
    assert (_file(room, li).stage, _file(room, li, "M").stage) == (Stage.MAINTAIN, Stage.CATALOGUE)
    assert asked(room, li, "device.page", AskDeviceFiles(), DeviceFiles).files == ()


def test_that_a_device_goes_through_its_stages_and_the_journal_keeps_why(sensing: Staffed) -> None:
    room, li, gan = sensing
    room.done(MoveDevice(device="HYD", version=0, move=StageMove.REBUILD, reason="探头更换"), gan)
    for version in (1, 2, 3):
        room.done(MoveDevice(device="HYD", version=version, move=StageMove.ADVANCE), gan)
    kept = _file(room, li)
    assert (kept.stage, kept.version, kept.by, kept.stage_at) == (Stage.MAINTAIN, 4, "gan", NOON_NS)
    told = asked(room, li, "changes.since", AskChanges(after=0), Changes).changes
    first = next(change.params for change in told if change.kind == "device_stage")
    assert (first["from"], first["to"], first["reason"]) == ("maintain", "build", "探头更换")
    assert asked(room, li, "device.page", AskDeviceFiles(), DeviceFiles).files == (kept,)


def test_that_a_move_the_table_does_not_know_is_refused(sensing: Staffed) -> None:
    room, _, gan = sensing
    told = refused(room, gan, MoveDevice(device="HYD", version=0, move=StageMove.ADVANCE))
    assert (told.code, told.params["stage"]) == ("device.no_such_move", "maintain")
    assert (
        refused(room, gan, MoveDevice(device="HYD", version=0, move=StageMove.SEND_BACK)).code == "text.missing.reason"
    )
    assert refused(room, gan, MoveDevice(device="X", version=0, move=StageMove.ADVANCE)).code == "device.unknown"


def test_that_two_who_write_at_once_do_not_overwrite_each_other(sensing: Staffed) -> None:
    room, _, gan = sensing
    room.done(NoteDevice(device="M", version=0, maintainer="水务集团", calibrated="2026-10-01"), gan)
    assert refused(room, gan, NoteDevice(device="M", version=0, maintainer="他人")).code == "device.was_changed"
    assert _file(room, gan, "M").maintainer == "水务集团"


@pytest.mark.parametrize("day", ["2026-13-01", "gestern", "20261001", "2999-01-01"])
def test_that_a_calibration_that_is_no_day_or_lies_ahead_is_refused(sensing: Staffed, day: str) -> None:
    room, _, gan = sensing
    assert refused(room, gan, NoteDevice(device="M", version=0, calibrated=day)).code == "device.date"


def test_that_a_ticket_is_opened_in_one_deed_taken_and_done(sensing: Staffed) -> None:
    room, li, gan = sensing
    room.done(OpenRepair(device="M", member=7, fault="stuck", fault_since=NOON_NS - HOUR_NS, quantity="flow"), li)
    opened = _one(room, li)
    assert (opened.state, opened.member, opened.opened_by) == (RepairState.OPEN, 7, "li")
    assert opened.due_at == NOON_NS + REPAIR_HOURS["stuck"] * HOUR_NS
    room.clock.advance(60)
    room.done(TakeRepair(repair=1, version=1), gan)
    room.done(DoRepair(repair=1, version=2, finding="更换计数器", calibrated="2026-12-01"), gan)
    done = _one(room, li)
    assert (done.state, done.taken_by, done.finding, done.version) == (RepairState.DONE, "gan", "更换计数器", 3)
    assert _file(room, li, "M").calibrated == "2026-12-01"
    assert _repairs(room, li).counts == {"done": 1, "overdue": 0}


def test_that_one_fault_of_one_device_has_one_ticket(sensing: Staffed) -> None:
    room, li, gan = sensing
    room.done(OpenRepair(device="M", member=7, fault="stuck"), li)
    told = refused(room, gan, OpenRepair(device="M", member=7, fault="stuck"))
    assert (told.code, told.params["repair"]) == ("repair.is_open", "1")
    room.done(OpenRepair(device="M", member=8, fault="stuck"), gan)
    room.done(OpenRepair(device="M", member=7, fault="drift"), gan)
    assert len(_repairs(room, li).repairs) == 3


def test_that_a_ticket_is_given_back_rejected_and_opened_again_with_its_reasons(sensing: Staffed) -> None:
    room, li, gan = sensing
    room.done(OpenRepair(device="HYD", fault="offline"), li)
    room.done(TakeRepair(repair=1, version=1), gan)
    assert refused(room, gan, GiveBackRepair(repair=1, version=2, reason=" ")).code == "text.missing.reason"
    room.done(GiveBackRepair(repair=1, version=2, reason="无备件"), gan)
    assert (_one(room, li).state, _one(room, li).taken_by) == (RepairState.OPEN, "")
    room.done(TakeRepair(repair=1, version=3), gan)
    room.done(DoRepair(repair=1, version=4, finding="更换电源"), gan)
    room.clock.advance(3600)
    room.done(ReopenRepair(repair=1, version=5, reason="又离线"), li)
    assert _one(room, li).due_at == room.clock.utc_ns() + 24 * HOUR_NS
    room.done(RejectRepair(repair=1, version=6, reason="设备已拆除"), gan)
    assert _one(room, li).state is RepairState.REJECTED
    assert refused(room, li, ReopenRepair(repair=1, version=7, reason="x")).code == "repair.no_such_move"


def test_that_a_done_ticket_is_not_opened_again_beside_a_living_one(sensing: Staffed) -> None:
    room, li, gan = sensing
    room.done(OpenRepair(device="HYD", fault="offline"), li)
    room.done(TakeRepair(repair=1, version=1), gan)
    room.done(DoRepair(repair=1, version=2, finding="好"), gan)
    room.done(OpenRepair(device="HYD", fault="offline"), li)
    assert refused(room, li, ReopenRepair(repair=1, version=3, reason="又离线")).code == "repair.is_open"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"device": "X"}, "device.unknown"), ({"fault": "tired"}, "repair.no_such_fault"),
        ({"member": 1}, "repair.no_such_member"), ({"member": -1}, "repair.no_such_member"),
        ({"device": "M", "member": 51}, "repair.no_such_member"), ({"text": "坏" * 501}, "text.too_long"),
    ],
)  # fmt: skip
def test_that_a_ticket_that_cannot_be_meant_is_refused(sensing: Staffed, told: dict[str, Any], code: str) -> None:
    room, li, _ = sensing
    assert refused(room, li, OpenRepair(**{"device": "HYD", "fault": "other", **told})).code == code


def test_that_who_may_not_is_refused_and_a_district_keeps_to_its_own(sensing: Staffed) -> None:
    room, li, gan = sensing
    yuzhong = room.officer("yu", "500103.duty_officer", seat="Y-01")
    assert refused(room, li, MoveDevice(device="HYD", version=0, move=StageMove.REBUILD, reason="x")).code.startswith(
        "permission."
    )
    assert refused(room, yuzhong, OpenRepair(device="M", fault="other")).code.startswith("permission.")
    room.done(OpenRepair(device="HYD", fault="other", text="外壳破损"), yuzhong)
    assert refused(room, yuzhong, TakeRepair(repair=1, version=1)).code.startswith("permission.")
    room.done(TakeRepair(repair=1, version=1), gan)
    assert refused(room, gan, TakeRepair(repair=9, version=1)).code == "repair.unknown"
    assert refused(room, gan, TakeRepair(repair=1, version=1)).code == "repair.was_changed"
    assert refused(room, gan, DoRepair(repair=1, version=2, finding="")).code == "text.missing.finding"


def test_that_an_order_must_be_there_to_be_tied_to(sensing: Staffed) -> None:
    room, li, gan = sensing
    room.done(OpenRepair(device="HYD", fault="other"), li)
    assert refused(room, gan, TakeRepair(repair=1, version=1, order=44)).code == "order.unknown"


def test_that_a_console_is_told_of_living_tickets_and_asks_for_the_others_page_by_page(sensing: Staffed) -> None:
    room, li, gan = sensing
    for member in range(1, 6):
        room.done(OpenRepair(device="M", member=member, fault="offline"), li)
    room.done(RejectRepair(repair=3, version=1, reason="误报"), gan)
    snapshot = asked(room, li, "snapshot", Hello(protocol=1, client="test"), Snapshot)
    held = [codec.unpack(one.record, Repair).number for one in snapshot.records if one.kind == "repair"]
    assert held == [1, 2, 4, 5]
    first = _repairs(room, li, limit=2)
    assert ([one.number for one in first.repairs], first.more) == ([5, 4], True)
    rest = _repairs(room, li, limit=10, before=4)
    assert ([one.number for one in rest.repairs], rest.more) == ([3, 2, 1], False)
    assert [one.number for one in _repairs(room, li, states=(RepairState.REJECTED,)).repairs] == [3]
    assert _repairs(room, li, centre="500103").repairs == ()
    room.clock.advance(25 * 3600)
    assert _repairs(room, room.officer("wu", seat="A-03")).counts == {"open": 4, "rejected": 1, "overdue": 4}


def test_that_pages_have_a_bound(sensing: Staffed) -> None:
    room, li, _ = sensing
    for kind, body in (("repair.page", AskRepairs(limit=0)), ("device.page", AskDeviceFiles(limit=10**6))):
        assert room.ask(kind, body, li).code == "ask.out_of_range"


def test_that_the_places_in_force_are_told_with_who_brought_them(sensing: Staffed) -> None:
    room, li, _ = sensing
    assert asked(room, li, "device.page", AskDeviceFiles(), DeviceFiles).places is None
    room.done(TakePlaces(origin="places.parquet", devices=51, digest="a" * 64), ADMIN_KEY)
    told = asked(room, li, "device.page", AskDeviceFiles(), DeviceFiles).places
    assert told is not None
    assert (told.origin, told.devices, told.by) == ("places.parquet", 51, "local-admin")
    assert refused(room, ADMIN_KEY, TakePlaces(origin="x", devices=-1, digest="a" * 64)).code == "device.places_told"
    assert refused(room, li, TakePlaces(origin="x", devices=1, digest="a" * 64)).code.startswith("permission.")


def test_that_buttons_are_what_the_tables_allow() -> None:
    assert moves_of(Stage.SORT) == (StageMove.ADVANCE,)
    assert {(stage, move) for stage in Stage for move in moves_of(stage)} == set(STAGE_MOVES)
    assert {(state, move) for state in RepairState for move in repair_moves_of(state)} == set(REPAIR_MOVES)
    assert repair_moves_of(RepairState.REJECTED) == ()
