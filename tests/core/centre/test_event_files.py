"""Files with events: uploaded in parts, kept by content, named harmlessly, given back byte by byte (RS6)."""

import hashlib
import io
import zipfile

import pytest

from chengyun_core.centre.event_files import label
from chengyun_core.model.event_commands import AddAttachment, AssignEvent, NoteEvent
from chengyun_core.model.order import Role
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.store import attachments
from chengyun_core.wire.event_asks import (
    AskEvent,
    AskFile,
    AskUpload,
    EventFile,
    FilePart,
    UploadHeld,
    UploadPart,
)
from tests.core.centre.event_room import CITY_UNIT, LEAD, asked, do, event, opened, refused
from tests.core.centre.room import NOON_NS, Room

Staffed = tuple[Room, str, str]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _upload(room: Room, session: str, data: bytes, part: int = 700) -> str:
    digest = _digest(data)
    for offset in range(0, len(data), part):
        body = UploadPart(digest=digest, size=len(data), offset=offset, data=data[offset : offset + part])
        asked(room, session, "attachment.part", body, UploadHeld)
    return digest


def _added(room: Room, session: str, data: bytes, name: str = "现场.png", about: str = "event:1") -> int:
    digest = _upload(room, session, data)
    done = room.done(AddAttachment(about=about, digest=digest, name=name, size=len(data)), session)
    return int(done.key)


