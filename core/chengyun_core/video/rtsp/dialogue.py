"""The talk that begins a stream: DESCRIBE, SETUP, PLAY, each answer judged; then signs of life, and a farewell."""

import re
from enum import StrEnum

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.video.rtsp.credentials import Credentials
from chengyun_core.video.rtsp.sdp import Track, video_track
from chengyun_core.video.rtsp.splitting import Message

AGENT = "Chengyun/0.1"
SHORTEST_LIFE_S, LONGEST_LIFE_S = 10.0, 600.0
_LINE = re.compile(r"[!-~]+", re.ASCII)
_SESSION = re.compile(r"[!-:<-~]{1,256}", re.ASCII)
_CHANNELS = re.compile(r"interleaved=(\d{1,3})(?:-(\d{1,3}))?", re.ASCII)


class Step(StrEnum):
    """What was asked and is not answered yet."""

    DESCRIBE = "DESCRIBE"
    SETUP = "SETUP"
    PLAY = "PLAY"
    PLAYING = "playing"


NEXT = {Step.DESCRIBE: Step.SETUP, Step.SETUP: Step.PLAY, Step.PLAY: Step.PLAYING}


class Dialogue:
    """One connection's talk. Messages in, requests out; a redirect is a refusal, never followed (RS11)."""

    def __init__(self, url: str, credentials: Credentials) -> None:
        self._url, self._credentials = url, credentials
        self._base = self._whole = url
        self._number = 0
        self._session = ""
        self.step = Step.DESCRIBE
        self.track: Track | None = None
        self.channel = 0
        """Interleaved channel of the video's RTP."""
        self.life_s = 60.0
        """So long the camera keeps a session it does not hear of."""

    @property
    def is_playing(self) -> bool:
        """Return whether packets may come."""
        return self.step is Step.PLAYING

    def begin(self) -> bytes:
        """Return the first request."""
        return self._request(Step.DESCRIBE, self._url, "Accept: application/sdp")

    def took(self, message: Message) -> bytes:
        """Take a message; return what to send, or nothing.

        Raises:
            Refused: the camera refused, sent us elsewhere, or has no video for us. Trouble: it answered otherwise.
        """
        if message.method:
            return self._asked(message)
        if self.is_playing:  # answers of our signs of life
            return b""
        if message.status == 401 and self._credentials.challenged(message.headers.get("www-authenticate", [])):
            return self._ask()
        _judge(message)
        self._heard(message)
        self.step = NEXT[self.step]
        return self._ask()

    def sign_of_life(self) -> bytes:
        """Return a request that keeps the session; due every `life_s` / 2."""
        return self._request("GET_PARAMETER", self._whole)

    def farewell(self) -> bytes:
        """Return the request that ends the session."""
        return self._request("TEARDOWN", self._whole)

    def _ask(self) -> bytes:
        match self.step:
            case Step.DESCRIBE:
                return self.begin()
            case Step.SETUP:
                assert self.track is not None
                return self._request(Step.SETUP, self.track.control, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
            case Step.PLAY:
                return self._request(Step.PLAY, self._whole, "Range: npt=0.000-")
            case Step.PLAYING:
                return b""

    def _heard(self, message: Message) -> None:
        match self.step:
            case Step.DESCRIBE:
                base = message.header("content-base") or message.header("content-location") or self._url
                self._base = base if _LINE.fullmatch(base) else self._url
                self.track, self._whole = video_track(message.body.decode("utf-8", "replace"), self._base)
            case Step.SETUP:
                self._set_up(message)
            case _:
                pass

    def _set_up(self, message: Message) -> None:
        transport = message.header("transport").lower()
        found = _CHANNELS.search(transport)
        if "tcp" not in transport or found is None or int(found[1]) > 254:
            raise Refused("video.no_interleaving")
        self.channel = int(found[1])
        session, _, rest = message.header("session").partition(";")
        if not _SESSION.fullmatch(session.strip()):
            raise Trouble("video.not_rtsp")
        self._session = session.strip()
        timeout = rest.strip().removeprefix("timeout=")
        if timeout.isdecimal() and len(timeout) < 6:
            self.life_s = min(max(float(timeout), SHORTEST_LIFE_S), LONGEST_LIFE_S)

    def _asked(self, message: Message) -> bytes:
        """Answer the other side's request: a redirect is refused, of the rest none is known."""
        if message.method == "REDIRECT":
            raise Refused("video.redirected")
        number = message.header("cseq")
        told = f"CSeq: {number}\r\n" if number.isdecimal() and len(number) < 12 else ""
        return f"RTSP/1.0 501 Not Implemented\r\n{told}\r\n".encode("ascii")

    def _request(self, method: str, url: str, *lines: str) -> bytes:
        if not _LINE.fullmatch(url):  # a control URL of the camera's: nothing of it may begin a line of ours
            raise Trouble("video.not_rtsp")
        self._number += 1
        head = [f"{method} {url} RTSP/1.0", f"CSeq: {self._number}", f"User-Agent: {AGENT}", *lines]
        if self._session:
            head.append(f"Session: {self._session}")
        if told := self._credentials.line(method, url):
            head.append(f"Authorization: {told}")
        return ("\r\n".join(head) + "\r\n\r\n").encode("utf-8")


def _judge(message: Message) -> None:
    if 300 <= message.status < 400:
        raise Refused("video.redirected")
    if message.status == 401:
        raise Refused("video.credentials")
    if message.status == 403:
        raise Refused("video.forbidden")
    if not 200 <= message.status < 300:
        raise Trouble("video.status", status=message.status)
