"""What officers do along an event's life, from verifying to the review; each deed applies the table of moves."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from chengyun_core.centre import event_care, event_clock, event_orders, plan_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_seen import as_seen, needs
from chengyun_core.centre.event_texts import clean_lines
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import event_grading, event_rules
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event, EventState
from chengyun_core.model.event_commands import (
    AssignEvent,
    CheckEvent,
    CloseEvent,
    EvaluateEvent,
    FeedBackEvent,
    GradeEvent,
    VerifyEvent,
)
from chengyun_core.model.event_rules import Move, Need
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import EventGrade, Level
from chengyun_core.store import event_table
from chengyun_core.store.chain_tables import PLAN_RUNS
from chengyun_core.wire.envelope import Done

BEST_SCORE = 5
CLOCKS_APART_NS = 60 * NS_PER_S
MOST_ASSISTING = 50


def moved(
    desk: Desk, work: Work, event: Event, move: Move, action: str, *,
    at_ns: int | None = None, params: Mapping[str, object] | None = None, **changes: Any,
) -> Event:  # fmt: skip
    """Make a move: state by the table, its hop stamped with the source time, and the fields given."""
    at = work.at_ns if at_ns is None else at_ns
    hop = event_rules.HOP_OF.get(move)
    fields = {**event_rules.after(event, move), **changes}
    if hop is not None:
        fields["hops"] = event_care.stamped(event, hop, at)
    told = {**(params or {}), **({} if at == work.at_ns else {"source_at": at})}
    return event_care.change(desk, work, event, action, params=told, **fields)


def done(work: Work, event: Event, *warnings: str) -> Done:
    """Return the answer that names the event as it now is."""
    return Done(change=work.noted, key=str(event.number), version=event.version, warnings=warnings)


def source_time(desk: Desk, now_ns: int, at_ns: int | None) -> int:
    """Return the time something happened: now when none is given; raise Refused when it has not come yet.

    A console whose clock goes a little before ours means now.
    """
    if at_ns is None:
        return now_ns
    if at_ns > now_ns + CLOCKS_APART_NS:
        raise Refused("event.not_yet", at=desk.shown(at_ns), now=desk.shown(now_ns))
    return min(at_ns, now_ns)


def verify(desk: Desk, work: Work, _caller: Caller, command: VerifyEvent) -> Done:
    """Say that it is true."""
    words = clean(command.words, field="words")
    event = as_seen(desk, work, command.event, command.version)
    at = source_time(desk, work.at_ns, command.source_at)
    told = {"words": words, "channel": command.channel.value}
    return done(work, moved(desk, work, event, Move.VERIFY, "event.verify", at_ns=at, params=told))


def grade(desk: Desk, work: Work, _caller: Caller, command: GradeEvent) -> Done:
    """Grade; the officer's own grade needs a reason where it is not the suggested one, or lower than before."""
    event = as_seen(desk, work, command.event, command.version)
    reason = clean(command.reason, field="reason")
    suggestion = event_grading.suggest(command.factors)
    chosen = _chosen(event, command, suggestion, reason)
    districts = districts_beside(desk, event.centre, command.also_in)
    judged: dict[str, Any] = {
        "grade": chosen, "by_rules_of_its_own": command.by_rules_of_its_own, "factors": dict(command.factors),
        "suggested": suggestion.grade, "grade_reason": reason, "also_in": districts,
        "may_escalate": command.may_escalate, "lead_level": _lead_level(chosen, districts),
    }  # fmt: skip
    judged |= event_clock.duty(desk, work, event, judged)
    told = _grade_told(event, chosen, suggestion, reason)
    after = moved(desk, work, event, Move.GRADE, "event.grade", params=told, **judged)
    return done(work, after, *_grade_warnings(desk, after))


