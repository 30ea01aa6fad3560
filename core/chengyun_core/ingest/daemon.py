"""The ingest daemon's composition root and its one poll loop: sources in, frames and activations out."""

import logging
import math
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType

import zmq

from chengyun_core.ingest.archive_feed import open_feed
from chengyun_core.ingest.batch import Limits
from chengyun_core.ingest.catalogue_cache import CatalogueCache
from chengyun_core.ingest.door import Door
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.intake import Intake
from chengyun_core.ingest.ownership import expect_apart, share_of
from chengyun_core.ingest.process_lock import ProcessLock, next_epoch
from chengyun_core.ingest.publisher import Publisher
from chengyun_core.ingest.quality_score import QualityKept
from chengyun_core.ingest.sensing import Sensing
from chengyun_core.ingest.settings import IngestSettings
from chengyun_core.ingest.showing import Showing
from chengyun_core.ingest.sources.port import Feed, Source
from chengyun_core.ingest.sources.replay import ReplaySource
from chengyun_core.ingest.sources.simulator import SimulatorSource
from chengyun_core.ingest.sources.wanted import protocol_sources
from chengyun_core.ingest.spool import Spool
from chengyun_core.ingest.steady_clock import SteadyClock
from chengyun_core.ingest.telling import Telling
from chengyun_core.ingest.uplink import Uplink
from chengyun_core.ingest.watching import Watching
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import Clock, ProfileClock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import addresses, codec, heartbeat, secret_file, sockets, versions
from chengyun_core.wire.durable import read_record, write_record
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_HEARTBEAT
from chengyun_core.wire.guard import Guard
from chengyun_core.wire.handshake import Handshakes
from chengyun_core.wire.roles import Role

logger = logging.getLogger(__name__)

TURN_NS = 20_000_000
"""Spent on samples before the sockets are looked at again, so that the door answers in a flood too."""
MESSAGES_PER_TURN = 64
SWITCH_S = 0.0005
"""How soon another thread gives way to the loop: every numpy call of it lets go of the interpreter, and with Python's
usual 5 ms a source that parses at full speed made 0.2 s of evaluation last ten seconds, with the door unanswered."""
LONGEST_WAIT_MS = 200
"""However rare the heartbeats are set, the end of the daemon is noticed within this time."""
RAW_VITALS, RAW_MEMBERS = 4096, 4096
"""Channels of so many alarming vitals, of so many channels each at most, are kept raw in the archive."""
EXIT_DONE, EXIT_REFUSED, EXIT_TROUBLE = 0, 2, 3


def run(profile: Path, settings: IngestSettings, stop: threading.Event | None = None) -> int:
    """Run the daemon of this profile until `stop` is set or SIGTERM/SIGINT comes; return the exit code."""
    ending = stop or threading.Event()
    if stop is None:
        _end_on_signals(ending)
    sys.setswitchinterval(SWITCH_S)
    secret_file.forbid_core_files()
    try:
        shards = addresses.settings_of(profile).shards
        if not 0 <= settings.shard < shards:
            raise Refused("ingest.no_such_shard", range=f"shard {settings.shard}", shards=shards)
        expect_apart(settings.ranges)
        lock = ProcessLock(addresses.run_folder(profile) / f"{name_of(settings.shard)}.lock")
    except (Refused, Trouble) as fault:
        logger.error("the ingest daemon does not start: %s", fault)
        return EXIT_REFUSED if isinstance(fault, Refused) else EXIT_TROUBLE
    try:
        machine, clock = ProfileClock(), ProfileClock()
        daemon = IngestDaemon(profile, settings, sources_of(profile, settings, clock), clock=clock, machine=machine)
        daemon.run(ending)
    except (Refused, Trouble) as fault:
        logger.error("the ingest daemon stops: %s", fault)
        return EXIT_REFUSED if isinstance(fault, Refused) else EXIT_TROUBLE
    finally:
        lock.release()
    return EXIT_DONE


