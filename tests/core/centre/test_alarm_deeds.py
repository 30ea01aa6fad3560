"""What officers do to alarms, through the door: carried out, or refused with who did what when."""

import pytest

from chengyun_core.model.alarm import AlarmState, NoteCode, effective
from chengyun_core.model.command import (
    AcknowledgeAlarm,
    AssignAlarm,
    CommentAlarm,
    GiveApproval,
    ShelveAlarm,
    UnacknowledgeAlarm,
    UnshelveAlarm,
)
from chengyun_core.model.scales import WarningColour
from tests.core.centre.room import Room

RED, ORANGE, YELLOW, BLUE, NONE = (
    WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE, WarningColour.NONE,
)  # fmt: skip
MINUTE = 60.0


def test_that_an_acknowledgement_is_kept_with_who_when_where_and_note(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    room.clock.advance(5)
    room.done(AcknowledgeAlarm(alarm=1, version=1, note="去看了"), session)
    alarm = room.alarm(1)
    assert effective(alarm) is AlarmState.ACKED
    assert (alarm.acked_by, alarm.acked_seat, alarm.acked_at) == ("officer", "A-01", room.clock.utc_ns())
    assert alarm.note == "去看了"


def test_that_a_red_alarm_is_not_acknowledged_without_a_note_code(room: Room) -> None:
    session = room.officer()
    room.observe(0, RED)
    assert room.do(AcknowledgeAlarm(alarm=1, version=1), session).code == "alarm.note_code_needed"
    assert effective(room.alarm(1)) is AlarmState.UNACK
    room.done(AcknowledgeAlarm(alarm=1, version=1, note_code=NoteCode.VERIFYING), session)


def test_that_the_second_of_two_officers_is_told_who_was_first_and_when(room: Room) -> None:
    one, two = room.officer("one"), room.officer("two", seat="A-02")
    room.observe(0, YELLOW)
    room.done(AcknowledgeAlarm(alarm=1, version=1), one)
    reply = room.do(AcknowledgeAlarm(alarm=1, version=1), two)
    assert reply.code == "alarm.already_acknowledged"
    assert (reply.params["who"], reply.params["seat"]) == ("one", "A-01")
    assert reply.params["at_ns"] == str(room.clock.utc_ns())


def test_that_an_alarm_that_grew_graver_meanwhile_is_not_acknowledged_unseen(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    room.observe(0, RED)
    reply = room.do(AcknowledgeAlarm(alarm=1, version=1, note_code=NoteCode.OTHER), session)
    assert (reply.code, reply.params["who"]) == ("alarm.changed.escalate", "ingest")


def test_that_a_closed_alarm_is_refused_with_when_it_ended(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    room.observe(0, NONE)
    room.done(AcknowledgeAlarm(alarm=1, version=2), session)
    reply = room.do(UnacknowledgeAlarm(alarm=1, version=3, reason="x"), session)
    assert reply.code == "alarm.closed"
    assert reply.params["at"]


def test_that_what_is_only_marked_on_an_alarm_does_not_make_a_deed_stale(room: Room) -> None:
    """A flood clusters every alarm a moment after it was shown: no officer could acknowledge any (RF23)."""
    session, second = room.officer(), room.officer("second", seat="A-02")
    for vital in range(6):
        room.observe(vital, YELLOW)
    assert room.alarm(1).situation is not None, "clustered"
    room.done(CommentAlarm(alarm=1, text="在看"), second)
    assert room.alarm(1).version > 2
    room.done(AcknowledgeAlarm(alarm=1, version=1), session)
    assert effective(room.alarm(1)) is AlarmState.ACKED


def test_that_a_mark_does_not_hide_a_move_behind_it(room: Room) -> None:
    session, second = room.officer(), room.officer("second", seat="A-02")
    room.observe(0, YELLOW)
    room.observe(0, RED)
    room.done(CommentAlarm(alarm=1, text="在看"), second)
    reply = room.do(AcknowledgeAlarm(alarm=1, version=1, note_code=NoteCode.VERIFYING), session)
    assert (reply.code, reply.params["who"]) == ("alarm.changed.escalate", "ingest")


def test_that_a_version_from_the_future_is_refused(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    assert room.do(AcknowledgeAlarm(alarm=1, version=9), session).code == "alarm.changed.raise"


def test_that_the_second_of_two_assignments_at_once_has_to_see_the_first(room: Room) -> None:
    session, second = room.officer(), room.officer("second", seat="A-02")
    room.observe(0, YELLOW)
    room.done(AssignAlarm(alarm=1, version=1, assignee="officer"), session)
    reply = room.do(AssignAlarm(alarm=1, version=1, assignee="second"), second)
    assert (reply.code, reply.params["who"]) == ("alarm.changed.assign", "officer")


def test_that_an_acknowledgement_taken_back_needs_a_reason_and_keeps_it_in_the_journal(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    room.done(AcknowledgeAlarm(alarm=1, version=1), session)
    assert room.do(UnacknowledgeAlarm(alarm=1, version=2, reason="  "), session).code == "text.missing.reason"
    room.done(UnacknowledgeAlarm(alarm=1, version=2, reason="看错了"), session)
    assert effective(room.alarm(1)) is AlarmState.UNACK
    assert room.published[-1].params == {"reason": "看错了"}


@pytest.mark.parametrize(("colour", "limit"), [(RED, 15), (ORANGE, 60), (YELLOW, 240), (BLUE, 480)])
def test_that_no_alarm_is_shelved_longer_than_its_colour_allows(room: Room, colour: WarningColour, limit: int) -> None:
    session = room.officer()
    room.observe(0, colour)
    reply = room.do(ShelveAlarm(alarm=1, version=1, minutes=limit + 1, reason="检修"), session)
    assert (reply.code, reply.params["limit"]) == ("alarm.shelf_too_long", str(limit))
    done = room.done(ShelveAlarm(alarm=1, version=1, minutes=limit, reason="检修"), session)
    if colour is WarningColour.RED:  # A6: needs a second person
        second = room.officer("second", seat="A-02")
        room.done(GiveApproval(approval=int(done.key), version=done.version), second)
    room.clock.advance(limit * MINUTE - 1)
    assert room.expire() == 0
    room.clock.advance(1)
    assert room.expire() == 1
    assert effective(room.alarm(1)) is AlarmState.UNACK


def test_that_a_shelf_taken_away_by_hand_counts_as_acknowledged(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    room.done(ShelveAlarm(alarm=1, version=1, minutes=10, reason="检修"), session)
    room.done(UnshelveAlarm(alarm=1, version=2), session)
    assert effective(room.alarm(1)) is AlarmState.ACKED
    room.clock.advance(11 * MINUTE)
    assert room.expire() == 0


def test_that_a_one_shot_shelf_ends_with_the_return(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    room.done(ShelveAlarm(alarm=1, version=1, minutes=None, reason="检修"), session)
    room.observe(0, NONE)
    assert room.alarm(1).closed
    room.observe(0, YELLOW)
    assert effective(room.living()[0]) is AlarmState.UNACK


def test_that_even_a_one_shot_shelf_ends_with_the_limit_of_its_colour(room: Room) -> None:
    session = room.officer()
    room.observe(0, ORANGE)
    room.done(ShelveAlarm(alarm=1, version=1, minutes=None, reason="检修"), session)
    room.clock.advance(60 * MINUTE)
    room.expire()
    assert effective(room.alarm(1)) is AlarmState.UNACK


def test_that_a_shelf_is_cut_short_when_the_alarm_turns_red(room: Room) -> None:
    session = room.officer()
    room.observe(0, BLUE)
    room.done(ShelveAlarm(alarm=1, version=1, minutes=480, reason="检修"), session)
    room.observe(0, RED)
    room.clock.advance(15 * MINUTE)
    assert room.expire() == 1
    assert effective(room.alarm(1)) is AlarmState.UNACK


def test_that_a_shelf_running_when_the_daemon_was_killed_ends_in_its_time(room: Room) -> None:
    session = room.officer()
    for vital in (0, 1):
        room.observe(vital, YELLOW)
    room.done(ShelveAlarm(alarm=1, version=1, minutes=10, reason="检修"), session)
    room.done(ShelveAlarm(alarm=2, version=1, minutes=30, reason="检修"), session)
    room.clock.advance(20 * MINUTE)
    room.restart()
    assert room.expire() == 1
    assert effective(room.alarm(1)) is AlarmState.UNACK
    assert effective(room.alarm(2)) is AlarmState.SHELVED
    room.clock.advance(10 * MINUTE)
    room.expire()
    assert effective(room.alarm(2)) is AlarmState.UNACK


def test_that_a_note_with_characters_that_turn_text_around_is_refused(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    for note in ("a\u202eb", "a\x1bb", "a\nb"):
        assert room.do(AcknowledgeAlarm(alarm=1, version=1, note=note), session).code == "text.control_characters"
    assert room.do(AcknowledgeAlarm(alarm=1, version=1, note="长" * 501), session).code == "text.too_long"


def test_that_the_same_command_id_gets_the_same_answer_and_acts_once(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    command = AcknowledgeAlarm(alarm=1, version=1)
    first = room.do(command, session, "id-1")
    rows = len(room.published)
    room.restart()
    assert room.do(command, session, "id-1") == first
    assert len(room.published) == rows


def test_that_a_refusal_is_repeated_under_its_id_even_when_it_would_now_be_granted(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    command = UnacknowledgeAlarm(alarm=1, version=2, reason="x")
    refused = room.do(command, session, "id-1")
    room.done(AcknowledgeAlarm(alarm=1, version=1), session)
    assert refused.outcome == "refused"
    assert room.do(command, session, "id-1") == refused


def test_that_an_id_used_for_another_deed_is_refused(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    room.observe(1, YELLOW)
    room.do(AcknowledgeAlarm(alarm=1, version=1), session, "id-1")
    assert room.do(AcknowledgeAlarm(alarm=2, version=1), session, "id-1").code == "command.id_used"
    other = room.officer("other", seat="A-02")
    assert room.do(AcknowledgeAlarm(alarm=1, version=1), other, "id-1").code == "command.id_used"


def test_that_of_eight_officers_with_two_clicks_each_one_wins_and_seven_are_told_by_whom(room: Room) -> None:
    sessions = [room.officer(f"officer{n}", seat=f"A-0{n}") for n in range(1, 9)]
    room.observe(0, YELLOW)
    command = AcknowledgeAlarm(alarm=1, version=1)
    replies = [room.do(command, token, f"click-{n}") for _ in range(2) for n, token in enumerate(sessions)]
    assert [reply.outcome for reply in replies].count("done") == 2, "one officer's deed, answered at both clicks"
    refused = [reply for reply in replies if reply.outcome == "refused"]
    assert {reply.params["who"] for reply in refused} == {"officer1"}
    assert room.alarm(1).version == 2
    assert [change.action for change in room.published].count("alarm.acknowledge") == 1
