"""Evidence on its way: taken, not explained yet, being sent. It is the console's, and outlives every window."""

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.uploads import HeldUpload
from chengyun_core.model.camera import Camera, EvidenceKind
from chengyun_core.model.failure import Reason
from chengyun_core.video.port import Clip, Still

if TYPE_CHECKING:
    from chengyun_console.video.desk import VideoDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What is taken of, and what it is kept with."""

    camera: Camera
    event: int | None = None
    alarm: int | None = None
    wish: int | None = None
    """Number of what a rule wants; None: an officer took it, and says why."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taken:
    """A picture or a clip; two are the same only if they are one object."""

    meant: Meant
    kind: EvidenceKind
    data: bytes
    begins_at: int
    ends_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """The centre has the bytes: the command that keeps them may name them."""

    taken: Taken
    reason: str
    digest: str
    size: int


class EvidenceTray(QObject):
    """One per console. The window that stands takes from it what an officer has to be asked or told, on its frames."""

    did_change = Signal()
    """Something waits for the window."""
    was_taken = Signal(object)
    """Taken: this moment."""
    did_advance = Signal(object, float)
    """Taken, and the share of it that is at the centre, 0 … 1."""

    def __init__(self, desk: Desk, video: "VideoDesk") -> None:
        super().__init__(video)
        self._desk, self._video = desk, video
        self.unexplained: list[Taken] = []
        """Nobody said yet why these are kept; the oldest is asked about first."""
        self.arrived: deque[Arrived] = deque()
        self.failed: deque[tuple[Camera, Reason]] = deque()
        """Of which camera something could not be kept, and why."""
        self.answered: set[int] = set()
        """Wishes of rules that were answered from here."""
        self._windows = 0

    def enter(self) -> int:
        """Return the number of a window that takes from here from now on, instead of the one before."""
        self._windows += 1
        return self._windows

    def is_newest(self, window: int) -> bool:
        """Return whether no other window came after this one."""
        return window == self._windows

    def grab(self, pane: str, meant: Meant) -> None:
        """Take the picture that a pane shows now."""
        self._video.grab(pane, partial(self._on_taken, meant))

    def clip(self, pane: str, before_s: float, after_s: float, meant: Meant) -> None:
        """Take what a pane showed from `before_s` ago until `after_s` from now."""
        self._video.clip(pane, before_s, after_s, partial(self._on_taken, meant))

    def explain(self, taken: Taken, reason: str) -> None:
        """Send what an officer gave a reason for."""
        self.forget(taken)
        self._send(taken, reason)

    def forget(self, taken: Taken) -> None:
        """Let go of what nobody wants to keep after all."""
        self.unexplained = [one for one in self.unexplained if one is not taken]

    def _on_taken(self, meant: Meant, told: Still | Clip | Reason) -> None:
        if isinstance(told, Reason):
            self._fail(meant.camera, told)
            return
        taken = _taken(meant, told)
        self.was_taken.emit(taken)
        if meant.wish is None:
            self.unexplained.append(taken)
            self.did_change.emit()
        else:
            self._send(taken, "")

    def _send(self, taken: Taken, reason: str) -> None:
        """Send the bytes; the command that keeps them follows when they are there."""
        name = self._desk.say(f"panes.file.{taken.kind.value}", camera=taken.meant.camera.code)
        upload = HeldUpload(self._desk.session, taken.data, name, self)
        upload.did_advance.connect(partial(self.did_advance.emit, taken))
        upload.did_fail.connect(partial(self._on_failed, upload, taken))
        upload.was_done.connect(partial(self._on_sent, upload, taken, reason))
        upload.begin()

    def _on_sent(self, upload: HeldUpload, taken: Taken, reason: str, digest: str, size: int) -> None:
        upload.deleteLater()
        self.arrived.append(Arrived(taken=taken, reason=reason, digest=digest, size=size))
        self.did_change.emit()

    def _on_failed(self, upload: HeldUpload, taken: Taken, reason: object) -> None:
        assert isinstance(reason, Reason)
        upload.deleteLater()
        self._fail(taken.meant.camera, reason)

    def _fail(self, camera: Camera, reason: Reason) -> None:
        self.failed.append((camera, reason))
        self.did_change.emit()


def _taken(meant: Meant, told: Still | Clip) -> Taken:
    if isinstance(told, Clip):
        return Taken(
            meant=meant, kind=EvidenceKind.CLIP, data=told.video, begins_at=told.begin_utc_ns,
            ends_at=told.end_utc_ns,
        )  # fmt: skip
    at = told.taken_utc_ns
    return Taken(meant=meant, kind=EvidenceKind.SNAPSHOT, data=told.image, begins_at=at, ends_at=at)
