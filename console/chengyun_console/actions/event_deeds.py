"""Deeds on an event: the moves of its life, notes, ties, command, and the ways to its forms. Data, no deeds."""

from collections.abc import Callable
from typing import Any

from chengyun_console.actions.action import Action, Choice, Question, Say, Where
from chengyun_console.actions.subject import Subject
from chengyun_core.model import event_commands
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import LIVING, Event, EventReport, EventSource
from chengyun_core.model.event_rules import MOVES, Move
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Channel
from chengyun_core.model.rights import Label
from chengyun_core.model.rights_commands import SetLabel

_SUSPEND_MINUTES = (30, 60, 120, 480, 1440)
_REASONS: dict[str, tuple[str, ...]] = {
    "assign": ("other_duty", "nearer", "asked", "level"),
    "check": ("not_solved", "no_proof", "place_wrong", "came_back"),
    "merge": ("same", "caused_by", "one_place"),
    "return": ("not_ours", "wrong_place", "not_known", "no_force"),
    "split": ("other_cause", "mistake"),
    "suspend": ("waits_weather", "waits_material", "waits_other", "waits_informant"),
    "void": ("false_report", "twice", "test", "mistake"),
}
"""Move → its reasons; the sentence chosen is what is written down."""
_CITIZEN: dict[str, dict[str, bool]] = {
    "solved": {"solved": True},
    "unsolved": {"solved": False},
    "satisfied": {"satisfied": True},
    "unsatisfied": {"satisfied": False},
}


def needs_event(subject: Subject) -> Reason | None:
    """Return why a deed on an event makes no sense here."""
    return None if subject.event is not None else Reason(code="events.none_in_focus")


def event_of(subject: Subject) -> Event:
    """Return the event a deed is about; `needs_event` has been asked before."""
    assert subject.event is not None
    return subject.event


def may(move: Move) -> Callable[[Subject], Reason | None]:
    """Return what says why a move is impossible where the event stands (`event_rules.MOVES`)."""

    def why_not(subject: Subject) -> Reason | None:
        if subject.event is None:
            return needs_event(subject)
        if (subject.event.state, move) in MOVES:
            return None
        told = {"move": f"events.move.{move.value}", "state": f"event.state.{subject.event.state.value}"}
        return Reason(code="events.not_possible", params={"event": subject.event.code, **told})

    return why_not


def living(subject: Subject) -> Reason | None:
    """Return why a deed is impossible on an event that has ended."""
    if subject.event is None or subject.event.state in LIVING:
        return needs_event(subject)
    return Reason(code="events.has_ended", params={"event": subject.event.code})


def _both(*rules: Callable[[Subject], Reason | None]) -> Callable[[Subject], Reason | None]:
    return lambda subject: next((reason for rule in rules if (reason := rule(subject)) is not None), None)


def _if(code: str, holds: Callable[[Subject], bool]) -> Callable[[Subject], Reason | None]:
    return lambda subject: None if holds(subject) else Reason(code=code)


def _has_lead(subject: Subject) -> bool:
    return bool(subject.event and subject.event.lead)


def _commands_here(subject: Subject) -> bool:
    return bool(subject.event and subject.event.command_seat and subject.event.command_seat == subject.seat)


def _reasons(kind: str) -> Question:
    choices = tuple(Choice(title=f"events.reason.{kind}.{word}", value=f"events.reason.{kind}.{word}")
                    for word in _REASONS[kind])  # fmt: skip
    return Question(title="events.question.reason", choices=lambda _subject: choices)


def _text(code: str) -> Question:
    return Question(title=f"events.question.{code}")


_CHANNELS = tuple(Choice(title=f"channel.{channel.value}", value=channel) for channel in Channel)
_CHANNEL = Question(title="events.question.channel", choices=lambda _subject: _CHANNELS)


def _named(of: Callable[[Subject], tuple[tuple[str, object], ...]]) -> Callable[[Subject], tuple[Choice, ...]]:
    return lambda subject: tuple(Choice(title="", text=name, value=value) for name, value in of(subject)[:9])


