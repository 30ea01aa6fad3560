"""Rounds over cameras, and what consoles tell of how the cameras are."""

import pytest

from chengyun_core.centre import camera_looks
from chengyun_core.centre.camera_clock import CameraKeeper
from chengyun_core.model.camera import CameraLook, CameraRound, CameraState
from chengyun_core.model.camera_commands import RemoveRound, SaveRound
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Check
from chengyun_core.model.rights import Label
from chengyun_core.model.rights_commands import SetClearance
from chengyun_core.store import camera_table
from chengyun_core.wire.camera_asks import AskCameraHealth, CameraHealth, CamerasHeard, TellCameras
from tests.core.centre.camera_stand import furnished
from tests.core.centre.event_room import asked, refused
from tests.core.centre.room import ADMIN_KEY, NOON_NS, Room
from tests.support.wvp_stand import WvpStand


@pytest.fixture
def cameras(room: Room) -> tuple[Room, str]:
    furnished(room)
    return room, room.officer("li")


def _round(**told: object) -> SaveRound:
    given = {"name": "沿江巡查", "centre": "500000", "cameras": ("C-RTSP", "C-ONVIF"), "dwell_s": 8.0, "grid": 4}
    return SaveRound(**{**given, **told})  # type: ignore[arg-type]


def _kept(room: Room) -> list[CameraRound]:
    with room.ledger.reading() as connection:
        return [kept for kept, _ in camera_table.rounds(connection)]


def test_that_a_round_is_written_changed_and_taken_away(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    number = int(room.done(_round(), li).key)
    room.done(_round(number=number, version=1, dwell_s=12.0), li)
    (kept,) = _kept(room)
    assert (kept.name, kept.dwell_s, kept.grid, kept.version, kept.saved_by) == ("沿江巡查", 12.0, 4, 2, "li")
    no = refused(room, li, _round(number=number, version=1))
    assert (no.code, no.params["version"]) == ("round.changed", "2")
    room.done(RemoveRound(round=number, version=2, reason="改用新的"), li)
    assert _kept(room) == []
    assert refused(room, li, RemoveRound(round=number, version=3)).code == "round.unknown"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"name": " "}, "text.missing.name"),
        ({"centre": "999"}, "permission.outside_area"),
        ({"grid": 5}, "round.grid"),
        ({"dwell_s": 2.9}, "round.dwell"),
        ({"dwell_s": float("nan")}, "round.dwell"),
        ({"cameras": ()}, "round.cameras"),
        ({"cameras": ("C-RTSP", "C-RTSP")}, "round.cameras"),
        ({"cameras": ("NONE",)}, "camera.unknown"),
        ({"cameras": ("C-DIM",)}, "label.not_cleared"),
        ({"cameras": ("C-HIDE",)}, "camera.unknown"),
    ],
)
def test_that_a_round_that_cannot_be_shown_is_refused(
    cameras: tuple[Room, str], told: dict[str, object], code: str
) -> None:
    room, li = cameras
    assert refused(room, li, _round(**told)).code in (code, "round.no_centre")
    assert _kept(room) == []


