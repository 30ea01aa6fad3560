"""An event's life from report to review, by the real door: what each step needs, stamps, refuses and leaves behind."""

import pytest

from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.model.event import EventSource, EventState, Factor, Hop, ImprovementKind
from chengyun_core.model.event_commands import (
    AssignEvent,
    CheckEvent,
    CloseEvent,
    EditEvent,
    EvaluateEvent,
    FeedBackEvent,
    FinishImprovement,
    GradeEvent,
    NewImprovement,
    OpenEvent,
    ReviewEvent,
    VerifyEvent,
)
from chengyun_core.model.scales import EventGrade, Level, WarningColour
from chengyun_core.model.situation import Situation, SituationKind, SituationState
from chengyun_core.wire.event_asks import AskEvent, AskNothing, EventCounts, EventFile, Hops, Owed, Prefilled
from tests.core.centre.event_room import (
    CITY_UNIT,
    GENERAL,
    GRAVE,
    HELP,
    LARGER,
    LEAD,
    WASTE,
    WATER,
    asked,
    closed,
    do,
    event,
    handled,
    manual,
    opened,
    refused,
)
from tests.core.centre.room import NOON_NS, Room

S = 1_000_000_000


def test_that_the_golden_path_leads_from_the_alarm_to_the_review_with_every_hop(staffed: tuple[Room, str, str]) -> None:
    room, li, wang = staffed
    room.observe(1, WarningColour.RED)
    alarm = room.living()[1]
    room.clock.advance(6)
    room.done(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, note_code=NoteCode.VERIFYING), li)
    room.clock.advance(10)
    room.done(OpenEvent(source=EventSource.MANUAL, alarms=(alarm.number,), matter=WATER), li)
    told = event(room)
    assert (told.source, told.centre, told.alarms, told.title) == (EventSource.ALARM, "500103", (1,), "渝中区供水爆管")
    assert (told.code, told.state, told.opened_seat) == ("事〔2027〕000001", EventState.REPORTED, "A-01")
    for seconds, kind, fields in (
        (8, VerifyEvent, {"words": "现场确认"}), (8, GradeEvent, {"factors": LARGER}),
        (28, AssignEvent, {"lead": LEAD, "assisting": (HELP,)}), (10_800, FeedBackEvent, {"words": "已修复"}),
    ):  # fmt: skip
        room.clock.advance(seconds)
        do(room, li, kind, **fields)
    assert (event(room).state, event(room).handler) == (EventState.FED_BACK, "li")
    room.clock.advance(60)
    do(room, wang, CheckEvent, passed=True)
    done = do(room, wang, CloseEvent)
    assert done.warnings == ("event.review_owed",)
    do(room, wang, EvaluateEvent, score=4, verdict="快")
    item = NewImprovement(kind=ImprovementKind.THRESHOLD, text="阈值提前", owner_post="500000.track_owner.2",
                          due_at=room.clock.utc_ns() + S)  # fmt: skip
    do(room, wang, ReviewEvent, findings="阈值提前量不足", improvements=(item,))
    told = event(room)
    assert (told.state, told.checker, told.score, told.improvements) == (EventState.REVIEWED, "wang", 4, (1,))
    expected = [Hop.SOURCE, Hop.RAISED, Hop.ACKNOWLEDGED, Hop.OPENED, Hop.VERIFIED, Hop.GRADED, Hop.FED_BACK,
                Hop.CHECKED, Hop.CLOSED, Hop.REVIEWED]  # fmt: skip
    falls = asked(room, li, "event.hops", AskEvent(event=1), Hops)
    assert [row.hop for row in falls.rows] == expected
    seconds = {row.hop: row.since_source_s for row in falls.rows}
    assert (seconds[Hop.ACKNOWLEDGED], seconds[Hop.OPENED], seconds[Hop.GRADED]) == (6, 16, 32)
    assert {row.hop: row.late_s for row in falls.rows if row.late_s} == {Hop.GRADED: 8.0, Hop.FED_BACK: 44.0}
    assert Hop.ORDERED in falls.missing


