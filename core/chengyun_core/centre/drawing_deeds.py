"""Drawing on the map of an event: put, changed, erased; each a row of the journal with the whole drawing."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import event_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_seen import subjects_of_teller
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import event_rules
from chengyun_core.model.change import Change
from chengyun_core.model.drawing import (
    LONGEST_TEXT,
    MOST_OF_AN_EVENT,
    MOST_PLACES,
    Drawing,
    DrawingKind,
    fault_of,
    is_standing,
)
from chengyun_core.model.drawing_commands import EraseDrawing, PutDrawing
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store import counters, drawing_table
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire import codec
from chengyun_core.wire.drawing_asks import AskDrawings, Drawings
from chengyun_core.wire.envelope import Done

LOG = RecordLog("drawing", Drawing)


def subjects_of_drawing(desk: Desk, work: Work, command: EraseDrawing) -> tuple[Subject, ...]:
    """Return the place of the event a drawing is of; an unknown one has no place, and is refused to the permitted."""
    drawing = drawing_table.get(work.connection, command.drawing)
    return () if drawing is None else subjects_of_teller(desk, work, drawing)


def put(desk: Desk, work: Work, caller: Caller, command: PutDrawing) -> Done:
    """Draw something new, or a known drawing anew; raise Refused for one somebody changed since, or too many."""
    event = event_care.get(work.connection, command.event)
    _refuse_ended(event)
    text = clean(command.text, field="text", most=LONGEST_TEXT, required=command.kind is DrawingKind.NOTE)
    if fault := fault_of(command.kind, command.places):
        raise Refused(fault, kind=command.kind.value, count=len(command.places), most=MOST_PLACES)
    drawn = Drawing(
        number=command.drawing, event=event.number, kind=command.kind, meaning=command.meaning,
        places=command.places, text=text, by=caller.account, at=work.at_ns,
    )  # fmt: skip
    if command.drawing:
        before = _as_seen(desk, work, command.drawing, command.version)
        if before.event != event.number:
            raise Refused("drawing.of_another_event", drawing=before.number, event=event.code)
        return _changed(work, replace(drawn, version=before.version + 1), "drawing.change")
    held = drawing_table.count_standing(work.connection, event.number)
    if held >= MOST_OF_AN_EVENT:
        raise Refused("drawing.too_many", event=event.code, count=held, most=MOST_OF_AN_EVENT)
    return _added(work, replace(drawn, number=counters.take(work.connection, drawing_table.COUNTER, 1)))


def erase(desk: Desk, work: Work, caller: Caller, command: EraseDrawing) -> Done:
    """Take a drawing off the map."""
    before = _as_seen(desk, work, command.drawing, command.version)
    _refuse_ended(event_care.get(work.connection, before.event))
    erased = replace(before, erased_at=work.at_ns, by=caller.account, at=work.at_ns, version=before.version + 1)
    return _changed(work, erased, "drawing.erase")


def of_event(_desk: Desk, connection: Connection, ask: AskDrawings) -> bytes:
    """Answer `drawing.of_event`: what stands now, or stood at a time."""
    event_care.get(connection, ask.event)
    held = drawing_table.of_event(connection, ask.event)
    if ask.at is not None:
        earlier = (_at(connection, drawing.number, ask.at) for drawing in held)
        held = [drawing for drawing in earlier if drawing is not None]
    return codec.pack(Drawings(drawings=tuple(drawing for drawing in held if is_standing(drawing))))


def living(connection: Connection) -> list[Change]:
    """Return what every console holds: what stands on the events that live."""
    return [
        Change(
            number=number, at_ns=0, action="snapshot", kind=LOG.kind, key=str(drawing.number), version=drawing.version,
            record=codec.pack(drawing),
        )
        for drawing, number in drawing_table.of_living(connection)
    ]  # fmt: skip


def _at(connection: Connection, number: int, at_ns: int) -> Drawing | None:
    """Return a drawing as it stood at a time, None before it was drawn."""
    change = journal_rows.last_before(connection, LOG.kind, str(number), at_ns)
    return None if change is None else codec.unpack(change.record, Drawing)


def _as_seen(desk: Desk, work: Work, number: int, version: int) -> Drawing:
    found = drawing_table.get(work.connection, number)
    if found is None:
        raise Refused("drawing.unknown", drawing=number)
    if found.version != version or not is_standing(found):
        what = "changed" if is_standing(found) else "erased"
        raise Refused(f"drawing.was_{what}", drawing=number, who=found.by, at=desk.shown(found.at), at_ns=found.at)
    return found


def _refuse_ended(event: Event) -> None:
    if not event_rules.is_living(event):
        raise Refused("event.ended", event=event.code, state=event.state.value)


def _added(work: Work, drawing: Drawing) -> Done:
    change = _noted(work, drawing, "drawing.put")
    drawing_table.add(work.connection, drawing, change)
    return Done(change=change, key=str(drawing.number), version=drawing.version)


def _changed(work: Work, drawing: Drawing, action: str) -> Done:
    change = _noted(work, drawing, action)
    drawing_table.replace(work.connection, drawing, change)
    return Done(change=change, key=str(drawing.number), version=drawing.version)


def _noted(work: Work, drawing: Drawing, action: str) -> int:
    told = {
        "kind": drawing.kind.value, "meaning": drawing.meaning.value, "text": drawing.text,
        "places": len(drawing.places), "event": drawing.event,
    }  # fmt: skip
    return work.note(action, LOG.kind, drawing.number, drawing.version, drawing, params=told)
