"""Lines an officer adds to an event's timeline, and the steps of a citizen's demand (E6, E1)."""

from chengyun_core.centre import event_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_deeds import done, source_time
from chengyun_core.centre.event_seen import as_seen
from chengyun_core.centre.event_texts import clean_lines
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.event import EventSource
from chengyun_core.model.event_commands import CitizenStep, NoteEvent
from chengyun_core.model.failure import Refused
from chengyun_core.wire.envelope import Done


def note(desk: Desk, work: Work, _caller: Caller, command: NoteEvent) -> Done:
    """Add a line: verbatim, with source time, channel and who said it. An ended event takes lines, too."""
    text = clean_lines(command.text, field="text", required=True)
    said_by = clean(command.said_by, field="said_by", most=100)
    at = source_time(desk, work.at_ns, command.source_at)
    event = event_care.get(work.connection, command.event)
    told = {"text": text, "channel": command.channel.value, "said_by": said_by}
    if at != work.at_ns:
        told["source_at"] = str(at)
    return done(work, event_care.change(desk, work, event, "event.note", params=told, notes=event.notes + 1))


def citizen(desk: Desk, work: Work, _caller: Caller, command: CitizenStep) -> Done:
    """Write down a step of a citizen's demand; the four figures of 12345 are made from these."""
    event = as_seen(desk, work, command.event, command.version)
    if event.source is not EventSource.CITIZEN:
        raise Refused("event.not_of_citizen", event=event.code)
    told: dict[str, str] = {}
    for name in ("responded_at", "called_back_at"):
        if (at := getattr(command, name)) is not None:
            told[f"citizen.{name}"] = str(source_time(desk, work.at_ns, at))
    for name in ("solved", "satisfied"):
        if (answer := getattr(command, name)) is not None:
            told[f"citizen.{name}"] = str(int(answer))
    if words := clean(command.words, field="words"):
        told["citizen.words"] = words
    if not told:
        raise Refused("event.nothing_told", event=event.code)
    params = {name.removeprefix("citizen."): value for name, value in told.items()}
    return done(
        work, event_care.change(
            desk, work, event, "event.citizen", params=params, attributes={**event.attributes, **told}
        )
    )  # fmt: skip
