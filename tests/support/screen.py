"""A virtual X screen with real windows, and hands: keys and clicks through xdotool, counted."""

import itertools
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.waiting import wait_until

LIMIT_S = 30.0
WINDOW_LIMIT_S = 60.0
"""For a console to come up on two cores that strangers' work is on."""
_FIRST_DISPLAY, _DISPLAYS = 100, 50_000
_screens = itertools.count()


@dataclass(slots=True, kw_only=True)
class Hands:
    """Presses keys and buttons on one display and counts them."""

    display: str
    keystrokes: int = 0
    typed: int = 0
    """Those of the keystrokes that were characters of a text."""
    clicks: int = 0
    log: list[str] = field(default_factory=list)
    console: "subprocess.Popen[bytes] | None" = None
    """What `console_window` runs here."""

    def ended(self) -> int | None:
        """Return the exit code of the console on this display; None while it runs, and when there is none."""
        return self.console.poll() if self.console is not None else None

    def key(self, *names: str) -> None:
        """Press keys one after the other, as xdotool names them (`ctrl+j`, `a`, `Return`)."""
        self.keystrokes += len(names)
        self.log.append("key " + " ".join(names))
        self._run("key", "--delay", "60", *names)

    def text(self, text: str) -> None:
        """Type a text into whatever has the focus."""
        self.keystrokes += len(text)
        self.typed += len(text)
        self.log.append(f"text of {len(text)} characters")
        self._run("type", "--delay", "25", text)

    def click(self, x: int, y: int) -> None:
        """Click with the left button at a place of the screen."""
        self.clicks += 1
        self.log.append(f"click {x},{y}")
        self._run("mousemove", str(x), str(y), "click", "1")

    def hold(self, key: str) -> None:
        """Hold a key down until it is let go: Ctrl or Shift while one clicks. Counts for nothing."""
        self._run("keydown", key)

    def let_go(self, key: str) -> None:
        """Let a key go that was held."""
        self._run("keyup", key)

    def scroll(self, x: int, y: int, *, is_up: bool = False) -> None:
        """Turn the wheel down (or up) by a notch over a place of the screen: counts as a click."""
        self.clicks += 1
        self.log.append(f"wheel {x},{y}")
        self._run("mousemove", str(x), str(y), "click", "4" if is_up else "5")

    def windows(self, name: str) -> list[str]:
        """Return the ids of visible windows whose title matches."""
        return self._run("search", "--onlyvisible", "--name", name, check=False).split()

    def title(self, window: str) -> str:
        """Return a window's title."""
        return self._run("getwindowname", window, check=False).strip()

    def focus(self, window: str) -> None:
        """Give a window the keyboard; without a window manager nobody else does."""
        self._run("windowfocus", "--sync", window)

    def _run(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env={**os.environ, "DISPLAY": self.display}, capture_output=True, text=True, check=check, timeout=LIMIT_S,
        )  # fmt: skip
        return done.stdout


@contextmanager
def virtual_screen(width: int = 1920, height: int = 1080) -> Iterator[Hands]:
    """Run Xvfb on a display of its own for the length of a test.

    Its number is never one that another run has just left: a server that ends takes the socket of its number with it,
    also when the next server has already made it anew («could not connect to display :0»).
    """
    program = shutil.which("Xvfb")
    assert program, "Xvfb is not installed; ./dev setup installs it"
    readable, writable = os.pipe()
    number = _FIRST_DISPLAY + (os.getpid() * 8 + next(_screens)) % _DISPLAYS
    command = [
        program,
        f":{number}",
        "-displayfd",
        str(writable),
        "-screen",
        "0",
        f"{width}x{height}x24",
        "-nolisten",
        "tcp",
        # Else it begins anew whenever its last client leaves, here each xdotool, and turns away who comes meanwhile.
        "-noreset",
    ]
    server = subprocess.Popen(command, pass_fds=(writable,), stderr=subprocess.DEVNULL)
    os.close(writable)
    try:
        yield Hands(display=f":{_told(readable)}")
    finally:
        os.close(readable)
        server.terminate()
        server.wait(LIMIT_S)


@contextmanager
def console_window(hands: Hands, command: list[str], log: Path, *, title: str) -> Iterator[str]:
    """Run a console on the screen; give its window's id once it is shown and has the keyboard."""
    environment = {**os.environ, "DISPLAY": hands.display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}
    with log.open("wb") as out:
        process = hands.console = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        wait_until(
            lambda: bool(hands.windows(title)) or process.poll() is not None,
            f"a window named {title}",
            limit_s=WINDOW_LIMIT_S,
        )
        assert process.poll() is None, log.read_text("utf-8")
        window = hands.windows(title)[-1]
        hands.focus(window)
        yield window
    finally:
        hands.console = None
        process.terminate()
        process.wait(LIMIT_S)


def _told(readable: int) -> str:
    ready, _, _ = select.select([readable], [], [], LIMIT_S)
    assert ready, "Xvfb does not start"
    return os.read(readable, 16).decode().strip()
