"""What takes an event off its way: given back, suspended, merged, split, void; and what ties it to others."""

from dataclasses import replace

import pytest

from chengyun_core.model.command import GiveApproval, RefuseApproval
from chengyun_core.model.event import EventSource, EventState
from chengyun_core.model.event_commands import (
    AssignEvent,
    CheckEvent,
    CloseEvent,
    FeedBackEvent,
    GradeEvent,
    HandCommand,
    LinkAlarms,
    LinkEvent,
    MergeEvent,
    OpenEvent,
    ResumeEvent,
    ReturnEvent,
    SplitEvent,
    SuspendEvent,
    TakeCommand,
    VerifyEvent,
    VoidEvent,
)
from chengyun_core.model.order import Role
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.scales import EventGrade, WarningColour
from chengyun_core.wire.event_asks import AskEvent, EventFile
from tests.core.centre.event_room import GENERAL, HELP, LARGER, LEAD, asked, do, event, opened, refused
from tests.core.centre.room import NOON_NS, Room

S = 1_000_000_000
Staffed = tuple[Room, str, str]


def test_that_an_event_given_back_has_no_lead_and_may_be_assigned_anew(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    assert refused(room, li, ReturnEvent(event=1, version=1, reason="不属我")).code == "event.impossible"
    do(room, li, AssignEvent, lead=LEAD)
    do(room, li, ReturnEvent, reason="不属我")
    told = event(room)
    assert (told.state, told.before, told.lead, told.reason) == (EventState.RETURNED, EventState.ASSIGNED, "", "不属我")
    do(room, li, AssignEvent, lead=HELP)
    assert (event(room).state, event(room).lead) == (EventState.ASSIGNED, HELP)


def test_that_a_suspension_ends_by_itself_after_a_restart_too_and_the_report_clock_goes_on(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    do(room, li, GradeEvent, factors=LARGER)
    until = NOON_NS + 7200 * S
    for bad in (NOON_NS, NOON_NS + 400 * 86_400 * S):
        version = event(room).version
        assert (
            refused(room, li, SuspendEvent(event=1, version=version, until=bad, reason="等")).code == "event.bad_until"
        )
    do(room, li, SuspendEvent, until=until, reason="等待材料")
    told = event(room)
    assert (told.state, told.before, told.resume_at) == (EventState.SUSPENDED, EventState.GRADED, until)
    room.clock.advance(3600)
    room.tend()
    told = event(room)
    assert (told.state, told.report_overdue) == (EventState.SUSPENDED, True)
    room.restart()
    room.clock.advance(3600)
    room.tend()
    told = event(room)
    assert (told.state, told.before, told.resume_at) == (EventState.GRADED, None, None)
    tail = room.ledger.tail
    room.tend()
    assert room.ledger.tail == tail
    do(room, li, SuspendEvent, until=until + 7200 * S, reason="再等")
    do(room, li, ResumeEvent)
    assert event(room).state is EventState.GRADED
    room.clock.advance(30_000)
    room.tend()
    assert event(room).state is EventState.GRADED


def test_that_a_merged_event_keeps_its_number_gives_its_alarms_and_can_be_split_out(staffed: Staffed) -> None:
    room, li, wang = staffed
    for vital in (1, 2):
        room.observe(vital, WarningColour.RED)
        room.done(OpenEvent(source=EventSource.MANUAL, alarms=(vital,)), li)
    do(room, li, VerifyEvent)
    merge = MergeEvent(event=1, version=event(room).version, into=2, into_version=1, reason="同一起")
    assert (
        refused(room, li, MergeEvent(event=1, version=2, into=1, into_version=2, reason="x")).code
        == "event.into_itself"
    )
    room.done(merge, li)
    told, into = event(room), event(room, 2)
    assert (told.state, told.merged_into, told.code) == (EventState.MERGED, 2, "事〔2027〕000001")
    assert into.alarms == (2, 1)
    kept = asked(room, li, "event.get", AskEvent(event=2), EventFile)
    assert (kept.merged, [one.merged_into for one in kept.merged_events]) == ((1,), [2])
    assert refused(room, wang, merge).code == "event.changed.merge"
    back = MergeEvent(event=2, version=into.version, into=1, into_version=told.version, reason="x")
    assert refused(room, li, back).code == "event.into_ended"
    do(room, li, SplitEvent, reason="并错了")
    told, into = event(room), event(room, 2)
    assert (told.state, told.merged_into, told.alarms, into.alarms) == (EventState.VERIFIED, None, (1,), (2,))
    assert asked(room, li, "event.get", AskEvent(event=2), EventFile).merged == ()


def test_that_a_general_event_is_made_void_at_once_and_a_weighty_one_by_two(staffed: Staffed) -> None:
    room, li, wang = staffed
    opened(room, li)
    do(room, li, GradeEvent, factors=GENERAL)
    do(room, li, VoidEvent, reason="误报")
    assert (event(room).state, event(room).reason) == (EventState.VOID, "误报")
    opened(room, li)
    do(room, li, GradeEvent, 2, factors=LARGER)
    waiting = do(room, li, VoidEvent, 2, reason="误报")
    assert waiting.warnings == ("approval.waits",)
    assert event(room, 2).state is EventState.GRADED
    assert refused(room, li, GiveApproval(approval=1, version=1)).code == "approval.own"
    room.done(RefuseApproval(approval=1, version=1, reason="不是误报"), wang)
    assert event(room, 2).state is EventState.GRADED
    assert [one.action for one in room.published][-1] == "event.void_not_given"
    do(room, li, VoidEvent, 2, reason="确是误报")
    room.done(GiveApproval(approval=2, version=1), wang)
    void = [one for one in room.published if one.action == "event.void"][-1]
    assert (event(room, 2).state, void.account, void.params["second"]) == (EventState.VOID, "li", "wang")


def test_that_what_is_left_open_when_an_event_ends_is_said(staffed: Staffed) -> None:
    room, li, wang = staffed
    opened(room, li)
    draft = OrderDraft(event=1, title="抢修", text="速到", recipients=(Recipient(code=LEAD, role=Role.LEAD),))
    room.done(SendOrders(drafts=(draft,)), li)
    do(room, li, GradeEvent, factors=GENERAL)
    do(room, li, FeedBackEvent, words="好了")
    do(room, wang, CheckEvent, passed=True)
    bare = refused(room, wang, CloseEvent(event=1, version=event(room).version))
    assert (bare.code, bare.params["count"]) == ("event.receipts_open", "1")
    do(room, wang, CloseEvent, reason="回执另办")
    opened(room, li)
    room.done(SendOrders(drafts=(replace(draft, event=2),)), li)
    assert do(room, li, VoidEvent, 2, reason="误报").warnings == ("event.receipts_lapsed",)


def test_that_what_changed_while_a_void_waited_is_not_made_void(staffed: Staffed) -> None:
    room, li, wang = staffed
    opened(room, li)
    do(room, li, GradeEvent, factors=LARGER)
    do(room, li, VoidEvent, reason="误报")
    do(room, li, VerifyEvent, words="属实")
    reply = refused(room, wang, GiveApproval(approval=1, version=1))
    assert reply.code == "event.changed.verify"
    assert event(room).state is EventState.GRADED


def test_that_a_tree_has_no_circle_counts_its_children_and_closes_from_below(staffed: Staffed) -> None:
    room, li, _ = staffed
    for _ in range(3):
        opened(room, li)
    do(room, li, LinkEvent, 2, parent=1)
    do(room, li, LinkEvent, 3, parent=2)
    assert refused(room, li, LinkEvent(event=1, version=event(room).version, parent=3)).code == "event.circle"
    assert refused(room, li, LinkEvent(event=1, version=event(room).version, parent=1)).code == "event.circle"
    assert (event(room).children, event(room, 2).children, event(room, 3).parent) == (1, 1, 2)
    blocked = refused(room, li, VoidEvent(event=1, version=event(room).version, reason="x"))
    assert (blocked.code, blocked.params["count"]) == ("event.children_living", "1")
    do(room, li, LinkEvent, 3, parent=1)
    assert (event(room).children, event(room, 2).children) == (2, 0)
    do(room, li, VoidEvent, 3, reason="x")
    do(room, li, LinkEvent, 2, parent=None)
    assert (event(room).children, event(room, 2).parent, event(room, 3).parent) == (0, None, None)
    assert refused(room, li, LinkEvent(event=2, version=event(room, 2).version, parent=3)).code == "event.ended"
    opened(room, li, parent=1)
    assert (event(room).children, event(room, 4).parent) == (1, 1)
    do(room, li, GradeEvent, 4, factors=LARGER)
    told = asked(room, li, "event.get", AskEvent(event=1), EventFile)
    assert [child.number for child in told.children] == [4]
    assert (told.roll_up.living, told.roll_up.ended, told.roll_up.gravest) == (1, 0, EventGrade.LARGER)
    assert told.roll_up.last_closed_at is None


def test_that_alarms_are_added_once_and_stay_with_the_event_that_has_them(staffed: Staffed) -> None:
    room, li, _ = staffed
    for vital in (1, 2):
        room.observe(vital, WarningColour.YELLOW)
    opened(room, li)
    opened(room, li)
    do(room, li, LinkAlarms, alarms=(1, 2, 1))
    assert event(room).alarms == (1, 2)
    assert refused(room, li, LinkAlarms(event=2, version=1, alarms=(2,))).code == "event.alarm_taken"
    assert refused(room, li, LinkAlarms(event=2, version=1, alarms=(77,))).code == "alarm.unknown"


def test_that_one_seat_commands_an_event_and_everybody_sees_how_it_passed(staffed: Staffed) -> None:
    room, li, wang = staffed
    opened(room, li)
    assert refused(room, li, HandCommand(event=1, version=1, seat="A-02")).code == "event.not_in_command"
    do(room, li, TakeCommand)
    assert event(room).command_seat == "A-01"
    taken = refused(room, wang, TakeCommand(event=1, version=event(room).version))
    assert (taken.code, taken.params["seat"]) == ("event.commanded", "A-01")
    assert refused(room, li, HandCommand(event=1, version=event(room).version, seat="Z")).code == "event.unknown_seat"
    do(room, li, HandCommand, seat="A-02")
    assert event(room).command_seat == "A-02"
    do(room, li, TakeCommand, reason="指挥长指令")
    told = [one.params for one in room.published if one.action.endswith("_command")]
    assert [(one["before"], one["seat"]) for one in told] == [("", "A-01"), ("A-01", "A-02"), ("A-02", "A-01")]


@pytest.mark.parametrize("kind", [VoidEvent, ReturnEvent, SplitEvent])
def test_that_no_side_move_goes_without_its_reason(staffed: Staffed, kind: type) -> None:
    room, li, _ = staffed
    opened(room, li)
    assert refused(room, li, kind(event=1, version=1, reason=" ")).code == "text.missing.reason"
