"""What a screen sees of camera streams: sources, the states of a pane with their rules, looks, stills and clips."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from typing_extensions import override

from chengyun_core.model.failure import Reason

SPARE = 4
"""Places besides those for streams that are shown: each for one that comes to take another one's place."""


class PaneState(StrEnum):
    """What may be said of a stream at one instant; the rule of each is in STATES."""

    CONNECTING = "connecting"
    LIVE = "live"
    LATE = "late"
    FROZEN = "frozen"
    BLACK = "black"
    DEAD = "dead"
    RETRYING = "retrying"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"


PROMISES = frozenset({PaneState.LIVE, PaneState.FROZEN, PaneState.BLACK})
"""States that only pictures that come can uphold."""
CAMERA_REFUSED_S = 60.0
"""A camera that refused is asked again after so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRule:
    """When a state holds, after how long it is said, and what happens next; printed in docs/video.md."""

    rule: str
    limit: str
    then: str
    keeps_picture: bool
    """Whether the last whole picture stays in the look, to be shown greyed with its time."""


STATES: Mapping[PaneState, StateRule] = {
    PaneState.CONNECTING: StateRule(
        rule="the first connection since the pane was given this source; no whole picture yet",
        limit="at most 5 s",
        then="live, or dead, refused, unsupported",
        keeps_picture=False,
    ),
    PaneState.LIVE: StateRule(
        rule="whole pictures come, change and are not black", limit="at once", then="–", keeps_picture=True
    ),
    PaneState.LATE: StateRule(
        rule="connected, but no whole picture came",
        limit="after `late_after_s`",
        then="live with the next picture; dead after `dead_after_s`",
        keeps_picture=True,
    ),
    PaneState.FROZEN: StateRule(
        rule="pictures come, and each is the one before it: no block of 1/32 of the width differs by 2 levels of grey, "
        "and but for key pictures the sampled points differ by less than 0.05 on average",
        limit="after `frozen_after_s`",
        then="live with the first picture that differs",
        keeps_picture=True,
    ),
    PaneState.BLACK: StateRule(
        rule="pictures come, their mean is below 20 of 255 and their standard deviation below 3",
        limit="after `black_after_s`",
        then="live with the first picture that is not black",
        keeps_picture=True,
    ),
    PaneState.DEAD: StateRule(
        rule="the connection could not be made, ended or brought nothing whole; the next attempt waits for its time",
        limit="at once when closed, else after `dead_after_s`",
        then="retrying after 1, 2, 4, 8, 16, 30 s and then every 30 s, each up to a quarter earlier by chance",
        keeps_picture=True,
    ),
    PaneState.RETRYING: StateRule(
        rule="a further attempt is being made", limit="at most 5 s", then="live, or dead", keeps_picture=True
    ),
    PaneState.REFUSED: StateRule(
        rule="the fence does not allow the address, or the camera refused: 401, 403, or it sent us elsewhere (3xx)",
        limit="at once",
        then="the fence's refusal stands until the source changes; the camera's is asked again every 60 s, "
        "because each wrong password counts towards locking its account",
        keeps_picture=False,
    ),
    PaneState.UNSUPPORTED: StateRule(
        rule="the stream has no H.264 or H.265 video, or a picture larger than 8192 pixels a side or 64 Mpx",
        limit="at once, before a picture is decoded",
        then="tried again every 30 s: a camera can be set otherwise",
        keeps_picture=False,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSource:
    """Where one camera's streams are. Neither password nor query of an address is ever shown by repr."""

    code: str
    """Code of the camera, for messages and logs."""
    address: str
    """`rtsp://host[:port]/path` of the main stream, or rtsps; credentials never stand in it."""
    sub_address: str = ""
    """The small stream; empty: there is none and the main one is used."""
    transport: str = "tcp"
    """RTP inside the one connection that the fence allowed; nothing else is spoken."""
    user: str = ""
    password: str = field(default="", repr=False)

    @override
    def __repr__(self) -> str:
        return f"StreamSource({self.code})"

    def chosen(self, *, main: bool) -> str:
        """Return the address of the main or the small stream."""
        return self.address if main or not self.sub_address else self.sub_address


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneLook:
    """A pane at one instant. Cheap to make; its picture is shared memory and must be copied before it is kept."""

    state: PaneState
    reason: Reason | None = None
    """Why, for every state but live and connecting; live may say that pictures are left out (`video.thinned`)."""
    sequence: int = 0
    """Number of the newest whole picture since the pane got its source; 0: none yet."""
    age_ms: float = 0.0
    """Time since that picture came from the camera (since the pane got its source, while there is none)."""
    since_s: float = 0.0
    """How long the state has held."""
    fps: float = 0.0
    """Pictures per second over the last two seconds."""
    codec: str = ""
    """`h264` or `hevc`; empty: not known yet."""
    width: int = 0
    """Of the stream, pixels."""
    height: int = 0
    latency_ms: float | None = None
    """From the camera's own capture time (RTCP sender report) to now; None: it told none, or its clock is not ours."""
    attempt: int = 0
    """Attempts to connect again since the last whole picture; 0: none was needed."""
    next_try_s: float = 0.0
    """While dead: until the next attempt."""
    taken_utc_ns: int = 0
    """When the picture came, profile time, ns UTC."""
    frame: memoryview | None = None
    """Bytes of the newest whole picture, BGRA, `frame_height` rows of `stride` bytes; read-only. Copy it at once, and
    ask `is_whole` after copying."""
    frame_width: int = 0
    frame_height: int = 0
    stride: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """One picture taken from a stream, at the stream's own size."""

    image: bytes
    """JPEG of the best quality."""
    taken_utc_ns: int
    """When it came, profile time, ns UTC."""
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A piece of a stream with the bits the camera sent, put into an MP4 file from a key picture on."""

    video: bytes
    """The whole MP4 file."""
    begin_utc_ns: int
    """When its first and its last picture came, profile time, ns UTC."""
    end_utc_ns: int
    codec: str
    width: int
    height: int
    pictures: int


class Fleet(Protocol):
    """Streams in panes. Called from one thread (the GUI's); no method waits for a process or a camera."""

    def start(self) -> None:
        """Start the worker processes, in the background."""
        ...

    def stop(self) -> None:
        """End them; at most a second."""
        ...

    def watch(
        self, pane: str, source: StreamSource, width: int, height: int, *, main: bool, beside: bool = False
    ) -> None:  # fmt: skip
        """Show a source in a pane of so many pixels; the same once more costs nothing.

        Args:
            pane: a name of the caller's choice.
            source: the camera.
            width: px; the picture keeps its shape and lies within.
            height: px.
            main: its main stream, else the small one.
            beside: another pane is left as soon as this one has its picture: it may take one of SPARE places more.

        Raises:
            Refused: `video.no_pane`, all places are taken.
        """
        ...

    def resize(self, pane: str, width: int, height: int) -> None:
        """Have a pane's pictures scaled to another size; they keep their shape and lie within it."""
        ...

    def leave(self, pane: str) -> None:
        """Give a pane's stream up; unknown panes are passed over."""
        ...

    def look(self, pane: str) -> PaneLook:
        """Return the pane as it is now, by reading shared memory only."""
        ...

    def is_whole(self, pane: str, sequence: int) -> bool:
        """Return whether a picture that was just copied was not written over meanwhile."""
        ...

    def grab(self, pane: str) -> "Future[Still]":
        """Return the newest whole picture at the stream's size, later; the future may end with Trouble."""
        ...

    def clip(self, pane: str, before_s: float, after_s: float) -> "Future[Clip]":
        """Return what came from `before_s` ago until `after_s` from now, later; the future may end with Trouble."""
        ...
