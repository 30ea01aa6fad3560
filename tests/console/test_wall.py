"""The wall window: the same session, nobody's data, nobody's keyboard, and a screen that may go and come."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from chengyun_console.actions.table import BY_ID
from chengyun_console.choosing import choose
from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.layouts.labels import Label, Labels
from chengyun_console.layouts.masters import OWN_FILE
from chengyun_console.layouts.placement import Box, ScreenBox
from chengyun_console.layouts.wall_desk import KEY_HINTS
from chengyun_console.preferences import PreferenceFile, Preferences
from chengyun_console.session.session import Session
from chengyun_console.shell.stage import Stage
from chengyun_console.shell.wall import FRAMES_PER_PAINT, Wall
from chengyun_console.shell.wall_page import WallPage
from chengyun_console.shell.wall_window import WallWindow, scale_for
from chengyun_core.mirror.masked_view import MaskedView
from chengyun_core.mirror.tree import NodeKind
from chengyun_core.model.places import Post
from chengyun_core.model.scales import WarningColour
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme
from tests.console.conftest import Room
from tests.console.still_session import StillSession, alarm
from tests.support.small_city import small_city

DESK = ScreenBox(name="DP-1", area=Box(x=0, y=0, width=1920, height=1080))
HALL = ScreenBox(name="HDMI-1", area=Box(x=1920, y=0, width=3840, height=2160))


class FakeScreens(QObject):
    """Screens in the test's hand; the console is always on the first one."""

    did_change = Signal()

    def __init__(self, *screens: ScreenBox) -> None:
        super().__init__()
        self.there = screens

    def all(self) -> tuple[ScreenBox, ...]:
        """Return the screens."""
        return self.there

    def primary(self) -> str:
        """Return the first one."""
        return self.there[0].name

    def of(self, window: QWidget) -> str:
        """Return where a window is: the wall on the last screen, everything else on the first."""
        return self.there[-1].name if isinstance(window, WallWindow) else self.there[0].name

    def become(self, *screens: ScreenBox) -> None:
        """Plug or unplug."""
        self.there = screens
        self.did_change.emit()


@pytest.fixture
def hall(desk_room: Room) -> Iterator[Room]:
    """The signed-on room with a second screen in the hall."""
    wall = desk_room.window.wall
    wall.screens.did_change.disconnect()
    wall.screens = FakeScreens(DESK, HALL)  # type: ignore[assignment]
    wall.screens.did_change.connect(wall._on_screens)
    yield desk_room
    if isValid(desk_room.window):
        desk_room.window.wall.close()


def _wall(room: Room) -> Wall:
    return room.window.wall


def _open(room: Room) -> WallPage:
    QTest.keyClick(room.window, Qt.Key.Key_F11)
    window = _wall(room).window
    assert window is not None
    _paint(room)
    return window.page


def _paint(room: Room) -> None:
    """Let the wall paint once."""
    for _ in range(FRAMES_PER_PAINT):
        room.beat()


def _said(room: Room) -> str:
    return room.window.message.accessibleName()


def test_that_f11_opens_a_second_window_of_the_same_session_and_closes_it(hall: Room, tmp_path: Path) -> None:
    page = _open(hall)
    window = _wall(hall).window
    assert window is not None
    assert window.isVisible()
    assert [chart.vital.code for chart in page.cockpit.pinned._charts] == ["V0000", "V0001"]
    assert page._desk.session is hall.desk.session
    assert "HDMI-1" in _said(hall)
    assert PreferenceFile(tmp_path, "A-03").read().wall_open
    hall.session.put_alarms(alarm(1, 3, WarningColour.RED))
    _paint(hall)
    assert [item.key for item in page.strip.alarms._items.values()] == ["1.4.4"]
    QTest.keyClick(hall.window, Qt.Key.Key_F11)
    assert _wall(hall).window is None
    assert not PreferenceFile(tmp_path, "A-03").read().wall_open


def test_that_another_scale_is_worn_by_the_open_wall_at_once(hall: Room) -> None:
    page = _open(hall)
    window = _wall(hall).window
    assert window is not None
    window.resize(3840, 2160)
    assert window.transform().m11() == 1.5
    choose(hall.desk, "wall_scale", "2.0")
    assert window.transform().m11() == 2.0
    assert page.width() == 1920
    hall.window.do((BY_ID["preference.wall_scale"],))
    assert window.transform().m11() == 2.5
    choose(hall.desk, "wall_scale", "9")
    assert hall.desk.preferences.wall_scale == 2.5


