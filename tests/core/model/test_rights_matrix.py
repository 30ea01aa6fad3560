"""The whole rights matrix, taken from the table: every cell of every action, against sets instead of searches."""

import random

import pytest

from chengyun_core.model.permission import PERMISSIONS, allowed, judged, may
from tests.support.rights_oracle import CELLS, Cell, opened

SEED = 20_261_121


def _wrong(action: str, cell: Cell, expected: bool) -> bool:
    return (may(action, [cell.holding()], cell.subject(), cell.mode) is None) is not expected


@pytest.mark.parametrize("area", sorted({action.partition(".")[0] for action in PERMISSIONS}))
def test_that_every_cell_of_the_matrix_is_as_its_rows_say(area: str) -> None:
    for action in (one for one in PERMISSIONS if one.partition(".")[0] == area):
        told = opened(action)
        assert [(action, cell) for cell in CELLS if _wrong(action, cell, cell in told)] == []
        assert 0 < len(told) < len(CELLS), "a row nobody can use, or one that asks for nothing"


@pytest.mark.parametrize("action", ["", "alarm.delete", "*", "alarm", "ALARM.SHELVE", "journal.delete"])
def test_that_what_the_table_does_not_name_is_closed_to_everybody(action: str) -> None:
    assert opened(action) == frozenset()
    assert [cell for cell in CELLS if _wrong(action, cell, expected=False)] == []


def test_that_two_posts_open_what_either_opens_and_nothing_more() -> None:
    chosen, actions = random.Random(SEED), list(PERMISSIONS)
    for _ in range(10_000):
        action, one, other = chosen.choice(actions), chosen.choice(CELLS), chosen.choice(CELLS)
        # Both are asked about one subject in one mode; the other's own place and mode do not count.
        second = other._replace(place=one.place, owner=one.owner, mode=one.mode)
        granted = judged(action, [one.holding(), second.holding()], one.subject(), one.mode)
        told = opened(action)
        assert (granted in (one.holding(), second.holding())) is (one in told or second in told), (action, one, second)


def test_that_no_post_at_all_opens_nothing() -> None:
    assert [action for action in PERMISSIONS if may(action, [], CELLS[0].subject(), CELLS[0].mode) is None] == []


def test_that_a_screen_is_offered_what_some_cell_opens() -> None:
    for cell in {one._replace(place="own", owner=True) for one in CELLS}:
        offered = set(allowed([cell.holding()], cell.mode))
        assert offered == {action for action in PERMISSIONS if cell in opened(action)}
