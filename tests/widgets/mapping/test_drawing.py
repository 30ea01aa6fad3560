"""Drawing and measuring on the map by mouse and by keys alone: points come and go one by one, nothing is lost."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.layers import Sketch, SketchKind
from chengyun_widgets.mapping.measure import area_m2, length_m
from chengyun_widgets.mapping.pencil import MOST_CORNERS, Pencil
from chengyun_widgets.mapping.tools import LEAST_POINTS, Lack, Tool
from tests.widgets.mapping.conftest import MIDDLE, near, squares

Make = Callable[..., MapCanvas]
CORNERS = (QPoint(100, 100), QPoint(200, 100), QPoint(200, 180))


def click(canvas: MapCanvas, qtbot: QtBot, *at: QPoint) -> None:
    """Click at points."""
    for one in at:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=one)


def at_px(*points: QPoint) -> list[tuple[float, float]]:
    """Return the places at pixels of a canvas of 600 x 400."""
    return [near(one.x() - 300, one.y() - 200) for one in points]


@pytest.mark.parametrize("tool", [Tool.AREA, Tool.CLOSURE, Tool.ARROW])
def test_that_clicks_and_enter_draw(made: Make, qtbot: QtBot, tool: Tool) -> None:
    canvas = made(squares())
    canvas.begin_drawing(tool)
    click(canvas, qtbot, *CORNERS)
    with qtbot.waitSignal(canvas.was_drawn) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    args = told.args
    assert args[0] is tool
    assert [pytest.approx(place) for place in at_px(*CORNERS)] == list(args[1])
    assert not canvas.is_drawing


def test_that_a_note_is_one_click(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.NOTE)
    with qtbot.waitSignal(canvas.was_drawn) as told:
        click(canvas, qtbot, CORNERS[0])
    assert told.args[0] is Tool.NOTE
    assert len(told.args[1]) == 1


def test_that_a_circle_is_its_centre_and_a_point_of_its_edge(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.CIRCLE)
    with qtbot.waitSignal(canvas.was_drawn) as told:
        click(canvas, qtbot, QPoint(300, 200), QPoint(360, 200))
    assert told.args[0] is Tool.CIRCLE
    assert length_m(told.args[1]) == pytest.approx(length_m((near(0, 0), near(60, 0))))


def test_that_the_last_point_is_taken_back_by_backspace_and_by_the_right_button(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.ARROW)
    click(canvas, qtbot, *CORNERS)
    assert canvas.pencil is not None
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    assert len(canvas.pencil.points) == 2
    assert canvas.undo_point()
    assert canvas.undo_point()
    assert not canvas.undo_point()
    assert canvas.is_drawing


def test_that_what_is_not_complete_is_refused_and_nothing_is_lost(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.AREA)
    click(canvas, qtbot, *CORNERS[:2])
    with qtbot.assertNotEmitted(canvas.was_drawn), qtbot.waitSignal(canvas.drawing_was_refused) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert told.args == [Tool.AREA, Lack.TOO_FEW]
    assert canvas.pencil is not None
    assert len(canvas.pencil.points) == 2


def test_that_an_area_that_crosses_itself_is_refused(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.AREA)
    click(canvas, qtbot, QPoint(100, 100), QPoint(200, 200), QPoint(200, 100), QPoint(100, 200))
    with qtbot.waitSignal(canvas.drawing_was_refused) as told:
        canvas.finish_drawing()
    assert told.args == [Tool.AREA, Lack.CROSSING]
    canvas.undo_point()
    canvas.undo_point()
    click(canvas, qtbot, QPoint(100, 300))
    assert canvas.finish_drawing()


def test_that_escape_gives_up(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.AREA)
    click(canvas, qtbot, *CORNERS)
    with qtbot.assertNotEmitted(canvas.was_drawn), qtbot.waitSignal(canvas.drawing_did_end):
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.finish_drawing()


def test_that_an_area_can_be_drawn_without_a_mouse(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.SURFACE)
    for key, times in ((Qt.Key.Key_Space, 1), (Qt.Key.Key_Right, 3), (Qt.Key.Key_Space, 1), (Qt.Key.Key_Down, 2)):
        for _ in range(times):
            qtbot.keyClick(canvas, key)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    with qtbot.waitSignal(canvas.was_measured) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Enter)
    ring = (near(0, 0), near(48, 0), near(49, 32))
    assert list(told.args[0].points) == [pytest.approx(place) for place in ring]
    assert told.args[0].area_m2 == pytest.approx(area_m2(ring))
    assert told.args[0].length_m == pytest.approx(length_m((*ring, ring[0])))
    assert canvas.view == MIDDLE


def test_that_the_cross_of_the_keys_stays_in_the_window(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.NOTE)
    for _ in range(40):
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
    with qtbot.waitSignal(canvas.was_drawn) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert told.args[1][0] == pytest.approx(near(-300, 0))


def test_that_a_length_is_measured_as_it_was_put_not_as_the_mouse_lies(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.LENGTH)
    click(canvas, qtbot, QPoint(200, 200), QPoint(300, 200))
    qtbot.mouseMove(canvas, QPoint(500, 300))
    with qtbot.waitSignal(canvas.was_measured) as told:
        canvas.finish_drawing()
    assert told.args[0].length_m == pytest.approx(length_m((near(-100, 0), near(0, 0))))
    assert told.args[0].area_m2 == 0.0


def test_that_a_double_click_finishes_without_one_point_more(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.CLOSURE)
    click(canvas, qtbot, *CORNERS[:2])
    with qtbot.waitSignal(canvas.was_drawn) as told:
        click(canvas, qtbot, CORNERS[2])
        qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=CORNERS[2])
    assert len(told.args[1]) == 3


def test_that_the_map_can_be_dragged_while_something_is_drawn(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.CLOSURE)
    click(canvas, qtbot, CORNERS[0])
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    qtbot.mouseMove(canvas, QPoint(300, 300))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert canvas.view != MIDDLE
    assert canvas.pencil is not None
    assert canvas.pencil.points == [pytest.approx(at_px(CORNERS[0])[0])]


def test_that_a_handle_of_a_drawing_is_dragged(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_editing(Sketch(id="s1", kind=SketchKind.AREA, points=tuple(at_px(*CORNERS))))
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=CORNERS[1])
    qtbot.mouseMove(canvas, QPoint(260, 60))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(260, 60))
    click(canvas, qtbot, QPoint(500, 350))
    with qtbot.waitSignal(canvas.was_redrawn) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert told.args[0] == "s1"
    assert list(told.args[1]) == [pytest.approx(one) for one in at_px(CORNERS[0], QPoint(260, 60), CORNERS[2])]
    assert canvas.view == MIDDLE


def test_that_handles_are_reached_moved_and_taken_away_by_keys(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    places = at_px(*CORNERS, QPoint(100, 180))
    canvas.begin_editing(Sketch(id="s1", kind=SketchKind.AREA, points=tuple(places)))
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert canvas.held_handle() == 1
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    with qtbot.waitSignal(canvas.was_redrawn) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert list(told.args[1]) == [pytest.approx(one) for one in at_px(CORNERS[0], QPoint(216, 100), QPoint(100, 180))]


def test_that_a_new_tool_gives_up_the_old_one(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    canvas.begin_drawing(Tool.AREA)
    click(canvas, qtbot, *CORNERS)
    canvas.begin_drawing(Tool.NOTE)
    assert canvas.pencil is not None
    assert canvas.pencil.points == []


@pytest.mark.parametrize("tool", list(Tool))
def test_that_every_tool_says_what_it_needs(tool: Tool) -> None:
    pencil = Pencil(tool)
    for number in range(LEAST_POINTS[tool]):
        assert pencil.lack() is Lack.TOO_FEW
        pencil.put((0.5 + number * 0.01, 0.5 + number * number * 0.01))
    assert pencil.lack() is None


def test_that_a_point_put_twice_is_one_and_that_there_is_an_end() -> None:
    pencil = Pencil(Tool.CLOSURE)
    for number in range(MOST_CORNERS + 10):
        pencil.put((number / 1e4, 0.5))
        pencil.put((number / 1e4, 0.5))
    assert len(pencil.points) == MOST_CORNERS
