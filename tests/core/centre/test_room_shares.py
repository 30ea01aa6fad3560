"""What the centre lets be shown to all in a room: lines of its catalogue, files of the event, a view of the map."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.model.rights import Label
from chengyun_core.model.room_commands import ShareInRoom
from chengyun_core.wire.event_asks import UploadHeld, UploadPart
from chengyun_core.wire.room_asks import AskRoomLines, RoomLines
from tests.core.centre.order_stand import order_city
from tests.core.centre.room_stand import CHAIR, WATER, RoomStand
from tests.support.small_city import small_city

PAPER = b"%PDF-1.4 plan of 2026"


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[RoomStand]:
    with RoomStand(tmp_path) as made:
        made.room.adopt(replace(order_city(), vitals=small_city(4).vitals))
        made.opened(WATER)
        made.join(WATER)
        yield made


def _shown(stand: RoomStand, shares: str) -> dict[str, str]:
    """Share something as the chair; return what the record tells of it."""
    stand.room.done(ShareInRoom(room=1, code=CHAIR, shares=shares), stand.officer)
    assert stand.member(CHAIR).shares == shares
    told = stand.ask("room.lines", AskRoomLines(room=1), RoomLines)
    return dict(told.lines[-1].sentence.params)


def _keep(stand: RoomStand, event: int, content: bytes = PAPER) -> None:
    digest = hashlib.sha256(content).hexdigest()
    part = UploadPart(digest=digest, size=len(content), offset=0, data=content)
    stand.ask("attachment.part", part, UploadHeld, stand.officer)
    added = AddAttachment(about=f"event:{event}", digest=digest, name="处置方案.pdf", size=len(content))
    stand.room.done(added, stand.officer)


def _refused(stand: RoomStand, shares: str) -> str:
    return stand.code(ShareInRoom(room=1, code=CHAIR, shares=shares), stand.officer)


def test_that_lines_are_named_with_their_vitals(stand: RoomStand) -> None:
    told = _shown(stand, "trend/V0000+V0001/21600")
    assert (told["share"], told["name"]) == ("trend", "寸滩站 水位, 重庆北站 客流")


def test_that_a_vital_nobody_knows_is_refused_by_name(stand: RoomStand) -> None:
    assert _refused(stand, "trend/V0000+V9999/21600") == "room.unknown_trend"
    assert stand.member(CHAIR).shares == ""


def test_that_a_file_of_the_event_is_named_in_the_record(stand: RoomStand) -> None:
    _keep(stand, 1)
    told = _shown(stand, "file/1")
    assert (told["share"], told["name"]) == ("file", "处置方案.pdf")


def test_that_a_file_of_another_event_or_of_none_is_refused(stand: RoomStand) -> None:
    other = stand.open_event()
    _keep(stand, other.number)
    assert _refused(stand, "file/1") == "room.file_not_shared"
    assert _refused(stand, "file/99") == "room.file_not_shared"


@pytest.mark.parametrize("label", [Label.DIM, Label.HIDE])
def test_that_a_labelled_file_is_named_in_no_record_that_all_members_read(stand: RoomStand, label: Label) -> None:
    _keep(stand, 1)
    stand.room.desk.labels["attachment", "1"] = label
    assert _refused(stand, "file/1") == "room.file_not_shared"


def test_that_a_view_of_the_map_is_kept_as_it_was_seen(stand: RoomStand) -> None:
    told = _shown(stand, "map/0.796210000/0.411520000/11.50/*/alarms+events/districts")
    assert (told["share"], told["name"]) == ("sight", "")
    assert _shown(stand, "map")["share"] == "map"


@pytest.mark.parametrize("shares", ["map/2/0.5/11/*//", "trend/V0000/1", "file/x", "pane/F6", "camera/C-0007"])
def test_that_what_says_nothing_is_refused(stand: RoomStand, shares: str) -> None:
    assert _refused(stand, shares) == "room.unknown_share"
