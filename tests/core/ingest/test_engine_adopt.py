"""Adopting another catalogue or set, going on after a restart, and previewing: levels are kept, rules change."""

from dataclasses import replace

from chengyun_core.model.activation import BandNow
from chengyun_core.model.catalogue import Threshold, ThresholdSet
from chengyun_core.model.scales import Aspect, Quality, Side, WarningColour
from tests.reference.cities import SET, START, catalogue
from tests.reference.playing import batch_of, by_vital, new_engine, play, refer, steps_of

SECOND = 1_000_000_000
FLOOD = "flood"


def rule(threshold_set=SET, vital="V0", **fields):
    return Threshold(threshold_set=threshold_set, vital=vital, **fields)


def two_sets(*rules):
    city = catalogue(["last(A.x)", "mean(A.x, B.x)"], rules)
    return replace(city, threshold_sets=(*city.threshold_sets, ThresholdSet(code=FLOOD, name=FLOOD)))


def take(engine, second, value, channel=20, quality=0):
    time = START + second * SECOND
    return steps_of(engine.take(batch_of([(time, channel, value, quality)]), now_ns=time))


def close(engine, second):
    return steps_of(engine.close_until(START + second * SECOND))


def test_that_values_are_judged_by_a_new_set_when_time_next_passes():
    city = two_sets(rule(high_red=9.0), rule(FLOOD, high_red=5.0))
    engine = new_engine(city)
    take(engine, 0, 6.0)
    engine.adopt(city, FLOOD)
    assert engine.state.value[0] == 6.0
    (step,) = close(engine, 2)
    assert step == (0, START + 2 * SECOND, 0, WarningColour.RED, Side.HIGH, 6.0, 5.0, Aspect.PROCESS)
    assert close(engine, 3) == []
    engine.adopt(city, SET)
    assert [step[2:4] for step in close(engine, 4)] == [(4, 0)]


def test_that_a_delay_of_the_new_set_is_waited_for():
    city = two_sets(rule(), rule(FLOOD, high_red=5.0, on_delay_s=10.0))
    engine = new_engine(city)
    take(engine, 0, 6.0)
    engine.adopt(city, FLOOD)
    assert close(engine, 2) == []
    assert take(engine, 11, 6.0) == []
    assert [step[1] for step in take(engine, 12, 6.0)] == [START + 12 * SECOND]


def test_that_open_timers_and_held_members_go_on_under_a_new_version():
    city = two_sets(rule(high_red=5.0, on_delay_s=10.0), rule(vital="V1", high_red=5.0))
    engine = new_engine(city)
    take(engine, 0, 6.0)
    take(engine, 0, 6.0, channel=22)
    close(engine, 0)
    engine.adopt(replace(city, version=2), SET)
    close(engine, 1)
    assert [step[0] for step in take(engine, 10, 6.0)] == [0]
    assert [step[0] for step in take(engine, 11, 0.0, channel=20)] == [0]
    assert [step[:4] for step in close(engine, 11)] == [(1, START + 11 * SECOND, 4, 0)]


def test_that_a_cell_begun_before_is_closed_after():
    city = two_sets(rule(vital="V1", high_red=5.0))
    engine = new_engine(city)
    take(engine, 1, 6.0)
    engine.adopt(replace(city, version=2), SET)
    assert [step[:4] for step in close(engine, 2)] == [(1, START + SECOND, 0, 4)]


def test_that_adopting_the_same_rules_changes_no_step():
    city = two_sets(
        rule(high_blue=2.0, high_red=5.0, hysteresis=1.0, on_delay_s=2.0, off_delay_s=1.0, missing_s=4.0),
        rule(vital="V1", high_yellow=2.0, rate_per_min=100.0, stuck_s=3.0),
    )
    rows = [(START + k * SECOND * (1 + 5 * (k == 20)), 20 + 2 * (k % 2), float(k % 7), 0) for k in range(21)]
    engine, steps = new_engine(city), []
    for k, row in enumerate(rows):
        steps += steps_of(engine.take(batch_of([row]), now_ns=row[0]))
        steps += steps_of(engine.close_until(row[0]))
        if k % 3 == 0:
            engine.adopt(replace(city, version=k + 2), SET)
    steps += steps_of(engine.close_until(rows[-1][0] + 60 * SECOND))
    assert by_vital(steps) == by_vital(refer(city, rows, SET).steps)


def test_that_more_vitals_and_channels_may_come():
    engine = new_engine(catalogue(["last(A.x)"], [rule(high_red=5.0)]))
    take(engine, 0, 6.0)
    engine.adopt(catalogue(["last(A.x)", "last(B.x)"], [rule(high_red=5.0), rule(vital="V1", high_red=5.0)]), SET)
    assert engine.state.band.tolist() == [4, 0]
    assert [step[0] for step in take(engine, 1, 7.0, channel=22)] == [1]


def test_that_restored_bands_are_held_until_a_sample_ends_them():
    band = BandNow(vital=0, band=WarningColour.RED, side=Side.HIGH, since_ns=START, value=9.0, limit=8.0)
    engine = new_engine(two_sets(rule(high_red=8.0, hysteresis=2.0)))
    engine.restore([band, replace(band, vital=77)])
    assert engine.bands() == [band]
    assert engine.state.quality[0] == Quality.NEVER
    assert take(engine, 1, 6.5) == []
    assert [step[1:5] for step in take(engine, 2, 6.0)] == [(START + 2 * SECOND, 4, 0, Side.NONE)]
    assert engine.bands() == []


