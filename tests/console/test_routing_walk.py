"""Seats beside each other, looked at as test_walk looks at others: readable, large, named, nothing cut off."""

from collections import defaultdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtWidgets import QApplication

from tests.console import walk_checks
from tests.console.routing_scenes import SCENES
from tests.console.scenes import Look, seat, stand
from tests.console.test_walk import sentences
from tests.support.walk import pixels, watched_writing

LOOKS = (Look(theme="night", language="zh_CN"), Look(theme="day", language="en"))
KINDS = ("contrast", "targets", "cut", "names", "tips", "reach", "focus")
BY_KEYS = frozenset({"F8 coverage"})
"""Scenes whose every stop of Tab is looked at; the others have the widgets of pages that are looked at elsewhere."""
pytestmark = pytest.mark.timeout(240)


@cache
def walked(look: Look) -> dict[str, dict[str, str]]:
    """Return what is wrong on any scene of a look, by kind: the fault and the first scene that has it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with TemporaryDirectory() as folder, stand(Path(folder), look) as at:
        seat(at)
        for name, show in SCENES.items():
            show(at)
            at.beat()
            at.beat()
            with watched_writing(at.window) as notes:
                picture = pixels(at.window.grab().toImage())
            faults = {
                "contrast": set(walk_checks.poor_contrast(at.window, notes, picture)),
                "targets": set(walk_checks.small_targets(at.window)),
                "cut": set(walk_checks.cut_texts(at.window, notes, sentences(look.language))),
                "names": set(walk_checks.nameless(at.window)),
                "tips": set(walk_checks.rich_tips(at.window)),
            }
            if name in BY_KEYS:
                faults["reach"] = set(walk_checks.unreached(at.window))
                faults["focus"] = set(walk_checks.unseen_focus(at.window))
            for kind, told in faults.items():
                for fault in told:
                    found[kind].setdefault(fault, name)
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.theme}-{look.language}")
def test_that_nothing_about_routing_is_hard_to_read_or_to_reach(look: Look, kind: str, qapp: QApplication) -> None:
    assert walked(look)[kind] == {}
