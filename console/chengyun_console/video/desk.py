"""Brings cameras into panes: asks leave for each stream, keeps the decoders, and tells the centre what is seen."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QMetaMethod, QObject, Qt, QTimer, Signal

from chengyun_console.desk import Desk
from chengyun_console.session.background import Background
from chengyun_console.video.cameras import CameraBook
from chengyun_console.video.telling import Telling
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.news import FactNews
from chengyun_core.mirror.search import SearchIndex
from chengyun_core.model.camera import StreamGrant, StreamQuality
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.video.port import Clip, Fleet, PaneLook, PaneState, Still, StreamSource
from chengyun_core.wire.camera_asks import AskStream
from chengyun_widgets.video.record import Pixels

BEAT_MS, RESTING_MS = 20, 250
"""A picture of 25 a second waits for half a beat on average. While no pane has a stream the beat only looks whether one
is seen again: that a sheet over it went tells nobody."""
MAIN_FROM_PX = 640
"""From this width on a pane gets the main stream (F: sub-stream below)."""
FULL = "video.no_pane"
KEPT_S = 1.0
"""Who looks says so every quarter of a second; a pane of which nothing was heard for so long may give way."""
LINGER_S = 3.0
"""A pane nobody sees any more keeps its stream so long: a look at one camera in large does not cost four new starts."""
AFTER_RULE_S, AFTER_TROUBLE_S, AFTER_FULL_S = 30.0, 5.0, 1.0
"""How long it takes until leave is asked for again: a rule said no, nobody answered, all places were taken."""
_GONE = frozenset({PaneState.DEAD, PaneState.RETRYING, PaneState.REFUSED})

MakeFleet = Callable[[str], Fleet]
"""Makes the decoders; given the address of the demo's camera server, empty for none."""


