"""Ctrl+P asks inline how the pane in focus is printed; it stays open until it is done, and says why it is not."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.paper.errand import Ended, PressErrand
from chengyun_console.paper.folder_dialog import FolderDialog
from chengyun_console.paper.heading import head_of
from chengyun_console.paper.panes import Printable, printed_of
from chengyun_console.paper.press.__main__ import EXIT_STOPPED
from chengyun_console.paper.printed import Printed, PrintedChart, PrintedGrid, PrintedRow, PrintedTable
from chengyun_console.paper.sheet import PrintSheet
from chengyun_core.mirror.links import Reach
from chengyun_core.mirror.scope import Scope, ScopeKind
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire.envelope import Reply
from chengyun_widgets.panel import Panel
from tests.console.conftest import Room
from tests.console.paper.jobs import order, table
from tests.console.still_session import alarm

LIMIT_MS = 60_000


@pytest.fixture
def paper_room(desk_room: Room) -> Room:
    """Three alarms, bands, and a past for the charts."""
    room = desk_room
    room.session.put({vital: 10.0 + vital for vital in range(12)}, band={3: 4, 5: 3, 7: 2})
    room.session.put_alarms(alarm(1, 3), alarm(2, 5, WarningColour.ORANGE), alarm(3, 7, WarningColour.YELLOW))
    room.beat()
    room.session.answer_windows((60, 100.0), (40, 110.0), (20, 120.0))
    room.beat()
    have_noted(room)
    return room


def have_noted(room: Room, outcome: str = "done", code: str = "") -> None:
    """Have the centre answer each note of an export, as it would a moment later."""
    session, send = room.session, type(room.session).send

    def sent(command: object) -> str:
        made = send(session, command)
        if isinstance(command, NoteExport):
            reply = Reply(id=made, outcome=outcome, code=code)
            QTimer.singleShot(0, session, lambda: session.command_ended.emit(made, reply))
        return made

    session.send = sent  # type: ignore[method-assign]


def noted(room: Room) -> list[NoteExport]:
    return [one for one in room.session.sent.commands if isinstance(one, NoteExport)]


def asked(room: Room) -> PrintSheet:
    """Press Ctrl+P and return the sheet."""
    QTest.keyClick(room.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    sheet = room.window.sheets.printing
    assert sheet.isVisible()
    return sheet


def gone(room: Room, sheet: PrintSheet, file: Path, key: str = "3") -> str:
    """Export to a file by keys alone; return what the message line was told, or the sheet says."""
    told: list[str] = []
    room.desk.message_came.connect(lambda text, _is_trouble: told.append(text))
    QTest.keyClicks(QApplication.focusWidget(), key)
    sheet.file.setFocus()
    sheet.file.selectAll()
    QTest.keyClicks(sheet.file, str(file))
    QTest.keyClick(sheet.file, Qt.Key.Key_Return)
    room.qtbot.waitUntil(lambda: not sheet.is_busy, timeout=LIMIT_MS)
    return told[-1] if told else sheet.told


def rows_in(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def test_that_the_pane_with_the_keyboard_is_offered_and_any_other_may_be_chosen(paper_room: Room) -> None:
    sheet = asked(paper_room)
    names = [sheet.pane.itemText(at) for at in range(sheet.pane.count())]
    assert sheet.pane.currentText() == "告警"
    assert {"领域", "告警", "全域体征 12", "数据从何而来"} <= set(names)
    assert Path(sheet.file.text()).name.startswith("告警-20260718-1432")
    sheet.pane.setCurrentIndex(names.index("领域"))
    assert Path(sheet.file.text()).name.startswith("领域-")


def test_that_an_export_by_keys_alone_reaches_the_disk_and_says_where(paper_room: Room, tmp_path: Path) -> None:
    sheet = asked(paper_room)
    file = tmp_path / "alarms.csv"
    told = gone(paper_room, sheet, file)
    assert str(file) in told
    assert not sheet.isVisible()
    levels = [row[0] for row in rows_in(file) if row and row[0] in ("红色", "橙色", "黄色")]
    assert levels == ["红色", "橙色", "黄色"]
    line = json.loads((tmp_path / "exports.jsonl").read_text("utf-8"))
    assert (line["what"], line["seat"], line["files"][0][0]) == ("告警", "A-03", str(file))
    assert paper_room.desk.preferences.export_folder == str(tmp_path), "the folder is offered next time"


def test_that_the_journal_is_told_what_leaves_by_its_own_digest_before_it_has_a_name(
    paper_room: Room, tmp_path: Path
) -> None:  # fmt: skip
    file, there = tmp_path / "alarms.csv", []
    paper_room.session.command_ended.connect(lambda _id, _reply: there.append(file.exists()))
    gone(paper_room, asked(paper_room), file)
    (note,) = noted(paper_room)
    assert (note.what, note.form, note.digest) == ("print.告警", "csv", hashlib.sha256(file.read_bytes()).hexdigest())
    assert (there, note.taken) == ([False], "")


def test_that_nothing_leaves_when_the_centre_refuses_to_note_it(paper_room: Room, tmp_path: Path) -> None:
    have_noted(paper_room, "refused", "label.not_cleared")
    sheet = asked(paper_room)
    told = gone(paper_room, sheet, tmp_path / "alarms.csv")
    assert told == sheet.told
    assert told.startswith("您没有查看此类内容")
    assert [one.name for one in tmp_path.iterdir() if "alarms" in one.name] == []
    lines = [json.loads(line) for line in (tmp_path / "exports.jsonl").read_text("utf-8").splitlines()]
    assert lines[-1]["failed"] == "paper.not_noted"


def test_that_a_paper_leaves_without_a_centre_and_is_told_at_the_next_sign_on(
    paper_room: Room, tmp_path: Path
) -> None:  # fmt: skip
    room, file = paper_room, tmp_path / "alarms.csv"
    room.session.hear(centre=Reach.LOST)
    gone(room, asked(room), file)
    assert file.exists()
    assert noted(room) == []
    (owed,) = room.desk.exports.owed()
    assert (owed.what, owed.taken.split()[0]) == ("print.告警", "A-03")
    assert (tmp_path / "exports.owed.json").stat().st_mode & 0o077 == 0
    room.session.hear(centre=Reach.LIVE)
    room.session.enter()
    room.qtbot.waitUntil(lambda: room.desk.exports.owed() == [], timeout=LIMIT_MS)
    assert noted(room) == [owed]


def test_that_a_refusal_is_told_and_the_sheet_stays_as_it_was(paper_room: Room, tmp_path: Path) -> None:
    sheet = asked(paper_room)
    told = gone(paper_room, sheet, tmp_path / "missing" / "a.csv")
    assert "文件夹不存在" in told
    assert sheet.isVisible()
    assert sheet.told == told
    assert sheet.file.text() == str(tmp_path / "missing" / "a.csv")
    assert sheet.go_button.isEnabled()


def test_that_a_path_that_is_none_is_refused_before_anything_is_made(paper_room: Room) -> None:
    sheet = asked(paper_room)
    for typed in ("", "report", "/", "~nobody-of-that-name/"):
        sheet.file.setText(typed)
        sheet.go()
        assert not sheet.is_busy
        assert "完整路径" in sheet.told


def test_that_another_format_changes_the_ending_and_what_is_asked(paper_room: Room) -> None:
    sheet = asked(paper_room)
    sheet.file.setText("/tmp/report.pdf")
    QTest.keyClick(sheet.formats.button(0), Qt.Key.Key_3)
    assert sheet.file.text() == "/tmp/report.csv"
    assert not sheet.sides.button(0).isVisible(), "lines have no paper"
    QTest.keyClick(sheet.formats.button(0), Qt.Key.Key_2)
    assert sheet.file.text() == "/tmp/report.png"
    assert sheet.sides.button(0).isVisible()


def test_that_esc_cancels_a_job_first_and_leaves_the_sheet_next(paper_room: Room, tmp_path: Path) -> None:
    sheet = asked(paper_room)
    sheet.file.setText(str(tmp_path / "a.pdf"))
    sheet.go()
    assert sheet.is_busy
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    paper_room.qtbot.waitUntil(lambda: not sheet.is_busy, timeout=LIMIT_MS)
    assert sheet.told == "已取消，没有留下文件。"
    assert list(tmp_path.glob("*.pdf")) == []
    assert list(tmp_path.glob(".*.part")) == []
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_that_a_job_cancelled_among_its_pages_leaves_nothing_behind(room: Room, tmp_path: Path) -> None:
    made = order(tmp_path / "a.pdf")
    errand = PressErrand(made, Printed(title="", blocks=(table(4_000),)), room.desk)
    ends: list[Ended] = []
    errand.progressed.connect(lambda _page, _pages: errand.cancel())
    errand.ended.connect(ends.append)
    errand.start()
    room.qtbot.waitUntil(lambda: bool(ends), timeout=LIMIT_MS)
    assert ends[0].is_cancelled
    assert list(tmp_path.iterdir()) == [], "no part of it, no file, no record"
    process = errand._process
    assert (process.exitStatus(), process.exitCode()) == (QProcess.ExitStatus.NormalExit, EXIT_STOPPED), "it crashed"


def test_that_a_card_over_the_page_is_printed_and_not_what_lies_below(paper_room: Room) -> None:
    window = paper_room.window
    window.cockpit.alarms.focus_list()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    paper_room.beat()
    sheet = asked(paper_room)
    assert "告警卡" in sheet.pane.currentText() or window.card.accessibleName() == sheet.pane.currentText()


def test_that_a_locked_seat_prints_nothing(paper_room: Room, tmp_path: Path) -> None:
    sheet = asked(paper_room)
    sheet.file.setText(str(tmp_path / "a.csv"))
    QTest.keyClick(
        paper_room.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    assert paper_room.window.lock.is_locked
    for widget in (sheet.file, sheet, sheet.go_button, paper_room.window):
        QTest.keyClick(widget, Qt.Key.Key_Return)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        assert not sheet.is_busy
    QTest.keyClick(paper_room.window, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    assert not paper_room.window.sheets.handbook.isVisible()


def test_that_a_drill_is_in_the_head_and_in_the_name_of_the_file(paper_room: Room) -> None:
    links = paper_room.session.links()
    beat = links.centre.heartbeat
    assert beat is not None
    paper_room.session._links = replace(links, centre=replace(links.centre, heartbeat=replace(beat, realm="drill")))
    sheet = asked(paper_room)
    assert Path(sheet.file.text()).name.startswith("演练-告警-")
    head = head_of(paper_room.desk, paper_room.session.links(), Printed(title="", blocks=()))
    assert (head.is_drill, "演练" in head.mode, head.journal_head) == (True, True, 1234)


def test_that_nothing_is_printed_before_sign_on(room: Room) -> None:
    QTest.keyClick(room.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert not room.window.sheets.printing.isVisible()


def blocks(room: Room, pane: object) -> Printed:
    assert isinstance(pane, Panel)
    return printed_of(pane, room.desk)


def test_that_each_pane_of_the_cockpit_prints_what_it_shows(paper_room: Room) -> None:
    cockpit = paper_room.window.cockpit
    heat = blocks(paper_room, cockpit.heat)
    assert [type(block) for block in heat.blocks] == [PrintedGrid, PrintedTable, PrintedTable]
    listed, every = heat.blocks[1:]
    assert isinstance(listed, PrintedTable)
    assert isinstance(every, PrintedTable)
    assert [row.severity for row in listed.rows][:3] == [4, 3, 2]
    assert len(list(every.rows)) == 12
    charts = [block for block in blocks(paper_room, cockpit.pinned).blocks if isinstance(block, PrintedChart)]
    assert charts
    assert all(chart.series and chart.series[0].times for chart in charts)
    assert blocks(paper_room, cockpit.pinned).span.startswith("2026-07-18 14:0")
    explained = blocks(paper_room, cockpit.explain).blocks
    assert isinstance(explained[0], PrintedTable)
    assert explained[0].title.startswith("主城供水 总压")


def test_that_the_row_of_sectors_prints_bands_in_words(paper_room: Room) -> None:
    (table,) = printed_of(paper_room.window.cockpit.sectors, paper_room.desk).blocks
    assert isinstance(table, PrintedTable)
    rows = list(table.rows)
    assert [row.cells[0] for row in rows] == [("正常", "蓝色", "黄色", "橙色", "红色")[row.severity] for row in rows]


def test_that_the_table_of_vitals_prints_its_filter_order_and_quality_as_of_one_moment(paper_room: Room) -> None:
    room = paper_room
    room.window.show_page("F2")
    room.beat()
    room.beat()
    room.window.vitals.filters.choose_state("abnormal")
    room.beat()
    printed = blocks(room, room.window.vitals.panel)
    room.session.put(dict.fromkeys(range(12), 999.0))
    room.beat()
    (table,) = printed.blocks
    assert isinstance(table, PrintedTable)
    rows = list(table.rows)
    assert [row.severity for row in rows] == [4, 3, 2]
    assert all("999.00" not in row.cells for row in rows), "values that came later are not in it"
    assert rows[0].cells[-3:][1:] == ("及时", "良好")
    assert rows[0].cells[-3].endswith("+08:00")
    assert printed.filter != ""


def test_that_sources_and_the_unfolded_strip_print(paper_room: Room) -> None:
    room = paper_room
    QTest.keyClick(room.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    room.beat()
    (table,) = blocks(room, room.window.unfolded).blocks
    assert isinstance(table, PrintedTable)
    assert len(list(table.rows)) == 3
    room.window.show_page("sources")
    room.beat()
    assert isinstance(blocks(room, room.window.sources.sources).blocks[0], PrintedTable)


def test_that_a_pane_that_says_what_it_prints_is_believed(paper_room: Room) -> None:
    class Own(Panel):
        def printed(self) -> Printed:
            return Printed(title="own", blocks=())

    pane = Own(paper_room.desk.theme)
    paper_room.qtbot.addWidget(pane)
    assert isinstance(pane, Printable)
    assert printed_of(pane, paper_room.desk).title == "own"


def test_that_a_focus_narrows_what_is_printed_and_is_told_on_it_but_never_the_strip(paper_room: Room) -> None:
    room = paper_room
    sector = room.desk.names.sector(3) if room.desk.names else None
    assert sector is not None
    room.desk.scope.choose(Scope(kind=ScopeKind.SECTOR, code=sector.code), room.session.facts)
    room.beat()
    inside = [alarm.number for alarm in room.session.facts.board.alarms if room.desk.scope.lets(alarm.vital)]
    assert 0 < len(inside) < 3
    printed = blocks(room, room.window.cockpit.alarms)
    assert sector.name in printed.filter
    assert len(_rows(printed)) == len(inside)
    unfolded = blocks(room, room.window.unfolded)
    assert (len(_rows(unfolded)), sector.name in unfolded.filter) == (3, False)
    heat = blocks(room, room.window.cockpit.heat).blocks[0]
    assert isinstance(heat, PrintedGrid)
    assert [group.title for group in heat.groups] == [sector.name]


def _rows(printed: Printed) -> list[PrintedRow]:
    (table,) = printed.blocks
    assert isinstance(table, PrintedTable)
    return list(table.rows)


def test_that_the_trend_of_several_vitals_prints_a_chart_per_unit_with_its_limits(paper_room: Room) -> None:
    room = paper_room
    room.window.show_page("F2")
    room.beat()
    room.window.vitals.trend.show_vitals((3, 5))
    room.beat()
    room.session.answer_windows((600, 100.0), (300, 110.0), (10, 120.0))
    room.beat()
    printed = blocks(room, room.window.vitals.trend)
    charts = [block for block in printed.blocks if isinstance(block, PrintedChart)]
    assert len(charts) == 1, "both are measured in metres"
    assert len(charts[0].series) == 2
    assert charts[0].bands or charts[0].steps
    assert printed.span.count("2026-07-18") == 2


def test_that_the_card_prints_its_facts_as_one_table_with_headings(paper_room: Room) -> None:
    room = paper_room
    room.window.cockpit.alarms.focus_list()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    room.beat()
    rows = _rows(blocks(room, room.window.card))
    assert rows[0].is_heading
    assert any(row.cells[1].startswith("13.00 m") for row in rows)


def test_that_a_computer_without_printers_says_so(paper_room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody's printers are asked for in a test: the question goes to a print server that is not there.
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:1")
    sheet = asked(paper_room)
    QTest.keyClick(sheet.formats.button(0), Qt.Key.Key_4)
    paper_room.qtbot.waitUntil(lambda: sheet.told == "本机没有打印机", timeout=LIMIT_MS)
    sheet.go()
    assert not sheet.is_busy
    assert sheet.printer.isVisible()
    assert not sheet.file.isVisible()


def test_that_the_folder_dialogue_speaks_the_officers_words_and_is_not_modal(paper_room: Room) -> None:
    dialog = FolderDialog(paper_room.desk, paper_room.window)
    labels = (FolderDialog.DialogLabel.LookIn, FolderDialog.DialogLabel.FileName, FolderDialog.DialogLabel.Accept)
    assert [dialog.labelText(label) for label in labels] == ["位置：", "文件夹：", "选定"]
    assert not dialog.isModal()
    assert dialog.fileMode() is FolderDialog.FileMode.Directory
    chosen: list[str] = []
    dialog.folder_was_chosen.connect(chosen.append)
    dialog.fileSelected.emit("/tmp")
    assert chosen == ["/tmp"]
