"""Has the streams run that panes need: leave for each, its place among the decoders, and changes a few at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from chengyun_console.desk import Desk
from chengyun_console.video.pane_book import KEPT_S, LINGER_S, MAIN_FROM_PX, Key, Need, PaneBook
from chengyun_core.model.camera import StreamGrant, StreamQuality
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.video.port import CAMERA_REFUSED_S, PROMISES, SPARE, Fleet, PaneLook, PaneState, StreamSource
from chengyun_core.wire.camera_asks import AskStream

FULL = "video.no_pane"
AFTER_RULE_S, AFTER_TROUBLE_S, AFTER_FULL_S = 30.0, 5.0, 1.0
"""How long it takes until leave is asked for again: a rule said no, nobody answered, all places were taken."""
COMES_WITHIN_S = 10.0
"""A stream that is to take another one's place is given up without a picture after so long; the other one stays."""
AFTER_MISSED_S = 30.0
"""How long it takes until such a stream is tried once more; meanwhile others have its place."""
_GONE = frozenset({PaneState.DEAD, PaneState.RETRYING, PaneState.REFUSED})
_CANNOT_BE_HAD = frozenset({PaneState.DEAD, PaneState.REFUSED, PaneState.UNSUPPORTED})


@dataclass(slots=True, kw_only=True)
class Stream:
    """One stream of one camera. Times are monotonic seconds."""

    key: Key
    need: Need
    grant: StreamGrant | None = None
    """Leave; with it the stream has a place among the decoders."""
    refused: Reason | None = None
    was_missed: bool = False
    """Whether it could not take another one's place when that was tried last."""
    ask_after_s: float = 0.0
    is_asked: bool = False
    begun_s: float = 0.0
    kept_until_s: float = 0.0
    """Evidence is being taken of it until then: it stays, whoever looks."""

    @property
    def name(self) -> str:
        """Return what it is called among the decoders."""
        camera, quality = self.key
        return f"{camera}/{quality.value}"

    @property
    def size(self) -> tuple[int, int]:
        """Return the px its pictures are scaled into; a small stream that stands in for a large one is not blown up."""
        most = MAIN_FROM_PX if self.key[1] is StreamQuality.SUB else max(self.need.width, self.need.height)
        return min(self.need.width, most), min(self.need.height, most)


