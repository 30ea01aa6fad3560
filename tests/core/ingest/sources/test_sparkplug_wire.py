"""Our Sparkplug decoder beside Google's protobuf: the same for all messages it makes, a cause for all other bytes."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest.sources import sparkplug_wire
from chengyun_core.ingest.sources.gathered import BadRow
from tests.support.sparkplug_proto import MESSAGES, metric, payload

BITS = {1: 8, 2: 16, 3: 32, 4: 64}
WHOLE = st.sampled_from(sorted(BITS)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.integers(-(1 << BITS[kind] - 1), (1 << BITS[kind] - 1) - 1))
)
UNSIGNED = st.sampled_from([(5, 8), (6, 16), (7, 32), (8, 64)]).flatmap(
    lambda kind: st.tuples(st.just(kind[0]), st.integers(0, (1 << kind[1]) - 1))
)
OTHERS = st.one_of(
    st.tuples(st.just(9), st.floats(width=32)), st.tuples(st.just(10), st.floats()),
    st.tuples(st.just(11), st.booleans()), st.tuples(st.just(12), st.text(max_size=20)),
    st.tuples(st.sampled_from([3, 10]), st.none()),
)  # fmt: skip
U64 = st.integers(0, 2**64 - 1)
METRIC = st.tuples(
    st.one_of(st.none(), st.text(max_size=20)), st.one_of(WHOLE, UNSIGNED, OTHERS), st.one_of(st.none(), U64),
    st.one_of(st.none(), U64), st.booleans(), st.one_of(st.none(), st.sampled_from([0, 192, 500])),
)  # fmt: skip


def expected(kind, value):
    if value is None or isinstance(value, str):
        return None
    return struct.unpack("<f", struct.pack("<f", value))[0] if kind == 9 else float(value)


@given(U64, st.one_of(st.none(), st.integers(0, 255)), st.lists(METRIC, max_size=6))
def test_that_what_protobuf_writes_is_read_the_same(timestamp, seq, rows):
    made = [
        metric(name, kind, value, alias=alias, timestamp=at, historical=old, quality=quality)
        for name, (kind, value), alias, at, old, quality in rows
    ]
    read = sparkplug_wire.decode(payload(timestamp, seq, *made))
    assert (read.timestamp_ms, read.seq, len(read.metrics)) == (timestamp, seq, len(rows))
    for found, (name, (kind, value), alias, at, old, quality) in zip(read.metrics, rows, strict=True):
        assert (found.name, found.alias, found.timestamp_ms, found.datatype) == (name, alias, at, kind)
        assert (found.is_historical, found.is_null, found.quality) == (old, value is None, quality)
        wanted = expected(kind, value)
        assert found.value == wanted or (wanted is not None and math.isnan(wanted) and math.isnan(found.value))


@given(st.binary(max_size=200))
def test_that_any_bytes_are_read_or_refused_as_no_protobuf(data):
    try:
        sparkplug_wire.decode(data)
    except BadRow as fault:
        assert fault.cause == "bad_protobuf"  # noqa: PT017 - most bytes are no message, but some are


@given(st.integers(0, 60), st.lists(METRIC, min_size=1, max_size=3))
def test_that_a_cut_message_is_never_read_with_another_value(cut, rows):
    data = payload(1, 2, *[metric(name, kind, value) for name, (kind, value), *_ in rows])
    try:
        read = sparkplug_wire.decode(data[: max(0, len(data) - 1 - cut)])
    except BadRow:
        return
    assert len(read.metrics) <= len(rows)


@pytest.mark.parametrize(
    "data",
    [
        b"\x08",
        b"\x0b",
        b"\x00\x01",
        b"\x12\x05\x0a",
        b"\x08" + b"\xff" * 10,
        b"\x08" + b"\xff" * 9 + b"\x02",
        b"\x0d\x00\x00\x00\x00",
        b"\x12\x02\x0a\x01",
    ],
)
def test_that_damaged_messages_are_refused(data):
    with pytest.raises(BadRow):
        sparkplug_wire.decode(data)


def test_that_the_rebirth_we_send_is_what_protobuf_reads():
    read = MESSAGES["Payload"].FromString(sparkplug_wire.rebirth(1_700_000_000_000))
    (wish,) = read.metrics
    assert (wish.name, wish.datatype, wish.boolean_value) == ("Node Control/Rebirth", 11, True)
    assert (read.timestamp, wish.timestamp, read.HasField("seq")) == (1_700_000_000_000, 1_700_000_000_000, False)
