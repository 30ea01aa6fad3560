"""An ONVIF camera asked over SOAP, against a stand-in that checks the digest; and what a hostile one can do."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

import aiohttp
import pytest

from chengyun_core.centre.camera_http import GuardedHttp
from chengyun_core.centre.camera_ports import Login
from chengyun_core.centre.onvif.client import OnvifCamera
from chengyun_core.model.camera import Preset, StreamQuality
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.fence import Fence
from tests.support.onvif_stand import OnvifStand

T = TypeVar("T")
FENCE = Fence(networks=("10.9.0.0/16",))
ADDRESS = "http://10.9.0.7/onvif/device_service"
LOGIN = Login(user="viewer", password="s3cret")


@pytest.fixture
def stand() -> Iterator[OnvifStand]:
    with OnvifStand() as made:
        yield made


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the stand-in checks the digest's time against the machine's


def asked(
    stand: OnvifStand, deed: Callable[[OnvifCamera], Awaitable[T]], *, login: Login = LOGIN, address: str = ADDRESS
) -> T:
    """Do something with the camera of a stand."""

    async def run() -> T:
        async with aiohttp.ClientSession() as session:
            http = GuardedHttp(FENCE, session, stand.route)
            return await deed(OnvifCamera(http, address, login, _now))

    return asyncio.run(run())


def test_that_the_largest_and_the_smallest_profile_give_the_streams_without_credentials(stand: OnvifStand) -> None:
    found = asked(stand, lambda camera: camera.streams(StreamQuality.MAIN))
    assert found.main == "rtsp://10.9.0.7:554/live/main?a=1&b=2"
    assert found.sub == "rtsp://10.9.0.7:554/live/sub?a=1&b=2"


@pytest.mark.parametrize("behind_s", [3600.0, -7200.0, 86_400.0 * 400])
def test_that_a_camera_whose_clock_is_off_is_signed_to_in_its_own_time(behind_s: float) -> None:
    with OnvifStand(behind_s=behind_s) as stand:
        assert asked(stand, lambda camera: camera.streams(StreamQuality.MAIN)).main


def test_that_movement_positions_and_stops_reach_the_motors(stand: OnvifStand) -> None:
    async def deed(camera: OnvifCamera) -> tuple[Preset, ...]:
        await camera.move(0.5, -1.0, float("nan"))
        await camera.stop()
        await camera.go_to(2)
        await camera.keep(7, "<桥 & 头>")
        return await camera.presets()

    presets = asked(stand, deed)
    assert stand.moves == [(0.5, -1.0, 0.0), "stop"]
    assert stand.went_to == ["2"]
    assert presets == (
        Preset(number=1, name="全景"), Preset(number=2, name="码头"), Preset(number=7, name="<桥 & 头>"),
    )  # fmt: skip
    assert stand.calls.count("GetProfiles") == 1


def test_that_services_are_asked_on_the_host_we_know_whatever_the_camera_says(stand: OnvifStand) -> None:
    asked(stand, lambda camera: camera.move(0.1, 0.0, 0.0))
    assert stand.moves == [(0.1, 0.0, 0.0)]


@pytest.mark.parametrize(
    "login", [Login(), Login(user="viewer", password="wrong"), Login(user="root", password="s3cret")]
)
def test_that_a_wrong_user_is_told_as_that(stand: OnvifStand, login: Login) -> None:
    with pytest.raises(Trouble) as no:
        asked(stand, lambda camera: camera.streams(StreamQuality.MAIN), login=login)
    assert no.value.reason.code == "onvif.not_authorized"


@pytest.mark.parametrize(
    ("fault", "code", "why"),
    [
        ("laughs", "onvif.malformed", "document_type"),
        ("external", "onvif.malformed", "document_type"),
        ("cut", "onvif.malformed", "not_xml"),
        ("empty", "onvif.malformed", "not_xml"),
        ("garbage", "onvif.malformed", "not_xml"),
        ("html", "onvif.malformed", "no_envelope"),
        ("other", "onvif.malformed", "other_answer"),
        ("long", "camera.http.too_large", None),
        ("redirect", "camera.http.redirected", None),
        ("unauthorized", "onvif.not_authorized", None),
    ],
)
def test_that_a_hostile_answer_is_refused_and_told(stand: OnvifStand, fault: str, code: str, why: str | None) -> None:
    stand.fault = fault
    with pytest.raises(Trouble) as no:
        asked(stand, lambda camera: camera.streams(StreamQuality.MAIN))
    assert (no.value.reason.code, no.value.reason.params.get("reason")) == (code, why)


def test_that_a_camera_that_never_answers_is_given_up(stand: OnvifStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GuardedHttp.ask, "__kwdefaults__", {**GuardedHttp.ask.__kwdefaults__, "patience_s": 0.2})
    stand.fault = "slow"
    with pytest.raises(Trouble) as no:
        asked(stand, lambda camera: camera.streams(StreamQuality.MAIN))
    assert no.value.reason.code == "camera.http.timeout"


def test_that_a_fault_is_told_with_its_code_and_reason(stand: OnvifStand) -> None:
    with pytest.raises(Trouble) as no:
        asked(stand, lambda camera: camera.go_to(9))
    assert no.value.reason.code == "onvif.fault"
    assert "ter:NoToken" in no.value.reason.params["said"]
    assert no.value.reason.params["reason"] == "No such preset"


def test_that_a_camera_without_a_motor_says_so(stand: OnvifStand) -> None:
    stand.has_ptz = False
    with pytest.raises(Trouble) as no:
        asked(stand, lambda camera: camera.move(1.0, 0.0, 0.0))
    assert no.value.reason.code == "onvif.no_ptz"


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/onvif", "http://169.254.169.254/onvif", "http://10.8.0.1/onvif", "file:///etc/passwd",
     "http://2130706433/onvif", "rtsp://10.9.0.7/onvif"],
)  # fmt: skip
def test_that_the_fence_holds_for_services_too(stand: OnvifStand, address: str) -> None:
    with pytest.raises(Refused) as no:
        asked(stand, lambda camera: camera.streams(StreamQuality.MAIN), address=address)
    assert no.value.reason.code.startswith("video.fence.")
    assert stand.calls == []
