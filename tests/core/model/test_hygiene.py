"""Chatter, fleeting alarms, and the delays that are proposed against them."""

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.hygiene import NS_PER_S, Cycle, annunciated, is_chattering, is_fleeting, proposed_delay_s


def at(*seconds):
    return [round(second * NS_PER_S) for second in seconds]


def cycles(*spans):
    return [Cycle(*(None if second is None else round(second * NS_PER_S) for second in span)) for span in spans]


def test_that_three_raises_within_a_minute_are_chatter_until_the_minute_is_over():
    """ALARMS.md: at least three raises in 60 s (ESS)."""
    raised = at(0, 20, 40)
    assert is_chattering(raised, at(41)[0])
    assert not is_chattering(raised, at(60)[0])
    assert not is_chattering(at(0, 30, 60), at(60)[0])


def test_that_six_raises_within_five_minutes_are_chatter_too():
    """ALARMS.md: more than five in five minutes (SignalForge)."""
    assert is_chattering(at(0, 59, 118, 177, 236, 295), at(295)[0])
    assert not is_chattering(at(0, 59, 118, 177, 236), at(295)[0])


def test_that_an_alarm_nobody_could_act_on_is_fleeting():
    assert is_fleeting(cycles((0, 9))[0])
    assert not is_fleeting(cycles((0, 10))[0])
    assert not is_fleeting(cycles((0, None))[0])


def test_that_an_on_delay_drops_the_short_and_an_off_delay_joins_the_close():
    some = cycles((0, 4), (100, 130), (140, 170), (500, None))
    assert annunciated(some, on_s=10) == cycles((110, 130), (150, 170), (510, None))
    assert annunciated(some, off_s=20) == cycles((0, 24), (100, 190), (500, None))


def test_that_the_shortest_delay_that_stills_half_is_proposed():
    assert proposed_delay_s(cycles((0, 3), (20, 23), (40, 43), (60, 63))) == 5.0
    assert proposed_delay_s(cycles((0, 8), (20, 28), (40, 48), (60, 68))) == 10.0
    assert proposed_delay_s(cycles((0, 3000), (7200, 9000))) == 0.0


@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(1, 400)), min_size=1, max_size=30), st.sampled_from([0, 5, 60])
)
def test_that_longer_delays_never_tell_more(gaps, delay):
    found, now = [], 0
    for quiet, active in gaps:
        found.append((now + quiet, now + quiet + active))
        now += quiet + active
    some = cycles(*found)
    assert len(annunciated(some, off_s=delay + 10)) <= len(annunciated(some, off_s=delay)) <= len(some)
    assert len(annunciated(some, on_s=delay + 10)) <= len(annunciated(some, on_s=delay))
    assert all(one.returned is None or one.returned > one.raised for one in annunciated(some, on_s=delay, off_s=delay))
