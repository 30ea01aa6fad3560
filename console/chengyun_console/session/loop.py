"""Runs the Qt application on a qasync loop: orchestration only (start sequence, slow work beside), never sockets.

qasync stays behind this one module (its upstream is quiet, DEPENDENCIES.md). Sockets are the reader's: decision 0020.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import qasync
from PySide6.QtWidgets import QApplication

T = TypeVar("T")

ASIDE = 2
"""Threads for slow work: qasync's own pool leaves a record of each of its QThreads in `threading` for ever."""

logger = logging.getLogger(__name__)


class Orchestra:
    """The tasks of one run of the application; all end with it."""

    def __init__(self, group: asyncio.TaskGroup, pool: ThreadPoolExecutor) -> None:
        self._group = group
        self._pool = pool

    def begin(self, task: Coroutine[object, object, None], name: str) -> None:
        """Run a task beside the window. A fault of ours in it is logged and ends only it: the feed stays alive."""
        self._group.create_task(_guarded(task, name), name=name)

    async def aside(self, work: Callable[[], T]) -> T:
        """Return the result of slow work done in a thread, so that the window goes on meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


class _Ended(Exception):  # noqa: N818 - not an error: the way out of the task group
    pass


def run(application: QApplication, start: Callable[[Orchestra], Awaitable[None]]) -> int:
    """Run `start` and then the application until it quits; cancel what still runs; return the exit code."""
    with ThreadPoolExecutor(ASIDE, thread_name_prefix="aside") as pool, qasync.QEventLoop(application) as loop:
        quitting = asyncio.Event()
        application.aboutToQuit.connect(quitting.set)
        whole = loop.create_task(_whole(start, quitting, pool), name="orchestra")
        whole.add_done_callback(lambda _task: application.quit())
        code: int = loop.run_forever()
        application.aboutToQuit.disconnect(quitting.set)
        quitting.set()
        if not whole.done():  # The application quit first: one more turn lets the tasks end in their own time.
            loop.run_until_complete(whole)
        whole.result()
    return code


async def _whole(
    start: Callable[[Orchestra], Awaitable[None]], quitting: asyncio.Event, pool: ThreadPoolExecutor
) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            await start(Orchestra(group, pool))
            await quitting.wait()
            raise _Ended
    except* _Ended:
        logger.debug("the orchestra ended with the application")


async def _guarded(task: Coroutine[object, object, None], name: str) -> None:
    try:
        await task
    except Exception:
        logger.exception("the task %s ended by a fault of ours", name)
