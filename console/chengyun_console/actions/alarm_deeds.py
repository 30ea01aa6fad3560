"""Deeds on an alarm: acknowledge, take back, shelve, assign, comment, and the acknowledgement of a whole page."""

from chengyun_console.actions.action import Action, Choice, Question, Say, Where
from chengyun_console.actions.subject import Subject
from chengyun_core.mirror.alarms import awaits
from chengyun_core.model import command
from chengyun_core.model.alarm import Alarm, AlarmMove, NoteCode
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import AlarmPriority, WarningColour

SHELF_MINUTES: dict[WarningColour, tuple[int, ...]] = {
    WarningColour.BLUE: (15, 60, 240, 480),
    WarningColour.YELLOW: (15, 60, 240),
    WarningColour.ORANGE: (5, 15, 60),
    WarningColour.RED: (5, 10, 15),
    WarningColour.NONE: (15,),
}
"""Offered to the officer; the centre holds the limits (A6: never unlimited, the graver the shorter)."""

_NOTES = tuple(Choice(title=f"console.note.{note.value}", value=note) for note in NoteCode)
_SHELVE_REASONS = ("maintenance", "sensor_fault", "known_work", "duplicate")
_UNACK_REASONS = ("mistake", "changed", "second_look")
_DUE_MINUTES = (30, 60, 120, 480)
_GRAVE = (WarningColour.RED, WarningColour.ORANGE)


def needs_alarm(subject: Subject) -> Reason | None:
    """Return why a deed on an alarm makes no sense here."""
    return None if subject.alarm is not None else Reason(code="console.no_alarm")


def alarm_of(subject: Subject) -> Alarm:
    """Return the alarm a deed is about; `needs_alarm` has been asked before."""
    assert subject.alarm is not None
    return subject.alarm


