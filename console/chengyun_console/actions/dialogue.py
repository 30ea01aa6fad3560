"""Asks an action's questions one after the other and makes its command: a small machine without Qt."""

from dataclasses import dataclass

from chengyun_console.actions.action import Action, Choice, Question, Say
from chengyun_console.actions.subject import Subject
from chengyun_core.model.alarm import effective, possible_moves
from chengyun_core.model.failure import Reason, Refused

LONGEST_TEXT = 500


@dataclass(slots=True)
class Dialogue:
    """One action on one subject, with the answers given so far. The subject is what the officer saw."""

    action: Action
    subject: Subject
    answers: tuple[object, ...] = ()

    def question(self) -> Question | None:
        """Return what to ask next; None when everything is answered."""
        asked = len(self.answers)
        return self.action.questions[asked] if asked < len(self.action.questions) else None

    def choices(self) -> tuple[Choice, ...]:
        """Return the answers possible to the question that stands; none when it asks for a text."""
        question = self.question()
        return question.choices(self.subject) if question and question.choices else ()

    def answer(self, number: int) -> bool:
        """Take the choice with this digit (from 1); return False when there is none."""
        choices = self.choices()
        if not 1 <= number <= len(choices):
            return False
        self.answers = (*self.answers, choices[number - 1].value)
        return True

    def answer_text(self, text: str) -> bool:
        """Take a line of text; return False when it is empty, too long, or no text was asked for."""
        question, written = self.question(), " ".join(text.split())
        if question is None or question.choices is not None or not 0 < len(written) <= LONGEST_TEXT:
            return False
        self.answers = (*self.answers, written)
        return True

    def made(self, say: Say) -> object | None:
        """Return the command when nothing is left to ask."""
        if self.question() is not None or self.action.make is None:
            return None
        return self.action.make(self.subject, self.answers, say)


def begin(actions: tuple[Action, ...], subject: Subject, allowed: frozenset[str]) -> Dialogue:
    """Start the first of the actions that makes sense for the subject.

    Raises:
        Refused: none does (the reason of the first is told), or the session may not do it.
    """
    denials = [(action, why_not(action, subject)) for action in actions]
    possible = [action for action, reason in denials if reason is None]
    if not possible:
        _first, reason = denials[0]
        assert reason is not None
        raise Refused(reason.code, **reason.params)
    if possible[0].permission not in allowed:
        raise Refused("console.not_allowed", action=possible[0].title)
    return Dialogue(possible[0], subject)


def why_not(action: Action, subject: Subject) -> Reason | None:
    """Return why an action makes no sense for a subject, None when it does; permissions are not asked here."""
    reason = action.why_not(subject)
    if reason is not None or action.move is None or subject.alarm is None:
        return reason
    state = effective(subject.alarm)
    if action.move in possible_moves(state):
        return None
    return Reason(code="console.not_possible", params={"action": action.title, "state": f"console.state.{state.value}"})
