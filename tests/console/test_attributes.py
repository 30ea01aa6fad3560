"""Attributes of events are written by their names or codes and sent by their codes."""

import pytest

from chengyun_console.shell.event_fields import attributes_of
from chengyun_console.wording.attributes import KNOWN, attribute_code, attribute_name
from chengyun_resources.texts import Texts


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_that_every_known_attribute_has_a_name_of_its_own_that_leads_back(language: str) -> None:
    texts = Texts(language)
    names = [attribute_name(texts, code) for code in KNOWN]
    assert not set(names) & set(KNOWN)
    assert [attribute_code(texts, name) for name in names] == list(KNOWN)


def test_that_names_with_or_without_units_and_codes_mean_the_same() -> None:
    texts = Texts("zh_CN")
    told = attributes_of("人数=200；水位=183.62；depth_cm=40；own_code=x；nothing", texts)
    assert told == {"people": "200", "water_level_m": "183.62", "depth_cm": "40", "own_code": "x"}
    assert attributes_of(f"{attribute_name(texts, 'water_level_m')}=1", texts) == {"water_level_m": "1"}
