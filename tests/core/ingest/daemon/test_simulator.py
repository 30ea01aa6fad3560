"""The simulated city: repeatable, believable, and with causes before effects."""

from itertools import pairwise

import numpy as np
import pytest

from chengyun_core.ingest.batch import Limits
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.scenario import story_file
from chengyun_core.ingest.scenario.backfill import history
from chengyun_core.ingest.scenario.city import City
from chengyun_core.ingest.scenario.day import Day
from chengyun_core.ingest.scenario.signals import Signals, monotone
from chengyun_core.ingest.scenario.timetable import Timetable
from chengyun_core.ingest.settings import SimulatorSettings
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.ingest.sources.simulator import SimulatorSource, sampled
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.clock import ManualClock
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import WarningColour
from chengyun_resources import scenarios
from chengyun_resources.reference import behaviour, city
from tests.core.ingest.daemon.building import SECOND, START

CALM_HOUR_NS = 1_790_000_000 * SECOND


@pytest.fixture(scope="module")
def reference_city():
    return build(city.tables(), Numbers(), 1)[0]


@pytest.fixture(scope="module")
def story():
    return story_file.read(scenarios.path_of("flood_2020"))


@pytest.fixture(scope="module")
def signals(story):
    return Signals(story)


def town(catalogue, told=None, *, begins_ns=CALM_HOUR_NS, seed=1, speed=1.0, repeats=True):
    day = Day(catalogue, behaviour.of, seed=seed, longest_series=64)
    return City(day, told, ChannelNames(catalogue), begins_ns=begins_ns, speed=speed, repeats=repeats)


def rises(signals, name, limit, *, falling=False):
    """Story hour at which a signal first reaches a limit."""
    hour = np.linspace(0, 97, 97 * 60 + 1)
    value = signals.at(name, hour)
    reached = np.flatnonzero(value <= limit if falling else value >= limit)
    assert len(reached), f"{name} never reaches {limit}"
    return hour[reached[0]]


def test_that_the_story_keeps_to_the_public_figures(story, signals):
    assert signals.at("level.cuntan", np.array([44.25]))[0] == pytest.approx(191.62, abs=0.005)
    assert signals.at("level.cuntan", np.linspace(0, 97, 5000)).max() <= 191.62 + 1e-9
    assert signals.at("level.ciqikou", np.array([38.0]))[0] == pytest.approx(194.29, abs=0.005)
    for curve in story.curve:
        for index in curve.known:
            hour, value = curve.points[index]
            assert signals.at(curve.signal, np.array([hour]))[0] == pytest.approx(value, rel=1e-4)


def test_that_causes_come_before_their_effects(signals):
    steps = (
        ("rain.hechuan", 16, False), ("rain.shapingba", 16, False), ("sewer.ciqikou", 1.8, False),
        ("pool.ciqikou", 2.5, False), ("road.ciqikou", 0.15, False), ("sub.ciqikou.on", 0, True),
        ("load.daping", 90, False), ("sub.daping.on", 0, True), ("fan.daping", 3, True), ("ch4.daping", 10, False),
        ("ch4.daping", 20, False),
    )  # fmt: skip
    order = [rises(signals, name, limit, falling=falling) for name, limit, falling in steps]
    assert order == sorted(order)
    assert len(set(order)) == len(order), "each has its lag"
    assert rises(signals, "water.city", 0.30, falling=True) > rises(signals, "sub.daping.on", 0, falling=True)
    assert signals.at("grid.load", np.array([36.0]))[0] < signals.at("grid.load", np.array([0.0]))[0] - 2


def test_that_the_story_ends_where_it_began(story, signals):
    for binding in story.binding:
        first, last = signals.at(binding.signal, np.array([0.0, story.hours]))
        shower = 2.5 if binding.signal.startswith("rain.") else 0.0
        assert last == pytest.approx(first, abs=max(shower, 0.05 * max(1.0, abs(first)))), binding.signal


def test_that_the_demo_shows_colour_in_20_seconds_and_red_at_cuntan_within_two_minutes(story, signals):
    second = 3600 / story.compress
    assert min(rises(signals, name, 16) for name in ("rain.tongnan", "rain.hechuan")) * second < 20
    assert rises(signals, "level.cuntan", 180.5) * second < 20
    assert 60 < rises(signals, "level.cuntan", 183.5) * second < 125
    assert 14 * 60 < story.hours * second < 16 * 60


