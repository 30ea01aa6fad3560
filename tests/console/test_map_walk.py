"""F5, looked at as test_walk looks at others: readable, large enough, named, not cut, reached by keys."""

from collections import defaultdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.console import walk_checks
from tests.console.map_scenes import MAP_SCENES, page_of
from tests.console.scenes import Look, seat, stand
from tests.console.test_walk import sentences
from tests.support.walk import pixels, watched_writing

BY_KEYS = Look(theme="night", language="zh_CN")
LOOKS = (BY_KEYS, Look(theme="day", language="en"))
pytestmark = pytest.mark.timeout(240)


@cache
def walked(look: Look) -> dict[str, dict[str, str]]:
    """Return what is wrong on any scene of a look, by kind: the fault and the first scene that has it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for scene, show in MAP_SCENES.items():
        with TemporaryDirectory() as folder, stand(Path(folder), look) as at:
            seat(at)
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
            if look is BY_KEYS and scene == "F5":
                checks["focus"] = walk_checks.unseen_focus(at.window)
            for kind, faults in checks.items():
                for fault in sorted(faults):
                    found[kind].setdefault(fault, scene)
    return found


@pytest.mark.parametrize("kind", ["contrast", "targets", "cut", "names", "tips"])
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.theme}-{look.language}")
def test_that_nothing_of_the_map_is_hard_to_read(look: Look, kind: str, qapp: QApplication) -> None:
    assert walked(look)[kind] == {}


def test_that_the_keyboard_is_seen_wherever_it_is(qapp: QApplication) -> None:
    assert walked(BY_KEYS)["focus"] == {}


def test_that_keys_lead_out_of_the_map_and_over_what_is_on_it(qapp: QApplication, tmp_path: Path) -> None:
    """Lists and search have keys of their own; PgDn goes from mark to mark, hundreds of them, and Tab leaves."""
    with stand(tmp_path, BY_KEYS) as at:
        seat(at)
        MAP_SCENES["F5"](at)
        page = page_of(at)
        for key, widget in ((Qt.Key.Key_Y, page.side.layers), (Qt.Key.Key_N, page.side.search)):
            page.map.canvas.setFocus()
            at.press(key)
            assert widget.hasFocus()
        page.map.canvas.setFocus()
        at.press(Qt.Key.Key_PageDown)
        assert page.map.canvas.chosen is not None
        at.press(Qt.Key.Key_Tab)
        assert not page.map.canvas.hasFocus()
