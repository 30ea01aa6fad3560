"""Brings cameras into panes: which stream each shows, its pictures, its evidence; tells the centre what is seen."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QMetaMethod, QObject, Qt, QTimer, Signal

from chengyun_console.desk import Desk
from chengyun_console.session.background import Background
from chengyun_console.video.cameras import CameraBook
from chengyun_console.video.pane_book import LINGER_S, PaneBook
from chengyun_console.video.streams import Streams
from chengyun_console.video.telling import Telling
from chengyun_console.video.tray import EvidenceTray
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.news import FactNews
from chengyun_core.mirror.search import SearchIndex
from chengyun_core.model.camera import StreamQuality
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.video.port import Clip, Fleet, PaneLook, PaneState, Still
from chengyun_widgets.video.record import Pixels

BEAT_MS, RESTING_MS = 20, 250
"""A picture of 25 a second waits for half a beat on average. While no pane has a stream the beat only looks whether one
is seen again: that a sheet over it went tells nobody."""

_WITHOUT_HOPE = frozenset({PaneState.DEAD, PaneState.UNSUPPORTED})
"""A stream that never had a picture and stands so may be the one of two that a camera does not have. One that was
refused is not: the other one has the same password, and each wrong one counts towards locking the account."""

MakeFleet = Callable[[str], Fleet]
"""Makes the decoders; given the address of the demo's camera server, empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a pane stands: the look of the stream it shows, else why it has none."""

    look: PaneLook | None = None
    refused: Reason | None = None
    quality: StreamQuality | None = None
    """Which stream it shows; another one from one instant to the next, when that has its first picture."""
    lacks: StreamQuality | None = None
    """Which stream is of its size and cannot be had, so that the other one stays."""