def test_that_who_fed_back_may_not_check_and_a_failed_check_goes_back_to_handling(
    staffed: tuple[Room, str, str],
) -> None:
    room, li, wang = staffed
    opened(room, li)
    handled(room, li)
    assert refused(room, li, CheckEvent(event=1, version=event(room).version, passed=True)).code == "event.own_check"
    own = refused(room, li, CheckEvent(event=1, version=event(room).version, passed=False, words="没有"))
    assert own.code == "event.own_check"
    silent = CheckEvent(event=1, version=event(room).version, passed=False)
    assert refused(room, wang, silent).code == "text.missing.words"
    do(room, wang, CheckEvent, passed=False, words="仍有渗水")
    told = event(room)
    assert (told.state, told.failed_checks, told.handler) == (EventState.HANDLING, 1, "")
    # What was fed back first stays when it was first fed back, however often it comes back.
    first = told.hops[Hop.FED_BACK]
    room.clock.advance(60)
    do(room, wang, FeedBackEvent, words="再修")
    assert event(room).hops[Hop.FED_BACK] == first
    do(room, li, CheckEvent, passed=True)
    assert event(room).state is EventState.CHECKED


def test_that_an_own_grade_needs_a_reason_and_its_history_stays(staffed: tuple[Room, str, str]) -> None:
    room, li, _ = staffed
    opened(room, li)
    bare = GradeEvent(event=1, version=1, factors=LARGER, grade=EventGrade.GENERAL)
    assert refused(room, li, bare).code == "event.grade_needs_reason"
    assert refused(room, li, GradeEvent(event=1, version=1)).code == "event.factors_missing"
    wild = GradeEvent(event=1, version=1, factors={**LARGER, Factor.REACH: 5})
    assert refused(room, li, wild).code == "event.factor_range"
    do(room, li, GradeEvent, factors=LARGER)
    assert refused(room, li, GradeEvent(event=1, version=2, factors=GENERAL)).code == "event.lower_needs_reason"
    do(room, li, GradeEvent, factors=GENERAL, reason="误判")
    told = event(room)
    assert (told.grade, told.suggested, told.grade_reason) == (EventGrade.GENERAL, EventGrade.GENERAL, "误判")
    grades = [change.params["grade"] for change in room.published if change.action == "event.grade"]
    assert grades == ["larger", "general"]


def test_that_hops_are_compared_with_those_of_the_last_closed_events_of_the_matter(
    staffed: tuple[Room, str, str],
) -> None:
    room, li, wang = staffed
    for number, seconds in enumerate((10, 30, 50), 1):
        opened(room, li, source_at=room.clock.utc_ns())
        room.clock.advance(seconds)
        closed(room, li, wang, number)
    opened(room, li, matter=WASTE, source_at=room.clock.utc_ns())
    opened(room, li, source_at=room.clock.utc_ns())
    room.clock.advance(40)
    do(room, li, VerifyEvent, 5)
    told = asked(room, li, "event.hops", AskEvent(event=5), Hops)
    verified = next(row for row in told.rows if row.hop is Hop.VERIFIED)
    assert (told.peers, verified.since_source_s, verified.peers_s) == (3, 40, 30)
    assert asked(room, li, "event.hops", AskEvent(event=4), Hops).peers == 0


def test_that_an_event_under_rules_of_its_own_is_graded_without_factors_and_weighs(
    staffed: tuple[Room, str, str],
) -> None:
    room, li, _ = staffed
    opened(room, li)
    own = GradeEvent(event=1, version=1, by_rules_of_its_own=True)
    assert refused(room, li, own).code == "text.missing.reason"
    do(room, li, GradeEvent, by_rules_of_its_own=True, reason="社会安全事件")
    told = event(room)
    assert told.grade is None
    assert told.report_due_at == NOON_NS + 3600 * S


def test_that_a_grave_event_is_led_by_the_city_unless_somebody_says_why_not(staffed: tuple[Room, str, str]) -> None:
    room, li, _ = staffed
    opened(room, li)
    do(room, li, AssignEvent, lead=LEAD)
    done = do(room, li, GradeEvent, factors=GRAVE)
    assert "event.lead_below_level" in done.warnings
    assert event(room).lead_level is Level.CITY
    other = AssignEvent(event=1, version=event(room).version, lead=HELP)
    assert refused(room, li, other).code == "event.other_lead_needs_reason"
    do(room, li, AssignEvent, lead=CITY_UNIT, assisting=(LEAD, HELP), reason="提级")
    assert (event(room).lead, event(room).assisting) == (CITY_UNIT, (LEAD, HELP))


