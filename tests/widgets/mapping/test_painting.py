"""What an eye sees of the map: tints, dots, shapes, sharp pixels at any ratio; and what a frame may cost."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.mapping import canvas_painting
from chengyun_widgets.mapping.base import MARGIN_PX
from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.layers import (
    Area,
    AreaLayer,
    LinkLayer,
    MapItem,
    Mark,
    RingLayer,
    ShapeLayer,
    ShapeStyle,
    Sketch,
    SketchKind,
    SketchLayer,
    TileLayer,
)
from chengyun_widgets.mapping.shape_painting import SLICE_US, WIDE, ShapePainting
from chengyun_widgets.mapping.sprites import Sprites
from chengyun_widgets.mapping.tools import Tool
from chengyun_widgets.mapping.view import MapView, Screen
from chengyun_widgets.theme import Theme, load_theme
from tests.widgets.mapping import scenes
from tests.widgets.mapping.city import paths
from tests.widgets.mapping.conftest import MIDDLE, marks, near, squares
from tests.widgets.pictures import count_of, pixels_of

Make = Callable[..., MapCanvas]
MANY = marks(*((dx * 40, dy * 24, 4) for dx in range(-6, 7) for dy in range(-7, 8)))
"""Grave ones, each with a name."""


def colour_at(canvas: MapCanvas, dx: float, dy: float) -> QColor:
    """Return the colour at px from the middle of a canvas of 600 x 400."""
    return QColor(int(pixels_of(canvas)[int(200 + dy), int(300 + dx)]))


def over(theme: Theme, severity: int, ground: Colour, share: float) -> list[int]:
    """Return the levels of a severity's colour laid over a ground."""
    top, under = theme.fill(severity), theme.colour(ground)
    pairs = zip(top.getRgb()[:3], under.getRgb()[:3], strict=True)
    return [round(a * share + b * (1 - share)) for a, b in pairs]


def test_that_a_tinted_district_is_seen_and_its_neighbour_is_not_touched(made: Make, theme: Theme) -> None:
    canvas = made(squares(tints={"A": Severity.ORANGE}))
    tinted = colour_at(canvas, -150, -50)
    share = theme.tokens.opacities["map_tint"]
    assert np.allclose(tinted.getRgb()[:3], over(theme, 3, Colour.MAP_LAND, share), atol=2)
    assert colour_at(canvas, 150, -50) == theme.colour(Colour.MAP_LAND)
    assert colour_at(canvas, 150, -180) == theme.colour(Colour.MAP_GROUND)


def test_that_a_tint_goes_when_the_layer_loses_it(made: Make, theme: Theme) -> None:
    canvas = made(squares(tints={"A": Severity.ORANGE}))
    canvas.show_layers((squares(),))
    canvas.settle()
    assert colour_at(canvas, -150, -50) == theme.colour(Colour.MAP_LAND)


def test_that_focus_is_a_teal_line_and_a_hatch_is_lines(made: Make, theme: Theme) -> None:
    canvas = made(squares(focus=frozenset({"B"}), hatched=frozenset({"A"})))
    seen = pixels_of(canvas)
    assert count_of(seen[90:111, 320:480], theme.colour(Colour.MAP_ACCENT)) > 100
    assert len(np.unique(seen[120:170, 120:180])) > 1
    assert len(np.unique(seen[120:170, 420:480])) == 1


def test_that_a_normal_device_is_a_grey_dot_and_nothing_more(made: Make, theme: Theme) -> None:
    canvas = made(marks((50, 60, 0), mark=Mark.DEVICE, is_quiet=True))
    there = pixels_of(canvas)[255:265, 345:355] == np.uint32(theme.colour(Colour.MAP_DEVICE).rgba())
    assert np.count_nonzero(there) == 5
    there = pixels_of(canvas)[250:271, 340:361] != np.uint32(theme.colour(Colour.MAP_GROUND).rgba())
    assert 5 <= np.count_nonzero(there) <= 9


@pytest.mark.parametrize("severity", list(Severity)[1:])
def test_that_an_abnormal_point_has_its_severity_in_its_middle(made: Make, theme: Theme, severity: Severity) -> None:
    canvas = made(marks((50, 60, severity), mark=Mark.DEVICE, is_quiet=True))
    assert colour_at(canvas, 50, 60) == theme.fill(severity)