class VideoDesk(QObject):
    """One per console, shared by its panels; panes have names. Lives in the GUI thread, which nothing here holds up."""

    beat = Signal(float)
    """Monotonic seconds, every 20 ms while a pane has a stream: panels look for new pictures, and who is seen."""
    book_did_change = Signal()
    """Other cameras are known."""
    full_was_asked = Signal(object)
    """VideoPanes whose current camera is to be seen as large as the page."""
    _did_end = Signal(object, object)

    def __init__(self, desk: Desk, make_fleet: MakeFleet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._panes = desk, PaneBook()
        self._streams = Streams(desk, self._panes, make_fleet)
        self.book: CameraBook | None = None
        self.telling = Telling(desk)
        self.tray = EvidenceTray(desk, self)
        self._background = Background(self)
        self._has_ended = False
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)
        # A future ends in a thread of the decoders; the queued signal brings it here.
        self._did_end.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)
        desk.session.catalogue_came.connect(self.take_catalogue)
        desk.session.sign_on_ended.connect(self._on_sign_on)
        desk.session.facts_came.connect(self._on_facts)
        if desk.session.catalogue is not None:
            self.take_catalogue(desk.session.catalogue)

    @property
    def has_full_view(self) -> bool:
        """Return whether somebody shows a camera as large as the page when asked to."""
        return self.isSignalConnected(QMetaMethod.fromSignal(self.full_was_asked))

    def take_catalogue(self, view: CatalogueView) -> None:
        """Know the cameras of another version."""
        self.book = CameraBook(view)
        self.book_did_change.emit()

    def spell(self) -> None:
        """Have the names spelled for the search, beside the GUI thread; who types meanwhile finds what is written.

        Not before somebody opens a list of cameras: at the start everything else wants the interpreter, too.
        """
        if self.book is not None and not self.book.is_spelled:
            self._background.run("spell", self.book.spell, partial(self._take_index, self.book))

    def show(self, pane: str, camera: str, width: int, height: int) -> None:
        """Show a camera in a pane of so many px of the screen; the same once more costs nothing."""
        self._panes.show(pane, camera, width, height, self._streams.has_picture)
        self._streams.meet(may_change=False)
        self.keep((pane,))
        if not self._timer.isActive() or self._timer.interval() != BEAT_MS:
            self._timer.start(BEAT_MS)

    def look_out(self) -> None:
        """Beat, if slowly: there are panes, and that what covers them goes tells nobody. Not once it has ended."""
        if not self._timer.isActive() and not self._has_ended:
            self._timer.start(RESTING_MS)

    def keep(self, panes: Iterable[str]) -> None:
        """Say that these are looked at: whoever shows a pane says so several times a second, or its stream goes.

        A lease, not a «leave»: a window that was put in the place of another one cannot forget what that one held.
        """
        self._panes.keep(panes, self._now_s() + LINGER_S)

    def leave(self, pane: str) -> None:
        """Give a pane's stream up at once."""
        self._panes.leave(pane)
        self._streams.shed()

    def standing(self, pane: str) -> Standing:
        """Return how a pane stands now; reads shared memory only."""
        held = self._panes.get(pane)
        stream = self._streams.get(held.key) if held is not None else None
        if held is None or stream is None:
            return Standing()
        is_missing = held.wanted is not held.shown and self._streams.is_missing(held.coming)
        return Standing(
            look=self._streams.look(held.key), refused=stream.refused, quality=held.shown,
            lacks=held.wanted if is_missing else None,
        )  # fmt: skip

    def pixels(self, pane: str) -> Pixels | None:
        """Return the newest picture of a pane where it lies, for the length of one paint."""
        held = self._panes.get(pane)
        running = self._streams.running(held.key) if held is not None else None
        look = running[0].look(running[1]) if running is not None else None
        if running is None or look is None or look.frame is None:
            return None
        return Pixels(
            data=look.frame, width=look.frame_width, height=look.frame_height, stride=look.stride,
            is_whole=partial(running[0].is_whole, running[1], look.sequence),
        )  # fmt: skip

    def grab(self, pane: str, answer: Callable[[Still | Reason], None]) -> None:
        """Take the newest whole picture of a pane; `answer` is called once, in the GUI thread."""
        self._await(pane, lambda fleet, name: fleet.grab(name), LINGER_S, answer)

    def clip(self, pane: str, before_s: float, after_s: float, answer: Callable[[Clip | Reason], None]) -> None:
        """Take what came from `before_s` ago until `after_s` from now; `answer` is called once, in the GUI thread.

        The stream stays until then though nobody looks any more, and though the pane changes to the other one:
        evidence is not lost by going on with one's work.
        """
        begin = partial(_clip, before_s=before_s, after_s=after_s)
        self._await(pane, begin, after_s + LINGER_S, answer)

    def stop(self) -> None:
        """Leave every stream and end the decoders."""
        self._has_ended = True
        self._timer.stop()
        self._panes.clear()
        self._streams.stop()

    def _take_index(self, book: CameraBook, index: object) -> None:
        assert isinstance(index, SearchIndex)
        book.take_index(index)
        if book is self.book:
            self.book_did_change.emit()

    def _on_sign_on(self, _ended: object) -> None:
        """Leave was given to a session: who sits here now asks anew."""
        self._panes.clear()
        self._streams.end_all()

    def _on_facts(self, news: FactNews) -> None:
        """A label changed: whether one may still see what runs is asked anew."""
        if news.relabelled:
            self._streams.ask_all()

    def _on_beat(self) -> None:
        now_s = self._now_s()
        # Before anybody paints: a pane has one stream's picture in one frame, and the other's in the next.
        self._panes.change_over(self._streams.has_picture)
        # Whoever looks says so first: after a halt of the window nothing has lapsed.
        self.beat.emit(now_s)
        self._panes.lapse(now_s)
        self._streams.shed()
        self._streams.meet(may_change=True)
        if self.telling.is_due(now_s):
            self._tell(now_s)
        if not self._panes and self._timer.interval() != RESTING_MS:
            self._timer.start(RESTING_MS)

    def _tell(self, now_s: float) -> None:
        """Tell the centre what is seen, and ask anew for streams whose leave has run out while they were gone."""
        looks = {held.key: look for held in self._panes if (look := self._streams.look(held.key)) is not None}
        self.telling.tell({camera: look for (camera, _quality), look in looks.items()}, now_s)
        self._streams.ask_for_the_gone(looks)
        for key, look in looks.items():
            if look.state in _WITHOUT_HOPE and not look.sequence:
                self._panes.find_no_way(key)

    def _await(
        self, pane: str, begin: Callable[[Fleet, str], "Future[Any]"], seconds: float, answer: Callable[[Any], None]
    ) -> None:  # fmt: skip
        """Have something made of the stream a pane shows now, which stays so long for it."""
        held = self._panes.get(pane)
        running = self._streams.running(held.key) if held is not None else None
        if held is None or running is None:
            answer(Reason(code="panes.nothing_to_keep"))
            return
        self._streams.keep(held.key, seconds)
        begin(*running).add_done_callback(partial(self._did_end.emit, answer))

    def _hand_over(self, answer: Callable[[object], None], future: "Future[object]") -> None:
        if future.cancelled():
            return
        try:
            answer(future.result())
        except (Refused, Trouble) as failure:
            answer(failure.reason)

    def _now_s(self) -> float:
        return self._desk.session.clock.monotonic_ns() / NS_PER_S


def _clip(fleet: Fleet, name: str, *, before_s: float, after_s: float) -> "Future[Clip]":
    return fleet.clip(name, before_s, after_s)