def test_that_nobody_shows_a_hidden_camera_to_everybody(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    room.done(SetClearance(account="li", clearance=Label.HIDE, reason="试"), ADMIN_KEY)
    assert refused(room, li, _round(cameras=("C-HIDE",))).code == "round.hidden"


def _look(camera: str, state: CameraState = CameraState.ONLINE, since: int = NOON_NS - NS_PER_S) -> CameraLook:
    return CameraLook(camera=camera, state=state, since=since)


def _health(room: Room, session: str, **about: object) -> CameraHealth:
    return asked(room, session, "camera.health", AskCameraHealth(**about), CameraHealth)  # type: ignore[arg-type]


def test_that_what_consoles_see_is_kept_and_told_gravest_first(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    looks = (_look("C-RTSP"), _look("C-ONVIF", CameraState.FROZEN), _look("NONE"))
    assert asked(room, li, "camera.told", TellCameras(looks=looks), CamerasHeard).taken == 2
    told = _health(room, li)
    assert [(look.camera, look.state) for look in told.looks] == [
        ("C-ONVIF", CameraState.FROZEN), ("C-RTSP", CameraState.ONLINE),
    ]  # fmt: skip
    rates = {rate.centre: (rate.cameras, rate.looked_at, rate.online) for rate in told.rates}
    assert rates == {"500000": (1, 0, 0), "500103": (5, 2, 1), "500106": (1, 0, 0)}
    assert [look.camera for look in _health(room, li, cameras=("C-RTSP",)).looks] == ["C-RTSP"]
    assert [rate.centre for rate in _health(room, li, centre="500106").rates] == ["500106"]


def test_that_the_same_told_again_keeps_its_since_and_old_looks_count_no_more(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    asked(room, li, "camera.told", TellCameras(looks=(_look("C-RTSP", CameraState.DEAD),)), CamerasHeard)
    room.clock.advance(60)
    again = _look("C-RTSP", CameraState.DEAD, since=room.clock.utc_ns())
    asked(room, li, "camera.told", TellCameras(looks=(again,)), CamerasHeard)
    (look,) = _health(room, li).looks
    assert (look.since, look.told_at) == (NOON_NS - NS_PER_S, room.clock.utc_ns())
    assert camera_looks.online(room.desk) == (1, 0)
    room.clock.advance(24 * 3600 + 1)
    assert camera_looks.online(room.desk) == (0, 0)


def test_that_too_much_at_once_and_what_one_may_not_see_is_refused(cameras: tuple[Room, str]) -> None:
    room, li = cameras
    many = tuple(_look("C-RTSP") for _ in range(65))
    assert room.ask("camera.told", TellCameras(looks=many), li).code == "ask.out_of_range"
    assert room.ask("camera.told", TellCameras(looks=(_look("C-HIDE"),)), li).code == "camera.unknown"
    assert sum(rate.cameras for rate in _health(room, li).rates) == 7  # the hidden one is not counted
    room.done(SetClearance(account="li", clearance=Label.HIDE, reason="试"), ADMIN_KEY)
    assert sum(rate.cameras for rate in _health(room, li).rates) == 8


def test_that_platforms_are_asked_how_they_are_and_a_broken_one_is_told(room: Room) -> None:
    with WvpStand() as stand:
        furnished(room, route=stand.route)
        li = room.officer("li")
        keeper = CameraKeeper(room.desk, room.ledger, lambda job, then: room.door.undertake("cameras", job, then))
        keeper.tend()
        room.work()
        (told,) = _health(room, li).platforms
        assert (told.platform, told.name, told.light, told.devices, told.online) == ("city", "市平台", "ok", 1, 1)
        stand.fault = "empty"
        room.clock.advance(61)
        keeper.tend()
        room.work()
        (told,) = _health(room, li).platforms
        assert (told.light, told.at) == ("platform.malformed", room.clock.utc_ns())
        keeper.tend()
        assert room.lanes["cameras"].jobs == []  # not before its time
        room.desk.cameras.close()


def test_that_a_hand_over_is_told_how_the_cameras_are_in_steps_that_void_no_signature(
    cameras: tuple[Room, str],
) -> None:
    room, li = cameras
    found = camera_looks.check(room.desk)
    assert found is not None
    assert (found.good, found.reason) == (False, "camera.none_looked")
    asked(room, li, "camera.told", TellCameras(looks=(_look("C-RTSP"),)), CamerasHeard)
    assert camera_looks.check(room.desk) == Check(name="cameras", good=True)
    dead = tuple(_look(code, CameraState.DEAD) for code in ("C-ONVIF", "C-GB"))
    asked(room, li, "camera.told", TellCameras(looks=dead), CamerasHeard)
    told = camera_looks.check(room.desk)
    assert told is not None
    assert told.params == {"share": "30", "least": "90"}


def test_that_a_city_without_cameras_has_no_such_check(room: Room) -> None:
    assert camera_looks.check(room.desk) is None
