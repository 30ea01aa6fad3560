"""The log-in, F8 and the hand-over's sheet, looked at as test_walk looks at others: readable, large, named, reached."""

from collections import defaultdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtWidgets import QApplication

from tests.console import duty_scenes, walk_checks
from tests.console.scenes import Look, Stand, seat, stand
from tests.console.test_walk import sentences
from tests.support.walk import pixels, watched_writing

LOOKS = (Look(theme="night", language="zh_CN"), Look(theme="day", language="en"))
KINDS = ("contrast", "targets", "cut", "names", "tips", "reach", "focus")
BY_KEYS = frozenset(
    {
        "sign on over",
        "F8",
        "F8 covering",
        "handover",
        "handover signing",
        "roster",
        "form shift",
        "form call list",
        "form preset",
    }
)
"""Scenes whose every stop of Tab is looked at; the others have the same widgets."""
SEATED = {name: show for name, show in duty_scenes.SCENES.items() if name not in duty_scenes.SIGN_ON}
pytestmark = pytest.mark.timeout(240)


@cache
def walked(look: Look) -> dict[str, dict[str, str]]:
    """Return what is wrong on any scene of a look, by kind: the fault and the first scene that has it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with TemporaryDirectory() as folder, stand(Path(folder), look) as at:
        for scenes in (duty_scenes.SIGN_ON, SEATED):
            if scenes is SEATED:
                seat(at)
            for name, show in scenes.items():
                show(at)
                at.beat()
                at.beat()
                for kind, faults in _faults(at, look, name).items():
                    for fault in faults:
                        found[kind].setdefault(fault, name)
                at.window.layers.hide()
    return found


def _faults(at: Stand, look: Look, name: str) -> dict[str, set[str]]:
    window = at.window
    with watched_writing(window) as notes:
        picture = pixels(window.grab().toImage())
    checks = {
        "contrast": set(walk_checks.poor_contrast(window, notes, picture)),
        "targets": set(walk_checks.small_targets(window)),
        "cut": set(walk_checks.cut_texts(window, notes, sentences(look.language))),
        "names": set(walk_checks.nameless(window)),
        "tips": set(walk_checks.rich_tips(window)),
    }
    if name in BY_KEYS:
        checks["reach"] = set(walk_checks.unreached(window))
        checks["focus"] = set(walk_checks.unseen_focus(window))
    return checks


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.theme}-{look.language}")
def test_that_nothing_about_duty_is_hard_to_read_or_to_reach(look: Look, kind: str, qapp: QApplication) -> None:
    assert walked(look)[kind] == {}
