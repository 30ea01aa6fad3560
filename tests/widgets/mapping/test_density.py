"""Density on the map: asked once per window, shown where it belongs, the gravest by colour and shape."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.layers import DensityLayer, DensityPicture
from chengyun_widgets.mapping.pixel_painting import density_images
from chengyun_widgets.mapping.view import Bounds
from chengyun_widgets.theme import Theme, load_theme
from tests.widgets.mapping.conftest import bounds
from tests.widgets.pictures import pixels_of

Make = Callable[..., MapCanvas]


class Source:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Bounds, int, int]] = []

    def ask(self, bounds: Bounds, width: int, height: int) -> None:
        """Note a question."""
        self.asked.append((bounds, width, height))


def picture(counts: list[list[int]], worst: list[list[int]], half: float = 100) -> DensityPicture:
    """Return a picture over a square round the middle."""
    return DensityPicture(bounds(half), np.array(counts, np.uint32), np.array(worst, np.uint8))


def test_that_a_window_is_asked_about_once_and_again_when_it_is_another(made: Make) -> None:
    source = Source()
    canvas = made(DensityLayer(code="d", source=source, cell_px=4))
    assert len(source.asked) == 1
    asked, width, height = source.asked[0]
    assert (width, height) == (round((600 + 384) / 4), round((400 + 384) / 4))
    assert asked.holds(canvas.screen_now.bounds)
    canvas.give_density("d", picture([[1]], [[0]]))
    canvas.settle()
    assert len(source.asked) == 1
    canvas.show_layers((DensityLayer(code="d", source=source, cell_px=4, marked_to=3.0),))
    canvas.settle()
    assert len(source.asked) == 1
    canvas.zoom_by(1)
    canvas.settle()
    assert len(source.asked) == 2


def test_that_an_answer_is_painted_where_it_belongs(made: Make, theme: Theme) -> None:
    canvas = made(DensityLayer(code="d", source=Source()))
    canvas.give_density("d", picture([[0, 1], [50, 900]], [[0, 0], [0, 0]]))
    canvas.settle()
    seen = pixels_of(canvas)
    levels = [
        QColor(int(seen[row, column])).lightness() for row, column in ((150, 250), (150, 350), (250, 250), (250, 350))
    ]
    assert seen[150, 250] == np.uint32(theme.colour(Colour.MAP_GROUND).rgba())
    assert levels == sorted(levels)
    assert len(set(levels)) == 4
    assert seen[50, 300] == np.uint32(theme.colour(Colour.MAP_GROUND).rgba())


@pytest.mark.parametrize("severity", list(Severity)[1:])
def test_that_the_gravest_of_a_cell_wins_by_colour_and_shape(made: Make, theme: Theme, severity: Severity) -> None:
    canvas = made(DensityLayer(code="d", source=Source()))
    counts, worst = np.full((50, 50), 90), np.zeros((50, 50), int)
    worst[25, 25] = severity
    canvas.give_density("d", picture(counts.tolist(), worst.tolist()))
    canvas.settle()
    (symbol,) = canvas.scene.symbols
    assert symbol.severity == severity
    assert pixels_of(canvas)[202, 302] == np.uint32(theme.fill(severity).rgba())
    assert canvas.pick(302, 202) == ()


def test_that_grave_cells_beside_each_other_have_one_shape_the_gravest(made: Make) -> None:
    canvas = made(DensityLayer(code="d", source=Source()))
    canvas.give_density("d", picture(np.full((50, 50), 9).tolist(), (np.arange(2500).reshape(50, 50) % 5).tolist()))
    canvas.settle()
    assert 4 <= len(canvas.scene.symbols) <= 16
    assert {symbol.severity for symbol in canvas.scene.symbols} == {4}


def test_that_an_empty_city_is_clear(theme: Theme) -> None:
    image = density_images(theme, picture([[0, 0]], [[0, 0]])).quiet
    assert image.pixelColor(0, 0).alpha() == 0


def test_that_one_device_is_seen_beside_a_million(theme: Theme) -> None:
    image = density_images(theme, picture([[1, 1_000_000]], [[0, 0]])).quiet
    assert 0 < image.pixelColor(0, 0).alpha() < image.pixelColor(1, 0).alpha()


def test_that_a_full_city_lies_fainter_over_what_it_stands_on_than_a_sparse_one(theme: Theme) -> None:
    sparse, full = np.zeros((40, 40), int), np.full((40, 40), 3)
    sparse[20, 20] = 3
    alone, among = (density_images(theme, picture(counts.tolist(), (counts * 0).tolist())).quiet
                    for counts in (sparse, full))  # fmt: skip
    assert 0 < among.pixelColor(20, 20).alphaF() <= 0.09 + 1 / 255
    assert alone.pixelColor(20, 20).alphaF() > 3 * among.pixelColor(20, 20).alphaF()


def test_that_abnormal_cells_keep_their_colour_in_a_full_city_and_lose_it_when_larger_than_a_mark(
    made: Make, theme: Theme
) -> None:
    layer = DensityLayer(code="d", source=Source(), marked_to=0.0)
    canvas = made(layer)
    counts, worst = np.full((50, 50), 90), np.zeros((50, 50), int)
    worst[25, 25] = 4
    canvas.give_density("d", picture(counts.tolist(), worst.tolist()))
    canvas.settle()
    small = pixels_of(canvas)[202, 302]
    canvas.give_density("d", picture(counts[:5, :5].tolist(), worst[23:28, 23:28].tolist()))
    canvas.settle()
    large = pixels_of(canvas)[202, 302]
    red = theme.fill(Severity.RED)
    assert small == np.uint32(red.rgba())
    assert theme.colour(Colour.MAP_GROUND).red() < QColor(int(large)).red() < red.red()


def test_that_grave_cells_have_no_shapes_where_another_layer_has_the_abnormal_ones(made: Make) -> None:
    canvas = made(DensityLayer(code="d", source=Source(), marked_to=5.0))
    canvas.look_at(replace(canvas.view, zoom=4.5))
    canvas.give_density("d", picture([[90]], [[4]]))
    canvas.settle()
    assert len(canvas.scene.symbols) == 1
    canvas.look_at(replace(canvas.view, zoom=5.5))
    canvas.settle()
    assert canvas.scene.symbols == ()


def test_that_an_answer_that_is_none_is_refused_by_name(made: Make) -> None:
    canvas = made(DensityLayer(code="d", source=Source()))
    with pytest.raises(ValueError, match=r"density of d: counts \(1, 2\), worst \(1, 1\)"):
        canvas.give_density("d", picture([[1, 2]], [[0]]))
    with pytest.raises(ValueError, match="density of d"):
        canvas.give_density("d", DensityPicture(bounds(), np.zeros((0, 4), np.uint32), np.zeros((0, 4), np.uint8)))


def test_that_what_was_told_of_a_layer_that_went_is_forgotten(made: Make, theme: Theme) -> None:
    layer = DensityLayer(code="d", source=Source())
    canvas = made(layer)
    canvas.give_density("d", picture([[900]], [[4]]))
    canvas.show_layers(())
    canvas.show_layers((layer,))
    canvas.settle()
    assert pixels_of(canvas)[200, 300] == np.uint32(theme.colour(Colour.MAP_GROUND).rgba())


def test_that_another_theme_has_its_own_greys(made: Make) -> None:
    canvas = made(DensityLayer(code="d", source=Source()))
    canvas.give_density("d", picture([[900]], [[0]]))
    canvas.settle()
    night = pixels_of(canvas)[200, 300]
    canvas.set_theme(load_theme("day"))
    canvas.settle()
    assert QColor(int(pixels_of(canvas)[200, 300])).lightness() > QColor(int(night)).lightness()
