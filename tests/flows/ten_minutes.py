"""A stranger's first ten minutes at the real windows of any city, acted by keys alone or by mouse alone (issue 4).

Find a vital, see why it is red, acknowledge, shelve, compare with yesterday, pin it, switch the language, print. What
is on the screen is read from the console itself, what was done from the journal. Keys, clicks and time are told.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.living_city import OFFICER, PASSWORD, LivingCity
from tests.support.screen import Hands, console_window, virtual_screen
from tests.support.seeing import Eyes, Seen
from tests.support.waiting import wait_until

RAIL_ITEM_PX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a city has to show: a vital that has turned red, and one that has turned yellow."""

    red: str
    typed: str
    """Initials or number by which the red one is found."""
    why: tuple[str, ...]
    """What its card must say: the value, and the red limit."""
    breach: str = "超红色限"
    """What an alarm's card says of it."""
    yellow: str
    yellow_typed: str = ""
    """By which the yellow one is found; empty: but for the red one it is all that calls, so that Ctrl+J leads there."""


class Stranger:
    """Somebody at a console who has never seen it."""

    def __init__(self, city: LivingCity, hands: Hands, eyes: Eyes, window: str) -> None:
        self.city, self.hands, self.eyes, self.window = city, hands, eyes, window
        self._began, self._steps = time.monotonic(), ""

    def did(self, step: str) -> None:
        """Note what a step took since the one before."""
        hands, now = self.hands, time.monotonic()
        self._steps += f"\n{step:<28} {hands.keystrokes:>3} keys {hands.clicks:>3} clicks {now - self._began:6.1f} s"

    def click(self, text: str, kind: str = "") -> None:
        """Click on something that says this."""
        self.hands.click(*self.eyes.place_of(text, kind))

    def write(self, text: str) -> None:
        """Write a text into whatever has the keyboard: typed, or composed by the input method. Characters count."""
        if text.isascii():
            self.hands.text(text)
            return
        self.hands.keystrokes += len(text)
        self.hands.typed += len(text)
        self.hands.log.append(f"text of {len(text)} characters")
        self.eyes.compose(text)

    def is_done(self, action: str, count: int = 1) -> None:
        """Wait until the journal has so many of an action."""
        wait_until(lambda: count_of(self.city, action) >= count, f"{action} is in the journal")

    def tell(self) -> None:
        """Print the account; `pytest -s` shows it, docs/first-ten-minutes.md keeps one."""
        sys.stdout.write(self._steps + "\n")


def count_of(city: LivingCity, action: str) -> int:
    """Return how often the journal has an action."""
    with city.door() as door:
        return sum(change.action == action for change in door.changes())


@contextmanager
def stranger(city: LivingCity, folder: Path, *arguments: str) -> Iterator[Stranger]:
    """Open a console of a living city on a screen of its own, and put somebody before it."""
    seen = folder / "seen.json"
    command = [sys.executable, "-m", "tests.support.watched_console", str(seen)]
    command += ["--profile", str(city.profile.folder), "--size", "1920x1080", *arguments]
    with (
        virtual_screen() as hands,
        console_window(hands, command, folder / "console.log", title=".") as window,
    ):
        made = Stranger(city, hands, Eyes(file=seen, ended=hands.ended), window)
        yield made
        made.tell()


def signed_in(seat: str, folder: Path, account: str = OFFICER) -> list[str]:
    """Return the arguments by which the administrator's file signs on: a mouse cannot type a password."""
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD, "utf-8")
    return ["--account", account, "--seat", seat, "--password-file", str(secret)]


def by_keys(one: Stranger, story: Story) -> None:
    """Act the ten minutes without touching the mouse."""
    _sign_on(one, story)
    _find(one, story.red, story.typed)
    one.did("found by initials")
    one.eyes.wait_for_words(*story.why)
    one.did("seen why it is red")
    one.hands.key("Escape", "a", "1")
    one.is_done("alarm.acknowledge")
    one.did("acknowledged it")
    one.hands.key("F2", "y")
    one.eyes.wait_for_words("（昨日）")
    one.did("compared with yesterday")
    one.hands.key("p", "F1")
    one.eyes.wait_for("its chart on the cockpit", lambda: _is_pinned(one.eyes, story.red))
    one.did("pinned")
    if story.yellow_typed:
        _find(one, story.yellow, story.yellow_typed)
        one.hands.key("Escape")
    else:
        one.hands.key("ctrl+j")
    one.hands.key("s", "1", "1")
    one.is_done("alarm.shelve")
    one.did("shelved a yellow one")
    one.hands.key("ctrl+p", "Return")
    wait_until(lambda: _pdfs(one), "the page is printed")
    one.did("printed as PDF")
    one.hands.key("ctrl+shift+l")
    one.eyes.wait_for_words("Alarms", "Pinned vitals")
    one.did("switched the language")


