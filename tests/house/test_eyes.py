"""The eyes of the flows: a console that has ended is told at once, not looked at until the limit (0424)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.screen import Hands
from tests.support.seeing import Eyes


@pytest.fixture
def eyes(tmp_path: Path) -> Eyes:
    """Eyes before what a console wrote down last: that it shows «standing»; it crashed afterwards."""
    seen = {"kind": "Page", "name": "standing", "said": "", "text": "", "rect": [0, 0, 10, 10], "rows": []}
    (tmp_path / "seen.json").write_text(json.dumps({"focus": None, "seen": [seen]}), "utf-8")
    hands = Hands(display=":0")
    hands.console = subprocess.Popen([sys.executable, "-c", "import os; os.kill(os.getpid(), 11)"])
    hands.console.wait(30)
    return Eyes(file=tmp_path / "seen.json", ended=hands.ended)


def test_that_a_dead_console_is_not_taken_for_one_that_stands_still(eyes: Eyes) -> None:
    with pytest.raises(AssertionError, match=r"on the screen:\n.*standing") as told:
        eyes.wait_for_words("moving")
    assert "had ended with -11 before moving" in str(told.value.__cause__)


def test_that_what_a_console_showed_before_it_ended_was_seen(eyes: Eyes) -> None:
    eyes.wait_for_words("standing")


def test_that_nobody_waits_for_a_picture_of_a_dead_console(eyes: Eyes, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="had ended with -11"):
        eyes.picture(tmp_path / "picture.png")
    with pytest.raises(AssertionError, match="had ended with -11"):
        eyes.look_again()
