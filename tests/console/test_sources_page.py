"""The health page of the sources: live figures, every loss in words, what is wrong first."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.wording.figures import Figures
from chengyun_console.wording.sources import SourceWords
from chengyun_core.ingest.sources.causes import MEANING
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import HistoryStatus, IngestStatus, SourceHealth
from chengyun_resources.texts import LANGUAGES, Texts
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S

MQTT = SourceHealth(
    name="mqtt:a", kind="mqtt", state="running", samples=9_000, rate=1_200.4, lag_s=0.25, since_ns=START_NS - 90 * S,
)  # fmt: skip
BROKEN = SourceHealth(
    name="opcua:b", kind="opcua", state="connecting", samples=0, rate=0.0, lag_s=0.0,
    drops={"bad_json": 3, "muted": 41},
    reason="ingest.source_connecting", offenders=(("10.0.0.7", 41),), last_fault="connection refused",
    since_ns=START_NS - 30 * S,
)  # fmt: skip


@pytest.fixture
def page_room(desk_room: Room) -> Room:
    """The page in front, the first status answered."""
    desk_room.window.show_page("sources")
    desk_room.beat()
    desk_room.session.answer_ask("status", IngestStatus(sources=(MQTT, BROKEN)))
    desk_room.beat()
    return desk_room


def told(room: Room) -> str:
    page = room.window.sources
    sections = (*page.source.text.sections, *page.daemons.text.sections)
    return "\n".join(f"{line.label} {line.text}" for section in sections for line in section.lines)


def test_that_each_source_tells_state_rate_lag_and_losses(page_room: Room) -> None:
    model = page_room.window.sources.list._facts
    first, second = model.row_at(0), model.row_at(1)
    assert first is not None
    assert second is not None
    assert (first.title, first.status, first.badges) == ("mqtt:a", "运行", ("MQTT",))
    assert first.detail == "1,200 点/秒 · 滞后 0.2 秒"
    assert (second.status, second.is_link) == ("连接中", True)
    assert "未采用 44" in second.detail


def test_that_the_source_that_does_not_run_is_explained_first_with_its_losses_worst_first(page_room: Room) -> None:
    assert page_room.window.sources.list.current_key() == "opcua:b"
    text = told(page_room)
    assert text.index("41 发送方垃圾过多") < text.index("3 不是严格的 JSON")
    assert "41 10.0.0.7" in text
    assert "connection refused" in text


def test_that_the_daemons_tell_reach_run_queues_and_lights(page_room: Room) -> None:
    text = told(page_room)
    titles = [section.title for section in page_room.window.sources.daemons.text.sections]
    assert titles == ["采集", "中心", "存档", "本窗口"]
    assert "367,412 点/秒" in text
    assert "库 正常" in text


def test_that_the_archive_tells_what_it_keeps_what_is_missing_and_why_it_stands_still(page_room: Room) -> None:
    room = page_room
    counters = {"archive_parts": 12, "archive_rows": 345_678, "archive_bytes": 5 * 2**20, "known_gaps": 0}
    room.session.answer_ask("archive status", HistoryStatus(counters=counters, gauges={"core_share": 0.051}))
    room.beat()
    text = told(room)
    assert "已存 12 个文件 · 345,678 行 · 5.0 MiB" in text
    assert "已知缺失 无已知缺失" in text
    assert "占用单核 5.1%" in text
    room.session.answer_ask("archive status", HistoryStatus(counters={"known_gaps": 2}, light="archive.disk_full"))
    room.beat()
    assert f"状态 {room.desk.say('archive.disk_full')}" in told(room)
    assert "已知缺失 2" in told(room)


def test_that_an_archive_that_does_not_answer_is_told_as_such(page_room: Room) -> None:
    room = page_room
    failed = Reason(code="session.not_sent", params={"kind": "status", "daemon": "link.daemon.historian"})
    room.session.answer_ask("archive status", failed)
    room.beat()
    assert "存档服务" in told(room)


def test_that_the_status_is_asked_each_second_and_only_while_the_page_is_in_front(page_room: Room) -> None:
    room = page_room
    assert "status" in room.session.sent.asks
    room.session.sent.asks.clear()
    room.beat(0.1)
    assert "status" not in room.session.sent.asks
    room.beat()
    assert "status" in room.session.sent.asks
    room.window.show_page("F1")
    room.session.sent.asks.clear()
    room.beat()
    assert "status" not in room.session.sent.asks


def test_that_figures_are_stale_once_ingest_does_not_answer(page_room: Room) -> None:
    room = page_room
    room.session.answer_ask("status", Reason(code="session.no_answer", params={"kind": "status", "daemon": "ingest"}))
    room.beat()
    row = room.window.sources.list._facts.row_at(0)
    assert row is not None
    assert row.is_stale


def test_that_the_lamp_of_ingest_opens_the_page_and_escape_leaves_it(desk_room: Room) -> None:
    room = desk_room
    room.window.top_bar._lights[0].was_asked.emit()
    assert room.window.stack.currentWidget() is room.window.sources
    QTest.keyClick(QApplication.focusWidget() or room.window, Qt.Key.Key_Escape)
    QTest.keyClick(QApplication.focusWidget() or room.window, Qt.Key.Key_Escape)
    assert room.window.stack.currentWidget() is room.window.cockpit


def test_that_the_search_finds_the_page_by_its_name(desk_room: Room) -> None:
    room = desk_room
    room.window.command_bar.open()
    room.window.command_bar.search.field.setText("采集健康")
    QTest.keyClick(room.window.command_bar.search.field, Qt.Key.Key_Return)
    assert room.window.stack.currentWidget() is room.window.sources


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_cause_of_a_loss_has_its_words(language: str) -> None:
    texts = Texts(language)
    causes = (*MEANING, "strangers", "spool_full", "archive")
    assert [cause for cause in causes if not texts.has(f"console.cause.{cause}")] == []


def test_that_a_cause_nobody_has_words_for_is_shown_by_its_code() -> None:
    line = SourceWords(Figures(Texts("zh_CN"))).drop("brand_new", 1)
    assert (line.label, line.text) == ("1", "brand_new")