def sources_of(profile: Path, settings: IngestSettings, clock: Clock) -> list[Source]:
    """Return the sources the settings name. Raises Refused for settings that cannot be meant."""
    sources: list[Source] = protocol_sources(profile, settings, clock)
    sources += [ReplaySource(replay, clock) for replay in settings.replay]
    if settings.simulator is not None:
        sources.append(
            SimulatorSource(settings.simulator, clock, memory=profile / name_of(settings.shard) / "state" / "story")
        )
    names = [source.health.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise Refused("ingest.source_twice", name=name)
    return sources


def name_of(shard: int) -> str:
    """Return the name of a daemon's folder, lock and child process: `ingest`, `ingest-1`, …"""
    return f"ingest-{shard}" if shard else "ingest"


class IngestDaemon:
    """All parts of the daemon around one poll loop in one thread."""

    def __init__(
        self, profile: Path, settings: IngestSettings, sources: Sequence[Source], *, clock: ProfileClock, machine: Clock
    ) -> None:
        folder = profile / name_of(settings.shard)
        self._settings = settings
        self._sources = sources
        self._clock, self._steady = clock, SteadyClock(clock)
        self._machine = machine
        self._profile = profile
        self._where = addresses.of_profile(profile)
        self._intake = Intake(settings.queue_samples)
        self._cache = CatalogueCache(profile, settings.shard)
        epoch = next_epoch(folder, machine.utc_ns())
        self._quality_file = folder / "state" / "quality"
        self._spool = Spool(folder, shard=settings.shard, new_epoch=epoch, limit_bytes=settings.spool_bytes)
        self._archive = open_feed(folder, shard=settings.shard, mib=settings.archive_ring_mib, ring=epoch)
        self._watching = Watching(settings.watch_lease_s)
        self._publisher = Publisher(
            self._send, profile=clock, machine=machine, epoch=epoch, shard=settings.shard,
            every_ms=settings.frame_every_ms,
        )  # fmt: skip
        self._sensing = Sensing(
            engine_of=self._engine_of, spool=self._spool, publisher=self._publisher, watching=self._watching,
            profile=self._steady, machine=machine,
            share_of=partial(
                share_of, ranges=settings.ranges, shards=addresses.settings_of(profile).shards, shard=settings.shard
            ),
        )  # fmt: skip
        self._uplink = Uplink(
            self._spool, self, process_epoch=epoch, timeout_s=settings.confirm_timeout_s, session=lambda: _key(profile),
            profile_ns=clock.utc_ns, bands=self._sensing.bands,
        )  # fmt: skip
        if len(self._where.ingest) > 1:
            self._uplink.owned = self._sensing.owned_runs
        self._telling = self._telling_of(epoch)
        self._telling.archive = self._archive
        self._telling.showing = self._showing = Showing(profile, settings.shard, epoch)
        self._door = self._telling.door = self._door_of(epoch)
        self._started, self._beat_ns = False, 0
        self._on_own_clock = {source.health.name: source.own_clock for source in sources}

    def _telling_of(self, epoch: int) -> Telling:
        return Telling(
            sensing=self._sensing, spool=self._spool, publisher=self._publisher, uplink=self._uplink,
            intake=self._intake, sources=self._sources, profile=self._clock, machine=self._machine, epoch=epoch,
            realm=self._settings.realm,
        )  # fmt: skip

    def _door_of(self, epoch: int) -> Door:
        return Door(
            engine=lambda: self._sensing.engine, snapshot=lambda: self._publisher.snapshot(self._sensing.engine.state),
            status=self._telling.status, watching=self._watching, monotonic_ns=self._machine.monotonic_ns, epoch=epoch,
            realm=self._settings.realm,
            threshold_sets=lambda: (item.code for item in self._sensing.catalogue.threshold_sets),
        )  # fmt: skip

    def run(self, ending: threading.Event) -> None:
        """Bind, sense, and leave everything durable and closed."""
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        try:
            self._guard = Guard(context, self._profile)
            with closing(self._guard):
                self._bind(context)
                with closing(self._handshakes):
                    self._serve(ending)
        finally:
            self._close(context)

    def _serve(self, ending: threading.Event) -> None:
        known = self._cache.load()
        if known is not None:
            self._start_from(known)
        while not ending.is_set():
            self._turn()

    def catalogue_came(self, catalogue: Catalogue) -> None:
        """Take over what the uplink fetched, and keep it for the next start. Raises Refused for what cannot be used."""
        self._adopt(catalogue)
        self._cache.save(catalogue)

    def _bind(self, context: "zmq.Context[zmq.Socket[bytes]]") -> None:
        where, bound = self._where, addresses.bound_by_daemons(self._profile)
        self._state = self._guard.broadcast(bound.ingest[self._settings.shard].state, queued=sockets.FRAMES_QUEUED)
        self._doorway = self._guard.door(bound.ingest[self._settings.shard].door)
        self._centre = sockets.caller(context, where.centre_door, role=Role.INGEST, connect=False)
        self._changes = sockets.subscriber(
            context, where.centre_changes, TOPIC_HEARTBEAT, queued=16, role=Role.INGEST, connect=False
        )
        self._handshakes = Handshakes((self._centre, where.centre_door), (self._changes, where.centre_changes))
        self._poller = zmq.Poller()
        for socket in (self._state.socket, self._doorway.socket, self._centre, self._changes):
            self._poller.register(socket, zmq.POLLIN)
        self._poller.register(self._intake.wake.fileno(), zmq.POLLIN)

    def _turn(self) -> None:
        """One turn: wait for the next thing to do, do what came, then what is due."""
        ready = dict(self._poller.poll(self._wait_ms()))
        if self._intake.wake.fileno() in ready:
            self._sense()
        if self._doorway.socket in ready:
            self._answer()
        if self._state.socket in ready:
            self._greet()
        if self._changes in ready:
            self._hear()
        if self._centre in ready:
            self._take_answers()
        self._tend_keys()
        self._do_what_is_due()

    def _sense(self) -> None:
        """Evaluate what waits, one arrival after the other; the rest of a flood waits for the next turn."""
        until_ns = self._machine.monotonic_ns() + TURN_NS
        while arrivals := self._intake.take(1):
            for arrival in arrivals:
                if self._steady.held_ns and arrival.own_now_ns is None and len(arrival.batch):
                    self._steady.saw(int(arrival.batch.time.max()))
                self._sensing.arrived(arrival)
                self._on_own_clock[arrival.source] = arrival.own_now_ns is not None
                self._publisher.flush(self._sensing.engine.state)
            if self._machine.monotonic_ns() > until_ns:
                return

    def _answer(self) -> None:
        for _ in range(MESSAGES_PER_TURN):
            message = self._doorway.received()
            if message is None:
                return
            # A DEALER sends one frame; a REQ's empty delimiter in between is no reason to turn a client away.
            client, data = message[0], message[-1]
            reply = self._door.answer(client, data) if len(message) in (2, 3) else self._door.answer(client, b"")
            if reply is not None:
                _sent(self._doorway.socket, [client, *message[1:-1], reply])

    def _greet(self) -> None:
        """A subscription came: a heartbeat at once, so that the newcomer knows where the stream is."""
        if self._state.joined():
            self._beat()

    def _hear(self) -> None:
        while (message := _received(self._changes)) is not None:
            theirs = versions.named_in(message[-1])
            if theirs is not None and theirs != PROTOCOL_VERSION:
                self._uplink.heard_other_protocol()
                continue
            try:
                beat = heartbeat.read(message[-1])
            except codec.BadMessage as fault:
                self._uplink.heard_garbage(fault)
                continue
            self._uplink.heard(beat, self._machine.monotonic_ns())
            before = self._clock.law
            self._clock.follow(beat.law)
            if self._clock.law != before:
                self._sensing.clock_was_set()

    def _take_answers(self) -> None:
        while (message := _received(self._centre)) is not None:
            self._uplink.answered(message[-1], self._machine.monotonic_ns())

    def _do_what_is_due(self) -> None:
        now_ns = self._machine.monotonic_ns()
        request = self._uplink.due(now_ns)
        if request is not None:
            _sent(self._centre, [codec.pack(request)])
        if now_ns - self._beat_ns >= self._settings.heartbeat_every_ms * 1e6:
            self._beat_ns = now_ns
            self._watching.expire(now_ns)
            self._spool.flush()
            if self._senses_live():
                self._sensing.close_until(self._steady.utc_ns() - round(self._settings.lateness_s * 1e9))
            self._keep_raw()
            self._beat()
        self._publisher.flush(self._sensing.engine.state)

    def _keep_raw(self) -> None:
        """Tell the historian which channels are watched or alarming; looked up anew when a band changed."""
        if self._archive is not None:
            alarming = partial(self._sensing.engine.alarming_channels, vitals=RAW_VITALS, members=RAW_MEMBERS)
            self._archive.keep_raw_of(alarming, since=self._spool.next_seq, watched=self._watching.channels)

    def _beat(self) -> None:
        beat = self._guard.told(self._telling.heartbeat())
        if self._steady.held_ns:
            beat = replace(beat, lights={**beat.lights, "clock": "ingest.clock_stepped"})
        if self._handshakes.refusal() is not None:
            beat = replace(beat, lights={**beat.lights, "centre": "wire.centre_refused"})
        self._publisher.beat(beat)

    def _tend_keys(self) -> None:
        try:
            self._guard.tend(self._poller)
        except Trouble:
            self._beat()  # the light is the last thing said before everything is unbound
            raise

    def _senses_live(self) -> bool:
        """Whether the profile clock is the sources' clock; a replay or a backfill closes its own grid instead."""
        return self._started and not any(self._on_own_clock.values())

    def _wait_ms(self) -> int:
        now_ns = self._machine.monotonic_ns()
        wait_ns = self._beat_ns + self._settings.heartbeat_every_ms * 1e6 - now_ns
        due_ns = self._publisher.due_in_ns()
        if due_ns is not None:
            wait_ns = min(wait_ns, due_ns)
        return min(LONGEST_WAIT_MS, max(0, math.ceil(wait_ns / 1e6)))

    def _start_from(self, known: Catalogue) -> None:
        try:
            self._adopt(known)
        except Refused as fault:
            logger.error("the cached catalogue cannot be used: %s; waiting for the centre's", fault)
        else:
            self._uplink.knows(known)

    def _adopt(self, catalogue: Catalogue) -> None:
        self._sensing.adopt(catalogue)
        if not self._started:
            self._take_up_quality()
        for source in self._sources:
            if self._started:
                source.learn(catalogue)
            else:
                has_past = bool(self._spool.bands())
                source.start(Feed(self._intake, source.health, self._machine, has_past=has_past), catalogue)
        self._started = True

    def _take_up_quality(self) -> None:
        kept = read_record(self._quality_file, QualityKept)
        if kept is not None:
            self._sensing.engine.restore_quality(kept, self._clock.utc_ns())

    def _keep_quality(self) -> None:
        kept = self._sensing.engine.quality_kept(self._clock.utc_ns())
        if kept is None:
            return
        try:
            self._quality_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_record(self._quality_file, kept)
        except OSError as fault:
            logger.warning("quality counts %s cannot be kept: %s", self._quality_file, fault)

    def _engine_of(self, catalogue: Catalogue) -> Engine:
        limits = Limits(future_s=self._settings.future_limit_s, past_days=self._settings.past_limit_days)
        return Engine(
            catalogue, shard=self._settings.shard, ring_capacity=self._settings.ring_samples, limits=limits,
            archive=self._archive,
        )  # fmt: skip

    def _send(self, topic: bytes, payload: bytes) -> None:
        self._state.send([topic, payload])

    def _close(self, context: "zmq.Context[zmq.Socket[bytes]]") -> None:
        self._intake.close()
        for source in self._sources:
            source.stop()
        for arrival in self._intake.take(self._settings.queue_samples):
            if (
                arrival.own_now_ns is None
            ):  # live samples come once; the rest of a replay would only keep us from ending
                self._sensing.arrived(arrival)
        self._spool.close()
        self._keep_quality()
        self._showing.close()
        if self._archive is not None:
            self._archive.close()
        self._intake.dispose()
        context.destroy(linger=0)


def _received(socket: "zmq.Socket[bytes]") -> list[bytes] | None:
    try:
        return socket.recv_multipart(zmq.NOBLOCK)
    except zmq.Again:
        return None


def _sent(socket: "zmq.Socket[bytes]", parts: list[bytes]) -> None:
    """Send without ever waiting: a listener or client whose queue is full loses it and asks again."""
    try:
        socket.send_multipart(parts, zmq.NOBLOCK)
    except zmq.Again:
        logger.debug("a message was not taken by %s", socket)


def _key(profile: Path) -> str:
    """The ingest key; read for each request, for the centre may make it after we start."""
    try:
        return secret_file.read(profile / "keys" / "ingest.key")
    except Trouble as fault:
        logger.warning("no key for the centre yet: %s", fault)
        return ""


def _end_on_signals(ending: threading.Event) -> None:
    def end(number: int, _frame: FrameType | None) -> None:
        logger.info("signal %s: the ingest daemon ends", signal.Signals(number).name)
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
