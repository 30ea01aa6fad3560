"""A connection's bytes, taken apart however they come, and given up when they are no RTSP."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.failure import Trouble
from chengyun_core.video.rtsp.splitting import Interleaved, Message, Splitter

REPLY = b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: ab;timeout=30\r\nContent-Length: 5\r\n\r\nhello"
PACKET = b"$\x00\x00\x04abcd"
REQUEST = b"GET_PARAMETER rtsp://x/ RTSP/1.0\r\nCSeq: 9\r\n\r\n"
TALK = REPLY + PACKET + PACKET + REQUEST + PACKET


def taken(splitter: Splitter, data: bytes, at: list[int]) -> list[Message | Interleaved]:
    cuts = sorted({0, *(place % len(data) for place in at), len(data)})
    parts = [data[begin:end] for begin, end in itertools.pairwise(cuts)]
    return [piece for part in parts for piece in splitter.pieces(part)]


@given(st.lists(st.integers(0, 10_000), max_size=60))
def test_that_pieces_do_not_depend_on_how_bytes_come(at: list[int]) -> None:
    pieces = taken(Splitter(), TALK, at)
    assert [type(piece) for piece in pieces] == [Message, Interleaved, Interleaved, Message, Interleaved]
    reply, packet, _, request, _ = pieces
    assert isinstance(reply, Message)
    assert (reply.status, reply.body, reply.header("session")) == (200, b"hello", "ab;timeout=30")
    assert packet == Interleaved(0, b"abcd")
    assert isinstance(request, Message)
    assert (request.method, request.url) == ("GET_PARAMETER", "rtsp://x/")


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=5))
def test_that_any_bytes_are_taken_or_given_up_in_words(data: bytes, at: list[int]) -> None:
    try:
        pieces = taken(Splitter(), data or b"$", at)
    except Trouble as trouble:
        assert trouble.reason.code == "video.not_rtsp"  # noqa: PT017 - either is right
    else:
        assert all(isinstance(piece, Message | Interleaved) for piece in pieces)


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"\x00\x01",
        b"RTSP/1.0 20 OK\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nno colon\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"RTSP/1.0 200 OK\r\nContent-Length: 999999\r\n\r\n",
        b"RTSP/1.0 200 OK\r\n" + b"A: b\r\n" * 100 + b"\r\n",
        b"RTSP/1.0 200 OK\r\nA: " + b"b" * 20_000,
    ],
)
def test_that_what_is_no_rtsp_is_given_up(data: bytes) -> None:
    with pytest.raises(Trouble, match=r"video\.not_rtsp"):
        list(Splitter().pieces(data))
