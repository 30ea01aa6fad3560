"""Files of events at the window: looked at, fetched and checked, added by drop and paste; what is hostile is told."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, QUrl
from PySide6.QtGui import QColor, QImage, QImageWriter
from PySide6.QtWidgets import QApplication

from chengyun_console.actions.table import BY_ID
from chengyun_console.downloads import Download
from chengyun_console.pages.events.files_tab import FilesTab
from chengyun_console.pages.events.page import EventsPage
from chengyun_console.safe_pictures import FORMATS, decoded
from chengyun_core.model.event import Attachment
from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.wire.event_asks import AskFile, EventFile, FilePart, UploadHeld
from tests.console.conftest import Room
from tests.console.event_samples import event, put_events
from tests.console.still_session import START_NS, S

PART = 512 * 2**10
ROOM = QSize(88, 60)


def png(width: int = 640, height: int = 480) -> bytes:
    """Return a picture with something on it."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(40, 90, 120))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return buffer.data().data()


def kept(number: int, content: bytes, media: str = "image/png", name: str = "现场.png") -> Attachment:
    """Return the record of a file with this content."""
    return Attachment(
        number=number, about="event:7", digest=hashlib.sha256(content).hexdigest(), name=name, size=len(content),
        media=media, added_at=START_NS - 60 * S, added_by="li", added_seat="A-03",
    )  # fmt: skip


@pytest.fixture
def files_room(desk_room: Room) -> Room:
    """An officer before the files of an event."""
    desk_room.session.enter(allowed=("attachment.add",))
    put_events(desk_room.session, event(7, attachments=2))
    desk_room.desk.event_focus.select(7)
    desk_room.window.show_page("F3")
    page_of(desk_room).card.show_tab("files")
    for _ in range(2):
        desk_room.beat()
    return desk_room


def page_of(room: Room) -> EventsPage:
    return room.window.stack.of(EventsPage)


def tab_of(room: Room) -> FilesTab:
    found = page_of(room).card.tabs["files"]
    assert isinstance(found, FilesTab)
    return found


def show_files(room: Room, *files: Attachment) -> None:
    room.session.answer_ask("events.file", EventFile(event=event(7, attachments=len(files)), attachments=files))
    room.beat()


def answer_part(room: Room, slot: str, content: bytes, file: Attachment) -> AskFile:
    """Answer an ask for a part as the centre would; return the ask."""
    room.qtbot.waitUntil(lambda: slot in room.session.sent.asks, timeout=20_000)
    ask = room.session.sent.asks[slot][1]
    assert isinstance(ask, AskFile)
    data = content[ask.offset : ask.offset + ask.length]
    room.session.answer_ask(slot, FilePart(attachment=file, offset=ask.offset, data=data))
    return ask


def test_that_a_picture_of_the_event_is_seen_small_and_then_large(files_room: Room) -> None:
    content = png()
    file, sheet = kept(3, content), files_room.window.event_desk.files.sheet
    other = kept(4, b"%PDF-1.7 x", media="application/pdf", name="报告.pdf")
    show_files(files_room, file, other)
    rows = {row.key: row for row in tab_of(files_room).list.rows()}
    assert (rows["4"].plate, rows["3"].picture) == ("PDF", None)
    assert file.digest[:12] in rows["3"].detail
    answer_part(files_room, "thumbnail", content, file)
    files_room.qtbot.waitUntil(lambda: tab_of(files_room).list.rows()[1].picture is not None, timeout=20_000)
    small = tab_of(files_room).list.rows()[1].picture
    assert small is not None
    assert (small.width(), small.height()) == (80, 60)
    tab_of(files_room).list.select("3")
    tab_of(files_room).list.row_was_opened.emit("3")
    assert sheet.isVisible()
    answer_part(files_room, "file.looked_at", content, file)
    files_room.qtbot.waitUntil(lambda: sheet.view.accessibleDescription() == "现场.png", timeout=20_000)
    sheet.ways["next"].click()
    assert files_room.desk.event_focus.file == other
    assert sheet.view.accessibleDescription() == files_room.desk.say("events.files.elsewhere", media="application/pdf")
    sheet.close_over()


