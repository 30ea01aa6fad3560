"""Missing data: annunciated at the last sample plus the missing time, exactly, whenever it is noticed."""

from chengyun_core.model.catalogue import Threshold
from chengyun_core.model.scales import Aspect, Quality, Side, WarningColour
from tests.reference.cities import SET, START, catalogue
from tests.reference.playing import batch_of, new_engine, steps_of

SECOND = 1_000_000_000
RULE = Threshold(
    threshold_set=SET, vital="V0", high_red=5.0, missing_s=3.0, missing_colour=WarningColour.YELLOW, off_delay_s=60.0
)


def engine_of(*rules):
    return new_engine(catalogue(["last(A.x)", "mean(A.x, B.x)"], rules))


def take(engine, second, value, channel=20):
    time = START + round(second * SECOND)
    return steps_of(engine.take(batch_of([(time, channel, value, 0)]), now_ns=time))


def close(engine, second):
    return steps_of(engine.close_until(START + round(second * SECOND)))


def test_that_the_watermark_annunciates_at_the_instant_the_sample_was_due():
    engine = engine_of(RULE)
    take(engine, 0, 1.0)
    assert close(engine, 2.999) == []
    (step,) = close(engine, 3)
    assert step[:6] == (0, START + 3 * SECOND, 0, WarningColour.YELLOW, Side.MISSING, 1.0)
    assert (engine.state.quality[0], engine.state.side[0], engine.state.band[0]) == (
        Quality.MISSING, Side.MISSING, WarningColour.YELLOW,
    )  # fmt: skip
    assert close(engine, 50) == []


def engine_with_first_sample():
    engine = engine_of(RULE)
    take(engine, 0, 1.0)
    return engine


def test_that_a_late_watermark_tells_the_same_instant():
    engine = engine_with_first_sample()
    (step,) = close(engine, 500)
    assert step[:5] == (0, START + 3 * SECOND, 0, WarningColour.YELLOW, Side.MISSING)


def test_that_the_next_sample_ends_it_at_once_without_off_delay():
    engine = engine_with_first_sample()
    close(engine, 10)
    (step,) = take(engine, 11, 1.0)
    assert step[1:5] == (START + 11 * SECOND, WarningColour.YELLOW, WarningColour.NONE, Side.NONE)


def test_that_a_gap_between_two_samples_is_annunciated_though_no_watermark_fell_into_it():
    engine = engine_with_first_sample()
    steps = take(engine, 3, 1.0)
    assert [step[1:4] for step in steps] == [(START + 3 * SECOND, 0, 2), (START + 3 * SECOND, 2, 0)]


def test_that_a_bad_sample_ends_silence_but_not_the_band_beneath():
    engine = engine_of(RULE)
    take(engine, 0, 9.0)
    assert [(step[2:4], step[7]) for step in close(engine, 10)] == [((0, 2), Aspect.COMMS)]
    assert engine.state.quality[0] == Quality.MISSING
    assert [(step[2:4], step[7]) for step in take(engine, 11, float("nan"))] == [((2, 0), Aspect.COMMS)]
    assert (engine.state.quality[0], engine.state.band[0], engine.state.side[0]) == (
        Quality.BAD, WarningColour.RED, Side.HIGH,
    )  # fmt: skip


def test_that_a_value_and_its_link_stand_and_return_each_for_itself():
    """A19, phoebus#1928: the loss of a link says nothing about the value that stood."""
    engine = engine_of(RULE)
    take(engine, 0, 9.0)
    close(engine, 10)
    told = [(band.aspect, band.band, band.side) for band in engine.bands()]
    assert told == [
        (Aspect.PROCESS, WarningColour.RED, Side.HIGH), (Aspect.COMMS, WarningColour.YELLOW, Side.MISSING),
    ]  # fmt: skip
    again = engine_of(RULE)
    again.restore(engine.bands())
    assert again.bands() == engine.bands()
    assert [(step[2:4], step[7]) for step in take(again, 11, 1.0)] == [((2, 0), Aspect.COMMS)]
    assert [(step[2:4], step[7]) for step in take(again, 72, 1.0)] == [
        ((0, 2), Aspect.COMMS),
        ((2, 0), Aspect.COMMS),
        ((4, 0), Aspect.PROCESS),
    ]


def test_that_a_vital_never_seen_is_not_missing():
    engine = engine_of(RULE)
    assert close(engine, 1000) == []
    assert engine.state.quality[0] == Quality.NEVER


def test_that_an_aggregate_is_missing_by_its_own_cells():
    engine = engine_of(Threshold(threshold_set=SET, vital="V1", missing_s=5.0))
    take(engine, 0.5, 1.0)
    assert close(engine, 1) == []
    (step,) = close(engine, 20)
    assert step[:4] == (1, START + 6 * SECOND, 0, WarningColour.BLUE)
