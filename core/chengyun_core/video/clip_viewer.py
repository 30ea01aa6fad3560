"""One kept picture or clip as a console sees it: read by a process of its own, asked from the window's thread."""

import os
import sys
import threading
from collections.abc import Callable

import msgspec

from chengyun_core.model.failure import Reason
from chengyun_core.video import clip_orders
from chengyun_core.video.clip_orders import ClipAnswer, ClipFailed, ClipOrder, MarkCopy, OpenClip, ShowPicture
from chengyun_core.wire.piped_child import PipedChild

COMMAND = (sys.executable, "-I", "-m", "chengyun_core.video.clip_worker")
LOST = Reason(code="video.clip_lost")
LOOK_S = 0.2
"""How often it is seen that the process has ended by itself."""
_KEPT = ("LANG", "LC_ALL", "PATH", "PYTHONPYCACHEPREFIX", "TZ")
_ALONE = {"OPENBLAS_NUM_THREADS": "1"}


class ClipViewer:
    """Nothing here waits. Its thread starts the process, orders it, and lives as long: the kernel ends a
    process with the thread that started it.

    Of pictures that are wanted faster than they are decoded only the newest is ordered.
    """

    def __init__(self, data: bytes, media: str, heard: Callable[[ClipAnswer], None]) -> None:
        """`heard` is called in threads of this viewer, for a clip first with what it is."""
        self._data, self._media, self._heard = data, media, heard
        self._lock, self._wake = threading.Lock(), threading.Event()
        self._telling = threading.Lock()
        """Held while an answer is handed on, which takes no time: after `stop` none is."""
        self._others: list[ClipOrder] = []
        """Few: that it be opened, and a marked copy."""
        self._picture: ShowPicture | None = None
        self._has_ended = False
        self._thread = threading.Thread(target=self._run, name="clip viewer", daemon=True)

    def start(self) -> None:
        """Start the process, in the background."""
        self._thread.start()

    def open(self) -> None:
        """Have it said what the clip is."""
        self._order(OpenClip())

    def show(self, at: int, width: int, height: int) -> None:
        """Have a picture shown within so many pixels, in place of one that is still wanted."""
        with self._lock:
            self._picture = ShowPicture(at=at, width=width, height=height)
        self._wake.set()

    def mark(self, lines: tuple[str, ...]) -> None:
        """Have a copy made with these lines burnt in."""
        self._order(MarkCopy(lines=lines))

    def stop(self) -> None:
        """Have the process ended by its thread; nothing is heard from now on."""
        with self._telling:
            self._has_ended = True
        self._wake.set()

    def _order(self, order: ClipOrder) -> None:
        with self._lock:
            self._others.append(order)
        self._wake.set()

    def _run(self) -> None:
        try:
            child = self._started()
        except OSError as fault:
            self._tell(ClipFailed(reason=Reason(code="video.clip_no_process", params={"reason": str(fault.strerror)})))
            return
        try:
            while not self._has_ended:
                self._wake.wait(LOOK_S)
                self._wake.clear()
                for order in self._taken():
                    child.send(clip_orders.packed(order))
                child.flush()
                if child.has_ended():
                    self._tell(ClipFailed(reason=LOST))
                    return
        finally:
            child.kill()

    def _started(self) -> PipedChild:
        memory = os.memfd_create("chengyun-clip", os.MFD_CLOEXEC)
        try:
            view = memoryview(self._data)
            while view:
                view = view[os.write(memory, view) :]
            environment = _ALONE | {name: os.environ[name] for name in _KEPT if name in os.environ}
            command = [*COMMAND, str(memory), self._media]
            return PipedChild(
                command, self._hear, descriptor=memory, environment=environment, name="clip worker",
                longest=clip_orders.LONGEST,
            )  # fmt: skip
        finally:
            os.close(memory)

    def _taken(self) -> list[ClipOrder]:
        with self._lock:
            orders, picture = self._others, self._picture
            self._others, self._picture = [], None
        return [*orders, picture] if picture is not None else orders

    def _hear(self, message: bytes) -> None:
        self._tell(msgspec.msgpack.decode(message, type=ClipAnswer))

    def _tell(self, answer: ClipAnswer) -> None:
        with self._telling:
            if not self._has_ended:
                self._heard(answer)
