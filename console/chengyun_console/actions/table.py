"""Every action of the console in one table: keys, hints, permissions and the handbook are made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model import command
from chengyun_core.model.alarm import Alarm, AlarmMove, NoteCode
from chengyun_core.model.scales import WarningColour

Say = Callable[[str], str]


class Where(StrEnum):
    """What has to be in front for a key to mean something."""

    ANYWHERE = "anywhere"
    ALARM = "alarm"
    """An alarm is selected on the page."""
    STRIP = "strip"
    """The risk strip has the keyboard."""
    FORM = "form"
    """A search, a list or a question is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to a question: the text code of its label, and what it means to the command."""

    title: str
    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something asked inline before the command is made; the digits 1…9 choose."""

    title: str
    choices: Callable[[Alarm], tuple[Choice, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing an officer can do; without a key it is reached through the search.

    `command` makes what is sent to the centre; None: something of the window itself.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    where: Where = Where.ANYWHERE
    permission: str = ""
    """Kind of the command asked of the permission table; empty: nothing is changed, nobody is asked."""
    move: AlarmMove | None = None
    """Possible only while the alarm's life cycle allows this move."""
    questions: tuple[Question, ...] = ()
    command: Callable[[Alarm, tuple[object, ...], Say], object] | None = None


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


def _note_choices(_alarm: Alarm) -> tuple[Choice, ...]:
    return _NOTES


def _shelf_choices(alarm: Alarm) -> tuple[Choice, ...]:
    timed = tuple(Choice(title=f"console.shelf.{minutes}", value=minutes) for minutes in SHELF_MINUTES[alarm.colour])
    return (*timed, Choice(title="console.shelf.one_shot", value=None))


def _shelve_reasons(_alarm: Alarm) -> tuple[Choice, ...]:
    return tuple(
        Choice(title=f"console.shelve_reason.{word}", value=f"console.shelve_reason.{word}") for word in _SHELVE_REASONS
    )


def _unack_reasons(_alarm: Alarm) -> tuple[Choice, ...]:
    return tuple(
        Choice(title=f"console.unack_reason.{word}", value=f"console.unack_reason.{word}") for word in _UNACK_REASONS
    )


def _acknowledge(alarm: Alarm, answers: tuple[object, ...], _say: Say) -> object:
    (note,) = answers
    assert isinstance(note, NoteCode)
    return command.AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, note_code=note)


def _unacknowledge(alarm: Alarm, answers: tuple[object, ...], say: Say) -> object:
    (reason,) = answers
    return command.UnacknowledgeAlarm(alarm=alarm.number, version=alarm.version, reason=say(str(reason)))


def _shelve(alarm: Alarm, answers: tuple[object, ...], say: Say) -> object:
    minutes, reason = answers
    assert minutes is None or isinstance(minutes, int)
    return command.ShelveAlarm(alarm=alarm.number, version=alarm.version, minutes=minutes, reason=say(str(reason)))


def _unshelve(alarm: Alarm, _answers: tuple[object, ...], _say: Say) -> object:
    return command.UnshelveAlarm(alarm=alarm.number, version=alarm.version)


ACTIONS: tuple[Action, ...] = (
    Action(id="page.cockpit", title="console.page.F1", keys=("F1",)),
    Action(id="page.vitals", title="console.page.F2", keys=("F2",)),
    Action(id="search.open", title="console.action.search", keys=("Ctrl+K", "/")),
    Action(id="alarm.next", title="console.action.next_alarm", keys=("Ctrl+J",)),
    Action(id="strip.unfold", title="console.action.unfold", keys=("Ctrl+L",)),
    Action(
        id="session.sign_off", title="console.action.sign_off", keys=("Ctrl+Shift+Q",), permission="session.sign_off"
    ),
    Action(id="preference.language", title="console.action.language", keys=()),
    Action(id="preference.theme", title="console.action.theme", keys=()),
    Action(id="back", title="console.action.back", keys=("Escape",), where=Where.FORM),
    Action(
        id="alarm.acknowledge",
        title="console.action.acknowledge",
        keys=("A",),
        where=Where.ALARM,
        permission="alarm.acknowledge",
        move=AlarmMove.ACKNOWLEDGE,
        questions=(Question(title="console.question.note", choices=_note_choices),),
        command=_acknowledge,
    ),
    Action(
        id="alarm.unacknowledge",
        title="console.action.unacknowledge",
        keys=("U",),
        where=Where.ALARM,
        permission="alarm.unacknowledge",
        move=AlarmMove.UNACKNOWLEDGE,
        questions=(Question(title="console.question.unack_reason", choices=_unack_reasons),),
        command=_unacknowledge,
    ),
    Action(
        id="alarm.shelve",
        title="console.action.shelve",
        keys=("S",),
        where=Where.ALARM,
        permission="alarm.shelve",
        move=AlarmMove.SHELVE,
        questions=(
            Question(title="console.question.shelf", choices=_shelf_choices),
            Question(title="console.question.shelve_reason", choices=_shelve_reasons),
        ),
        command=_shelve,
    ),
    Action(
        id="alarm.unshelve",
        title="console.action.unshelve",
        keys=("S",),
        where=Where.ALARM,
        permission="alarm.unshelve",
        move=AlarmMove.UNSHELVE,
        command=_unshelve,
    ),
    Action(id="alarm.open", title="console.action.open", keys=("Return",), where=Where.ALARM),
    Action(id="strip.pause", title="console.action.pause", keys=("Space",), where=Where.STRIP),
    Action(id="strip.filter", title="console.action.filter", keys=("1", "2", "3", "4", "5"), where=Where.STRIP),
)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}


def of_key(key: str, where: Where) -> tuple[Action, ...]:
    """Return the actions a key stands for; several share one key when only one of them is possible at a time."""
    return tuple(action for action in ACTIONS if key in action.keys and action.where is where)
