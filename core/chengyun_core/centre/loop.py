"""The daemon's loop: one thread, one poller; requests, workers' results, timers and heartbeats."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import zmq

from chengyun_core.centre import (
    alarms,
    approvals,
    auto_dispatch,
    break_glass,
    call_clock,
    duty_clock,
    event_clock,
    glass_care,
    labels,
    library_import,
    mode_orders,
    mode_reports,
    order_sweeps,
    overrides,
    plan_clock,
    receipt_clock,
    repair_clock,
    roll_calls,
    room_clock,
    threshold_sets,
    veil,
    warning_care,
)
from chengyun_core.centre.backup_keeper import BackupKeeper
from chengyun_core.centre.camera_clock import CameraKeeper
from chengyun_core.centre.camera_handlers import CAMERAS
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.door import Answer, Door
from chengyun_core.centre.event_indexer import EventIndexer
from chengyun_core.centre.handlers import IMPORTS, SECONDED
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.mode_keeper import ModeKeeper
from chengyun_core.centre.outbox_watch import OutboxWatch
from chengyun_core.centre.seat_silences import SilenceKeeper
from chengyun_core.centre.situations import Watch
from chengyun_core.centre.threshold_keeper import ThresholdKeeper
from chengyun_core.centre.time_law import MACHINE, StepWatch
from chengyun_core.centre.workers import Worker
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.audit_head import head_text
from chengyun_core.model.change import Change
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.failure import Trouble
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_CHANGE, TOPIC_HEARTBEAT
from chengyun_core.wire.envelope import Heartbeat
from chengyun_core.wire.guard import Broadcast, Doorway, Guard

if TYPE_CHECKING:
    from chengyun_core.centre.start import Begun

logger = logging.getLogger(__name__)

REQUESTS_A_TURN = 64
"""Requests taken before timers and heartbeats get their turn."""
TIMERS_AFTER_TROUBLE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sockets:
    """The two sockets the loop owns, and who watches over their users."""

    guard: Guard
    door: Doorway
    changes: Broadcast


class Loop:
    """Runs until told to stop; nothing else touches its sockets."""

    def __init__(
        self, desk: Desk, ledger: Ledger, door: Door, lanes: dict[str, Worker], sockets: Sockets, begun: "Begun",
        backups: BackupKeeper, indexer: EventIndexer,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._ledger = ledger
        self._door = door
        self._lanes = {lane.wakes.fileno(): lane for lane in lanes.values()}
        self._sockets = sockets
        self._begun = begun
        self._backups = backups
        self._indexer = indexer
        lost = begun.lost
        self._lost = {} if lost is None else {"lost.first": lost.first, "lost.last": lost.last}
        self._every_s = desk.settings.heartbeat_every_ms / 1000
        self._beat_at = 0.0
        self._timers_at = self._sweeps_at = 0.0
        assert isinstance(desk.clock, ProfileClock)
        self._steps = StepWatch(desk.clock)
        self._cameras = CameraKeeper(desk, ledger, partial(door.undertake, CAMERAS))
        self._thresholds = ThresholdKeeper(desk, ledger, partial(door.undertake, IMPORTS))
        self._silences = SilenceKeeper(desk, ledger)
        self._outbox = OutboxWatch(desk, ledger)
        self._modes = ModeKeeper(desk, ledger, partial(door.undertake, IMPORTS))
        self._poller = zmq.Poller()
        for socket in (sockets.door.socket, sockets.changes.socket, *self._lanes):
            self._poller.register(socket, zmq.POLLIN)

    def run(self, stop: threading.Event) -> None:
        """Serve until `stop` is set."""
        while not stop.is_set():
            ready = dict(self._poller.poll(self._patience_ms()))
            self._turn(ready)
            self._tend_keys()
            self.beat_if_due()
            self._tend()

    def publish(self, change: Change) -> None:
        """Hint at a change on C/; not at one of a labelled record, which each listener asks for as he may see it."""
        if not self._is_withheld(change):
            self._sockets.changes.send([TOPIC_CHANGE, codec.pack(labels.bare(change))])

    def _is_withheld(self, change: Change) -> bool:
        if not self._desk.labels:
            return False
        try:
            with self._ledger.reading() as connection:
                return veil.is_labelled(self._desk, change, connection)
        except Trouble:
            # Whether it is labelled cannot be read now: the hole in the numbers has each console ask for it.
            return True

    def beat_if_due(self) -> None:
        """Send a heartbeat when it is time."""
        if time.monotonic() >= self._beat_at:
            self._beat()

    def _turn(self, ready: dict[object, int]) -> None:
        if self._sockets.changes.socket in ready:
            self._greet()
        if self._sockets.door.socket in ready:
            self._serve()
        for descriptor, lane in self._lanes.items():
            if descriptor in ready:
                for result in lane.results():
                    answer = self._door.finish(result)
                    if answer is not None:
                        self._send(answer)

    def _serve(self) -> None:
        for _ in range(REQUESTS_A_TURN):
            parts = self._sockets.door.received()
            if parts is None:
                return
            if len(parts) != 2:
                self._desk.count("door.garbage")
                continue
            answer = self._door.take(*parts)
            if answer is not None:
                self._send(answer)
            self.beat_if_due()

    def _send(self, answer: Answer) -> None:
        try:
            self._sockets.door.socket.send_multipart([answer.peer, answer.data], zmq.NOBLOCK)
        except zmq.Again:
            # The peer does not read. Its command is done and will be answered again under the same id.
            self._desk.count("door.unread")

    def _greet(self) -> None:
        """Answer a new subscription with a heartbeat at once, so that the newcomer knows where the tail is."""
        if self._sockets.changes.joined():
            self._beat()

    def _tend_keys(self) -> None:
        try:
            self._sockets.guard.tend(self._poller)
        except Trouble:
            self._beat()  # the light is the last thing said before everything is unbound
            raise

    def _tend(self) -> None:
        written = self._door.go_on()
        if written is not None:
            self._send(written)
        if time.monotonic() >= self._timers_at:
            self._timers_at = self._rest_after(self._look_at_timers, "timers")
        self._go_on()
        try:
            self._ledger.tend()
        except Trouble:
            self._beat()  # the light is the last thing said before the daemon ends
            raise
        self._backups.tend()
        self._outbox.tend()
        self._index()

    def _go_on(self) -> None:
        """Go on with orders that were begun; whatever keeps the timers from being looked at does not keep these."""
        if time.monotonic() >= self._sweeps_at:
            self._sweeps_at = self._rest_after(lambda: order_sweeps.tend(self._desk, self._ledger), "orders")

    def _rest_after(self, do: Callable[[], object], what: str) -> float:
        """Do it; return until when it is to be left alone, monotonic s, 0 when nothing went wrong."""
        try:
            do()
        except Trouble as trouble:
            # It stays due and is tried again; a locked file must not hold up every turn.
            logger.warning("%s wait for the database: %s", what, trouble)
        except Exception:
            # A bug of ours in one of them must not end the centre for everybody.
            logger.exception("%s failed", what)
            self._desk.count(f"{what}.bugs")
        else:
            return 0.0
        return time.monotonic() + TIMERS_AFTER_TROUBLE_S

    def _index(self) -> None:
        try:
            self._indexer.tend()
        except Exception:
            # The search goes on without it, only slower; alarms and orders must not wait for its bug.
            logger.exception("the index of events failed")
            self._desk.count("index.bugs")

    def _look_at_timers(self) -> None:
        alarms.expire_shelves(self._desk, self._ledger)
        due = self._desk.due.due()
        overrides.expire(self._desk, self._ledger, [key for kind, key in due if kind == "override"])
        alarms.call_again(self._desk, self._ledger, [key for kind, key in due if kind == "realarm"])
        event_clock.expire(self._desk, self._ledger, due)
        self._watch_tend()
        threshold_sets.compare(self._desk, self._ledger)
        approvals.expire(SECONDED, self._desk, self._ledger)
        break_glass.expire(self._desk, self._ledger)
        duty_clock.tend(self._desk, self._ledger)
        receipt_clock.tend(self._desk, self._ledger)
        repair_clock.tend(self._desk, self._ledger)
        auto_dispatch.tend(self._desk, self._ledger)
        roll_calls.tend(self._desk, self._ledger)
        room_clock.tend(self._desk, self._ledger)
        call_clock.tend(self._desk, self._ledger)
        warning_care.expire(self._desk, self._ledger)
        plan_clock.tend(self._desk, self._ledger)
        library_import.tend(self._desk, self._ledger)
        mode_orders.tend(self._desk, self._ledger)
        mode_reports.tend(self._desk, self._ledger)
        self._cameras.tend()
        self._silences.tend()
        self._modes.tend()
        self._thresholds.tend()
        self._note_step()

    def _watch_tend(self) -> None:
        if isinstance(self._desk.watcher, Watch):
            self._desk.watcher.tend(self._ledger)

    def _note_step(self) -> None:
        step = self._steps.step_ns()
        if step:
            with self._ledger.work(CENTRE) as work:
                work.note(
                    "clock.stepped", "clock", "clock", self._begun.law.epoch, params={"seconds": f"{step / 1e9:.3f}"}
                )

    def _patience_ms(self) -> int:
        if self._door.stages():
            return 0
        until_beat = max(0.0, self._beat_at - time.monotonic())
        sweeps = max(0.0, self._sweeps_at - time.monotonic()) if self._desk.sweeps else None
        waits = (self._desk.timers.next_in_s(), self._desk.due.next_in_s(), self._indexer.next_in_s(), sweeps)
        until_shelf = min((wait for wait in waits if wait is not None), default=None)
        wait = until_beat if until_shelf is None else min(until_beat, max(until_shelf, 0.01))
        return int(1000 * wait) + 1

    def _counted(self) -> dict[str, int]:
        desk = self._desk
        own = {"journal": self._ledger.tail, **self._lost}
        return {**own, **self._outbox.counts, **desk.silenced(), **glass_care.counts(desk), **desk.counters}

    def _head(self) -> str:
        end = self._ledger.end
        return "" if end is None else head_text(self._desk.settings.realm, end.chain, end.number, end.hash)

    def _beat(self) -> None:
        self._beat_at = time.monotonic() + self._every_s
        self._desk.lights = {
            "backup": self._backups.light,
            "database": self._ledger.light,
            "glass": glass_care.light(self._desk),
            "grouping": self._desk.watch_light,
            "journal": self._begun.chain_light,
            **self._outbox.lights,
        }
        beat = Heartbeat(
            daemon="centre",
            protocol=PROTOCOL_VERSION,
            epoch=self._begun.epoch,
            tail=self._ledger.tail,
            clock_ns=self._desk.clock.utc_ns(),
            sent_ns=MACHINE.utc_ns(),
            law=self._begun.law,
            catalogue=self._desk.city.version,
            realm=self._desk.settings.realm,
            head=self._head(),
            counters=self._counted(),
            gauges={"commit_p99_ms": self._ledger.commit_p99_ms()},
            lights=self._desk.lights,
        )
        self._sockets.changes.send([TOPIC_HEARTBEAT, codec.pack(self._sockets.guard.told(beat))])
