"""The reader: a thread that drains the daemons' sockets on arrival and lays posts for the GUI at its pace."""

import gc
import logging
import math
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Any

import zmq

from chengyun_console.session.catalogue_cache import CatalogueCache
from chengyun_console.session.catalogue_care import Unread
from chengyun_console.session.errands import Door, Errand
from chengyun_console.session.mailbox import Mailbox
from chengyun_console.session.pace import Pace
from chengyun_console.session.replica import Replica
from chengyun_console.session.wishes import Wish
from chengyun_console.session.witness import Witness
from chengyun_console.wording.spoken import spoken_phrases
from chengyun_core.mirror.catalogue_reading import read_catalogue
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.links import LinkWatch, Moment
from chengyun_core.model.clock import NS_PER_S, ProfileClock
from chengyun_core.model.failure import Trouble
from chengyun_core.wire import addresses, codec, secret_file, sockets
from chengyun_core.wire.endpoints import TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH
from chengyun_core.wire.handshake import Handshakes

TICK_NS = 50_000_000
"""Facts, links and watched samples are handed over twenty times a second, as often as pages draw; state at its pace."""
BUDGET_NS = 10_000_000
"""Longest drain of one socket in a row; the others and the tick get their turn, what is left is read next."""
WAKE_ADDRESS = "inproc://session-wishes"

FROZEN_AFTER_NS = 5 * NS_PER_S
"""A window that has taken no post for so long hangs."""
PUB_PARTS = 2

Socket = zmq.Socket[bytes]
Take = Callable[[bytes, bytes, Moment], None]

logger = logging.getLogger(__name__)


