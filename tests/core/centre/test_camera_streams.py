"""Streams given out one by one: to whom, with whose credentials, told in the journal; and what is not published."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chengyun_core.centre.camera_desk import CameraDesk
from chengyun_core.model.camera import StreamGrant, StreamQuality
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.rights import Label
from chengyun_core.model.rights_commands import SetClearance
from chengyun_core.store import journal as journal_rows
from chengyun_core.video.settings import VideoSettings
from chengyun_core.wire import codec
from chengyun_core.wire.camera_asks import AskStream
from chengyun_core.wire.envelope import AskCatalogue, AskChanges, Changes
from tests.core.centre.camera_stand import CAMERAS, DEMO, furnished
from tests.core.centre.event_room import asked
from tests.core.centre.room import ADMIN_KEY, Room
from tests.support.onvif_stand import OnvifStand
from tests.support.wvp_stand import CHANNELS, DEVICE, WvpStand


@pytest.fixture
def cameras(room: Room) -> Iterator[tuple[Room, str]]:
    furnished(room)
    yield room, room.officer("li")
    room.desk.cameras.close()


def granted(room: Room, session: str, camera: str, quality: StreamQuality = StreamQuality.MAIN) -> StreamGrant:
    return asked(room, session, "camera.stream", AskStream(camera=camera, quality=quality), StreamGrant)


def code_of(room: Room, session: str, camera: str) -> str:
    reply = room.ask("camera.stream", AskStream(camera=camera), session)
    assert reply.outcome != "done"
    return reply.code


def test_that_a_stream_is_given_with_its_own_credentials_for_a_while(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    grant = granted(room, li, "C-RTSP")
    assert (grant.address, grant.sub_address) == ("rtsp://10.9.0.5/main", "rtsp://10.9.0.5/sub")
    assert (grant.user, grant.password, grant.demo) == ("own", "own-pass", "")
    assert grant.until - room.clock.utc_ns() == 60_000_000_000
    assert "own-pass" not in repr(grant)
    sub = granted(room, li, "C-RTSP", StreamQuality.SUB)
    assert sub.address == "rtsp://10.9.0.5/sub"
    # A camera without a smaller stream shows its one stream at every size.
    far = granted(room, room.officer("admin2", "500000.watch_chief", seat="A-03"), "C-FAR", StreamQuality.SUB)
    assert (far.address, far.user) == ("rtsp://10.9.0.6/main", "viewer")


def test_that_a_demo_camera_is_resolved_only_where_the_profile_runs_its_server(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    grant = granted(room, li, "C-DEMO", StreamQuality.SUB)
    assert (grant.address, grant.demo) == ("rtsp://cameras.demo.invalid/cam/C-DEMO/sub", DEMO)
    assert grant.user == ""
    room.desk.cameras.settings = replace(VideoSettings(), networks=("10.9.0.0/16",))
    assert code_of(room, li, "C-DEMO") == "camera.no_demo"


def test_that_an_onvif_camera_is_asked_where_its_stream_is(room: Room) -> None:
    with OnvifStand() as stand:
        furnished(room, route=stand.route)
        grant = granted(room, room.officer("li"), "C-ONVIF")
        assert (grant.address, grant.user) == ("rtsp://10.9.0.7:554/live/main?a=1&b=2", "viewer")
        stand.password = "changed"
        assert code_of(room, room.signed_on("li", "A-01"), "C-ONVIF") == "onvif.not_authorized"
        room.desk.cameras.close()


def test_that_a_platform_is_asked_to_play_and_its_own_password_stays_here(room: Room) -> None:
    with WvpStand() as stand:
        furnished(room, route=stand.route)
        grant = granted(room, room.officer("li"), "C-GB")
        assert grant.address == f"rtsp://10.9.0.8:554/rtp/{DEVICE}_{CHANNELS[0]}?callId=abc"
        assert (grant.user, grant.password) == ("", "")
        room.desk.cameras.close()


def test_that_what_a_camera_names_outside_the_fence_is_refused(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    assert code_of(room, li, "C-BAD") == "video.fence.never"
    room.desk.cameras.fence = replace(room.desk.cameras.fence, networks=("10.8.0.0/16",))
    assert code_of(room, li, "C-RTSP") == "video.fence.outside"


def test_that_strangers_other_areas_and_labels_are_refused(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    assert code_of(room, "", "C-RTSP") == "session.none"
    assert code_of(room, li, "NONE") == "camera.unknown"
    yuzhong = room.officer("yu", "500103.duty_officer", seat="Y-01")
    assert granted(room, yuzhong, "C-RTSP").address
    assert code_of(room, yuzhong, "C-FAR") == "permission.outside_area"
    auditor = room.officer("au", "500000.audit_admin", seat="A-04")
    assert code_of(room, auditor, "C-RTSP") == "permission.no_post"
    assert code_of(room, li, "C-DIM") == "label.not_cleared"
    assert code_of(room, li, "C-HIDE") == "camera.unknown"
    for account, clearance, seen in (("li", Label.DIM, "C-DIM"), ("li", Label.HIDE, "C-HIDE")):
        room.done(SetClearance(account=account, clearance=clearance, reason="试"), ADMIN_KEY)
        assert granted(room, li, seen).address


def test_that_each_session_camera_and_hour_is_told_once_and_no_credentials_with_it(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    for _ in range(3):
        granted(room, li, "C-RTSP")
        granted(room, li, "C-RTSP", StreamQuality.SUB)
    granted(room, li, "C-DEMO")
    rows = _rows(room)
    assert [(row.key, row.account) for row in rows] == [("C-RTSP", "li"), ("C-DEMO", "li")]
    room.clock.advance(3600)
    granted(room, li, "C-RTSP")
    assert len(_rows(room)) == 3
    assert b"own-pass" not in (room.folder / "centre" / "chengyun.db").read_bytes()
    assert b"own-pass" not in (room.folder / "centre" / "chengyun.db-wal").read_bytes()


def _rows(room: Room) -> list[journal_rows.Change]:
    with room.ledger.reading() as connection:
        return [row for row in journal_rows.changes(connection, 0, 5000, 2**22) if row.action == "camera.stream"]


def test_that_who_watched_a_labelled_camera_is_not_told_to_who_may_not_know_of_it(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    room.done(SetClearance(account="li", clearance=Label.HIDE, reason="试"), ADMIN_KEY)
    room.published.clear()
    granted(room, li, "C-HIDE")
    wang = room.officer("wang", seat="A-02")
    told = asked(room, wang, "changes.since", AskChanges(after=0, limit=5000), Changes).changes
    assert [row for row in told if row.action == "camera.stream"] == []
    seen = asked(room, li, "changes.since", AskChanges(after=0, limit=5000), Changes).changes
    assert [row.key for row in seen if row.action == "camera.stream"] == ["C-HIDE"]


def test_that_consoles_get_cameras_without_addresses_and_hidden_ones_not_at_all(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    data = room.ask("catalogue.get", AskCatalogue(), li).body
    told = codec.unpack(data, Catalogue)
    assert {camera.code for camera in told.cameras} == {
        "C-RTSP", "C-ONVIF", "C-GB", "C-DEMO", "C-FAR", "C-DIM", "C-BAD",
    }  # fmt: skip
    assert not any(camera.address or camera.sub_address or camera.platform_id for camera in told.cameras)
    assert b"10.9.0.5" not in data
    whole = codec.unpack(room.ask("catalogue.whole", AskCatalogue(), ADMIN_KEY).body, Catalogue)
    assert {camera.code for camera in whole.cameras} >= {"C-HIDE"}
    assert whole.cameras == CAMERAS
    assert room.ask("catalogue.whole", AskCatalogue(), li).code == "permission.no_post"


def test_that_a_section_that_cannot_be_meant_closes_the_fence_and_not_the_centre(room: Room) -> None:
    furnished(room)
    (room.folder / "profile.toml").write_text('[video]\nnetworks = ["10.9.0.0/99"]\n', "utf-8")
    room.desk.cameras = CameraDesk.of(room.folder)
    assert code_of(room, room.officer("li"), "C-RTSP") == "video.fence.network"


def test_that_a_camera_that_never_answers_keeps_nobody_else_waiting(room: Room) -> None:
    with OnvifStand() as stand:
        stand.fault = "slow"
        furnished(room, route=stand.route)
        li = room.officer("li")
        assert room.door.take(b"peer", room.bytes_of("camera.stream", AskStream(camera="C-ONVIF"), li)) is None
        assert granted(room, li, "C-DEMO").demo == DEMO
        assert len(room.lanes["cameras"].jobs) == 1
        room.lanes["cameras"].jobs.clear()
        room.desk.cameras.close()
