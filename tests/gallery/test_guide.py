"""The guide's pictures are cut from the enacted path: the part that is meant, light enough, nothing left in silence."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from chengyun_resources import handbook
from tests.gallery import guide
from tests.gallery.guide import CUTS, Cut, cut_all, missing

WHOLE = (1920, 1080)


def screen(folder: Path, name: str, size: tuple[int, int] = WHOLE) -> None:
    """Leave a red screen with a green part."""
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    for x in range(100, 140):
        for y in range(200, 220):
            image.setPixelColor(x, y, QColor("#00ff00"))
    assert image.save(str(folder / f"{name}.png"))


def test_that_a_picture_is_the_part_that_is_meant_and_what_is_wide_is_made_narrow(tmp_path: Path) -> None:
    screen(tmp_path, "step")
    cuts = (Cut(name="part", step="step", part=(100, 200, 40, 20)), Cut(name="whole", step="step"))
    part, whole = (QImage(str(file)) for file in cut_all(cuts, tmp_path, tmp_path / "packed"))
    assert (part.width(), part.height()) == (40, 20)
    assert {part.pixelColor(x, y).name() for x in (0, 39) for y in (0, 19)} == {"#00ff00"}
    assert whole.width() == guide.WIDEST_PX


def test_that_a_screen_of_another_size_is_refused_and_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    screen(tmp_path, "small", (1366, 768))
    with pytest.raises(ValueError, match="small is 1366 × 768 px, far is cut from"):
        cut_all((Cut(name="far", step="small", part=(1300, 700, 100, 100)),), tmp_path, tmp_path)
    assert missing((Cut(name="a", step="small"), Cut(name="b", step="nowhere")), tmp_path) == ["nowhere"]


def test_that_one_too_heavy_for_the_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen(tmp_path, "step")
    monkeypatch.setattr(guide, "MOST_BYTES", 10)
    with pytest.raises(ValueError, match="at most 10: cut a smaller part"):
        cut_all((Cut(name="heavy", step="step"),), tmp_path, tmp_path)


def test_that_every_cut_has_its_picture_and_its_step_in_the_repository(repository: Path) -> None:
    assert missing(CUTS, repository / guide.TAKEN) == []
    for cut in CUTS:
        assert handbook.picture(cut.name).is_file()
