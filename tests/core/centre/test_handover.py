"""The hand-over (H5): computed from the facts, ticked or refused one by one, signed by two, locked, the seat passed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import AcknowledgeAlarm, ShelveAlarm, SignOff
from chengyun_core.model.duty import Handover, HandoverState, Item, ItemKind, ItemState, LogKind, SeatDeed
from chengyun_core.model.duty_commands import (
    CancelHandover,
    CoverSeat,
    ForceHandover,
    NoteCheck,
    OpenHandover,
    SignHandover,
    WriteHandoverLines,
    WriteLogLine,
)
from chengyun_core.model.handover_rules import digest_of
from chengyun_core.model.scales import WarningColour
from chengyun_core.store import duty_figures, session_table
from tests.core.centre.duty_stand import SEAT, DutyStand
from tests.core.centre.room import PASSWORD

MINUTE_NS = 60 * NS_PER_S


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[DutyStand]:
    """Return a centre with a red and a yellow alarm, a notice, and a shift that runs."""
    with DutyStand(tmp_path) as made:
        made.person("p-li", "li")
        made.shift("白班", -1, 7, "p-li")
        made.shift("夜班", 7, 15)
        made.room.tend()
        made.room.observe(0, WarningColour.YELLOW)
        made.room.observe(1, WarningColour.RED)
        made.room.done(WriteLogLine(text="三号泵检修", kind=LogKind.NOTICE), made.li)
        yield made


def _kinds(items: tuple[Item, ...]) -> list[tuple[ItemKind, str]]:
    return [(item.kind, item.key) for item in items]


def test_that_a_sheet_holds_what_is_open_at_the_seat_gravest_first(stand: DutyStand) -> None:
    stand.open()
    sheet = stand.sheet()
    assert _kinds(sheet.items) == [
        (ItemKind.UNACKNOWLEDGED, "2"), (ItemKind.UNACKNOWLEDGED, "1"), (ItemKind.NOTICE, "1"),
    ]  # fmt: skip
    assert sheet.items[0].gravity == WarningColour.RED
    assert sheet.items[0].owner == "li"
    assert (sheet.shift, sheet.next_shift, sheet.giver, sheet.seat) == (1, 2, "li", SEAT)
    assert sheet.code.endswith("1")
    assert sheet.closes_at == sheet.opened_at + 15 * MINUTE_NS


def test_that_alarms_outside_the_seats_area_are_not_on_its_sheet_and_those_of_a_covered_seat_are(
    stand: DutyStand,
) -> None:
    district = stand.room.officer("qian", "500103.duty_officer", seat="Y-01")
    stand.open(district, "Y-01")
    assert _kinds(stand.sheet().items) == [(ItemKind.UNACKNOWLEDGED, "2")]
    narrow = stand.room.officer("zhou", seat="A-YZ")
    stand.open(narrow, "A-YZ")
    assert (ItemKind.UNACKNOWLEDGED, "1") not in _kinds(stand.sheet(2).items)
    stand.room.done(CoverSeat(seat="A-05", reason="空席"), narrow)
    assert (ItemKind.UNACKNOWLEDGED, "1") in _kinds(stand.told(2).handover.items)


def test_that_what_is_beyond_sixty_of_a_kind_is_one_item_that_counts_it(stand: DutyStand) -> None:
    for place in range(64):
        stand.room.done(WriteLogLine(text=f"事项 {place}", kind=LogKind.NOTICE), stand.li)
    stand.open()
    notices = [item for item in stand.sheet().items if item.kind is ItemKind.NOTICE]
    assert len(notices) == 61
    (rest,) = [item for item in notices if item.key == "rest"]
    assert (rest.title, rest.params) == ("+5", {"count": "5"})
    stand.room.done(WriteLogLine(text="已办", kind=LogKind.NOTICE, corrects=64), stand.li)
    again = next(item for item in stand.told().handover.items if item.key == "rest")
    assert again.version != rest.version


def test_that_a_shelved_alarm_is_told_with_its_end(stand: DutyStand) -> None:
    seen = stand.room.alarm(1)
    stand.room.done(ShelveAlarm(alarm=1, version=seen.version, minutes=14, reason="检修"), stand.li)
    stand.open()
    shelved = next(item for item in stand.sheet().items if item.kind is ItemKind.SHELVED)
    assert shelved.key == "1"
    assert shelved.due_at == stand.room.clock.utc_ns() + 14 * MINUTE_NS


def test_that_only_the_taker_decides_and_who_takes_over_does_nothing_else(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    item = stand.told().handover.items[0]
    assert stand.tick(item, stand.li) == "handover.not_taker"
    assert stand.tick(item, stand.chief) == "handover.other_taker"
    assert stand.tick(item, wang) == ""
    seen = stand.room.alarm(2)
    acknowledged = AcknowledgeAlarm(alarm=2, version=seen.version, note_code=NoteCode.VERIFYING)
    assert stand.room.do(acknowledged, wang).code == "session.incoming"
    assert stand.room.do(acknowledged, stand.li).outcome == "done"


def test_that_a_ticked_item_that_changed_is_shown_again_and_one_that_ended_is_settled(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.room.observe(0, WarningColour.ORANGE, before=2)
    told = stand.told()
    assert told.changed == ("unacknowledged/1",)
    assert stand.tick(replace(told.handover.items[0], kind=ItemKind.UNACKNOWLEDGED, key="1", version=1), wang) == (
        "handover.item_changed"
    )
    alarm = stand.room.alarm(1)
    stand.room.done(AcknowledgeAlarm(alarm=1, version=alarm.version, note_code=NoteCode.VERIFYING), stand.li)
    settled = next(item for item in stand.told().handover.items if item.key == "1" and item.kind != ItemKind.NOTICE)
    assert settled.state is ItemState.SETTLED
    assert stand.tick(settled, wang) == "handover.item_settled"


def test_that_what_comes_up_while_a_sheet_is_open_joins_it(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.room.observe(3, WarningColour.RED)
    assert [item.key for item in stand.told().handover.items if item.state is ItemState.OPEN] == ["3"]
    assert stand.sign("li").code == "handover.undecided"


def test_that_both_sign_the_same_sheet_and_the_seat_passes(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    assert stand.sign("li").code == "handover.undecided"
    stand.tick_all(wang)
    assert stand.sign("wang", wang).code == "handover.giver_first"
    assert stand.sign("li").outcome == "done"
    assert stand.sign("li").code == "handover.same_person"
    assert stand.sign("sun").code == "handover.other_taker"
    assert stand.sign("wang", wang).outcome == "done"
    sheet = stand.sheet()
    assert sheet.state is HandoverState.SIGNED
    assert [one.account for one in sheet.signatures] == ["li", "wang"]
    assert {one.digest for one in sheet.signatures} == {digest_of(sheet)}
    with stand.room.ledger.reading() as connection:
        held = session_table.at_seat(connection, SEAT)
    assert held is not None
    assert held.account == "wang"
    assert stand.room.do(OpenHandover(seat=SEAT), stand.li).code == "session.none"
    seen = stand.room.alarm(2)
    acknowledged = AcknowledgeAlarm(alarm=2, version=seen.version, note_code=NoteCode.VERIFYING)
    assert stand.room.do(acknowledged, wang).outcome == "done"


def test_that_a_locked_sheet_is_changed_by_nothing(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.sign("li")
    stand.sign("wang", wang)
    sheet = stand.sheet()
    for command in (
        WriteHandoverLines(handover=1, version=sheet.version, lines=("补记",)),
        CancelHandover(handover=1, version=sheet.version, reason="误签"),
        NoteCheck(handover=1, version=sheet.version, name="sound", good=True),
    ):
        assert stand.room.do(command, stand.chief).code == "handover.locked"
    assert stand.tick(sheet.items[0], wang) == "handover.locked"
    assert stand.sheet() == sheet
    assert stand.room.done(OpenHandover(seat=SEAT), wang).key == "2"


def test_that_a_change_after_the_givers_signature_voids_it(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.sign("li")
    shown = stand.told()
    stand.room.observe(3, WarningColour.ORANGE)
    assert stand.sign("wang", wang, told=shown).code == "handover.changed_since_given"
    sheet = stand.sheet()
    assert (sheet.state, sheet.signatures) == (HandoverState.OPEN, ())
    assert any(change.action == "handover.void_signature" for change in stand.room.published)
    stand.tick_all(wang)
    assert stand.sign("li").outcome == "done"
    assert stand.sign("wang", wang).outcome == "done"


def test_that_a_wrong_password_counts_towards_the_lock_out_and_signs_nothing(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    codes = [stand.sign("li", secret="guess").code for _ in range(6)]
    assert codes == ["session.wrong_password"] * 4 + ["session.locked_out"] * 2
    assert stand.sheet().signatures == ()
    assert stand.sign("li").code == "session.locked_out"


def test_that_a_refused_item_stays_with_its_giver_in_this_sheet_and_the_next(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    red, yellow, notice = stand.told().handover.items
    assert stand.refuse(red, wang, "") == "text.missing.reason"
    assert stand.refuse(red, wang, "现场不清") == ""
    assert stand.tick(yellow, wang) == ""
    assert stand.tick(notice, wang) == ""
    stand.sign("li")
    stand.sign("wang", wang)
    kept = stand.sheet().items[0]
    assert (kept.state, kept.reason, kept.owner) == (ItemState.REFUSED, "现场不清", "li")
    stand.open(wang)
    assert {item.key: item.owner for item in stand.sheet(2).items if item.kind is ItemKind.UNACKNOWLEDGED} == {
        "1": "wang", "2": "li",
    }  # fmt: skip


def test_that_a_chief_signs_for_a_giver_who_cannot_with_a_reason_and_loudly(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    told = stand.told()

    def forced(account: str, reason: str = "突发疾病送医", digest: str = told.digest) -> str:
        command = ForceHandover(
            handover=1, version=told.handover.version, digest=digest, reason=reason, account=account, secret=PASSWORD
        )
        return stand.room.do(command, wang).code

    assert forced("zhao", reason="") == "text.missing.reason"
    assert forced("wang") == "handover.not_chief"
    assert forced("sun") == "handover.not_chief"
    assert forced("zhao") == ""
    sheet = stand.sheet()
    assert (sheet.state, sheet.forced_by, sheet.forced_reason) == (HandoverState.GIVEN, "zhao", "突发疾病送医")
    assert any(change.action == "handover.force" for change in stand.room.published)
    assert stand.sign("zhao", wang).code == "handover.same_person"
    assert stand.sign("wang", wang).outcome == "done"


def test_that_a_giver_who_left_can_be_named(stand: DutyStand) -> None:
    wang = stand.room.signed_on("wang", "A-06")
    assert stand.room.do(OpenHandover(seat="A-07"), wang).code == "handover.nobody_gives"
    stand.room.done(OpenHandover(seat="A-07", giver="sun"), wang)
    sheet = stand.sheet()
    assert (sheet.giver, sheet.taker) == ("sun", "wang")


def test_that_a_sheet_that_takes_too_long_is_told_once(stand: DutyStand) -> None:
    stand.open()
    stand.room.clock.advance(15 * 60 + 1)
    stand.room.tend()
    stand.room.tend()
    assert [change.action for change in stand.room.published].count("handover.overdue") == 1
    assert stand.sheet().overdue


def test_that_a_check_of_the_console_joins_those_of_the_centre(stand: DutyStand) -> None:
    stand.open()
    told = NoteCheck(handover=1, version=1, name="sound", good=False, reason="console.no_sound")
    assert stand.room.do(told, stand.li).outcome == "done"
    assert stand.room.do(replace(told, name="database"), stand.li).code == "handover.check_not_yours"
    stand.room.desk.lights = {"backup": "store.backup_failed"}
    checks = {check.name: check.good for check in stand.told().handover.checks}
    assert checks == {"database": True, "journal": True, "backup": False, "grouping": True, "sound": False}
    assert (ItemKind.FAULT, "light/backup") in _kinds(stand.told().handover.items)


def test_that_the_figures_equal_a_recount_of_the_same_time(stand: DutyStand) -> None:
    stand.room.clock.advance(60)
    seen = stand.room.alarm(2)
    stand.room.done(AcknowledgeAlarm(alarm=2, version=seen.version, note_code=NoteCode.VERIFYING), stand.li)
    stand.room.clock.advance(60)
    stand.open()
    sheet = stand.sheet()
    stand.room.clock.advance(60)
    assert sheet.figures_from == (stand.get_shift(1).begun_at or 0)
    assert sheet.figures == _recounted(stand, sheet)
    assert sheet.figures["alarms_raised"] == 2
    assert sheet.figures["ack_median_s"] == 60
    assert sheet.figures["seat_acknowledged"] == 1


def _recounted(stand: DutyStand, sheet: Handover) -> dict[str, float]:
    """Count a sheet's figures again; every vital of this city lies in the seat's area."""
    with stand.room.ledger.reading() as connection:
        again = duty_figures.count(
            connection, sheet.figures_from, sheet.figures_until, seat=SEAT, vitals=list(stand.room.desk.city.vitals)
        )
    return again.named()


def test_that_the_figures_end_at_the_first_signature_and_both_sign_them(stand: DutyStand) -> None:
    stand.room.clock.advance(60)
    stand.open()
    wang = stand.incoming()
    seen = stand.room.alarm(2)
    stand.room.done(AcknowledgeAlarm(alarm=2, version=seen.version, note_code=NoteCode.VERIFYING), stand.li)
    stand.room.clock.advance(60)
    stand.tick_all(wang)
    assert stand.sheet().figures["seat_acknowledged"] == 0, "not counted anew since it was opened"
    shown = stand.told()
    signed_at = stand.room.clock.utc_ns()
    assert stand.sign("li", told=shown).outcome == "done"
    given = stand.sheet()
    assert given.figures_until == signed_at
    assert given.figures["seat_acknowledged"] == 1
    assert [one.digest for one in given.signatures] == [digest_of(given)]
    stand.room.clock.advance(60)
    assert stand.sign("wang", wang).outcome == "done"
    locked = stand.sheet()
    assert (locked.figures, locked.figures_until) == (given.figures, signed_at)
    assert {one.digest for one in locked.signatures} == {digest_of(locked)}
    assert locked.figures == _recounted(stand, locked)


def test_that_the_figures_of_a_forced_sheet_end_when_the_chief_signed(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.room.clock.advance(600)
    told = stand.told()
    forced = ForceHandover(
        handover=1, version=told.handover.version, digest=told.digest, reason="病", account="zhao", secret=PASSWORD
    )
    assert stand.room.do(forced, stand.chief).outcome == "done"
    assert stand.sheet().figures_until == stand.room.clock.utc_ns()


def test_that_a_wrong_password_counts_no_figures(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    until = stand.sheet().figures_until
    stand.room.clock.advance(60)
    assert stand.sign("li", secret="another password").code == "session.wrong_password"
    assert stand.sheet().figures_until == until


def test_that_a_sheet_survives_a_restart_as_it_was(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.sign("li")
    before = stand.told()
    stand.room.restart()
    assert stand.told() == before
    assert stand.sign("wang", wang).outcome == "done"


def test_that_a_repeated_signature_is_answered_and_not_done_twice(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.sign("li")
    rows, told = len(stand.room.published), stand.told()
    sheet = told.handover
    signed = SignHandover(
        handover=sheet.number, version=sheet.version, digest=told.digest, account="wang", secret=PASSWORD
    )
    first = stand.room.do(signed, wang, "sign-1")
    after = len(stand.room.published)
    assert first.outcome == "done"
    assert after > rows
    assert stand.room.do(signed, wang, "sign-1") == first
    assert len(stand.room.published) == after
    # The same deed under a new id is another deed, and the sheet is locked.
    assert stand.room.do(signed, wang, "sign-2").code == "handover.locked"
    assert len(stand.room.published) == after


def test_that_a_cover_ends_when_its_seat_is_handed_over(stand: DutyStand) -> None:
    stand.room.done(CoverSeat(seat="A-05", reason="空席"), stand.li)
    assert stand.room.desk.covers["A-05"].deed is SeatDeed.COVERED
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.sign("li")
    stand.sign("wang", wang)
    assert stand.room.desk.covers == {}


def test_that_nobody_signs_what_is_not_as_it_was_shown(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    shown = stand.told()
    seen = stand.room.alarm(2)
    stand.room.done(AcknowledgeAlarm(alarm=2, version=seen.version, note_code=NoteCode.VERIFYING), stand.li)
    assert stand.sign("li", told=shown).code == "handover.changed_since_shown"
    assert stand.sheet().version == shown.handover.version + 1
    assert stand.sign("li").outcome == "done"


def test_that_a_sheet_whose_seat_somebody_else_took_is_over(stand: DutyStand) -> None:
    stand.open()
    wang = stand.incoming()
    stand.tick_all(wang)
    stand.room.done(SignOff(), stand.li)
    sun = stand.room.signed_on("sun", SEAT)
    assert stand.sign("li", wang).code == "handover.seat_moved_on"
    stand.open(sun)
    assert stand.sheet(1).state is HandoverState.CANCELLED
    assert (stand.sheet(2).giver, stand.sheet(2).taker) == ("sun", "wang")


def test_that_a_sheet_without_a_taker_is_not_signed(stand: DutyStand) -> None:
    stand.open()
    assert stand.sign("li").code == "handover.no_taker"