def by_mouse(one: Stranger, story: Story) -> None:
    """Act the ten minutes without touching a key; `signed_in` has signed on."""
    _open_card(one, story.red)
    one.did("found in the alarm list")
    one.eyes.wait_for_words(story.breach, *story.why)
    one.did("seen why it is red")
    _choose(one, "A 确认")
    one.is_done("alarm.acknowledge")
    one.did("acknowledged it")
    one.click("P 固定体征", "QPushButton")
    one.eyes.wait_for("its chart on the cockpit", lambda: _is_pinned(one.eyes, story.red))
    one.did("pinned")
    _open_card(one, story.yellow)
    _choose(one, "S 搁置")
    _first_note(one)
    one.is_done("alarm.shelve")
    one.did("shelved a yellow one")
    _open_second_page(one)
    one.click("昨日 Y", "QPushButton")
    one.eyes.wait_for_words("（昨日）")
    one.did("compared with yesterday")
    _ask_for(one, "打印/导出")
    one.click("输出", "QPushButton")
    wait_until(lambda: _pdfs(one), "the page is printed")
    one.did("printed as PDF")
    _ask_for(one, "切换语言")
    one.eyes.wait_for_words("Alarms", "Where from?")
    one.did("switched the language")


def _find(one: Stranger, vital: str, typed: str) -> None:
    """Open a vital's card by what one types of it."""
    one.hands.key("ctrl+k")
    one.hands.text(typed)
    one.eyes.wait_for_words(vital)
    one.hands.key("Return")
    one.eyes.kind("VitalCard")


def _open_card(one: Stranger, vital: str) -> None:
    """Double-click on an alarm in the list, scrolling down to it."""
    place = _scrolled_to(one, vital, one.eyes.kind("AlarmPanel"))
    one.hands.click(*place)
    one.hands.click(*place)
    one.eyes.kind("AlarmCard")
    one.eyes.wait_for_words(f"{vital} ")


def _choose(one: Stranger, deed: str) -> None:
    """Press a deed's button, and take the first of what it asks."""
    one.click(deed, "QPushButton")
    _first_note(one)


def _open_second_page(one: Stranger) -> None:
    x, y, width, _height = one.eyes.kind("Rail")["rect"]
    one.hands.click(x + width // 2, y + RAIL_ITEM_PX * 3 // 2)
    one.eyes.kind("MultiTrend")


def _ask_for(one: Stranger, action: str) -> None:
    """Open 一键查 from the cockpit and double-click on an action, scrolling down to it."""
    x, y, width, _height = one.eyes.kind("Rail")["rect"]
    one.hands.click(x + width // 2, y + RAIL_ITEM_PX // 2)
    one.eyes.kind("SearchEntry")
    one.click("体征一键查", "SearchEntry")
    place = _scrolled_to(one, action, one.eyes.kind("SearchOverlay"))
    one.hands.click(*place)
    one.hands.click(*place)


def _scrolled_to(one: Stranger, text: str, panel: Seen) -> tuple[int, int]:
    """Turn the wheel over a panel's list, down to its end and up again, until a row begins with a text; return where.

    The list follows what was acknowledged to its end: what is looked for may be above.
    """
    x, y, width, height = panel["rect"]
    one.eyes.look_again()
    for is_up in (False, True):
        before: list[object] = []
        while not one.eyes.has(text, "FactList") and before != (before := one.eyes.rows()):
            one.hands.scroll(x + width // 2, y + height // 2, is_up=is_up)
            one.eyes.look_again()
    return one.eyes.place_of(text, "FactList")


def _sign_on(one: Stranger, story: Story) -> None:
    # Somebody takes a seat when he sees one: before the centre has told which there are, there is nothing to take.
    one.eyes.wait_for_words("登录席位", "空席")
    one.hands.text(OFFICER)
    one.hands.key("Tab")
    one.hands.text(PASSWORD)
    one.hands.key("Return")
    one.is_done("session.sign_on")
    one.eyes.wait_for_words(story.red)
    one.did("signed on")


def _is_pinned(eyes: Eyes, vital: str) -> bool:
    return any(seen["kind"] == "TrendView" and seen["name"].startswith(vital) for seen in eyes.all())


def _pdfs(one: Stranger) -> list[Path]:
    return list((one.city.profile.folder / "exports").glob("*.pdf"))


def _first_note(one: Stranger) -> None:
    x, y, _width, height = one.eyes.kind("NoteChooser")["rect"]
    one.hands.click(x + 40, y + height - 20)
