"""The cockpit laid by its master, and what an officer's hands change of it."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from chengyun_console.layouts import masters
from chengyun_console.layouts.arrangement import Pane, panes_of
from chengyun_console.layouts.overlay import Overlay, Pin
from chengyun_console.pages.cockpit.pinned import PinnedPanel
from chengyun_console.preferences import PreferenceFile, Preferences
from chengyun_core.mirror.tree import NodeKind
from tests.console.conftest import Room
from tests.support.small_city import small_city

ALT = Qt.KeyboardModifier.AltModifier
KEY = "duty_officer/peacetime"


def _pinned(room: Room) -> PinnedPanel:
    return room.window.cockpit.pinned


def _codes(room: Room) -> list[str]:
    return [pin.vital for pin in room.window.cockpit.laid.pins]


def _kept(tmp_path: Path) -> Overlay:
    return PreferenceFile(tmp_path, "A-03").read().layouts.get(KEY, Overlay())


def _pin(room: Room, *vitals: int) -> None:
    for vital in vitals:
        room.desk.select_vital(vital)
        QTest.keyClick(room.window, Qt.Key.Key_P)
    room.beat()


def _chart(room: Room, code: str) -> QWidget:
    return next(chart.view for chart in _pinned(room)._charts if chart.vital.code == code)


def _said(room: Room) -> str:
    return room.window.message.accessibleName()


def _show_master(room: Room, **row: object) -> None:
    laid = room.window.cockpit.laid
    laid.master = replace(laid.master, row=replace(laid.master.row, **row))  # type: ignore[arg-type]
    laid.did_change.emit()


def test_that_p_pins_the_vital_in_focus_from_any_page_and_unpins_it_again(desk_room: Room, tmp_path: Path) -> None:
    room = desk_room
    room.window.show_page("F2")
    _pin(room, 5)
    assert _codes(room) == ["V0000", "V0001", "V0005"]
    assert [pin.vital for pin in _kept(tmp_path).pins or ()] == _codes(room)
    _pin(room, 5)
    assert _codes(room) == ["V0000", "V0001"]


def test_that_alt_and_arrows_move_a_chart_which_keeps_keyboard_and_line(desk_room: Room, tmp_path: Path) -> None:
    room = desk_room
    _pin(room, 5)
    room.session.answer_windows((600, 8.0), (300, 9.0))
    moved = _chart(room, "V0005")
    series = _pinned(room)._charts[2].series
    moved.setFocus()
    QTest.keyClick(moved, Qt.Key.Key_Left, ALT)
    assert _codes(room) == ["V0000", "V0005", "V0001"]
    assert moved.hasFocus()
    assert _pinned(room)._charts[1].series is series
    assert [pin.vital for pin in _kept(tmp_path).pins or ()] == _codes(room)


def test_that_a_chart_is_moved_by_dragging_it_onto_another_and_is_not_opened_by_it(desk_room: Room) -> None:
    room = desk_room
    _pin(room, 5)
    opened: list[int] = []
    _pinned(room).vital_was_chosen.connect(opened.append)
    held, onto = _chart(room, "V0000"), _chart(room, "V0005")
    QTest.mousePress(held, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    target = held.mapFromGlobal(onto.mapToGlobal(QPoint(30, 30)))
    QTest.mouseMove(held, target)
    QTest.mouseRelease(held, Qt.MouseButton.LeftButton, pos=target)
    assert _codes(room) == ["V0001", "V0005", "V0000"]
    assert opened == []
    QTest.mouseClick(held, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert opened == [0]


def test_that_sizes_and_delete_act_on_the_chart_in_focus_and_the_keyboard_goes_to_the_next(desk_room: Room) -> None:
    room = desk_room
    _pin(room, 5)
    chart = _chart(room, "V0000")
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_4, ALT)
    assert [pin.size for pin in room.window.cockpit.laid.pins] == [4, 1, 1]
    room.beat()
    assert chart.height() > _chart(room, "V0001").height() * 1.8
    QTest.keyClick(chart, Qt.Key.Key_Delete)
    assert _codes(room) == ["V0001", "V0005"]
    assert _chart(room, "V0001").hasFocus()


def test_that_the_menu_of_a_chart_offers_what_the_keys_do(desk_room: Room) -> None:
    room = desk_room
    menu = _pinned(room)._hands.menu("V0000")
    told = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert [text.split("\t")[1] for text in told] == [
        "Alt+Left", "Alt+Right", "Alt+Up", "Alt+Down", "Alt+1", "Alt+2", "Alt+4", "Delete",
    ]  # fmt: skip
    menu.actions()[-1].trigger()
    assert _codes(room) == ["V0001"]
    assert isinstance(menu, QMenu)


def test_that_what_was_changed_is_there_at_the_next_sign_on_and_for_this_kind_of_post_only(
    room: Room, tmp_path: Path
) -> None:
    own = Overlay(
        pins=(Pin(vital="V0004", size=4), Pin(vital="V0001")), range_minutes=360, splits={"whole": (500, 500)}
    )
    PreferenceFile(tmp_path, "A-03").write(Preferences(layouts={KEY: own, "watch_chief/peacetime": Overlay()}))
    room.session.hear()
    room.session.show_city(small_city(12))
    room.session.enter()
    room.beat()
    laid = room.window.cockpit.laid
    assert (laid.pins, laid.range_minutes) == (own.pins and tuple(own.pins), 360)
    left, right = room.window.cockpit.panes.splits["whole"].sizes()
    assert abs(left - right) < 40
    laid.standing = replace(laid.standing, post="watch_chief")
    assert laid.overlay.is_empty


def test_that_a_vital_that_left_the_catalogue_says_so_in_its_place_until_it_is_back(desk_room: Room) -> None:
    room = desk_room
    _pin(room, 5)
    city = small_city(12, version=2)
    without = replace(city, vitals=tuple(vital for vital in city.vitals if vital.number != 5))
    room.session.show_city(without)
    room.beat()
    tile = _pinned(room)._gone["V0005"]
    assert "V0005" in tile.accessibleName()
    assert "鹅公岩大桥 挠度" in tile.accessibleName()
    assert _codes(room) == ["V0000", "V0001", "V0005"]
    room.session.show_city(small_city(12, version=3))
    room.beat()
    assert [chart.vital.code for chart in _pinned(room)._charts] == ["V0000", "V0001", "V0005"]
    assert _pinned(room)._gone == {}


def test_that_a_retired_vital_is_told_as_retired_and_delete_unpins_it(desk_room: Room) -> None:
    room = desk_room
    _pin(room, 5)
    city = small_city(12, version=2)
    retired = tuple(replace(vital, retired=vital.number == 5) for vital in city.vitals)
    room.session.show_city(replace(city, vitals=retired))
    tile = _pinned(room)._gone["V0005"]
    assert "已退役" in tile.accessibleName()
    QTest.keyClick(tile, Qt.Key.Key_Delete)
    assert _codes(room) == ["V0000", "V0001"]


def test_that_the_reset_key_asks_once_and_drops_the_overlay(desk_room: Room, tmp_path: Path) -> None:
    room, shift = desk_room, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(room.window, Qt.Key.Key_R, shift)
    assert not room.window.deeds.is_asking
    assert "没有个人改动" in _said(room)
    _pin(room, 5)
    QTest.keyClick(room.window, Qt.Key.Key_R, shift)
    assert room.window.deeds.is_asking
    QTest.keyClick(room.window.chooser, Qt.Key.Key_2)
    assert len(_codes(room)) == 3
    QTest.keyClick(room.window, Qt.Key.Key_R, shift)
    QTest.keyClick(room.window.chooser, Qt.Key.Key_1)
    assert _codes(room) == ["V0000", "V0001"]
    assert KEY not in PreferenceFile(tmp_path, "A-03").read().layouts


def test_that_a_divider_is_moved_by_arrow_keys_and_kept(desk_room: Room) -> None:
    room = desk_room
    split = room.window.cockpit.panes.splits["whole"]
    before = split.sizes()
    QTest.keyClick(split.handle(1), Qt.Key.Key_Left)
    assert split.sizes()[0] < before[0]
    assert room.window.cockpit.laid.overlay.splits["whole"] == tuple(split.sizes())


def test_that_what_the_master_locks_cannot_be_changed_and_says_so(desk_room: Room) -> None:
    room = desk_room
    _show_master(room, locked=("whole", "range"), kept=1)
    split = room.window.cockpit.panes.splits["whole"]
    before = split.sizes()
    QTest.keyClick(split.handle(1), Qt.Key.Key_Left)
    assert split.sizes() == before
    assert "锁定" in _said(room)
    _pinned(room).actions_by_key["360"].click()
    assert "时间范围" in _said(room)
    assert _pinned(room).actions_by_key["30"].isChecked()
    assert room.window.cockpit.laid.range_minutes == 30
    chart = _chart(room, "V0000")
    QTest.keyClick(chart, Qt.Key.Key_Delete)
    assert "前 1 张" in _said(room)
    QTest.keyClick(_chart(room, "V0001"), Qt.Key.Key_Left, ALT)
    assert _codes(room) == ["V0000", "V0001"]


def test_that_a_wrong_file_of_the_city_is_told_and_the_shipped_masters_are_used(room: Room, tmp_path: Path) -> None:
    (tmp_path / masters.OWN_FILE).write_text("[[master]]\ncode = 1\n", "utf-8")
    laid = type(room.window.cockpit.laid)(room.desk)
    told: list[str] = []
    room.desk.message_came.connect(lambda text, _trouble: told.append(text))
    laid.look()
    assert laid.master.row.code == "any"
    assert masters.OWN_FILE in told[0]


def test_that_a_track_owner_begins_in_his_sector_with_its_charts(room: Room) -> None:
    room.session.hear()
    room.session.show_city(small_city(12))
    room.session.put(dict.fromkeys(range(12), 10.0))
    room.session.signed_on = None
    room.session.enter()
    assert room.session.signed_on is not None
    room.session.signed_on = replace(room.session.signed_on, posts=("500000.track_owner.3",))
    room.window.cockpit.take_preferences()
    room.beat()
    laid, node = room.window.cockpit.laid, room.window.cockpit.descent.node
    assert (laid.standing.sector, laid.standing.post, laid.master.row.code) == ("S2", "track_owner", "sector")
    assert node is not None
    assert (node.kind, node.code) == (NodeKind.SECTOR, "S2")
    assert _codes(room)[:3] == ["V0003", "V0007", "V0011"]


def test_that_the_panes_of_every_master_are_on_the_page_narrow_and_wide(desk_room: Room) -> None:
    room = desk_room
    laid, page = room.window.cockpit.laid, room.window.cockpit
    widgets = {Pane.CHARTS: page.pinned, Pane.HEAT: page.heat, Pane.EXPLAIN: page.explain, Pane.ALARMS: page.alarms}
    for width, height in ((1366, 768), (3840, 2160)):
        room.window.resize(width, height)
        for master in masters.shipped().masters:
            laid.master = master
            laid.did_change.emit()
            QApplication.processEvents()
            placed = panes_of(master.wide if width > 2560 else master.panes)
            assert page.panes.is_wide == (width > 2560)
            for pane, widget in widgets.items():
                assert widget.isVisible() == (pane in placed)
                assert pane not in placed or (widget.width() >= 200 and widget.height() >= 100), (master.row.code, pane)
