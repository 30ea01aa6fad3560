"""Replays: files of every shape read strictly, played in order at any speed, and their end told."""

import math
import threading
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from pyarrow import parquet

from chengyun_core.ingest.intake import Intake
from chengyun_core.ingest.settings import ReplaySettings
from chengyun_core.ingest.sources import replay, replay_map
from chengyun_core.ingest.sources.port import Feed
from chengyun_core.ingest.sources.replay import ReplaySource
from chengyun_core.model.clock import ManualClock, ProfileClock
from chengyun_core.model.failure import Refused
from tests.core.ingest.daemon.building import SECOND, START, city

PLAIN = """time,channel,value,quality
2023-11-14T22:13:20Z,A.x,1,good
2023-11-14T22:13:21Z,B.x,2.5,
2023-11-14T22:13:22Z,P#5.x,3,bad
"""


class Played:
    """Everything a replay sent, and the source."""

    def __init__(self, settings, clock=None, queue=1 << 20):
        self.intake = Intake(queue)
        self.source = ReplaySource(settings, clock or ManualClock(START + 3600 * SECOND))
        self.arrivals = []

    def to_end(self):
        self.source.start(Feed(self.intake, self.source.health, ProfileClock()), city())
        while self.source._thread.is_alive() or self.intake.waiting():
            self.arrivals += self.intake.take(1 << 20)
            self.source._thread.join(0.01)
        self.arrivals += self.intake.take(1 << 20)
        self.source.stop()
        self.intake.dispose()
        return self

    def rows(self):
        return [
            (int(time - START) / SECOND, int(channel), float(value), int(quality))
            for item in self.arrivals
            for time, channel, value, quality in zip(
                item.batch.time, item.batch.channel, item.batch.value, item.batch.quality, strict=True
            )
        ]


def played(tmp_path, text, *, name="samples.csv", map_text="", **options):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    settings = {"file": str(file), "speed": "max", **options}
    if map_text:
        (tmp_path / "map.toml").write_text(map_text, "utf-8")
        settings["map"] = str(tmp_path / "map.toml")
    return Played(ReplaySettings(**settings)).to_end()


def test_that_a_plain_csv_file_is_played_in_order_and_its_end_closes_the_watermark(tmp_path):
    found = played(tmp_path, PLAIN)
    assert found.rows() == [(0.0, 0, 1.0, 0), (1.0, 1, 2.5, 0), (2.0, 14, 3.0, 2)]
    assert found.source.health.state == "done"
    assert found.arrivals[0].closes_until_ns == START + 2 * SECOND - 1
    assert found.arrivals[-1].closes_until_ns == found.arrivals[-1].own_now_ns == START + 2 * SECOND
    assert len(found.arrivals[-1].batch) == 0


def test_that_a_parquet_file_with_zoned_times_is_played(tmp_path):
    times = [datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC) + timedelta(seconds=k) for k in range(3)]
    table = pa.table(
        {
            "time": pa.array(times, pa.timestamp("us", "UTC")),
            "channel": ["A.x", "B.x", "A.x"],
            "value": [1.0, None, math.nan],
        }
    )
    parquet.write_table(table, tmp_path / "samples.parquet")
    found = Played(ReplaySettings(file=str(tmp_path / "samples.parquet"), speed="max")).to_end()
    assert [row[:2] for row in found.rows()] == [(0.0, 0), (2.0, 0)]
    assert found.rows()[1][3] == 2, "NaN is a sample without a value, null is no sample"


def test_that_each_bad_row_is_told_with_file_line_column_and_reason_and_the_rest_goes_on(tmp_path, caplog):
    text = (
        "time,channel,value\n2023-11-14T22:13:20Z,A.x,1\n2023-11-14 22:13:21,A.x,1\n2023-11-14T22:13:22Z,Z.x,1\n"
        '2023-11-14T22:13:23Z,A.x,one\n2023-11-14T22:13:24Z,A.x\n2023-11-14T22:13:25Z,"A.x",2\n'
    )
    found = played(tmp_path, text)
    assert [row[0] for row in found.rows()] == [0.0, 5.0]
    assert found.source.health.drops == {"bad_time": 1, "unknown_channel": 1, "bad_value": 1, "bad_row": 1}
    told = caplog.text
    for words in (
        "samples.csv:3 column time", "no time zone", "samples.csv:4 column value", "Z.x", "samples.csv:5 column value",
        "samples.csv:6", "2 columns, expected 3",
    ):  # fmt: skip
        assert words in told


