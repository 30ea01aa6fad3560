"""Pictures and clips kept as evidence on an event or an alarm; what a rule wants kept, and who answers it (Y3, Y4)."""

import hashlib
from dataclasses import replace

import pytest

from chengyun_core.centre import event_files, evidence_deeds
from chengyun_core.model.camera import Evidence, EvidenceKind, EvidenceWish
from chengyun_core.model.camera_commands import KeepEvidence
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event_commands import LinkAlarms
from chengyun_core.model.rights import Label
from chengyun_core.model.rights_commands import SetClearance
from chengyun_core.model.scales import WarningColour
from chengyun_core.store import camera_table
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.attachments import LARGEST_PART
from chengyun_core.wire.camera_asks import AskEvidence, EvidencePage
from chengyun_core.wire.envelope import Hello, Snapshot
from chengyun_core.wire.event_asks import (
    AskEvent,
    AskFile,
    AskTimeline,
    EventFile,
    FilePart,
    Prefilled,
    Timeline,
    UploadHeld,
    UploadPart,
)
from tests.core.centre.camera_stand import furnished
from tests.core.centre.event_room import asked, do, event, manual, opened, refused
from tests.core.centre.room import ADMIN_KEY, NOON_NS, SETTINGS, Room

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(5000)
YUZHONG = 1
"""Number of the vital C-RTSP watches."""


@pytest.fixture
def kept(room: Room) -> tuple[Room, str]:
    furnished(room)
    return room, room.officer("li")


def uploaded(room: Room, session: str, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    for offset in range(0, len(data), LARGEST_PART):
        part = UploadPart(digest=digest, size=len(data), offset=offset, data=data[offset : offset + LARGEST_PART])
        asked(room, session, "attachment.part", part, UploadHeld)
    return digest


def keeping(room: Room, session: str, data: bytes = PNG, **told: object) -> KeepEvidence:
    """Return the command for uploaded bytes."""
    at = room.clock.utc_ns()
    given = {
        "camera": "C-RTSP", "kind": EvidenceKind.SNAPSHOT, "digest": uploaded(room, session, data), "size": len(data),
        "begins_at": at - 2 * NS_PER_S, "ends_at": at - 2 * NS_PER_S, "reason": "水漫上来了",
    }  # fmt: skip
    return KeepEvidence(**{**given, **told})  # type: ignore[arg-type]


def page(room: Room, session: str, **about: object) -> tuple[Evidence, ...]:
    return asked(room, session, "evidence.page", AskEvidence(**about), EvidencePage).evidence  # type: ignore[arg-type]


def wishes(room: Room) -> list[EvidenceWish]:
    with room.ledger.reading() as connection:
        return [wish for wish, _ in camera_table.wishes(connection)]


def test_that_a_picture_is_kept_on_its_event_with_hash_reason_and_a_signed_row(kept: tuple[Room, str]) -> None:
    room, li = kept
    opened(room, li)
    done = room.done(keeping(room, li, event=1), li)
    (one,) = page(room, li, event=1)
    assert (one.camera_name, one.kind, one.event, one.reason) == ("寸滩码头 01", EvidenceKind.SNAPSHOT, 1, "水漫上来了")
    assert (one.digest, one.size, one.media) == (hashlib.sha256(PNG).hexdigest(), len(PNG), "image/png")
    assert (one.added_by, one.added_seat, one.begins_at) == ("li", "A-01", NOON_NS - 2 * NS_PER_S)
    assert event(room).attachment_numbers == (one.attachment,)
    data = asked(room, li, "attachment.get", AskFile(attachment=one.attachment, offset=0, length=9999), FilePart)
    assert (data.data, data.attachment.name) == (PNG, "寸滩码头 01.png")
    with room.ledger.reading() as connection:
        row = next(row for row in journal_rows.changes(connection, done.change - 1, 1, 2**20))
    assert (row.action, row.params["digest"], row.params["by_rule"]) == ("evidence.keep", one.digest, "False")


def test_that_a_clip_of_twenty_seconds_at_two_megabits_passes(kept: tuple[Room, str]) -> None:
    room, li = kept
    opened(room, li)
    clip = MP4[:16] + bytes(5_000_000)
    at = room.clock.utc_ns()
    command = keeping(
        room, li, clip, event=1, kind=EvidenceKind.CLIP, begins_at=at - 20 * NS_PER_S, ends_at=at,
    )  # fmt: skip
    room.done(command, li)
    (one,) = page(room, li, camera="C-RTSP")
    assert (one.kind, one.size, one.media, one.ends_at - one.begins_at) == (
        EvidenceKind.CLIP, len(clip), "video/mp4", 20 * NS_PER_S,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({}, "evidence.about_nothing"),
        ({"event": 1, "reason": " "}, "text.missing.reason"),
        ({"event": 9}, "event.unknown"),
        ({"event": 1, "alarm": 9}, "alarm.unknown"),
        ({"event": 1, "camera": "NONE"}, "camera.unknown"),
        ({"event": 1, "camera": "C-DIM"}, "label.not_cleared"),
        ({"event": 1, "kind": EvidenceKind.CLIP}, "evidence.media"),
        ({"event": 1, "begins_at": NOON_NS, "ends_at": NOON_NS - 1}, "evidence.times"),
        ({"event": 1, "begins_at": NOON_NS - 601 * NS_PER_S, "ends_at": NOON_NS}, "evidence.times"),
        ({"event": 1, "begins_at": NOON_NS + 11 * NS_PER_S, "ends_at": NOON_NS + 11 * NS_PER_S}, "evidence.times"),
        ({"event": 1, "digest": "0" * 64}, "attachment.incomplete"),
        ({"event": 1, "wish": 5}, "evidence.other_wish"),
    ],
)
def test_that_what_is_no_evidence_is_refused(kept: tuple[Room, str], told: dict[str, object], code: str) -> None:
    room, li = kept
    opened(room, li)
    assert refused(room, li, keeping(room, li, **told)).code == code
    assert page(room, li, event=1) == ()


