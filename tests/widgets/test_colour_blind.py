"""Eyes that cannot tell some colours apart still tell what is what: by colour where they can, by shape always."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from chengyun_resources.theme.tokens import SEVERITY_FILL, Colour, Severity, Tokens, load_tokens
from chengyun_widgets.shapes import MARK_PX, paint_mark
from chengyun_widgets.theme import load_theme
from tests.support.colour_vision import KINDS, apart, seen
from tests.support.walk import pixels

GRAVE = tuple(Severity)[1:]
LEAST_APART = 8.0
"""CIE 1976; about 2.3 is just noticeable side by side."""
LEAST_FROM_GROUND = 20.0
LEAST_OF_SHAPE = 0.12
"""Share of a mark's square in which two shapes differ."""


@pytest.fixture(params=["night", "day"])
def theme_tokens(request: pytest.FixtureRequest) -> Tokens:
    """The tokens of a theme."""
    return load_tokens(request.param)


def shape(severity: Severity) -> np.ndarray:
    """Return where a severity's mark is, bool[28, 28], whatever its colour."""
    image = QImage(MARK_PX * 2, MARK_PX * 2, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    paint_mark(painter, load_theme("night"), QRectF(image.rect()), severity, colour=QColor("white"))
    painter.end()
    return pixels(image)[..., 0] > 127


@pytest.mark.parametrize("kind", list(KINDS))
def test_that_the_four_legal_colours_stay_apart(theme_tokens: Tokens, kind: str) -> None:
    colours = {severity: theme_tokens.colours[SEVERITY_FILL[severity]] for severity in GRAVE}
    near = {
        f"{one.name} and {other.name}": round(apart(colours[one], colours[other], kind), 1)
        for one, other in combinations(GRAVE, 2)
        if apart(colours[one], colours[other], kind) < LEAST_APART
    }
    assert near == {}


@pytest.mark.parametrize("kind", list(KINDS))
def test_that_whatever_means_something_stands_out_from_its_ground(theme_tokens: Tokens, kind: str) -> None:
    inks = (*(SEVERITY_FILL[severity] for severity in GRAVE), Colour.ACCENT, Colour.DONE, Colour.LAMP_OK)
    ground = theme_tokens.colours[Colour.PANEL]
    assert {ink: apart(theme_tokens.colours[ink], ground, kind) for ink in inks
            if apart(theme_tokens.colours[ink], ground, kind) < LEAST_FROM_GROUND} == {}  # fmt: skip


@pytest.mark.parametrize("kind", list(KINDS))
def test_that_whatever_means_something_stands_out_from_the_map(theme_tokens: Tokens, kind: str) -> None:
    inks = (*(SEVERITY_FILL[severity] for severity in GRAVE), Colour.MAP_ACCENT, Colour.MAP_MARK)
    near = {
        (ink, ground): away
        for ink in inks
        for ground in (Colour.MAP_GROUND, Colour.MAP_LAND)
        if (away := apart(theme_tokens.colours[ink], theme_tokens.colours[ground], kind)) < LEAST_FROM_GROUND
    }
    assert near == {}


@pytest.mark.parametrize("token", [Colour.ACCENT, Colour.MAP_ACCENT])
@pytest.mark.parametrize("kind", list(KINDS))
def test_that_the_colour_of_focus_is_not_taken_for_a_severity(theme_tokens: Tokens, kind: str, token: Colour) -> None:
    accent = theme_tokens.colours[token]
    distances = {severity: apart(accent, theme_tokens.colours[SEVERITY_FILL[severity]], kind) for severity in GRAVE}
    assert min(distances.values()) >= LEAST_APART * 2, distances


@pytest.mark.parametrize(("one", "other"), list(combinations(GRAVE, 2)), ids=lambda severity: severity.name)
def test_that_without_any_colour_the_shapes_tell_the_severities_apart(one: Severity, other: Severity) -> None:
    assert float((shape(one) ^ shape(other)).mean()) >= LEAST_OF_SHAPE


def test_that_green_that_is_near_red_is_never_a_mark_of_a_severity(theme_tokens: Tokens) -> None:
    # Protanopia in the day theme: «done» and red are one colour. «Done» is a tick or a word, red a diamond.
    assert {Colour.DONE, Colour.LAMP_OK} & set(SEVERITY_FILL.values()) == set()


def test_that_greys_look_the_same_to_all_eyes_and_red_and_green_do_not() -> None:
    for kind in KINDS:
        grey = np.array([[120.0, 120.0, 120.0]])
        assert np.allclose(seen(grey, kind), grey, atol=1.0)
    assert apart("#B00000", "#4E6000", "deuteranopia") < apart("#B00000", "#4E6000", "tritanopia")
