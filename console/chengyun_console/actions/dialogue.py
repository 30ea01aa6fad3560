"""Asks an action's questions one after the other, digit by digit, and makes its command: a small machine without Qt."""

from dataclasses import dataclass

from chengyun_console.actions.table import Action, Choice, Question, Say
from chengyun_core.model.alarm import Alarm, effective, possible_moves
from chengyun_core.model.failure import Refused


@dataclass(slots=True)
class Dialogue:
    """One action on one alarm, with the answers given so far. The alarm is the one the officer saw."""

    action: Action
    alarm: Alarm
    answers: tuple[object, ...] = ()

    def question(self) -> Question | None:
        """Return what to ask next; None when everything is answered."""
        asked = len(self.answers)
        return self.action.questions[asked] if asked < len(self.action.questions) else None

    def choices(self) -> tuple[Choice, ...]:
        """Return the answers possible to the question that stands."""
        question = self.question()
        return question.choices(self.alarm) if question else ()

    def answer(self, number: int) -> bool:
        """Take the choice with this digit (from 1); return False when there is none."""
        choices = self.choices()
        if not 1 <= number <= len(choices):
            return False
        self.answers = (*self.answers, choices[number - 1].value)
        return True

    def made(self, say: Say) -> object | None:
        """Return the command when nothing is left to ask."""
        if self.question() is not None or self.action.command is None:
            return None
        return self.action.command(self.alarm, self.answers, say)


def begin(actions: tuple[Action, ...], alarm: Alarm, allowed: frozenset[str]) -> Dialogue:
    """Start the first of the actions the alarm's life cycle allows.

    Raises:
        Refused: none is possible in the alarm's state, or the session may not do it.
    """
    moves = possible_moves(effective(alarm))
    possible = [action for action in actions if action.move in moves]
    if not possible:
        raise Refused("console.not_possible", action=actions[0].title, state=f"console.state.{effective(alarm).value}")
    if possible[0].permission not in allowed:
        raise Refused("console.not_allowed", action=possible[0].title)
    return Dialogue(possible[0], alarm)
