"""What is shown to all in a room has one name, and a name says one thing or nothing."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.room_share import (
    FORMS,
    LEAST_SPAN_S,
    LONGEST_SHARE,
    LONGEST_SPAN_S,
    MOST_LINES,
    MapSight,
    Share,
    SharedCamera,
    SharedFile,
    SharedMap,
    SharedPicture,
    SharedTrend,
    kind_of,
    named,
    read,
)

CODES = st.text(st.characters(exclude_categories=("C", "Z"), codec="utf-8"), min_size=1, max_size=12)
LISTS = st.lists(CODES, max_size=5, unique=True).map(tuple)
SIGHTS = st.builds(
    MapSight, x=st.integers(0, 10**9).map(lambda n: n / 1e9), y=st.integers(0, 10**9).map(lambda n: n / 1e9),
    zoom=st.integers(0, 2400).map(lambda n: n / 100), preset=st.none() | st.just("") | CODES, shows=LISTS, layers=LISTS,
)  # fmt: skip


@st.composite
def trends(draw: st.DrawFn) -> SharedTrend:
    span_s = draw(st.integers(LEAST_SPAN_S, LONGEST_SPAN_S))
    to_s = draw(st.none() | st.integers(span_s + 1, 2**33 - 1))
    vitals = draw(st.lists(CODES, min_size=1, max_size=MOST_LINES, unique=True))
    return SharedTrend(vitals=tuple(vitals), span_s=span_s, to_s=to_s)


SHARES: st.SearchStrategy[Share] = st.one_of(
    st.builds(SharedCamera, code=CODES), st.just(SharedPicture()), st.builds(SharedMap, sight=st.none() | SIGHTS),
    trends(), st.builds(SharedFile, number=st.integers(1, 10**17)),
)  # fmt: skip


@given(SHARES)
def test_that_what_is_named_is_read_again_as_it_was(share: Share) -> None:
    name = named(share)
    assert len(name) > LONGEST_SHARE or read(name) == share
    assert kind_of(name) in {"camera", "file", "map", "self", "trend"}


@given(st.text(max_size=60) | st.text("/+*%0123456789.traendmpfilV-", max_size=60))
def test_that_any_name_says_one_thing_or_nothing(name: str) -> None:
    share = read(name)
    assert share is None or read(named(share)) == share


@pytest.mark.parametrize(
    "name",
    [
        "", "camera/", "trend", "trend/", "trend/V1", "trend/V1/59", "trend/V1/x", "trend/V1/3600/", "trend/V1/3600/1",
        "trend/V1/3600/99999999999", "trend/V1+V1/3600", "trend/V1+/3600", "trend/V%31/3600", "trend/1+2+3+4+5/3600",
        "trend/V1/03600", "trend/V1/3600/1784356327/1", "file/0", "file/", "file/-1", "file/007", "file/1/2", "file/１",
        "map/", "map/0.5/0.5/12", "map/1.5/0.5/12/*//", "map/0.5/0.5/25/*//", "map/nan/0.5/12/*//",
        "map/0.5/-0.5/12/*//", "map/0.5/0.5/1e1/*//", "map/0.5/0.5/12/a b//", "self/1", "pane/1", "file:///etc",
        "camera/" + "C" * LONGEST_SHARE,
    ],
)  # fmt: skip
def test_that_what_says_nothing_is_read_as_nothing(name: str) -> None:
    assert read(name) is None


def test_that_every_form_of_the_table_is_read() -> None:
    given = {
        "<code>": "C-1", "<number>": "17", "<x>": "0.5", "<y>": "0.5", "<zoom>": "11", "<preset>": "*",
        "<shows>": "alarms+events", "<layers>": "", "<vitals>": "V1+V2", "<span_s>": "3600", "<to_s>": "1784356327",
    }  # fmt: skip
    names = [re.sub("<[a-z_]+>", lambda found: given[found.group()], form) for form in FORMS]
    read_as = [read(name) for name in names]
    assert None not in read_as
    assert len(set(read_as)) == len(FORMS), "each says something else"
    assert {type(share) for share in read_as} == set(get_args(Share)), "none is left out"


def test_that_names_of_older_records_are_read() -> None:
    assert read("map") == SharedMap()
    assert read("self") == SharedPicture()
    assert read("camera/CAM/1") == SharedCamera(code="CAM/1")


def test_that_names_are_as_they_are_written_down() -> None:
    sight = MapSight(x=0.79621, y=0.41152, zoom=11.5, preset="", shows=("alarms", "events"), layers=("区界/2024",))
    assert named(SharedMap(sight=sight)) == (
        "map/0.796210000/0.411520000/11.50//alarms+events/%E5%8C%BA%E7%95%8C%2F2024"
    )
    assert named(SharedTrend(vitals=("V0001", "V+2"), span_s=21600)) == "trend/V0001+V%2B2/21600"
    assert named(SharedTrend(vitals=("V0001",), span_s=3600, to_s=1784356327)) == "trend/V0001/3600/1784356327"
    assert named(SharedFile(number=17)) == "file/17"
