"""Areas under the mouse: which one a click chooses, which one a double click opens, and what goes before them."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.layers import Area, AreaLayer, MapItem, Mark, World
from chengyun_widgets.mapping.tools import Tool
from chengyun_widgets.mapping.view import MapView
from chengyun_widgets.theme import Theme
from tests.widgets.mapping.city import paths
from tests.widgets.mapping.conftest import MIDDLE, marks, near, square, squares

Make = Callable[..., MapCanvas]
LEFT = Qt.MouseButton.LeftButton
SMALL, LARGE, TWIN = (MapItem("warnings", f"warning:{number}") for number in (1, 2, 3))
IN_BOTH, IN_LARGE, OUTSIDE = QPoint(300, 200), QPoint(400, 300), QPoint(20, 20)


def outline(half: float) -> tuple[World, ...]:
    """Return a square of px of zoom 10 round the middle."""
    return tuple((float(x), float(y)) for x, y in square(-half, -half, 2 * half))


def area(item: MapItem, half: float, severity: int = 1, **more: object) -> Area:
    """Return a hatched square."""
    return Area(id=item.id, rings=(outline(half),), severity=severity, label=item.id, is_hatched=True, **more)  # type: ignore[arg-type]


def warned(*areas: Area, **more: object) -> AreaLayer:
    """Return areas that can be chosen; two of them, the small one beneath, unless others are given."""
    given: dict[str, object] = {"is_pickable": True, **more}
    return AreaLayer(code="warnings", areas=areas or (area(SMALL, 50), area(LARGE, 150, 4)), **given)  # type: ignore[arg-type]


def double_click(canvas: MapCanvas, qtbot: QtBot, at: QPoint) -> None:
    """Double-click as a hand does: a click comes first, and the button is let go of once more."""
    qtbot.mouseClick(canvas, LEFT, pos=at)
    qtbot.mouseDClick(canvas, LEFT, pos=at)
    qtbot.mouseRelease(canvas, LEFT, pos=at)


def test_that_of_areas_over_each_other_the_smaller_one_is_chosen(made: Make, qtbot: QtBot) -> None:
    canvas = made(warned())
    told: list[MapItem | None] = []
    canvas.was_chosen.connect(told.append)
    qtbot.mouseClick(canvas, LEFT, pos=IN_BOTH)
    assert canvas.chosen == SMALL, "though the larger one is graver and lies above it"
    qtbot.mouseClick(canvas, LEFT, pos=IN_LARGE)
    assert canvas.chosen == LARGE
    qtbot.mouseClick(canvas, LEFT, pos=OUTSIDE)
    assert canvas.chosen is None
    qtbot.mouseClick(canvas, LEFT, pos=OUTSIDE)
    assert told == [SMALL, LARGE, None], "a click on nothing that lets go of nothing says nothing"


def test_that_another_click_in_the_same_place_goes_to_the_area_beneath_and_round(made: Make, qtbot: QtBot) -> None:
    canvas = made(warned(area(SMALL, 50, 2), area(LARGE, 150), area(TWIN, 50, 4)))
    chosen = []
    for _ in range(4):
        qtbot.mouseClick(canvas, LEFT, pos=IN_BOTH)
        chosen.append(canvas.chosen)
    assert chosen == [TWIN, SMALL, LARGE, TWIN], "of two alike the graver one comes first"


def test_that_a_double_click_opens_what_a_click_would_choose(made: Make, qtbot: QtBot) -> None:
    canvas = made(warned())
    opened: list[MapItem] = []
    canvas.was_opened.connect(opened.append)
    double_click(canvas, qtbot, IN_BOTH)
    assert (opened, canvas.chosen, canvas.view) == ([SMALL], SMALL, MIDDLE)


def test_that_a_double_click_opens_what_was_chosen_before_its_first_half(made: Make, qtbot: QtBot) -> None:
    canvas = made(warned())
    opened: list[MapItem] = []
    canvas.was_opened.connect(opened.append)
    qtbot.mouseClick(canvas, LEFT, pos=IN_BOTH)
    double_click(canvas, qtbot, IN_BOTH)
    assert (opened, canvas.chosen) == ([SMALL], SMALL)
    qtbot.mouseClick(canvas, LEFT, pos=IN_BOTH)
    double_click(canvas, qtbot, IN_BOTH)
    assert (opened[1:], canvas.chosen) == ([LARGE], LARGE)


def test_that_enter_opens_the_area_that_is_chosen_and_esc_lets_go_of_it(made: Make, qtbot: QtBot) -> None:
    canvas = made(warned())
    qtbot.mouseClick(canvas, LEFT, pos=IN_BOTH)
    assert canvas.accessibleDescription() == "warning:1 蓝"
    with qtbot.waitSignal(canvas.was_opened) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert told.args == [SMALL]
    with qtbot.waitSignal(canvas.was_chosen) as let_go:
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert (let_go.args, canvas.chosen) == ([None], None)


@pytest.mark.parametrize("kind", ["mark", "dot", "line"])
def test_that_what_is_no_area_goes_before_every_area(made: Make, qtbot: QtBot, kind: str) -> None:
    line = paths(("P1",), [(0, False, np.array([near(-200, 0), near(200, 0)]))])
    others = {
        "mark": marks((0, 0, 0)), "dot": marks((0, 0, 0), mark=Mark.DEVICE, is_quiet=True),
        "line": type(squares())(code="marks", paths=line, style=squares().style, is_pickable=True),
    }  # fmt: skip
    expected = MapItem("marks", "P1" if kind == "line" else "marks0")
    canvas = made(others[kind], warned())
    opened: list[MapItem] = []
    canvas.was_opened.connect(opened.append)
    for _ in range(2):
        qtbot.mouseClick(canvas, LEFT, pos=IN_BOTH)
        assert canvas.chosen == expected, "and a second click stays with it"
    double_click(canvas, qtbot, IN_BOTH)
    assert opened == ([expected] if kind == "mark" else [])
    assert canvas.pick(300, 200)[1:] == (SMALL, LARGE)


def test_that_areas_of_layers_and_areas_over_the_map_are_one_order(made: Make) -> None:
    """A control zone of a layer may be smaller than the warning over it, or larger."""
    canvas = made(squares(is_pickable=True), warned())
    assert canvas.pick(310, 210) == (SMALL, MapItem("squares", "B"), LARGE)


def test_that_a_hole_is_outside_and_an_area_of_several_outlines_is_one(made: Make, qtbot: QtBot) -> None:
    ring = Area(id=SMALL.id, rings=(outline(100), outline(40)))
    far = tuple((float(x), float(y)) for x, y in square(120, 120, 30))
    canvas = made(warned(ring, Area(id=SMALL.id, rings=(far,)), Area(id=SMALL.id, rings=(outline(90)[:2],))))
    assert canvas.pick(300, 200) == ()
    assert canvas.pick(370, 200) == (SMALL,)
    assert canvas.pick(435, 335) == (SMALL,)


def test_that_an_outline_that_crosses_itself_is_an_area_all_the_same(made: Make) -> None:
    bow = (near(-50, -50), near(50, 50), near(50, -50), near(-50, 50))
    canvas = made(warned(Area(id=SMALL.id, rings=(bow,))))
    assert canvas.pick(330, 200) == (SMALL,)
    assert canvas.pick(300, 160) == ()


def test_that_areas_that_cannot_be_chosen_are_nothing_to_a_click(made: Make, qtbot: QtBot) -> None:
    canvas = made(warned(is_pickable=False))
    with qtbot.assertNotEmitted(canvas.was_chosen):
        qtbot.mouseClick(canvas, LEFT, pos=IN_BOTH)
    qtbot.mouseDClick(canvas, LEFT, pos=IN_BOTH)
    assert canvas.view.zoom == MIDDLE.zoom + 1, "a double click goes nearer, as it does where there is nothing"


def test_that_the_mouse_over_an_area_points_at_nothing(made: Make, qtbot: QtBot) -> None:
    """Over a whole city that is warned a card would never leave the eye."""
    canvas = made(warned(), marks((0, 0, 0)))
    told: list[MapItem | None] = []
    canvas.was_hovered.connect(told.append)
    for at in (IN_LARGE, IN_BOTH, QPoint(340, 240)):
        qtbot.mouseMove(canvas, at)
    assert told == [MapItem("marks", "marks0"), None]


def test_that_drag_and_wheel_in_an_area_move_the_map_and_choose_nothing(made: Make, qtbot: QtBot) -> None:
    canvas = made(warned())
    qtbot.mousePress(canvas, LEFT, pos=IN_BOTH)
    qtbot.mouseMove(canvas, IN_BOTH + QPoint(20, 0))
    qtbot.mouseMove(canvas, IN_BOTH + QPoint(40, 0))
    qtbot.mouseRelease(canvas, LEFT, pos=IN_BOTH + QPoint(40, 0))
    assert canvas.chosen is None
    assert canvas.screen_now.px(MIDDLE.x, MIDDLE.y).x() == pytest.approx(340, abs=0.01)


def test_that_a_chosen_area_is_where_it_was_clicked_on_wherever_the_map_looks(made: Make, qtbot: QtBot) -> None:
    canvas = made(warned())
    assert canvas.place_of(SMALL) is None
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(310, 190))
    place = canvas.screen_now.world(QPointF(310, 190))
    canvas.look_at(MapView(0.7, 0.4, 6.0))
    assert canvas.place_of(SMALL) == pytest.approx(place)
    assert canvas.place_of(LARGE) is None
    canvas.choose(None)
    canvas.choose(SMALL)
    assert canvas.place_of(SMALL) is None, "a program chose it, nobody clicked"


def test_that_the_outline_of_what_is_chosen_is_drawn_over_the_others(made: Make, qtbot: QtBot, theme: Theme) -> None:
    canvas = made(warned())

    def on_the_edge() -> QColor:
        return canvas.picture().pixelColor(250, 200)

    teal = theme.colour(Colour.ACCENT)
    assert on_the_edge() != teal
    qtbot.mouseClick(canvas, LEFT, pos=IN_BOTH)
    assert on_the_edge() == teal
    qtbot.mouseClick(canvas, LEFT, pos=OUTSIDE)
    assert on_the_edge() != teal


def test_that_a_double_click_that_ends_a_drawing_chooses_nothing(made: Make, qtbot: QtBot) -> None:
    canvas = made(warned())
    canvas.begin_drawing(Tool.LENGTH)
    for at in (QPoint(280, 180), IN_BOTH):
        qtbot.mouseClick(canvas, LEFT, pos=at)
    with qtbot.waitSignal(canvas.was_measured):
        qtbot.mouseDClick(canvas, LEFT, pos=IN_BOTH)
        qtbot.mouseRelease(canvas, LEFT, pos=IN_BOTH)
    assert canvas.chosen is None
