"""Real series as files through `--replay` and the whole daemon: the same alarms at `max`, at any speed, by any map."""

import pytest

from chengyun_core.ingest.settings import IngestSettings, ReplaySettings
from tests.realdata.daemon_steps import Played, reference_steps
from tests.realdata.definitions import DATA, DATASETS

pytestmark = [pytest.mark.realdata, pytest.mark.slow, pytest.mark.timeout(300)]
PLAIN_MAP = """
key = ["channel"]
[time]
format = "ns"
[[value]]
column = "value"
channel = "{channel}"
quality = "quality"
"""
RIVER_MAP = """
key = ["station"]
[time]
format = "%Y-%m-%d %H:%M:%S"
zone = "Asia/Shanghai"
[[value]]
column = "level_m"
channel = "{station}.level"
[[value]]
column = "flow_m3s"
channel = "{station}.flow"
"""
TRAFFIC_MAP = """
[time]
start = "2012-03-01T00:00:00-08:00"
step_s = 300
[[value]]
column = "*"
channel = "T{column}.speed"
"""


def needed(name):
    if not DATASETS[name].available():
        pytest.skip(f"{DATASETS[name].folder} is not on this machine")
    return DATASETS[name]


@pytest.fixture(scope="module")
def plain_file(tmp_path_factory):
    """Each data set as a file of time, channel, value and quality."""
    folder, made = tmp_path_factory.mktemp("plain"), {}

    def of(name):
        if name not in made:
            made[name] = folder / f"{name}.csv"
            lines = (f"{time},{code},{value!r},{quality}\n" for time, code, value, quality in DATASETS[name].rows())
            made[name].write_text("time,channel,value,quality\n" + "".join(lines))
        return made[name]

    (folder / "map.toml").write_text(PLAIN_MAP)
    return of


def played(folder, name, settings, samples):
    """Play a file to its end; give the steps that reached the centre."""
    with Played(folder, name, IngestSettings(replay=(settings,))) as stand:
        stand.wait_until_done()
        found = stand.steps()
        # A late raise is not annunciated by the centre: one of these would be an alarm that depends on the speed.
        assert not [item.seq for item in stand.centre.taken if item.late]
        counters = stand.status().counters
        assert counters["samples"] == samples
        assert not [key for key in counters if key.startswith("dropped")]
        return found


@pytest.mark.parametrize(
    ("name", "speed"),
    [
        ("river", "max"),
        ("river", "100000"),
        ("traffic", "max"),
        ("traffic", "60000"),
        ("air year", "max"),
        pytest.param("air year", "1e7", marks=pytest.mark.long),
    ],
)
def test_that_a_file_gives_the_alarms_of_the_reference_at_every_speed(name, speed, tmp_path, plain_file):
    data = needed(name)
    file = plain_file(name)
    settings = ReplaySettings(file=str(file), map=str(file.with_name("map.toml")), speed=speed)
    assert played(tmp_path, name, settings, len(data.columns()[0])) == reference_steps(name)


@pytest.mark.parametrize(
    ("name", "file", "shape"),
    [("river", "river_yangtze/water_level.csv", RIVER_MAP), ("traffic", "traffic_los/los_speed.csv", TRAFFIC_MAP)],
)
def test_that_the_original_file_read_by_a_map_gives_the_same_alarms(name, file, shape, tmp_path):
    data = needed(name)
    if name == "river":
        stations = sorted({line.split(",")[0] for line in (DATA / file).read_text("utf-8").splitlines()[1:]})
        shape += "[translate.station]\n" + "".join(
            f'"{word}" = "R{place:02d}"\n' for place, word in enumerate(stations)
        )
    (tmp_path / "map.toml").write_text(shape, "utf-8")
    settings = ReplaySettings(file=str(DATA / file), map=str(tmp_path / "map.toml"), speed="max")
    found = played(tmp_path, name, settings, len(data.columns()[0]))
    assert found == reference_steps(name)
