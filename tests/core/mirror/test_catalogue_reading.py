"""Reading a catalogue row by row gives exactly what one decoder call gives, and refuses what it refuses."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.mirror.catalogue_reading import read_catalogue
from chengyun_core.model.catalogue import Catalogue, Kpi, ThresholdSet
from chengyun_core.model.places import Centre, Post
from chengyun_core.wire import codec
from chengyun_core.wire.codec import BadMessage
from tests.support.small_city import small_city

CITIES = st.builds(
    Catalogue,
    version=st.integers(0, 2**31),
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    centres=st.lists(st.builds(Centre), max_size=3).map(tuple),
    kpis=st.lists(st.builds(Kpi, target=st.floats(allow_nan=False), actual=st.just(1.0)), max_size=3).map(tuple),
    posts=st.lists(st.builds(Post), max_size=3).map(tuple),
    threshold_sets=st.lists(st.builds(ThresholdSet), max_size=3).map(tuple),
)


@given(CITIES)
def test_that_row_by_row_is_what_one_call_reads(city: Catalogue) -> None:
    data = codec.pack(city)
    assert read_catalogue(data) == codec.unpack(data, Catalogue) == city


def test_that_a_whole_small_city_is_read() -> None:
    assert read_catalogue(codec.pack(small_city(50))) == small_city(50)


@pytest.mark.parametrize(
    ("parts", "table", "told"),
    [
        ({"vitals": [{"number": "one"}]}, "Catalogue.vitals", "number"),
        ({"vitals": {"number": 1}}, "Catalogue.vitals", "array"),
        ({"sectors": [{"code": "S"}]}, "Catalogue.sectors", "scheme"),
        ({"version": "one"}, "Catalogue.version", "int"),
        ({"weather": 1}, "Catalogue.Catalogue", "weather"),
    ],
)
def test_that_a_bad_row_is_refused_with_its_table(parts: dict[str, object], table: str, told: str) -> None:
    with pytest.raises(BadMessage) as refused:
        read_catalogue(msgspec.msgpack.encode(parts))
    assert refused.value.reason.params["record"] == table
    assert told in refused.value.reason.params["reason"]


@given(st.binary(max_size=60))
def test_that_random_bytes_are_refused(junk: bytes) -> None:
    if junk[:1] == b"\x80":  # an empty map is an empty catalogue
        return
    with pytest.raises(BadMessage):
        read_catalogue(junk)