@dataclass(slots=True, kw_only=True)
class _Shown:
    """One pane: what it wants, and how far it has come."""

    camera: str
    quality: StreamQuality
    width: int
    height: int
    grant: StreamGrant | None = None
    refused: Reason | None = None
    ask_after_s: float = 0.0
    is_asked: bool = False
    until_s: float = 0.0
    """Monotonic: its stream is given up then, unless somebody says again that it is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a pane stands: its look once it has a stream, else why it has none."""

    look: PaneLook | None = None
    refused: Reason | None = None


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
        self._desk, self._make_fleet = desk, make_fleet
        self._fleet: Fleet | None = None
        self._shown: dict[str, _Shown] = {}
        self.book: CameraBook | None = None
        self.telling = Telling(desk)
        self._background = Background(self)
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
        quality = StreamQuality.MAIN if width >= MAIN_FROM_PX else StreamQuality.SUB
        shown = self._shown.get(pane)
        if shown is None or (shown.camera, shown.quality) != (camera, quality):
            self._give_up(pane)
            self._shown[pane] = _Shown(camera=camera, quality=quality, width=width, height=height)
            self._ask(pane)
        elif (shown.width, shown.height) != (width, height):
            shown.width, shown.height = width, height
            if shown.grant is not None and self._fleet is not None:
                self._fleet.resize(pane, width, height)
        self.keep((pane,))
        if not self._timer.isActive() or self._timer.interval() != BEAT_MS:
            self._timer.start(BEAT_MS)

    def keep(self, panes: Iterable[str]) -> None:
        """Say that these are looked at: whoever shows a pane says so several times a second, or its stream goes.

        A lease, not a «leave»: a window that was put in the place of another one cannot forget what that one held.
        """
        until_s = self._now_s() + LINGER_S
        for pane in panes:
            if pane in self._shown:
                self._shown[pane].until_s = max(until_s, self._shown[pane].until_s)

    def leave(self, pane: str) -> None:
        """Give a pane's stream up at once."""
        self._give_up(pane)

    def standing(self, pane: str) -> Standing:
        """Return how a pane stands now; reads shared memory only."""
        shown = self._shown.get(pane)
        if shown is None:
            return Standing()
        if shown.grant is None or self._fleet is None:
            return Standing(refused=shown.refused)
        return Standing(look=self._fleet.look(pane), refused=shown.refused)

    def pixels(self, pane: str) -> Pixels | None:
        """Return the newest picture of a pane where it lies, for the length of one paint."""
        look = self.standing(pane).look
        if look is None or look.frame is None or self._fleet is None:
            return None
        return Pixels(
            data=look.frame, width=look.frame_width, height=look.frame_height, stride=look.stride,
            is_whole=partial(self._fleet.is_whole, pane, look.sequence),
        )  # fmt: skip

    def quality(self, pane: str) -> StreamQuality | None:
        """Return which stream a pane has."""
        shown = self._shown.get(pane)
        return shown.quality if shown is not None else None

    def grab(self, pane: str, answer: Callable[[Still | Reason], None]) -> None:
        """Take the newest whole picture of a pane; `answer` is called once, in the GUI thread."""
        self._await(pane, lambda fleet: fleet.grab(pane), answer)

    def clip(self, pane: str, before_s: float, after_s: float, answer: Callable[[Clip | Reason], None]) -> None:
        """Take what came from `before_s` ago until `after_s` from now; `answer` is called once, in the GUI thread.

        The stream stays until then though nobody looks any more: evidence is not lost by going on with one's work.
        """
        if pane in self._shown:
            self._shown[pane].until_s = self._now_s() + after_s + LINGER_S
        self._await(pane, lambda fleet: fleet.clip(pane, before_s, after_s), answer)

    def stop(self) -> None:
        """Leave every stream and end the decoders."""
        self._timer.stop()
        for pane in tuple(self._shown):
            self._give_up(pane)
        if self._fleet is not None:
            self._fleet.stop()
            self._fleet = None

    def _take_index(self, book: CameraBook, index: object) -> None:
        assert isinstance(index, SearchIndex)
        book.take_index(index)
        if book is self.book:
            self.book_did_change.emit()

    def _on_sign_on(self, _ended: object) -> None:
        """Leave was given to a session: who sits here now asks anew."""
        for pane in tuple(self._shown):
            self._give_up(pane)

    def _on_facts(self, news: FactNews) -> None:
        """A label changed: whether one may still see what runs is asked anew."""
        if news.relabelled:
            for pane in self._shown:
                self._ask(pane)

    def _ask(self, pane: str) -> None:
        shown = self._shown[pane]
        shown.is_asked = True
        ask = AskStream(camera=shown.camera, quality=shown.quality)
        answer = partial(self._on_grant, pane, shown)
        self._desk.session.ask("camera.stream", ask, answer, slot=f"video.{pane}")

    def _on_grant(self, pane: str, asked: _Shown, told: object) -> None:
        if self._shown.get(pane) is not asked:
            return
        asked.is_asked, had = False, asked.grant
        if isinstance(told, StreamGrant):
            asked.grant, asked.refused = told, None
            self._watch(pane, asked, told)
        elif isinstance(told, Reason) and told.code.startswith("session."):
            # Nobody answered: what runs goes on.
            asked.ask_after_s = self._now_s() + AFTER_TROUBLE_S
            asked.refused = told if had is None else None
        elif isinstance(told, Reason):
            if had is not None and self._fleet is not None:
                self._fleet.leave(pane)
            self._refuse(asked, told, AFTER_RULE_S)

    def _watch(self, pane: str, shown: _Shown, grant: StreamGrant) -> None:
        source = StreamSource(
            code=grant.camera, address=grant.address, transport=grant.transport, user=grant.user,
            password=grant.password,
        )  # fmt: skip
        try:
            self._place(pane, shown, self._running(grant), source)
        except Refused as refused:
            self._refuse(shown, refused.reason, AFTER_FULL_S if refused.reason.code == FULL else AFTER_RULE_S)
        except Trouble as trouble:
            self._refuse(shown, trouble.reason, AFTER_TROUBLE_S)

    def _place(self, pane: str, shown: _Shown, fleet: Fleet, source: StreamSource) -> None:
        """Show a stream; where all places are taken, in place of one that nobody looks at any more."""
        is_placed = False
        while not is_placed:
            try:
                fleet.watch(pane, source, shown.width, shown.height, main=True)
                is_placed = True
            except Refused as refused:
                if refused.reason.code != FULL or not self._give_way():
                    raise

    def _give_way(self) -> bool:
        """Give up the stream that was looked at longest ago, unless all are looked at; return whether there was one."""
        held = [name for name, shown in self._shown.items() if shown.grant is not None and not shown.is_asked]
        oldest = min(held, key=lambda name: self._shown[name].until_s, default=None)
        if oldest is None or self._shown[oldest].until_s > self._now_s() + LINGER_S - KEPT_S:
            return False
        self._give_up(oldest)
        return True

    def _refuse(self, shown: _Shown, reason: Reason, again_after_s: float) -> None:
        shown.grant, shown.refused = None, reason
        shown.ask_after_s = self._now_s() + again_after_s

    def _running(self, grant: StreamGrant) -> Fleet:
        """Return the decoders, started with the first stream. Raises Refused, Trouble: the settings are wrong."""
        if self._fleet is None:
            self._fleet = self._make_fleet(grant.demo)
            self._fleet.start()
        return self._fleet

    def _give_up(self, pane: str) -> None:
        shown = self._shown.pop(pane, None)
        if shown is not None and shown.grant is not None and self._fleet is not None:
            self._fleet.leave(pane)

    def _on_beat(self) -> None:
        now_s = self._now_s()
        # Whoever looks says so first: after a halt of the window nothing has lapsed.
        self.beat.emit(now_s)
        for pane, shown in tuple(self._shown.items()):
            if now_s >= shown.until_s:
                self._give_up(pane)
            elif shown.grant is None and not shown.is_asked and now_s >= shown.ask_after_s:
                self._ask(pane)
        if self.telling.is_due(now_s):
            self._tell(now_s)
        if not self._shown and self._timer.interval() != RESTING_MS:
            self._timer.start(RESTING_MS)

    def _tell(self, now_s: float) -> None:
        """Tell the centre what is seen, and ask anew for streams whose leave has run out while they were gone."""
        seen = {pane: (shown, self.standing(pane).look) for pane, shown in self._shown.items()}
        looks = {shown.camera: look for shown, look in seen.values() if look is not None}
        self.telling.tell(looks, now_s)
        for pane, (shown, look) in seen.items():
            if look is not None and look.state in _GONE and self._has_run_out(shown) and not shown.is_asked:
                shown.ask_after_s = now_s + AFTER_RULE_S
                self._ask(pane)

    def _has_run_out(self, shown: _Shown) -> bool:
        is_over = shown.grant is not None and shown.grant.until <= self._desk.now_ns()
        return is_over and self._now_s() >= shown.ask_after_s

    def _await(self, pane: str, begin: Callable[[Fleet], "Future[Any]"], answer: Callable[[Any], None]) -> None:
        shown = self._shown.get(pane)
        if self._fleet is None or shown is None or shown.grant is None:
            answer(Reason(code="panes.nothing_to_keep"))
            return
        future = begin(self._fleet)
        future.add_done_callback(partial(self._did_end.emit, answer))

    def _hand_over(self, answer: Callable[[object], None], future: "Future[object]") -> None:
        if future.cancelled():
            return
        try:
            answer(future.result())
        except (Refused, Trouble) as failure:
            answer(failure.reason)

    def _now_s(self) -> float:
        return self._desk.session.clock.monotonic_ns() / NS_PER_S