def test_that_a_missing_power_stops_the_pumps_and_its_return_drains_the_pool(signals):
    off = rises(signals, "sub.ciqikou.on", 0, falling=True)
    assert signals.at("pool.ciqikou", np.array([off + 3]))[0] > signals.at("pool.ciqikou", np.array([off]))[0]
    assert signals.at("pool.ciqikou", np.array([90.0]))[0] == pytest.approx(1.2)


def test_that_a_curve_through_points_never_swings_beyond_them():
    x, y = np.array([0.0, 1, 2, 3, 4]), np.array([0.0, 0, 5, 5, 1])
    drawn = monotone(x, y, np.linspace(0, 4, 401))
    assert drawn.min() >= 0
    assert drawn.max() <= 5 + 1e-9
    np.testing.assert_allclose(monotone(x, y, x), y)


def test_that_samples_do_not_depend_on_how_the_ticks_fall(reference_city, story):
    whole, parts = [], []
    first = town(reference_city, story)
    table = Timetable(first.day, seed=7)
    place, time = table.between(CALM_HOUR_NS, CALM_HOUR_NS + 4 * SECOND)
    whole = list(zip(place.tolist(), time.tolist(), first.value(place, time).tolist(), strict=True))
    second = town(reference_city, story)
    table = Timetable(second.day, seed=7)
    edges = [0, 0.1, 0.35, 1.9, 2.0, 4.0]
    for begin, end in pairwise(edges):
        place, time = table.between(CALM_HOUR_NS + round(begin * SECOND), CALM_HOUR_NS + round(end * SECOND))
        parts += zip(place.tolist(), time.tolist(), second.value(place, time).tolist(), strict=True)
    assert sorted(whole) == sorted(parts)
    assert len(whole) > 1000


def test_that_another_seed_gives_another_city(reference_city):
    place = np.arange(500)
    time = np.full(500, CALM_HOUR_NS)
    assert not np.array_equal(
        town(reference_city, seed=1).value(place, time), town(reference_city, seed=2).value(place, time)
    )


def test_that_every_channel_keeps_its_period_within_its_jitter(reference_city):
    there = town(reference_city)
    place, time = Timetable(there.day, seed=7).between(CALM_HOUR_NS, CALM_HOUR_NS + 5 * SECOND)
    fast = int(np.flatnonzero(there.day.period_s == 2.0)[0])
    distances = np.diff(time[place == fast]) / SECOND
    assert len(distances) >= 1
    assert np.all((distances >= 1.8) & (distances <= 2.2))
    assert np.all(np.diff(time) >= 0)


def test_that_an_ordinary_day_is_calm_but_for_the_chosen_few(reference_city):
    engine = Engine(reference_city, limits=Limits(past_days=1000))
    there = town(reference_city)
    steps = 0
    for place, time in history(reference_city, there.day, now_ns=CALM_HOUR_NS, hours=0.2, minutes=10):
        batch = sampled(there, place, time)
        steps += len(engine.take(batch, now_ns=int(time[-1])).steps)
        steps += len(engine.close_until(int(time[-1]) - 1).steps)
    abnormal = int(np.count_nonzero(engine.state.band))
    assert 20 <= abnormal <= 45
    assert steps <= abnormal + 5, "nothing flaps"
    assert engine.state.band.max() <= WarningColour.YELLOW
    never = int(np.count_nonzero(engine.state.quality == 4))
    assert 80 <= never <= 130, "some devices stay silent"


def test_that_history_reaches_back_six_hours_for_pinned_vitals_in_order_and_half_an_hour_for_all(reference_city):
    there = town(reference_city)
    newest, seen = 0, {}
    for place, time in history(reference_city, there.day, now_ns=CALM_HOUR_NS, hours=6, minutes=30):
        assert time[0] > newest
        assert np.all(np.diff(time) >= 0)
        newest = time[-1]
        for one, at in zip(place.tolist(), time.tolist(), strict=True):
            seen.setdefault(one, at)
    assert newest < CALM_HOUR_NS
    ages = np.array([(CALM_HOUR_NS - at) / SECOND for at in seen.values()])
    assert np.count_nonzero(ages > 6 * 3600 - 60) == 6
    assert len(seen) == len(there.day.number)
    assert ages.min() > 1700


