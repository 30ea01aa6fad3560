"""Opens events from every source, edits what is told of them, and imports them by the batch (E1, E6)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from chengyun_core.centre import alarm_evidence, display_numbers, event_care, event_prefill, plan_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_deeds import districts_beside, done, source_time
from chengyun_core.centre.event_links import check_alarms
from chengyun_core.centre.event_prefill import Filled
from chengyun_core.centre.event_seen import as_seen, seat_of, subject_of
from chengyun_core.centre.event_texts import LONGEST_CODE, LONGEST_TITLE, clean_attributes, clean_lines
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import event_rules
from chengyun_core.model.event import Event, EventState, Hop
from chengyun_core.model.event_commands import EditEvent, ImportedEvent, ImportEvents, OpenEvent
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store import counters, event_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.event_asks import ImportChecked

MOST_IN_A_BATCH = 500
"""Events of one `event.import`: written in one transaction, which must not hold up the loop."""
MOST_FAULTS = 20


def subjects_of_new(desk: Desk, work: Work, command: OpenEvent) -> tuple[Subject, ...]:
    """Return the place of an event to be."""
    centre = event_prefill.filled(desk, work.connection, command).form.centre
    return _place(desk, centre)


def subjects_of_edit(desk: Desk, work: Work, command: EditEvent) -> tuple[Subject, ...]:
    """Return where the event is, and where it is moved to."""
    event = event_table.get(work.connection, command.event)
    now = () if event is None else (subject_of(desk, event),)
    return (*now, *_place(desk, command.centre or ""))


def subjects_of_import(desk: Desk, _work: Work, command: ImportEvents) -> tuple[Subject, ...]:
    """Return the places of all rows."""
    centres = sorted({row.event.centre for row in command.rows[:MOST_IN_A_BATCH]})
    return tuple(subject for centre in centres for subject in _place(desk, centre))


def _place(desk: Desk, centre: str) -> tuple[Subject, ...]:
    """An unknown centre is no place: what names it is refused to the permitted, with that reason."""
    return (Subject(name=centre, path=desk.city.path(centre)),) if centre in desk.city.centres else ()


def open_event(desk: Desk, work: Work, caller: Caller, command: OpenEvent) -> Done:
    """Open an event; its number is its own for ever."""
    filled = event_prefill.filled(desk, work.connection, command)
    warnings = ("event.ref_known",) if _is_known(work.connection, filled.form) else ()
    check_alarms(desk, work, filled.form.alarms)
    _check_parent(work, filled.form.parent)
    (event,) = _opened(desk, work, caller, [filled])
    if event.parent is not None:
        parent = event_care.get(work.connection, event.parent)
        told = {"child": event.number, "child_code": event.code}
        event_care.change(desk, work, parent, "event.child_joined", params=told, children=parent.children + 1)
    return done(work, event, *warnings)


def edit(desk: Desk, work: Work, _caller: Caller, command: EditEvent) -> Done:
    """Change what is told; what was told before stays in the journal."""
    event = as_seen(desk, work, command.event, command.version)
    told = _edited(desk, event, command)
    changed = {name: value for name, value in told.items() if getattr(event, name) != value}
    if not changed:
        return done(work, event)
    reason = clean(command.reason, field="reason")
    if not event_rules.is_living(event) and not reason:
        raise Refused("event.ended", event=event.code, state=event.state.value)
    params = {"fields": " ".join(sorted(changed)), "reason": reason}
    after = event_care.change(desk, work, event, "event.edit", params=params, **changed)
    if "attributes" in changed:
        plan_care.event_measured(desk, work, after)
    return done(work, after)


def import_batch(desk: Desk, work: Work, caller: Caller, command: ImportEvents) -> Done:
    """Import one batch of a file: all of it, or none and every fault with its line.

    What their number says is here already is no fault: it is left out and named in the answer, so that exports that
    overlap can be imported one after the other.
    """
    file = clean(command.file, field="file", most=200, required=True)
    if not 0 < len(command.rows) <= MOST_IN_A_BATCH:
        raise Refused("event.batch_size", count=len(command.rows), most=MOST_IN_A_BATCH)
    faults = [f"{row.line}: {fault.code}" for row in command.rows if (fault := _fault_of(desk, work.at_ns, row))]
    if faults:
        raise Refused("event.import_faults", file=file, count=len(faults), faults="; ".join(faults[:MOST_FAULTS]))
    known = {row.line for row in command.rows if _is_known(work.connection, row.event)}
    new = [Filled(form=row.event, hops=_told_hops(row.event)) for row in command.rows if row.line not in known]
    told: dict[str, object] = {"file": file, "batch": command.batch}
    opened = _opened(desk, work, caller, new, action="event.import", told=told) if new else []
    key = f"{opened[0].number}-{opened[-1].number}" if opened else ""
    return Done(change=work.noted, key=key, left=tuple((str(line), "event.ref_known") for line in sorted(known)))


def _is_known(connection: Connection, form: OpenEvent) -> bool:
    """Return whether the same source told an event of the same number of theirs before, and it was not made void."""
    if not form.source_ref:
        return False
    same = event_table.by_source_ref(connection, form.source_ref)
    source = event_prefill.source_of(form)
    return any(event.source is source and event.state is not EventState.VOID for event in same)


def check_import(desk: Desk, _connection: Connection, ask: ImportEvents) -> bytes:
    """Answer `event.check_import`: what the batch would be refused for, row by row; nothing is written."""
    now = desk.clock.utc_ns()
    found = ((row.line, fault) for row in ask.rows[:MOST_IN_A_BATCH] if (fault := _fault_of(desk, now, row)))
    return codec.pack(ImportChecked(faults=tuple(found)))


def _fault_of(desk: Desk, now_ns: int, row: ImportedEvent) -> Reason | None:
    try:
        if row.event.alarms or row.event.situation or row.event.parent is not None:
            raise Refused("event.import_links")
        _fields(desk, now_ns, row.event)
    except Refused as refused:
        return refused.reason
    return None


def _opened(
    desk: Desk, work: Work, caller: Caller, filled: Sequence[Filled], *, action: str = "event.open",
    told: dict[str, object] | None = None,
) -> list[Event]:  # fmt: skip
    first = counters.take(work.connection, event_table.COUNTER, len(filled))
    codes = display_numbers.take(desk, work, "event", len(filled))
    events = []
    for place, (one, code) in enumerate(zip(filled, codes, strict=True)):
        fields = _fields(desk, work.at_ns, one.form)
        hops = {**one.hops, Hop.OPENED: work.at_ns}
        files = alarm_evidence.files_of(work.connection, one.form.alarms)
        events.append(
            Event(
                number=first + place, code=code, opened_at=work.at_ns, opened_by=caller.account,
                opened_seat=seat_of(caller), hops=hops, changed_at=work.at_ns, attachments=len(files),
                attachment_numbers=files, **fields,
            )
        )  # fmt: skip
    rows = []
    for event in events:
        params = {"source": event.source.value, **(told or {})}
        if event.source_at != work.at_ns:
            params["source_at"] = event.source_at
        row = work.note(action, event_care.KIND, event.number, event.version, event, params=params)
        rows.append(event_care.stored(desk, event, row))
        event_care.remember(desk, work, event)
    event_table.add(work.connection, rows)
    return events


def _fields(desk: Desk, now_ns: int, form: OpenEvent) -> dict[str, Any]:
    """Return the checked fields of an event to be."""
    _check_place(desk, form.centre, form.matter)
    for name in ("longitude", "latitude"):
        check_degrees(name, getattr(form, name))
    return {
        "title": clean(form.title, field="title", most=LONGEST_TITLE, required=True),
        "narrative": clean_lines(form.narrative, field="narrative"), "matter": form.matter, "centre": form.centre,
        "place": clean(form.place, field="place", most=200), "longitude": form.longitude, "latitude": form.latitude,
        "risk_point": clean(form.risk_point, field="risk_point", most=LONGEST_CODE),
        "source": event_prefill.source_of(form),
        "source_ref": clean(form.source_ref, field="source_ref", most=LONGEST_CODE),
        "source_at": source_time(desk, now_ns, form.source_at), "alarms": form.alarms, "situation": form.situation,
        "informant": clean(form.informant, field="informant", most=200), "parent": form.parent,
        "attributes": clean_attributes(form.attributes), "also_in": districts_beside(desk, form.centre, form.also_in),
    }  # fmt: skip


def _edited(desk: Desk, event: Event, command: EditEvent) -> dict[str, Any]:
    texts = {"title": LONGEST_TITLE, "place": 200, "risk_point": LONGEST_CODE, "informant": 200}
    told: dict[str, Any] = {
        name: clean(text, field=name, most=most, required=name == "title")
        for name, most in texts.items() if (text := getattr(command, name)) is not None
    }  # fmt: skip
    if command.narrative is not None:
        told["narrative"] = clean_lines(command.narrative, field="narrative")
    for name in ("longitude", "latitude"):
        if (value := getattr(command, name)) is not None:
            told[name] = check_degrees(name, value)
    for name in ("centre", "matter"):
        if (code := getattr(command, name)) is not None:
            told[name] = code
    _check_place(desk, told.get("centre", event.centre), told.get("matter", event.matter))
    if command.attributes is not None:
        merged = {**event.attributes, **clean_attributes(command.attributes)}
        told["attributes"] = {code: value for code, value in merged.items() if value}
    if command.also_in is not None:
        told["also_in"] = districts_beside(desk, told.get("centre", event.centre), command.also_in)
    return told


def check_degrees(name: str, value: float | None) -> float | None:
    """Return a coordinate; raise Refused for one that is on no map (NaN as well)."""
    most = 180.0 if name == "longitude" else 90.0
    if value is not None and not -most <= value <= most:
        raise Refused("event.bad_degrees", field=name, value=value, most=most)
    return value


def _check_place(desk: Desk, centre: str, matter: str) -> None:
    if centre not in desk.city.centres:
        raise Refused("event.no_centre", centre=centre[:64])
    if matter and matter not in desk.city.matters:
        raise Refused("event.no_matter", matter=matter[:64])


def _check_parent(work: Work, parent: int | None) -> None:
    if parent is not None:
        above = event_care.get(work.connection, parent)
        if not event_rules.is_living(above):
            raise Refused("event.ended", event=above.code, state=above.state.value)


def _told_hops(form: OpenEvent) -> dict[Hop, int]:
    return {} if form.source_at is None else {Hop.SOURCE: form.source_at}