_UNITS = Question(title="events.question.lead", choices=_named(lambda subject: subject.units))
_OTHERS = Question(title="events.question.into", choices=_named(lambda subject: subject.event_others))
_PARENTS = Question(title="events.question.parent", choices=_named(lambda subject: subject.event_others))
_REPORTS = Question(title="events.question.report", choices=_named(lambda subject: subject.reports))
_ALARMS = Question(title="events.question.alarm", choices=_named(lambda subject: subject.free_alarms))
_SEATS = Question(title="events.question.seat", choices=_named(lambda subject: subject.seats))
_UNTIL = Question(
    title="events.question.until",
    choices=lambda _subject: tuple(Choice(title=f"events.until.{each}", value=each) for each in _SUSPEND_MINUTES),
)
_SCORES = Question(
    title="events.question.score",
    choices=lambda _subject: tuple(Choice(title=f"events.score.{each}", value=each) for each in range(1, 6)),
)
_LABELS = Question(
    title="events.question.label",
    choices=lambda _subject: tuple(Choice(title=f"events.label.{label.value}", value=label) for label in Label),
)
_CITIZEN_STEPS = Question(
    title="events.question.citizen",
    choices=lambda _subject: tuple(
        Choice(title=f"events.citizen.{step}", value=step) for step in ("responded", *_CITIZEN, "called_back")
    ),
)


def _seen(subject: Subject) -> dict[str, Any]:
    event = event_of(subject)
    return {"event": event.number, "version": event.version}


