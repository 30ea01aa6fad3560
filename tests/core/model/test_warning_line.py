"""A warning travels as one line and comes back as the reason it was."""

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.failure import Reason
from chengyun_core.model.warning_line import line_of, reason_of

_NAMES = st.from_regex(r"[a-z_]+", fullmatch=True)
_VALUES = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(_NAMES, _VALUES))
def test_that_any_reason_survives_the_line(params: dict[str, str]) -> None:
    reason = Reason(code="catalogue.without_guidance", params=params)
    assert reason_of(line_of(reason)) == reason


def test_that_a_person_can_read_the_line() -> None:
    assert line_of(Reason(code="a.b", params={"count": "3", "first": "SW"})) == "a.b count=3 first=SW"
