"""Payloads of MQTT messages: what is read, what is refused and why, and that no bytes break anything."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest.sources import causes, payload, payload_packed
from chengyun_core.model.scales import Quality
from tests.core.ingest.daemon.building import START, batch, names

AT = "2023-11-14T22:13:20Z"
"""START as text."""


def decoded(data, **options):
    return payload.decode(data if isinstance(data, bytes) else data.encode(), names(), **options)


def causes_of(found):
    return {cause: count for cause, (count, _) in found.refused.items()}


def test_that_one_object_and_an_array_of_objects_are_read():
    one = decoded(json.dumps({"channel": "A.x", "time": AT, "value": 1.5}))
    many = decoded(json.dumps([{"channel": "P#2.x", "time_ms": START // 10**6, "value": 2, "quality": "uncertain"}]))
    assert (one.batch.channel.tolist(), one.batch.time.tolist(), one.batch.value.tolist()) == ([0], [START], [1.5])
    assert (many.batch.channel.tolist(), many.batch.time.tolist(), many.batch.quality.tolist()) == ([11], [START], [1])


def test_that_a_bad_item_is_counted_and_the_rest_of_the_array_goes_on():
    good = {"channel": "A.x", "time": AT, "value": 1}
    found = decoded(json.dumps([good, {**good, "channel": "Z.x"}, {**good, "value": "7"}, 3, good]))
    assert len(found.batch) == 2
    assert causes_of(found) == {"unknown_channel": 1, "bad_value": 1, "bad_field": 1}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('{"channel":"A.x","time":"%s","value":NaN}', "bad_json"),
        ('{"channel":"A.x","time":"%s","value":-Infinity}', "bad_json"),
        ('{"channel":"A.x","time":"%s","value":1e999}', "not_finite"),
        ('{"channel":"A.x","time":"%s","value":1,"value":2}', "bad_json"),
        ('{"channel":"A.x","time":"%s","value":true}', "bad_value"),
        ('{"channel":"A.x","time":"%s","value":1,"colour":"red"}', "bad_field"),
        ('{"channel":"A.x","time":"%s"}', "bad_field"),
        ('{"channel":"A.x","time":"%s","time_s":1,"value":1}', "bad_field"),
        ('{"channel":"A.x","time":"%s","value":1,"quality":"missing"}', "bad_quality"),
        ('{"channel":"A.x","time":"2023-11-14 22:13:20","value":1}', "bad_time"),
        ('{"channel":"A.x","time":1700000000,"value":1}', "bad_time"),
        ('{"channel":"A.x","time_s":1e400,"value":1}', "bad_time"),
        ('{"channel":"A","time":"%s","value":1}', "unknown_channel"),
        ('{"channel":"P.x","time":"%s","value":1}', "unknown_channel"),
        ('{"channel":"P#6.x","time":"%s","value":1}', "unknown_channel"),
        ('{"channel":"P#0.x","time":"%s","value":1}', "unknown_channel"),
        ('{"channel":"A.x","time":"%s","value":' + "9" * 5000 + "}", "not_finite"),
        ("[" * 200_000, "bad_json"),
        ("{", "bad_json"),
        ('"A.x"', "bad_csv"),
    ],
)
def test_that_each_kind_of_bad_json_is_refused_with_its_cause(text, cause):
    found = decoded(text.replace("%s", AT))
    assert found.batch is None
    assert causes_of(found) == {cause: 1}


def test_that_a_sensor_without_a_value_sends_null_and_its_sample_is_bad():
    found = decoded(json.dumps({"channel": "A.x", "time": AT, "value": None}))
    assert math.isnan(found.batch.value[0])
    assert found.batch.quality.tolist() == [Quality.BAD]


def test_that_csv_lines_are_read_in_the_order_of_a_replayed_file_or_by_a_first_line():
    plain = decoded(f"{AT},A.x,1.5\n{AT},B.x,2,bad\n\n{AT},A.x,\n")
    named = decoded("channel,value,time_s\nA.x,-1e3,1700000000\n")
    assert plain.batch.channel.tolist() == [0, 1, 0]
    assert plain.batch.quality.tolist() == [0, 2, 2]
    assert (named.batch.value.tolist(), named.batch.time.tolist()) == ([-1000.0], [START])


def test_that_a_bad_csv_line_is_named_by_number_and_the_rest_goes_on():
    found = decoded(
        f"{AT},A.x,1\n{AT},A.x,1_0\n{AT},Z.x,1\nyesterday,A.x,1\n{AT},A.x,1,good,more\n{AT},A.x\n{AT},A.x,2\n"
    )
    assert found.batch.value.tolist() == [1.0, 2.0]
    assert causes_of(found) == {"bad_value": 1, "unknown_channel": 1, "bad_time": 1, "bad_csv": 2}
    assert "line 3" in found.refused["unknown_channel"][1]


def test_that_packed_columns_come_back_as_they_were_sent():
    sent = batch((0, 0, 1.5), (11, 1, -2.0), (1, 2, float("nan")))
    found = decoded(payload_packed.encode(3, sent))
    assert found.refused == {}
    assert found.batch.channel.tolist() == [0, 11, 1]
    assert found.batch.time.tolist() == sent.time.tolist()
    np.testing.assert_array_equal(found.batch.value, sent.value)
    assert found.batch.quality.tolist() == [0, 0, Quality.BAD]


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        (lambda data: data[:-1], "bad_packed"),
        (lambda data: data + b"\0", "bad_packed"),
        (lambda data: data[:10], "bad_packed"),
        (lambda data: data[:4] + b"\x02\0" + data[6:], "bad_packed"),
        (lambda data: data[:8] + (4).to_bytes(4, "little") + data[12:], "catalogue_newer"),
        (lambda data: data[:-1] + b"\x07", "bad_quality"),
    ],
)
def test_that_a_packed_message_is_taken_whole_or_not_at_all(spoil, cause):
    found = decoded(spoil(payload_packed.encode(3, batch((0, 0, 1.0), (0, 1, 2.0)))))
    assert found.batch is None
    assert causes_of(found) == {cause: 1}


def test_that_numbers_of_an_older_catalogue_still_mean_the_same():
    assert decoded(payload_packed.encode(1, batch((0, 0, 1.0)))).batch is not None


FRAGMENTS = [
    *(b'{"channel":"A.x"', b',"time":"2023-11-14T22:13:20Z"', b',"value":', b"1", b"}", b"[", b"]", b",", b"A.x"),
    *(b"CYP1", b"\n", b"1e999", b"NaN", b'"', b"\xff", b"\x00" * 12, b"time,channel,value\n"),
]


@given(st.one_of(st.binary(max_size=400), st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(b"".join)),
       st.sampled_from(["auto", "json", "csv", "packed"]))  # fmt: skip
def test_that_no_bytes_raise_and_every_cause_is_a_known_one(data, form):
    found = payload.decode(data, names(), form=form, epoch_unit="s")
    assert set(found.refused) <= set(causes.MEANING)
    if found.batch is not None:
        found.batch.check_shape()
        assert found.batch.quality[~np.isfinite(found.batch.value)].tolist() == [2] * int(
            np.sum(~np.isfinite(found.batch.value))
        )
