"""Gathers what an action may be about from the desk: alarm, overrides, situation, people, and what shares its place."""

from itertools import islice

from chengyun_console import own_receipts
from chengyun_console.actions.room_subject import RoomSubject
from chengyun_console.actions.subject import Subject
from chengyun_console.actions.task_subject import TaskSubject
from chengyun_console.desk import Desk
from chengyun_console.room_offers import offers
from chengyun_core.model.alarm import Alarm, Override
from chengyun_core.model.approval import Approval
from chengyun_core.model.event import Event, EventReport
from chengyun_core.model.situation import Situation, SituationState

WATCH_CHIEF = "watch_chief"


def subject_of(desk: Desk, page: tuple[Alarm, ...] = (), approval: Approval | None = None) -> Subject:
    """Return what is in focus now. `page`: alarms whose rows are shown."""
    alarm = desk.alarm()
    vital = alarm.vital if alarm else desk.vital
    situation = situation_of(desk, alarm)
    signed_on = desk.session.signed_on
    return Subject(
        alarm=alarm,
        vital=vital,
        along=desk.board.along(alarm.number) if alarm else (),
        overrides=overrides_of(desk, vital),
        situation=situation,
        others=_others(desk, situation),
        alike=_alike(desk, alarm, situation),
        page=page,
        people=_people(desk, vital),
        approval=approval,
        event=desk.event_focus.record,
        units=units_for(desk, desk.event_focus.record),
        event_others=_event_others(desk, desk.event_focus.record),
        reports=tuple((_report_name(desk, row), row) for row in desk.event_focus.unreceived),
        free_alarms=_free_alarms(desk, desk.event_focus.record),
        seats=_other_seats(desk),
        file=desk.event_focus.file,
        has_merged=bool(desk.event_focus.taken_in),
        item=desk.event_focus.item,
        item_name=desk.event_focus.item_name,
        task=task_of(desk),
        video=desk.video_focus.subject(desk.session.own_centre),
        room=room_of(desk),
        plan=_plan(desk),
        account=signed_on.account if signed_on else "",
        seat=signed_on.seat if signed_on else "",
        now_ns=desk.now_ns(),
    )


def units_for(desk: Desk, event: Event | None) -> tuple[tuple[str, str], ...]:
    """Return the units that may lead an event: whom its matter's routes name, then its own centre's, then those above.

    Nine at most: as many as there are digits. Whoever wants another one asks dispatch by the order (D).
    """
    names = desk.names
    if names is None or event is None:
        return ()
    path = names.upwards(event.centre)
    routed = {route.lead for route in names.view.catalogue.routes if route.matter == event.matter}
    units = [unit for unit in names.view.catalogue.units if unit.centre in path]
    units.sort(key=lambda unit: (unit.code not in routed, path.index(unit.centre), unit.code))
    return tuple((unit.name, unit.code) for unit in units[:9])


def _event_others(desk: Desk, event: Event | None) -> tuple[tuple[str, Event], ...]:
    """Return the living events one may belong to: of its centre and matter first, then the newest."""
    if event is None:
        return ()
    others = [row for row in desk.session.facts.events.values() if row.number != event.number]
    others.sort(key=lambda row: (row.centre != event.centre, row.matter != event.matter, -row.number))
    return tuple((desk.say("events.named", number=row.code, title=row.title), row) for row in others[:9])


def _report_name(desk: Desk, report: EventReport) -> str:
    kind = desk.say(f"event.report_kind.{report.kind.value}")
    return desk.say("events.report.waiting", kind=kind, issue=report.issue)


def _free_alarms(desk: Desk, event: Event | None) -> tuple[tuple[str, int], ...]:
    if event is None:
        return ()
    free = (alarm for alarm in desk.session.facts.board.alarms if alarm.number not in event.alarms)
    return tuple((desk.words.title(alarm), alarm.number) for alarm in islice(free, 9))


def _other_seats(desk: Desk) -> tuple[tuple[str, str], ...]:
    here = desk.session.signed_on.seat if desk.session.signed_on else ""
    seated = (row for row in desk.session.facts.sessions.values() if row.seat != here)
    return tuple((f"{row.seat} {row.name or row.account}", row.seat) for row in seated)


