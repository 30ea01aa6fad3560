"""The table of actions and the dialogue that makes commands from it."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console import handbook
from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.alarm_deeds import SHELF_MINUTES, low_on_page
from chengyun_console.actions.dialogue import begin, why_not
from chengyun_console.actions.room_subject import RoomSubject
from chengyun_console.actions.subject import Subject
from chengyun_console.actions.table import ACTIONS, BY_ID, of_key
from chengyun_console.actions.task_subject import TaskSubject
from chengyun_console.actions.video_subject import VideoSubject
from chengyun_console.shell.keys import OWN_KEYS
from chengyun_core.model import command
from chengyun_core.model.alarm import Alarm, NoteCode, Override, OverrideKind
from chengyun_core.model.approval import Approval
from chengyun_core.model.camera import Camera, CameraRound, PtzLock
from chengyun_core.model.command import COMMANDS, KIND_OF
from chengyun_core.model.event import EventReport, EventSource, EventState, ReportKind
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Channel, OrderState, ReceiptState
from chengyun_core.model.room import Decision, Heard, Member, MemberState, Poll, Room
from chengyun_core.model.room_commands import Invitee
from chengyun_core.model.scales import AlarmPriority, WarningColour
from chengyun_core.model.situation import Situation, SituationKind, SituationState
from chengyun_resources.texts import LANGUAGES, Texts
from tests.console import task_samples
from tests.console.event_samples import event, owed
from tests.console.still_session import ALLOWED, START_NS, alarm

DEEDS = tuple(action for action in ACTIONS if action.make is not None)
EVENTS = tuple(
    event(7, state=state, lead=lead, command_seat=seat, parent=parent, source=EventSource.CITIZEN)
    for state in EventState
    for lead, seat, parent in (("", "", None), ("U-01", "A-01", 3), ("U-01", "B-02", 3))
)
"""Events in every state: nobody has them, this seat commands, another one does."""
LIVES = {
    "unack": alarm(1, 0),
    "acked": alarm(1, 0, acked_at=START_NS, acked_by="x"),
    "returned": alarm(1, 0, band=WarningColour.NONE, returned_at=START_NS),
    "shelved": alarm(1, 0, shelved_at=START_NS),
}


def _tasks() -> tuple[TaskSubject, ...]:
    """Return an own receipt nobody signed, and orders and receipts in other states."""
    row, told = task_samples.receipt(16, 1, "U-01"), task_samples.others()[0]
    whole = task_samples.order(16)
    asked = replace(task_samples.request(), asked_by="li")
    fresh = TaskSubject(order=whole, receipt=row, is_own=True, chosen=(row,), request=asked, receipts=(row,))
    return (
        fresh,
        replace(fresh, order=replace(whole, state=OrderState.HELD), receipt=told[1][0]),
        replace(fresh, receipt=replace(row, state=ReceiptState.RETURNED)),
        replace(fresh, receipt=replace(row, state=ReceiptState.SUSPENDED)),
        replace(fresh, receipt=told[1][0]),
        replace(fresh, request=task_samples.request()),
    )


TASKS = _tasks()
_CAMERA = Camera(code="CAM-0001", name="寸滩码头 01", centre="500112", ptz=True)
_SHOWN = VideoSubject(camera=_CAMERA, cameras=("CAM-0001", "CAM-0002"), centre="500000")
VIEWS = (
    _SHOWN,
    replace(_SHOWN, lock=PtzLock(camera="CAM-0001", account="wang", name="王", seat="A-02", post="", since=1)),
    replace(_SHOWN, round=CameraRound(
        number=1, name="沿江", centre="500000", cameras=("CAM-0001",), dwell_s=10.0, grid=4, saved_at=1, saved_by="li",
    )),
)  # fmt: skip


def _rooms() -> tuple[RoomSubject, ...]:
    """Return a consultation one leads, with somebody chosen; asked to it, and while a question stands."""
    here = Member(code="A-01", centre="500000", seat="A-01", state=MemberState.JOINED, since=1)
    there = replace(here, code="U-01", seat="B-02", shares="map")
    room = Room(
        number=1, event=7, title="x", centre="500000", chair="A-01", members=(here, there), opened_at=1, opened_by="li"
    )
    made = Decision(room=1, number=1, event=7, text="x", decided_at=1, decided_by="li")
    line = Heard(
        number=2, channel=Channel.PHONE, party="x", words="y", said_at=1, written_at=1, written_by="li", due_at=9
    )
    whole = RoomSubject(
        room=room, own=here, chosen=there, decision=made, waiting=(line,), ticked=(Invitee(code="U-02"),)
    )
    poll = Poll(room=1, number=1, event=7, question="?", asked=("A-01",), opened_at=1, opened_by="li")
    return (
        whole, replace(whole, poll=poll), replace(whole, own=replace(here, state=MemberState.INVITED)),
        RoomSubject(waiting=(line,)),
    )  # fmt: skip


ROOMS = _rooms()


def situation(number: int) -> Situation:
    return Situation(
        number=number, kind=SituationKind.CLUSTER, state=SituationState.OPEN, alarms=(1, 2), centre="c", subtrack="",
        colour=WarningColour.RED, began_at=1, last_at=1,
    )  # fmt: skip


def override(kind: OverrideKind, rule: str = "") -> Override:
    return Override(vital=0, vital_code="V0000", kind=kind, since=1, rule=rule, version=3)


def subject(one: Alarm | None = None, **fields: object) -> Subject:
    """Return an alarm in a situation, with people and a page, unless told otherwise."""
    low = alarm(1, 0, WarningColour.BLUE, priority=AlarmPriority.LOW)
    made: dict[str, object] = {
        "alarm": one, "vital": 0, "situation": situation(5), "others": (("x", situation(6)),),
        "alike": (("console.split.alone", (1,)),), "page": (low,), "people": (("张三", "500000.watch_chief"),),
        "approval": _approval("zhang"), "account": "li", "now_ns": START_NS, "seat": "A-01",
        "units": (("水务抢险队", "U-01"),), "event_others": (("x", event(8)),), "free_alarms": (("x", 4),),
        "seats": (("B-02 王", "B-02"),), "reports": (("首报", _report()),), "task": TASKS[0],
        "item": owed().items[0], "item_name": "x", "room": ROOMS[0],
    }  # fmt: skip
    return Subject(**(made | fields))  # type: ignore[arg-type]


def _report() -> EventReport:
    return EventReport(number=5, event=7, kind=ReportKind.FIRST, issue=1, text="x", drafted="", sent_at=1, sent_by="li")


def _approval(asker: str) -> Approval:
    return Approval(number=4, action="alarm.shelve", subject="V0000", params={}, command=b"", asked_by=asker,
                    asked_seat="A-01", asked_at=1, expires_at=9, version=2)  # fmt: skip


@pytest.mark.parametrize("key", sorted({key for action in DEEDS for key in action.keys}))
@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("overridden", [(), *((override(kind),) for kind in OverrideKind)])
def test_that_at_most_one_action_of_a_key_makes_sense_at_any_time(
    key: str, life: str, overridden: tuple[Override, ...]
) -> None:
    for where in Where:
        about = subject(LIVES[life], overrides=overridden)
        assert sum(why_not(action, about) is None for action in of_key(key, where)) <= 1


@pytest.mark.parametrize("key", sorted({key for action in DEEDS if action.where is Where.EVENT for key in action.keys}))
def test_that_at_most_one_deed_of_a_key_makes_sense_on_an_event(key: str) -> None:
    for one in EVENTS:
        assert sum(why_not(action, subject(event=one)) is None for action in of_key(key, Where.EVENT)) <= 1


def test_that_only_deeds_share_a_key() -> None:
    for where in Where:
        for key in {key for action in ACTIONS if action.where is where for key in action.keys}:
            meant = of_key(key, where)
            assert len(meant) == 1 or all(action in DEEDS for action in meant)


def _carried_out(action: Action, about: Subject, *answers: int | str) -> object:
    dialogue = begin((action,), about, frozenset({action.permission}))
    given = iter(answers)
    while dialogue.question() is not None:
        answer = next(given, 1 if dialogue.choices() else "工单 7")
        assert dialogue.answer_text(answer) if isinstance(answer, str) else dialogue.answer(answer)
    return dialogue.made(str)


def test_that_no_key_is_the_windows_and_a_panes_at_once() -> None:
    """Qt does neither when two shortcuts stand for one key: with Alt all of them are shortcuts, of window or pane."""
    held = {key: {action.id in OWN_KEYS for action in ACTIONS if key in action.keys} for key in KEYS_WITH_ALT}
    assert [key for key, both in held.items() if len(both) > 1] == []


KEYS_WITH_ALT = sorted({key for action in ACTIONS for key in action.keys if key.startswith("Alt+")})


@pytest.mark.parametrize("action", DEEDS, ids=lambda action: action.id)
def test_that_every_deed_makes_the_record_its_permission_is_asked_for(action: Action) -> None:
    assert isinstance(_carried_out(action, _about(action)), action.record or ())


def test_that_the_permission_of_an_action_is_the_kind_of_its_command() -> None:
    known = {action.permission for action in ACTIONS if action.permission}
    assert known <= set(COMMANDS)
    assert BY_ID["alarm.shelve"].permission == KIND_OF[command.ShelveAlarm]


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_title_and_choice_has_its_words(language: str) -> None:
    texts = Texts(language)
    codes = {action.title for action in ACTIONS}
    for action, colour in product(DEEDS, WarningColour):
        about = subject(alarm(1, 0, colour=colour, assigned_to="x"), event=EVENTS[0])
        for question in action.questions:
            codes.add(question.title)
            if question.choices is not None:
                codes.update(choice.title for choice in question.choices(about) if not choice.text)
    assert [code for code in sorted(codes) if not texts.has(code)] == []


def test_that_no_question_has_more_choices_than_digits() -> None:
    many = tuple((f"p{at}", f"p{at}") for at in range(20))
    for action, colour in product(DEEDS, WarningColour):
        about = subject(
            alarm(1, 0, colour=colour), people=many, others=tuple((n, situation(7)) for n, _ in many), event=EVENTS[0],
            units=many, seats=many, event_others=tuple((n, EVENTS[0]) for n, _ in many),
            free_alarms=tuple((n, at) for at, (n, _) in enumerate(many)),
        )  # fmt: skip
        for question in action.questions:
            assert question.choices is None or 1 <= len(question.choices(about)) <= 9


def test_that_the_graver_an_alarm_the_shorter_its_longest_shelf() -> None:
    longest = [max(SHELF_MINUTES[colour]) for colour in WarningColour if colour is not WarningColour.NONE]
    assert longest == sorted(longest, reverse=True)
    assert longest == [480, 240, 60, 15]


@given(st.integers(min_value=-3, max_value=12))
def test_that_a_digit_without_a_choice_changes_nothing(digit: int) -> None:
    dialogue = begin((BY_ID["alarm.acknowledge"],), subject(LIVES["unack"]), frozenset(ALLOWED))
    taken = dialogue.answer(digit)
    assert taken == (1 <= digit <= 5)
    assert (dialogue.made(str) is not None) == taken


def test_that_an_impossible_move_names_action_and_state() -> None:
    with pytest.raises(Refused) as refused:
        begin((BY_ID["alarm.unacknowledge"],), subject(LIVES["unack"]), frozenset(ALLOWED))
    assert refused.value.reason.code == "console.not_possible"
    assert refused.value.reason.params == {"action": "console.action.unacknowledge", "state": "console.state.unack"}


def _about(action: Action) -> Subject:
    """Return a subject for which an action makes sense."""
    if action.where is Where.EVENT:
        events = (subject(event=one) for one in EVENTS)
        return next(about for about in events if why_not(action, about) is None)
    if action.where is Where.ORDER:
        tasks = (subject(task=one) for one in TASKS)
        return next(about for about in tasks if why_not(action, about) is None)
    if action.where is Where.VIDEO:
        views = (subject(video=one) for one in VIEWS)
        return next(about for about in views if why_not(action, about) is None)
    if action.where is Where.ROOM:
        rooms = (subject(room=one) for one in ROOMS)
        return next(about for about in rooms if why_not(action, about) is None)
    ends = {"vital.release": OverrideKind.SUPPRESSED, "vital.put_back": OverrideKind.OUT_OF_SERVICE}
    standing = (override(ends[action.id]),) if action.id in ends else ()
    groups = ((), (alarm(2, 1),))
    tried = (subject(life, overrides=standing, along=along) for along in groups for life in LIVES.values())
    return next(about for about in tried if why_not(action, about) is None)


def test_that_a_page_is_acknowledged_only_where_low_priority_and_neither_red_nor_orange() -> None:
    """A17: page-ack only for low; red one at a time."""
    low = {"priority": AlarmPriority.LOW}
    page = (
        alarm(1, 0, WarningColour.BLUE, **low), alarm(2, 0, WarningColour.RED, **low), alarm(3, 0, WarningColour.BLUE),
        alarm(4, 0, WarningColour.YELLOW, acked_at=1, **low), alarm(5, 0, WarningColour.ORANGE, **low),
    )  # fmt: skip
    assert [row.number for row in low_on_page(page)] == [1]
    made = _carried_out(BY_ID["alarm.acknowledge_page"], subject(page=page))
    assert made == command.AcknowledgeAlarms(alarms=((1, 1),), note_code=NoteCode.VERIFYING)
    with pytest.raises(Refused) as refused:
        begin((BY_ID["alarm.acknowledge_page"],), subject(page=page[1:]), frozenset(COMMANDS))
    assert refused.value.reason.params == {"grave": "2", "higher": "1"}


def test_that_ones_own_request_can_only_be_taken_back() -> None:
    """A6: nobody is his own second person."""
    decide = BY_ID["approval.decide"]
    (own,) = begin((decide,), subject(account="zhang"), frozenset({decide.permission})).choices()
    assert own.title == "console.approval.withdraw"
    assert isinstance(_carried_out(decide, subject(account="zhang")), command.RefuseApproval)
    assert _carried_out(decide, subject()) == command.GiveApproval(approval=4, version=2)
    refused = _carried_out(decide, subject(), 3)
    assert isinstance(refused, command.RefuseApproval)
    assert refused.reason == "console.refuse_reason.verify_first"


def test_that_out_of_service_needs_a_ticket_and_an_end() -> None:
    made = _carried_out(BY_ID["vital.take_out"], subject(), "  WX-7  ", 1, 1)
    assert isinstance(made, command.TakeOutOfService)
    assert (made.ticket, made.until) == ("WX-7", START_NS + 240 * 60 * 1_000_000_000)
    dialogue = begin((BY_ID["vital.take_out"],), subject(), frozenset({BY_ID["vital.take_out"].permission}))
    assert not dialogue.answer_text("   ")
    assert not dialogue.answer(1)


def test_that_what_a_rule_suppresses_is_not_released_by_hand() -> None:
    about = subject(overrides=(override(OverrideKind.SUPPRESSED, rule="SUP-1"),))
    reason = why_not(BY_ID["vital.release"], about)
    assert reason is not None
    assert (reason.code, reason.params) == ("console.by_rule", {"rule": "SUP-1"})


DESIGNED_KEYS = {
    "page.cockpit": ("F1",),
    "page.vitals": ("F2",),
    "page.tasks": ("F4",),
    "order.compose": ("D",),
    "order.receipts": ("T",),
    "order.confirm": ("C",),
    "order.urge": ("U",),
    "order.decide": ("X",),
    "search.open": ("Ctrl+K", "/"),
    "alarm.next": ("Ctrl+J",),
    "strip.unfold": ("Ctrl+L",),
    "alarm.acknowledge": ("A",),
    "alarm.unacknowledge": ("U",),
    "alarm.shelve": ("S",),
    "alarm.open": ("Return",),
    "form.send": ("Ctrl+Return",),
    "strip.pause": ("Space",),
    "strip.filter": ("1", "2", "3", "4", "5"),
    "back": ("Escape",),
}
"""The table of keys in the design (UI.md), as far as it is built."""


def test_that_the_keys_are_those_of_the_design() -> None:
    assert {name: BY_ID[name].keys for name in DESIGNED_KEYS} == DESIGNED_KEYS


def test_that_the_handbook_names_every_key_and_every_action() -> None:
    table = handbook.keys_table(Texts("en"))
    assert len(table.splitlines()) == len(ACTIONS) + 2
    assert "| alarm or vital selected | A | Acknowledge |" in table
    assert "| zh_CN, en | zh_CN |" in handbook.settings_table()
