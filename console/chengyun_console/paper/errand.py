"""Takes a job to the press and tells how it goes. The window never waits: rows are handed over a few at a time."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QTimer, Signal

from chengyun_console.paper.job import PrintOrder, frames
from chengyun_console.paper.press.leave import NO, YES
from chengyun_console.paper.printed import Printed
from chengyun_core.model.failure import Reason

logger = logging.getLogger(__name__)

PRESS = ("-m", "chengyun_console.paper.press")
SLICE_S = 0.003
"""Time of one beat given to making frames."""
MOST_WAITING = 256 * 1024
"""Bytes the press has not taken yet; more are not made before it has."""
STOP_WITHIN_MS = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a job ended: the files with their sizes in bytes, or the code of what went wrong. Both empty: cancelled."""

    files: tuple[tuple[str, int], ...] = ()
    code: str = ""
    params: dict[str, str]
    is_cancelled: bool = False


class PressErrand(QObject):
    """One job on its way. Ends exactly once."""

    progressed = Signal(int, int)
    """Page made, of how many."""
    ended = Signal(object)
    """An Ended."""
    leave_was_asked = Signal(object)
    """Dict: form, pages, digest. What was made waits for `answer`."""

    def __init__(self, order: PrintOrder, printed: Printed, parent: QObject) -> None:
        super().__init__(parent)
        self.order = order
        self._frames: Iterator[bytes] = frames(order, printed)
        self._told: Ended | None = None
        self._is_cancelled = self._has_ended = False
        self._refused: Ended | None = None
        self._heard = bytearray()
        self._process = QProcess(self)
        self._feeding = QTimer(self)
        self._feeding.timeout.connect(self._feed)
        self._process.started.connect(self._feeding.start)
        self._process.readyReadStandardOutput.connect(self._hear)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)

    def start(self) -> None:
        """Start the press; returns at once."""
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self._process.kill)
        self._process.start(sys.executable, list(PRESS))

    def cancel(self) -> None:
        """Stop; the press takes away what it began."""
        if self._has_ended or self._is_cancelled:
            return
        self._is_cancelled = True
        self._feeding.stop()
        self._process.terminate()
        QTimer.singleShot(STOP_WITHIN_MS, self, self._process.kill)

    def answer(self, refused: Reason | None = None) -> None:
        """Let what was made leave, or say why it may not."""
        if self._has_ended:
            return
        if refused is not None:
            self._refused = Ended(code=refused.code, params=refused.params)
        self._process.write(NO if refused is not None else YES)
        self._process.closeWriteChannel()

    def _feed(self) -> None:
        """Hand over frames for a moment."""
        until = time.monotonic() + SLICE_S
        try:
            while time.monotonic() < until and self._process.bytesToWrite() < MOST_WAITING:
                self._process.write(next(self._frames))
        except StopIteration:
            self._feeding.stop()
            if not self.order.asks_leave:
                self._process.closeWriteChannel()
        except BaseException:
            # A bug in a pane's rows: the press must not wait for the rest for ever, and the bug must be seen.
            self._feeding.stop()
            self._process.closeWriteChannel()
            raise

    def _hear(self) -> None:
        self._heard += self._process.readAllStandardOutput().data()
        *lines, rest = self._heard.split(b"\n")
        self._heard = bytearray(rest)
        for line in lines:
            self._take(bytes(line))

    def _take(self, line: bytes) -> None:
        match json.loads(line):
            case {"page": int(page), "of": int(pages)}:
                self.progressed.emit(page, pages)
            case {"leave": dict(told)}:
                self.leave_was_asked.emit(told)
            case {"done": list(files)}:
                self._told = Ended(files=tuple((str(path), int(size)) for path, size in files), params={})
            case {"code": str(code), "params": dict(params)}:
                self._told = Ended(code=code, params={str(key): str(value) for key, value in params.items()})

    def _on_finished(self, code: int, _status: object) -> None:
        self._hear()
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        if said:
            logger.warning("press said: %s", said[-2_000:])
        self._end(self._refused or self._told or self._cut_off(f"exit {code}"))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(self._cut_off(self._process.errorString()))

    def _cut_off(self, fault: str) -> Ended:
        if self._is_cancelled:
            return Ended(is_cancelled=True, params={})
        return Ended(code="paper.press_ended", params={"fault": fault})

    def _end(self, ended: Ended) -> None:
        if self._has_ended:
            return
        self._has_ended = True
        self._feeding.stop()
        self.ended.emit(ended)


class PrinterQuestion(QObject):
    """Asks a press which printers there are: that may take seconds when a print server is away."""

    answered = Signal(tuple)
    """Names, the default printer's first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process = QProcess(self)
        self._process.finished.connect(self._on_finished)

    def ask(self) -> None:
        """Ask, unless the question stands already."""
        if self._process.state() is QProcess.ProcessState.NotRunning:
            self._process.start(sys.executable, [*PRESS, "--printers"])

    def stop(self) -> None:
        """Give the question up."""
        self._process.kill()

    def _on_finished(self, code: int, _status: object) -> None:
        told = bytes(self._process.readAllStandardOutput().data())
        names = json.loads(told)["printers"] if code == 0 and told else []
        self.answered.emit(tuple(str(name) for name in names))