def test_that_the_prelude_leads_calmly_into_the_first_scene(reference_city, story):
    there = town(reference_city, story)
    names = ChannelNames(reference_city)
    place = np.flatnonzero(there.day.number == names.number("HYD-CUNTAN.level"))
    at = CALM_HOUR_NS - np.linspace(7 * 3600, 0, 200).astype(np.int64) * SECOND
    level = there.value(np.repeat(place, 200), at)
    assert level[0] == pytest.approx(168.0, abs=1.0)
    assert level[-1] == pytest.approx(180.2, abs=0.05)
    assert level.max() < 180.5
    assert np.abs(np.diff(level)).max() < 0.6


def test_that_a_held_story_returns_to_the_ordinary_day_and_a_repeated_one_begins_again(reference_city, story):
    names = ChannelNames(reference_city)
    long_after = np.array([CALM_HOUR_NS + 3600 * SECOND])
    for repeats, expected in ((False, 168.0), (True, None)):
        there = town(reference_city, story, repeats=repeats)
        place = np.flatnonzero(there.day.number == names.number("HYD-CUNTAN.level"))
        level = there.value(place, long_after)[0]
        assert (abs(level - 168.0) < 1.0) == (expected is not None)


def test_that_a_story_speaks_of_channels_the_reference_city_has(reference_city, story, caplog):
    there = town(reference_city, story)
    assert len(there.story_places()) == len(story.binding)
    assert "no channel" not in caplog.text


def test_that_a_catalogue_nobody_described_still_gets_values_inside_its_limits():
    from tests.core.ingest.daemon.building import city as plain_city

    there = City(
        Day(plain_city(), lambda *_: None, seed=1, longest_series=3), None, ChannelNames(plain_city()),
        begins_ns=0, speed=1.0, repeats=True,
    )  # fmt: skip
    assert there.day.number.tolist() == [0, 1, 10, 11, 12]
    place = np.tile(np.arange(5), 200)
    value = there.value(place, START + np.arange(1000) * 97 * SECOND)
    assert np.all(value[place < 2] < 10.0)


def test_that_a_restarted_daemon_tells_the_story_on(tmp_path):
    clock = ManualClock(CALM_HOUR_NS)
    first = SimulatorSource(SimulatorSettings(), clock, memory=tmp_path / "story")
    begins, resumed = first._begin(clock.utc_ns())
    assert (begins, resumed) == (CALM_HOUR_NS, False)
    clock.advance(30)
    first._remember(begins, clock.utc_ns())
    clock.advance(20)
    assert SimulatorSource(SimulatorSettings(), clock, memory=tmp_path / "story")._begin(clock.utc_ns()) == (
        begins,
        True,
    )
    clock.advance(120)
    assert not SimulatorSource(SimulatorSettings(), clock, memory=tmp_path / "story")._begin(clock.utc_ns())[1]


@pytest.mark.parametrize(
    "wrong", [{"speed": 0.0}, {"ending": "never"}, {"scenario": "../../etc/passwd"}, {"scenario": "unknown"}]
)
def test_that_settings_that_cannot_be_meant_are_refused(tmp_path, wrong):
    from chengyun_core.model.failure import Trouble

    with pytest.raises((Refused, Trouble)):
        SimulatorSource(SimulatorSettings(**wrong), ManualClock(), memory=tmp_path / "story")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: text.replace('signal = "grid.load"', 'signal = "grid.lost"', 1), "order must name"),
        (lambda text: text + '\n[[binding]]\nchannel="A.x"\nsignal="nothing"\n', "A.x uses nothing"),
        (lambda text: text.replace("hours = 97.0", "hours = -1.0"), "above 0"),
        (lambda text: text.replace("[[0, 180.20], [1.75", "[[2, 180.20], [1.75"), "must rise"),
    ],
)
def test_that_a_wrong_story_is_refused_with_what_is_wrong_in_it(tmp_path, spoil, words):
    text = scenarios.path_of("flood_2020").read_text("utf-8")
    (tmp_path / "story.toml").write_text(spoil(text), "utf-8")
    with pytest.raises(Refused) as refusal:
        story_file.read(tmp_path / "story.toml")
    assert words in refusal.value.reason.params["reason"]
