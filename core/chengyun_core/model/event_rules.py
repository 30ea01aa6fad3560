"""The life of an event as one table: which move leads where, and what it needs (FEATURES E3; 办法 §23, §24)."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model.event import LIVING, Event, EventState, Hop
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import EventGrade


class Move(StrEnum):
    """What is done to an event; as a command each is `event.<move>`, `order` comes from orders."""

    VERIFY = "verify"
    GRADE = "grade"
    ASSIGN = "assign"
    ORDER = "order"
    """Somebody was told to act, or acts: an order left, a receipt was signed, a unit arrived."""
    FEED_BACK = "feed_back"
    CHECK_PASSED = "check_passed"
    CHECK_FAILED = "check_failed"
    CLOSE = "close"
    EVALUATE = "evaluate"
    REVIEW = "review"
    RETURN = "return"
    SUSPEND = "suspend"
    RESUME = "resume"
    MERGE = "merge"
    SPLIT = "split"
    """Out of the event it was merged into."""
    VOID = "void"


class Need(StrEnum):
    """What a move asks for besides the permission."""

    REASON = "reason"
    SECOND = "second"
    """A second person, when the event is 较大 or above, or 按专门规定."""
    OTHER_PERSON = "other_person"
    """Somebody else than who fed back (数字城管: 核查 is done by another)."""
    GRADE = "grade"
    """A grade, or the word that it is under rules of its own (突发事件应对法 art. 3)."""
    LEAD = "lead"
    UNTIL = "until"
    INTO = "into"
    """Another event that lives."""
    CHILDREN_ENDED = "children_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a move leads from a state, and what it needs."""

    to: EventState | None
    """None: back to where it was `before`."""
    needs: tuple[Need, ...] = ()


S = EventState
_OPEN = (S.REPORTED, S.VERIFIED, S.GRADED, S.ASSIGNED, S.HANDLING, S.FED_BACK, S.CHECKED, S.RETURNED)
"""Living, and not suspended."""
_BEFORE_FEEDBACK = (S.REPORTED, S.VERIFIED, S.GRADED, S.ASSIGNED, S.HANDLING, S.RETURNED)


def _rows(states: tuple[EventState, ...], move: Move, step: Step) -> dict[tuple[EventState, Move], Step]:
    return {(state, move): step for state in states}


def _staying(states: tuple[EventState, ...], move: Move) -> dict[tuple[EventState, Move], Step]:
    return {(state, move): Step(to=state) for state in states}


MOVES: dict[tuple[EventState, Move], Step] = {
    (S.REPORTED, Move.VERIFY): Step(to=S.VERIFIED),
    # Who has graded or sent somebody before anybody looked verifies afterwards: the hop counts, the state stays.
    **_staying((S.GRADED, S.ASSIGNED, S.HANDLING, S.FED_BACK, S.RETURNED), Move.VERIFY),
    **_rows((S.REPORTED, S.VERIFIED), Move.GRADE, Step(to=S.GRADED)),
    # A grade follows what is known: it may change until the event is closed (条例 art. 34).
    **_staying((S.GRADED, S.ASSIGNED, S.HANDLING, S.FED_BACK, S.CHECKED, S.RETURNED, S.SUSPENDED), Move.GRADE),
    **_rows((S.REPORTED, S.VERIFIED, S.GRADED, S.RETURNED), Move.ASSIGN, Step(to=S.ASSIGNED, needs=(Need.LEAD,))),
    **_rows((S.ASSIGNED, S.HANDLING), Move.ASSIGN, Step(to=S.ASSIGNED, needs=(Need.LEAD, Need.REASON))),
    **_rows(_BEFORE_FEEDBACK, Move.ORDER, Step(to=S.HANDLING)),
    **_rows((S.ASSIGNED, S.HANDLING), Move.FEED_BACK, Step(to=S.FED_BACK)),
    (S.FED_BACK, Move.CHECK_PASSED): Step(to=S.CHECKED, needs=(Need.OTHER_PERSON,)),
    (S.FED_BACK, Move.CHECK_FAILED): Step(to=S.HANDLING, needs=(Need.OTHER_PERSON, Need.REASON)),
    (S.CHECKED, Move.CLOSE): Step(to=S.CLOSED, needs=(Need.GRADE, Need.CHILDREN_ENDED)),
    (S.CLOSED, Move.EVALUATE): Step(to=S.EVALUATED),
    **_staying((S.EVALUATED, S.REVIEWED), Move.EVALUATE),
    **_rows((S.CLOSED, S.EVALUATED), Move.REVIEW, Step(to=S.REVIEWED)),
    # What is learnt later is added to the review, which stays one.
    **_staying((S.REVIEWED,), Move.REVIEW),
    **_rows((S.ASSIGNED, S.HANDLING), Move.RETURN, Step(to=S.RETURNED, needs=(Need.REASON,))),
    **_rows(_OPEN, Move.SUSPEND, Step(to=S.SUSPENDED, needs=(Need.REASON, Need.UNTIL))),
    (S.SUSPENDED, Move.RESUME): Step(to=None),
    **_rows((*_OPEN, S.SUSPENDED), Move.MERGE, Step(to=S.MERGED, needs=(Need.REASON, Need.INTO, Need.CHILDREN_ENDED))),
    (S.MERGED, Move.SPLIT): Step(to=None, needs=(Need.REASON,)),
    **_rows(
        (*_OPEN, S.SUSPENDED), Move.VOID, Step(to=S.VOID, needs=(Need.REASON, Need.SECOND, Need.CHILDREN_ENDED))
    ),
}  # fmt: skip
"""(state, move) → where it leads and what it needs; what is not here is not possible."""

