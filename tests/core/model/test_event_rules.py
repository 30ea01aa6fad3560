"""The table of an event's moves: nothing beside it is possible, and what the law asks for holds on every way."""

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chengyun_core.model import event_rules
from chengyun_core.model.event import LIVING, Event, EventSource, EventState, Hop
from chengyun_core.model.event_rules import HOP_OF, IMPLIED, KEEPS_BEFORE, MOVES, Move, Need
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import EventGrade

ENDED = set(EventState) - LIVING


def made(**told: object) -> Event:
    """Return an event at its beginning, or as told."""
    event = Event(
        number=1, code="C", title="t", centre="500103", source=EventSource.MANUAL, source_at=1, opened_at=1,
        opened_by="li", changed_at=1,
    )  # fmt: skip
    return replace(event, **told)  # type: ignore[arg-type]


def test_that_every_pair_beside_the_table_is_refused() -> None:
    for state in EventState:
        event = made(state=state)
        for move in Move:
            if (state, move) in MOVES:
                assert move in event_rules.possible_moves(event)
                continue
            with pytest.raises(Refused, match=r"event\.impossible"):
                event_rules.after(event, move)


def test_that_every_state_is_reached_and_every_living_one_can_be_left() -> None:
    reached, waiting = {EventState.REPORTED}, [EventState.REPORTED]
    while waiting:
        state = waiting.pop()
        for (from_state, _), step in MOVES.items():
            if from_state is state and step.to is not None and step.to not in reached:
                reached.add(step.to)
                waiting.append(step.to)
    assert reached == set(EventState)
    for state in LIVING:
        assert any(step.to is not state for (from_state, _), step in MOVES.items() if from_state is state)


def test_that_closing_needs_a_check_and_a_check_needs_another_person() -> None:
    assert {state for state, move in MOVES if move is Move.CLOSE} == {EventState.CHECKED}
    into_checked = [(state, move) for (state, move), step in MOVES.items()
                    if step.to is EventState.CHECKED and state is not EventState.CHECKED]  # fmt: skip
    assert into_checked == [(EventState.FED_BACK, Move.CHECK_PASSED)]
    assert Need.OTHER_PERSON in MOVES[EventState.FED_BACK, Move.CHECK_PASSED].needs


def test_that_what_leaves_the_way_says_why_and_void_asks_for_two() -> None:
    for (_, move), step in MOVES.items():
        if move in {Move.RETURN, Move.SUSPEND, Move.MERGE, Move.SPLIT, Move.VOID, Move.CHECK_FAILED}:
            assert Need.REASON in step.needs
        assert (Need.SECOND in step.needs) == (move is Move.VOID)


def test_that_nothing_ended_lives_again_except_by_a_split() -> None:
    for (state, move), step in MOVES.items():
        if state in ENDED and (step.to is None or step.to in LIVING):
            assert move is Move.SPLIT


def test_that_only_moves_that_keep_where_it_was_lead_to_states_that_go_back() -> None:
    back = {state for (state, _), step in MOVES.items() if step.to is None}
    for (_, move), step in MOVES.items():
        if step.to in back and step.to is not None:
            assert move in KEEPS_BEFORE or move is Move.GRADE


def test_that_hops_are_stamped_by_known_moves() -> None:
    assert set(HOP_OF) <= set(Move)
    assert set(IMPLIED) <= set(Hop)
    assert {HOP_OF.get(move, Hop.ORDERED) for move in IMPLIED.values()} <= set(Hop)


class Life(RuleBasedStateMachine):
    """Any way through the table, with grades."""

    def __init__(self) -> None:
        super().__init__()
        self.event = made()
        self.checked = False
        self.suspended_in: EventState | None = None

    @rule(move=st.sampled_from(Move))
    def go(self, move: Move) -> None:
        """Make a move where the table has it."""
        if (self.event.state, move) not in MOVES:
            return
        before = self.event.state
        fields = event_rules.after(self.event, move)
        self.event = replace(self.event, **fields)  # type: ignore[arg-type]
        if move is Move.CHECK_PASSED:
            self.checked = True
        if move is Move.CHECK_FAILED:
            self.checked = False
        if move in {Move.SUSPEND, Move.MERGE}:
            self.suspended_in = before
        if move in {Move.RESUME, Move.SPLIT}:
            assert self.event.state is self.suspended_in or self.suspended_in is EventState.SUSPENDED

    @rule(grade=st.sampled_from(EventGrade))
    def judge(self, grade: EventGrade) -> None:
        """Grade it."""
        if event_rules.is_living(self.event):
            self.event = replace(self.event, grade=grade)

    @precondition(lambda self: self.event.state in {EventState.CLOSED, EventState.EVALUATED, EventState.REVIEWED})
    @invariant()
    def closed_was_checked(self) -> None:
        """Nothing is closed that nobody checked."""
        assert self.checked

    @invariant()
    def owed_only_when_weighty_and_closed(self) -> None:
        """A review is owed by what is closed and weighs, until it is held."""
        owes = event_rules.owes_review(self.event)
        weighs = self.event.grade is not None and self.event.grade >= EventGrade.LARGER
        assert owes == (self.event.state in {EventState.CLOSED, EventState.EVALUATED} and weighs)

    @invariant()
    def before_is_kept_where_it_is_needed(self) -> None:
        """A suspended or merged event knows where it goes back to."""
        if self.event.state in {EventState.SUSPENDED, EventState.MERGED}:
            assert self.event.before is not None


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLife = Life.TestCase