class Reader:
    """Owns the sockets and the replica while `run` runs; other threads only call `submit` and `stop`."""

    def __init__(self, profile: Path, context: zmq.Context[Socket], mailbox: Mailbox, ring: Callable[[], None]) -> None:
        self._addresses = addresses.of_profile(profile)
        self._screen_key = profile / "keys" / "screen.key"
        self._cache = CatalogueCache(profile)
        self._witness = Witness(profile)
        self._context = context
        self._mailbox = mailbox
        self._ring = ring
        self._wishes: deque[Wish] = deque()
        self._stopping = threading.Event()
        self._machine = ProfileClock()
        self._clock = ProfileClock()
        self.replica = Replica(len(self._addresses.ingest))
        self._doors: dict[tuple[Door, int], Socket] = {}
        self._handshakes: list[tuple[LinkWatch, Handshakes]] = []
        self._taken: list[tuple[Socket, Take]] = []
        self._pace = Pace()
        self._taken_ns = self._machine.monotonic_ns()
        """When the window was last seen to have taken what was laid down for it."""
        self._reading: tuple[Unread, Future[CatalogueView | None]] | None = None

    def submit(self, wish: Wish) -> None:
        """Put a wish on the queue; from any thread. Wake the reader afterwards."""
        self._wishes.append(wish)

    def stop(self) -> None:
        """Ask `run` to end; from any thread. Wake the reader afterwards."""
        self._stopping.set()

    def run(self) -> None:
        """Read until stopped. A bug in here is logged, ends the thread and is shown by the session's watch over it."""
        try:
            with ExitStack() as stack:
                pool = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="catalogue"))
                wake = self._open(stack)
                self._read_cache()
                self._loop(wake, pool)
        except Exception:
            logger.exception("the session's reader ended by a fault of ours")

    def _open(self, stack: ExitStack) -> Socket:
        """Open all sockets in this thread; return the one the GUI knocks at."""
        wake = self._context.socket(zmq.PAIR)
        stack.callback(wake.close, 0)
        wake.bind(WAKE_ADDRESS)
        try:
            self._connect(stack)
        except Trouble as fault:
            # No key for a daemon on another machine: the strip says so, and what the cache holds is shown.
            logger.error("the daemons cannot be reached: %s", fault)
            for watch in (*(shard.link for shard in self.replica.shards.each), self.replica.centre):
                watch.turned_away(fault.reason)
        return wake

    def _connect(self, stack: ExitStack) -> None:
        at = self._addresses
        states = [
            sockets.subscriber(
                self._context,
                ingest.state,
                TOPIC_STATE,
                TOPIC_WATCH,
                TOPIC_HEARTBEAT,
                queued=sockets.FRAMES_QUEUED,
                connect=False,
            )
            for ingest in at.ingest
        ]
        changes = sockets.subscriber(
            self._context, at.centre_changes, TOPIC_CHANGE, TOPIC_HEARTBEAT, queued=sockets.FACTS_QUEUED, connect=False
        )
        heard = [partial(self.replica.heard_ingest, number=ingest.shard) for ingest in at.ingest]
        self._taken = [*zip(states, heard, strict=True), (changes, self.replica.heard_centre)]
        self._doors = {
            (Door.HISTORY, 0): sockets.caller(self._context, at.history_door, connect=False),
            (Door.SURVEY, 0): sockets.caller(self._context, at.survey_door, connect=False),
            (Door.CENTRE, 0): sockets.caller(self._context, at.centre_door, connect=False),
            (Door.COMMANDS, 0): sockets.caller(self._context, at.centre_door, connect=False),
        }
        for ingest in at.ingest:
            self._doors[Door.INGEST, ingest.shard] = sockets.caller(self._context, ingest.door, connect=False)
        for socket in (*states, changes, *self._doors.values()):
            stack.callback(socket.close, 0)
        centre = Handshakes(
            (changes, at.centre_changes),
            (self._doors[Door.CENTRE, 0], at.centre_door),
            (self._doors[Door.COMMANDS, 0], at.centre_door),
            (self._doors[Door.HISTORY, 0], at.history_door),
            (self._doors[Door.SURVEY, 0], at.survey_door),
        )
        self._handshakes = [(self.replica.centre, stack.enter_context(closing(centre)))]
        for shard, ingest, state in zip(self.replica.shards.each, at.ingest, states, strict=True):
            ways = Handshakes((state, ingest.state), (self._doors[Door.INGEST, ingest.shard], ingest.door))
            self._handshakes.append((shard.link, stack.enter_context(closing(ways))))

    def _loop(self, wake: Socket, pool: ThreadPoolExecutor) -> None:
        """Whatever comes is read at once; time is let pass at every tick, knock and answer, not with every frame."""
        poller = zmq.Poller()
        listened = {socket for socket, _take in self._taken}
        for socket in (wake, *self._doors.values(), *listened):
            poller.register(socket, zmq.POLLIN)
        tick_at = self._machine.monotonic_ns()
        while not self._stopping.is_set():
            ready = {socket for socket, _event in poller.poll(self._wait_ms(tick_at))}
            self._listen(ready)
            if is_tick := self._machine.monotonic_ns() >= tick_at:
                tick_at = self._machine.monotonic_ns() + TICK_NS
            if is_tick or not ready <= listened:
                self._serve(wake)
                self._turn(pool)
            self._deliver(whole=is_tick or self.replica.must_post_whole)

    def _wait_ms(self, tick_at: int) -> int:
        """Return how long to wait at most: until the tick, or until waiting state may be handed over."""
        until = tick_at
        if self.replica.has_state_news and self._mailbox.is_free():
            until = min(until, self._pace.due_ns)
        return max(0, math.ceil((until - self._machine.monotonic_ns()) / 1e6))

    def _listen(self, ready: set[Socket]) -> None:
        for socket, take in self._taken:
            if socket in ready:
                self._drain(socket, partial(self._heard, take, self._now()))

    def _serve(self, wake: Socket) -> None:
        self._drain(wake, lambda _parts: None)
        self._take_wishes()
        for door in self._doors.values():
            self._drain(door, self._replied)

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        now = self._now()
        self._mailbox.beat(now.monotonic_ns)
        if self._mailbox.is_free():
            self._taken_ns = now.monotonic_ns
        self.replica.is_frozen = now.monotonic_ns - self._taken_ns > FROZEN_AFTER_NS
        for watch, handshakes in self._handshakes:
            watch.turned_away(handshakes.refusal())
        if not self.replica.settler.screen_key:
            self._read_screen_key()
        for errand in self.replica.turn(now):
            self._send(errand, now)
        self._read_catalogue(pool)

    def _read_screen_key(self) -> None:
        """Take the key that lets an idle screen read; asked for again while the centre has not made it yet."""
        try:
            self.replica.settler.take_screen_key(secret_file.read(self._screen_key))
        except Trouble:
            # Without it the strip stays empty until somebody signs on, which works all the same.
            return

    def _drain(self, socket: Socket, take: Callable[[list[bytes]], None]) -> None:
        """Read until nothing is left or the budget is spent."""
        until = self._machine.monotonic_ns() + BUDGET_NS
        while self._machine.monotonic_ns() < until:
            try:
                parts = socket.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                return
            take(parts)

    def _heard(self, take: Take, now: Moment, parts: list[bytes]) -> None:
        if len(parts) == PUB_PARTS:
            take(parts[0], parts[1], now)
        else:
            self.replica.counters["garbage"] += 1

    def _replied(self, parts: list[bytes]) -> None:
        if len(parts) == 1:
            self.replica.replied(parts[0], self._now())
        else:
            self.replica.counters["garbage"] += 1

    def _take_wishes(self) -> None:
        while self._wishes:
            self.replica.wish(self._wishes.popleft(), self._now())

    def _send(self, errand: Errand, now: Moment) -> None:
        """Send a request; with nobody at the other end it stays due and is tried at the next turn."""
        door = self._doors.get((errand.door, errand.shard))
        if door is None:
            return
        try:
            door.send(codec.pack(errand.request), zmq.DONTWAIT)
        except zmq.Again:
            return
        self.replica.errands.sent(errand.request.id, now.monotonic_ns)

    def _deliver(self, *, whole: bool) -> None:
        """Lay down a post when the last one was taken; otherwise the news go on merging where they are."""
        now_ns = self._machine.monotonic_ns()
        if not whole and (now_ns < self._pace.due_ns or not self.replica.has_state_news):
            return
        if not self._mailbox.is_free():
            self._mailbox.await_taking()
            return
        post = self.replica.post() if whole else self.replica.state_post()
        if post is not None:
            self._pace.handed(now_ns, self._mailbox.cost_ns)
            self._mailbox.put(post)
            self._ring()

    def _read_cache(self) -> None:
        data = self._cache.newest()
        if data is not None:
            self.replica.catalogue.cached(data)

    def _read_catalogue(self, pool: ThreadPoolExecutor) -> None:
        """Decode catalogues beside the loop: one takes longer than a tick."""
        if self._reading is not None and self._reading[1].done():
            unread, future = self._reading
            self._reading = None
            view = None if _failed(future) else future.result()
            if self.replica.catalogue_read(unread, view) and view is not None:
                pool.submit(self._prepare_search, unread.data, view).add_done_callback(_failed)
                if unread.version:
                    self._cache.keep(unread.version, unread.data)
        unread_now = self.replica.catalogue.to_read()
        if unread_now is not None:
            self._reading = unread_now, pool.submit(read_view, unread_now.data)

    def _prepare_search(self, data: bytes, view: CatalogueView) -> None:
        phrases = spoken_phrases()
        # The words on disk belong to these bytes and these phrases: a program with other phrases makes them anew.
        made_of = data + "\n".join(phrases).encode()
        keys = self._cache.search_keys(made_of)
        try:
            view.use_search_keys(keys or (), phrases)
        except ValueError:
            keys = view.search_keys(phrases)
            self._cache.keep_search_keys(made_of, keys)
            view.use_search_keys(keys, phrases)

    def _now(self) -> Moment:
        beat = self.replica.centre.state.heartbeat
        if beat is not None:
            self._clock.follow(beat.law)
        self._witness.heard(beat, self._machine.monotonic_ns())
        return Moment(
            monotonic_ns=self._machine.monotonic_ns(),
            profile_ns=self._clock.utc_ns(),
            machine_ns=self._machine.utc_ns(),
        )


def read_view(data: bytes) -> CatalogueView | None:
    """Return the view of a catalogue's bytes; None when they cannot be read, which the log tells.

    The collector is off meanwhile and forgets the new objects afterwards: walking a city's rows takes 50 ms, in which
    the window stands still, and they live as long as the console does.
    """
    gc.disable()
    try:
        return CatalogueView(read_catalogue(data))
    except codec.BadMessage as fault:
        logger.warning("a catalogue of %d bytes cannot be read: %s", len(data), fault)
        return None
    finally:
        gc.freeze()
        gc.enable()


def _failed(future: Future[Any]) -> bool:
    """Log a fault of ours in the work aside; the feed goes on without its result."""
    fault = future.exception()
    if fault is not None:
        logger.error("work on a catalogue ended by a fault of ours", exc_info=fault)
    return fault is not None
