"""The radio and phone log (Y7): what was said word by word, by whom, over what, and who has to be called back."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import duty_care, event_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_deeds import source_time
from chengyun_core.centre.event_seen import seat_of, subject_of
from chengyun_core.centre.event_texts import clean_lines
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.order import Channel
from chengyun_core.model.room import Heard
from chengyun_core.model.room_commands import CallBack, WriteHeard
from chengyun_core.store import counters, event_table, room_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.room_asks import AskHeard, HeardPage

LONGEST_PARTY, LONGEST_NUMBER, LONGEST_WORDS = 60, 40, 1000
MOST_LINES = 500
CHANNELS = frozenset({Channel.PHONE, Channel.RADIO})


def subjects_of_line(desk: Desk, work: Work, command: WriteHeard) -> tuple[Subject, ...]:
    """Return the place of the event it is about; of none: the centre's own."""
    event = None if command.event is None else event_table.get(work.connection, command.event)
    return (subject_of(desk, event) if event is not None else duty_care.subject_of_centre(desk, ""),)


def subjects_of_known(desk: Desk, work: Work, command: CallBack) -> tuple[Subject, ...]:
    """Return the place of a line's event."""
    known = room_table.heard(work.connection, command.heard)
    event = None if known is None or known[0].event is None else event_table.get(work.connection, known[0].event)
    return (subject_of(desk, event) if event is not None else duty_care.subject_of_centre(desk, ""),)


def write(desk: Desk, work: Work, caller: Caller, command: WriteHeard) -> Done:
    """Write a line down; an ended event takes lines, too."""
    if command.channel not in CHANNELS:
        raise Refused("heard.channel", channel=command.channel.value)
    if command.event is not None:
        event_care.get(work.connection, command.event)
    number = clean(command.call_back, field="call_back", most=LONGEST_NUMBER)
    if command.due_at is not None and not number:
        raise Refused("heard.no_number")
    line = Heard(
        number=counters.take(work.connection, room_table.HEARD_COUNTER, 1), event=command.event,
        channel=command.channel, way=command.way,
        party=clean(command.party, field="party", most=LONGEST_PARTY, required=True),
        words=clean_lines(command.words, field="words", most=LONGEST_WORDS, required=True),
        call_back=duty_care.masked(number), group=clean(command.group, field="group", most=LONGEST_NUMBER),
        said_at=source_time(desk, work.at_ns, command.said_at), written_at=work.at_ns, written_by=caller.account,
        written_seat=seat_of(caller), due_at=command.due_at,
    )  # fmt: skip
    told = {"party": line.party, "words": line.words, "channel": line.channel.value, "way": line.way.value}
    if line.said_at != work.at_ns:
        told["source_at"] = str(line.said_at)
    return _put(work, line, number, "heard.write", told)


def call_back(_desk: Desk, work: Work, caller: Caller, command: CallBack) -> Done:
    """Write down that the party was called back and what it said."""
    known = room_table.heard(work.connection, command.heard)
    if known is None:
        raise Refused("heard.unknown", heard=command.heard)
    line, number = known
    if line.version != command.version or line.called_back_at is not None:
        raise Refused("heard.changed", heard=line.number, who=line.called_back_by)
    answer = clean_lines(command.answer, field="answer", most=LONGEST_WORDS, required=True)
    after = replace(
        line, called_back_at=work.at_ns, called_back_by=caller.account, answer=answer, version=line.version + 1
    )
    return _put(work, after, number, "heard.call_back", {"party": line.party, "words": answer})


def page(_desk: Desk, connection: Connection, ask: AskHeard) -> bytes:
    """Answer `heard.page`, the numbers whole: asked by who may call."""
    if not 1 <= ask.limit <= MOST_LINES or ask.before < 0:
        raise Refused("ask.out_of_range", after=ask.before, limit=ask.limit, most=MOST_LINES)
    found = room_table.heard_page(
        connection, event=ask.event, before=ask.before, limit=ask.limit, only_open=ask.only_open
    )
    return codec.pack(HeardPage(lines=tuple(replace(line, call_back=number) for line, number in found)))


def _put(work: Work, line: Heard, number: str, action: str, told: dict[str, str]) -> Done:
    change = work.note(action, room_table.LINE, line.number, line.version, line, params=told)
    room_table.put_heard(work.connection, line, number, change)
    return Done(change=change, key=str(line.number), version=line.version)
