"""The window before the log-in: asks for the passphrase of a sealed profile and has the daemons open it in memory.

The passphrase goes to `chengyun up` through a pipe. It is never an argument, and the console keeps no key.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.lettered import Lettered
from chengyun_core.custody import keeper, place, term
from chengyun_core.custody.envelope import Envelope
from chengyun_core.custody.place import Lock
from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_resources.texts import Texts
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.panel import Panel
from chengyun_widgets.theme import Theme

logger = logging.getLogger(__name__)

MODULE = "chengyun_core.launch"
"""Started by name: the console never imports it."""
_WIDTH_PX = 560
_AT_ONCE = 1 << 16
_LOOK_EVERY_MS = 1000
_CLOSE_LOOK_MS = 100
Starter = Callable[[Path, str], "subprocess.Popen[bytes]"]


class UnsealWindow(QWidget):
    """One field and two buttons; what the daemons answer is shown in place."""

    was_opened = Signal(object)
    """Path of the open profile."""
    was_left = Signal()

    def __init__(
        self, profile: Path, envelope: Envelope | None, ended: str, theme: Theme, texts: Texts, clock: Clock,
        start: Starter | None = None,
    ) -> None:  # fmt: skip
        """Ask for the passphrase; without an envelope only say how the seal `ended`."""
        super().__init__()
        self._profile, self._theme, self._texts = profile, theme, texts
        self._start = start or _start
        self.passphrase = QLineEdit()
        self.enter = QPushButton(texts.say("custody.form.enter"))
        self.leave = QPushButton(texts.say("custody.form.leave"))
        self.answer = Lettered(theme, TypeSize.LEAD, Colour.TEXT, text=ended)
        self._process: subprocess.Popen[bytes] | None = None
        self._told = bytearray()
        self._notifier: QSocketNotifier | None = None
        self._build(envelope, clock.utc_ns())

    def submit(self) -> None:
        """Hand the passphrase to the daemons, or say that there is none; while they answer this does nothing."""
        if not self.enter.isEnabled():
            return
        passphrase = self.passphrase.text()
        self.passphrase.clear()
        if not passphrase:
            self.answer.show_text(self._texts.say("custody.form.no_passphrase"))
            return
        self._wait(waits=True)
        self.answer.show_text(self._texts.say("custody.form.waiting"))
        self._ask(passphrase)

    def has_ended(self) -> bool:
        """Return whether the daemons this window started have ended: the profile is sealed then."""
        return self._process is None or self._process.poll() is not None

    def begin_closing(self) -> None:
        """Tell the daemons to end in good order, and say that it is being sealed."""
        if self._process is not None and not self.has_ended():
            self._process.terminate()
        self._wait(waits=True)
        self.passphrase.setEnabled(False)
        self.leave.setEnabled(False)
        self.answer.show_text(self._texts.say("custody.form.closing"))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.was_left.emit()
        super().closeEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(Colour.GROUND))
        painter.end()

    def _ask(self, passphrase: str) -> None:
        process = self._process = self._start(self._profile, self._texts.language)
        assert process.stdin is not None
        assert process.stdout is not None
        self._told.clear()
        os.set_blocking(process.stdout.fileno(), False)
        self._notifier = QSocketNotifier(process.stdout.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda *_: self._on_told())
        try:
            process.stdin.write(passphrase.encode("utf-8") + b"\n")
            process.stdin.close()
        except BrokenPipeError:
            return  # it ended at once; what it said is read below

    def _on_told(self) -> None:
        """Read until one record is whole: `up` says one line and lives on, or says why not and ends."""
        assert self._process is not None
        assert self._process.stdout is not None
        data = os.read(self._process.stdout.fileno(), _AT_ONCE)
        self._told += data
        told = _record(bytes(self._told))
        if told is None and data:
            return
        if self._notifier is not None:
            self._notifier.setEnabled(False)
        self._process.stdout.close()
        self._show(told if told is not None else {})

    def _show(self, told: dict[str, Any]) -> None:
        if told.get("outcome") == "opened":
            self.was_opened.emit(Path(told["folder"]))
            return
        assert self._process is not None
        # What the daemons say is in the officer's language already; it is short text of our own.
        why = str(told.get("text", ""))
        if not why and self._process.poll() is None:
            # Nothing more will be said and it is about to end: that is waited for without holding up the window.
            QTimer.singleShot(_CLOSE_LOOK_MS, self, lambda: self._show(told))
            return
        self.answer.show_text(why or self._texts.say("custody.form.failed", code=self._process.returncode))
        self._wait(waits=False)
        self.passphrase.setFocus()

    def _wait(self, *, waits: bool) -> None:
        self.enter.setEnabled(not waits)
        self.passphrase.setReadOnly(waits)

    def _build(self, envelope: Envelope | None, now_ns: int) -> None:
        say = self._texts.say
        self.setWindowTitle(say("custody.form.title"))
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.passphrase.setAccessibleName(say("custody.form.passphrase"))
        self.passphrase.setMinimumHeight(TARGET_PX)
        self.passphrase.returnPressed.connect(self.submit)
        for button, act in ((self.enter, self.submit), (self.leave, self.close)):
            button.setMinimumHeight(TARGET_PX)
            button.setAccessibleName(button.text())
            button.clicked.connect(lambda _checked=False, act=act: act())
        self.answer.setWordWrap(True)
        self.answer.setMinimumHeight(SPACE_PX * 16)
        self.answer.setAlignment(Qt.AlignmentFlag.AlignTop)
        panel = Panel(self._theme, say("custody.form.title"))
        panel.set_body(self._body(envelope, now_ns))
        panel.setFixedWidth(_WIDTH_PX)
        whole = QVBoxLayout(self)
        whole.addWidget(panel, 0, Qt.AlignmentFlag.AlignCenter)
        if envelope is None:
            for widget in (self.passphrase, self.enter):
                widget.setEnabled(False)
            self.leave.setFocus()

    def _body(self, envelope: Envelope | None, now_ns: int) -> QWidget:
        say, body = self._texts.say, QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 4, SPACE_PX * 4, SPACE_PX * 4)
        column.setSpacing(SPACE_PX * 4)
        for line in (say("custody.form.lead"), self._until(envelope, now_ns)):
            label = Lettered(self._theme, TypeSize.BODY, text=line)
            label.setWordWrap(True)
            label.setVisible(bool(line))
            column.addWidget(label)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(Lettered(self._theme, TypeSize.LEAD, text=say("custody.form.passphrase")), self.passphrase)
        column.addLayout(form)
        row = QHBoxLayout()
        row.addWidget(self.enter, 2)
        row.addWidget(self.leave, 1)
        column.addLayout(row)
        column.addWidget(self.answer)
        return body

    def _until(self, envelope: Envelope | None, now_ns: int) -> str:
        if envelope is None:
            return ""
        days = term.days_left(envelope, now_ns)
        return self._texts.say("custody.form.until", until=term.last_day(envelope.until_ns), days=days)


class EndWatch(QObject):
    """Ends the console when the profile it shows was closed or has expired: its words do not outlive it on a screen."""

    def __init__(self, profile: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Leave when nobody has the profile open any more."""
        if not place.is_open(self._profile):
            logger.warning("the sealed profile was closed: the console ends")
            self._timer.stop()
            QApplication.exit()

    def tidy(self) -> None:
        """Take away what was still written after the profile was closed; while it is open nothing is touched."""
        self._timer.stop()
        try:
            lock = Lock(self._profile, tries=1)
        except (Refused, Trouble):
            return
        place.sweep(place.open_folder(self._profile))
        lock.release()