def test_that_a_file_is_saved_whole_and_checked_and_nothing_is_written_over(files_room: Room, tmp_path: Path) -> None:
    content = bytes(range(256)) * 2500
    file, target, failed = kept(3, content, media="application/zip"), tmp_path / "out.zip", []
    files, slot = files_room.window.event_desk.files, "download.3.out.zip"
    files.save_to(file, target)
    assert slot not in files_room.session.sent.asks, "not a byte before the journal has it"
    noted = files_room.session.sent.commands[-1]
    assert isinstance(noted, NoteExport)
    assert (noted.what, noted.form, noted.digest) == ("attachment", "zip", file.digest)
    files_room.session.end_command()
    assert answer_part(files_room, slot, content, file).offset == 0
    assert answer_part(files_room, slot, content, file).offset == PART
    files_room.qtbot.waitUntil(target.exists, timeout=20_000)
    assert target.read_bytes() == content
    assert target.stat().st_mode & 0o177 == 0
    again = files.save_to(file, target)
    again.did_fail.connect(failed.append)
    files_room.session.end_command()
    answer_part(files_room, slot, content, file)
    files_room.qtbot.waitUntil(lambda: bool(failed), timeout=20_000)
    assert failed[0].code == "download.exists"
    assert [one.name for one in tmp_path.iterdir() if one.suffix in (".zip", ".part")] == ["out.zip"]


def test_that_a_save_into_a_folder_that_is_gone_is_told(files_room: Room, tmp_path: Path) -> None:
    """A stick that was pulled out: neither the file nor what was written of it can be reached any more."""
    content, failed, stick = b"a" * 1000, [], tmp_path / "stick"
    file = kept(3, content, media="application/octet-stream")
    stick.write_text("no folder any more")
    made = files_room.window.event_desk.files.save_to(file, stick / "x.bin")
    made.did_fail.connect(failed.append)
    files_room.session.end_command()
    answer_part(files_room, "download.3.x.bin", content, file)
    files_room.qtbot.waitUntil(lambda: bool(failed), timeout=20_000)
    assert failed[0].code == "download.unwritable"


@pytest.mark.parametrize("lie", ["other", "shorter", "longer", "refused"])
def test_that_a_content_that_is_not_what_was_kept_leaves_no_file(files_room: Room, tmp_path: Path, lie: str) -> None:
    content, failed, target = b"a" * 1000, [], tmp_path / "x.bin"
    file = kept(3, content, media="application/octet-stream")
    made = files_room.window.event_desk.files.save_to(file, target)
    made.did_fail.connect(failed.append)
    files_room.session.end_command()
    told: dict[str, object] = {
        "other": FilePart(attachment=file, offset=0, data=b"b" * 1000),
        "shorter": FilePart(attachment=file, offset=0, data=b""),
        "longer": FilePart(attachment=file, offset=0, data=b"a" * 1001),
        "refused": Reason(code="attachment.gone", params={"digest": file.digest}),
    }
    files_room.session.answer_ask("download.3.x.bin", told[lie])
    files_room.qtbot.waitUntil(lambda: bool(failed), timeout=20_000)
    assert failed[0].code == ("attachment.gone" if lie == "refused" else "download.other_content")
    assert not [one for one in tmp_path.iterdir() if one.suffix in (".bin", ".part")]


def test_that_files_dropped_on_the_card_are_sent_one_after_the_other(files_room: Room, tmp_path: Path) -> None:
    mime, session = QMimeData(), files_room.session
    for name in ("一.txt", "二.txt"):
        (tmp_path / name).write_text(name)
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("一.txt", "二.txt")])
    page_of(files_room).card.files_were_given.emit(mime)
    for name in ("一.txt", "二.txt"):
        content = name.encode()
        slot = f"upload.{hashlib.sha256(content).hexdigest()}"
        files_room.qtbot.waitUntil(lambda slot=slot: slot in session.sent.asks, timeout=20_000)
        session.answer_ask(slot, UploadHeld(held=len(content), size=len(content)))
        made = session.sent.commands[-1]
        assert isinstance(made, AddAttachment)
        assert (made.name, made.about) == (name, "event:7")


