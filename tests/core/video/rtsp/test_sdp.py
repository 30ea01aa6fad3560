"""The video track of a session description, as cameras write them."""

import pytest

from chengyun_core.model.failure import Refused
from chengyun_core.video.rtsp.sdp import Codec, video_track

BASE = "rtsp://10.66.1.1/Streaming/Channels/101/"
HIK = """v=0
o=- 1 1 IN IP4 10.66.1.1
s=Media Presentation
a=control:*
m=audio 0 RTP/AVP 8
a=rtpmap:8 PCMA/8000
a=control:rtsp://10.66.1.1/Streaming/Channels/101/trackID=2
m=video 0 RTP/AVP 96
a=control:rtsp://10.66.1.1/Streaming/Channels/101/trackID=1?a=b
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0LAHtoCgL/lwFqDAwNSgAAAAwCAAAAZR4sXUA==,aM48gA==
"""


def of(media: str) -> str:
    return f"v=0\r\nm=video 0 RTP/AVP 97\r\n{media}"


def test_that_the_video_behind_the_audio_is_found() -> None:
    track, whole = video_track(HIK, BASE)
    assert (track.codec, track.payload_type, track.clock_rate) == (Codec.H264, 96, 90_000)
    assert track.control == "rtsp://10.66.1.1/Streaming/Channels/101/trackID=1?a=b"
    assert [nal[0] & 0x1F for nal in track.parameter_sets] == [7, 8]
    assert whole == BASE


@pytest.mark.parametrize(
    ("told", "url"),
    [
        ("track=0", "rtsp://10.66.1.1/live?x=1/track=0"),
        ("*", "rtsp://10.66.1.1/live?x=1"),
        ("", "rtsp://10.66.1.1/live?x=1"),
        ("/other", "rtsp://10.66.1.1/other"),
        ("rtsp://10.66.1.1/t", "rtsp://10.66.1.1/t"),
    ],
)
def test_that_a_control_word_is_meant_as_cameras_mean_it(told: str, url: str) -> None:
    track, _ = video_track(of(f"a=rtpmap:97 H265/90000\r\na=control:{told}\r\n"), "rtsp://10.66.1.1/live?x=1")
    assert (track.codec, track.control) == (Codec.HEVC, url)


@pytest.mark.parametrize(
    ("media", "found"),
    [
        ("a=rtpmap:97 JPEG/90000\r\n", "JPEG"),
        ("a=rtpmap:97 MP4V-ES/90000\r\n", "MP4V-ES"),
        ("", "97"),
        ("a=rtpmap:97 H264/0\r\n", "97"),
        ("a=rtpmap:x\r\n", "97"),
    ],
)
def test_that_what_cannot_be_shown_is_named(media: str, found: str) -> None:
    with pytest.raises(Refused, match=r"video\.no_video") as told:
        video_track(of(media), BASE)
    assert told.value.reason.params["found"] == found


def test_that_broken_parameter_sets_are_left_out() -> None:
    track, _ = video_track(of("a=rtpmap:97 H264/90000\r\na=fmtp:97 sprop-parameter-sets=!!,aM48gA==,\r\n"), BASE)
    assert len(track.parameter_sets) == 1
