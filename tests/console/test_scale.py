"""Screens that are scaled, and screens that are large: nothing is cut, and shapes are as sharp as the screen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.console import walk_checks
from tests.console.scenes import SCENES, Look, seat, stand
from tests.support.walk import watched_writing

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("factor", ["1.5", "2.5"])
def test_that_a_scaled_screen_shows_everything_and_sharply(factor: str) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "tests.console.scaled_child"],
        env={**os.environ, "QT_SCALE_FACTOR": factor}, cwd=REPOSITORY, capture_output=True, text=True, timeout=120,
        check=True,
    )  # fmt: skip
    told = json.loads(child.stdout)
    assert told["ratio"] == float(factor)
    assert told["size"] == [round(1366 * float(factor)), round(768 * float(factor))]
    assert told["faults"] == []
    assert told["soft_px"] <= 2


@pytest.mark.parametrize("width", [2560, 3840])
def test_that_a_wall_cuts_nothing(qapp: QApplication, tmp_path: Path, width: int) -> None:
    with stand(tmp_path, Look(theme="day", language="en", width=width, height=width * 9 // 16)) as at:
        seat(at)
        faults: set[str] = set()
        for scene in ("F1", "F2"):
            if scene == "F2":
                SCENES[scene](at)
                at.beat()
            with watched_writing(at.window) as notes:
                at.window.grab()
            faults |= walk_checks.cut_texts(at.window, notes, frozenset()) | walk_checks.small_targets(at.window)
        assert faults == set()