def test_that_a_grave_mark_lies_over_a_normal_one(made: Make, theme: Theme) -> None:
    canvas = made(marks((50, 60, 4), code="a"), marks((50, 60, 0), code="b", mark=Mark.FORCE))
    assert colour_at(canvas, 50, 60) == theme.fill(Severity.RED)


def test_that_a_stale_point_is_hollow(made: Make, theme: Theme) -> None:
    canvas = made(marks((50, 60, 4), stale=np.array([True])))
    assert colour_at(canvas, 50, 60) != theme.fill(Severity.RED)


def test_that_dragging_within_the_margin_paints_no_ground_anew(made: Make) -> None:
    canvas = made(squares(), marks(*((at * 10, at * 7, 0) for at in range(-20, 20))))
    before = canvas.base.made
    scene = canvas.scene
    for _ in range(10):
        canvas.pan(12, 8)
        canvas.repaint()
    assert canvas.base.made == before
    assert canvas.scene is scene


def test_that_the_ground_moves_by_whole_pixels_and_looks_the_same(made: Make) -> None:
    canvas = made(squares(), marks((20, 20, 0), mark=Mark.DEVICE, is_quiet=True))
    before = pixels_of(canvas)[60:300, 60:500]
    canvas.pan(37, -21)
    moved = pixels_of(canvas)[60 + 21 : 300 + 21, 60 - 37 : 500 - 37]
    assert np.array_equal(before, moved)


def test_that_a_drag_beyond_the_margin_is_painted_anew_without_being_asked(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    before = canvas.base.made
    canvas.pan(MARGIN_PX + 50, 0)
    assert canvas.base.made == before
    qtbot.waitUntil(lambda: canvas.base.made > before)
    assert canvas.base.covers(canvas.screen_now, canvas.devicePixelRatioF())


def test_that_zooming_shows_the_old_ground_stretched_until_the_new_one_is_there(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares(tints={"A": 4}))
    before = canvas.base.made
    canvas.zoom_by(1.0)
    canvas.repaint()
    assert canvas.base.made == before
    assert colour_at(canvas, -30, -30) != colour_at(canvas, 30, -30)
    qtbot.waitUntil(lambda: canvas.base.made > before)
    assert canvas.scene.zoom == 11.0


def test_that_layers_that_come_while_the_ground_is_made_are_shown_in_the_end(
    made: Make, qtbot: QtBot, theme: Theme
) -> None:
    canvas = made(squares())
    canvas.show_layers((squares(tints={"A": 1}),))
    canvas.show_layers((squares(tints={"A": 3}),))
    qtbot.waitUntil(lambda: canvas.base.made >= 3)
    share = theme.tokens.opacities["map_tint"]
    assert np.allclose(colour_at(canvas, -150, -50).getRgb()[:3], over(theme, 3, Colour.MAP_LAND, share), atol=2)


def test_that_equal_layers_cost_nothing(made: Make) -> None:
    first = squares()
    canvas = made(first, marks((0, 0, 2)))
    canvas.show_layers((replace(first, tints={}), marks((0, 0, 2))))
    assert not canvas._is_stale
    assert not canvas.base.is_at_work


def test_that_an_equal_layer_beside_a_changed_one_keeps_what_was_gathered(made: Make) -> None:
    gathered = marks((0, 0, 0), (5, 5, 0), is_clustered=True)
    canvas = made(squares(), gathered)
    canvas.show_layers((squares(tints={"A": 2}), marks((0, 0, 0), (5, 5, 0), is_clustered=True)))
    assert canvas.layers[1] is gathered


def test_that_a_hidden_map_does_nothing_until_it_is_seen(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.hide()
    before = canvas.base.made
    canvas.show_layers((squares(tints={"A": 4}),))
    canvas.pan(900, 0)
    qtbot.wait(150)
    assert canvas.base.made == before
    canvas.pan(-900, 0)
    canvas.show()
    qtbot.waitUntil(lambda: canvas.base.made > before)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 2.5])
