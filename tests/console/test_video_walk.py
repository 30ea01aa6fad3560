"""Cameras, looked at as test_walk looks at others: readable, large enough for a finger, named, reached by keys."""

from collections import defaultdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.console import walk_checks
from tests.console.scenes import Look, seat, stand
from tests.console.test_walk import sentences
from tests.console.video_scenes import VIDEO_SCENES
from tests.support.walk import pixels, watched_writing

BY_KEYS = Look(theme="night", language="zh_CN")
LOOKS = (BY_KEYS, Look(theme="day", language="en"))
pytestmark = pytest.mark.timeout(240)


@cache
def walked(look: Look) -> dict[str, dict[str, str]]:
    """Return what is wrong on any scene of a look, by kind: the fault and the first scene that has it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with TemporaryDirectory() as folder, stand(Path(folder), look) as at:
        seat(at)
        for scene, show in VIDEO_SCENES.items():
            show(at)
            at.beat()
            with watched_writing(at.window) as notes:
                picture = pixels(at.window.grab().toImage())
            checks = {
                "contrast": walk_checks.poor_contrast(at.window, notes, picture),
                "targets": walk_checks.small_targets(at.window),
                "cut": walk_checks.cut_texts(at.window, notes, sentences(look.language)),
                "names": walk_checks.nameless(at.window),
                "tips": walk_checks.rich_tips(at.window),
            }
            if scene == "video" and look is BY_KEYS:
                checks["reach"] = walk_checks.unreached(at.window)
                checks["focus"] = walk_checks.unseen_focus(at.window)
            for kind, faults in checks.items():
                for fault in sorted(faults):
                    found[kind].setdefault(fault, scene)
            for _ in range(3):
                at.press(Qt.Key.Key_Escape)
    return found


@pytest.mark.parametrize("kind", ["contrast", "targets", "cut", "names", "tips"])
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.theme}-{look.language}")
def test_that_nothing_of_cameras_is_hard_to_read(look: Look, kind: str, qapp: QApplication) -> None:
    assert walked(look)[kind] == {}


@pytest.mark.parametrize("kind", ["reach", "focus"])
def test_that_everything_of_cameras_is_reached_by_keys(kind: str, qapp: QApplication) -> None:
    assert walked(BY_KEYS)[kind] == {}