def test_that_a_picture_of_the_clipboard_becomes_a_file_and_leaves_none_behind(files_room: Room) -> None:
    session = files_room.session
    QApplication.clipboard().setImage(QImage(32, 32, QImage.Format.Format_RGB32))
    files_room.window.do((BY_ID["event.paste_file"],))
    files_room.qtbot.waitUntil(lambda: any(slot.startswith("upload.") for slot in session.sent.asks), timeout=20_000)
    (slot,) = [slot for slot in session.sent.asks if slot.startswith("upload.")]
    size = session.sent.asks[slot][1].size  # type: ignore[attr-defined]
    session.answer_ask(slot, UploadHeld(held=size, size=size))
    made = session.sent.commands[-1]
    assert isinstance(made, AddAttachment)
    assert made.name == "粘贴图片-20260718-143210.png"
    assert not list((files_room.desk.profile / "pasted").iterdir())
    QApplication.clipboard().clear()


def test_that_what_cannot_be_kept_says_why(files_room: Room, tmp_path: Path) -> None:
    room, empty = files_room, QMimeData()
    room.window.event_desk.files.take(event(7), empty)
    assert room.window.message.message.text == room.desk.say("upload.nothing_pasted")
    many = QMimeData()
    many.setUrls([QUrl.fromLocalFile(f"/x/{at}") for at in range(21)])
    room.window.event_desk.files.take(event(7), many)
    assert "21" in room.window.message.message.text
    huge, pipe = tmp_path / "huge.mp4", tmp_path / "pipe"
    with huge.open("wb") as file:
        file.truncate(201 * 2**20)
    os.mkfifo(pipe)
    codes: list[str] = []
    for path in (huge, pipe, tmp_path):
        upload = room.window.event_desk.files.upload(event(7), path)
        upload.did_fail.connect(lambda reason: codes.append(reason.code))
    room.qtbot.waitUntil(lambda: len(codes) == 3, timeout=20_000)
    assert codes == ["upload.too_large", "upload.no_file", "upload.folder"]
    assert not [slot for slot in room.session.sent.asks if slot.startswith("upload.")]


def test_that_a_picture_that_claims_any_size_is_not_decoded() -> None:
    bomb = bytearray(png(8, 8))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    assert decoded(bytes(bomb), "image/png", ROOM) is None
    assert decoded(png(), "image/svg+xml", ROOM) is None
    assert decoded(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", ROOM) is None


@pytest.mark.qt_log_ignore("Not a JPEG file|JPEG|Corrupt|Premature|WebP|libpng", extend=True)
@given(content=st.binary(max_size=300), media=st.sampled_from(sorted(FORMATS)), cut=st.integers(0, 400))
def test_that_whatever_comes_is_a_picture_within_its_room_or_none(content: bytes, media: str, cut: int) -> None:
    whole = png(64, 8)
    for data in (content, whole[:cut] + content + whole[cut:]):
        made = decoded(data, media, ROOM)
        assert made is None or (0 < made.width() <= 88 and 0 < made.height() <= 60)


def test_that_a_long_thin_picture_keeps_a_pixel_of_its_thin_side() -> None:
    made = decoded(png(4000, 2), "image/png", ROOM)
    assert made is not None
    assert (made.width(), made.height()) == (88, 1)


def test_that_a_download_asks_nothing_more_after_it_failed(files_room: Room, tmp_path: Path) -> None:
    content = b"a" * (PART + 1)
    file = replace(kept(3, content), media="text/plain")
    made = files_room.window.event_desk.files.save_to(file, tmp_path / "y.txt")
    assert isinstance(made, Download)
    files_room.session.end_command()
    files_room.session.answer_ask("download.3.y.txt", Reason(code="session.no_answer", params={"kind": "x"}))
    assert "download.3.y.txt" not in files_room.session.sent.asks


@pytest.mark.parametrize("outcome", ["refused", "trouble"])
def test_that_a_file_the_journal_was_not_told_of_is_not_fetched(
    files_room: Room, tmp_path: Path, outcome: str
) -> None:  # fmt: skip
    file = kept(3, b"a" * 10)
    files_room.window.event_desk.files.save_to(file, tmp_path / "z.png")
    files_room.session.end_command(outcome=outcome, code="session.not_sent", kind="export.note")
    assert "download.3.z.png" not in files_room.session.sent.asks
    assert list(tmp_path.glob("z*")) == []
