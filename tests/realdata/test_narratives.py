"""How often the rules read real narratives rightly; figures and what they mean stand in docs/dispatch.md.

The words are the official tree's, the reference city's, or learned from one half of the messages: never from the rows
they are tried on. The bounds lie a little below what was measured.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from chengyun_core.model.dispatch import Matter
from chengyun_core.model.dispatch_figures import figures
from chengyun_core.model.dispatch_grammar import grammar_of
from chengyun_core.model.dispatch_places import addresses
from chengyun_core.model.dispatch_times import times
from chengyun_core.model.dispatch_words import LONGEST_READ, Guess, Lexicon, classify, folded, lexicon_of
from chengyun_resources import reading
from chengyun_resources.reference import forces
from tests.realdata import narratives
from tests.realdata.narratives import Incident, Message

pytestmark = pytest.mark.skipif(
    not (narratives.MESSAGES.exists() and narratives.INCIDENTS.exists()), reason="the real data is not on this machine"
)
READ = datetime(2014, 12, 31, 23, 59)  # noqa: DTZ001 - local time, later than every report of its day
GRAMMAR = grammar_of(reading.words())
MEANT = {
    "地震": {"YJ-DIZHEN"},
    "火灾": {"SH-HUOZAI", "YJ-LINHUO", "YJ-BAOZHA"},
    "交通事故": {"SH-CHEHUO", "SH-XIAOCHE", "SH-WEIHUACHE"},
    "恐怖袭击": {"SH-BAOKONG"},
    "食物中毒": {"SH-SHITANG"},
}
"""Category of a report → matters of the reference city that are right."""


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return narratives.messages()


@pytest.fixture(scope="module")
def incidents() -> list[Incident]:
    return narratives.incidents()


def _shares(found: Sequence[Message], lexicon: Lexicon) -> tuple[float, float]:
    """Return how often the first guess is the label, and how often one of the first three is."""
    guesses = [(message.label, classify(message.text, lexicon)) for message in found]
    first = sum(bool(told) and told[0].matter == label for label, told in guesses)
    three = sum(label in {guess.matter for guess in told[:3]} for label, told in guesses)
    return first / len(found), three / len(found)


def test_that_the_words_of_the_official_tree_alone_route_two_messages_of_three(messages: list[Message]) -> None:
    labels = {message.label for message in messages}
    first, three = _shares(messages, lexicon_of(narratives.official(labels)))
    assert first >= 0.62
    assert three >= 0.84


def test_that_words_learned_from_others_messages_route_three_of_four(messages: list[Message]) -> None:
    train, test = narratives.halves(messages)
    assert not {message.user for message in train} & {message.user for message in test}
    matters = narratives.learned(narratives.official({message.label for message in messages}), train)
    first, three = _shares(test, lexicon_of(matters))
    assert first >= 0.74
    assert three >= 0.92


def test_that_who_is_surer_is_more_often_right(messages: list[Message]) -> None:
    lexicon = lexicon_of(narratives.official({message.label for message in messages}))
    told = [(found[0], message.label) for message in messages if (found := classify(message.text, lexicon))]
    right = [_right(told, least, most) for least, most in ((0.0, 0.4), (0.4, 0.6), (0.6, 0.75), (0.75, 1.01))]
    assert right == sorted(right)
    assert right[0] < 0.55
    assert right[-1] >= 0.88


def _right(told: Sequence[tuple[Guess, str]], least: float, most: float) -> float:
    within = [guess.matter == label for guess, label in told if least <= guess.confidence < most]
    return sum(within) / len(within)


def test_that_the_reference_city_s_words_tell_the_kind_of_an_incident(incidents: list[Incident]) -> None:
    lexicon = lexicon_of(_reference())
    right: Counter[str] = Counter()
    for incident in incidents:
        guesses = classify(incident.text, lexicon)
        right[incident.category] += bool(guesses) and guesses[0].matter in MEANT[incident.category]
    assert right.total() / len(incidents) >= 0.91
    share = {kind: right[kind] / sum(one.category == kind for one in incidents) for kind in MEANT}
    assert min(share.values()) >= 0.75, share


def test_that_words_of_an_address_lie_in_the_place_annotators_marked(incidents: list[Incident]) -> None:
    marked = [incident for incident in incidents if incident.places]
    assert _share(marked, lambda one: any(_meet(words, one.places) for words in addresses(one.text, GRAMMAR))) >= 0.80


def test_that_the_hour_annotators_marked_is_found(incidents: list[Incident]) -> None:
    marked = [incident for incident in incidents if incident.hours]
    assert len(marked) > 100
    assert (
        _share(marked, lambda one: any(_meet(told.words, one.hours) for told in times(one.text, READ, GRAMMAR))) >= 0.9
    )


def test_that_the_number_of_the_dead_is_the_annotated_one(incidents: list[Incident]) -> None:
    counted = [incident for incident in incidents if incident.dead]
    found = _share(counted, lambda one: any(figure.attribute == "dead" for figure in figures(one.text, GRAMMAR)))
    exact = _share(counted, lambda one: f"{one.dead}" in _dead(one))
    assert len(counted) > 50
    assert found >= 0.90
    assert exact >= 0.85


def _dead(incident: Incident) -> list[str]:
    return [figure.value for figure in figures(incident.text, GRAMMAR) if figure.attribute == "dead"]


def _share(found: Sequence[Incident], wanted: Callable[[Incident], bool]) -> float:
    return sum(wanted(one) for one in found) / len(found)


def _meet(words: str, places: Sequence[str]) -> bool:
    return any(words in place or place in words for place in places)


def _reference() -> list[Matter]:
    return [
        Matter(code=row["code"], name=row["name"], subtrack=row["subtrack"], words=row["words"])
        for row in forces.matter_rows()
    ]


def test_that_no_narrative_is_longer_than_what_is_read(incidents: list[Incident]) -> None:
    assert max(len(folded(incident.text)) for incident in incidents) < LONGEST_READ
