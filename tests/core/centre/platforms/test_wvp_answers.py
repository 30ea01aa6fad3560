"""WVP-PRO's answers with every field they have, kept in files; and answers of any other shape."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.centre.camera_ports import Login, PlatformChannel
from chengyun_core.centre.platforms.wvp import Wvp
from chengyun_core.model.camera import Preset, StreamQuality
from chengyun_core.model.failure import Trouble
from tests.support.kept_answers import KeptAnswers, done, trouble_of

ANSWERS = Path(__file__).with_name("answers")
DEVICE, CHANNEL = "34020000001320000001", "34020000001310000001"
FILES = {
    "/api/user/login": "login", "/api/device/query/devices": "devices", f"/api/play/start/{DEVICE}/{CHANNEL}": "play",
    f"/api/device/query/devices/{DEVICE}/channels": "channels",
    f"/api/front-end/preset/query/{DEVICE}/{CHANNEL}": "presets",
}  # fmt: skip
EMPTY = b'{"code":0,"msg":"x","data":{"total":0,"list":[]}}'
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["total", "list", "deviceId", "onLine", "accessToken", "rtsp", "presetId", "name"]), inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


def _kept(path: str, _body: bytes = b"") -> bytes:
    return (ANSWERS / f"{FILES[path]}.json").read_bytes() if path in FILES else EMPTY


def _platform(answer: Any = _kept) -> Wvp:
    return Wvp(KeptAnswers(answer), "http://10.9.0.8:18080", Login(user="chengyun", password="x"))


def test_that_devices_and_channels_are_read_with_places_states_and_motors() -> None:
    platform = _platform()
    seen = done(platform.seen())
    assert (seen.devices, seen.online) == (2, 1)
    first, second = done(platform.channels())
    assert first == PlatformChannel(
        device=DEVICE, channel=CHANNEL, name="朝天门沿江 03", is_online=True, longitude=106.588, latitude=29.5675,
        ptz=True, path=("朝天门片区 NVR",),
    )  # fmt: skip
    assert (second.is_online, second.longitude, second.ptz) == (False, None, False)


def test_that_of_all_addresses_of_a_stream_the_rtsp_one_is_taken() -> None:
    found = done(_platform().camera(DEVICE, CHANNEL).streams(StreamQuality.SUB))
    assert found.main == f"rtsp://10.9.0.8:554/rtp/{DEVICE}_{CHANNEL}?originTypeStr=rtp_push"
    assert found.sub == ""


def test_that_positions_without_a_name_are_called_by_their_number() -> None:
    told = done(_platform().camera(DEVICE, CHANNEL).presets())
    assert told == (Preset(number=1, name="全景"), Preset(number=12, name="12"))


def test_that_a_play_that_timed_out_is_told_in_the_platform_s_words() -> None:
    def answer(path: str, _body: bytes) -> bytes:
        return (ANSWERS / "timeout.json").read_bytes() if "/play/" in path else _kept(path)

    with pytest.raises(Trouble) as no:
        done(_platform(answer).camera(DEVICE, CHANNEL).streams(StreamQuality.MAIN))
    assert (no.value.reason.code, no.value.reason.params["reason"]) == ("platform.refused", "点播超时")


@given(data=JSON)
def test_that_data_of_any_shape_is_read_or_told_as_malformed(data: object) -> None:
    told = json.dumps({"code": 0, "msg": "成功", "data": data}).encode()
    platform = _platform(lambda path, _body: _kept(path) if path == "/api/user/login" else told)
    camera = platform.camera(DEVICE, CHANNEL)
    deeds = (platform.seen(), camera.streams(StreamQuality.MAIN), camera.presets())
    assert {code.partition(".")[0] for deed in deeds if (code := trouble_of(deed))} <= {"platform"}


@given(told=st.binary(max_size=300))
def test_that_no_bytes_do_more_than_raise_trouble(told: bytes) -> None:
    with pytest.raises(Trouble):
        done(_platform(lambda _path, _body: told).seen())
