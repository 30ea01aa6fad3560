"""The console's command line, parsed into one frozen record."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chengyun_console.actions.table import BY_ID
from chengyun_console.actions.verbs import PAGES
from chengyun_resources.texts import LANGUAGES

FIRST_PAGES = tuple(page for page, action in PAGES.items() if BY_ID[action].keys == (page,))
"""Pages one may begin with: those with a key of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the console was started with."""

    profile: Path
    """Folder of the profile whose daemons it listens to."""
    page: str = "F1"
    """First page shown after sign-on."""
    language: str = ""
    """Language of the screen; empty: the seat's preference."""
    account: str = ""
    """Account that signs on without asking, together with `seat` and `password_file`."""
    seat: str = ""
    """Seat to take; preselected on the sign-on screen when no password is given."""
    password_file: Path | None = None
    """File (mode 0600) with the password of `account`: never on the command line, where other users could read it."""
    session_file: Path | None = None
    """File (mode 0600) with a session that `chengyun glass break` opened: the console sits down with it."""
    shot: Path | None = None
    """Write a screenshot to this PNG file, print a summary as JSON and leave."""
    after_s: float = 5.0
    """Seconds between the start and the screenshot."""
    width: int = 1920
    """Width of the window in px; used with `--shot` and for a window that is not full screen."""
    height: int = 1080
    """Height of the window in px."""
    windowed: bool = False
    """True when `--size` was given or a screenshot is taken: the window is not maximised."""


def parse(arguments: Sequence[str]) -> Options:
    """Return the options; argparse ends the process with a usage message when they are wrong."""
    given = _parser().parse_args(arguments)
    width, height = given.size or (1920, 1080)
    return Options(
        profile=given.profile,
        page=given.page,
        language=given.language,
        account=given.account,
        seat=given.seat,
        password_file=given.password_file,
        session_file=given.session,
        shot=given.shot,
        after_s=given.after,
        width=width,
        height=height,
        windowed=given.size is not None or given.shot is not None,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chengyun-console", description="The duty officer's console.")
    parser.add_argument("--profile", type=Path, required=True, metavar="DIR", help="profile folder of the centre")
    parser.add_argument("--page", choices=FIRST_PAGES, default="F1", help="page shown first")
    parser.add_argument("--language", choices=LANGUAGES, default="", help="language of the screen")
    parser.add_argument("--account", default="", help="account to sign on with")
    parser.add_argument("--seat", default="", help="seat to take")
    parser.add_argument("--password-file", type=Path, metavar="FILE", help="file (0600) with the account's password")
    parser.add_argument("--session", type=Path, metavar="FILE", help="session (0600) that chengyun glass break opened")
    parser.add_argument("--shot", type=Path, metavar="FILE", help="write a screenshot and exit")
    parser.add_argument("--after", type=_seconds, default=5.0, metavar="SECONDS", help="when to take the screenshot")
    parser.add_argument("--size", type=_size, metavar="WxH", help="window size, e.g. 1920x1080")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.0 <= seconds <= 86_400.0:
        raise argparse.ArgumentTypeError(f"{text}: seconds between 0 and 86400")
    return seconds


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 800 <= int(width) <= 16_384 and 600 <= int(height) <= 16_384):
        raise argparse.ArgumentTypeError(f"{text}: WIDTHxHEIGHT from 800x600 on, e.g. 1366x768")
    return int(width), int(height)
