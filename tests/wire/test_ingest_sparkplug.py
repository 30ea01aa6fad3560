"""Sparkplug B through a real mosquitto: births, aliases, gaps, rebirths, nulls, history and deaths."""

import math
from contextlib import contextmanager

import pytest

from chengyun_core.ingest.settings import MetricSettings, SparkplugSettings
from chengyun_core.ingest.sources import sparkplug_wire
from chengyun_core.ingest.sources.sparkplug import SparkplugSource
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.scales import Quality
from tests.support.broker import publisher, running_broker
from tests.support.source_stand import SourceStand
from tests.support.sparkplug_proto import metric, payload
from tests.support.waiting import wait_until

MS = 1_700_000_000_000
NS = MS * 1_000_000
BAD = int(Quality.BAD)
NODE, DEVICE = "spBv1.0/city/{}/edge", "spBv1.0/city/{}/edge/A"


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with running_broker(tmp_path_factory.mktemp("broker")) as port:
        yield port


@contextmanager
def edge(port, **more):
    """A running source and a node; give stand, a sender, and the rebirths asked for."""
    settings = SparkplugSettings(port=port, metrics=(MetricSettings(metric="city/edge/load", channel="B.x"),), **more)
    with SourceStand(SparkplugSource(settings, ProfileClock())) as city, publisher(port) as client:
        asked = []
        client.on_message = lambda _client, _userdata, message: asked.append((message.topic, bytes(message.payload)))
        heard = []
        client.on_subscribe = lambda *_: heard.append(True)
        client.subscribe("spBv1.0/city/NCMD/#", qos=1)
        wait_until(lambda: bool(heard), "the node listens")
        city.until_running()

        def send(topic, data):
            client.publish(topic, data, qos=1).wait_for_publish(10)

        yield city, send, asked


def born(send):
    """A node with one metric of its own and a device with an alias."""
    send(
        NODE.format("NBIRTH"),
        payload(MS, 0, metric("bdSeq", 4, 8), metric("load", 9, 0.5), metric("Node Control/Rebirth", 11, False)),
    )
    send(DEVICE.format("DBIRTH"), payload(MS, 1, metric("x", 3, -5, alias=7), metric("label", 12, "pump")))


def test_that_births_and_data_by_alias_become_samples_with_their_times(broker):
    with edge(broker) as (city, send, asked):
        born(send)
        send(DEVICE.format("DDATA"), payload(MS + 1, 2, metric(None, 3, -6, alias=7, timestamp=MS + 2)))
        send(DEVICE.format("DDATA"), payload(MS + 3, 3, metric(None, None, -7, alias=7, as_type=3)))
        send(NODE.format("NDATA"), payload(MS + 4, 4, metric("load", 9, 0.75)))
        city.until_rows(lambda rows: len(rows) == 5, "five samples came")
        assert city.rows() == [
            (1, NS, 0.5, 0), (0, NS, -5.0, 0), (0, NS + 2_000_000, -6.0, 0), (0, NS + 3_000_000, -7.0, 0),
            (1, NS + 4_000_000, 0.75, 0),
        ]  # fmt: skip
        assert city.health.drops == {"unmapped_metric": 1}, "the label has no channel"
        assert asked == []


def test_that_a_null_is_bad_a_quality_is_kept_and_a_historical_value_keeps_its_time(broker):
    with edge(broker) as (city, send, _):
        born(send)
        send(DEVICE.format("DDATA"), payload(MS, 2, metric(None, 3, None, alias=7)))
        send(DEVICE.format("DDATA"), payload(MS, 3, metric(None, 3, 1, alias=7, quality=500)))
        send(
            DEVICE.format("DDATA"), payload(MS, 4, metric(None, 3, 2, alias=7, timestamp=MS - 60_000, historical=True))
        )
        city.until_rows(lambda rows: len(rows) == 5, "three more came")
        null, stale, old = city.rows()[2:]
        assert (math.isnan(null[2]), null[3]) == (True, BAD)
        assert stale == (0, NS, 1.0, BAD)
        assert old == (0, NS - 60_000_000_000, 2.0, 0)


