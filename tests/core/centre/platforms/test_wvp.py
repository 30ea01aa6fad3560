"""WVP-PRO as a platform: logged in, listed, played, moved, against a stand-in; and what a broken one can do."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import aiohttp
import pytest

from chengyun_core.centre.camera_http import GuardedHttp
from chengyun_core.centre.camera_ports import Login
from chengyun_core.centre.platforms.wvp import Wvp
from chengyun_core.model.camera import Preset, StreamQuality
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.fence import Fence
from tests.support.wvp_stand import CHANNELS, DEVICE, WvpStand

T = TypeVar("T")
URL = "http://10.9.0.8:18080/"
FENCE = Fence(networks=("10.9.0.0/16",))
LOGIN = Login(user="chengyun", password="plat-form")


@pytest.fixture
def stand() -> Iterator[WvpStand]:
    with WvpStand() as made:
        yield made


def asked(stand: WvpStand, deed: Callable[[Wvp], Awaitable[T]], *, login: Login = LOGIN, url: str = URL) -> T:
    """Do something with the platform of a stand."""

    async def run() -> T:
        async with aiohttp.ClientSession() as session:
            return await deed(Wvp(GuardedHttp(FENCE, session, stand.route), url, login))

    return asyncio.run(run())


async def _play(platform: Wvp) -> str:
    return (await platform.camera(DEVICE, CHANNELS[0]).streams(StreamQuality.MAIN)).main


def test_that_devices_and_all_pages_of_channels_are_listed(stand: WvpStand) -> None:
    seen = asked(stand, lambda platform: platform.seen())
    assert (seen.devices, seen.online) == (1, 1)
    channels = asked(stand, lambda platform: platform.channels())
    assert [one.channel for one in channels] == list(CHANNELS)
    first, second = channels[:2]
    assert (first.device, first.name, first.is_online, first.ptz) == (DEVICE, "通道0", False, True)
    assert (first.longitude, second.longitude, second.ptz) == (None, 106.58, False)
    assert second.path == ("朝天门片区",)


def test_that_playing_returns_the_platform_s_rtsp_address(stand: WvpStand) -> None:
    assert asked(stand, _play) == f"rtsp://10.9.0.8:554/rtp/{DEVICE}_{CHANNELS[0]}?callId=abc"
    assert stand.asked[-1] == f"/api/play/start/{DEVICE}/{CHANNELS[0]}"


def test_that_a_token_that_ran_out_is_renewed_once_and_the_question_repeated(stand: WvpStand) -> None:
    async def deed(platform: Wvp) -> None:
        await platform.seen()
        stand.forget_tokens()
        await asyncio.gather(*(platform.seen() for _ in range(5)))

    asked(stand, deed)
    assert stand.logins == 2


def test_that_a_camera_is_moved_zoomed_stopped_and_sent_to_positions(stand: WvpStand) -> None:
    async def deed(platform: Wvp) -> tuple[Preset, ...]:
        camera = platform.camera(DEVICE, CHANNELS[0])
        await camera.move(0.5, 0.0, 0.0)
        await camera.move(-1.0, 1.0, 0.2)
        await camera.move(0.0, 0.01, -0.6)
        await camera.stop()
        await camera.go_to(3)
        await camera.keep(9, "桥头")
        return await camera.presets()

    assert asked(stand, deed) == (Preset(number=1, name="全景"),)
    told = [(what, query.get("command"), query.get("presetId")) for what, query in stand.commands]
    assert told == [
        ("ptz", "right", None), ("ptz", "upleft", None), ("ptz", "zoomout", None), ("ptz", "stop", None),
        ("preset/call", None, "3"), ("preset/add", None, "9"),
    ]  # fmt: skip
    assert stand.commands[0][1]["horizonSpeed"] == "128"
    assert stand.commands[2][1] == {"command": "zoomout", "horizonSpeed": "0", "verticalSpeed": "0", "zoomSpeed": "9"}


@pytest.mark.parametrize(
    ("fault", "code", "why"),
    [
        ("token", "platform.not_authorized", None),
        ("bare_401", "platform.not_authorized", None),
        ("login", "platform.not_authorized", None),
        ("empty", "platform.malformed", "empty"),
        ("html", "platform.malformed", "not_json"),
        ("shape", "platform.malformed", "not_json"),
        ("deep", "platform.malformed", "not_json"),
        ("no_url", "platform.malformed", "no_stream"),
        ("refused", "platform.refused", "点播超时"),
        ("redirect", "camera.http.redirected", None),
    ],
)
def test_that_a_broken_platform_is_told_for_what_it_is(stand: WvpStand, fault: str, code: str, why: str | None) -> None:
    stand.fault = fault
    with pytest.raises(Trouble) as no:
        asked(stand, _play)
    assert (no.value.reason.code, no.value.reason.params.get("reason")) == (code, why)


def test_that_a_list_without_end_is_broken_off(stand: WvpStand) -> None:
    stand.fault = "endless"
    with pytest.raises(Trouble) as no:
        asked(stand, lambda platform: platform.seen())
    assert no.value.reason.code == "platform.too_many"


def test_that_a_platform_that_never_answers_is_given_up(stand: WvpStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chengyun_core.centre.platforms.wvp.PLAY_S", 0.2)
    stand.fault = "slow"
    with pytest.raises(Trouble) as no:
        asked(stand, _play)
    assert no.value.reason.code == "camera.http.timeout"


def test_that_an_unknown_channel_is_refused_in_the_platform_s_words(stand: WvpStand) -> None:
    with pytest.raises(Trouble) as no:
        asked(stand, lambda platform: platform.camera(DEVICE, "../../user/all").streams(StreamQuality.MAIN))
    assert (no.value.reason.code, no.value.reason.params["reason"]) == ("platform.refused", "通道不存在")
    assert stand.asked[-1].startswith(f"/api/play/start/{DEVICE}/")


def test_that_the_fence_holds_for_platforms_too(stand: WvpStand) -> None:
    with pytest.raises(Refused) as no:
        asked(stand, _play, url="http://127.0.0.1:18080")
    assert no.value.reason.code == "video.fence.never"
    assert stand.asked == []
