"""Takes an RTSP connection's bytes apart into replies, the other side's requests, and interleaved packets."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chengyun_core.model.failure import Trouble

LONGEST_HEAD = 16 * 1024
LONGEST_BODY = 64 * 1024
MOST_HEADERS = 64
_DOLLAR = 0x24


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A reply, or a request of the other side (status 0)."""

    status: int
    method: str
    """Of a request; empty for a reply."""
    url: str
    headers: dict[str, list[str]]
    """Names in lower case; several lines of one name in their order."""
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the first line of a name, or nothing."""
        return self.headers.get(name, [""])[0]


@dataclass(frozen=True, slots=True)
class Interleaved:
    """One packet inside the connection (RFC 2326 10.12): even channels carry RTP, odd ones RTCP."""

    channel: int
    data: bytes


class Splitter:
    """Holds what is not whole yet. Raises Trouble `video.not_rtsp` for what neither begins nor grows as it should."""

    def __init__(self) -> None:
        self._held = bytearray()

    def pieces(self, data: bytes) -> Iterator[Message | Interleaved]:
        """Take bytes and yield what became whole."""
        self._held += data
        begin = 0
        try:
            while begin < len(self._held):
                if self._held[begin] == _DOLLAR:
                    end = self._packet_end(begin)
                    if not end:
                        break
                    yield Interleaved(self._held[begin + 1], bytes(self._held[begin + 4 : end]))
                else:
                    message, end = self._message(begin)
                    if message is None:
                        break
                    yield message
                begin = end
        finally:
            del self._held[:begin]

    def _packet_end(self, begin: int) -> int:
        """Return where a packet ends, or 0 while it is not whole."""
        if len(self._held) < begin + 4:
            return 0
        end = begin + 4 + (self._held[begin + 2] << 8 | self._held[begin + 3])
        return end if len(self._held) >= end else 0

    def _message(self, begin: int) -> tuple[Message | None, int]:
        end = self._held.find(b"\r\n\r\n", begin, begin + LONGEST_HEAD)
        if end < 0:
            self._expect_text(begin)
            return None, begin
        message = _parsed(bytes(self._held[begin:end]))
        length = _length(message)
        if len(self._held) < end + 4 + length:
            return None, begin
        body = bytes(self._held[end + 4 : end + 4 + length])
        return replace(message, body=body), end + 4 + length

    def _expect_text(self, begin: int) -> None:
        """A head that is not whole must at least begin like one, and not grow for ever."""
        first = bytes(self._held[begin : begin + 16])
        if len(self._held) - begin >= LONGEST_HEAD or not first.isascii() or not first[:1].isalpha():
            raise Trouble("video.not_rtsp")


def _parsed(head: bytes) -> Message:
    lines = head.decode("latin-1").split("\r\n")
    if len(lines) > MOST_HEADERS:
        raise Trouble("video.not_rtsp")
    headers: dict[str, list[str]] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise Trouble("video.not_rtsp")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    words = lines[0].split(" ", 2)
    if words[0].startswith("RTSP/1.") and len(words) > 1 and words[1].isdecimal() and len(words[1]) == 3:
        return Message(status=int(words[1]), method="", url="", headers=headers)
    if len(words) == 3 and words[2].startswith("RTSP/1.") and words[0].replace("_", "").isalpha():
        return Message(status=0, method=words[0].upper(), url=words[1], headers=headers)
    raise Trouble("video.not_rtsp")


def _length(message: Message) -> int:
    told = message.header("content-length") or "0"
    if not told.isdecimal() or len(told) > 6 or int(told) > LONGEST_BODY:
        raise Trouble("video.not_rtsp")
    return int(told)