def low_on_page(page: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    """Return the alarms of a page that one key may acknowledge: low priority, neither red nor orange (A17)."""
    return tuple(a for a in page if awaits(a) and a.priority is AlarmPriority.LOW and a.colour not in _GRAVE)


def reasons(kind: str, words: tuple[str, ...]) -> tuple[Choice, ...]:
    """Return choices whose value is the code of their own sentence."""
    return tuple(Choice(title=f"console.{kind}.{word}", value=f"console.{kind}.{word}") for word in words)


def _shelf_choices(subject: Subject) -> tuple[Choice, ...]:
    minutes = SHELF_MINUTES[alarm_of(subject).colour]
    timed = tuple(Choice(title=f"console.shelf.{each}", value=each) for each in minutes)
    return (*timed, Choice(title="console.shelf.one_shot", value=None))


def _people(subject: Subject) -> tuple[Choice, ...]:
    named = tuple(Choice(title="", text=name, value=code) for name, code in subject.people[:7])
    back = (Choice(title="console.assign.nobody", value=""),) if alarm_of(subject).assigned_to else ()
    return (*named, *back)


def _dues(_subject: Subject) -> tuple[Choice, ...]:
    timed = tuple(Choice(title=f"console.due.{minutes}", value=minutes) for minutes in _DUE_MINUTES)
    return (*timed, Choice(title="console.due.none", value=None))


def _page_left(subject: Subject) -> dict[str, object]:
    waiting = [alarm for alarm in subject.page if awaits(alarm)]
    grave = sum(alarm.colour in _GRAVE for alarm in waiting)
    count = len(low_on_page(subject.page))
    return {"count": count, "grave": grave, "higher": len(waiting) - count - grave}


def _no_low(subject: Subject) -> Reason | None:
    if low_on_page(subject.page):
        return None
    told = {key: str(value) for key, value in _page_left(subject).items() if key != "count"}
    return Reason(code="console.page_ack.none", params=told)


def _acknowledge(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    alarm, (note,) = alarm_of(subject), answers
    assert isinstance(note, NoteCode)
    return command.AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, note_code=note)


def _of_group(subject: Subject) -> tuple[Alarm, ...]:
    """Return what is acknowledged at the head of a group: the head, unless it was before what came after it."""
    head = (subject.alarm,) if subject.alarm is not None and awaits(subject.alarm) else ()
    return (*head, *subject.along)


def _no_group(subject: Subject) -> Reason | None:
    return needs_alarm(subject) or (None if subject.along else Reason(code="console.no_group"))


def _is_single(subject: Subject) -> Reason | None:
    return needs_alarm(subject) or (Reason(code="console.with_its_group") if subject.along else None)


def _acknowledge_group(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    (first, *others), (note,) = _of_group(subject), answers
    assert isinstance(note, NoteCode)
    along = tuple((other.number, other.version) for other in others)
    return command.AcknowledgeAlarm(alarm=first.number, version=first.version, note_code=note, along=along)


def _acknowledge_page(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    (note,) = answers
    assert isinstance(note, NoteCode)
    seen = tuple((alarm.number, alarm.version) for alarm in low_on_page(subject.page))
    return command.AcknowledgeAlarms(alarms=seen, note_code=note)


def _unacknowledge(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    alarm, (reason,) = alarm_of(subject), answers
    return command.UnacknowledgeAlarm(alarm=alarm.number, version=alarm.version, reason=say(str(reason)))


def _shelve(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    alarm, (minutes, reason) = alarm_of(subject), answers
    assert minutes is None or isinstance(minutes, int)
    return command.ShelveAlarm(alarm=alarm.number, version=alarm.version, minutes=minutes, reason=say(str(reason)))


def _unshelve(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    alarm = alarm_of(subject)
    return command.UnshelveAlarm(alarm=alarm.number, version=alarm.version)


def _assign(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    alarm, (who, minutes) = alarm_of(subject), answers
    due_at = subject.now_ns + minutes * 60 * NS_PER_S if isinstance(minutes, int) and who else None
    return command.AssignAlarm(alarm=alarm.number, version=alarm.version, assignee=str(who), due_at=due_at)


def _comment(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    (text,) = answers
    return command.CommentAlarm(alarm=alarm_of(subject).number, text=str(text))


ALARM_DEEDS: tuple[Action, ...] = (
    Action(
        id="alarm.acknowledge_group", title="console.action.acknowledge_group", keys=("A",), where=Where.ALARM,
        record=command.AcknowledgeAlarm, why_not=_no_group, make=_acknowledge_group,
        questions=(
            Question(
                title="console.question.group_note", choices=lambda _subject: _NOTES,
                params=lambda subject: {"count": len(_of_group(subject))},
            ),
        ),
    ),
    Action(
        id="alarm.acknowledge", title="console.action.acknowledge", keys=("A",), where=Where.ALARM,
        record=command.AcknowledgeAlarm, move=AlarmMove.ACKNOWLEDGE, why_not=_is_single, make=_acknowledge,
        questions=(Question(title="console.question.note", choices=lambda _subject: _NOTES),),
    ),
    Action(
        id="alarm.acknowledge_page", title="console.action.acknowledge_page", keys=("Shift+A",), where=Where.ALARM,
        record=command.AcknowledgeAlarms, why_not=_no_low, make=_acknowledge_page,
        questions=(
            Question(title="console.question.page_ack", params=_page_left, choices=lambda _subject: _NOTES),
        ),
    ),
    Action(
        id="alarm.unacknowledge", title="console.action.unacknowledge", keys=("U",), where=Where.ALARM,
        record=command.UnacknowledgeAlarm, move=AlarmMove.UNACKNOWLEDGE, why_not=needs_alarm, make=_unacknowledge,
        questions=(
            Question(
                title="console.question.unack_reason", choices=lambda _subject: reasons("unack_reason", _UNACK_REASONS)
            ),
        ),
    ),
    Action(
        id="alarm.shelve", title="console.action.shelve", keys=("S",), where=Where.ALARM,
        record=command.ShelveAlarm, move=AlarmMove.SHELVE, why_not=needs_alarm, make=_shelve,
        questions=(
            Question(title="console.question.shelf", choices=_shelf_choices),
            Question(
                title="console.question.shelve_reason",
                choices=lambda _subject: reasons("shelve_reason", _SHELVE_REASONS),
            ),
        ),
    ),
    Action(
        id="alarm.unshelve", title="console.action.unshelve", keys=("S",), where=Where.ALARM,
        record=command.UnshelveAlarm, move=AlarmMove.UNSHELVE, why_not=needs_alarm, make=_unshelve,
    ),
    Action(
        id="alarm.assign", title="console.action.assign", keys=("I",), where=Where.ALARM,
        record=command.AssignAlarm, why_not=needs_alarm, make=_assign,
        questions=(
            Question(title="console.question.assign", choices=_people),
            Question(title="console.question.due", choices=_dues),
        ),
    ),
    Action(
        id="alarm.comment", title="console.action.comment", keys=("C",), where=Where.ALARM,
        record=command.CommentAlarm, why_not=needs_alarm, make=_comment,
        questions=(Question(title="console.question.comment"),),
    ),
)  # fmt: skip
