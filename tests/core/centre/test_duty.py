"""Roster, presence, shifts, seats and the shift log (H3, H4, H6, H7) through the centre's door."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.command import AcknowledgeAlarm, SignOff
from chengyun_core.model.duty import (
    Assignment,
    DutyRole,
    LogKind,
    Person,
    Presence,
    SeatDeed,
    ShiftState,
)
from chengyun_core.model.duty_commands import (
    BeginShift,
    CoverSeat,
    GiveBackSeat,
    ImportRoster,
    LendSeat,
    SavePerson,
    SaveShift,
    TellPresence,
    WriteLogLine,
)
from chengyun_core.model.duty_log import LOGGED
from chengyun_core.model.scales import WarningColour
from chengyun_core.store import duty_table
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import (
    AskDutyNow,
    AskLog,
    AskPeople,
    AskRosterCheck,
    AskShifts,
    DutyNow,
    People,
    RosterChecked,
    Shifts,
)
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, Snapshot
from chengyun_core.wire.event_asks import AskFile, FilePart, UploadPart
from chengyun_resources.texts import LANGUAGES, Texts
from tests.core.centre.duty_stand import HOUR_NS, DutyStand
from tests.core.centre.room import NOON_NS, city, vital

ROSTER = (
    "shift,begins,ends,person,role,seat,needs\n"
    "白班,2027-01-15T08:00,2027-01-15T16:00,p-1,officer,A-01,2\n"
    "白班,2027-01-15T08:00,2027-01-15T16:00,p-2,chief,,\n"
    "夜班,2027-01-15T16:00,2027-01-16T00:00,,officer,,1\n"
)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[DutyStand]:
    """Return a centre with three people on record."""
    with DutyStand(tmp_path) as made:
        made.person("p-1", "li")
        made.person("p-2", "zhao")
        made.person("p-3", unit="水务局")
        yield made


def _shifts(stand: DutyStand) -> Shifts:
    return stand.body(stand.room.ask("shift.page", AskShifts(to_ns=NOON_NS + 30 * HOUR_NS), stand.li), Shifts)


def _now(stand: DutyStand) -> DutyNow:
    return stand.body(stand.room.ask("duty.now", AskDutyNow(), stand.li), DutyNow)


def _take(stand: DutyStand, text: str, *, name: str = "roster.csv", try_only: bool = False) -> str:
    return stand.room.do(ImportRoster(name=name, data=text.encode(), try_only=try_only), stand.chief).code


def test_that_a_roster_is_taken_from_a_file_and_again_without_doubling(stand: DutyStand) -> None:
    assert _take(stand, ROSTER, try_only=True) == ""
    assert _shifts(stand).shifts == ()
    assert _take(stand, ROSTER) == ""
    day, night = _shifts(stand).shifts
    assert [(one.person, one.role) for one in day.assignments] == [("p-1", DutyRole.OFFICER), ("p-2", DutyRole.CHIEF)]
    assert day.ends_at == night.begins_at == day.begins_at + 8 * HOUR_NS
    assert _take(stand, ROSTER) == ""
    assert [one.version for one in _shifts(stand).shifts] == [1, 1]
    assert [(gap.shift, gap.why, gap.missing) for gap in _shifts(stand).gaps] == [
        (day.number, "nobody", 1), (night.number, "nobody", 1),
    ]  # fmt: skip


def test_that_a_workbook_with_people_and_roster_is_taken(stand: DutyStand) -> None:
    book = openpyxl.Workbook()
    people = book.active
    people.title = "people"
    people.append(["code", "name", "unit", "phones", "certificates"])
    people.append(["p-9", "周九", "交通局", "13900000000|02312345678", "officer=2027-12-31"])
    rows = book.create_sheet("roster")
    for line in ROSTER.replace("p-1", "p-9").splitlines():
        rows.append(line.split(","))
    held = io.BytesIO()
    book.save(held)
    done = stand.room.done(ImportRoster(name="排班.xlsx", data=held.getvalue()), stand.chief)
    assert (done.key, done.version) == ("2", 1)
    with stand.room.ledger.reading() as connection:
        person = duty_table.person(connection, "p-9")
    assert person is not None
    assert person.phones == ("13900000000", "02312345678")


@pytest.mark.parametrize(
    ("was", "wrong", "code", "column"),
    [
        ("p-2", "p-7", "person.unknown", "person"),
        ("A-01", "Z-1", "session.seat_unknown", "seat"),
        ("chief", "boss", "catalogue.cell_not_word", "role"),
        ("2027-01-15T16:00,p-1", "2027-01-15T07:00,p-1", "roster.times", "ends"),
        ("2027-01-15T08:00,2027-01-15T16:00,p-2", "bald,2027-01-15T16:00,p-2", "roster.time", "begins"),
        ("16:00,p-2", "17:00,p-2", "roster.two_ends", "ends"),
        (",p-2,", ",p-1,", "shift.twice", "person"),
        (",,officer,,1", ",,officer,,", "roster.nobody_and_no_need", "person"),
    ],
)
def test_that_a_fault_in_any_row_is_told_by_line_and_column_and_nothing_is_taken(
    stand: DutyStand, was: str, wrong: str, code: str, column: str
) -> None:
    text = ROSTER.replace(was, wrong, 1)
    reply = stand.room.ask("roster.check", AskRosterCheck(name="r.csv", data=text.encode()), stand.chief)
    faults = stand.body(reply, RosterChecked).faults
    assert (code, column) in [(fault.code, fault.params["column"]) for fault in faults]
    assert all(int(fault.params["line"]) >= 2 for fault in faults)
    assert _take(stand, text) == "roster.faulty"
    assert _shifts(stand).shifts == ()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"x", "roster.kind"),
        ("a.csv", b"", "catalogue.file_no_heading"),
        ("a.csv", b"shift,begins,ends,role\n", "roster.faulty"),
        ("a.xlsx", b"PK no workbook", "catalogue.file_not_xlsx"),
        ("../../etc/a.csv", b"code,name\n=1+1,x\n", "roster.faulty"),
    ],
)
def test_that_what_is_no_roster_is_refused_in_words(stand: DutyStand, name: str, data: bytes, code: str) -> None:
    assert stand.room.do(ImportRoster(name=name, data=data), stand.chief).code == code


def test_that_only_the_chief_writes_the_roster_and_not_of_another_centre(stand: DutyStand) -> None:
    assert stand.room.do(ImportRoster(name="r.csv", data=ROSTER.encode()), stand.li).code == "permission.no_post"
    below = stand.room.officer("qian", "500103.watch_chief", seat="Y-01")
    text = "code,name,centre\np-8,张八,500106\n"
    assert stand.room.do(ImportRoster(name="r.csv", data=text.encode()), below).code == "permission.outside_area"


def test_that_telephones_are_for_who_may_call_and_in_no_journal_row(stand: DutyStand) -> None:
    told = stand.body(stand.room.ask("person.page", AskPeople(words="水务"), stand.li), People)
    assert [(one.code, one.phones) for one in told.people] == [("p-3", ("13812345678",))]
    unit = stand.room.officer("qian", "500103.unit.1", seat="Y-01")
    assert stand.room.ask("person.page", AskPeople(), unit).code == "permission.no_post"
    assert all(b"13812345678" not in change.record for change in stand.room.published)


def test_that_a_person_somebody_else_changed_is_not_written_over(stand: DutyStand) -> None:
    person = Person(code="p-1", name="新名", centre="500000")
    assert stand.room.do(SavePerson(person=person, version=0), stand.chief).code == "person.changed"
    assert stand.room.done(SavePerson(person=person, version=1), stand.chief).version == 2


def test_that_a_shift_begins_by_itself_and_the_one_before_hands_over_while_its_people_sit(stand: DutyStand) -> None:
    day, night = stand.shift("白班", -1, 1, "p-1"), stand.shift("夜班", 1, 9, "p-2")
    stand.room.tend()
    assert _now(stand).shift == stand.get_shift(day)
    stand.room.clock.advance(3601)
    stand.room.tend()
    assert (stand.get_shift(day).state, stand.get_shift(night).state) == (
        ShiftState.HANDING_OVER, ShiftState.RUNNING,
    )  # fmt: skip
    stand.room.restart()
    assert stand.get_shift(night).state is ShiftState.RUNNING


def test_that_a_shift_is_closed_once_its_seats_were_handed_over(stand: DutyStand) -> None:
    day, night = stand.shift("白班", -1, 1, "p-1"), stand.shift("夜班", 1, 9, "p-2")
    stand.room.tend()
    for account, seat in (("zhao", "A-03"), ("wang", "A-02"), ("sun", "A-04")):
        stand.room.done(SignOff(), stand.room.signed_on(account, seat))
    stand.room.clock.advance(3601)
    stand.room.tend()
    stand.chief = stand.room.signed_on("zhao", "A-03")
    stand.open()
    assert (stand.sheet().shift, stand.sheet().next_shift) == (day, night)
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.sign("li")
    assert stand.sign("wang", wang).outcome == "done"
    assert stand.get_shift(day).state is ShiftState.CLOSED


def test_that_a_running_shift_is_changed_with_a_reason_and_a_closed_one_not_at_all(stand: DutyStand) -> None:
    number = stand.shift("白班", -1, 7, "p-1")
    stand.room.tend()
    held = stand.get_shift(number)
    save = SaveShift(
        number=number, version=held.version, centre=held.centre, name=held.name, begins_at=held.begins_at,
        ends_at=held.ends_at, assignments=(*held.assignments, Assignment(person="p-2", role=DutyRole.CHIEF)),
    )  # fmt: skip
    assert stand.room.do(save, stand.chief).code == "text.missing.reason"
    assert stand.room.do(replace(save, reason="加强", begins_at=held.begins_at + 1), stand.chief).code == "shift.runs"
    assert stand.room.done(replace(save, reason="加强"), stand.chief).version == held.version + 1
    assert stand.room.do(save, stand.chief).code == "shift.changed"
    following = stand.shift("夜班", 7, 15, "p-2")
    for account, seat in (("wang", "A-02"), ("sun", "A-04")):
        stand.room.done(SignOff(), stand.room.signed_on(account, seat))
    stand.room.done(SignOff(), stand.li)
    stand.room.done(BeginShift(shift=following, version=1), stand.chief)
    assert stand.get_shift(number).state is ShiftState.HANDING_OVER


def test_that_presence_is_told_by_oneself_by_ones_unit_or_by_an_officer(stand: DutyStand) -> None:
    number = stand.shift("白班", -1, 7, "p-1", "p-3")
    stand.room.tend()
    water = stand.room.officer("shui", "500103.unit.1", seat="Y-01")

    def tell(person: str, session: str, presence: Presence = Presence.PRESENT, **more: str) -> str:
        seen = stand.get_shift(number).version
        told = TellPresence(shift=number, version=seen, person=person, presence=presence, **more)
        return stand.room.do(told, session).code

    assert tell("p-3", water) == "presence.not_yours"
    held = Person(code="p-4", name="水务值班", centre="500000", account="shui", unit="水务局")
    stand.room.done(SavePerson(person=held, version=0), stand.chief)
    assert tell("p-3", water) == ""
    assert tell("p-1", water) == "presence.not_yours"
    assert tell("p-1", stand.li, Presence.ABSENT) == "text.missing.reason"
    assert tell("p-1", stand.li, Presence.ABSENT, reason="发烧", stands_in="p-2") == ""
    rows = {one.person: one for one in stand.get_shift(number).assignments}
    assert (rows["p-1"].presence, rows["p-2"].stands_in_for) == (Presence.ABSENT, "p-1")
    assert tell("p-9", stand.li) == "shift.not_on_it"


def test_that_a_covered_seats_area_joins_the_coverers_rights_until_its_end(stand: DutyStand) -> None:
    narrow = stand.room.officer("zhou", seat="A-YZ")
    stand.room.observe(0, WarningColour.YELLOW)
    seen = AcknowledgeAlarm(alarm=1, version=1, note_code=NoteCode.VERIFYING)
    assert stand.room.do(seen, narrow).code == "permission.outside_area"
    until = stand.room.clock.utc_ns() + HOUR_NS
    assert stand.room.do(CoverSeat(seat="A-05", reason=""), narrow).code == "text.missing.reason"
    stand.room.done(CoverSeat(seat="A-05", reason="空席", until=until), narrow)
    told = {seat.seat: seat for seat in _now(stand).seats}
    assert told["A-05"].cover is not None
    assert (told["A-05"].cover.by_seat, told["A-05"].cover.deed) == ("A-YZ", SeatDeed.COVERED)
    assert told["A-YZ"].unacknowledged == 1
    stand.room.restart()
    stand.room.clock.advance(3601)
    stand.room.tend()
    assert stand.room.do(seen, narrow).code == "permission.outside_area"
    assert stand.room.desk.covers == {}


def test_that_a_flood_in_a_covered_area_is_the_coverers_too(stand: DutyStand) -> None:
    stand.room.adopt(replace(city(), vitals=tuple(vital(n, f"SW-{n}", "500106") for n in range(12))))
    narrow = stand.room.officer("zhou", seat="A-YZ")
    stand.room.done(CoverSeat(seat="A-05", reason="空席"), narrow)
    for number in range(11):
        stand.room.observe(number, WarningColour.YELLOW)
    flooded = {change.key for change in stand.room.published if change.action == "flood.begin"}
    assert "A-YZ" in flooded
    assert "Y-01" not in flooded
    assert {seat.seat: seat.alarms_10min for seat in _now(stand).seats}["A-YZ"] == 11


def test_that_a_cover_lets_its_seat_act_in_the_covered_area(stand: DutyStand) -> None:
    narrow = stand.room.officer("zhou", seat="A-YZ")
    stand.room.observe(0, WarningColour.YELLOW)
    stand.room.done(CoverSeat(seat="A-05", reason="空席"), narrow)
    seen = AcknowledgeAlarm(alarm=1, version=1, note_code=NoteCode.VERIFYING)
    assert stand.room.do(seen, narrow).outcome == "done"


def test_that_seats_are_lent_by_who_sits_there_and_not_in_a_circle(stand: DutyStand) -> None:
    assert stand.room.do(LendSeat(seat="A-01", by_seat="A-09", reason="x"), stand.li).code == "seat.empty"
    assert stand.room.do(LendSeat(seat="A-03", by_seat="A-01", reason="x"), stand.li).code == "seat.not_yours"
    stand.room.done(LendSeat(seat="A-01", by_seat="A-03", reason="吃饭"), stand.li)
    assert stand.room.do(CoverSeat(seat="A-01", reason="x"), stand.chief).code == "seat.covered"
    assert stand.room.do(LendSeat(seat="A-03", by_seat="A-01", reason="x"), stand.chief).code == "seat.round"
    sun = stand.room.signed_on("sun", "A-04")
    assert stand.room.do(GiveBackSeat(seat="A-01", version=1), sun).code == "seat.not_yours"
    stand.room.done(GiveBackSeat(seat="A-01", version=1), stand.li)
    assert stand.room.do(GiveBackSeat(seat="A-01", version=1), stand.li).code == "seat.not_covered"


def test_that_the_load_of_a_seat_is_told_and_relief_suggested(stand: DutyStand) -> None:
    for number in range(4):
        stand.room.observe(number, WarningColour.YELLOW)
    seen = AcknowledgeAlarm(alarm=1, version=stand.room.alarm(1).version, note_code=NoteCode.VERIFYING)
    stand.room.done(seen, stand.li)
    seat = next(one for one in _now(stand).seats if one.seat == "A-01")
    assert (seat.account, seat.unacknowledged, seat.alarms_10min, seat.acknowledged_10min) == ("li", 3, 4, 1)
    assert seat.relief is None
    stand.room.clock.advance(9 * 3600)
    again = stand.room.signed_on("li", "A-01")
    told = stand.body(stand.room.ask("duty.now", AskDutyNow(), again), DutyNow)
    seat = next(one for one in told.seats if one.seat == "A-01")
    assert seat.hours == 9.0
    assert seat.relief is not None
    assert seat.relief.code == "duty.relief_hours"


def test_that_the_log_has_rows_and_lines_and_a_correction_is_a_line(stand: DutyStand) -> None:
    stand.shift("白班", -1, 7, "p-1")
    stand.room.tend()
    stand.room.observe(0, WarningColour.RED)
    first = stand.room.done(WriteLogLine(text="水位快涨", about="alarm/1"), stand.li)
    stand.room.done(WriteLogLine(text="应为：水位缓涨", corrects=int(first.key)), stand.li)
    log = stand.log()
    assert log.next == 0
    texts = [row.sentence.params.get("text", row.sentence.code) for row in log.rows]
    assert texts[:3] == ["应为：水位缓涨", "水位快涨", "timeline.alarm.raise"]
    assert (log.rows[0].corrects, log.rows[1].corrected_by, log.rows[1].about) == (1, 2, "alarm/1")
    assert log.rows[2].title == "SW-CITY"
    free = stand.log(kinds=(LogKind.FREE,))
    assert [row.sentence.code for row in free.rows] == ["log.text", "log.text"]
    told = [row.number for row in log.rows if row.kind is LogKind.AUTOMATIC]
    assert [row.number for row in stand.log(kinds=(LogKind.AUTOMATIC,)).rows] == told != []
    for wrong, code in (
        (WriteLogLine(text=" "), "text.missing.line"),
        (WriteLogLine(text="x", kind=LogKind.AUTOMATIC), "log.automatic"),
        (WriteLogLine(text="x", corrects=9), "log.line_unknown"),
        (WriteLogLine(text="x", kind=LogKind.SNAPSHOT, attachment="../../etc/passwd"), "attachment.bad_digest"),
    ):
        assert stand.room.do(wrong, stand.li).code == code


def test_that_a_snapshot_is_kept_with_its_line_and_read_back(stand: DutyStand) -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(200)
    digest = hashlib.sha256(content).hexdigest()
    part = UploadPart(digest=digest, size=len(content), offset=0, data=content)
    line = WriteLogLine(text="水位屏", kind=LogKind.SNAPSHOT, attachment=digest, size=len(content), name="../F1.png")
    assert stand.room.do(line, stand.li).code == "attachment.incomplete"
    assert stand.room.ask("attachment.part", part, stand.li).outcome == "done"
    stand.room.done(line, stand.li)
    (row,) = stand.log(kinds=(LogKind.SNAPSHOT,)).rows
    assert (row.attachment, row.file) == (digest, 1)
    asked = AskFile(attachment=1, offset=0, length=1000)
    told = stand.body(stand.room.ask("attachment.get", asked, stand.chief), FilePart)
    assert (told.data, told.attachment.name, told.attachment.media) == (content, "F1.png", "image/png")


def test_that_pages_of_the_log_join_without_a_gap_or_a_row_told_twice(stand: DutyStand) -> None:
    stand.shift("白班", -1, 7, "p-1")
    stand.room.tend()
    for place in range(30):
        stand.room.done(WriteLogLine(text=f"第 {place} 条"), stand.li)
        stand.room.observe(place % 4, WarningColour.YELLOW if place % 8 < 4 else WarningColour.NONE)
    whole = [row.number for row in stand.log(limit=500).rows]
    found: list[int] = []
    before = 0
    while True:
        page = stand.log(before=before, limit=7)
        found += [row.number for row in page.rows]
        before = page.next
        if not before:
            break
    assert found == whole
    assert whole == sorted(whole, reverse=True)
    assert stand.room.ask("log.page", AskLog(limit=0), stand.li).code == "ask.out_of_range"


def test_that_a_locked_log_is_added_to_by_the_next_shift_only(stand: DutyStand) -> None:
    stand.shift("白班", -1, 1, "p-1")
    stand.shift("夜班", 1, 9, "p-2")
    stand.room.tend()
    stand.room.done(WriteLogLine(text="交班前"), stand.li)
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.sign("li")
    stand.sign("wang", wang)
    stand.room.clock.advance(3601)
    stand.room.tend()
    stand.room.done(WriteLogLine(text="接班后", corrects=1), wang)
    before = {row.sentence.params.get("text"): row for row in stand.log(shift=1).rows}
    after = {row.sentence.params.get("text"): row for row in stand.log().rows}
    assert before["交班前"].locked
    assert before["交班前"].corrected_by == 2
    assert "接班后" in after
    assert "接班后" not in before
    assert not after["接班后"].locked


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_row_the_log_tells_has_its_sentence(language: str) -> None:
    texts = Texts(language)
    assert [action for action in sorted(LOGGED) if not texts.has(f"timeline.{action}")] == []


def test_that_a_snapshot_tells_shifts_covers_and_sheets(stand: DutyStand) -> None:
    stand.shift("白班", -1, 7, "p-1")
    stand.room.done(CoverSeat(seat="A-05", reason="空席"), stand.li)
    stand.open()
    reply = stand.room.ask("snapshot", Hello(protocol=PROTOCOL_VERSION, client="t"), stand.li)
    kinds = {record.kind for record in codec.unpack(reply.body, Snapshot).records}
    assert {"shift", "seat_cover", "handover"} <= kinds
