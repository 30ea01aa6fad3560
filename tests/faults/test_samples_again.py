"""RF14, RF15: samples that come twice, late or in any order, and values that are none, leave alarms as they are.

The steps themselves are held against a plain reference in tests/core/ingest/test_thresholds_against_reference.py; here
the same stream is sent as a broker sends it after a reconnect, and as a broken sensor does.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.model.catalogue import Threshold
from chengyun_core.model.scales import Quality, WarningColour
from tests.reference.cities import SET, START, catalogue, catalogues, streams
from tests.reference.playing import batch_of, by_vital, new_engine, play, steps_of

SECOND = 1_000_000_000
SIZES = st.lists(st.integers(1, 20), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(city=catalogues(), rows=streams(size=40), sizes=SIZES, data=st.data())
def test_that_samples_sent_again_change_no_step_and_no_state(city, rows, sizes, data) -> None:
    again = []
    for row in rows:
        again.append(row)
        # What was delivered before is delivered once more: whole windows of it, at any later moment.
        window = data.draw(st.integers(0, 3))
        again += again[-window - 1 :] if window else []
    once, twice = new_engine(city), new_engine(city)
    wide = 10**6 * SECOND
    assert by_vital(play(once, rows, sizes, disorder_ns=wide)) == by_vital(play(twice, again, sizes, disorder_ns=wide))
    for column in ("band", "side", "quality", "time"):
        assert getattr(once.state, column).tolist() == getattr(twice.state, column).tolist(), column
    surplus = len(again) - len(rows)
    counted = [engine.counters["late"] + engine.counters["duplicate"] for engine in (once, twice)]
    assert counted[1] - counted[0] == surplus, "each surplus sample is counted, none silently"


@settings(max_examples=60, deadline=None)
@given(times=st.permutations(list(range(12))))
def test_that_the_newest_value_stands_whatever_the_order(times) -> None:
    engine = new_engine(catalogue(["last(A.x)"], []))
    for second in times:
        engine.take(batch_of([(START + second * SECOND, 20, float(second), 0)]), now_ns=START + 12 * SECOND)
    assert (engine.state.time[0], engine.state.value[0]) == (START + 11 * SECOND, 11.0)


@pytest.mark.parametrize("none", [math.nan, math.inf, -math.inf])
def test_that_a_value_that_is_none_never_ends_an_alarm_and_is_shown_as_bad(none) -> None:
    rule = Threshold(threshold_set=SET, vital="V0", high_red=5.0, hysteresis=1.0)
    engine = new_engine(catalogue(["last(A.x)"], [rule]))
    first = engine.take(batch_of([(START, 20, 9.0, 0)]), now_ns=START)
    assert [step[3] for step in steps_of(first)] == [WarningColour.RED]
    later = engine.take(batch_of([(START + SECOND, 20, none, 0)]), now_ns=START + SECOND)
    assert [step for step in steps_of(later) if step[3] == WarningColour.NONE] == [], (
        "a value that is none ends nothing"
    )
    assert engine.state.band[0] == WarningColour.RED
    assert engine.state.quality[0] == Quality.BAD
