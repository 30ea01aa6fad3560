"""`chengyun up` of a sealed profile: opens it in memory, runs the daemons there, seals it back and closes it."""

import argparse
import json
import logging
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chengyun_core.custody import place, term, tries
from chengyun_core.custody.keeper import Keeper
from chengyun_core.launch import passphrase, settings, up
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_DONE, EXIT_TROUBLE, sentence_of
from chengyun_core.launch.supervisor import Supervisor
from chengyun_core.model.clock import NS_PER_S, Clock, ProfileClock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import redaction, secret_file
from chengyun_resources.texts import Texts

logger = logging.getLogger(__name__)

SHORTEST_S = 1.0
"""Sealing is not begun more often than once a second, whatever the settings say."""
TYPED_TRIES = 3
_AGAIN = frozenset({"custody.wrong_passphrase", "custody.wrong_and_wait"})


def run(
    folder: Path,
    options: argparse.Namespace,
    texts: Texts,
    ingest_arguments: Sequence[str] = (),
    centre_arguments: Sequence[str] = (),
    stop: threading.Event | None = None,
    clock: Clock | None = None,
) -> int:
    """Open, run until told to stop or until the seal expires, close. Raises what `Keeper` does."""
    secret_file.forbid_core_files()
    clock = clock or ProfileClock()
    keeper = _opened(folder, options, texts, clock)
    # Only now: at the prompt Ctrl+C is to end the program.
    stop = stop or up.stop_on_signals()
    try:
        with _logging_into(keeper.folder):
            every_s = _every_s(keeper.folder)
            _tell(keeper, options, texts, clock, every_s)
            supervisor = Supervisor(up.children(Profile(folder=keeper.folder), ingest_arguments, centre_arguments))
            _work(supervisor, _Sealing(keeper, supervisor, clock, every_s), keeper, stop)
    finally:
        code = _closed(keeper, texts)
    return code


def _opened(folder: Path, options: argparse.Namespace, texts: Texts, clock: Clock) -> Keeper:
    """Return the opened profile; who types may try three times, as long as he need not wait."""
    for _ in range(0 if passphrase.given(options) else TYPED_TRIES - 1):
        try:
            return _tried(folder, options, texts, clock)
        except Refused as refused:
            if refused.reason.code not in _AGAIN or tries.read(place.seal_of(folder)).wait_s:
                raise
            print(sentence_of(refused.reason, texts), file=sys.stderr)
    return _tried(folder, options, texts, clock)


def _tried(folder: Path, options: argparse.Namespace, texts: Texts, clock: Clock) -> Keeper:
    return Keeper(folder, passphrase.asked(options, texts), clock)


def _work(supervisor: Supervisor, sealing: "_Sealing", keeper: Keeper, stop: threading.Event) -> None:
    supervisor.start()
    try:
        while not stop.wait(up.TICK_S) and not keeper.is_over():
            supervisor.tick()
            sealing.tick()
    finally:
        sealing.join()
        supervisor.stop()


class _Sealing:
    """Seals again and again in a thread of its own, so that daemons are watched meanwhile; one at a time."""

    def __init__(self, keeper: Keeper, supervisor: Supervisor, clock: Clock, every_s: float) -> None:
        self._keeper, self._supervisor, self._clock, self._every_s = keeper, supervisor, clock, every_s
        self._thread: threading.Thread | None = None
        self._due_ns = self._next_ns()

    def tick(self) -> None:
        """Begin when it is time and the one before has ended."""
        if self._clock.monotonic_ns() < self._due_ns or (self._thread is not None and self._thread.is_alive()):
            return
        self._due_ns = self._next_ns()
        self._thread = threading.Thread(target=_seal, args=(self._keeper, self._supervisor), name="sealing")
        self._thread.start()

    def join(self) -> None:
        """Wait for one under way."""
        if self._thread is not None:
            self._thread.join()

    def _next_ns(self) -> int:
        return self._clock.monotonic_ns() + round(self._every_s * NS_PER_S)


def _seal(keeper: Keeper, supervisor: Supervisor) -> None:
    try:
        keeper.take_up_envelope()
        keeper.seal(supervisor.still)
    except (OSError, Refused, Trouble) as fault:
        # The one before it stands, and what is open lives on: tried again when it is due.
        logger.error("the open profile could not be sealed: %s", fault)


def _closed(keeper: Keeper, texts: Texts) -> int:
    """Close for good; what cannot be sealed stays in memory and is told, for the machine is not to be switched off."""
    try:
        if keeper.is_over():
            keeper.destroy()
            print(texts.say("custody.expired_now"), file=sys.stderr)
        else:
            keeper.close()
    except (OSError, Refused, Trouble) as fault:
        keeper.abandon()
        why = fault.strerror if isinstance(fault, OSError) else sentence_of(fault.reason, texts)
        print(texts.say("custody.not_closed", folder=keeper.folder, reason=why), file=sys.stderr)
        return EXIT_TROUBLE
    return EXIT_DONE


def _every_s(folder: Path) -> float:
    told = settings.read(folder / "profile.toml", "profile", settings.ProfileSettings)
    return max(SHORTEST_S, told.seal_every_s)


def _tell(keeper: Keeper, options: argparse.Namespace, texts: Texts, clock: Clock, every_s: float) -> None:
    """Say where it is open, for how long yet, and what would leave memory in clear; one line of JSON for programs."""
    days = max(0, keeper.until_ns - clock.utc_ns()) // term.DAY_NS
    swaps = place.swap_in_clear()
    if options.json:
        print(json.dumps({"outcome": "opened", "folder": str(keeper.folder), "days": days, "swaps": swaps}), flush=True)
        return
    code = "custody.left_open_taken_up" if keeper.was_left_open else "custody.opened"
    print(texts.say(code, folder=keeper.folder, every_s=round(every_s)), flush=True)
    if days <= term.WARN_DAYS:
        print(texts.say("custody.days_left", days=days), flush=True)
    for device in swaps:
        print(texts.say("custody.swap", device=device), flush=True)


@contextmanager
def _logging_into(folder: Path) -> Iterator[None]:
    """Log into the open profile: standard error may be gone with the console that asked for us."""
    log = folder / "log"
    log.mkdir(mode=0o700, exist_ok=True)
    handler = logging.FileHandler(log / "up.log", encoding="utf-8")
    handler.setFormatter(redaction.Redacting(redaction.FORMAT))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
