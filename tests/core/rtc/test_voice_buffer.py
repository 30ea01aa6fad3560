"""A voice through gaps: every packet that comes is heard at once, and none twice or backwards."""

from types import SimpleNamespace

from aiortc.rtcrtpreceiver import RTCRtpReceiver
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.rtc import voice_buffer
from chengyun_core.rtc.voice_buffer import VoiceBuffer, listen_through_gaps


def _packet(number: int) -> SimpleNamespace:
    return SimpleNamespace(sequence_number=number % 65536, timestamp=number * 960, _data=str(number).encode())


@given(st.integers(0, 70_000), st.sets(st.integers(0, 200)))
def test_that_all_that_come_in_order_are_heard_whatever_is_lost(first: int, lost: set[int]) -> None:
    buffer = VoiceBuffer()
    came = [first + n for n in range(200) if n not in lost]
    heard = [buffer.add(_packet(number))[1] for number in came]
    assert [frame.data for frame in heard if frame is not None] == [str(number).encode() for number in came]


def test_that_what_comes_late_or_twice_is_dropped() -> None:
    buffer = VoiceBuffer()
    heard = [buffer.add(_packet(number))[1] for number in (65_534, 65_536, 65_535, 65_536, 65_537)]
    assert [frame is not None for frame in heard] == [True, True, False, False, True]


def test_that_aiortc_still_has_the_buffer_it_replaces() -> None:
    class Transport:
        state = "new"

        def _unregister_rtp_receiver(self, receiver: object) -> None: ...

    receiver = RTCRtpReceiver("audio", Transport())
    listen_through_gaps(receiver)
    assert isinstance(getattr(receiver, voice_buffer._BUFFER), VoiceBuffer)
