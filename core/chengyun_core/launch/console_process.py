"""The console as a process of its own: how it is started, shown or photographed."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chengyun_core.launch.profile import Profile

MODULE = "chengyun_console.main"
"""Started by name: launch never imports the console."""
SHOT_GRACE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One screenshot to take."""

    page: str
    width: int
    height: int
    after_s: float
    file: Path


def has_display() -> bool:
    """Return whether there is a screen to open windows on."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def environment() -> dict[str, str]:
    """Return the console's environment; without a display Qt draws offscreen."""
    found = dict(os.environ)
    if not has_display():
        found["QT_QPA_PLATFORM"] = "offscreen"
    return found


def command(profile: Profile, arguments: Sequence[str]) -> list[str]:
    """Return the console's command line in this Python environment."""
    return [sys.executable, "-m", MODULE, "--profile", str(profile.folder), *arguments]


def run(profile: Profile, arguments: Sequence[str]) -> int:
    """Run the console until it is closed; return its exit code."""
    return subprocess.run(command(profile, arguments), env=environment(), check=False).returncode


def take(profile: Profile, shot: Shot, arguments: Sequence[str]) -> int:
    """Let a console run offscreen for `shot.after_s` seconds and leave a PNG; return its exit code."""
    shot.file.parent.mkdir(parents=True, exist_ok=True)
    size = f"{shot.width}x{shot.height}"
    options = ["--page", shot.page, "--shot", str(shot.file), "--after", str(shot.after_s), "--size", size]
    line = command(profile, [*options, *arguments])
    return subprocess.run(line, env=environment(), check=False, timeout=shot.after_s + SHOT_GRACE_S).returncode
