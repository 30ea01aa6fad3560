"""Plays one kept clip: its pictures come from a process of their own, in the clip's own time or one by one."""

from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from chengyun_core.model.clock import NS_PER_S, Clock
from chengyun_core.model.failure import Reason
from chengyun_core.video.clip_orders import ClipAnswer, ClipFailed, ClipOpened, PictureShown
from chengyun_core.video.clip_viewer import ClipViewer

BEAT_MS = 20
JUMP_S = 5.0


class Viewer(Protocol):
    """What reads a clip (video.clip_viewer)."""

    def start(self) -> None:
        """Start the process."""
        ...

    def open(self) -> None:
        """Have it said what the clip is."""
        ...

    def show(self, at: int, width: int, height: int) -> None:
        """Have a picture shown."""
        ...

    def stop(self) -> None:
        """End the process."""
        ...


MakeViewer = Callable[[bytes, str, Callable[[ClipAnswer], None]], Viewer]


class ClipPlayer(QObject):
    """One clip at a time. A picture that comes late is not waited for twice: the clip's time goes on, and some of its
    pictures are left out.
    """

    did_open = Signal()
    picture_came = Signal(object)
    """video.clip_orders.PictureShown."""
    did_change = Signal()
    """It stands elsewhere, plays or rests."""
    did_fail = Signal(object)
    """Reason."""
    _answered = Signal(int, object)

    def __init__(self, clock: Clock, parent: QObject, make_viewer: MakeViewer = ClipViewer) -> None:
        super().__init__(parent)
        self._clock, self._make_viewer = clock, make_viewer
        self._viewer: Viewer | None = None
        self._serial = 0
        self._size = (16, 16)
        self._is_awaited = False
        self._begun_ns, self._begun_s = 0, 0.0
        self.clip: ClipOpened | None = None
        self.at = 0
        """Place of the picture that is shown, or was asked for."""
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        # Answers come in the viewer's threads; the queued signal brings them here.
        self._answered.connect(self._on_answer, Qt.ConnectionType.QueuedConnection)

    @property
    def is_playing(self) -> bool:
        """Whether time goes on."""
        return self._timer.isActive()

    @property
    def at_s(self) -> float:
        """Return where it stands, seconds from the first picture."""
        return self.clip.times_s[self.at] if self.clip is not None else 0.0

    @property
    def lasts_s(self) -> float:
        """Return when the last picture is shown."""
        return self.clip.times_s[-1] if self.clip is not None else 0.0

    def open(self, data: bytes, media: str, size: tuple[int, int]) -> None:
        """Read a clip and show its first picture within so many px of the screen."""
        self.stop()
        self._size = size
        self._viewer = self._make_viewer(data, media, partial(self._answered.emit, self._serial))
        self._viewer.start()
        self._viewer.open()

    def stop(self) -> None:
        """End the process that reads it."""
        self._timer.stop()
        self._serial += 1
        self.clip, self.at, self._is_awaited = None, 0, False
        viewer, self._viewer = self._viewer, None
        if viewer is not None:
            viewer.stop()

    def resize(self, size: tuple[int, int]) -> None:
        """Show the same picture within another size."""
        if size != self._size:
            self._size = size
            if self.clip is not None and not self.is_playing:
                self._show(self.at)

    def toggle(self) -> None:
        """Play on, or rest; at the end play from the beginning."""
        if self.is_playing or self.clip is None:
            self._rest()
            return
        if self.at >= len(self.clip.times_s) - 1:
            self._show(0)
        self._begun_ns, self._begun_s = self._clock.monotonic_ns(), self.at_s
        self._timer.start()
        self.did_change.emit()

    def step(self, pictures: int) -> None:
        """Rest so many pictures on or back."""
        self._rest()
        self.show(self.at + pictures)

    def jump(self, seconds: float) -> None:
        """Go so many seconds on or back; what plays plays on from there."""
        self.show_time(self.at_s + seconds)

    def show_time(self, at_s: float) -> None:
        """Go to the picture that is shown at a time."""
        if self.clip is not None:
            self.show(bisect_right(self.clip.times_s, at_s + 1e-6) - 1)

    def show(self, at: int) -> None:
        """Go to a picture, the first or last where there is none."""
        if self.clip is None:
            return
        self._show(max(0, min(at, len(self.clip.times_s) - 1)))
        self._begun_ns, self._begun_s = self._clock.monotonic_ns(), self.at_s

    def tick(self) -> None:
        """Show what is due; called while it plays."""
        if self.clip is None or self._is_awaited or not self.is_playing:
            return
        due_s = self._begun_s + (self._clock.monotonic_ns() - self._begun_ns) / NS_PER_S
        at = max(0, bisect_right(self.clip.times_s, due_s) - 1)
        if at != self.at:
            self._show(at)
        if at == len(self.clip.times_s) - 1:
            self._rest()

    def _rest(self) -> None:
        if self.is_playing:
            self._timer.stop()
            self.did_change.emit()

    def _show(self, at: int) -> None:
        if self._viewer is not None:
            self.at, self._is_awaited = at, True
            self._viewer.show(at, *self._size)
            self.did_change.emit()

    def _on_answer(self, serial: int, told: object) -> None:
        if serial != self._serial:
            return
        match told:
            case ClipOpened():
                self.clip = told
                self.did_open.emit()
                self._show(0)
            case PictureShown():
                self._is_awaited = self._is_awaited and told.at != self.at
                self.picture_came.emit(told)
            case ClipFailed():
                self._fail(told.reason)

    def _fail(self, reason: Reason) -> None:
        self._is_awaited = False
        self._rest()
        self.did_fail.emit(reason)
