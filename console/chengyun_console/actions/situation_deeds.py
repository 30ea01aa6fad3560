"""Deeds on situations and on what waits for a second person."""

from chengyun_console.actions.action import Action, Choice, Question, Say, Where
from chengyun_console.actions.alarm_deeds import reasons
from chengyun_console.actions.subject import Subject
from chengyun_core.model import command
from chengyun_core.model.approval import Approval
from chengyun_core.model.failure import Reason
from chengyun_core.model.situation import Situation

_DISMISS_REASONS = ("unrelated", "different_cause", "test")
_REFUSE_REASONS = ("not_justified", "verify_first", "too_long", "wrong_one")
_MOST = 9


def _needs_situation(subject: Subject) -> Reason | None:
    return None if subject.situation is not None else Reason(code="console.no_situation")


def _needs_other(subject: Subject) -> Reason | None:
    return _needs_situation(subject) or (None if subject.others else Reason(code="console.no_other_situation"))


def _situation(subject: Subject) -> Situation:
    assert subject.situation is not None
    return subject.situation


def _approval(subject: Subject) -> Approval:
    assert subject.approval is not None
    return subject.approval


def _parts(subject: Subject) -> tuple[Choice, ...]:
    return tuple(Choice(title=title, value=numbers) for title, numbers in subject.alike)


def _others(subject: Subject) -> tuple[Choice, ...]:
    return tuple(Choice(title="", text=name, value=other) for name, other in subject.others[:_MOST])


def _verdicts(subject: Subject) -> tuple[Choice, ...]:
    """Return what may be answered: one's own request can only be taken back (A6: never one's own second person)."""
    if _approval(subject).asked_by == subject.account:
        return (Choice(title="console.approval.withdraw", value="console.approval.withdrawn"),)
    return (Choice(title="console.approval.give", value=None), *reasons("refuse_reason", _REFUSE_REASONS))


def _dismiss(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    situation, (reason,) = _situation(subject), answers
    return command.DismissSituation(situation=situation.number, version=situation.version, reason=say(str(reason)))


def _split(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    situation, (numbers,) = _situation(subject), answers
    assert isinstance(numbers, tuple)
    return command.SplitSituation(situation=situation.number, version=situation.version, alarms=numbers)


def _merge(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    situation, (other,) = _situation(subject), answers
    assert isinstance(other, Situation)
    return command.MergeSituations(
        situation=situation.number, version=situation.version, other=other.number, other_version=other.version
    )


def _decide(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    approval, (refusal,) = _approval(subject), answers
    if refusal is None:
        return command.GiveApproval(approval=approval.number, version=approval.version)
    return command.RefuseApproval(approval=approval.number, version=approval.version, reason=say(str(refusal)))


SITUATION_DEEDS: tuple[Action, ...] = (
    Action(
        id="situation.dismiss", title="console.action.dismiss", keys=("D",), where=Where.ALARM,
        record=command.DismissSituation, why_not=_needs_situation, make=_dismiss,
        questions=(
            Question(
                title="console.question.dismiss", choices=lambda _subject: reasons("dismiss_reason", _DISMISS_REASONS)
            ),
        ),
    ),
    Action(
        id="situation.split", title="console.action.split", keys=("B",), where=Where.ALARM,
        record=command.SplitSituation, why_not=_needs_situation, make=_split,
        questions=(Question(title="console.question.split", choices=_parts),),
    ),
    Action(
        id="situation.merge", title="console.action.merge", keys=("N",), where=Where.ALARM,
        record=command.MergeSituations, why_not=_needs_other, make=_merge,
        questions=(Question(title="console.question.merge", choices=_others),),
    ),
    Action(
        id="approval.decide", title="console.action.decide", keys=("Return",), where=Where.APPROVAL,
        record=command.GiveApproval, make=_decide,
        questions=(Question(title="console.question.decide", choices=_verdicts),),
    ),
)  # fmt: skip
