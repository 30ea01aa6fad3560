"""Evidence saved from a console: a reason, a marked copy, the journal before a byte, and nothing written over."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from chengyun_console.file_dialog import FileDialog
from chengyun_console.video import handing_out
from chengyun_console.video.handing_out import EvidenceOut
from chengyun_core.model.camera import Evidence, EvidenceKind
from chengyun_core.model.camera_commands import HandOutEvidence
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason
from chengyun_core.video.clip_reader import ClipReader
from chengyun_core.wire.camera_asks import AskEvidence, EvidencePage
from tests.console.conftest import Room
from tests.console.event_samples import event, put_events
from tests.console.still_session import START_NS
from tests.console.test_event_files import answer_part
from tests.core.video.test_clip_reader import clip

CONTENT = clip(pictures=30)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
FILE = Attachment(
    number=9, about="event:7", digest=DIGEST, name="寸滩码头 01.mp4", size=len(CONTENT), media="video/mp4",
    taken_at=START_NS, added_at=START_NS, added_by="li",
)  # fmt: skip
KEPT = Evidence(
    number=5, camera="CAM-0000", camera_name="寸滩码头 01", centre="500103", kind=EvidenceKind.CLIP, event=7,
    begins_at=START_NS, ends_at=START_NS, digest=DIGEST, size=len(CONTENT), media="video/mp4", attachment=9,
    reason="积水、水位", added_at=START_NS, added_by="li",
)  # fmt: skip
SLOT = "evidence.out.5"


@pytest.fixture
def room(desk_room: Room) -> Iterator[Room]:
    """An officer who may hand evidence out, with an event in focus."""
    desk_room.session.enter(allowed=("attachment.add", "evidence.hand_out"))
    put_events(desk_room.session, event(7, attachments=1))
    desk_room.desk.event_focus.select(7)
    yield desk_room
    for out in desk_room.window.findChildren(EvidenceOut):
        out._stop()


def told(room: Room) -> str:
    message = room.window.message.message
    return message.text if message is not None else ""


def out(room: Room) -> EvidenceOut:
    made = EvidenceOut(room.desk, room.window.deeds, room.window, FILE, KEPT)
    made.begin()
    return made


def marked(room: Room) -> HandOutEvidence:
    """Give the bytes that were kept; return what is then told to the journal."""
    before = len(room.session.sent.commands)
    answer_part(room, SLOT, CONTENT, FILE)
    room.qtbot.waitUntil(lambda: len(room.session.sent.commands) > before, timeout=60_000)
    noted = room.session.sent.commands[-1]
    assert isinstance(noted, HandOutEvidence)
    return noted


def test_that_a_camera_s_file_leaves_marked_and_for_a_reason_only(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FileDialog, "show", lambda _self: None)
    room.window.event_desk.files.save(FILE)
    assert room.session.sent.asks["evidence.of_file"][1] == AskEvidence(event=7, limit=500)
    room.session.answer_ask("evidence.of_file", EvidencePage(evidence=(KEPT,)))
    assert room.window.deeds.is_asking
    QTest.keyClick(room.window.chooser, Qt.Key.Key_2)
    (dialog,) = room.window.findChildren(FileDialog)
    assert dialog.windowTitle() == room.desk.say("clips.out.where")
    assert Path(dialog.selectedFiles()[0]).name == "取证000005-CAM-0000-水印.mp4"
    dialog.deleteLater()


def test_that_a_question_that_was_left_leaves_nothing_behind(room: Room) -> None:
    for _ in range(3):
        room.window.event_desk.files.save(FILE)
        room.session.answer_ask("evidence.of_file", EvidencePage(evidence=(KEPT,)))
        room.window.deeds.cancel()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(room.window.findChildren(EvidenceOut)) == 1


def test_that_a_file_that_is_no_evidence_is_saved_as_it_came(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FileDialog, "show", lambda _self: None)
    room.window.event_desk.files.save(FILE)
    room.session.answer_ask("evidence.of_file", EvidencePage(next=44))
    assert room.session.sent.asks["evidence.of_file"][1] == AskEvidence(event=7, limit=500, before=44)
    room.session.answer_ask("evidence.of_file", EvidencePage())
    (dialog,) = room.window.findChildren(FileDialog)
    assert dialog.windowTitle() == room.desk.say("events.files.save_where")
    dialog.deleteLater()


def test_that_nothing_leaves_while_nobody_knows_whether_it_is_evidence(room: Room) -> None:
    room.window.event_desk.files.save(FILE)
    room.session.answer_ask("evidence.of_file", Reason(code="session.no_answer"))
    assert told(room) == room.desk.say("session.no_answer")
    assert not room.window.findChildren(FileDialog)


def test_that_the_copy_has_words_burnt_in_and_the_journal_knows_before_a_byte(room: Room, tmp_path: Path) -> None:
    target = tmp_path / "copy.mp4"
    made = EvidenceOut(room.desk, room.window.deeds, room.window, FILE, KEPT)
    made.hand_out("公安办案", target)
    noted = marked(room)
    assert (noted.evidence, noted.reason, noted.original) == (5, "公安办案", False)
    assert list(tmp_path.iterdir()) == [], "not a byte before the journal has it"
    room.session.end_command()
    room.qtbot.waitUntil(target.exists, timeout=20_000)
    room.qtbot.waitUntil(lambda: str(target) in told(room), timeout=20_000)
    data = target.read_bytes()
    assert hashlib.sha256(data).hexdigest() == noted.digest
    assert target.stat().st_mode & 0o177 == 0
    before = ClipReader(CONTENT, "video/mp4").picture(3).to_ndarray(format="gray").astype(int)
    after = ClipReader(data, "video/mp4").picture(3).to_ndarray(format="gray").astype(int)
    assert (abs(after - before) > 40).sum() > 100


def test_that_a_refusal_of_the_centre_keeps_it_in_the_house(room: Room, tmp_path: Path) -> None:
    made = EvidenceOut(room.desk, room.window.deeds, room.window, FILE, KEPT)
    made.hand_out("写入报告", tmp_path / "copy.mp4")
    marked(room)
    room.session.end_command(outcome="refused", code="evidence.unknown", evidence="5")
    assert told(room) == room.desk.say("evidence.unknown", evidence="5")
    assert list(tmp_path.iterdir()) == []


def test_that_nothing_is_written_over(tmp_path: Path) -> None:
    target = tmp_path / "copy.mp4"
    target.write_bytes(b"mine")
    refused = handing_out._written(target, b"theirs")
    assert refused is not None
    assert refused.code == "download.exists"
    assert target.read_bytes() == b"mine"
    nowhere = handing_out._written(tmp_path / "none" / "copy.mp4", b"theirs")
    assert nowhere is not None
    assert nowhere.code == "download.unwritable"


def test_that_other_bytes_than_were_kept_are_not_marked(room: Room, tmp_path: Path) -> None:
    made = EvidenceOut(room.desk, room.window.deeds, room.window, FILE, KEPT)
    made.hand_out("写入报告", tmp_path / "copy.mp4")
    answer_part(room, SLOT, bytes(len(CONTENT)), FILE)
    room.qtbot.waitUntil(
        lambda: told(room).startswith(room.desk.say("download.other_content", file=FILE.name, digest=DIGEST[:12])[:6])
    )
    assert room.session.sent.commands == []


def test_that_who_may_not_and_what_is_too_large_are_told(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_out, "LARGEST", 10)
    out(room)
    assert told(room) == room.desk.say("clips.out.too_large", evidence=5)
    room.session.enter(allowed=("attachment.add",))
    out(room)
    assert told(room) == room.desk.say("clips.out.not_allowed")
    assert not room.window.deeds.is_asking