def _chosen(
    event: Event, command: GradeEvent, suggestion: event_grading.Suggestion, reason: str
) -> EventGrade | None:  # fmt: skip
    if command.by_rules_of_its_own:
        if not reason:
            raise Refused("text.missing.reason")
        return command.grade
    if suggestion.grade is None:
        raise Refused("event.factors_missing", factors=" ".join(factor.value for factor in suggestion.missing))
    chosen = command.grade or suggestion.grade
    if chosen is not suggestion.grade and not reason:
        raise Refused("event.grade_needs_reason", suggested=suggestion.grade.name.lower(), grade=chosen.name.lower())
    if event.grade is not None and chosen < event.grade and not reason:
        raise Refused("event.lower_needs_reason", before=event.grade.name.lower(), grade=chosen.name.lower())
    return chosen


def districts_beside(desk: Desk, centre: str, also_in: Sequence[str]) -> tuple[str, ...]:
    """Return the districts of some centres besides a centre's own; raise Refused for an unknown one, or too many."""
    own = event_care.district_of(desk.city, centre)
    unknown = [code for code in also_in if code not in desk.city.centres]
    if unknown or len(also_in) > MOST_ASSISTING:
        raise Refused("event.no_centre", centre=" ".join(unknown or also_in)[:64])
    return tuple(sorted({event_care.district_of(desk.city, code) for code in also_in} - {own}))


def _lead_level(grade: EventGrade | None, also_in: tuple[str, ...]) -> Level | None:
    """条例 art. 34: 特别重大, 重大 and what crosses districts is led by the city."""
    return Level.CITY if also_in or (grade is not None and grade >= EventGrade.MAJOR) else None


def _grade_told(
    event: Event, chosen: EventGrade | None, suggestion: event_grading.Suggestion, reason: str
) -> dict[str, object]:  # fmt: skip
    return {
        "grade": chosen.name.lower() if chosen else "own_rules",
        "suggested": suggestion.grade.name.lower() if suggestion.grade else "",
        "before": event.grade.name.lower() if event.grade else "",
        "reason": reason,
    }


def _grade_warnings(desk: Desk, event: Event) -> tuple[str, ...]:
    found = []
    if event.report_due_at is not None:
        found.append("event.report_clock_runs")
    if event.lead and is_lead_too_low(desk, event, event.lead):
        found.append("event.lead_below_level")
    return tuple(found)


def is_lead_too_low(desk: Desk, event: Event, lead: str) -> bool:
    """Return whether the law wants a higher level to lead than this unit's."""
    unit = desk.city.units.get(lead)
    place = desk.city.centres.get(unit.centre) if unit else None
    return event.lead_level is Level.CITY and place is not None and place.level is not Level.CITY


def assign(desk: Desk, work: Work, _caller: Caller, command: AssignEvent) -> Done:
    """Name the one lead and those that assist."""
    event = as_seen(desk, work, command.event, command.version)
    reason = clean(command.reason, field="reason")
    asked = needs(event, Move.ASSIGN)
    _check_units(desk, command)
    if Need.REASON in asked and not reason:
        raise Refused("event.other_lead_needs_reason", event=event.code, lead=event.lead)
    if not reason and is_lead_too_low(desk, event, command.lead):
        raise Refused("event.city_leads", event=event.code, lead=command.lead)
    told = {"lead": command.lead, "assisting": " ".join(command.assisting), "before": event.lead, "reason": reason}
    after = moved(
        desk, work, event, Move.ASSIGN, "event.assign", params=told, lead=command.lead, assisting=command.assisting,
        handler="", checker="",
    )  # fmt: skip
    return done(work, after)


def _check_units(desk: Desk, command: AssignEvent) -> None:
    named = (command.lead, *command.assisting)
    if not command.lead:
        raise Refused("event.no_lead")
    if len(set(named)) != len(named) or len(named) > MOST_ASSISTING:
        raise Refused("event.unit_twice", count=len(named), most=MOST_ASSISTING)
    unknown = [unit for unit in named if unit not in desk.city.units]
    if unknown:
        raise Refused("event.no_unit", unit=unknown[0][:64])