def test_that_an_event_in_two_districts_is_led_by_the_city(staffed: tuple[Room, str, str]) -> None:
    room, li, _ = staffed
    opened(room, li)
    do(room, li, GradeEvent, factors=GENERAL, also_in=("500106", "500103"))
    told = event(room)
    assert (told.also_in, told.lead_level) == (("500106",), Level.CITY)
    assert refused(room, li, AssignEvent(event=1, version=told.version, lead=LEAD)).code == "event.city_leads"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"lead": ""}, "event.no_lead"), ({"lead": "U-NO"}, "event.no_unit"),
        ({"lead": LEAD, "assisting": (LEAD,)}, "event.unit_twice"),
        ({"lead": LEAD, "assisting": ("X",)}, "event.no_unit"),
    ],
)  # fmt: skip
def test_that_a_lead_is_one_known_unit_and_nobody_is_named_twice(
    staffed: tuple[Room, str, str], fields: dict[str, object], code: str
) -> None:
    room, li, _ = staffed
    opened(room, li)
    assert refused(room, li, AssignEvent(event=1, version=1, **fields)).code == code  # type: ignore[arg-type]


def test_that_nothing_ungraded_is_closed_and_what_is_checked_may_still_be_graded(
    staffed: tuple[Room, str, str],
) -> None:
    room, li, wang = staffed
    opened(room, li)
    do(room, li, AssignEvent, lead=LEAD)
    do(room, li, FeedBackEvent, words="好了")
    do(room, wang, CheckEvent, passed=True)
    assert refused(room, wang, CloseEvent(event=1, version=event(room).version)).code == "event.not_graded"
    do(room, wang, GradeEvent, factors=GENERAL)
    assert do(room, wang, CloseEvent).warnings == ()
    assert (
        refused(room, wang, GradeEvent(event=1, version=event(room).version, factors=GENERAL)).code
        == "event.impossible"
    )


def test_that_a_weighty_event_stays_on_the_list_of_owed_reviews_over_a_restart(staffed: tuple[Room, str, str]) -> None:
    room, li, wang = staffed
    opened(room, li)
    closed(room, li, wang)
    opened(room, li)
    closed(room, li, wang, 2, GENERAL)
    room.restart()
    owed = asked(room, li, "event.owed", AskNothing(), Owed)
    assert [one.number for one in owed.events] == [1]
    assert asked(room, li, "event.counts", AskNothing(), EventCounts).reviews_owed == 1
    do(room, li, ReviewEvent, findings="原因")
    assert asked(room, li, "event.owed", AskNothing(), Owed).events == ()


def test_that_an_item_of_a_review_is_finished_by_its_owner_once(staffed: tuple[Room, str, str]) -> None:
    room, li, wang = staffed
    opened(room, li)
    closed(room, li, wang)
    due = room.clock.utc_ns() + S
    past = NewImprovement(kind=ImprovementKind.PLAN, text="改预案", owner_post="500106.plan_editor", due_at=1)
    late = ReviewEvent(event=1, version=event(room).version, findings="x", improvements=(past,))
    assert refused(room, li, late).code == "event.due_past"
    assert asked(room, li, "event.owed", AskNothing(), Owed).items == ()
    item = NewImprovement(kind=ImprovementKind.PLAN, text="改预案", owner_post="500106.plan_editor", due_at=due)
    do(room, li, ReviewEvent, findings="y", improvements=(item,))
    stranger = room.officer("zhou", "500106.plan_editor.2", seat="A-03")
    finish = FinishImprovement(improvement=1, version=1, note="已修订")
    assert refused(room, stranger, finish).code == "permission.not_owner"
    owner = room.officer("chen", "500106.plan_editor", seat="A-04")
    room.done(finish, owner)
    assert refused(room, owner, finish).code == "event.item_done"
    items = asked(room, li, "event.get", AskEvent(event=1), EventFile).improvements
    assert [(one.done_by, one.done_note) for one in items] == [("chen", "已修订")]


def test_that_an_edit_keeps_what_was_told_before_in_the_journal(staffed: tuple[Room, str, str]) -> None:
    room, li, _ = staffed
    opened(room, li, narrative="一根管", attributes={"diameter_mm": "400"})
    do(room, li, EditEvent, narrative="两根管", attributes={"diameter_mm": "", "hurt": "1"}, place="嘉西村")
    told = event(room)
    assert (told.narrative, told.attributes, told.place, told.title) == (
        "两根管",
        {"hurt": "1"},
        "嘉西村",
        "嘉西村爆管",
    )
    edit = next(change for change in room.published if change.action == "event.edit")
    assert edit.params["fields"] == "attributes narrative place"
    tail = room.ledger.tail
    do(room, li, EditEvent, place="嘉西村")
    assert room.ledger.tail == tail