def task_of(desk: Desk) -> TaskSubject:
    """Return the order and receipts in focus."""
    focus = desk.order_focus
    receipt = focus.receipt
    return TaskSubject(
        order=focus.order,
        receipt=receipt,
        is_own=receipt is not None and own_receipts.is_own(desk, receipt.recipient),
        chosen=focus.chosen,
        request=focus.request,
        receipts=focus.receipts,
        own_units=frozenset(row.recipient for row in focus.receipts if own_receipts.is_own(desk, row.recipient)),
    )


def room_of(desk: Desk) -> RoomSubject:
    """Return the consultation in focus; nothing of it is loaded while nobody looks at one."""
    focus, signed_on = desk.rooms.focus, desk.session.signed_on
    if focus.event is None or signed_on is None:
        return RoomSubject(waiting=focus.waiting())
    camera = desk.video_focus.subject(desk.session.own_centre).camera
    return focus.subject(signed_on.seat, desk.rooms.of(desk).own_codes(), camera, offers(desk))


def overrides_of(desk: Desk, vital: int | None) -> tuple[Override, ...]:
    """Return the overrides that stand on a vital: those told for themselves, else those its alarm carries."""
    own = [row for row in desk.session.facts.overrides.values() if row.vital == vital and not row.ended]
    alarm = desk.session.facts.alarm_of_vital(vital) if vital is not None else None
    carried = [row for row in alarm.overrides if row.kind not in {o.kind for o in own}] if alarm else []
    return (*own, *carried)


def situation_of(desk: Desk, alarm: Alarm | None) -> Situation | None:
    """Return the open situation an alarm is in."""
    found = desk.session.facts.situations.get(alarm.situation) if alarm and alarm.situation is not None else None
    return found if found is not None and found.state is SituationState.OPEN else None


def situation_name(desk: Desk, situation: Situation) -> str:
    """Return how a situation is called: its first alarm and how many there are."""
    facts = desk.session.facts
    first = next((facts.alarms[number] for number in situation.alarms if number in facts.alarms), None)
    name = desk.words.name(first) if first else str(situation.number)
    return desk.say("console.situation.name", name=name, count=len(situation.alarms))


def _others(desk: Desk, situation: Situation | None) -> tuple[tuple[str, Situation], ...]:
    if situation is None:
        return ()
    found = [
        row
        for row in desk.session.facts.situations.values()
        if row.number != situation.number and row.state is SituationState.OPEN
    ]
    found.sort(key=lambda row: abs(row.began_at - situation.began_at))
    return tuple((situation_name(desk, row), row) for row in found)


def _alike(desk: Desk, alarm: Alarm | None, situation: Situation | None) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the parts of a situation that could be taken out with an alarm: alone, its sub-track's, its place's."""
    if alarm is None or situation is None:
        return ()
    parts: list[tuple[str, tuple[int, ...]]] = [("console.split.alone", (alarm.number,))]
    for code, of in (("console.split.subtrack", _subtrack), ("console.split.centre", _centre)):
        same = tuple(
            number
            for number in situation.alarms
            if (other := desk.session.facts.alarms.get(number)) is not None and of(desk, other) == of(desk, alarm)
        )
        if 1 < len(same) < len(situation.alarms) and same not in [numbers for _code, numbers in parts]:
            parts.append((code, same))
    return tuple(parts)


def _plan(desk: Desk) -> str:
    """Return the plan the guidance of the vital in focus names; nothing when it names none."""
    found = desk.names.guidance(desk.vital) if desk.names is not None and desk.vital is not None else None
    return found.plan if found is not None else ""


def _subtrack(desk: Desk, alarm: Alarm) -> str:
    vital = desk.names.vital(alarm.vital) if desk.names else None
    return vital.subtrack if vital else ""


def _centre(desk: Desk, alarm: Alarm) -> str:
    vital = desk.names.vital(alarm.vital) if desk.names else None
    return vital.centre if vital else ""


def _people(desk: Desk, vital: int | None) -> tuple[tuple[str, str], ...]:
    """Return who may be given an alarm: its owner, the chiefs of the own centre, then everybody on watch."""
    names = desk.names
    if names is None:
        return ()
    row = names.vital(vital) if vital is not None else None
    owner = names.post(row.owner_post) if row else None
    chief = f"{desk.session.own_centre}.{WATCH_CHIEF}"
    chiefs = [post for post in names.view.catalogue.posts if post.code.startswith(chief)]
    found = {post.code: post.name for post in ([owner] if owner else []) + chiefs}
    found |= {seated.account: seated.name or seated.account for seated in desk.session.facts.sessions.values()}
    return tuple((name, code) for code, name in found.items())