def test_that_an_alarm_of_a_watched_vital_wishes_for_its_pictures(kept: tuple[Room, str]) -> None:
    room, li = kept
    room.observe(0, WarningColour.RED)  # no camera watches it
    room.observe(YUZHONG, WarningColour.ORANGE)
    (wish,) = wishes(room)
    assert (wish.camera, wish.vital, wish.before_s, wish.after_s) == ("C-RTSP", "SW-YUZHONG", 10.0, 10.0)
    assert wish.until == NOON_NS + 40 * NS_PER_S
    told = asked(room, li, "snapshot", Hello(protocol=1, client="t"), Snapshot)
    assert [record.key for record in told.records if record.kind == "evidence_wish"] == [str(wish.number)]


def test_that_the_first_console_answers_with_a_picture_and_a_clip_and_the_wish_ends(kept: tuple[Room, str]) -> None:
    room, li = kept
    room.observe(YUZHONG, WarningColour.RED)
    (wish,) = wishes(room)
    told = {"alarm": wish.alarm, "wish": wish.number, "reason": ""}
    room.done(keeping(room, li, **told), li)
    wang = room.officer("wang", seat="A-02")
    assert refused(room, wang, keeping(room, wang, **told)).code == "evidence.answered"
    at = room.clock.utc_ns()
    clip = {"kind": EvidenceKind.CLIP, "begins_at": at - 10 * NS_PER_S, "ends_at": at}
    room.done(keeping(room, wang, MP4, **told, **clip), wang)
    assert wishes(room) == []
    assert refused(room, li, keeping(room, li, MP4, **told, **clip)).code == "evidence.answered"
    assert [one.kind for one in page(room, li, alarm=wish.alarm)] == [EvidenceKind.CLIP, EvidenceKind.SNAPSHOT]


def test_that_what_was_kept_of_an_alarm_is_found_on_the_event_it_became(kept: tuple[Room, str]) -> None:
    room, li = kept
    room.observe(YUZHONG, WarningColour.RED)
    (wish,) = wishes(room)
    room.done(keeping(room, li, alarm=wish.alarm, wish=wish.number), li)
    told = asked(room, li, "event.prefill", manual(alarms=(wish.alarm,)), Prefilled)
    assert told.evidence == 1
    number = opened(room, li, alarms=(wish.alarm,))
    (one,) = page(room, li, event=number)
    assert (one.alarm, event(room).attachment_numbers, event(room).attachments) == (wish.alarm, (one.attachment,), 1)
    file = asked(room, li, "event.get", AskEvent(event=number), EventFile)
    assert [kept.name for kept in file.attachments] == ["寸滩码头 01.png"]
    lines = asked(room, li, "event.timeline", AskTimeline(event=number), Timeline).lines
    (line,) = [line for line in lines if line.kind == "evidence"]
    assert (line.code, line.params["by_rule"], line.params["name"]) == ("timeline.evidence.keep", "True", "寸滩码头 01")


