"""A stranger's first ten minutes at the real windows, once by keys alone and once by mouse alone (issue 4).

Find a vital, see why it is red, acknowledge, shelve, compare with yesterday, pin it, switch the language, print. What
is on the screen is read from the console itself, what was done from the journal. Keys, clicks and time are told.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.living_city import OFFICER, PASSWORD, SEAT, LivingCity, living_city
from tests.support.screen import Hands, console_window, virtual_screen
from tests.support.seeing import Eyes
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]
RED, YELLOW = 120.0, 70.0
RED_VITAL, YELLOW_VITAL = "主城供水 总压", "鹅公岩大桥 挠度"
INITIALS = "zcgs"
RAIL_ITEM_PX = 64


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

    def is_done(self, action: str, count: int = 1) -> None:
        """Wait until the journal has so many of an action."""
        wait_until(lambda: _count(self.city, action) >= count, f"{action} is in the journal")

    def tell(self) -> None:
        """Print the account; `pytest -s` shows it, docs/first-ten-minutes.md keeps one."""
        sys.stdout.write(self._steps + "\n")


def _count(city: LivingCity, action: str) -> int:
    with city.door() as door:
        return sum(change.action == action for change in door.changes())


@contextmanager
def stranger(tmp_path: Path, *arguments: str) -> Iterator[Stranger]:
    """A city with a red and a yellow vital, a screen, and a console just opened."""
    with living_city(tmp_path, vitals=12) as city, virtual_screen() as hands:
        city.publish_all()
        city.publish({3: RED, 5: YELLOW})
        wait_until(lambda: _count(city, "alarm.raise") == 2, "both alarms are in the journal")
        seen = tmp_path / "seen.json"
        command = [sys.executable, "-m", "tests.support.watched_console", str(seen)]
        command += ["--profile", str(city.profile.folder), "--size", "1920x1080", *arguments]
        with console_window(hands, command, tmp_path / "console.log", title=".") as window:
            made = Stranger(city, hands, Eyes(file=seen), window)
            yield made
        made.tell()


def test_that_a_stranger_finds_the_way_by_keys_alone(tmp_path: Path) -> None:
    with stranger(tmp_path) as one:
        _sign_on(one)
        one.hands.key("ctrl+k")
        one.hands.text(INITIALS)
        one.eyes.wait_for_words(RED_VITAL)
        one.hands.key("Return")
        one.eyes.kind("VitalCard")
        one.did("found by initials")
        one.eyes.wait_for_words("120.00", "红 100")
        one.did("seen why it is red")
        one.hands.key("Escape", "ctrl+j", "s", "1", "1")
        one.is_done("alarm.shelve")
        one.did("shelved the yellow one")
        one.hands.key("ctrl+j", "a", "1")
        one.is_done("alarm.acknowledge")
        one.did("acknowledged the red one")
        one.hands.key("F2", "y")
        one.eyes.wait_for_words("（昨日）")
        one.did("compared with yesterday")
        one.hands.key("p", "F1")
        one.eyes.wait_for("its chart on the cockpit", lambda: _is_pinned(one.eyes, RED_VITAL))
        one.did("pinned")
        one.hands.key("ctrl+p", "Return")
        wait_until(lambda: _pdfs(one), "the page is printed")
        one.did("printed as PDF")
        one.hands.key("ctrl+shift+l")
        one.eyes.wait_for_words("Alarms", "Pinned vitals")
        one.did("switched the language")
        assert one.hands.clicks == 0
        typed = len(OFFICER) + len(PASSWORD) + 2
        assert one.hands.keystrokes - typed <= 26


def test_that_a_stranger_finds_the_way_by_mouse_alone(tmp_path: Path) -> None:
    """Signed on by the administrator's file: a mouse cannot type a password."""
    secret = tmp_path / "password"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD, "utf-8")
    options = ["--account", OFFICER, "--seat", SEAT, "--password-file", str(secret)]
    with stranger(tmp_path, *options) as one:
        _open_card(one, RED_VITAL)
        one.did("found in the alarm list")
        one.eyes.wait_for_words("超红色限", "红 100")
        one.did("seen why it is red")
        _choose(one, "A 确认")
        one.is_done("alarm.acknowledge")
        one.did("acknowledged the red one")
        one.click("P 固定体征", "QPushButton")
        one.eyes.wait_for("its chart on the cockpit", lambda: _is_pinned(one.eyes, RED_VITAL))
        one.did("pinned")
        _open_card(one, YELLOW_VITAL)
        _choose(one, "S 搁置")
        _first_note(one)
        one.is_done("alarm.shelve")
        one.did("shelved the yellow one")
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
        assert one.hands.keystrokes == 0
        assert one.hands.clicks <= 40


def _open_card(one: Stranger, vital: str) -> None:
    """Double-click on an alarm in the list."""
    place = one.eyes.place_of(vital, "FactList")
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
    one.eyes.kind("SearchOverlay")
    x, y, width, height = one.eyes.kind("SearchOverlay")["rect"]
    one.eyes.look_again()
    while not one.eyes.has(action, "FactList"):
        one.hands.scroll(x + width // 2, y + height // 2)
        one.eyes.look_again()
    place = one.eyes.place_of(action, "FactList")
    one.hands.click(*place)
    one.hands.click(*place)


def _sign_on(one: Stranger) -> None:
    one.eyes.wait_for_words("登录席位")
    one.hands.text(OFFICER)
    one.hands.key("Tab")
    one.hands.text(PASSWORD)
    wait_until(lambda: _is_in(one), "the officer is signed on")
    one.eyes.wait_for_words(RED_VITAL, YELLOW_VITAL)
    one.did("signed on")


def _is_in(one: Stranger) -> bool:
    """Press Enter until the seats have come and one was taken; only the press that did it counts."""
    if not _count(one.city, "session.sign_on"):
        one.hands.keystrokes -= 1 if "Return" in one.hands.log[-1] else 0
        one.hands.key("Return")
    return bool(_count(one.city, "session.sign_on"))


def _is_pinned(eyes: Eyes, vital: str) -> bool:
    return any(seen["kind"] == "TrendView" and seen["name"] == vital for seen in eyes.all())


def _pdfs(one: Stranger) -> list[Path]:
    return list((one.city.profile.folder / "exports").glob("*.pdf"))


def _first_note(one: Stranger) -> None:
    x, y, _width, height = one.eyes.kind("NoteChooser")["rect"]
    one.hands.click(x + 40, y + height - 20)