def test_that_a_map_reads_a_wide_table_in_another_zone(tmp_path):
    found = played(
        tmp_path, "when;one;two;note\n15.11.2023 06:13:20;1;10;x\n15.11.2023 06:13:21;-;NA;y\n",
        map_text="""
        delimiter = ";"
        missing = ["NA"]
        [time]
        column = "when"
        format = "%d.%m.%Y %H:%M:%S"
        zone = "Asia/Shanghai"
        [[value]]
        column = "one"
        channel = "A.x"
        factor = 2
        offset = 1
        [[value]]
        column = "two"
        channel = "P#3.x"
        """,
    )  # fmt: skip
    rows = found.rows()
    assert rows[:2] == [(0.0, 0, 3.0, 0), (0.0, 12, 10.0, 0)]
    assert rows[2][0] == 1.0
    assert math.isnan(rows[2][2])
    assert rows[2][3] == 2
    assert len(rows) == 3


def test_that_a_map_reads_a_long_table_with_translated_keys_in_gb18030(tmp_path):
    found = played(
        tmp_path, "站,时间,水位\n寸滩,2023-11-15 06:13:20,180.5\n武隆,2023-11-15 06:13:21,170\n".encode("gb18030"),
        map_text="""
        encoding = "gb18030"
        key = ["站"]
        [time]
        column = "时间"
        zone = "+08:00"
        [[value]]
        column = "水位"
        channel = "{站}.x"
        [translate."站"]
        "寸滩" = "A"
        "武隆" = "P#1"
        """,
    )  # fmt: skip
    assert found.rows() == [(0.0, 0, 180.5, 0), (1.0, 10, 170.0, 0)]


def test_that_a_map_gives_times_to_a_table_without_any_and_takes_all_columns(tmp_path):
    found = played(
        tmp_path, "A,B\n1,2\n3,4\n",
        map_text="""
        [time]
        start = "2023-11-14T22:13:20Z"
        step_s = 300
        [[value]]
        column = "*"
        channel = "{column}.x"
        """,
    )  # fmt: skip
    assert found.rows() == [(0.0, 0, 1.0, 0), (0.0, 1, 2.0, 0), (300.0, 0, 3.0, 0), (300.0, 1, 4.0, 0)]


def test_that_a_file_written_station_by_station_is_sorted_when_the_map_says_so(tmp_path):
    text = "time,channel,value\n2023-11-14T22:13:25Z,A.x,1\n2023-11-14T22:13:20Z,B.x,2\n2023-11-14T22:13:25Z,B.x,3\n"
    found = played(
        tmp_path, text, map_text='sort = true\nkey = ["channel"]\n[[value]]\ncolumn = "value"\nchannel = "{channel}"\n'
    )
    assert [(row[0], row[2]) for row in found.rows()] == [(0.0, 2.0), (5.0, 1.0), (5.0, 3.0)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = 1", "unknown names colour"),
        ("[time]\ncolour = 1\n[[value]]\ncolumn='v'\nchannel='c'", "time.colour"),
        ("[time]\nzone = 'Mars/Olympus'\n[[value]]\ncolumn='v'\nchannel='c'", "Mars/Olympus"),
        ("[[value]]\ncolumn='v'\nchannel='{station}.x'", "station"),
        ("[time]\nstart='2020-01-01T00:00:00Z'\n[[value]]\ncolumn='v'\nchannel='c'", "step_s"),
        ("value = 3", "value"),
        ("= 3", "line 1"),
    ],
)
def test_that_a_wrong_map_is_refused_with_what_is_wrong_in_it(tmp_path, text, words):
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(Refused) as refusal:
        replay_map.read(tmp_path / "map.toml")
    assert refusal.value.reason.code == "ingest.map_wrong"
    assert words in refusal.value.reason.params["reason"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "ingest.replay_unreadable"),
        ("", "ingest.replay_unreadable"),
        ("when,channel,value\n1,A.x,1\n", "ingest.replay_columns"),
        (b"time,channel,value\n\xff\xfe,A.x,1\n", "ingest.replay_encoding"),
    ],
)
def test_that_an_unreadable_file_fails_the_source_with_its_reason(tmp_path, caplog, text, code):
    if text is None:
        found = Played(ReplaySettings(file=str(tmp_path / "none.csv"), speed="max")).to_end()
    else:
        found = played(tmp_path, text)
    assert (found.source.health.state, found.source.health.reason) == ("failed", code)