def test_that_a_gap_in_the_sequence_is_counted_and_asks_for_a_rebirth_once(broker):
    with edge(broker) as (city, send, asked):
        born(send)
        send(DEVICE.format("DDATA"), payload(MS, 5, metric(None, 3, 1, alias=7)))
        send(DEVICE.format("DDATA"), payload(MS, 9, metric(None, 3, 2, alias=7)))
        city.until_rows(lambda rows: len(rows) == 4, "the values are good all the same")
        wait_until(lambda: bool(asked), "the node is asked")
        assert city.health.drops["seq_gap"] == 2
        ((topic, command),) = asked
        assert topic == "spBv1.0/city/NCMD/edge"
        (wish,) = sparkplug_wire.decode(command).metrics
        assert (wish.name, wish.datatype, wish.value) == ("Node Control/Rebirth", 11, 1.0)


def test_that_data_of_the_unborn_is_counted_and_asks_for_a_birth(broker):
    with edge(broker) as (city, send, asked):
        send(DEVICE.format("DDATA"), payload(MS, 5, metric("x", 3, 1)))
        wait_until(lambda: bool(asked), "the node is asked")
        assert city.health.drops == {"unborn": 1}
        assert city.rows() == []
        assert city.told().offenders == (("city/edge", 1),)


def test_that_a_source_that_may_only_listen_asks_nobody(broker):
    with edge(broker, rebirth=False) as (city, send, asked):
        send(DEVICE.format("DDATA"), payload(MS, 5, metric("x", 3, 1)))
        born(send)
        city.until_rows(lambda rows: len(rows) == 2, "it goes on")
        assert asked == []


def test_that_deaths_make_the_channels_bad_and_a_death_of_an_older_session_does_not(broker):
    with edge(broker) as (city, send, _):
        born(send)
        send(NODE.format("NDEATH"), payload(MS, None, metric("bdSeq", 4, 7)))
        send(DEVICE.format("DDEATH"), payload(MS + 9, 2))
        city.until_rows(lambda rows: len(rows) == 3, "the device died")
        assert city.rows()[2][:2] == (0, NS + 9_000_000)
        assert city.rows()[2][3] == BAD
        assert city.health.drops["stale_death"] == 1
        send(NODE.format("NDEATH"), payload(MS, None, metric("bdSeq", 4, 8)))
        city.until_rows(lambda rows: len(rows) == 4, "the node died")
        assert (city.rows()[3][0], city.rows()[3][3]) == (1, BAD)


def test_that_what_no_catalogue_and_no_birth_knows_is_counted(broker):
    with edge(broker) as (city, send, _):
        send(NODE.format("NBIRTH"), payload(MS, 0, metric("bdSeq", 4, 1), metric("nowhere", 9, 1.0)))
        send(NODE.format("NDATA"), payload(MS, 1, metric(None, 9, 1.0, alias=99)))
        send(NODE.format("NDATA"), b"\xff\xff")
        send("spBv1.0/city/NDATA", payload(MS, 1))
        send("spBv1.0/city/WHAT/edge", payload(MS, 1))
        wait_until(lambda: city.health.drops.get("bad_topic") == 2, "all came")
        assert city.health.drops == {"unmapped_metric": 1, "unknown_metric": 1, "bad_protobuf": 1, "bad_topic": 2}


def test_that_a_node_over_its_rate_is_limited_and_named(broker):
    with edge(broker, limit_sender_per_s=1.0) as (city, send, _):
        born(send)
        for seq in range(2, 6):
            send(DEVICE.format("DDATA"), payload(MS, seq, metric(None, 3, seq, alias=7)))
        wait_until(lambda: city.health.drops.get("rate_limited", 0) >= 2, "it is limited")
        assert city.told().offenders[0][0] == "city/edge"
        assert city.told().reason == "ingest.source_rate_limited"
