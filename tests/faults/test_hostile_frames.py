"""RF16, RG8: malformed and hostile messages at every decoder, door and stream: refused by cause, and never a crash.

What the fuzzer must be able to find is shown by decoders with a fault put in.
"""

from pathlib import Path

import pytest

from chengyun_core.mirror.state_stream import StateStream
from chengyun_core.wire import frames, heartbeat
from tests.faults import fuzz
from tests.faults.fuzz import live

FRAMES = 50_000
SEED = 20_260_718
SOME = 4_000
MESSAGES = 1_500
RSS_CAP_MIB = 64


@pytest.mark.fault
@pytest.mark.timeout(240)
def test_that_fifty_thousand_hostile_messages_crash_nothing_and_each_refusal_is_told() -> None:
    counts = fuzz.run(FRAMES, SEED)
    print(counts)
    assert not counts.crashes, counts.crashes[0]
    assert counts.used + sum(counts.refused.values()) == FRAMES
    assert counts.used > FRAMES / 50, "too little is whole after its damage to reach what lies behind the decoders"
    assert counts.rss_added_mib < fuzz.RSS_CAP_MIB
    assert counts.sound


def test_that_the_same_seed_throws_the_same() -> None:
    first, second = fuzz.run(SOME, 7), fuzz.run(SOME, 7)
    assert (first.used, first.refused) == (second.used, second.refused)


@pytest.mark.parametrize("fault", ["codes unchecked", "clocks unchecked", "numbers believed"])
def test_that_a_decoder_with_a_fault_is_found_out(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    match fault:
        case "codes unchecked":
            monkeypatch.setattr(frames, "_check", lambda _columns: None)
        case "clocks unchecked":
            monkeypatch.setattr(heartbeat, "_is_lawful", lambda _law: True)
        case "numbers believed":
            monkeypatch.setattr(StateStream, "_disown", lambda *_: None)
            monkeypatch.setattr(StateStream, "_is_long_ahead", lambda *_: False)
    counts = fuzz.run(5 * SOME, SEED, until_crash=True)
    assert counts.crashes, f"{fault}, and nobody noticed"
    assert not counts.sound


@pytest.mark.fault
@pytest.mark.timeout(240)
def test_that_both_living_daemons_answer_on_after_hostile_messages(tmp_path: Path) -> None:
    for daemon in live.fire_at_both(tmp_path, MESSAGES, SEED):
        print(daemon)
        assert daemon.runs
        assert daemon.bugs == 0
        assert daemon.told > MESSAGES / 2
        assert daemon.rss_added_mib < RSS_CAP_MIB