def test_that_rebase_now_moves_the_first_sample_to_now_and_keeps_all_distances(tmp_path):
    found = played(tmp_path, PLAIN, rebase="now")
    assert [row[0] for row in found.rows()] == [3600.0, 3601.0, 3602.0]


@pytest.mark.parametrize(
    "options",
    [
        {"rebase": "yesterday"},
        {"rebase": "now", "as_of": "2020-01-01T00:00:00Z"},
        {"as_of": "2020-01-01"},
        {"speed": "fast"},
        {"speed": "-1"},
    ],
)
def test_that_impossible_options_are_refused(tmp_path, options):
    with pytest.raises(Refused):
        ReplaySource(ReplaySettings(file="x.csv", **options), ManualClock())


def test_that_as_of_plays_what_lies_before_at_once_and_the_rest_at_its_pace(tmp_path):
    """The clock stands: only what lies at or before the given time may come out."""
    (tmp_path / "samples.csv").write_text(PLAIN)
    stand = Played(
        ReplaySettings(file=str(tmp_path / "samples.csv"), as_of="2023-11-14T22:13:21Z"), clock := ManualClock(0)
    )
    stand.source.start(Feed(stand.intake, stand.source.health, clock), city())
    while len(stand.rows()) < 2:
        stand.arrivals += stand.intake.take(100)
        stand.source._ending.wait(0.001)
    assert [row[0] for row in stand.rows()] == [0.0, 1.0]
    clock.advance(1.0)
    stand.source._thread.join(5)
    stand.arrivals += stand.intake.take(100)
    assert [row[0] for row in stand.rows()] == [0.0, 1.0, 2.0]
    assert stand.source.health.state == "done"
    stand.source.stop()
    stand.intake.dispose()


def test_that_at_max_the_reader_waits_for_room_instead_of_dropping(tmp_path):
    count = 30_000
    lines = "".join(f"{(START + k * SECOND) // SECOND},A.x,{k}\n" for k in range(count))
    (tmp_path / "samples.csv").write_text("time,channel,value\n" + lines)
    (tmp_path / "map.toml").write_text(
        'key=["channel"]\n[time]\nformat="s"\n[[value]]\ncolumn="value"\nchannel="{channel}"\n'
    )
    settings = ReplaySettings(file=str(tmp_path / "samples.csv"), map=str(tmp_path / "map.toml"), speed="max")
    found = Played(settings, queue=1000).to_end()
    assert [row[2] for row in found.rows()] == [float(k) for k in range(count)]
    assert found.source.health.drops == {}


def test_that_a_replay_stops_at_once_when_told_even_while_it_waits_for_room(tmp_path):
    (tmp_path / "samples.csv").write_text(PLAIN)
    stand = Played(ReplaySettings(file=str(tmp_path / "samples.csv"), speed="max"), queue=1)
    stand.source.start(Feed(stand.intake, stand.source.health, ProfileClock()), city())
    stand.intake.close()
    stand.source.stop()
    assert not any(thread.name.startswith("replay:") for thread in threading.enumerate())
    stand.intake.dispose()


def test_that_the_law_of_a_replay_makes_its_samples_look_live(tmp_path):
    (tmp_path / "samples.csv").write_text(PLAIN)
    settings = ReplaySettings(file=str(tmp_path / "samples.csv"), speed="60")
    first = replay.first_sample_ns(settings)
    law = replay.law_of(settings, first_sample_ns=first, machine_utc_ns=10**18, epoch=4)
    assert law.profile_ns(10**18) == START
    assert law.profile_ns(10**18 + SECOND) == START + 60 * SECOND
    assert law.epoch == 4
