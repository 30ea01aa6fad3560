"""The survey's composition root and its one loop: looks at what ingest shows, keeps the counts, answers."""

import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import zmq

from chengyun_core.ingest import places
from chengyun_core.ingest.alone import run_alone
from chengyun_core.ingest.catalogue_cache import CatalogueCache
from chengyun_core.ingest.process_lock import next_epoch
from chengyun_core.ingest.shown_slots import Looked, file_of, leave, wanted_file
from chengyun_core.ingest.survey.door import SurveyDoor
from chengyun_core.ingest.survey.followed import Followed, look_at_all
from chengyun_core.ingest.survey.settings import SurveySettings
from chengyun_core.ingest.survey.surveyor import Surveyor
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import Clock, ProfileClock
from chengyun_core.model.failure import Refused
from chengyun_core.wire import addresses
from chengyun_core.wire.guard import Guard
from chengyun_core.wire.survey_asks import SurveyStatus

logger = logging.getLogger(__name__)

MESSAGES_PER_TURN = 64
TEND_EVERY_NS = 10**9
NICE = 5
"""Sensing and facts go before the survey where processors are short."""
_Stamp = tuple[int, int, int]


def run(profile: Path, settings: SurveySettings, realm: str, stop: threading.Event | None = None) -> int:
    """Run the survey of this profile until `stop` is set or SIGTERM/SIGINT comes; return the exit code."""

    def live(ending: threading.Event) -> None:
        if stop is None:
            os.nice(NICE)
        Survey(profile, settings, realm, ProfileClock()).run(ending)

    return run_alone(profile, "survey", live, stop)


class Survey:
    """All parts around one loop in one thread; a new catalogue or file of places is prepared in a second one."""

    def __init__(self, profile: Path, settings: SurveySettings, realm: str, machine: Clock) -> None:
        self._profile = profile
        self._settings = settings
        self._machine = machine
        self._where = addresses.bound_by_daemons(profile)
        self._followed = [Followed(file_of(profile, shard.shard)) for shard in self._where.ingest]
        self._wanted = wanted_file(profile)
        self._wanted.touch(0o600)
        self._cache = CatalogueCache(profile)
        self._places = profile / places.FOLDER / places.IN_FORCE
        self._kept = profile / "survey" / "drift.npz"
        self._surveyor: Surveyor | None = None
        self._made_of: tuple[int, _Stamp | None] | None = None
        self._making: Future[tuple[Surveyor, str]] | None = None
        self._light = "survey.preparing"
        self._turns = 0
        self._tended_ns = self._ended_ns = 0
        epoch = next_epoch(profile / "survey", machine.utc_ns())
        self._door = SurveyDoor(
            lambda: self._surveyor, status=self.status, monotonic_s=lambda: machine.monotonic_ns() / 1e9, epoch=epoch,
            realm=realm,
        )  # fmt: skip

    def run(self, ending: threading.Event) -> None:
        """Bind, look, and keep what was learned."""
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        with ThreadPoolExecutor(1, thread_name_prefix="prepare") as pool:
            try:
                with closing(Guard(context, self._profile)) as guard:
                    self._serve(guard, pool, ending)
            finally:
                context.destroy(linger=0)
                self._keep()
                self._wanted.unlink(missing_ok=True)
                for one in self._followed:
                    one.close()
                leave(self._wanted)

    def status(self) -> SurveyStatus:
        """Return what there is and what it costs."""
        made = self._surveyor
        if made is None:
            return SurveyStatus(light=self._light)
        counters = {
            "catalogue": made.estate.version, "registered": made.estate.size, "placed": made.density.ground.placed,
            "cells": made.density.ground.finest.keys.size, "bytes": made.size_bytes(), "rounds": made.rounds,
            "strangers": self._door.answering.strangers,
        }  # fmt: skip
        return SurveyStatus(counters=counters, gauges={"round_s": made.round_s}, light=self._light)

    def _serve(self, guard: Guard, pool: ThreadPoolExecutor, ending: threading.Event) -> None:
        doorway = guard.door(self._where.survey_door)
        poller = zmq.Poller()
        poller.register(doorway.socket, zmq.POLLIN)
        while not ending.is_set():
            if poller.poll(round(self._settings.turn_ms)):
                doorway.answer(self._door.answer, MESSAGES_PER_TURN)
            guard.tend(poller)
            self._tend(pool)
            self._look()

    def _look(self) -> None:
        made = self._surveyor
        self._turns += 1
        if made is None:
            for one in self._followed:
                one.say(Looked(turns=self._turns))
            return
        self._count_round(made, look_at_all(made, self._followed))
        if made.health.let_pass(made.now_ns):
            self._keep()
        made.find(self._machine.monotonic_ns() / 1e9)
        for one in self._followed:
            one.say(made.looked(self._turns))

    def _count_round(self, made: Surveyor, ended: int) -> None:
        if ended:
            now_ns = self._machine.monotonic_ns()
            made.rounds, made.round_s = made.rounds + ended, (now_ns - self._ended_ns) / 1e9 if self._ended_ns else 0.0
            self._ended_ns = now_ns

    def _tend(self, pool: ThreadPoolExecutor) -> None:
        """Once a second: is there another file to follow, another catalogue, another file of places?"""
        now_ns = self._machine.monotonic_ns()
        if self._making is not None and self._making.done():
            self._settle(self._making)
        if now_ns - self._tended_ns < TEND_EVERY_NS:
            return
        self._tended_ns = now_ns
        for one in self._followed:
            one.tend()
        shown = max(one.catalogue for one in self._followed)
        wanted = (shown, _stamp(self._places))
        if self._making is None and shown and wanted != self._made_of:
            catalogue = self._cache.load()
            if catalogue is not None and catalogue.version == shown:
                self._made_of = wanted
                self._making = pool.submit(self._prepared, catalogue, wanted[1] is not None)

    def _prepared(self, catalogue: Catalogue, has_places: bool) -> tuple[Surveyor, str]:
        """Return a surveyor of this catalogue and its light; a damaged file of places leaves it without one."""
        light = "ok"
        try:
            made = Surveyor(catalogue, self._settings, self._places if has_places else None)
        except (OSError, Refused) as fault:
            logger.error("places %s cannot be used: %s", self._places, fault)
            made, light = Surveyor(catalogue, self._settings, None), "survey.no_places"
        self._restore(made)
        return made, light

    def _restore(self, made: Surveyor) -> None:
        if not self._kept.exists():
            return
        try:
            made.health.restore(self._kept)
        except (OSError, ValueError, KeyError) as fault:
            logger.warning("what was learned in %s cannot be used: %s; learning anew", self._kept, fault)

    def _settle(self, making: "Future[tuple[Surveyor, str]]") -> None:
        self._making = None
        self._keep()
        made, self._light = making.result()
        if self._surveyor is not None:
            made.take_over(self._surveyor)
        self._surveyor = made
        for one in self._followed:
            one.begin_anew()
        logger.info("%d devices, %d of them at a known place", made.estate.size, made.density.ground.placed)

    def _keep(self) -> None:
        if self._surveyor is None:
            return
        try:
            self._surveyor.health.keep(self._kept)
        except OSError as fault:
            logger.warning("what was learned cannot be kept in %s: %s", self._kept, fault)


def _stamp(file: Path) -> _Stamp | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
