"""Text is plain, on one line, and shortened rather than cut."""

from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from chengyun_resources.theme.tokens import Colour, TypeSize
from chengyun_widgets.lettering import CENTRE, LEFT, RIGHT, elided, text_width, write
from chengyun_widgets.theme import Theme
from tests.widgets.pictures import painted


def test_that_a_long_text_ends_in_an_ellipsis_within_its_room(theme: Theme) -> None:
    font = theme.font(TypeSize.BODY)
    shown = elided(font, "嘉陵江磁器口水位站" * 4, 100)
    assert shown.endswith("…")
    assert text_width(font, shown) <= 100


def test_that_markup_is_written_as_it_stands(theme: Theme) -> None:
    font, ink = theme.font(TypeSize.BODY), theme.colour(Colour.TEXT)
    taken: list[float] = []
    for text in ("<b>A&amp;B</b>", "A&B"):
        painted(300, 30, lambda painter, t=text: taken.append(write(painter, QRectF(0, 0, 300, 30), t, font, ink)))
    assert taken[0] > 2 * taken[1]


def test_that_a_line_break_does_not_leave_the_line(theme: Theme) -> None:
    font, ink = theme.font(TypeSize.BODY), theme.colour(Colour.TEXT)
    picture = painted(300, 60, lambda painter: write(painter, QRectF(0, 20, 300, 20), "水位\n水位", font, ink))
    assert not (picture[:16] >> 24).any()
    assert not (picture[44:] >> 24).any()


@pytest.mark.parametrize("align", [LEFT, RIGHT, CENTRE])
def test_that_a_kept_text_stands_where_qt_itself_would_write_it(theme: Theme, align: Qt.AlignmentFlag) -> None:
    ink, flags = theme.colour(Colour.TEXT), align.value | Qt.TextFlag.TextSingleLine.value
    # The third has signs of another font, whose line is higher.
    for text in ("寸滩站水位 183.62 m", "AVg 07:32:11", "☂ α 水 ✓"):
        for size, rect in product(TypeSize, (QRectF(10, 3, 600, 60), QRectF(7.3, 4.5, 600, 61.5))):
            font = theme.font(size)
            ours = painted(640, 70, lambda p, t=text, f=font, r=rect: write(p, r, t, f, ink, align))
            qts = painted(640, 70, lambda p, t=text, f=font, r=rect: _by_qt(p, r, t, f, ink, flags))
            assert (ours >> 24).any()
            assert np.array_equal(ours, qts)


def _by_qt(painter: QPainter, rect: QRectF, text: str, font: QFont, ink: QColor, flags: int) -> None:
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(rect, flags, text)
