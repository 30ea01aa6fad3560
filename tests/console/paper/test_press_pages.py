"""A print-out says on every page whose it is, of when, in which mode and by whom; its words can be found again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from chengyun_console.paper.press.pages import pages_of
from chengyun_console.paper.press.searchable import findable
from chengyun_console.paper.press.sheets import a4
from tests.console.paper.jobs import chart, grid, order, pressed, table
from tests.support.pdf_text import fonts_inside, words_of

pytestmark = pytest.mark.usefixtures("qapp")


def test_that_every_page_carries_head_foot_and_watermark_as_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.pdf"
    code, told = pressed(capsys, order(file), table(80))
    pages = words_of(file.read_bytes())
    assert code == 0
    assert len(pages) == 3
    assert told[:3] == [{"page": at, "of": 3} for at in (1, 2, 3)]
    for number, words in enumerate(pages, 1):
        for part in ("全域体征", "重庆市城市运行和治理中", "平时", "异常 · 应急动员", "14:02 — 14:32", "98765"):
            assert part in words, part
        assert f"第 {number} / 3" in words
        assert words.count("A-03 李值班 2026-07-18 14:32") > 10
        assert "数值" in words, "the head of the table stands on each page"


def test_that_every_row_is_on_exactly_one_page_and_its_figures_can_be_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.pdf"
    pressed(capsys, order(file, landscape=False), table(120))
    words = " ".join(words_of(file.read_bytes()))
    assert [words.count(f"寸滩站水位 {at} {at}.50") for at in range(120)] == [1] * 120


def test_that_all_fonts_are_inside_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.pdf"
    pressed(capsys, order(file), table(5), chart())
    fonts, embedded = fonts_inside(file.read_bytes())
    assert fonts == embedded == 2


def test_that_a_chart_is_drawn_in_lines_and_not_as_a_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.pdf"
    pressed(capsys, order(file), chart(), grid())
    assert b"/Subtype /Image" not in file.read_bytes()
    words = words_of(file.read_bytes())[0]
    assert "183.62 m" in words
    assert "180.50" in words


def test_that_a_drill_is_said_in_words_and_framed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, drill = tmp_path / "a.png", tmp_path / "b.png"
    pressed(capsys, order(plain), table(2))
    pressed(capsys, order(drill, is_drill=True), table(2))
    pictures = QImage(str(plain)), QImage(str(drill))
    purple = [sum(_is_purple(picture, x, 22) for x in range(40, picture.width() - 40)) for picture in pictures]
    assert purple[0] == 0
    assert purple[1] > 200
    drilled = tmp_path / "c.pdf"
    pressed(capsys, order(drilled, is_drill=True), table(2))
    assert "演练" in words_of(drilled.read_bytes())[0]


def _is_purple(picture: QImage, x: int, y: int) -> bool:
    colour = picture.pixelColor(x, y)
    return colour.blue() > colour.green() + 40


@pytest.mark.parametrize(("landscape", "size"), [(True, (2246, 1588)), (False, (1588, 2246))])
def test_that_a_picture_is_a_sheet_of_a4_on_white(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], landscape: bool, size: tuple[int, int]
) -> None:
    file = tmp_path / "a.png"
    pressed(capsys, order(file, landscape=landscape), chart())
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == size
    assert picture.pixelColor(2, 2).lightness() > 250


def test_that_pictures_of_several_pages_are_numbered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pressed(capsys, order(tmp_path / "a.png"), table(40))
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["a-1.png", "a-2.png"]


def test_that_a_heading_never_stands_alone_at_the_foot_of_a_page(qapp: QApplication, tmp_path: Path) -> None:
    made = order(tmp_path / "a.pdf")
    for rows in range(22, 32):
        pages = pages_of(made, (table(rows), table(3, title="第二张表")))
        for page in pages.pages:
            assert not page[-1].piece.keeps_next
            last = page[-1]
            assert last.y + last.piece.height <= a4(landscape=True).body.bottom() + 0.5


def test_that_a_pane_with_nothing_on_it_prints_a_page_that_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.pdf"
    assert pressed(capsys, order(file))[0] == 0
    assert "此处没有内容" in words_of(file.read_bytes())[0]


def test_that_a_long_cell_is_written_whole_on_several_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.pdf"
    pressed(capsys, order(file, landscape=False), table(1, "长" * 90 + "终"))
    assert words_of(file.read_bytes())[0].replace(" ", "").count("长") == 90


def test_that_signs_that_look_like_radicals_are_found_as_signs() -> None:
    cmap = b"begincmap <2F84> <2ED3> <2FD5> <5BA1> <2E80> endcmap <2F84>"
    made = findable(cmap)
    assert made == b"begincmap <81F3> <957F> <9FA0> <5BA1> <2E80> endcmap <2F84>"
    assert len(made) == len(cmap)


def test_that_a_line_is_broken_where_there_is_no_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, broken = chart(200), chart(200)
    values = np.full(200, 175.0)
    holes = values.copy()
    holes[80:120] = np.nan
    pictures = []
    for name, told, line in (("a.png", whole, values), ("b.png", broken, holes)):
        series = replace(told.series[0], values=line.astype("<f8").tobytes())
        pressed(capsys, order(tmp_path / name), replace(told, bands=(), marks=(), series=(series,)))
        pictures.append(QImage(str(tmp_path / name)))
    middle = [_is_drawn(picture, picture.width() // 2) for picture in pictures]
    quarter = [_is_drawn(picture, picture.width() // 4) for picture in pictures]
    assert (middle, quarter) == ([True, False], [True, True])


def _is_drawn(picture: QImage, x: int) -> bool:
    """Return whether the trace crosses a column: it is darker than grid and watermark, and no label is there."""
    return any(picture.pixelColor(x, y).lightness() < 120 for y in range(500, 1000))