def test_that_a_form_is_filled_from_the_alarm_and_what_the_officer_wrote_wins(staffed: tuple[Room, str, str]) -> None:
    room, li, _ = staffed
    room.observe(1, WarningColour.RED)
    form = OpenEvent(source=EventSource.MANUAL, alarms=(1,), title="我的标题", matter=WATER)
    told = asked(room, li, "event.prefill", form, Prefilled)
    assert (told.form.title, told.form.centre, told.form.place) == ("我的标题", "500103", "渝中区")
    assert (told.form.source_at, told.suggestion.grade) == (NOON_NS, EventGrade.LARGER)
    # Two matters share the sub-track, and the vital's name speaks for neither: nothing is guessed.
    bare = asked(room, li, "event.prefill", OpenEvent(source=EventSource.MANUAL, alarms=(1,)), Prefilled)
    assert (bare.form.matter, bare.suggestion.grade) == ("", None)


def test_that_one_alarm_opens_one_event_however_many_officers_press_the_key(staffed: tuple[Room, str, str]) -> None:
    room, li, wang = staffed
    room.observe(1, WarningColour.RED)
    form = OpenEvent(source=EventSource.MANUAL, alarms=(1,))
    room.done(form, li)
    second = refused(room, wang, form)
    assert (second.code, second.params["number"]) == ("event.alarm_taken", "1")


def test_that_an_event_of_a_situation_takes_its_alarms_but_not_those_another_has(
    staffed: tuple[Room, str, str],
) -> None:
    room, li, _ = staffed
    for vital in (1, 2, 3):
        room.clock.advance(5)
        room.observe(vital, WarningColour.YELLOW)
    situation = Situation(
        number=1, kind=SituationKind.CLUSTER, state=SituationState.OPEN, alarms=(1, 2, 3), centre="500000",
        subtrack="YJ01A", colour=WarningColour.YELLOW, began_at=1, last_at=1,
    )  # fmt: skip
    with room.ledger.work(CENTRE) as work:
        work.note("situation.begin", "situation", 1, 1, situation)
    room.done(OpenEvent(source=EventSource.MANUAL, alarms=(2,)), li)
    form = OpenEvent(source=EventSource.MANUAL, situation=1, title="渝中水位异常", centre="500103")
    room.done(form, li)
    told = event(room, 2)
    assert (told.alarms, told.situation, told.source_at) == ((1, 3), 1, NOON_NS + 5 * S)
    assert told.hops[Hop.SOURCE] == NOON_NS + 5 * S
    assert refused(room, li, form).code == "event.alarm_taken"


def test_that_a_number_of_theirs_told_twice_opens_an_event_with_a_warning(staffed: tuple[Room, str, str]) -> None:
    room, li, _ = staffed
    form = manual(source=EventSource.SUPERIOR, source_ref="渝应急〔2027〕7")
    assert room.done(form, li).warnings == ()
    assert room.done(form, li).warnings == ("event.ref_known",)
    assert room.done(manual(source=EventSource.CITIZEN, source_ref="渝应急〔2027〕7"), li).warnings == ()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"title": " "}, "text.missing.title"), ({"centre": "no"}, "event.no_centre"),
        ({"matter": "no"}, "event.no_matter"),
        ({"alarms": (99,)}, "alarm.unknown"), ({"situation": 9}, "situation.unknown"), ({"parent": 9}, "event.unknown"),
        ({"latitude": 91.0}, "event.bad_degrees"), ({"longitude": float("nan")}, "event.bad_degrees"),
        ({"source_at": NOON_NS + 3600 * S}, "event.not_yet"), ({"also_in": ("x",)}, "event.no_centre"),
        ({"title": "长" * 101}, "text.too_long"), ({"attributes": {str(n): "" for n in range(65)}},
         "event.too_many_attributes"),
    ],
)  # fmt: skip
def test_that_a_bad_form_is_refused_with_its_reason_and_takes_no_number(
    staffed: tuple[Room, str, str], told: dict[str, object], code: str
) -> None:
    room, li, _ = staffed
    assert refused(room, li, manual(**told)).code == code
    assert opened(room, li) == 1
    assert event(room).code == "事〔2027〕000001"


def test_that_a_district_officer_opens_nothing_next_door_and_a_unit_decides_nothing(
    staffed: tuple[Room, str, str],
) -> None:
    room = staffed[0]
    district = room.officer("zhao", "500103.duty_officer", seat="Y-01")
    assert refused(room, district, manual(centre="500106")).code == "permission.outside_area"
    room.done(manual(), district)
    moved = EditEvent(event=1, version=1, centre="500106")
    assert refused(room, district, moved).code == "permission.outside_area"
    unit = room.officer("qian", "500103.unit.1", seat="A-05")
    assert refused(room, unit, GradeEvent(event=1, version=1, factors=LARGER)).code == "permission.no_post"