def feed_back(desk: Desk, work: Work, caller: Caller, command: FeedBackEvent) -> Done:
    """Feed back for the lead by hand; who did may not check."""
    words = clean_lines(command.words, field="words", required=True)
    event = as_seen(desk, work, command.event, command.version)
    at = source_time(desk, work.at_ns, command.source_at)
    after = moved(
        desk, work, event, Move.FEED_BACK, "event.feed_back", at_ns=at, params={"words": words}, handler=caller.account
    )  # fmt: skip
    return done(work, after)


def check(desk: Desk, work: Work, caller: Caller, command: CheckEvent) -> Done:
    """Check what was fed back: passed, or back to handling with the reason."""
    event = as_seen(desk, work, command.event, command.version)
    words = clean(command.words, field="words", required=not command.passed)
    move = Move.CHECK_PASSED if command.passed else Move.CHECK_FAILED
    if Need.OTHER_PERSON in needs(event, move) and caller.account == event.handler:
        raise Refused("event.own_check", event=event.code, handler=event.handler)
    told: dict[str, object] = {"passed": int(command.passed), "words": words}
    if command.passed:
        told["hop"] = event_rules.HOP_OF[move].value
    changes: dict[str, Any] = {"checker": caller.account}
    if not command.passed:
        changes = {"failed_checks": event.failed_checks + 1, "handler": ""}
    return done(work, moved(desk, work, event, move, "event.check", params=told, **changes))


def close(desk: Desk, work: Work, _caller: Caller, command: CloseEvent) -> Done:
    """Close what was checked; from then on it may owe a review (突发事件应对法 art. 87, 92)."""
    event = as_seen(desk, work, command.event, command.version)
    reason = clean(command.reason, field="reason")
    check_needs(work, event, Move.CLOSE)
    still = event_orders.owing(work.connection, event.number)
    if still and not reason:
        raise Refused("event.receipts_open", event=event.code, count=len(still))
    told = {"reason": reason, "receipts_open": len(still)}
    stopped = ("event.plan_stopped",) if running_plans(work, event.number) else ()
    after = moved(desk, work, event, Move.CLOSE, "event.close", params=told, closed_at=work.at_ns)
    plan_care.event_ended(desk, work, after)
    owed = ("event.review_owed",) if event_rules.owes_review(after) else ()
    return done(work, after, *owed, *event_orders.lapse_with(desk, work, after, reason), *stopped)


def evaluate(desk: Desk, work: Work, _caller: Caller, command: EvaluateEvent) -> Done:
    """Evaluate how it was handled."""
    event = as_seen(desk, work, command.event, command.version)
    verdict = clean_lines(command.verdict, field="verdict")
    if not 1 <= command.score <= BEST_SCORE:
        raise Refused("event.score_range", score=command.score, most=BEST_SCORE)
    told = {"score": command.score, "verdict": verdict}
    after = moved(
        desk, work, event, Move.EVALUATE, "event.evaluate", params=told, score=command.score, verdict=verdict
    )  # fmt: skip
    return done(work, after)


def check_needs(work: Work, event: Event, move: Move) -> None:
    """Refuse a move whose event lacks a grade, or has children that live, where the table asks for it."""
    asked = needs(event, move)
    if Need.GRADE in asked and event.grade is None and not event.by_rules_of_its_own:
        raise Refused("event.not_graded", event=event.code)
    if Need.CHILDREN_ENDED in asked:
        living = [child.code for child in event_table.children(work.connection, event.number) if _lives(child)]
        if living:
            raise Refused("event.children_living", event=event.code, count=len(living), first=living[0])


def running_plans(work: Work, number: int) -> int:
    """Return how many plans run for an event; they stop with it."""
    where = (PLAN_RUNS.c.event == number, PLAN_RUNS.c.living.is_(True))
    return int(work.connection.execute(select(func.count()).select_from(PLAN_RUNS).where(*where)).scalar_one())


def _lives(event: Event) -> bool:
    return event.state not in (EventState.MERGED, EventState.VOID) and event_rules.is_living(event)
