"""What simulated parties have to say: a sentence in every language for every role, and more than one for each."""

import pytest

from chengyun_core.launch.parties import ARRIVED, OTHERS, RESERVED, SAID
from chengyun_core.model.room import MemberRole
from chengyun_resources.texts import LANGUAGES, Texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_whatever_they_say_is_a_sentence(language: str) -> None:
    texts = Texts(language)
    said = {ARRIVED, *OTHERS[0], *(name for names in SAID.values() for name in names)}
    reserved = {*OTHERS[1], *(name for names in RESERVED.values() for name in names)}
    codes = {f"parties.said.{name}" for name in said} | {f"parties.reserved.{name}" for name in reserved}
    assert [code for code in sorted(codes) if not texts.has(code)] == []


def test_that_every_role_has_something_of_its_own_to_go_on_with() -> None:
    assert SAID.keys() == RESERVED.keys() == set(MemberRole) - {MemberRole.CHAIR, MemberRole.GUEST}
    assert min(len(names) for names in (*SAID.values(), OTHERS[0])) >= 2, "nobody says one thing for ever"
