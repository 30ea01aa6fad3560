"""What simulated parties have to say, in every language for every role; and settings that cannot be meant."""

from pathlib import Path

import pytest

from chengyun_core.launch.parties import ARRIVED, OTHERS, RESERVED, SAID, read_settings
from chengyun_core.model.failure import Refused
from chengyun_core.model.room import MemberRole
from chengyun_core.rtc.settings import PartySettings
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


@pytest.mark.parametrize(
    "line", ["act_s = 0.0", "act_s = inf", "answer_s = -1.0", "drops = 1.5", 'language = "fr"', "most = -1",
             "reservations = 2.0", "reservations = nan", "voices = -1"],
)  # fmt: skip
def test_that_a_setting_that_cannot_be_meant_is_refused_by_its_name(tmp_path: Path, line: str) -> None:
    file = tmp_path / "profile.toml"
    file.write_text(f"[parties]\n{line}\n", "utf-8")
    with pytest.raises(Refused) as caught:
        read_settings(file)
    assert (caught.value.reason.code, caught.value.reason.params["name"]) == (
        "parties.settings",
        line.partition(" ")[0],
    )


def test_that_a_profile_without_the_section_has_its_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "profile.toml") == PartySettings()
