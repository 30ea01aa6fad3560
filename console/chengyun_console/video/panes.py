"""Cameras in a grid of panes: which ones, page by page, one in large, their streams only while somebody sees them."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.video.area import VideoArea
from chengyun_console.video.cameras import Spot
from chengyun_console.video.desk import VideoDesk
from chengyun_console.video.pane_keys import PaneKey, meant
from chengyun_console.video.rounds import Rounds
from chengyun_console.video.steering import Steering
from chengyun_console.wording.video import PaneWords
from chengyun_core.model.camera import Camera, CameraRound, StreamQuality
from chengyun_core.video.port import PaneState
from chengyun_widgets.video.grid import VideoGrid
from chengyun_widgets.video.record import PaneRecord, Pixels

MOST_NEAR = 64
"""Cameras of a place that can be paged through."""
_SETTLE_MS = 40
"""A window that is being resized asks for streams of its last size only."""
_WORDS_EVERY_S = 0.25
_NOTE_S = 6.0


class VideoPanes(VideoArea):
    """`show_cameras` or `follow` says which cameras there are; the rest is the officer's."""

    did_change = Signal()
    """The head has other words, or other cameras are shown."""
    current_did_change = Signal()
    """Keys are about another camera."""

    def __init__(self, desk: Desk, video: VideoDesk, slot: str, count: int = 4) -> None:
        """`slot`: a name of this place in the window, no other's."""
        super().__init__()
        self._desk, self._video, self._slot = desk, video, slot
        self._words = PaneWords(desk)
        self.cameras: tuple[str, ...] = ()
        self.spot: Spot | None = None
        self.first = 0
        """Place of the first pane's camera among `cameras`."""
        self._pictures: dict[int, tuple[StreamQuality | None, int]] = {}
        """Which stream's picture, and which of them, each pane has painted."""
        self._states: dict[int, tuple[StreamQuality | None, PaneState | None]] = {}
        self._seen: tuple[int, ...] = ()
        self._looked_at: tuple[tuple[int, int, int], ...] = ()
        self._wanted: tuple[str, ...] = ()
        """Names of the panes whose streams are looked at."""
        self._notes: dict[str, tuple[str, float]] = {}
        self._words_due_s = self._now_s = 0.0
        self.grid = VideoGrid(desk.theme, self._pixels)
        self.grid.setAccessibleName(desk.say("panes.grid"))
        self.grid.show_count(count)
        self.grid.installEventFilter(self)
        self.grid.large_was_asked.connect(self._on_large)
        self.steering, self.rounds = Steering(desk, self), Rounds(desk, self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.sync)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.grid, 1)
        self.setFocusProxy(self.grid)
        self.grid.seen_did_change.connect(self._settle.start)
        self.grid.current_did_change.connect(self._on_current)
        video.beat.connect(self._on_beat)
        video.book_did_change.connect(self._on_book)
        self.steering.did_change.connect(self._on_head)
        self.rounds.did_change.connect(self._on_head)
        self.rounds.was_rewritten.connect(self.run)
        self.rounds.turn_is_due.connect(partial(self._turn, 1))

    def show_cameras(self, codes: Sequence[str]) -> None:
        """Show these cameras, in this order, from the first pane on."""
        self.spot = None
        self.rounds.stop()
        self._set(tuple(codes))

    def follow(self, spot: Spot | None) -> None:
        """Show the cameras nearest to what is in focus; None: nothing.

        The same event or alarm as before changes nothing the officer chose: an alarm that joins it may bring a camera.
        """
        if spot is not None and self.spot is not None and spot.about == self.spot.about and self.cameras:
            self._follow_on(spot)
            return
        self.spot = spot
        self.rounds.stop()
        self._set(self._near(spot))

    def show_count(self, count: int) -> None:
        """Show 1, 4, 9 or 16 panes; raises ValueError for another number."""
        self.steering.give()
        self.grid.show_count(count)
        self._begin_at(self.first - self.first % count)

    def turn(self, pages: int) -> None:
        """Go so many pages on, round and round; a round that runs gives the new page its whole time."""
        self.rounds.hold(self._now_s)
        self._turn(pages)

    def run(self, chosen: CameraRound) -> None:
        """Go round over cameras until somebody stops it."""
        self.spot = None
        self.grid.show_count(chosen.grid)
        self._set(chosen.cameras)
        self.rounds.begin(chosen, self._now_s)

    def put(self, code: str) -> None:
        """Show a camera in the current pane, in place of the one there."""
        at = self.first + self.grid.current
        cameras = [*self.cameras, *[""] * (at + 1 - len(self.cameras))]
        cameras[at] = code
        self.cameras = tuple(cameras)
        self.sync()

    def camera(self) -> Camera | None:
        """Return the camera keys are about."""
        return self._camera_at(self.grid.current)

    def shown(self) -> tuple[str, ...]:
        """Return the codes of the cameras in the panes."""
        return tuple(code for code in self.cameras[self.first : self.first + self.grid.count] if code)

    def pane(self) -> str:
        """Return the name of the pane keys are about, for `VideoDesk.grab` and `clip`."""
        return self._name(self.grid.current)

    def where(self, code: str) -> tuple[Camera | None, str]:
        """Return a camera that is shown, and the name of the pane it is in; None when it is not."""
        places = range(self.first, min(self.first + self.grid.count, len(self.cameras)))
        at = next((place - self.first for place in places if self.cameras[place] == code), 0)
        camera = self._camera_at(at)
        return (camera, self._name(at)) if camera is not None and camera.code == code else (None, "")

    def note(self, code: str, text: str, lasts_s: float = _NOTE_S) -> None:
        """Say something at the foot of a camera's pane for a while; nothing takes it away."""
        self._notes[code] = (text, self._now_s + lasts_s)
        self._words_due_s = 0.0

    def flash(self) -> None:
        """Let the current pane light up: its picture was taken."""
        self.grid.panes[self.grid.current].flash(self._now_s)

    def step_back(self) -> bool:
        """Leave the nearest thing: the camera's movement, the large pane, the round; return whether there was one."""
        return self.steering.give() or self.grid.step_back() or self.rounds.stop()

    def head(self, named: str = "panes.head") -> str:
        """Return what the head says: how many panes there are and what keys do. `named`: what its texts begin with."""
        page, pages = self.first // self.grid.count + 1, self._pages
        told = self.steering.head() or self.rounds.head(page, pages)
        code = "_large" if self.grid.is_large else "_pages" if pages > 1 else ""
        return told or self._desk.say(f"{named}{code}", count=self.grid.count, page=page, pages=pages)

    @property
    def _pages(self) -> int:
        return max(1, -(-len(self.cameras) // self.grid.count))

    def _turn(self, pages: int) -> None:
        self._begin_at((self.first // self.grid.count + pages) % self._pages * self.grid.count)

    def sync(self) -> None:
        """Ask for the streams of the panes that are seen; called when things have settled. The others' lapse."""
        self._looked_at = self.grid.seen()
        shown = [(at, camera) for at, _width, _height in self._looked_at if (camera := self._camera_at(at)) is not None]
        sizes = {at: (width, height) for at, width, height in self._looked_at}
        for at, camera in shown:
            self._video.show(self._name(at), camera.code, *sizes[at])
        if self.cameras and not shown:
            self._video.look_out()
        self._wanted = tuple(self._name(at) for at, _camera in shown)
        self._seen = tuple(at for at, _width, _height in self._looked_at)
        self._show_words()
        self.did_change.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.grid and event.type() is QEvent.Type.FocusOut:
            self.steering.stand_still()
        if not isinstance(event, QKeyEvent) or watched is not self.grid:
            return False
        key = meant(event, is_steering=self.steering.is_held)
        if event.type() is QEvent.Type.ShortcutOverride and key is not None:
            # A digit may be some page's shortcut: here it is ours.
            event.accept()
            return True
        if event.type() is QEvent.Type.KeyRelease:
            return self.steering.let_go(event)
        return event.type() is QEvent.Type.KeyPress and key is not None and self._do(key, event)

    def _do(self, key: PaneKey, event: QKeyEvent) -> bool:
        ways: dict[PaneKey, Callable[[], object]] = {
            PaneKey.ONE: lambda: self.show_count(1), PaneKey.FOUR: lambda: self.show_count(4),
            PaneKey.NINE: lambda: self.show_count(9), PaneKey.SIXTEEN: lambda: self.show_count(16),
            PaneKey.ON: lambda: self.turn(1), PaneKey.BACK: lambda: self.turn(-1),
            PaneKey.MOVE: lambda: self.steering.press(event), PaneKey.PRESET: lambda: self.steering.send_to(event),
            PaneKey.KEEP_PRESET: self.steering.keep_was_asked.emit,
        }  # fmt: skip
        ways[key]()
        return True

    def _follow_on(self, spot: Spot) -> None:
        """Take note of what is new about the same thing, where nobody chose cameras or runs a round."""
        is_untouched, before = self.cameras == self._near(self.spot), self.cameras
        if spot == self.spot or not is_untouched:
            return
        self.spot, self.cameras = spot, self._near(spot)
        if self.cameras != before:
            self.sync()

    def show_like(self, other: "VideoPanes") -> None:
        """Show what other panes show, their current camera in large."""
        self.spot, self.cameras, self.first = other.spot, other.cameras, other.first
        self.grid.show_count(other.grid.count)
        self.grid.set_current(other.grid.current)
        self.grid.show_large(large=True)
        self.sync()
        self.current_did_change.emit()

    def _on_large(self) -> None:
        """Show the current camera as large as the page where somebody does that, else as large as this place."""
        if self._video.has_full_view:
            self._video.full_was_asked.emit(self)
        else:
            self.grid.show_large(large=True)

    def _set(self, cameras: tuple[str, ...]) -> None:
        self.cameras = cameras
        self._begin_at(0)
        self.grid.set_current(0)

    def _begin_at(self, first: int) -> None:
        self.first = first
        self.steering.give()
        self.sync()
        self.current_did_change.emit()

    def _near(self, spot: Spot | None) -> tuple[str, ...]:
        book = self._video.book
        if spot is None or book is None:
            return ()
        return tuple(near.camera.code for near in book.nearest(spot, MOST_NEAR))

    def _on_book(self) -> None:
        """Show the same cameras by their new names; what was waiting for a catalogue is found now."""
        if self.spot is not None and not self.cameras:
            self._set(self._near(self.spot))
        else:
            self.sync()

    def _on_current(self, _at: int) -> None:
        self.steering.give()
        self._settle.start()
        self.current_did_change.emit()

    def _on_head(self) -> None:
        self._words_due_s = 0.0
        self.did_change.emit()

    def _camera_at(self, at: int) -> Camera | None:
        place, book = self.first + at, self._video.book
        return book.by_code.get(self.cameras[place]) if book is not None and place < len(self.cameras) else None

    def _name(self, at: int) -> str:
        return f"{self._slot}.{at}"

    def _pixels(self, at: int) -> Pixels | None:
        return self._video.pixels(self._name(at))

    def _on_beat(self, now_s: float) -> None:
        """Paint what came; write the words when a state changed, and four times a second for the ages."""
        self._now_s = now_s
        self.grid.tick(now_s)
        if self._seen and not self.grid.is_large and not self.steering.is_held:
            self.rounds.tick(now_s)
        else:
            self.rounds.hold(now_s)
        has_changed = False
        for at in self._seen:
            standing = self._video.standing(self._name(at))
            look, quality = standing.look, standing.quality
            sequence, state = (look.sequence, look.state) if look is not None else (0, None)
            if (quality, sequence) != self._pictures.get(at):
                self._pictures[at] = quality, sequence
                self.grid.panes[at].frame_came()
            if (quality, state) != self._states.get(at):
                self._states[at], has_changed = (quality, state), True
        if has_changed or now_s >= self._words_due_s:
            self._words_due_s = now_s + _WORDS_EVERY_S
            if self.grid.seen() != self._looked_at:
                self.sync()
            self._video.keep(self._wanted)
            self._show_words()
            if self.rounds.running is not None:
                self.did_change.emit()

    def _show_words(self) -> None:
        records = [PaneRecord()] * self.grid.count
        for at in self._seen:
            records[at] = self._record(at)
        self.grid.show_records(records)

    def _record(self, at: int) -> PaneRecord:
        camera = self._camera_at(at)
        if camera is None:
            return PaneRecord(notice="" if at else self._nothing())
        standing = self._video.standing(self._name(at))
        note = self._note_of(camera.code)
        return self._words.record(camera.name, standing.look, standing.refused, note, lacks=standing.lacks)

    def _nothing(self) -> str:
        """Return what the first pane says when there is no camera at all."""
        return self._desk.say("panes.none") if not any(self.cameras) else ""

    def _note_of(self, code: str) -> str:
        text, until = self._notes.get(code, ("", 0.0))
        return text if text and self._now_s < until else self.steering.note(code)


def panes_of(widget: QWidget | None) -> VideoPanes | None:
    """Return the panes the keyboard is in."""
    while widget is not None and not isinstance(widget, VideoPanes):
        widget = widget.parentWidget()
    return widget
