"""How a side daemon of ingest lives: one of a kind per profile, ended by a signal, its refusal and its end told."""

import logging
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from chengyun_core.ingest.process_lock import ProcessLock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import addresses, secret_file

logger = logging.getLogger(__name__)

EXIT_DONE, EXIT_REFUSED, EXIT_TROUBLE = 0, 2, 3


def run_alone(
    profile: Path, name: str, live: Callable[[threading.Event], None], stop: threading.Event | None = None
) -> int:
    """Let a daemon live until `stop` is set or SIGTERM/SIGINT comes; return the exit code.

    Args:
        profile: its lock is `<name>.lock` in this profile's run folder.
        name: historian, survey.
        live: makes the daemon and runs it until the event is set.
        stop: a test's; None: signals end it.
    """
    ending = stop or threading.Event()
    if stop is None:
        _end_on_signals(name, ending)
    secret_file.forbid_core_files()
    try:
        lock = ProcessLock(addresses.run_folder(profile) / f"{name}.lock")
    except (Refused, Trouble) as fault:
        logger.error("the %s does not start: %s", name, fault)
        return EXIT_REFUSED if isinstance(fault, Refused) else EXIT_TROUBLE
    try:
        live(ending)
    except (Refused, Trouble, OSError) as fault:
        logger.error("the %s stops: %s", name, fault)
        return EXIT_REFUSED if isinstance(fault, Refused) else EXIT_TROUBLE
    finally:
        lock.release()
    return EXIT_DONE


def _end_on_signals(name: str, ending: threading.Event) -> None:
    def end(number: int, _frame: FrameType | None) -> None:
        logger.info("signal %s: the %s ends", signal.Signals(number).name, name)
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