def made(profile: Path, theme: Theme, texts: Texts, clock: Clock) -> UnsealWindow:
    """Return the window for a profile; of one whose seal has ended it only says so (and ends it, when it is over)."""
    envelope, ended = None, ""
    try:
        envelope = keeper.current(profile, clock)
    except (Refused, Trouble) as failure:
        ended = texts.say(failure.reason.code, **failure.reason.params)
    return UnsealWindow(profile, envelope, ended, theme, texts, clock)


def opened(window: UnsealWindow) -> Path | None:
    """Show the window until the profile is open or the officer leaves; return where it is open."""
    found: list[Path] = []
    loop = QEventLoop()
    window.was_opened.connect(found.append)
    window.was_opened.connect(lambda _folder: loop.quit())
    window.was_left.connect(loop.quit)
    window.show()
    window.passphrase.setFocus()
    loop.exec()
    window.hide()
    return found[0] if found else None


def close(window: UnsealWindow) -> None:
    """Seal the profile again that this window opened; on the screen until it is done, for nobody is to switch off."""
    window.begin_closing()
    if window.has_ended():
        return
    loop, timer = QEventLoop(), QTimer()
    timer.setInterval(_CLOSE_LOOK_MS)
    timer.timeout.connect(lambda: loop.quit() if window.has_ended() else None)
    timer.start()
    window.show()
    loop.exec()
    timer.stop()
    window.hide()


def place_of(profile: Path) -> Path | None:
    """Return where a profile lies; None: it is sealed and has to be opened first. Raises Refused, Trouble."""
    if not place.is_sealed(profile):
        return profile
    return place.open_folder(profile) if place.is_open(profile) else None


def _start(profile: Path, language: str) -> "subprocess.Popen[bytes]":
    """Start the daemons in a session of their own: they outlive this console."""
    line: Sequence[str] = (
        sys.executable, "-m", MODULE, "up", "--profile", str(profile), "--passphrase-fd", "0", "--json",
        "--language", language,
    )  # fmt: skip
    return subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _record(data: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