class Streams:
    """One per console. Lives in the GUI thread, which nothing here holds up."""

    def __init__(self, desk: Desk, book: PaneBook, make_fleet: Callable[[str], Fleet]) -> None:
        self._desk, self._book, self._make_fleet = desk, book, make_fleet
        self._fleet: Fleet | None = None
        self._streams: dict[Key, Stream] = {}

    def get(self, key: Key) -> Stream | None:
        """Return a stream; None: nobody needs it."""
        return self._streams.get(key)

    def running(self, key: Key) -> tuple[Fleet, str] | None:
        """Return the decoders and the name they know a stream by; None: it has no place among them."""
        stream = self._streams.get(key)
        return (self._fleet, stream.name) if stream is not None and stream.grant and self._fleet is not None else None

    def look(self, key: Key) -> PaneLook | None:
        """Return how a stream stands now, None without one; reads shared memory only."""
        running = self.running(key)
        return running[0].look(running[1]) if running is not None else None

    def has_picture(self, key: Key) -> bool:
        """Return whether a stream has a picture of now."""
        look = self.look(key)
        return look is not None and look.sequence > 0 and look.state in PROMISES

    def is_missing(self, key: Key) -> bool:
        """Return whether a stream that panes wait for cannot be had; not while it is on its way, or waits its turn."""
        stream, look = self._streams.get(key), self.look(key)
        if stream is None:
            return False
        is_gone = look is not None and look.state in _CANNOT_BE_HAD
        return stream.was_missed or stream.refused is not None or is_gone

    def keep(self, key: Key, seconds: float) -> None:
        """Let a stream stay so long though nobody looks any more, and though another one takes its place."""
        stream = self._streams.get(key)
        if stream is not None:
            stream.kept_until_s = max(stream.kept_until_s, self._now_s() + seconds)

    def meet(self, *, may_change: bool) -> None:
        """Begin what panes need and is not there yet, at the sizes they have.

        `may_change`: also what comes to take another one's place; not while panes are being told what to show, because
        those that have nothing yet go first.
        """
        for key, need in self._book.needs().items():
            stream = self._streams.setdefault(key, Stream(key=key, need=need))
            size, stream.need = stream.size, need
            stream.was_missed = stream.was_missed and not need.is_shown
            if stream.size != size and (running := self.running(key)) is not None:
                running[0].resize(running[1], *stream.size)
            if not need.is_shown:
                self._mind_coming(stream)
            is_due = stream.grant is None and not stream.is_asked and self._now_s() >= stream.ask_after_s
            if is_due and (need.is_shown or (may_change and self._has_turn())):
                self._ask(stream)

    def shed(self) -> None:
        """End what no pane needs, but for what evidence is being taken of."""
        needs, now_s = self._book.needs(), self._now_s()
        for key, stream in tuple(self._streams.items()):
            if key not in needs and now_s >= stream.kept_until_s:
                self._drop(stream)

    def end_all(self) -> None:
        """End every stream."""
        for stream in tuple(self._streams.values()):
            self._drop(stream)

    def stop(self) -> None:
        """End every stream and the decoders."""
        self.end_all()
        if self._fleet is not None:
            self._fleet.stop()
            self._fleet = None

    def ask_all(self) -> None:
        """Ask whether one may still see what runs, and whether one may now see what was refused."""
        for stream in self._streams.values():
            if stream.need.is_shown or stream.grant is not None:
                self._ask(stream)

    def ask_for_the_gone(self, looks: Mapping[Key, PaneLook]) -> None:
        """Ask anew for streams whose leave has run out while they were gone."""
        for key, look in looks.items():
            stream = self._streams[key]
            if look.state in _GONE and self._has_run_out(stream) and not stream.is_asked:
                stream.ask_after_s = self._now_s() + AFTER_RULE_S
                self._ask(stream)

    def _has_turn(self) -> bool:
        """Return whether one more stream may be on its way beside others: a few at a time, after panes with nothing."""
        streams = self._streams.values()
        changes = sum(not one.need.is_shown and (one.is_asked or one.grant is not None) for one in streams)
        is_first_awaited = any(one.need.is_shown and one.is_asked and one.grant is None for one in streams)
        return changes < SPARE and not is_first_awaited

    def _mind_coming(self, stream: Stream) -> None:
        """Give up for a while what cannot be had: what is shown stays, and others have their turn."""
        look, now_s = self.look(stream.key), self._now_s()
        if look is None or now_s < stream.kept_until_s:
            return
        if look.state not in _CANNOT_BE_HAD and now_s < stream.begun_s + COMES_WITHIN_S:
            return
        if self._fleet is not None:
            self._fleet.leave(stream.name)
        reason = look.reason or Reason(code="video.no_answer_yet")
        self._refuse(stream, reason, CAMERA_REFUSED_S if look.state is PaneState.REFUSED else AFTER_MISSED_S)

    def _ask(self, stream: Stream) -> None:
        stream.is_asked = True
        camera, quality = stream.key
        ask, answer = AskStream(camera=camera, quality=quality), partial(self._on_grant, stream)
        self._desk.session.ask("camera.stream", ask, answer, slot=f"video.{stream.name}")

    def _on_grant(self, asked: Stream, told: object) -> None:
        if self._streams.get(asked.key) is not asked:
            return
        asked.is_asked, had = False, asked.grant
        if isinstance(told, StreamGrant):
            asked.grant, asked.refused = told, None
            self._watch(asked, told)
        elif isinstance(told, Reason) and told.code.startswith("session.") and had is not None:
            # Nobody answered: what runs goes on.
            asked.ask_after_s = self._now_s() + AFTER_TROUBLE_S
        elif isinstance(told, Reason):
            if had is not None and self._fleet is not None:
                self._fleet.leave(asked.name)
            is_rule = not told.code.startswith("session.")
            self._refuse(asked, told, AFTER_RULE_S if is_rule else AFTER_TROUBLE_S)
            if is_rule and not asked.need.is_shown:
                self._ask_for_others_of(asked)

    def _ask_for_others_of(self, refused: Stream) -> None:
        """A rule that says no to one stream may say no to the camera: what still runs of it is asked for anew."""
        for stream in self._streams.values():
            if stream.key[0] == refused.key[0] and stream.grant is not None and not stream.is_asked:
                self._ask(stream)

    def _watch(self, stream: Stream, grant: StreamGrant) -> None:
        source = StreamSource(
            code=grant.camera, address=grant.address, transport=grant.transport, user=grant.user,
            password=grant.password,
        )  # fmt: skip
        try:
            self._place(stream, self._running(grant), source)
        except Refused as refused:
            self._refuse(stream, refused.reason, AFTER_FULL_S if refused.reason.code == FULL else AFTER_RULE_S)
        except Trouble as trouble:
            self._refuse(stream, trouble.reason, AFTER_TROUBLE_S)

    def _place(self, stream: Stream, fleet: Fleet, source: StreamSource) -> None:
        """Show a stream; where all places are taken, in place of one that nobody looks at any more."""
        stream.begun_s = self._now_s()
        is_placed = False
        while not is_placed:
            try:
                fleet.watch(stream.name, source, *stream.size, main=True, beside=not stream.need.is_shown)
                is_placed = True
            except Refused as refused:
                if refused.reason.code != FULL or not self._give_way(stream):
                    raise

    def _give_way(self, asking: Stream) -> bool:
        """Give up the stream that was looked at longest ago, unless all are looked at; return whether there was one."""
        needs, now_s = self._book.needs(), self._now_s()
        held = [
            one.key for one in self._streams.values()
            if one is not asking and one.grant is not None and not one.is_asked and now_s >= one.kept_until_s
        ]  # fmt: skip
        # What is on its way to be shown is not in the way.
        held = [key for key in held if key not in needs or needs[key].is_shown]
        oldest = min(held, key=self._book.until_s, default=None)
        if oldest is None or self._book.until_s(oldest) > now_s + LINGER_S - KEPT_S:
            return False
        self._book.forget(oldest)
        self._drop(self._streams[oldest])
        return True

    def _refuse(self, stream: Stream, reason: Reason, again_after_s: float) -> None:
        stream.grant, stream.refused = None, reason
        stream.was_missed = not stream.need.is_shown
        stream.ask_after_s = self._now_s() + again_after_s

    def _running(self, grant: StreamGrant) -> Fleet:
        """Return the decoders, started with the first stream. Raises Refused, Trouble: the settings are wrong."""
        if self._fleet is None:
            self._fleet = self._make_fleet(grant.demo)
            self._fleet.start()
        return self._fleet

    def _drop(self, stream: Stream) -> None:
        del self._streams[stream.key]
        if stream.grant is not None and self._fleet is not None:
            self._fleet.leave(stream.name)

    def _has_run_out(self, stream: Stream) -> bool:
        is_over = stream.grant is not None and stream.grant.until <= self._desk.now_ns()
        return is_over and self._now_s() >= stream.ask_after_s

    def _now_s(self) -> float:
        return self._desk.session.clock.monotonic_ns() / NS_PER_S
