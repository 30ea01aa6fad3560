"""The print sheet and the handbook stand the same walk as every page: readable, large enough, named, reached by Tab."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.console import walk_checks
from tests.console.scenes import Look, Stand, seat, stand
from tests.support.walk import pixels, watched_writing

LOOK = Look(theme="day", language="en", width=1366, height=768)


def _refused(at: Stand) -> None:
    at.do("pane.print")
    at.window.sheets.printing.file.setText("no path")
    at.window.sheets.printing.go()


def _found(at: Stand) -> None:
    at.do("help.open")
    at.window.sheets.handbook.field.setText("alarm")


SHEETS: dict[str, Callable[[Stand], None]] = {"print": _refused, "found": _found}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", sorted(SHEETS))
def test_that_a_sheet_stands_the_walk(tmp_path: Path, name: str) -> None:
    with stand(tmp_path, LOOK) as at:
        seat(at)
        at.beat()
        SHEETS[name](at)
        at.beat()
        with watched_writing(at.window) as notes:
            picture = pixels(at.window.grab().toImage())
        faults = {
            *walk_checks.poor_contrast(at.window, notes, picture),
            *walk_checks.small_targets(at.window),
            *walk_checks.nameless(at.window),
            *walk_checks.rich_tips(at.window),
            *walk_checks.unreached(at.window),
            *walk_checks.unseen_focus(at.window),
        }
    assert faults == set()
