"""The table of actions and the dialogue that makes commands from it."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console import handbook
from chengyun_console.actions.dialogue import begin
from chengyun_console.actions.table import ACTIONS, BY_ID, SHELF_MINUTES, Action, Where, of_key
from chengyun_core.model.alarm import AlarmMove, effective, possible_moves
from chengyun_core.model.command import COMMANDS, KIND_OF
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import WarningColour
from chengyun_resources.texts import LANGUAGES, Texts
from tests.console.still_session import ALLOWED, START_NS, alarm

ALARM_ACTIONS = tuple(action for action in ACTIONS if action.command is not None)
LIVES = {
    "unack": alarm(1, 0),
    "acked": alarm(1, 0, acked_at=START_NS, acked_by="x"),
    "returned": alarm(1, 0, band=WarningColour.NONE, returned_at=START_NS),
    "shelved": alarm(1, 0, shelved_at=START_NS),
}


def test_that_no_key_means_two_things_at_one_time() -> None:
    for where in Where:
        keys = {key for action in ACTIONS if action.where is where for key in action.keys}
        for key in keys:
            moves = [action.move for action in of_key(key, where)]
            assert len(moves) == len(set(moves))
            assert len(moves) == 1 or None not in moves


@pytest.mark.parametrize("key", ["A", "U", "S"])
@pytest.mark.parametrize("life", LIVES)
def test_that_at_most_one_action_of_a_key_is_possible_in_any_state(key: str, life: str) -> None:
    moves = possible_moves(effective(LIVES[life]))
    assert sum(action.move in moves for action in of_key(key, Where.ALARM)) <= 1


def test_that_the_permission_of_an_action_is_the_kind_of_the_command_it_sends() -> None:
    for action in ALARM_ACTIONS:
        dialogue = begin((action,), _life_for(action), frozenset(ALLOWED))
        while dialogue.question() is not None:
            assert dialogue.answer(1)
        made = dialogue.made(str)
        assert KIND_OF[type(made)] == action.permission
    assert all(action.permission in COMMANDS for action in ACTIONS if action.permission)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_title_and_choice_has_its_words(language: str) -> None:
    texts = Texts(language)
    codes = {action.title for action in ACTIONS}
    for action, colour in product(ALARM_ACTIONS, WarningColour):
        for question in action.questions:
            codes.add(question.title)
            codes.update(choice.title for choice in question.choices(alarm(1, 0, colour=colour)))
    assert [code for code in sorted(codes) if not texts.has(code)] == []


def test_that_no_question_has_more_choices_than_digits() -> None:
    for action, colour in product(ALARM_ACTIONS, WarningColour):
        for question in action.questions:
            assert 1 <= len(question.choices(alarm(1, 0, colour=colour))) <= 9


def test_that_the_graver_an_alarm_the_shorter_its_longest_shelf() -> None:
    longest = [max(SHELF_MINUTES[colour]) for colour in WarningColour if colour is not WarningColour.NONE]
    assert longest == sorted(longest, reverse=True)
    assert longest == [480, 240, 60, 15]


@given(st.integers(min_value=-3, max_value=12))
def test_that_a_digit_without_a_choice_changes_nothing(digit: int) -> None:
    dialogue = begin((BY_ID["alarm.acknowledge"],), LIVES["unack"], frozenset(ALLOWED))
    taken = dialogue.answer(digit)
    assert taken == (1 <= digit <= 5)
    assert (dialogue.made(str) is not None) == taken


def test_that_an_impossible_move_names_action_and_state() -> None:
    with pytest.raises(Refused) as refused:
        begin((BY_ID["alarm.unacknowledge"],), LIVES["unack"], frozenset(ALLOWED))
    assert refused.value.reason.code == "console.not_possible"
    assert refused.value.reason.params == {"action": "console.action.unacknowledge", "state": "console.state.unack"}


def _life_for(action: Action) -> object:
    lives = {
        AlarmMove.ACKNOWLEDGE: "unack",
        AlarmMove.UNACKNOWLEDGE: "acked",
        AlarmMove.SHELVE: "unack",
        AlarmMove.UNSHELVE: "shelved",
    }
    assert action.move is not None
    return LIVES[lives[action.move]]


DESIGNED_KEYS = {
    "page.cockpit": ("F1",),
    "page.vitals": ("F2",),
    "search.open": ("Ctrl+K", "/"),
    "alarm.next": ("Ctrl+J",),
    "strip.unfold": ("Ctrl+L",),
    "alarm.acknowledge": ("A",),
    "alarm.unacknowledge": ("U",),
    "alarm.shelve": ("S",),
    "alarm.open": ("Return",),
    "strip.pause": ("Space",),
    "strip.filter": ("1", "2", "3", "4", "5"),
    "back": ("Escape",),
}
"""The table of keys in the design (UI.md), as far as it is built."""


def test_that_the_keys_are_those_of_the_design() -> None:
    assert {name: BY_ID[name].keys for name in DESIGNED_KEYS} == DESIGNED_KEYS


def test_that_the_handbook_names_every_key_and_every_action() -> None:
    table = handbook.keys_table(Texts("en"))
    assert len(table.splitlines()) == len(ACTIONS) + 2
    assert "| alarm selected | A | Acknowledge |" in table
    assert "| zh_CN, en | zh_CN |" in handbook.settings_table()
