"""The review of a closed event, and the items it leaves for somebody to do (复盘; 突发事件应对法 art. 87, 92)."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import event_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_deeds import done, moved
from chengyun_core.centre.event_seen import as_seen, subject_of
from chengyun_core.centre.event_texts import LONGEST_CODE, clean_lines
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.event import Event, Improvement
from chengyun_core.model.event_commands import FinishImprovement, NewImprovement, ReviewEvent
from chengyun_core.model.event_rules import Move
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.permission import kind_of
from chengyun_core.store import counters
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.envelope import Done

LOG = RecordLog("improvement", Improvement)
COUNTER = "improvement"
MOST_ITEMS = 50


def review(desk: Desk, work: Work, caller: Caller, command: ReviewEvent) -> Done:
    """Hold the review, or add to it: findings, and items with an owner and a due time."""
    findings = clean_lines(command.findings, field="findings", required=True)
    if len(command.improvements) > MOST_ITEMS:
        raise Refused("event.too_many_items", count=len(command.improvements), most=MOST_ITEMS)
    event = as_seen(desk, work, command.event, command.version)
    items = tuple(_added(desk, work, caller, event, item) for item in command.improvements)
    told = {"findings": findings, "items": " ".join(map(str, items))}
    after = moved(
        desk, work, event, Move.REVIEW, "event.review", params=told,
        findings="\n".join(filter(None, (event.findings, findings))), improvements=(*event.improvements, *items),
    )  # fmt: skip
    return done(work, after)


def _added(desk: Desk, work: Work, caller: Caller, event: Event, item: NewImprovement) -> int:
    owner = clean(item.owner_post, field="owner_post", most=LONGEST_CODE, required=True)
    if kind_of(owner) is None:
        raise Refused("event.no_post", post=owner)
    if item.due_at <= work.at_ns:
        raise Refused("event.due_past", due=desk.shown(item.due_at))
    made = Improvement(
        number=counters.take(work.connection, COUNTER, 1), event=event.number, kind=item.kind,
        text=clean(item.text, field="text", required=True), owner_post=owner, due_at=item.due_at,
        target=clean(item.target, field="target", most=LONGEST_CODE), added_at=work.at_ns, added_by=caller.account,
    )  # fmt: skip
    work.note("improvement.add", LOG.kind, made.number, made.version, made)
    return made.number


def subjects_of_item(desk: Desk, work: Work, command: FinishImprovement) -> tuple[Subject, ...]:
    """Return the place of the event an item comes from; its owner may finish it."""
    item = LOG.get(work.connection, command.improvement)
    if item is None:
        return ()
    event = event_care.get(work.connection, item.event)
    return (replace(subject_of(desk, event), owners=frozenset({item.owner_post})),)


def finish(desk: Desk, work: Work, caller: Caller, command: FinishImprovement) -> Done:
    """Say that an item is done, and what was done."""
    note = clean(command.note, field="note", required=True)
    item = LOG.get(work.connection, command.improvement)
    if item is None:
        raise Refused("event.no_item", item=command.improvement)
    if item.done_at is not None or item.version != command.version:
        raise Refused("event.item_done", item=item.number, who=item.done_by, at=desk.shown(item.done_at))
    after = replace(item, done_at=work.at_ns, done_by=caller.account, done_note=note, version=item.version + 1)
    change = work.note("improvement.finish", LOG.kind, after.number, after.version, after, params={"note": note})
    return Done(change=change, key=str(after.number), version=after.version)


def open_items(connection: Connection) -> list[Improvement]:
    """Return the items nobody has finished, by due time."""
    found = LOG.standing(connection, lambda item: item.done_at is None)
    return sorted((item for item, _ in found), key=lambda item: (item.due_at, item.number))
