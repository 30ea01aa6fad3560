"""Work that would hold up the loop (password hashes, checking a catalogue): a thread with a bounded queue."""

import logging
import queue
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger(__name__)

Job = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a job: a value, or the exception it raised."""

    ticket: int
    value: object = None
    fault: BaseException | None = None


Undertake = Callable[[Job, Callable[[Result], None]], bool]
"""Has a worker do a job and the loop take its result; False when the lane is full."""


class Worker:
    """One lane. Full means refused, never waiting; results wake the loop through a socket it polls."""

    def __init__(self, name: str, *, queued: int, threads: int = 1) -> None:
        self._jobs: queue.Queue[tuple[int, Job] | None] = queue.Queue(maxsize=queued)
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._waker, self.wakes = socket.socketpair()
        """`wakes` becomes readable when a result is there."""
        self._waker.setblocking(False)
        self.wakes.setblocking(False)
        self._threads = [threading.Thread(target=self._run, name=f"centre-{name}", daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def take(self, ticket: int, job: Job) -> bool:
        """Queue a job; return False when the lane is full."""
        try:
            self._jobs.put_nowait((ticket, job))
        except queue.Full:
            return False
        return True

    def results(self) -> list[Result]:
        """Return the results that have come, without waiting."""
        try:
            self.wakes.recv(4096)
        except BlockingIOError:
            return []
        found = []
        while not self._results.empty():
            found.append(self._results.get())
        return found

    def close(self) -> None:
        """Let the job at hand end, drop the rest, stop the thread."""
        while True:
            try:
                self._jobs.get_nowait()
            except queue.Empty:
                break
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self._waker.close()
        self.wakes.close()

    def _run(self) -> None:
        while (item := self._jobs.get()) is not None:
            ticket, job = item
            try:
                result = Result(ticket, value=job())
            except Exception as fault:  # noqa: BLE001 - carried to the loop, which answers and logs it
                result = Result(ticket, fault=fault)
            self._results.put(result)
            try:
                self._waker.send(b"\x01")
            except BlockingIOError:
                logger.debug("the loop has wakes enough waiting")
