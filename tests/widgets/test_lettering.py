"""Text is plain, on one line, and shortened rather than cut."""

from PySide6.QtCore import QRectF

from chengyun_resources.theme.tokens import Colour, TypeSize
from chengyun_widgets.lettering import elided, text_width, write
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