def _verify(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    channel, words = answers
    assert isinstance(channel, Channel)
    return event_commands.VerifyEvent(**_seen(subject), channel=channel, words=str(words))


def _assign(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    lead, *reason = answers
    kept = tuple(unit for unit in event_of(subject).assisting if unit != lead)
    why = say(str(reason[0])) if reason else ""
    return event_commands.AssignEvent(**_seen(subject), lead=str(lead), assisting=kept, reason=why)


def _note(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    (text,) = answers
    return event_commands.NoteEvent(event=event_of(subject).number, text=str(text))


def _label(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    label, reason = answers
    assert isinstance(label, Label)
    return SetLabel(kind="event", key=str(event_of(subject).number), label=label, reason=str(reason))


def _told(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    channel, who, text = answers
    assert isinstance(channel, Channel)
    return event_commands.NoteEvent(
        event=event_of(subject).number, text=str(text), channel=channel, said_by=str(who)
    )  # fmt: skip


def _feed_back(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    return event_commands.FeedBackEvent(**_seen(subject), words=str(answers[0]))


def _check_passed(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    return event_commands.CheckEvent(**_seen(subject), passed=True)


def _check_failed(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    return event_commands.CheckEvent(**_seen(subject), passed=False, words=say(str(answers[0])))


def _close(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    return event_commands.CloseEvent(**_seen(subject))


def _close_because(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    return event_commands.CloseEvent(**_seen(subject), reason=str(answers[0]))


def _evaluate(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    score, verdict = answers
    assert isinstance(score, int)
    return event_commands.EvaluateEvent(**_seen(subject), score=score, verdict=str(verdict))


def _return(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    return event_commands.ReturnEvent(**_seen(subject), reason=say(str(answers[0])))


def _suspend(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    minutes, reason = answers
    assert isinstance(minutes, int)
    until = subject.now_ns + minutes * 60 * NS_PER_S
    return event_commands.SuspendEvent(**_seen(subject), until=until, reason=say(str(reason)))


def _resume(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    return event_commands.ResumeEvent(**_seen(subject))


def _merge(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    into, reason = answers
    assert isinstance(into, Event)
    return event_commands.MergeEvent(
        **_seen(subject), into=into.number, into_version=into.version, reason=say(str(reason))
    )  # fmt: skip


def _split(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    return event_commands.SplitEvent(**_seen(subject), reason=say(str(answers[0])))


def _void(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    return event_commands.VoidEvent(**_seen(subject), reason=say(str(answers[0])))


def _link(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    (parent,) = answers
    assert isinstance(parent, Event)
    return event_commands.LinkEvent(**_seen(subject), parent=parent.number)


def _unlink(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    return event_commands.LinkEvent(**_seen(subject), parent=None)


def _link_alarm(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    (number,) = answers
    assert isinstance(number, int)
    return event_commands.LinkAlarms(**_seen(subject), alarms=(number,))


def _take_command(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    return event_commands.TakeCommand(**_seen(subject), reason=str(answers[0]) if answers else "")


def _hand_command(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    return event_commands.HandCommand(**_seen(subject), seat=str(answers[0]))


def _citizen(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    (step,) = answers
    if step == "responded":
        return event_commands.CitizenStep(**_seen(subject), responded_at=subject.now_ns)
    if step == "called_back":
        return event_commands.CitizenStep(**_seen(subject), called_back_at=subject.now_ns)
    told = _CITIZEN[str(step)]
    return event_commands.CitizenStep(
        **_seen(subject), solved=told.get("solved"), satisfied=told.get("satisfied")
    )  # fmt: skip


def _finish_item(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    assert subject.item is not None
    return event_commands.FinishImprovement(
        improvement=subject.item.number, version=subject.item.version, note=str(answers[0])
    )  # fmt: skip


def _received(_subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    report, channel, who = answers
    assert isinstance(report, EventReport)
    assert isinstance(channel, Channel)
    return event_commands.ReportReceived(
        report=report.number, version=report.version, received_by=str(who), channel=channel
    )  # fmt: skip


def _deed(
    name: str, key: str, record: type, why_not: Callable[[Subject], Reason | None],
    make: Callable[[Subject, tuple[object, ...], Say], object], *questions: Question,
) -> Action:  # fmt: skip
    return Action(
        id=f"event.{name}", title=f"events.action.{name}", keys=(key,), where=Where.EVENT, record=record,
        why_not=why_not, make=make, questions=questions,
    )  # fmt: skip


def _way(name: str, key: str, why_not: Callable[[Subject], Reason | None], record: type | None = None) -> Action:
    """Return an action of the window itself: it opens a form, or says what it waits for."""
    return Action(
        id=f"event.{name}", title=f"events.action.{name}", keys=(key,), where=Where.EVENT, record=record,
        why_not=why_not,
    )  # fmt: skip


_file_chosen = _both(needs_event, _if("events.files.none_chosen", lambda subject: subject.file is not None))
_no_lead_yet = _both(may(Move.ASSIGN), _if("events.has_lead", lambda subject: not _has_lead(subject)))
_has_lead_now = _both(may(Move.ASSIGN), _if("event.no_lead", _has_lead))
_nobody_commands = _both(
    living, _if("events.commanded", lambda subject: bool(subject.event and not subject.event.command_seat))
)
_other_commands = _both(
    living, _if("events.not_commanded", lambda subject: bool(subject.event and subject.event.command_seat)),
    _if("events.command_is_here", lambda subject: not _commands_here(subject)),
)  # fmt: skip
_has_parent = _both(living, _if("events.no_parent", lambda subject: bool(subject.event and subject.event.parent)))
_no_parent = _both(living, _if("events.has_parent", lambda subject: bool(subject.event and not subject.event.parent)))
_is_citizens = _both(
    needs_event,
    _if("events.not_citizens", lambda subject: bool(subject.event and subject.event.source is EventSource.CITIZEN)),
)

EVENT_DEEDS: tuple[Action, ...] = (
    Action(
        id="event.from_alarm", title="events.action.from_alarm", keys=("E",), where=Where.ALARM,
        record=event_commands.OpenEvent,
    ),
    _way("new", "E", lambda _subject: None, event_commands.OpenEvent),
    _way("import", "Shift+I", lambda _subject: None, event_commands.ImportEvents),
    _way("grade", "G", may(Move.GRADE), event_commands.GradeEvent),
    _way("report", "R", living, event_commands.SendReport),
    _way("video", "V", needs_event),
    _way("map", "M", needs_event),
    _deed(
        "received", "Shift+T", event_commands.ReportReceived,
        _both(needs_event, _if("events.received.none", lambda subject: bool(subject.reports))), _received, _REPORTS,
        _CHANNEL, _text("received_by"),
    ),
    _way("edit", "Shift+E", living, event_commands.EditEvent),
    _way("attach", "A", needs_event, event_commands.AddAttachment),
    _way("paste_file", "Ctrl+V", needs_event, event_commands.AddAttachment),
    _way("open_file", "Return", _file_chosen),
    _way("save_file", "Ctrl+S", _file_chosen),
    _deed("verify", "Y", event_commands.VerifyEvent, may(Move.VERIFY), _verify, _CHANNEL, _text("words")),
    _deed("assign", "I", event_commands.AssignEvent, _no_lead_yet, _assign, _UNITS),
    _deed("reassign", "I", event_commands.AssignEvent, _has_lead_now, _assign, _UNITS, _reasons("assign")),
    _deed("note", "N", event_commands.NoteEvent, needs_event, _note, _text("note")),
    _deed(
        "told", "Shift+N", event_commands.NoteEvent, needs_event, _told, _CHANNEL, _text("said_by"), _text("verbatim")
    ),
    _deed("feed_back", "Shift+F", event_commands.FeedBackEvent, may(Move.FEED_BACK), _feed_back, _text("words")),
    _deed("check_passed", "K", event_commands.CheckEvent, may(Move.CHECK_PASSED), _check_passed),
    _deed("check_failed", "Shift+K", event_commands.CheckEvent, may(Move.CHECK_FAILED), _check_failed,
          _reasons("check")),
    _deed("close", "Z", event_commands.CloseEvent, may(Move.CLOSE), _close),
    _deed("close_because", "Shift+Z", event_commands.CloseEvent, may(Move.CLOSE), _close_because, _text("reason")),
    _deed("evaluate", "Shift+V", event_commands.EvaluateEvent, may(Move.EVALUATE), _evaluate, _SCORES,
          _text("verdict")),
    _way("review", "Shift+R", may(Move.REVIEW), event_commands.ReviewEvent),
    _deed("return", "B", event_commands.ReturnEvent, may(Move.RETURN), _return, _reasons("return")),
    _deed("suspend", "S", event_commands.SuspendEvent, may(Move.SUSPEND), _suspend, _UNTIL, _reasons("suspend")),
    _deed("resume", "S", event_commands.ResumeEvent, may(Move.RESUME), _resume),
    _deed("merge", "J", event_commands.MergeEvent, may(Move.MERGE), _merge, _OTHERS, _reasons("merge")),
    _deed("split", "J", event_commands.SplitEvent, may(Move.SPLIT), _split, _reasons("split")),
    _way("split_out", "Shift+J", _both(needs_event, _if("events.none_merged", lambda subject: subject.has_merged)),
         event_commands.SplitEvent),
    _deed("void", "Shift+X", event_commands.VoidEvent, may(Move.VOID), _void, _reasons("void")),
    _deed("link", "L", event_commands.LinkEvent, _no_parent, _link, _PARENTS),
    _deed("unlink", "L", event_commands.LinkEvent, _has_parent, _unlink),
    _deed("link_alarm", "Shift+A", event_commands.LinkAlarms, living, _link_alarm, _ALARMS),
    _deed("take_command", "C", event_commands.TakeCommand, _nobody_commands, _take_command),
    _deed("take_over", "C", event_commands.TakeCommand, _other_commands, _take_command, _text("reason")),
    _deed(
        "hand_command", "Shift+C", event_commands.HandCommand,
        _both(living, _if("events.command_elsewhere", _commands_here)), _hand_command, _SEATS,
    ),
    Action(id="event.dues", title="events.action.dues", keys=("Ctrl+Shift+O",)),
    _deed(
        "finish_item", "X", event_commands.FinishImprovement,
        _if("events.dues.no_item", lambda subject: subject.item is not None), _finish_item,
        Question(title="events.question.finish_item", params=lambda subject: {"item": subject.item_name}),
    ),
    _deed("label", "Shift+L", SetLabel, needs_event, _label, _LABELS, _text("label_reason")),
    _deed("citizen", "Q", event_commands.CitizenStep, _is_citizens, _citizen, _CITIZEN_STEPS),
)  # fmt: skip
