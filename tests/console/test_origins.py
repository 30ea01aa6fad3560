"""C6: every count in a bar or a panel's title can be asked where it comes from, by key and by mouse."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from chengyun_console.wording.origins import IN_THE_BAR, ON_THE_PAGE
from chengyun_core.mirror.links import Reach
from chengyun_resources.texts import LANGUAGES, Texts
from tests.console.conftest import Room


def told(room: Room) -> dict[str, str]:
    """Return what the open sheet says, by figure."""
    sections = room.window.layers.origin.sheet.text.sections
    return {section.title: "\n".join(line.text for line in section.lines) for section in sections}


def test_that_the_key_tells_every_figure_its_source_and_its_instant_and_closes_it_again(desk_room: Room) -> None:
    room = desk_room
    QTest.keyClick(room.window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert room.window.layers.origin.isVisible()
    said = told(room)
    assert len(said) == len(IN_THE_BAR) + len(ON_THE_PAGE)
    assert "阈值方案“平时”" in said["异常体征"]
    assert "2026-07-18 14:32:0" in said["采集 点/秒"]
    assert "日志第 7 条" in said["未确认"]
    assert "目录第 1 版" in said["体征数"]
    QTest.keyClick(room.window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert room.window.layers.origin.isHidden()


@pytest.mark.parametrize("where", ["bar", "heat", "alarms", "vitals"])
def test_that_a_click_on_a_bar_or_a_head_asks_the_same(desk_room: Room, where: str) -> None:
    window = desk_room.window
    if where == "vitals":
        window.show_page("F2")
        desk_room.beat()
    asked = {
        "bar": window.status_bar, "heat": window.cockpit.heat, "alarms": window.cockpit.alarms,
        "vitals": window.vitals.panel,
    }[where]  # fmt: skip
    QTest.mouseClick(asked, Qt.MouseButton.LeftButton, pos=QPoint(asked.width() // 2, 12))
    assert window.layers.origin.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.layers.origin.isHidden()


def test_that_an_instant_stands_still_while_its_daemon_is_lost(desk_room: Room) -> None:
    room = desk_room
    room.session.hear(ingest=Reach.LOST)
    room.window.routes.tell_origins()
    before = told(room)["采集 点/秒"]
    room.beat(60.0)
    assert told(room)["采集 点/秒"] == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_figure_has_its_words(language: str) -> None:
    texts = Texts(language)
    figures = (*IN_THE_BAR, *ON_THE_PAGE)
    assert all(texts.has(f"console.origin.{one}") and texts.has(f"console.origin.{one}.from") for one in figures)


def test_that_nothing_is_told_before_sign_on(room: Room) -> None:
    room.window.status_bar.was_asked.emit()
    assert room.window.layers.origin.isHidden()
