"""Deeds on a vital's alarming: suppress for a time, take out of service with a ticket, and back again (A7)."""

from chengyun_console.actions.action import Action, Choice, Question, Say, Where
from chengyun_console.actions.alarm_deeds import reasons
from chengyun_console.actions.subject import Subject
from chengyun_core.model import command
from chengyun_core.model.alarm import OverrideKind
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason

_SUPPRESS_MINUTES = (60, 240, 480, 1440)
_SERVICE_MINUTES = (240, 480, 1440, 4320, 10080)
_REASONS = ("maintenance", "known_work", "test", "sensor_fault", "duplicate")


def _vital(subject: Subject) -> int:
    assert subject.vital is not None
    return subject.vital


def _stands(subject: Subject, kind: OverrideKind) -> Reason | None:
    """Return why something cannot begin: nothing is selected, or it stands already."""
    if subject.vital is None:
        return Reason(code="console.no_alarm")
    if subject.override(kind) is not None:
        return Reason(code=f"console.already.{kind.value}")
    return None


def _stands_not(subject: Subject, kind: OverrideKind) -> Reason | None:
    """Return why something cannot end: it does not stand, or a rule made it and only its condition ends it."""
    override = subject.override(kind)
    if override is None:
        return Reason(code="console.no_alarm") if subject.vital is None else Reason(code=f"console.not.{kind.value}")
    return Reason(code="console.by_rule", params={"rule": override.rule}) if override.rule else None


def _minutes(offered: tuple[int, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(title=f"console.shelf.{minutes}", value=minutes) for minutes in offered)


def _suppress(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    minutes, reason = answers
    assert isinstance(minutes, int)
    return command.SuppressVital(vital=_vital(subject), minutes=minutes, reason=say(str(reason)))


def _take_out(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    ticket, minutes, reason = answers
    assert isinstance(minutes, int)
    until = subject.now_ns + minutes * 60 * NS_PER_S
    return command.TakeOutOfService(vital=_vital(subject), ticket=str(ticket), until=until, reason=say(str(reason)))


def _release(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    override = subject.override(OverrideKind.SUPPRESSED)
    assert override is not None
    return command.ReleaseVital(vital=override.vital, version=override.version)


def _put_back(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    override = subject.override(OverrideKind.OUT_OF_SERVICE)
    assert override is not None
    return command.ReturnToService(vital=override.vital, version=override.version)


_WHY = Question(title="console.question.override_reason", choices=lambda _subject: reasons("override_reason", _REASONS))

VITAL_DEEDS: tuple[Action, ...] = (
    Action(
        id="vital.suppress", title="console.action.suppress", keys=("X",), where=Where.ALARM,
        record=command.SuppressVital, make=_suppress,
        why_not=lambda subject: _stands(subject, OverrideKind.SUPPRESSED),
        questions=(
            Question(title="console.question.suppress", choices=lambda _subject: _minutes(_SUPPRESS_MINUTES)),
            _WHY,
        ),
    ),
    Action(
        id="vital.release", title="console.action.release", keys=("X",), where=Where.ALARM,
        record=command.ReleaseVital, make=_release,
        why_not=lambda subject: _stands_not(subject, OverrideKind.SUPPRESSED),
    ),
    Action(
        id="vital.take_out", title="console.action.take_out", keys=("O",), where=Where.ALARM,
        record=command.TakeOutOfService, make=_take_out,
        why_not=lambda subject: _stands(subject, OverrideKind.OUT_OF_SERVICE),
        questions=(
            Question(title="console.question.ticket"),
            Question(title="console.question.service", choices=lambda _subject: _minutes(_SERVICE_MINUTES)),
            _WHY,
        ),
    ),
    Action(
        id="vital.put_back", title="console.action.put_back", keys=("O",), where=Where.ALARM,
        record=command.ReturnToService, make=_put_back,
        why_not=lambda subject: _stands_not(subject, OverrideKind.OUT_OF_SERVICE),
    ),
)  # fmt: skip
