"""The map in an officer's hands: what keys, mouse and programs may do, and what a locked view refuses."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QGestureEvent, QLabel, QLineEdit, QPinchGesture, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chengyun_widgets.mapping.canvas import PAN_PX, MapCanvas
from chengyun_widgets.mapping.layers import MapItem, Mark
from chengyun_widgets.mapping.view import Bounds, MapView
from tests.widgets.mapping import scenes
from tests.widgets.mapping.city import paths
from tests.widgets.mapping.conftest import MIDDLE, bounds, marks, near, squares

Make = Callable[..., MapCanvas]
MIDDLE_PX = QPoint(300, 200)


def wheel(canvas: MapCanvas, at: QPointF, notches: int) -> None:
    """Turn the wheel."""
    turned = QPoint(0, 120 * notches)
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        at, at, QPoint(), turned, none, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(canvas, event)


def drag(canvas: MapCanvas, qtbot: QtBot, begin: QPoint, end: QPoint) -> None:
    """Drag with the left button."""
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=begin)
    qtbot.mouseMove(canvas, (begin + end) / 2)
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


def test_that_a_drag_moves_the_map_with_the_hand(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    place = canvas.screen_now.world(QPointF(100, 100))
    with qtbot.waitSignal(canvas.view_did_change):
        drag(canvas, qtbot, QPoint(100, 100), QPoint(160, 130))
    there = canvas.screen_now.px(*place)
    assert (there.x(), there.y()) == pytest.approx((160, 130), abs=0.01)


def test_that_a_drag_chooses_nothing(made: Make, qtbot: QtBot) -> None:
    canvas = made(marks((0, 0, 4)))
    with qtbot.assertNotEmitted(canvas.was_chosen):
        drag(canvas, qtbot, MIDDLE_PX, MIDDLE_PX + QPoint(30, 0))


def test_that_the_wheel_goes_nearer_to_what_is_under_the_mouse(made: Make) -> None:
    canvas = made(squares())
    place = canvas.screen_now.world(QPointF(400, 100))
    wheel(canvas, QPointF(400, 100), 2)
    assert canvas.view.zoom == MIDDLE.zoom + 1
    there = canvas.screen_now.px(*place)
    assert (there.x(), there.y()) == pytest.approx((400, 100), abs=0.01)


def test_that_two_fingers_go_nearer_and_do_not_drag(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    place = canvas.screen_now.world(QPointF(100, 100))
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(90, 90))
    pinch = QPinchGesture()
    pinch.setScaleFactor(2.0)
    pinch.setCenterPoint(QPointF(canvas.mapToGlobal(QPoint(100, 100))))
    QApplication.sendEvent(canvas, QGestureEvent([pinch]))
    qtbot.mouseMove(canvas, QPoint(200, 200))
    assert canvas.view.zoom == MIDDLE.zoom + 1
    there = canvas.screen_now.px(*place)
    assert (there.x(), there.y()) == pytest.approx((100, 100), abs=0.01)


@pytest.mark.parametrize(
    ("key", "dx", "dy"),
    [(Qt.Key.Key_Left, -1, 0), (Qt.Key.Key_Right, 1, 0), (Qt.Key.Key_Up, 0, -1), (Qt.Key.Key_Down, 0, 1)],
)
def test_that_arrows_pan(made: Make, qtbot: QtBot, key: Qt.Key, dx: int, dy: int) -> None:
    canvas = made(squares())
    qtbot.keyClick(canvas, key)
    assert (canvas.view.x - MIDDLE.x) * MIDDLE.scale == pytest.approx(dx * PAN_PX)
    assert (canvas.view.y - MIDDLE.y) * MIDDLE.scale == pytest.approx(dy * PAN_PX)


def test_that_plus_and_minus_zoom_about_the_middle_and_home_shows_the_whole(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view == MapView(MIDDLE.x, MIDDLE.y, 10.5)
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.view.zoom == 10.0
    canvas.set_home(bounds(800))
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.screen_now.bounds.holds(bounds(800))


def test_that_nothing_moves_a_locked_view(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares(), marks((0, 0, 1)))
    canvas.set_home(bounds(900))
    canvas.lock_view(True)
    with qtbot.assertNotEmitted(canvas.view_did_change):
        drag(canvas, qtbot, QPoint(10, 10), QPoint(200, 100))
        wheel(canvas, QPointF(100, 100), 3)
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Plus, Qt.Key.Key_Home, Qt.Key.Key_PageDown):
            qtbot.keyClick(canvas, key)
        qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
        assert not canvas.look_at(MapView(0.1, 0.1, 5.0))
        assert not canvas.fit(bounds(50))
        assert not canvas.go_home()
        assert not canvas.return_to_kept()
    assert canvas.view == MIDDLE


def test_that_return_goes_back_to_the_view_that_was_locked(made: Make, qtbot: QtBot) -> None:
    canvas = made(squares())
    with qtbot.waitSignal(canvas.lock_did_change):
        canvas.lock_view(True)
    canvas.lock_view(False)
    canvas.pan(500, 300)
    canvas.zoom_by(2)
    assert canvas.return_to_kept()
    assert canvas.view == MIDDLE


def test_that_return_goes_back_to_before_a_jump_and_forth_again(made: Make) -> None:
    canvas = made(squares())
    canvas.look_at(MapView(0.7, 0.4, 12.0))
    assert canvas.return_to_kept()
    assert canvas.view == MIDDLE
    assert canvas.return_to_kept()
    assert canvas.view == MapView(0.7, 0.4, 12.0)


def test_that_a_click_chooses_the_gravest_of_what_is_under_it(made: Make, qtbot: QtBot) -> None:
    canvas = made(marks((0, 0, 1), (3, 2, 4), (100, 50, 3)))
    assert [item.id for item in canvas.pick(301, 201)] == ["marks1", "marks0"]
    with qtbot.waitSignal(canvas.was_chosen) as told:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=MIDDLE_PX)
    assert told.args == [MapItem("marks", "marks1")]
    assert canvas.chosen == MapItem("marks", "marks1")
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert canvas.chosen is None


def test_that_a_double_click_opens_a_mark_and_goes_nearer_where_there_is_none(made: Make, qtbot: QtBot) -> None:
    canvas = made(marks((0, 0, 1)))
    with qtbot.waitSignal(canvas.was_opened) as told:
        qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=MIDDLE_PX)
    assert told.args == [MapItem("marks", "marks0")]
    assert canvas.view == MIDDLE
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert canvas.view.zoom == MIDDLE.zoom + 1


def test_that_a_target_is_as_large_as_a_finger(made: Make) -> None:
    canvas = made(marks((0, 0, 0)))
    assert canvas.pick(300 + 13, 200 - 13) == (MapItem("marks", "marks0"),)
    assert canvas.pick(300 + 15, 200) == ()


def test_that_quiet_dots_can_be_picked_too(made: Make) -> None:
    canvas = made(marks((50, 40, 0), (150, 0, 2), code="d", mark=Mark.DEVICE, is_quiet=True))
    assert canvas.pick(350, 240) == (MapItem("d", "d0"),)
    assert canvas.pick(450, 200) == (MapItem("d", "d1"),)


def test_that_lines_and_areas_are_picked_where_a_layer_lets_them(made: Make) -> None:
    pipe = squares(is_pickable=True)
    line = type(pipe)(
        code="pipes", paths=paths(("P1",), [(0, False, np.array([near(-200, 50), near(200, 50)]))]), style=pipe.style,
        is_pickable=True,
    )  # fmt: skip
    canvas = made(pipe, line)
    assert canvas.pick(200, 250) == (MapItem("pipes", "P1"), MapItem("squares", "A"))
    assert canvas.pick(400, 220) == (MapItem("squares", "B"),)
    assert canvas.pick(20, 20) == ()
    canvas.show_layers((squares(),))
    assert canvas.pick(400, 220) == ()


def test_that_a_cluster_is_opened_by_going_nearer(made: Make, qtbot: QtBot) -> None:
    canvas = made(marks((0, 0, 0), (6, 4, 2), is_clustered=True))
    (cluster,) = canvas.scene.symbols
    at = canvas.screen_now.px(cluster.x, cluster.y).toPoint()
    with qtbot.assertNotEmitted(canvas.was_chosen):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    canvas.settle()
    assert canvas.view.zoom > MIDDLE.zoom
    assert [one.count for one in canvas.scene.symbols] == [1, 1]


@pytest.mark.parametrize("is_locked", [True, False])
def test_that_a_cluster_that_cannot_be_split_is_listed(made: Make, qtbot: QtBot, is_locked: bool) -> None:
    apart = 6 if is_locked else 0
    canvas = made(marks((0, 0, 0), (apart, 0, 3), is_clustered=True))
    canvas.look_at(MapView(MIDDLE.x, MIDDLE.y, 10.0 if is_locked else 18.0))
    canvas.lock_view(is_locked)
    canvas.settle()
    (cluster,) = canvas.scene.symbols
    with qtbot.waitSignal(canvas.group_was_opened) as told:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.screen_now.px(cluster.x, cluster.y).toPoint())
    assert told.args == [(MapItem("marks", "marks1"), MapItem("marks", "marks0"))]


def test_that_tab_walks_gravest_first_and_then_leaves_the_map(qtbot: QtBot, made: Make) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    canvas, after = made(marks((0, 0, 1), (100, 0, 4), (-100, 0, 0), (50_000, 0, 4))), QLineEdit()
    column.addWidget(canvas)
    column.addWidget(after)
    qtbot.addWidget(page)
    page.resize(700, 500)
    page.show()
    canvas.settle()
    canvas.setFocus()
    walked = []
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
        walked.append(canvas.chosen)
    assert [item.id for item in walked if item] == ["marks1", "marks0", "marks2"]
    assert canvas.accessibleDescription() == "点2 正常"
    with qtbot.waitSignal(canvas.was_opened) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert told.args == [MapItem("marks", "marks2")]
    qtbot.keyClick(canvas, Qt.Key.Key_PageUp)
    assert canvas.chosen == MapItem("marks", "marks0")
    for _ in range(2):
        qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.chosen is None
    assert page.focusWidget() is canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert page.focusWidget() is after


def test_that_every_point_in_the_window_is_reached_by_keys(made: Make, qtbot: QtBot) -> None:
    canvas = made(
        marks((0, 0, 2), (8, 0, 0), code="c", is_clustered=True),
        marks(*((at * 20 - 100, 90, 0) for at in range(10)), code="d", mark=Mark.DEVICE, is_quiet=True),
    )
    seen = set()
    for _ in range(11):
        qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
        assert canvas.chosen is not None
        seen.add(canvas.chosen)
    assert {item.id for item in seen} == {"c0", *(f"d{at}" for at in range(10))}


def test_that_enter_on_a_cluster_opens_it(made: Make, qtbot: QtBot) -> None:
    canvas = made(marks((0, 0, 0), (6, 4, 2), is_clustered=True))
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.accessibleDescription() == "2 个 黄"
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert canvas.view.zoom > MIDDLE.zoom


def test_that_escape_lets_go(made: Make, qtbot: QtBot) -> None:
    canvas = made(marks((0, 0, 1)))
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
    with qtbot.waitSignal(canvas.was_hovered) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert told.args == [None]
    assert canvas.chosen is None


def test_that_hovering_is_told_once_and_its_end_too(made: Make, qtbot: QtBot) -> None:
    canvas = made(marks((0, 0, 1)))
    told: list[MapItem | None] = []
    canvas.was_hovered.connect(told.append)
    for at in (QPoint(200, 100), QPoint(300, 200), QPoint(302, 200), QPoint(200, 100)):
        qtbot.mouseMove(canvas, at)
    assert told == [MapItem("marks", "marks0"), None]


def test_that_a_menu_is_asked_for_with_place_and_item(made: Make, qtbot: QtBot) -> None:
    canvas = made(marks((40, 0, 1)))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(340, 200), canvas.mapToGlobal(QPoint(340, 200)))
    with qtbot.waitSignal(canvas.was_asked) as told:
        QApplication.sendEvent(canvas, event)
    ask = told.args[0]
    assert ask.item == MapItem("marks", "marks0")
    assert (ask.x, ask.y) == pytest.approx(near(40, 0))
    assert ask.at == canvas.mapToGlobal(QPoint(340, 200))


def test_that_the_menu_key_asks_about_what_is_chosen(made: Make, qtbot: QtBot) -> None:
    canvas = made(marks((40, 0, 1), (90, 40, 2)))
    canvas.choose(MapItem("marks", "marks0"))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), canvas.mapToGlobal(QPoint(5, 5)))
    with qtbot.waitSignal(canvas.was_asked) as told:
        QApplication.sendEvent(canvas, event)
    assert told.args[0].item == MapItem("marks", "marks0")
    assert told.args[0].at == canvas.mapToGlobal(QPoint(340, 200))


def test_that_a_map_without_room_waits_to_be_fitted(theme, qtbot: QtBot) -> None:
    canvas = scenes.canvas(theme, 0, 0)
    qtbot.addWidget(canvas)
    canvas.show_layers((squares(), marks((0, 0, 4))))
    assert canvas.fit(bounds())
    assert canvas.picture().isNull()
    assert canvas.pick(0, 0) == ()
    canvas.resize(500, 400)
    canvas.show()
    canvas.settle()
    assert canvas.screen_now.bounds.holds(bounds())


def test_that_what_was_fitted_goes_on_fitting_until_the_view_is_moved(made: Make) -> None:
    canvas = made()
    wide, high = canvas.width(), canvas.height()
    canvas.fit(bounds())
    kept, before = canvas.kept, canvas.view
    canvas.resize(wide // 2, high // 2)
    assert canvas.view.zoom == pytest.approx(before.zoom - 1.0)
    assert canvas.kept == kept, "no jump: the way back leads where it led"
    canvas.resize(wide, high)
    assert canvas.view == before
    canvas.lock_view(True)
    canvas.resize(wide // 2, high // 2)
    assert canvas.view == before
    canvas.lock_view(False)
    canvas.resize(wide, high)
    canvas.pan(30, 0)
    moved = canvas.view
    canvas.resize(wide // 2, high // 2)
    assert canvas.view == moved


def test_that_an_empty_map_can_be_moved_and_asked(made: Make, qtbot: QtBot) -> None:
    canvas = made()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Home, Qt.Key.Key_Plus):
        qtbot.keyClick(canvas, key)
    assert canvas.pick(10, 10) == ()
    assert not canvas.picture().isNull()


def test_that_layers_of_nothing_are_nothing(made: Make) -> None:
    canvas = made(marks(), marks(code="q", is_clustered=True), marks(code="r", is_quiet=True))
    assert canvas.scene.symbols == ()


def test_that_a_card_stands_beside_its_place_and_inside_the_window(made: Make) -> None:
    canvas = made(squares())
    card = QLabel("card")
    card.setMinimumSize(180, 120)
    for dx, dy in ((0, 0), (290, 0), (-290, -190), (290, 190)):
        canvas.show_card(card, *near(dx, dy))
        place = canvas.screen_now.px(*near(dx, dy)).toPoint()
        assert canvas.rect().contains(card.geometry())
        assert not card.geometry().contains(place)
    canvas.pan(-100, 0)
    assert card.geometry().right() < canvas.screen_now.px(*near(290, 190)).x()
    canvas.show_card(None)
    assert card.isHidden()


@pytest.mark.parametrize("at", [(150, 30), (150, 200), (150, 370), (20, 200), (290, 200)])
def test_that_a_card_in_a_narrow_window_stands_below_or_above_its_place(made: Make, at: tuple[int, int]) -> None:
    canvas = made(squares(), width=300)
    card = QLabel("card")
    card.setMinimumSize(280, 120)
    place = QPoint(*at)
    canvas.show_card(card, *canvas.screen_now.world(QPointF(place)))
    assert canvas.rect().contains(card.geometry())
    assert not card.geometry().contains(place)


def test_that_home_is_nowhere_until_it_is_told(made: Make) -> None:
    canvas = made(squares())
    assert not canvas.go_home()
    canvas.set_home(Bounds(0.7, 0.4, 0.8, 0.5))
    assert canvas.go_home()