def test_that_the_map_is_as_fine_as_its_screen(made: Make, ratio: float, theme: Theme) -> None:
    canvas = made(squares(), marks((50, 60, 4), (-70, 30, 0)))
    canvas.magnification = ratio
    canvas.refresh()
    canvas.settle()
    assert canvas.base.front is not None
    assert canvas.base.front.ratio == ratio
    high, wide = canvas.base.front.pixels.shape
    assert (wide, high) == (round((600 + 2 * MARGIN_PX) * ratio), round((400 + 2 * MARGIN_PX) * ratio))
    image = QImage(round(600 * ratio), round(400 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    canvas.render(image)
    at = canvas.screen_now.px(*near(50, 60)) * ratio
    assert image.pixelColor(round(at.x()), round(at.y())) == theme.fill(Severity.RED)


def test_that_a_wall_too_large_for_memory_is_painted_coarser(made: Make) -> None:
    canvas = made(squares(), width=7680, height=4320)
    canvas.magnification = 2.5
    canvas.refresh()
    canvas.settle()
    assert canvas.base.front is not None
    assert canvas.base.front.pixels.size <= 64_100_000
    assert canvas.base.covers(canvas.screen_now, canvas.devicePixelRatioF())


@pytest.mark.parametrize(("width", "height"), [(0, 0), (1, 1), (5, 400), (120, 90)])
def test_that_any_size_is_painted(made: Make, width: int, height: int) -> None:
    canvas = made(squares(), marks((0, 0, 4)), RingLayer(code="r", centre=near(0, 0), radii_m=(1e3,), labels=("1 km",)))
    canvas.resize(width, height)
    canvas.settle()
    canvas.begin_drawing(Tool.SURFACE)
    canvas.lock_view(True)
    assert canvas.picture().isNull() == (width == 0)


@pytest.mark.parametrize("zoom", [3.0, 9.99, 16.0, 22.0])
def test_that_every_zoom_is_painted(made: Make, zoom: float) -> None:
    centre = near(0, 0)
    sketches = tuple(
        Sketch(id=kind, kind=kind, points=(near(-300, -300), centre, near(300, 200)), text=kind) for kind in SketchKind
    )
    canvas = made(
        squares(tints={"A": 1}, hatched=frozenset({"B"})),
        RingLayer(code="r", centre=centre, radii_m=(1e2, 1e5), labels=("100 m", "100 km")),
        AreaLayer(code="a", areas=(Area(id="a", rings=((near(-90, -90), near(90, -90), near(0, 90)),), severity=2),)),
        LinkLayer(code="l", links=((centre, near(500, 500)),)),
        SketchLayer(code="s", sketches=sketches), marks((0, 0, 4), (1, 1, 0)),
    )  # fmt: skip
    canvas.look_at(MapView(MIDDLE.x, MIDDLE.y, zoom))
    assert not canvas.picture().isNull()


def test_that_day_is_another_picture(made: Make) -> None:
    canvas = made(squares())
    day = load_theme("day")
    canvas.set_theme(day)
    canvas.settle()
    assert colour_at(canvas, 150, -50) == day.colour(Colour.MAP_LAND)


def test_that_what_is_chosen_has_a_ring_even_in_a_cluster(made: Make, theme: Theme) -> None:
    canvas = made(marks((0, 0, 0), (5, 5, 0), is_clustered=True))
    assert count_of(pixels_of(canvas), theme.colour(Colour.ACCENT)) == 0
    canvas.choose(MapItem("marks", "marks1"))
    assert count_of(pixels_of(canvas), theme.colour(Colour.ACCENT)) > 30
    canvas.choose(MapItem("marks", "nobody"))
    assert count_of(pixels_of(canvas), theme.colour(Colour.ACCENT)) == 0


def test_that_the_lock_is_told_on_the_map(made: Make, theme: Theme) -> None:
    canvas = made(squares())
    before = pixels_of(canvas)
    canvas.lock_view(True)
    assert not np.array_equal(before[:50, :150], pixels_of(canvas)[:50, :150])


def test_that_a_layer_is_shown_in_its_range_of_scales_only(made: Make) -> None:
    canvas = made(marks((0, 0, 4), min_zoom=11.0))
    assert canvas.scene.symbols == ()
    canvas.zoom_by(1.0)
    canvas.settle()
    assert len(canvas.scene.symbols) == 1


class OneTile:
    """Has the tile of zoom 8 and nothing nearer."""

    def __init__(self, colour: QColor) -> None:
        self.image = QImage(256, 256, QImage.Format.Format_RGB32)
        self.image.fill(colour)
        self.asked: list[tuple[int, int, int]] = []
        self.is_there = True

    def tile(self, z: int, x: int, y: int) -> QImage | None:
        """Return it or nothing."""
        self.asked.append((z, x, y))
        return self.image if z == 8 and self.is_there else None


def test_that_a_missing_tile_is_a_part_of_the_one_above_it(made: Make, theme: Theme) -> None:
    source = OneTile(theme.fill(1))
    canvas = made(TileLayer(code="t", source=source))
    assert colour_at(canvas, 0, 0) == theme.fill(1)
    assert {z for z, _, _ in source.asked} == {10, 9, 8}
    cells = 2**10
    assert (10, int(MIDDLE.x * cells), int(MIDDLE.y * cells)) in source.asked


def test_that_tiles_that_come_late_are_painted(made: Make, qtbot: QtBot, theme: Theme) -> None:
    source = OneTile(theme.fill(1))
    source.is_there = False
    canvas = made(TileLayer(code="t", source=source))
    assert colour_at(canvas, 0, 0) == theme.colour(Colour.MAP_GROUND)
    source.is_there = True
    before = canvas.base.made
    canvas.tiles_did_come("another")
    canvas.tiles_did_come("t")
    qtbot.waitUntil(lambda: canvas.base.made > before)
    assert colour_at(canvas, 0, 0) == theme.fill(1)


def test_that_names_keep_their_places_while_the_map_is_panned(made: Make) -> None:
    points = marks(*((at % 7 * 60 - 200, at // 7 * 40 - 150, at % 5) for at in range(56)))
    canvas = made(squares(), points)
    before = {one.wish.key: (one.dx, one.dy) for one in canvas.scene.labels}
    canvas.pan(260, 0)
    canvas.settle()
    after = {one.wish.key: (one.dx, one.dy) for one in canvas.scene.labels}
    both = before.keys() & after.keys()
    assert len(both) > 20
    assert [key for key in both if before[key] != after[key]] == []


def test_that_a_first_picture_that_takes_long_is_made_between_frames(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas_painting, "FIRST_S", 0.0)
    canvas = scenes.canvas(theme, 600, 400)
    qtbot.addWidget(canvas)
    canvas.show_layers((squares(tints={"A": 4, "B": 1}), marks((0, 0, 4))))
    canvas.look_at(MIDDLE)
    canvas.show()
    canvas.grab()
    assert canvas.base.made == 0
    qtbot.waitUntil(lambda: canvas.base.made == 1)
    assert colour_at(canvas, 0, 0) == theme.fill(Severity.RED)


def painted(theme: Theme, layer: ShapeLayer) -> tuple[QImage, int]:
    """Return shapes as they are painted on the map's ground, 600 x 400, and in how many slices."""
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(theme.colour(Colour.MAP_GROUND))
    painter = QPainter(image)
    slices = sum(1 for _ in ShapePainting().paint(painter, theme, layer, Screen(MIDDLE, 600, 400)))
    painter.end()
    return image, slices


def lines(style: ShapeStyle, *ends: tuple[tuple[float, float], tuple[float, float]], **more: object) -> ShapeLayer:
    """Return a layer of straight lines between px of zoom 10 from the middle."""
    parts = [(at, False, np.array([near(*begin), near(*end)])) for at, (begin, end) in enumerate(ends)]
    codes = tuple(map(str, range(len(ends))))
    return ShapeLayer(code="lines", paths=paths(codes, parts), style=style, **more)  # type: ignore[arg-type]


def test_that_long_lines_of_a_wide_pen_are_drawn_a_few_at_a_time(theme: Theme) -> None:
    wide = ShapeStyle(line=Colour.MAP_ROAD, line_px=4.0, wide_px=4.0)
    image, slices = painted(theme, lines(wide, *(((-260, at - 90), (260, 90 - at)) for at in range(180))))
    cost_us = 180 * (2 * WIDE.point_us + 520 * WIDE.px_us)
    assert slices >= cost_us / SLICE_US, "ink that is long to lay takes as many slices as it costs"
    assert image.pixelColor(300, 200) == theme.colour(Colour.MAP_ROAD)


def test_that_a_border_two_tinted_areas_share_is_inked_once(theme: Theme) -> None:
    land = ShapeStyle(line=Colour.MAP_EDGE, line_px=4.0, wide_px=4.0, is_land=True)
    border = ((-100, 0), (100, 0))
    alone, _ = painted(theme, lines(land, border, tints={"0": Severity.ORANGE}))
    shared, _ = painted(theme, lines(land, border, border, tints={"0": Severity.ORANGE, "1": Severity.ORANGE}))
    assert alone.pixelColor(300, 200) != theme.colour(Colour.MAP_GROUND)
    assert shared.pixelColor(300, 200) == alone.pixelColor(300, 200)


def test_that_marks_and_names_are_worked_out_between_frames_and_come_ready_to_be_put_down(
    made: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas, turns, written = made(), list[bool](), list[str]()
    compose_for, words = canvas._compose_for, Sprites._paint_words

    def compose_a_slice(_budget_s: float) -> bool:
        turns.append(compose_for(0.0))
        return turns[-1]

    def write(*told: object) -> None:
        written.append(str(told[2]))
        words(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(canvas, "_compose_for", compose_a_slice)
    monkeypatch.setattr(Sprites, "_paint_words", write)
    canvas.show_layers((MANY,))
    qtbot.waitUntil(lambda: bool(canvas.scene.labels))
    assert turns.count(False) > len(canvas.scene.labels) // 4, "control is given back after every few of them"
    assert len(written) == len(canvas.scene.labels) > 20
    canvas.repaint()
    assert len(written) == len(canvas.scene.labels), "a frame makes no picture of a name"


def test_that_marks_that_were_not_worked_out_when_the_map_was_hidden_are_there_when_it_is_seen(
    made: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = made()
    monkeypatch.setattr(canvas_painting, "SLICE_S", 0.0)
    canvas.show_layers((MANY,))
    qtbot.waitUntil(lambda: canvas._composing is not None)
    canvas.hide()
    qtbot.wait(20)
    assert not canvas.scene.symbols
    monkeypatch.undo()
    canvas.show()
    qtbot.waitUntil(lambda: len(canvas.scene.symbols) == len(MANY.ids))


def test_that_an_event_has_its_name_whatever_normal_lies_about_it(made: Make) -> None:
    crowd = marks(*((dx, dy, 0) for dx in range(-60, 61, 10) for dy in range(-40, 41, 10)), code="c", mark=Mark.CAMERA)
    canvas = made(crowd, marks((0, 0, 4), code="e", mark=Mark.EVENT))
    assert [one.wish.key for one in canvas.scene.labels if one.wish.key == MapItem("e", "e0")]


def test_that_an_event_s_name_lies_over_no_other_grave_mark(made: Make) -> None:
    grave = marks((40, 0, 3), (-40, 0, 3), (0, 30, 3), code="g")
    canvas = made(grave, marks((0, 0, 4), code="e", mark=Mark.EVENT))
    (name,) = [one for one in canvas.scene.labels if one.wish.key == MapItem("e", "e0")]
    assert name.dy < -20


@pytest.mark.parametrize("more", [{"is_clustered": True}, {"is_quiet": True, "mark": Mark.DEVICE}, {}])
def test_that_a_point_without_a_place_is_nowhere(made: Make, qtbot: QtBot, more: dict) -> None:
    there = marks((0, 0, 0), (30, 0, 2), (60, 0, 0), **more)
    there.x[0] = np.nan
    there.y[2] = np.inf
    canvas = made(there)
    assert [symbol.item.id for symbol in canvas.scene.symbols] == ["marks1"]
    assert canvas.pick(330, 200) == (MapItem("marks", "marks1"),)
    assert canvas.pick(300, 200) == ()
    canvas.choose(MapItem("marks", "marks0"))
    canvas.grab()


def test_that_a_frame_is_counted(made: Make) -> None:
    canvas = made(squares())
    before = canvas.paint_count
    canvas.pan(5, 5)
    canvas.grab()
    assert canvas.paint_count == before + 1


def test_that_the_map_says_where_a_thing_is(made: Make) -> None:
    canvas = made(marks((50, 60, 0), mark=Mark.DEVICE, is_quiet=True))
    rect = canvas.rect_of(MapItem("marks", "marks0"))
    assert rect is not None
    assert rect.contains(QPointF(350, 260))
    assert canvas.rect_of(MapItem("marks", "nobody")) is None
    assert canvas.place_of(MapItem("marks", "marks0")) == pytest.approx(near(50, 60))
