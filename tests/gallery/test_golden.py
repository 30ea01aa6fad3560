"""Stored pictures of the pages: what changes on a screen is seen by whoever changed it, before an officer sees it."""

from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gallery import chain
from tests.gallery.pictures import kept, levels_of, unlike
from tests.gallery.scenes import Scene, State, staged

SMALL = (1366, 768)
GOLDEN = Path(__file__).parent / "golden"
SCENES = (
    Scene(page="F1", state=State.NORMAL, size=SMALL),
    Scene(page="F1", state=State.ALARMED, theme="day", language="en", size=SMALL),
    Scene(page="F1", state=State.FLOODED, size=SMALL),
    Scene(page="F2", state=State.ALARMED, size=SMALL),
    Scene(page="F2", state=State.STALE, theme="day", language="en", size=SMALL),
)
MOST_UNLIKE = 0.004
"""Share of blocks of 8 × 8 px. One word more or less on the screen is about 0.001; a pane that moved is 0.05 and up."""

pytestmark = [pytest.mark.golden, pytest.mark.usefixtures("undressed")]


@pytest.fixture
def undressed(qapp: QApplication):
    """The application's own dress is put back afterwards."""
    yield
    qapp.setStyleSheet("")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_that_a_page_looks_as_it_was_when_somebody_last_looked(scene: Scene, qtbot: QtBot, tmp_path: Path) -> None:
    """Made anew by `python -m tests.gallery --golden`, to be looked at before it is kept."""
    with staged(scene, tmp_path) as stage:
        assert QFontInfo(stage.desk.theme.font(14)).family().startswith("Noto Sans CJK"), (
            "the console's font is missing"
        )
        kept(stage.window.grab().toImage(), tmp_path / "now.png")
    stored = QImage(str(GOLDEN / f"{scene.name}.png"))
    share = unlike(levels_of(QImage(str(tmp_path / "now.png"))), levels_of(stored))
    assert share <= MOST_UNLIKE, f"{share:.3%} of {scene.name} changed; what it is now: {tmp_path / 'now.png'}"


def test_that_the_pages_of_the_chain_look_as_they_were_when_somebody_last_looked(qtbot: QtBot, tmp_path: Path) -> None:
    """One window for all: events, the plan that runs, orders with their matrix."""
    seen = []
    for name, image in chain.stored(tmp_path):
        seen.append(name)
        kept(image, tmp_path / f"{name}.png")
        now, before = (levels_of(QImage(str(folder / f"{name}.png"))) for folder in (tmp_path, GOLDEN))
        share = unlike(now, before)
        assert share <= MOST_UNLIKE, f"{share:.3%} of {name} changed; what it is now: {tmp_path / f'{name}.png'}"
    assert len(seen) == len(chain.STORED)


def test_that_a_word_that_changed_is_noticed(qtbot: QtBot, tmp_path: Path) -> None:
    """The other half of the proof: the measure sees what an eye would."""
    seen = []
    for state in (State.NORMAL, State.ALARMED):
        with staged(Scene(page="F2", state=state, size=SMALL), tmp_path) as stage:
            seen.append(levels_of(stage.window.grab().toImage()))
    assert unlike(*seen) > MOST_UNLIKE * 3
