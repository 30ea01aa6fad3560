"""A camera whose right answers are bent: whatever it says, it is read or told as trouble."""

import re
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chengyun_core.centre.camera_ports import Login
from chengyun_core.centre.onvif.client import OnvifCamera
from chengyun_core.model.camera import StreamQuality
from tests.support.kept_answers import KeptAnswers, done, trouble_of
from tests.support.onvif_stand import NAMESPACES

AT = datetime(2026, 11, 22, 6, 0, 0, tzinfo=UTC)
INSIDE = {
    "GetSystemDateAndTime": "<SystemDateAndTime><UTCDateTime><Time><Hour>6</Hour><Minute>0</Minute><Second>9</Second>"
    "</Time><Date><Year>2026</Year><Month>11</Month><Day>22</Day></Date></UTCDateTime></SystemDateAndTime>",
    "GetCapabilities": "<Capabilities><Media><XAddr>http://10.9.0.7:80/m</XAddr></Media>"
    "<PTZ><XAddr>http://10.9.0.7/p</XAddr></PTZ></Capabilities>",
    "GetProfiles": '<Profiles token="a"><Name>a</Name><VideoEncoderConfiguration><Resolution><Width>1920</Width>'
    "<Height>1080</Height></Resolution></VideoEncoderConfiguration><PTZConfiguration/></Profiles>",
    "GetStreamUri": "<MediaUri><Uri>rtsp://10.9.0.7/live</Uri></MediaUri>",
    "GetPresets": '<Preset token="1"><Name>x</Name></Preset>',
    "ContinuousMove": "", "Stop": "",
}  # fmt: skip
bent = st.lists(
    st.tuples(
        st.sampled_from(sorted(INSIDE)), st.integers(0, 400), st.integers(0, 40),
        st.sampled_from(["", "<", ">", "&", "<a>", "</a>", "999999999999", "-1", "http://[", "::", "\x00", "é", " "]),
    ),
    max_size=3,
)  # fmt: skip


def _answer(bends: list[tuple[str, int, int, str]], body: bytes) -> bytes:
    name = re.search(rb"<e:Body><s:(\w+)", body)[1].decode()
    text = INSIDE[name]
    for wanted, at, length, put in bends:
        if wanted == name:
            text = text[:at] + put + text[at + length :]
    inside = f"<{name}Response>{text}</{name}Response>"
    return f"<SOAP-ENV:Envelope {NAMESPACES}><SOAP-ENV:Body>{inside}</SOAP-ENV:Body></SOAP-ENV:Envelope>".encode()


@settings(max_examples=300)
@given(bends=bent)
@example(bends=[("GetCapabilities", 82, 9, "")])
def test_that_bent_answers_are_read_or_told_as_trouble(bends: list[tuple[str, int, int, str]]) -> None:
    http = KeptAnswers(lambda _path, body: _answer(bends, body))
    camera = OnvifCamera(http, "http://10.9.0.7/onvif/device_service", Login(user="u", password="p"), lambda: AT)
    deeds = (
        partial(camera.streams, StreamQuality.MAIN),
        camera.presets,
        partial(camera.move, 1.0, 0.0, 0.0),
        camera.stop,
    )
    assert {code.partition(".")[0] for deed in deeds if (code := trouble_of(deed()))} <= {"onvif"}


@pytest.mark.parametrize(
    ("name", "told"),
    [("GetStreamUri", "<MediaUri><Uri>http://[</Uri></MediaUri>"),
     ("GetCapabilities", "<Capabilities><Media><XAddr>http://[::</XAddr></Media></Capabilities>"),
     ("GetCapabilities", "<Capabilities><Media><XAddr>http://h:99999999</XAddr></Media></Capabilities>")],
)  # fmt: skip
def test_that_an_address_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, name: str, told: str) -> None:
    monkeypatch.setitem(INSIDE, name, told)
    camera = OnvifCamera(KeptAnswers(lambda _path, body: _answer([], body)), "http://10.9.0.7/x", Login(), lambda: AT)
    assert trouble_of(camera.streams(StreamQuality.MAIN)) == "onvif.malformed"


def test_that_the_answers_that_are_bent_are_right_ones() -> None:
    http = KeptAnswers(lambda _path, body: _answer([], body))
    camera = OnvifCamera(http, "http://10.9.0.7/onvif/device_service", Login(), lambda: AT)
    assert done(camera.streams(StreamQuality.MAIN)).main == "rtsp://10.9.0.7/live"
    assert [one.number for one in done(camera.presets())] == [1]
    assert http.asked[0] == "POST /onvif/device_service"
