"""Stored pictures of the map's canvas, and of its page."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.gallery import maps
from tests.gallery.pictures import kept, levels_of, unlike
from tests.gallery.test_golden import GOLDEN, MOST_UNLIKE

pytestmark = [pytest.mark.golden, pytest.mark.usefixtures("undressed")]


@pytest.fixture
def undressed(qapp: QApplication):
    """The application's own dress is put back afterwards."""
    yield
    qapp.setStyleSheet("")


def test_that_the_map_looks_as_it_did_when_somebody_last_looked(tmp_path: Path) -> None:
    """Made anew by `python -m tests.gallery --golden`, to be looked at before it is kept."""
    seen = []
    for name, image in maps.stored(tmp_path):
        seen.append(name)
        kept(image, tmp_path / f"{name}.png")
        now, before = (levels_of(QImage(str(folder / f"{name}.png"))) for folder in (tmp_path, GOLDEN))
        share = unlike(now, before)
        assert share <= MOST_UNLIKE, f"{share:.3%} of {name} changed; what it is now: {tmp_path / f'{name}.png'}"
    assert len(seen) == len(maps.STORED) + 1
