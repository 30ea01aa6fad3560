"""Lets a voice be heard through gaps: what arrives is decoded at once, instead of waiting for what never comes.

aiortc's own buffer holds a voice back until a lost packet falls out of its sixteen places: at a quarter lost, 12 of 50
frames were heard a second (measured with 1.16). A voice with holes is understood, one that stands still is not (Y8).
"""

from typing import Any

from aiortc.jitterbuffer import JitterFrame

_BUFFER = "_RTCRtpReceiver__jitter_buffer"
_HALF = 1 << 15


class VoiceBuffer:
    """Stands where aiortc's JitterBuffer stands for sound; a packet that comes after a later one is dropped."""

    def __init__(self) -> None:
        self._last: int | None = None

    def add(self, packet: Any) -> tuple[bool, JitterFrame | None]:
        """Take an RTP packet; return that no key picture is needed, and the frame in it."""
        number = int(packet.sequence_number)
        if self._last is not None and (number - self._last - 1) % (2 * _HALF) >= _HALF:
            return False, None
        self._last = number
        return False, JitterFrame(data=packet._data, timestamp=packet.timestamp)  # noqa: SLF001 - what the decoder is given


def listen_through_gaps(receiver: Any) -> None:
    """Put it into a receiver of sound. Raises AttributeError when this aiortc has no such buffer."""
    getattr(receiver, _BUFFER)
    setattr(receiver, _BUFFER, VoiceBuffer())