def test_that_a_restored_silence_ends_with_the_first_sample():
    band = BandNow(vital=0, band=WarningColour.BLUE, side=Side.MISSING, since_ns=START, value=1.0, limit=0.0)
    engine = new_engine(two_sets(rule(high_red=8.0, missing_s=5.0)))
    engine.restore([band])
    assert [step[2:4] for step in take(engine, 9, 1.0)] == [(1, 0)]


def test_that_bands_tell_since_when_at_what_value_and_by_which_limit():
    engine = new_engine(two_sets(rule(low_blue=-1.0, low_red=-5.0)))
    take(engine, 1, -2.0)
    take(engine, 2, -3.0)
    assert engine.bands() == [
        BandNow(vital=0, band=WarningColour.BLUE, side=Side.LOW, since_ns=START + SECOND, value=-2.0, limit=-1.0)
    ]


def test_that_a_preview_tells_who_would_alarm_without_changing_anything():
    city = two_sets(
        rule(high_red=9.0),
        rule(FLOOD, high_yellow=5.0, on_delay_s=99.0, missing_s=5.0),
        rule(FLOOD, "V1", missing_s=5.0),
    )
    engine = new_engine(city)
    take(engine, 0, 6.0)
    assert engine.preview(FLOOD) == [(0, WarningColour.YELLOW)]
    assert engine.preview(SET) == []
    assert engine.state.band.tolist() == [0, 0]


def test_that_play_of_the_same_rows_twice_is_the_same():
    city = two_sets(rule(high_red=5.0, on_delay_s=1.0))
    rows = [(START + k * SECOND, 20, float(k % 9), 0) for k in range(30)]
    assert play(new_engine(city), rows, [4]) == play(new_engine(city), rows, [30])


def test_that_a_retired_vital_returns_and_is_forgotten():
    city = two_sets(rule(high_red=5.0))
    engine = new_engine(city)
    take(engine, 0, 6.0)
    gone = replace(city.vitals[0], formula="", retired=True)
    engine.adopt(replace(city, version=2, vitals=(gone, *city.vitals[1:]), thresholds=()), SET)
    assert engine.state.quality[0] == Quality.NEVER
    assert [step[:5] for step in close(engine, 1)] == [(0, START + SECOND, 4, 0, Side.NONE)]
    assert take(engine, 2, 9.0) == []
    assert engine.window(0, START, START + SECOND, 10)[0].size == 0


def test_that_a_restored_band_without_a_rule_returns_when_time_passes():
    band = BandNow(vital=1, band=WarningColour.RED, side=Side.HIGH, since_ns=START, value=9.0, limit=8.0)
    engine = new_engine(two_sets(rule(high_red=8.0)))
    engine.restore([band, replace(band, vital=0)])
    assert [step[:4] for step in close(engine, 1)] == [(1, START + SECOND, 4, 0)]
    assert [item.vital for item in engine.bands()] == [0]


def test_that_silence_is_found_after_a_new_version_too():
    city = two_sets(rule(missing_s=5.0))
    engine = new_engine(city)
    take(engine, 0, 6.0)
    engine.adopt(replace(city, version=2), SET)
    assert [step[:4] for step in close(engine, 20)] == [(0, START + 5 * SECOND, 0, 1)]


def test_that_silence_ends_when_the_new_set_expects_nothing():
    city = two_sets(rule(missing_s=5.0), rule(FLOOD, high_red=9.0))
    engine = new_engine(city)
    take(engine, 0, 6.0)
    close(engine, 20)
    engine.adopt(city, FLOOD)
    assert [step[2:4] for step in close(engine, 21)] == [(1, 0)]


def test_that_what_rate_annunciated_holds_until_the_next_reading():
    city = two_sets(rule(rate_per_min=60.0), rule(FLOOD, high_blue=5.0, rate_per_min=60.0))
    engine = new_engine(city)
    take(engine, 0, 0.0)
    assert [step[2:5] for step in take(engine, 1, 6.0)] == [(0, 2, Side.RATE)]
    engine.adopt(city, FLOOD)
    assert close(engine, 2) == []
    assert [step[2:5] for step in take(engine, 60, 6.0)] == [(2, 1, Side.HIGH)]


def test_that_a_late_sample_is_still_late_after_a_new_version():
    city = two_sets(rule(high_red=5.0))
    engine = new_engine(city)
    take(engine, 5, 1.0)
    engine.adopt(replace(city, version=2), SET)
    assert take(engine, 4, 9.0) == []
    assert engine.counters["late"] == 1


def test_that_a_timer_of_an_unchanged_rule_waits_for_its_next_reading():
    city = two_sets(rule(high_red=5.0, off_delay_s=10.0), rule(vital="V1", high_red=5.0))
    engine = new_engine(city)
    engine.restore([])
    take(engine, 0, 6.0)
    take(engine, 1, 1.0)
    other = replace(city.thresholds[1], high_red=7.0)
    engine.adopt(replace(city, version=2, thresholds=(city.thresholds[0], other)), SET)
    assert close(engine, 60) == []
    assert [step[1:4] for step in take(engine, 70, 1.0)] == [(START + 70 * SECOND, 4, 0)]


def test_that_a_restored_silence_nobody_expects_any_more_returns():
    band = BandNow(vital=0, band=WarningColour.BLUE, side=Side.MISSING, since_ns=START, value=1.0, limit=0.0)
    engine = new_engine(two_sets(rule(high_red=8.0)))
    engine.restore([band])
    assert [step[2:4] for step in close(engine, 9)] == [(1, 0)]
