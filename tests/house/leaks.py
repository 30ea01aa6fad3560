"""Names what a test left behind: threads, Qt threads, windows, barred keys, unfinished tasks, unexpected errors."""

import asyncio
import asyncio.runners
import gc
import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QThread
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

GRACE_S = 3.0
"""How long a thread that was told to end may take on a busy machine before it counts as left behind."""

_LASTING_THREADS = ("pyzmq-gc", "GarbageCollectorThread")
"""pyzmq starts one thread per process to free zero-copy messages; it has no owner who could end it."""


BARRED = "keys are barred for the whole program: take the event filter off, or destroy its owner"

_CANCEL_ALL = asyncio.runners._cancel_all_tasks


@dataclass(slots=True)
class Baseline:
    """What was already there before a test began."""

    threads: set[threading.Thread]
    windows: set[int]
    kernel_threads: frozenset[str] | None
    """Numbers of all threads, Qt's own among them; None where the kernel does not tell."""
    unfinished_tasks: list[str] = field(default_factory=list)


def baseline() -> Baseline:
    """Return what is there now."""
    return Baseline(
        threads=set(threading.enumerate()),
        windows={id(window) for window in _visible_windows()},
        kernel_threads=_kernel_threads(),
    )


def leftovers(before: Baseline, *, with_qt: bool) -> list[str]:
    """Return one sentence per thing that was not there before and has not gone within the grace.

    `with_qt` also walks all objects for running QThreads when the kernel knows a thread that Python does not: a walk
    takes longer than most tests.
    """
    barred = [BARRED] if with_qt and _are_keys_barred() else []
    qthreads = _left_qthreads() if with_qt and _has_strange_threads(before.kernel_threads) else []
    return [
        *(f"thread {name} still runs: join it" for name in _left_threads(before.threads)),
        *(f"QThread {thread!r} still runs: quit() and wait()" for thread in qthreads),
        *(f"window {window!r} is still open: qtbot.addWidget() or close()" for window in _left_windows(before)),
        *barred,
        *(f"task {name} was cut off: its TaskGroup must outlive it" for name in before.unfinished_tasks),
    ]


def bury() -> None:
    """Destroy what the test threw away: without a loop that turns, it would live on into the tests that follow."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _are_keys_barred() -> bool:
    """Return whether a key does not reach a widget that knows nothing of it; such a widget leaves it unaccepted."""
    key = QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(QWidget(), key)
    return key.isAccepted()


def _left_threads(before: set[threading.Thread]) -> list[str]:
    ends_at = time.monotonic() + GRACE_S
    new = [thread for thread in threading.enumerate() if thread not in before and not _lasts(thread)]
    for thread in new:
        thread.join(max(0.0, ends_at - time.monotonic()))
    return [thread.name for thread in new if thread.is_alive()]


def _lasts(thread: threading.Thread) -> bool:
    # A QThread that ran Python is seen as a _DummyThread, which never ends for `threading`; _left_qthreads judges it.
    return isinstance(thread, threading._DummyThread) or type(thread).__name__ in _LASTING_THREADS


def _kernel_threads() -> frozenset[str] | None:
    try:
        return frozenset(entry.name for entry in Path("/proc/self/task").iterdir())
    except OSError:
        return None


def _has_strange_threads(before: frozenset[str] | None) -> bool:
    """Return whether a thread came that is none of Python's own; a QThread that ran Python is only a dummy to it."""
    now = _kernel_threads()
    if now is None or before is None:
        return True
    own = {str(thread.native_id) for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}
    return bool(now - before - own)


def _left_qthreads() -> list[QThread]:
    # By exact type, not by isinstance: it walks every object there is.
    kinds = frozenset(_kinds(QThread))
    found = [thing for thing in gc.get_objects() if type(thing) in kinds]
    running = [thread for thread in found if _alive(thread) and thread is not QThread.currentThread()]
    return [thread for thread in running if not thread.wait(int(GRACE_S * 1000))]


def _kinds(kind: type[QThread]) -> Iterator[type[QThread]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


def _alive(thread: QThread) -> bool:
    try:
        return thread.isRunning()
    except RuntimeError:  # Shiboken: the C++ object is gone already
        return False


def _left_windows(before: Baseline) -> list[QWidget]:
    return [window for window in _visible_windows() if id(window) not in before.windows]


def _visible_windows() -> Iterable[QWidget]:
    if not isinstance(QApplication.instance(), QApplication):
        return []
    return [window for window in QApplication.topLevelWidgets() if window.isVisible()]


@contextmanager
def watched_tasks(names: list[str]) -> Iterator[None]:
    """Add the name of every task to `names` that is unfinished when its `asyncio.run` ends.

    asyncio cancels such tasks without a word, so a forgotten one would never be seen.
    """

    def note_then_cancel(loop: asyncio.AbstractEventLoop) -> None:
        names.extend(repr(task.get_coro()) for task in asyncio.all_tasks(loop))
        _CANCEL_ALL(loop)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.runners, "_cancel_all_tasks", note_then_cancel)
        yield


class ErrorCollector(logging.Handler):
    """Keeps the log records a test did not say it expects: errors, and a task destroyed while pending."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember the record as a sentence."""
        self.messages.append(f"{record.name} logged {record.levelname}: {record.getMessage()}")


@contextmanager
def watched_log(messages: list[str]) -> Iterator[None]:
    """Add every error logged meanwhile to `messages`."""
    collector = ErrorCollector()
    root = logging.getLogger()
    root.addHandler(collector)
    try:
        yield
    finally:
        root.removeHandler(collector)
        messages.extend(collector.messages)
