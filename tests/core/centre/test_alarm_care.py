"""What keeps alarms answered for: pages, stamps, calls by themselves, threads, owners, second persons, late news."""

from dataclasses import replace

from chengyun_core.model.alarm import AlarmState, NoteCode, effective
from chengyun_core.model.catalogue import CauseLink
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import (
    AcknowledgeAlarm,
    AcknowledgeAlarms,
    AssignAlarm,
    CommentAlarm,
    GiveApproval,
    ShelveAlarm,
)
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Hello, Snapshot
from tests.core.centre.room import SCREEN_KEY, Room, city, vital

RED, ORANGE, YELLOW, NONE = WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.NONE


def _low(room: Room) -> None:
    """All vitals of little consequence, with time to respond."""
    made = city()
    vitals = tuple(replace(one, consequence=1, respond_min=60.0) for one in made.vitals)
    room.adopt(replace(made, vitals=vitals))


def _told(room: Room, action: str) -> int:
    return sum(change.action == action for change in room.published)


def test_that_a_page_acknowledges_low_ones_and_tells_why_others_are_left(room: Room) -> None:
    _low(room)
    session = room.officer()
    for number, band in ((0, YELLOW), (1, ORANGE), (2, YELLOW)):
        room.observe(number, band)
    versions = [room.alarm(number).version for number in (1, 2, 3)]
    page = AcknowledgeAlarms(alarms=((1, versions[0]), (2, versions[1]), (3, versions[2] + 1)))
    done = room.done(page, session)
    assert [number for number, _ in done.left] == ["2", "3"]
    assert dict(done.left)["2"] == "alarm.one_at_a_time"
    states = [effective(room.alarm(number)) for number in (1, 2, 3)]
    assert states == [AlarmState.ACKED, AlarmState.UNACK, AlarmState.UNACK]


def test_that_what_follows_from_a_cause_is_acknowledged_with_it_and_nothing_else_is(room: Room) -> None:
    """WF4: `A` on the power cut; the grave, the strange and what another has changed meanwhile are left and told."""
    made = city()
    codes = [one.code for one in made.vitals]
    causes = tuple(CauseLink(cause=codes[0], effect=codes[at], within_s=60.0) for at in (1, 2, 3))
    room.adopt(replace(made, vitals=(*made.vitals, vital(4, "SW-5", "500106")), causes=causes))
    session = room.officer()
    for number, band in ((0, RED), (1, YELLOW), (2, ORANGE), (3, YELLOW)):
        room.observe(number, band)
    room.clock.advance(3600)
    room.observe(4, YELLOW)
    versions = {number: room.alarm(number).version for number in range(1, 6)}
    done = room.done(
        AcknowledgeAlarm(
            alarm=1, version=versions[1], note_code=NoteCode.VERIFYING,
            along=((2, versions[2]), (3, versions[3]), (4, versions[4] + 7), (5, versions[5]), (99, 1)),
        ),
        session,
    )  # fmt: skip
    states = [effective(room.alarm(number)) for number in range(1, 6)]
    assert states == [AlarmState.ACKED, AlarmState.ACKED, *[AlarmState.UNACK] * 3]
    left = dict(done.left)
    assert (left["3"], left["5"], left["99"]) == ("alarm.one_at_a_time", "alarm.not_along", "alarm.unknown")
    assert left["4"].startswith("alarm.changed")
    assert room.alarm(2).note_code is NoteCode.VERIFYING


def test_that_an_acknowledgement_nobody_can_have_read_is_noted_but_done(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    room.clock.advance(1)
    room.done(AcknowledgeAlarm(alarm=1, version=1), session)
    room.observe(1, YELLOW)
    room.clock.advance(30)
    room.done(AcknowledgeAlarm(alarm=2, version=1), session)
    assert _told(room, "alarm.rubber_stamp") == room.desk.counters["rubber_stamps"] == 1


def test_that_a_red_alarm_nobody_cleared_calls_again_also_after_a_restart(room: Room) -> None:
    session = room.officer()
    room.observe(0, RED)
    room.done(AcknowledgeAlarm(alarm=1, version=1, note_code=NoteCode.VERIFYING), session)
    room.restart()
    room.clock.advance(599)
    room.tend()
    assert effective(room.alarm(1)) is AlarmState.ACKED
    room.clock.advance(1)
    room.tend()
    assert (effective(room.alarm(1)), room.alarm(1).realarms) == (AlarmState.UNACK, 1)
    assert _told(room, "alarm.realarm") == 1


def test_that_a_yellow_alarm_does_not_call_again(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    room.done(AcknowledgeAlarm(alarm=1, version=1), session)
    room.clock.advance(7200)
    room.tend()
    assert effective(room.alarm(1)) is AlarmState.ACKED


def test_that_shelving_red_waits_for_another_officer_and_is_void_when_the_alarm_changed(room: Room) -> None:
    one, two = room.officer("one"), room.officer("two", seat="A-02")
    room.observe(0, RED)
    asked = room.done(ShelveAlarm(alarm=1, version=1, minutes=10, reason="检修"), one)
    assert effective(room.alarm(1)) is AlarmState.UNACK
    give = GiveApproval(approval=int(asked.key), version=asked.version)
    assert room.do(give, one).code == "approval.own"
    room.done(AcknowledgeAlarm(alarm=1, version=1, note_code=NoteCode.OTHER), two)
    assert room.do(give, two).outcome == "refused"
    again = room.done(ShelveAlarm(alarm=1, version=2, minutes=10, reason="检修"), one)
    room.done(GiveApproval(approval=int(again.key), version=again.version), two)
    alarm = room.alarm(1)
    assert (effective(alarm), alarm.shelved_by) == (AlarmState.SHELVED, "one")
    assert room.published[-1].params["second"] == "two"


def test_that_an_alarm_is_given_to_somebody_until_a_time_ahead(room: Room) -> None:
    session = room.officer()
    room.observe(0, YELLOW)
    now = room.clock.utc_ns()
    assert room.do(AssignAlarm(alarm=1, version=1, assignee="p", due_at=now), session).code == "alarm.due_past"
    room.done(AssignAlarm(alarm=1, version=1, assignee="500103.track_owner.1", due_at=now + NS_PER_S), session)
    assert (room.alarm(1).assigned_to, room.alarm(1).due_at) == ("500103.track_owner.1", now + NS_PER_S)
    room.done(AssignAlarm(alarm=1, version=2, assignee=""), session)
    assert (room.alarm(1).assigned_to, room.alarm(1).due_at) == ("", None)


def test_that_comments_and_late_violations_are_in_the_snapshot_and_late_ones_never_annunciate(room: Room) -> None:
    """V9, cosmos#3434."""
    session = room.officer()
    room.observe(0, YELLOW)
    room.done(CommentAlarm(alarm=1, text="已联系值班人"), session)
    room.observe(1, RED, late=True)
    assert room.living().keys() == {0}
    assert room.alarm(1).comments == 1
    kinds = _kinds(room)
    assert (kinds.count("comment"), kinds.count("late")) == (1, 1)
    room.clock.advance(86_401)
    assert _kinds(room).count("late") == 0


def test_that_a_late_return_of_an_active_alarm_is_applied(room: Room) -> None:
    room.observe(0, YELLOW)
    room.observe(0, NONE, late=True, before=int(YELLOW))
    assert effective(room.alarm(1)) is AlarmState.RTNUN


def _kinds(room: Room) -> list[str]:
    reply = room.ask("snapshot", Hello(protocol=1, client="t"), SCREEN_KEY)
    return [change.kind for change in codec.unpack(reply.body, Snapshot).records]