def test_that_a_file_comes_in_parts_goes_on_where_it_stopped_and_comes_back_the_same(staffed: Staffed) -> None:
    room, li, wang = staffed
    opened(room, li)
    digest = _digest(PNG)
    first = UploadPart(digest=digest, size=len(PNG), offset=0, data=PNG[:100])
    assert asked(room, li, "attachment.part", first, UploadHeld).held == 100
    assert asked(room, li, "attachment.part", first, UploadHeld).held == 100
    gap = UploadPart(digest=digest, size=len(PNG), offset=200, data=PNG[200:])
    assert room.ask("attachment.part", gap, li).code == "attachment.gap"
    early = AddAttachment(about="event:1", digest=digest, name="a.png", size=len(PNG))
    assert refused(room, li, early).code == "attachment.incomplete"
    room.restart()
    held = asked(room, li, "attachment.held", AskUpload(digest=digest, size=len(PNG)), UploadHeld).held
    rest = UploadPart(digest=digest, size=len(PNG), offset=held, data=PNG[held:])
    assert asked(room, li, "attachment.part", rest, UploadHeld).held == len(PNG)
    room.done(AddAttachment(about="event:1", digest=digest, name="../../a.png", size=len(PNG), taken_at=NOON_NS), li)
    kept = asked(room, wang, "event.get", AskEvent(event=1), EventFile).attachments[0]
    assert (kept.name, kept.media, kept.size, kept.added_by) == ("a.png", "image/png", len(PNG), "li")
    assert (event(room).attachments, event(room).attachment_numbers) == (1, (1,))
    data = b"".join(
        asked(room, wang, "attachment.get", AskFile(attachment=1, offset=at, length=1000), FilePart).data
        for at in range(0, len(PNG), 1000)
    )
    assert data == PNG
    path = room.folder / "centre" / "attachments" / digest[:2] / digest
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_that_content_that_is_not_what_its_digest_says_is_thrown_away(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    lie = UploadPart(digest=_digest(PNG), size=5, offset=0, data=b"other")
    asked(room, li, "attachment.part", lie, UploadHeld)
    told = refused(room, li, AddAttachment(about="event:1", digest=_digest(PNG), name="x", size=5))
    assert told.code == "attachment.other_content"
    assert asked(room, li, "attachment.held", AskUpload(digest=_digest(PNG), size=5), UploadHeld).held == 0
    assert list((room.folder / "centre" / "attachments").rglob("*" + _digest(PNG))) == []


def test_that_two_events_share_a_content_and_nothing_is_stored_twice(staffed: Staffed) -> None:
    room, li, _ = staffed
    for _ in range(2):
        opened(room, li)
    _added(room, li, PNG)
    again = AddAttachment(about="event:2", digest=_digest(PNG), name="b.png", size=len(PNG))
    room.done(again, li)
    stored = [path for path in (room.folder / "centre" / "attachments").rglob("*") if path.is_file()]
    assert [path.name for path in stored] == [_digest(PNG)]


def test_that_a_unit_of_another_district_adds_to_its_own_receipt_and_notes_where_it_was_named(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li, centre="500106")
    recipients = (Recipient(code=LEAD, role=Role.LEAD), Recipient(code=CITY_UNIT))
    room.done(SendOrders(drafts=(OrderDraft(event=1, title="支援", text="支援", recipients=recipients),)), li)
    room.done(SendOrders(drafts=(OrderDraft(title="巡查", text="巡查", centre="500106",
                                            recipients=(Recipient(code=LEAD),)),)), li)  # fmt: skip
    unit = room.officer("qian", "500103.unit.1", seat="A-05")
    digest = _upload(room, unit, PNG)

    def adding(about: str) -> AddAttachment:
        return AddAttachment(about=about, digest=digest, name="a.png", size=len(PNG))

    room.done(adding("receipt:1.1"), unit)
    room.done(adding("receipt:2.1"), unit)
    assert event(room).attachment_numbers == (1,)
    for other in ("receipt:1.2", "event:1"):
        assert refused(room, unit, adding(other)).code.startswith("permission.")
    assert refused(room, unit, NoteEvent(event=1, text="在路上")).code.startswith("permission.")
    do(room, li, AssignEvent, lead=LEAD, reason="改派")
    room.done(NoteEvent(event=1, text="在路上"), unit)


@pytest.mark.parametrize(
    "about",
    ["event:99", "event:x", "event:", "event:01", "receipt:1.1", "receipt:x", "../event:1", "", "event:" + "9" * 30],
)
def test_that_a_file_needs_an_owner_that_exists(staffed: Staffed, about: str) -> None:
    room, li, _ = staffed
    opened(room, li)
    digest = _upload(room, li, PNG)
    told = refused(room, li, AddAttachment(about=about, digest=digest, name="x", size=len(PNG)))
    assert told.code == "attachment.no_owner"


def test_that_what_is_too_large_or_no_digest_is_refused_before_a_byte_is_written(
    staffed: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, li, _ = staffed
    opened(room, li)
    whole = UploadPart(digest=_digest(PNG), size=attachments.LARGEST + 1, offset=0, data=b"x")
    assert room.ask("attachment.part", whole, li).code == "attachment.too_large"
    huge = UploadPart(digest=_digest(PNG), size=2**20, offset=0, data=bytes(attachments.LARGEST_PART + 1))
    assert room.ask("attachment.part", huge, li).code == "attachment.part_size"
    beyond = UploadPart(digest=_digest(PNG), size=10, offset=0, data=bytes(11))
    assert room.ask("attachment.part", beyond, li).code == "attachment.beyond_size"
    for digest in ("../../etc/passwd", "A" * 64, "", "0" * 63, "0" * 65, "0" * 63 + "/"):
        bad = UploadPart(digest=digest, size=1, offset=0, data=b"x")
        assert room.ask("attachment.part", bad, li).code == "attachment.bad_digest"
    assert not (room.folder / "centre" / "attachments").exists()
    monkeypatch.setattr("chengyun_core.centre.event_files.LARGEST", len(PNG) + 5)
    _added(room, li, PNG)
    more = _upload(room, li, b"123456")
    told = refused(room, li, AddAttachment(about="event:1", digest=more, name="x", size=6))
    assert told.code == "attachment.too_many"


def _bomb() -> bytes:
    """Return an archive that would unpack to a thousand times its size, with names that climb."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("../../../tmp/escaped", "CON", "a/../../b", "\\\\server\\share\\c", "/etc/passwd"):
            archive.writestr(name, bytes(2**20))
    return made.getvalue()


def test_that_an_archive_is_kept_as_it_is_and_never_unpacked(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    bomb = _bomb()
    _added(room, li, bomb, "photos.png")
    kept = asked(room, li, "event.get", AskEvent(event=1), EventFile).attachments[0]
    assert (kept.media, kept.size) == ("application/zip", len(bomb))
    files = [path for path in room.folder.rglob("*") if path.is_file() and path.suffix == "" and len(path.name) == 64]
    assert [path.name for path in files] == [_digest(bomb)]


NAMES = {
    "..": "file", ".": "file", "": "file", "   ": "file", "/": "file", "a/b": "b", "..\\..\\x.exe": "x.exe",
    "C:\\Windows\\win.ini": "win.ini", "/etc/passwd": "passwd", "CON": "_CON", "con.txt": "_con.txt", "LPT1": "_LPT1",
    "nul .png": "_nul .png", "COM¹": "_COM1", "a\x00b.png": "ab.png", "a\u202egnp.exe": "agnp.exe",
    "x\r\nSet-Cookie": "xSet-Cookie", "．．／evil": "evil", "a:b|c?.txt": "abc.txt", "trail. . ": "trail",
    "ﬁle.png": "file.png", "现场照片.jpg": "现场照片.jpg", "\u2066x": "x", "a" * 300 + ".jpeg": "a" * 115 + ".jpeg",
}  # fmt: skip
"""Given name → label: paths, devices, controls, turning marks, compatibility letters."""


@pytest.mark.parametrize(("given", "shown"), NAMES.items())
def test_that_a_name_becomes_a_harmless_label(given: str, shown: str) -> None:
    assert label(given) == shown


HEADS = {
    b"\xff\xd8\xff\xe0..": "image/jpeg", b"GIF89a": "image/gif", b"%PDF-1.7": "application/pdf",
    b"\x00\x00\x00 ftypisom": "video/mp4", b"\x00\x00\x00 ftypheic": "image/heic", b"RIFF....WEBPVP8 ": "image/webp",
    b"RIFF....XXXX": "application/octet-stream", b"MZ\x90": "application/x-executable",
    b"\x7fELF\x02": "application/x-executable", b"<html><script>": "text/plain", b"<svg onload=x>": "text/plain",
    "文字".encode(): "text/plain", b"\x00\x01\x02": "application/octet-stream", b"": "application/octet-stream",
    b"\xff\xfe\x00": "application/octet-stream", b"PK\x03\x04\x89PNG": "application/zip",
    ("字" * 2000).encode()[:4096]: "text/plain",
}  # fmt: skip


@pytest.mark.parametrize(("head", "media"), HEADS.items())
def test_that_the_media_type_is_found_in_the_content(head: bytes, media: str) -> None:
    assert attachments.media_of(head) == media
