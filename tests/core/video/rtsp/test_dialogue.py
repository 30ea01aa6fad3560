"""The talk with a camera: each step answered, nothing followed, nothing of a camera's put into a line of ours."""

import re

import pytest

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.rtsp.credentials import Credentials
from chengyun_core.video.rtsp.dialogue import Dialogue, Step
from chengyun_core.video.rtsp.splitting import Message

URL = "rtsp://10.66.1.1/live"
SDP = b"v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track=1\r\n"


def reply(status: int = 200, body: bytes = b"", **headers: str) -> Message:
    told = {name.replace("_", "-"): [value] for name, value in headers.items()}
    return Message(status=status, method="", url="", headers=told, body=body)


def dialogue(user: str = "", password: str = "") -> Dialogue:
    return Dialogue(URL, Credentials(user=user, password=password, make_nonce=lambda: "n"))


def set_up() -> Message:
    return reply(transport="RTP/AVP/TCP;unicast;interleaved=4-5", session="abc;timeout=30")


def test_that_a_camera_is_asked_step_by_step_until_it_plays() -> None:
    talk = dialogue()
    assert talk.begin().startswith(b"DESCRIBE rtsp://10.66.1.1/live RTSP/1.0\r\nCSeq: 1\r\n")
    asked = talk.took(reply(body=SDP, content_base=f"{URL}/"))
    assert asked.startswith(b"SETUP rtsp://10.66.1.1/live/track=1 RTSP/1.0")
    assert b"interleaved=0-1" in asked
    asked = talk.took(set_up())
    assert asked.startswith(b"PLAY rtsp://10.66.1.1/live/ RTSP/1.0")
    assert b"Session: abc\r\n" in asked
    assert talk.took(reply()) == b""
    assert talk.is_playing
    assert (talk.channel, talk.life_s) == (4, 30.0)
    assert talk.sign_of_life().startswith(b"GET_PARAMETER")
    assert talk.farewell().startswith(b"TEARDOWN")


@pytest.mark.parametrize("status", [300, 301, 302, 305, 307])
@pytest.mark.parametrize("step", list(Step)[:3])
def test_that_a_redirect_is_refused_at_every_step(status: int, step: Step) -> None:
    talk = dialogue()
    talk.begin()
    before = {Step.DESCRIBE: [], Step.SETUP: [reply(body=SDP)], Step.PLAY: [reply(body=SDP), set_up()]}[step]
    for message in before:
        talk.took(message)
    assert talk.step is step
    with pytest.raises(Refused, match=r"video\.redirected"):
        talk.took(reply(status, location="rtsp://127.0.0.1/"))


def test_that_a_redirect_asked_for_while_playing_is_refused() -> None:
    asked = Message(status=0, method="REDIRECT", url=URL, headers={"location": ["rtsp://127.0.0.1/"]})
    with pytest.raises(Refused, match=r"video\.redirected"):
        dialogue().took(asked)


def test_that_other_requests_of_a_camera_are_answered_with_no() -> None:
    asked = Message(status=0, method="ANNOUNCE", url=URL, headers={"cseq": ["7"]})
    assert dialogue().took(asked) == b"RTSP/1.0 501 Not Implemented\r\nCSeq: 7\r\n\r\n"
    evil = Message(status=0, method="ANNOUNCE", url=URL, headers={"cseq": ["7 x"]})
    assert b"7" not in dialogue().took(evil)


def test_that_credentials_are_said_once_asked_for_and_a_refusal_ends_it() -> None:
    talk = dialogue("duty", "open sesame")
    assert b"Authorization" not in talk.begin()
    asked = talk.took(reply(401, www_authenticate='Digest realm="r", nonce="1"'))
    assert asked.startswith(b"DESCRIBE")
    assert re.search(rb'Authorization: Digest username="duty"', asked)
    assert b"open sesame" not in asked
    with pytest.raises(Refused, match=r"video\.credentials"):
        talk.took(reply(401, www_authenticate='Digest realm="r", nonce="2"'))


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (reply(401), "video.credentials"),
        (reply(403), "video.forbidden"),
        (reply(404), "video.status"),
        (reply(503), "video.status"),
        (reply(100), "video.status"),
        (reply(body=b"v=0\r\n"), "video.no_video"),
        (reply(body=SDP, content_base="rtsp://x/ RTSP/1.0\r\nEvil: 1"), ""),
    ],
)
def test_that_each_answer_has_its_word(message: Message, code: str) -> None:
    talk = dialogue()
    talk.begin()
    if not code:  # a base that is no line is not taken
        assert talk.took(message).startswith(b"SETUP rtsp://10.66.1.1/live/track=1")
        return
    with pytest.raises((Refused, Trouble)) as told:
        talk.took(message)
    assert told.value.reason.code == code


def test_that_a_control_word_cannot_begin_a_line_of_ours() -> None:
    talk = dialogue()
    talk.begin()
    evil = SDP.replace(b"track=1", b"x RTSP/1.0")
    with pytest.raises(Trouble, match=r"video\.not_rtsp"):
        talk.took(reply(body=evil))


@pytest.mark.parametrize(
    "transport", ["RTP/AVP;unicast;client_port=1-2", "RTP/AVP/TCP", "RTP/AVP/TCP;interleaved=999-1"]
)
def test_that_another_way_than_inside_the_connection_is_refused(transport: str) -> None:
    talk = dialogue()
    talk.begin()
    talk.took(reply(body=SDP))
    with pytest.raises(Refused, match=r"video\.no_interleaving"):
        talk.took(reply(transport=transport, session="a"))