def test_that_what_is_kept_of_an_alarm_later_goes_to_the_event_that_has_it(kept: tuple[Room, str]) -> None:
    room, li = kept
    room.observe(YUZHONG, WarningColour.RED)
    (wish,) = wishes(room)
    number = opened(room, li, alarms=(wish.alarm,))
    room.clock.advance(1)
    room.done(keeping(room, li, alarm=wish.alarm, wish=wish.number), li)
    (one,) = page(room, li, event=number)
    assert (one.event, event(room).attachment_numbers) == (None, (one.attachment,))
    lines = asked(room, li, "event.timeline", AskTimeline(event=number), Timeline).lines
    assert [line.kind for line in lines if line.params.get("name") == "寸滩码头 01"] == ["event"], "it is told once"


def test_that_an_alarm_brings_its_evidence_to_the_event_it_is_linked_to(kept: tuple[Room, str]) -> None:
    room, li = kept
    room.observe(YUZHONG, WarningColour.RED)
    (wish,) = wishes(room)
    number = opened(room, li)
    room.done(keeping(room, li, event=number), li)
    room.done(keeping(room, li, alarm=wish.alarm), li)
    do(room, li, LinkAlarms, alarms=(wish.alarm,))
    newest, first = page(room, li, event=number)
    assert event(room).attachment_numbers == (first.attachment, newest.attachment)


def test_that_an_event_full_of_files_leaves_what_a_rule_keeps_with_its_alarm(
    kept: tuple[Room, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    room, li = kept
    monkeypatch.setattr(event_files, "MOST_FILES", 0)
    room.observe(YUZHONG, WarningColour.RED)
    (wish,) = wishes(room)
    number = opened(room, li, alarms=(wish.alarm,))
    room.done(keeping(room, li, alarm=wish.alarm, wish=wish.number), li)
    assert event(room).attachment_numbers == ()
    assert [one.alarm for one in page(room, li, event=number)] == [wish.alarm]


def test_that_a_wish_nobody_answers_lapses(kept: tuple[Room, str]) -> None:
    room, _ = kept
    room.observe(YUZHONG, WarningColour.RED)
    room.clock.advance(39)
    room.tend()
    assert len(wishes(room)) == 1
    room.clock.advance(2)
    room.tend()
    assert wishes(room) == []


def test_that_mild_alarms_and_a_closed_rule_wish_for_nothing(kept: tuple[Room, str]) -> None:
    room, _ = kept
    room.observe(YUZHONG, WarningColour.YELLOW)
    assert wishes(room) == []
    room.desk.settings = replace(SETTINGS, evidence_from_colour="")
    room.observe(YUZHONG, WarningColour.RED)
    assert wishes(room) == []


def test_that_a_flood_does_not_wish_without_end(kept: tuple[Room, str], monkeypatch: pytest.MonkeyPatch) -> None:
    room, _ = kept
    monkeypatch.setattr(evidence_deeds, "MOST_WISHES", 0)
    room.observe(YUZHONG, WarningColour.RED)
    assert wishes(room) == []


def test_that_evidence_of_a_labelled_camera_lies_under_its_label(kept: tuple[Room, str]) -> None:
    room, li = kept
    opened(room, li)
    room.done(SetClearance(account="li", clearance=Label.HIDE, reason="试"), ADMIN_KEY)
    room.done(keeping(room, li, camera="C-HIDE", event=1), li)
    room.done(keeping(room, li, camera="C-DIM", event=1), li)
    dim, hidden = page(room, li, event=1)
    assert (dim.camera, hidden.camera) == ("C-DIM", "C-HIDE")
    wang = room.officer("wang", seat="A-02")
    (shown,) = page(room, wang, event=1)
    assert (shown.camera_name, shown.reason) == ("***", "***")
    for one in (dim, hidden):
        reply = room.ask("attachment.get", AskFile(attachment=one.attachment, offset=0, length=10), wang)
        assert reply.outcome == "refused"
    told = asked(room, wang, "snapshot", Hello(protocol=1, client="t"), Snapshot)
    assert [record.key for record in told.records if record.kind == "evidence"] == [str(dim.number)]


def test_that_pages_go_on_where_the_last_one_ended(kept: tuple[Room, str]) -> None:
    room, li = kept
    opened(room, li)
    for number in range(5):
        room.done(keeping(room, li, PNG + bytes([number]), event=1), li)
    first = asked(room, li, "evidence.page", AskEvidence(event=1, limit=3), EvidencePage)
    rest = asked(room, li, "evidence.page", AskEvidence(event=1, limit=3, before=first.next), EvidencePage)
    assert [one.number for one in (*first.evidence, *rest.evidence)] == [5, 4, 3, 2, 1]
    assert rest.next == 0
    assert room.ask("evidence.page", AskEvidence(event=1, limit=0), li).code == "ask.out_of_range"