def test_that_the_wall_never_takes_the_keyboard_nor_a_click(hall: Room) -> None:
    hall.session.put_alarms(alarm(1, 3), alarm(2, 4, WarningColour.YELLOW))
    before = hall.window.focusWidget()
    page = _open(hall)
    window = _wall(hall).window
    assert window is not None
    assert window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    selected = page._desk.alarm()
    for y in range(200, 600, 40):
        QTest.mouseClick(window.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(window.width() - 80, y))
    assert page._desk.alarm() is selected
    assert hall.window.focusWidget() is before


def test_that_the_wall_follows_nothing_of_the_officer_until_told(hall: Room) -> None:
    hall.session.put_alarms(alarm(1, 3))
    page = _open(hall)
    shift = Qt.KeyboardModifier.ShiftModifier
    names = hall.desk.names
    assert names is not None
    hall.desk.select_vital(6)
    hall.window.cockpit.open_node(names.view.layer(NodeKind.TRACK).node("T2"))
    _paint(hall)
    assert page.cockpit.descent.node is None
    assert page._desk.vital != 6
    QTest.keyClick(hall.window, Qt.Key.Key_F11, shift)
    shown = page.cockpit.descent.node
    assert shown is not None
    assert shown.code == "T2"
    assert page._desk.vital == 6
    hall.window.cockpit.open_node(None)
    QTest.keyClick(hall.window, Qt.Key.Key_F11, shift)
    assert page.cockpit.descent.node is None
    first = page.cockpit.pinned._charts[0]
    assert first.vital.number == 6
    assert first.view.height() > page.cockpit.pinned._charts[1].view.height()
    assert hall.window.cockpit.laid.overlay.is_empty


