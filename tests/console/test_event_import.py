"""A file of events is imported from the window whole or not at all, every fault told by line and column."""

from pathlib import Path

import pytest

from chengyun_console.actions.table import BY_ID
from chengyun_core.model.event import EventSource
from chengyun_core.model.event_commands import ImportEvents
from chengyun_core.model.event_import import IN_A_BATCH
from chengyun_core.model.failure import Reason
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.event_asks import ImportChecked
from tests.console.conftest import Room

HEAD = "title,centre,source,source_ref,place\n"


@pytest.fixture
def import_room(desk_room: Room) -> Room:
    """An officer who may import, on F3."""
    desk_room.session.enter(allowed=("event.import",))
    desk_room.window.show_page("F3")
    desk_room.beat()
    return desk_room


def written(folder: Path, *lines: str) -> Path:
    file = folder / "诉求.csv"
    file.write_text(HEAD + "\n".join(lines), encoding="utf-8")
    return file


def look(room: Room, file: Path) -> None:
    sheet = room.window.event_desk.importing
    sheet.open_over(room.window.page_area())
    sheet.look_at(file)


def check(room: Room, *faults: tuple[int, Reason]) -> ImportEvents:
    """Answer the centre's check of a batch; return the batch."""
    room.qtbot.waitUntil(lambda: "events.check_import" in room.session.sent.asks, timeout=20_000)
    batch = room.session.sent.asks["events.check_import"][1]
    assert isinstance(batch, ImportEvents)
    room.session.answer_ask("events.check_import", ImportChecked(faults=faults))
    return batch


def end(room: Room, left: tuple[tuple[str, str], ...] = ()) -> None:
    command = f"command-{len(room.session.sent.commands)}"
    reply = Reply(id=command, outcome="done", body=codec.pack(Done(change=1, left=left)))
    room.session.command_ended.emit(command, reply)


def test_that_rows_of_every_source_are_checked_shown_and_then_sent(import_room: Room, tmp_path: Path) -> None:
    room, sheet = import_room, import_room.window.event_desk.importing
    look(room, written(tmp_path, "路灯不亮,500000,citizen,12345-1,石桥铺", "塌方,500000,superior,S-2,S544"))
    batch = check(room)
    assert [row.event.source for row in batch.rows] == [EventSource.CITIZEN, EventSource.SUPERIOR]
    assert [row.title for row in sheet.list.rows()] == ["路灯不亮", "塌方"]
    sheet.send()
    assert room.session.sent.commands == [batch]
    end(room, left=(("2", "event.import_known"),))
    assert sheet.told.text() == room.desk.say("events.import.done", count=1, known=1)
    sheet.send()
    assert len(room.session.sent.commands) == 1


def test_that_a_fault_anywhere_keeps_the_whole_file_out(import_room: Room, tmp_path: Path) -> None:
    room, sheet = import_room, import_room.window.event_desk.importing
    look(room, written(tmp_path, "好的,500000,import,1,x", ",999999,nonsense,2,y"))
    room.qtbot.waitUntil(lambda: bool(sheet.list.rows()), timeout=20_000)
    assert any("3" in row.detail and "centre" in row.detail for row in sheet.list.rows())
    assert "events.check_import" not in room.session.sent.asks
    sheet.send()
    assert room.session.sent.commands == []


def test_that_what_the_centre_refuses_is_told_by_its_line(import_room: Room, tmp_path: Path) -> None:
    room, sheet = import_room, import_room.window.event_desk.importing
    look(room, written(tmp_path, "好的,500000,import,,x"))
    check(room, (2, Reason(code="event.no_centre", params={"centre": "500000"})))
    assert len(sheet.list.rows()) == 1
    assert "2" in sheet.list.rows()[0].detail
    assert not sheet.confirm.isEnabled()


def test_that_large_files_go_in_batches_and_stop_where_one_is_refused(import_room: Room, tmp_path: Path) -> None:
    room, sheet = import_room, import_room.window.event_desk.importing
    look(room, written(tmp_path, *(f"事 {at},500000,import,,x" for at in range(IN_A_BATCH + 1))))
    assert [len(check(room).rows) for _ in range(2)] == [IN_A_BATCH, 1]
    assert str(IN_A_BATCH + 1) in sheet.told.text()
    sheet.send()
    end(room)
    assert [len(made.rows) for made in room.session.sent.commands] == [IN_A_BATCH, 1]
    room.session.end_command(outcome="refused", code="event.no_centre", centre="x")
    assert sheet.told.text() == room.desk.say("event.no_centre", centre="x")


@pytest.mark.parametrize("name", ["none.csv", "folder", "bad.xlsx"])
def test_that_what_is_no_table_says_so(import_room: Room, tmp_path: Path, name: str) -> None:
    room, sheet = import_room, import_room.window.event_desk.importing
    (tmp_path / "folder").mkdir()
    (tmp_path / "bad.xlsx").write_bytes(b"PK nothing")
    before = sheet.told.text()
    look(room, tmp_path / name)
    room.qtbot.waitUntil(
        lambda: sheet.told.text() not in (before, "") and "0%" not in sheet.told.text(), timeout=20_000
    )
    assert name in sheet.told.text()
    assert not sheet.confirm.isEnabled()


def test_that_the_key_opens_it_for_who_may(import_room: Room) -> None:
    room, sheet = import_room, import_room.window.event_desk.importing
    room.session.enter(allowed=())
    room.window.do((BY_ID["event.import"],))
    assert not sheet.isVisible()