KEEPS_BEFORE = frozenset({Move.SUSPEND, Move.MERGE, Move.RETURN})
"""Moves after which `before` names the state they were made in."""

HOP_OF: dict[Move, Hop] = {
    Move.VERIFY: Hop.VERIFIED,
    Move.GRADE: Hop.GRADED,
    Move.FEED_BACK: Hop.FED_BACK,
    Move.CHECK_PASSED: Hop.CHECKED,
    Move.CLOSE: Hop.CLOSED,
    Move.REVIEW: Hop.REVIEWED,
}
"""Move → the hop it stamps the first time."""

IMPLIED: dict[Hop, Move] = {
    Hop.ORDERED: Move.ORDER,
    Hop.SIGNED: Move.ORDER,
    Hop.ARRIVED: Move.ORDER,
    Hop.FED_BACK: Move.FEED_BACK,
    Hop.CHECKED: Move.CHECK_PASSED,
}
"""Hop → the move that a fact told from elsewhere makes, where the table has it; elsewhere the hop is stamped alone."""

WEIGHTY = EventGrade.LARGER
"""From this grade on: reported within the hour, reviewed when closed, made void by two (条例 art. 28; art. 87, 92)."""


def is_weighty(event: Event) -> bool:
    """Return whether the law asks more of it: 较大 and above, or under rules of its own."""
    return event.by_rules_of_its_own or (event.grade is not None and event.grade >= WEIGHTY)


def is_living(event: Event) -> bool:
    """Return whether somebody has something to do with it."""
    return event.state in LIVING


def owes_review(event: Event) -> bool:
    """Return whether it is closed and its review is still owed (突发事件应对法 art. 87, 92)."""
    return event.state in (EventState.CLOSED, EventState.EVALUATED) and is_weighty(event)


def possible_moves(event: Event) -> tuple[Move, ...]:
    """Return the moves the table has for where an event stands; buttons and keys are made from it."""
    return tuple(move for move in Move if (event.state, move) in MOVES)


def step_of(event: Event, move: Move) -> Step:
    """Return where a move leads; raise Refused `event.impossible` when the table does not have it."""
    found = MOVES.get((event.state, move))
    if found is None:
        raise Refused("event.impossible", event=event.code, move=move.value, state=event.state.value)
    return found


def after(event: Event, move: Move) -> dict[str, object]:
    """Return the fields a move changes by itself: state and `before`."""
    step = step_of(event, move)
    kept = event.state if move in KEEPS_BEFORE else None
    return {"state": step.to or event.before or EventState.REPORTED, "before": kept}


def implied(event: Event, hop: Hop) -> Move | None:
    """Return the move that a hop told from elsewhere makes here, None when it makes none."""
    move = IMPLIED.get(hop)
    if move is None or (event.state, move) not in MOVES:
        return None
    return move
