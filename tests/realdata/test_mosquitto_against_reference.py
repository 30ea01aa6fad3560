"""Real series once more through a real mosquitto and the whole daemon: every alarm equals the plain reference's."""

import json
from itertools import pairwise

import numpy as np
import pytest

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.settings import IngestSettings, MqttSettings, TopicSettings
from chengyun_core.ingest.sources import payload_packed
from tests.realdata.daemon_steps import Played, reference_steps
from tests.realdata.definitions import DATASETS
from tests.support.broker import publisher, running_broker

pytestmark = [pytest.mark.realdata, pytest.mark.slow, pytest.mark.timeout(300)]
QUALITY_WORDS = ("good", "uncertain", "bad")
CHUNKS = 12
"""Stretches after each of which the profile clock moves on: the watermark of live samples follows it."""


def as_json(data, part):
    """Objects with ISO times; a value that is none is null."""
    codes = [series.code for series in data.series()]
    time, channel, value, quality = (column[part].tolist() for column in data.columns())
    items = [
        {
            "channel": codes[channel[k]], "time": np.datetime_as_string(np.datetime64(time[k], "ns")) + "Z",
            "value": None if value[k] != value[k] else value[k], "quality": QUALITY_WORDS[quality[k]],
        }
        for k in range(len(time))
    ]  # fmt: skip
    return json.dumps(items).encode()


def as_csv(data, part):
    """Lines with numeric times; every digit of a value is kept."""
    codes = [series.code for series in data.series()]
    time, channel, value, quality = (column[part].tolist() for column in data.columns())
    lines = [f"{time[k]},{codes[channel[k]]},{value[k]!r},{quality[k]}" for k in range(len(time))]
    return ("time_ns,channel,value,quality\n" + "\n".join(lines)).encode()


def as_packed(data, part):
    """Columns with channel numbers."""
    time, channel, value, quality = (column[part] for column in data.columns())
    return payload_packed.encode(1, Batch(channel=channel, time=time, value=value, quality=quality))


FORMS = {"river": (as_json, 50), "traffic": (as_csv, 1000), "air year": (as_packed, 5000)}
"""Each data set in another format: (encoder, samples in a message)."""


def stretches(time):
    """CHUNKS stretches of rows, cut between two instants."""
    edges = {int(np.searchsorted(time, time[min(len(time) - 1, k * len(time) // CHUNKS)])) for k in range(1, CHUNKS)}
    edges = sorted({0, *edges, len(time)})
    return list(pairwise(edges))


@pytest.mark.parametrize("name", ["river", "traffic", pytest.param("air year", marks=pytest.mark.long)])
def test_that_alarms_through_mosquitto_are_those_of_the_reference(name, tmp_path):
    data = DATASETS[name]
    if not data.available():
        pytest.skip(f"{data.folder} is not on this machine")
    encode, size = FORMS[name]
    time = data.columns()[0]
    with running_broker(tmp_path) as port:
        source = MqttSettings(port=port, topics=(TopicSettings(filter="city/#", qos=1),))
        settings = IngestSettings(mqtt=(source,), lateness_s=0.0, future_limit_s=1e9, past_limit_days=20_000.0)
        with Played(tmp_path, name, settings) as played, publisher(port) as gateway:
            played.stand_at(1, int(time[0]) - 1)
            played.console.until(lambda beat: beat.lights.get("source.mqtt") == "ok", "the daemon listens")
            for turn, (begin, end) in enumerate(stretches(time), start=2):
                for at in range(begin, end, size):
                    gateway.publish("city/a", encode(data, slice(at, min(end, at + size))), qos=1).wait_for_publish(30)
                played.console.until(
                    lambda beat, end=end: beat.counters["samples"] == end, f"{end} samples came", limit_s=60
                )
                played.stand_at(turn, int(time[end - 1]))
            found = played.steps()
            counters = played.status().counters
    assert counters["samples"] == len(time)
    assert not [name for name in counters if name.startswith("dropped")]
    assert found == reference_steps(name)
    assert sum(map(len, found.values())) > 100