def test_that_sending_to_a_wall_that_is_closed_says_how_to_open_it(desk_room: Room) -> None:
    QTest.keyClick(desk_room.window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    assert "F11" in _said(desk_room)


def test_that_no_name_phone_account_or_key_is_said_on_the_wall(hall: Room) -> None:
    page = _open(hall)
    desk = page._desk
    assert desk.names is not None
    post = desk.names.post("500000.track_owner.1")
    assert post is not None
    assert "0001" not in post.phone
    assert desk.names.post("500000.duty_officer").holder == ""  # type: ignore[union-attr]
    assert page.top_bar._watch.text() == ""
    window = _wall(hall).window
    assert window is not None
    assert "李值班" not in window.watermark._text
    assert "A-03" in window.watermark._text
    assert "李值班" in hall.window.watermark._text
    acked = alarm(1, 3, acked_at=1, acked_by="zhang.san", acked_seat="", assigned_to="500000.track_owner.1")
    rows = (desk.list_words.detail(acked), desk.list_words.status(acked, desk.now_ns()))
    assert not any("zhang" in row or "跑道长" in row for row in rows)
    assert all(desk.say(code) == "" for code in KEY_HINTS)
    assert desk.allowed() == frozenset()


def test_that_restricted_vitals_are_hidden_or_dimmed_as_the_citys_table_says(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / OWN_FILE).write_text('[wall]\n"code.V0000" = "hide"\n"code.V0003" = "dim"\n', "utf-8")
    laid = room.window.cockpit.laid
    monkeypatch.setattr(laid, "_table", type(laid)(room.desk)._table)
    room.session.hear()
    room.session.show_city(small_city(12))
    room.session.enter()
    room.session.put(dict.fromkeys(range(12), 123.4))
    room.session.put_alarms(alarm(1, 0, value=183.62), alarm(2, 3, value=77.7))
    room.desk.select_vital(0)
    page = _open(room)
    desk = page._desk
    assert desk.names is not None
    assert "V0000" not in [chart.vital.code for chart in page.cockpit.pinned._charts]
    told = [item.text for item in page.strip.alarms._items.values()]
    hidden, dim = sorted(told, key=lambda text: "受限体征" not in text)
    assert "寸滩站" not in hidden
    assert "183" not in hidden
    assert "主城供水" not in dim
    assert "管网压力 · 渝中区" in dim
    assert len(told) == 2
    QTest.keyClick(room.window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    assert "寸滩站" not in _said(room)
    assert "V0000" not in [chart.vital.code for chart in page.cockpit.pinned._charts]
    assert [chart.vital.code for chart in room.window.cockpit.pinned._charts] == ["V0000", "V0001"]
    room.window.wall.close()


def test_that_labels_hold_by_code_then_by_beginning_then_by_class() -> None:
    labels = Labels(
        {"vital.risk": "dim", "code.V*": "normal", "code.V00*": "hide", "code.V0001": "dim", "phone": "dim"}
    )
    vital = small_city().vitals[0]
    assert labels.of_vital(replace(vital, code="X")) is Label.DIM
    assert labels.of_vital(replace(vital, code="V1")) is Label.NORMAL
    assert labels.of_vital(replace(vital, code="V0002")) is Label.HIDE
    assert labels.of_vital(replace(vital, code="V0001")) is Label.DIM
    assert labels.of("person") is Label.HIDE
    post = labels.post(Post(code="a", name="b", centre="c", phone="023-4567", holder="张三"))
    assert (post.phone, post.holder) == ("••••••67", "")


def test_that_a_masked_catalogue_differs_in_what_is_told_and_in_nothing_else(hall: Room) -> None:
    view = hall.desk.session.catalogue
    assert view is not None
    before = view.shown
    told = replace(view.vital(3), name="受限", pinned=0)
    masked = MaskedView(view, {3: told}, lambda post: replace(post, phone=""))
    assert masked.vital(3).name == "受限"
    assert masked.post("500000.track_owner.1").phone == ""  # type: ignore[union-attr]
    assert masked.catalogue.posts == ()
    assert view.vital(3).name != "受限"
    assert view.shown is before
    assert [vital.number for vital in masked.shown] == [vital.number for vital in before]
    assert masked.threshold(3) is view.threshold(3)


@pytest.mark.parametrize(
    ("size", "wanted", "scale"),
    [((1920, 1080), 1.5, 1080 / 768), ((3840, 2160), 1.5, 1.5), ((3840, 2160), 2.5, 2.5), ((1366, 768), 2.0, 1.0)],
)
def test_that_the_wall_is_as_large_as_wanted_where_the_page_keeps_its_room(
    size: tuple[int, int], wanted: float, scale: float
) -> None:
    assert scale_for(*size, wanted) == pytest.approx(scale, rel=0.01)


@pytest.mark.parametrize(("size", "wide"), [((1920, 1080), False), ((3840, 2160), True)])
def test_that_the_page_fills_the_wall_and_is_wide_on_a_wide_one(hall: Room, size: tuple[int, int], wide: bool) -> None:
    page = _open(hall)
    window = _wall(hall).window
    assert window is not None
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(*size)
    hall.beat()
    scale = window.transform().m11()
    assert abs(page.width() * scale - size[0]) <= scale
    assert abs(page.height() * scale - size[1]) <= scale
    assert page.cockpit.panes.is_wide == wide
    picture = window.grab().toImage()
    assert (picture.width(), picture.height()) == size
    colours = {picture.pixel(x, y) for x in range(0, size[0], 37) for y in range(0, size[1], 37)}
    assert len(colours) > 20


def test_that_the_wall_closes_with_the_console_and_is_open_again_at_the_next_sign_on(
    hall: Room, tmp_path: Path
) -> None:
    _open(hall)
    window = _wall(hall).window
    hall.window.close()
    assert _wall(hall).window is None
    assert window is not None
    assert not window.isVisible()
    kept = PreferenceFile(tmp_path, "A-03").read()
    assert kept.wall_open
    assert kept.windows["wall"].screen == "HDMI-1"
    assert kept.windows["console"].screen == "DP-1"


def test_that_a_kept_wall_opens_when_the_seat_is_taken(room: Room, tmp_path: Path) -> None:
    PreferenceFile(tmp_path, "A-03").write(Preferences(wall_open=True))
    room.session.hear()
    room.session.show_city(small_city(12))
    room.session.enter()
    assert room.window.wall.window is not None
    room.window.wall.close()


def test_that_an_unplugged_wall_moves_says_so_and_returns(hall: Room) -> None:
    page = _open(hall)
    _wall(hall)._keep_places()
    screens = _wall(hall).screens
    assert isinstance(screens, FakeScreens)
    window = _wall(hall).window
    assert window is not None
    screens.become(DESK)
    assert not window.isFullScreen()
    assert "HDMI-1" in page.notice.text()
    assert page.notice.isVisibleTo(page)
    assert "HDMI-1" in _said(hall)
    screens.become(DESK, HALL)
    assert window.isFullScreen()
    assert not page.notice.isVisibleTo(page)
    assert "接回" in _said(hall)


def test_that_another_language_brings_the_wall_back_in_it(qtbot: QtBot, tmp_path: Path) -> None:
    session = StillSession()
    desk = Desk(cast("Session", session), tmp_path, load_theme("night"), Texts("zh_CN"), Preferences())
    stage = Stage(desk, FrameTick())
    stage.window.show()
    session.hear()
    session.show_city(small_city(12))
    session.enter()
    stage.window.wall.open()
    before = stage.window.wall.window
    desk.choose_next("language")
    qtbot.waitUntil(lambda: stage.window.wall.window not in {None, before})
    window = stage.window.wall.window
    assert window is not None
    assert window.isVisible()
    assert window.page.cockpit.pinned.accessibleName() == Texts("en").say("console.pinned.title")
    assert desk.preferences.wall_open
    qtbot.addWidget(stage.window)
    stage.window.close()
    assert stage.window.wall.window is None
