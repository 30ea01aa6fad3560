"""A vital is pinned by carrying it: from the heat grid onto the board, from the table onto the cockpit in the rail."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.console.conftest import Room


def carry(source: QWidget, begin: QPoint, *way: QPoint) -> None:
    """Press on a widget, move through points of the screen, and let go at the last."""
    press(source, begin)
    points = [begin + QPoint(15, 0), *(source.mapFromGlobal(point) for point in way)]
    for at in points:
        _send(source, QEvent.Type.MouseMove, at)
    _send(source, QEvent.Type.MouseButtonRelease, points[-1])
    QApplication.processEvents()


def press(source: QWidget, at: QPoint) -> None:
    """Come to a point and press there."""
    _send(source, QEvent.Type.MouseMove, at, held=Qt.MouseButton.NoButton)
    _send(source, QEvent.Type.MouseButtonPress, at)


def _send(source: QWidget, kind: QEvent.Type, at: QPoint, *, held: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """QTest's own moves carry no button, and it will not act outside a window: a mouse that is held down does both."""
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else held
    on_screen = QPointF(source.mapToGlobal(at))
    QApplication.sendEvent(
        source, QMouseEvent(kind, QPointF(at), on_screen, button, held, Qt.KeyboardModifier.NoModifier)
    )


def middle(widget: QWidget) -> QPoint:
    """Return the middle of a widget on the screen."""
    return widget.mapToGlobal(widget.rect().center())


def pinned(room: Room) -> list[str]:
    return [pin.vital for pin in room.window.cockpit.laid.pins]


def cell(room: Room, vital: int) -> QPoint:
    rect = room.window.cockpit.heat.grid.cell_rect(vital)
    assert rect is not None
    return rect.center().toPoint()


def unpinned(room: Room) -> int:
    """Return a vital that is not pinned."""
    names = room.desk.names
    assert names is not None
    return next(vital.number for vital in names.view.shown if vital.code not in pinned(room))


def test_that_a_cell_let_go_on_a_chart_is_pinned_in_its_place(desk_room: Room) -> None:
    before, vital = pinned(desk_room), unpinned(desk_room)
    cockpit = desk_room.window.cockpit
    second = cockpit.pinned._charts[1].view
    carry(cockpit.heat.grid, cell(desk_room, vital), middle(second))
    names = desk_room.desk.names
    assert names is not None
    code = names.view.vital(vital).code
    assert pinned(desk_room) == [before[0], code, *before[1:]]
    assert "已固定" in desk_room.window.message.accessibleName()
    assert cockpit.pinned._hands._mark.isHidden()


def test_that_a_cell_that_is_pinned_already_moves_and_is_never_unpinned(desk_room: Room) -> None:
    before = pinned(desk_room)
    cockpit, names = desk_room.window.cockpit, desk_room.desk.names
    assert names is not None
    last = names.view.number_of(before[-1])
    carry(cockpit.heat.grid, cell(desk_room, last), middle(cockpit.pinned._charts[0].view))
    assert pinned(desk_room) == [before[-1], *before[:-1]]


def test_that_a_cell_let_go_elsewhere_changes_nothing_and_the_grid_goes_on(desk_room: Room) -> None:
    before, grid = pinned(desk_room), desk_room.window.cockpit.heat.grid
    opened: list[int] = []
    grid.cell_was_opened.connect(opened.append)
    carry(grid, cell(desk_room, 3), middle(desk_room.window.cockpit.alarms))
    assert (pinned(desk_room), opened) == (before, [])
    press(grid, cell(desk_room, 3))
    _send(grid, QEvent.Type.MouseButtonRelease, cell(desk_room, 3))
    assert opened == [3]


def test_that_the_chart_it_would_take_the_place_of_is_framed_meanwhile(desk_room: Room) -> None:
    cockpit = desk_room.window.cockpit
    chart = cockpit.pinned._charts[0].view
    drop, mark = cockpit.pinned.drop, cockpit.pinned._hands._mark
    drop.hold_over(3, middle(chart))
    assert (mark.isVisible(), mark.geometry()) == (True, chart.geometry())
    drop.hold_over(3, middle(cockpit.alarms))
    assert mark.isHidden()


def test_that_a_row_of_the_table_is_pinned_on_the_rail_and_the_row_in_focus_stays(desk_room: Room) -> None:
    room = desk_room
    vital = unpinned(room)
    room.window.show_page("F2")
    room.beat()
    table, rail = room.window.vitals.table, room.window.rail
    table.select_row(vital)
    place = table.visualRect(table.currentIndex()).center()
    first = rail.mapToGlobal(rail._rect(0).center().toPoint())
    carry(table.viewport(), place, middle(table), first)
    names = room.desk.names
    assert names is not None
    assert pinned(room)[-1] == names.view.vital(vital).code
    assert table.current_row() == vital
    assert room.window.page == "F2"
    carry(table.viewport(), place, first)
    assert pinned(room).count(names.view.vital(vital).code) == 1
    assert room.desk.say("console.layout.pinned_already") in room.window.message.accessibleName()
