"""Rates and muting: what passes, what is counted, who is named, and that nothing is lost without being counted."""

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest.sources.health import LIMITED_TOLD_NS, OFFENDERS_KEPT, OFFENDERS_TOLD, Health
from chengyun_core.ingest.sources.limits import BURST_S, Bucket, Gate
from chengyun_core.ingest.sources.muting import BAD_SHARE, JUDGED_FROM, LONGEST_RETRY_NS, RETRY_NS, TOLERATED, Muting
from chengyun_core.model.clock import NS_PER_S, ManualClock
from tests.core.ingest.daemon.building import batch


def samples(count):
    return batch(*[(0, second, 1.0) for second in range(count)])


def gate(**limits):
    health, clock = Health(name="s", kind="k"), ManualClock(NS_PER_S)
    return Gate(health, clock, **limits), health, clock


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 3 * NS_PER_S)), max_size=40), st.floats(1.0, 1000.0))
def test_that_a_bucket_never_grants_more_than_its_burst_and_its_rate(asks, rate):
    bucket, now_ns, granted = Bucket(rate, 0), 0, 0
    for wanted, later_ns in asks:
        now_ns += later_ns
        got = bucket.take(wanted, now_ns)
        assert 0 <= got <= wanted
        granted += got
        assert granted <= rate * (BURST_S + now_ns / NS_PER_S) + 1e-3


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 50)), max_size=60))
def test_that_every_sample_is_passed_or_counted_and_blamed(messages):
    watch, health, _ = gate(per_source=40.0, per_sender=20.0)
    passed = sum(len(watch.admitted(sender, samples(count))) for sender, count in messages)
    assert passed + health.drops.get("rate_limited", 0) == sum(count for _, count in messages)
    assert passed <= 40 * BURST_S


def test_that_a_flooding_sender_leaves_the_others_their_samples():
    watch, health, _ = gate(per_source=1000.0, per_sender=100.0)
    assert len(watch.admitted("loud", samples(5000))) == 200
    assert len(watch.admitted("quiet", samples(100))) == 100
    assert health.drops == {"rate_limited": 4800}
    assert health.told(now_ns=1, monotonic_ns=1).offenders == (("loud", 4800),)


def test_that_long_silence_saves_up_no_more_than_one_burst():
    bucket = Bucket(10.0, 0)
    assert bucket.take(10**6, 3600 * NS_PER_S) == 10 * BURST_S


def test_that_what_the_whole_source_refuses_is_not_charged_to_its_sender():
    watch, _, clock = gate(per_source=10.0, per_sender=100.0)
    assert len(watch.admitted("a", samples(200))) == 20
    clock.advance(2.0)
    watch.admitted("b", samples(20))
    clock.advance(2.0)
    assert len(watch.admitted("a", samples(200))) == 20, "its own bucket is still full, the source has filled again"
    assert watch._each["a"].take(1000, clock.monotonic_ns()) == 180


def test_that_no_limit_is_no_limit():
    watch, health, _ = gate(per_source=0.0)
    assert len(watch.admitted("a", samples(5000))) == 5000
    assert watch.pause_s(10**9) == 0.0
    assert health.drops == {}


def test_that_a_sender_that_waits_pays_its_debt_in_time_and_loses_nothing():
    watch, health, clock = gate(per_source=100.0)
    assert watch.pause_s(200) == 0.0
    assert watch.pause_s(100) == 1.0
    clock.advance(1.0)
    assert watch.pause_s(50) == 0.5
    assert health.drops == {}


def test_that_a_running_source_says_whom_it_limits_for_a_while():
    health = Health(name="s", kind="k")
    health.became("running")
    health.limited("ingest.source_muting", NS_PER_S)
    assert health.told(now_ns=1, monotonic_ns=NS_PER_S).reason == "ingest.source_muting"
    assert health.told(now_ns=1, monotonic_ns=NS_PER_S + LIMITED_TOLD_NS).reason == ""


def test_that_a_state_is_dated_when_it_began_and_the_last_fault_is_kept():
    health = Health(name="s", kind="k")
    assert health.told(now_ns=5, monotonic_ns=5).since_ns == 5
    health.became("running")
    assert health.told(now_ns=7, monotonic_ns=7).since_ns == 7
    health.dropped("bad_json", detail="x\u202e\n")
    told = health.told(now_ns=9, monotonic_ns=9)
    assert (told.since_ns, told.last_fault) == (7, "bad_json: x\\u202e\\n")


def test_that_the_worst_senders_are_named_however_many_there_are():
    health = Health(name="s", kind="k")
    for number in range(OFFENDERS_KEPT * 3):
        health.blame(f"sender {number}")
        health.blame("worst", 3)
    told = health.told(now_ns=1, monotonic_ns=1).offenders
    assert told[0] == ("worst", OFFENDERS_KEPT * 9)
    assert len(told) == OFFENDERS_TOLD


def test_that_a_muted_sender_is_read_less_and_less_often_and_a_good_message_lifts_it():
    muting, now_ns = Muting(), NS_PER_S
    assert [muting.was_bad("a", now_ns) for _ in range(TOLERATED)] == [False] * (TOLERATED - 1) + [True]
    pauses = []
    for _ in range(9):
        assert not muting.may_pass("a", now_ns)
        pause_ns = next(
            ns for ns in range(RETRY_NS, 2 * LONGEST_RETRY_NS, RETRY_NS) if muting.may_pass("a", now_ns + ns)
        )
        now_ns += pause_ns
        pauses.append(pause_ns // RETRY_NS)
        assert not muting.was_bad("a", now_ns), "it is told once"
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    muting.was_good("a")
    assert muting.may_pass("a", now_ns)
    assert muting.may_pass("b", now_ns)


def test_that_a_good_message_now_and_then_is_no_alibi():
    muting, told = Muting(), 0
    for number in range(2 * JUDGED_FROM):
        if not muting.may_pass("a", 1):
            break
        if number % 20 == 19:
            muting.was_good("a")
        else:
            told += muting.was_bad("a", 1)
    assert told == 1, f"{BAD_SHARE:.0%} of its messages are bad"


def test_that_a_sender_half_of_whose_messages_are_bad_is_read_on():
    muting = Muting()
    for number in range(10 * JUDGED_FROM):
        assert muting.may_pass("a", 1)
        if number % 2:
            muting.was_good("a")
        else:
            assert not muting.was_bad("a", 1)
