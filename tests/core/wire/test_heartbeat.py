"""Heartbeats: the version of any build is readable, and no number gets through that ends who follows it."""

from dataclasses import replace

import pytest

from chengyun_core.model.clock import ClockLaw
from chengyun_core.wire import codec, heartbeat
from chengyun_core.wire.codec import BadMessage
from tests.support.news_from import beat

FAR = heartbeat.FARTHEST_NS


@pytest.mark.parametrize("rate", [60.0, 0.0], ids=["fast", "a paused drill's"])
def test_that_a_heartbeat_comes_out_as_it_went_in(rate: float) -> None:
    sent = beat(sent_ns=5, law=ClockLaw(epoch=3, machine_anchor_ns=1, profile_anchor_ns=2, rate=rate))
    assert heartbeat.read(codec.pack(sent)) == sent


@pytest.mark.parametrize(
    "lie",
    [
        {"epoch": -1}, {"tail": -1}, {"sent_ns": FAR}, {"clock_ns": -FAR}, {"gauges": {"x": float("inf")}},
        {"gauges": {"x": float("nan")}}, {"law": ClockLaw(rate=float("inf"))}, {"law": ClockLaw(rate=float("nan"))},
        {"law": ClockLaw(rate=-1.0)}, {"law": ClockLaw(profile_anchor_ns=FAR)},
        {"law": ClockLaw(epoch=2**40)}, {"law": ClockLaw(rate=1e6), "sent_ns": FAR - 1},
    ],
    ids=repr,
)  # fmt: skip
def test_that_a_number_nobody_can_follow_is_refused(lie: dict[str, object]) -> None:
    with pytest.raises(BadMessage, match="Heartbeat"):
        heartbeat.read(codec.pack(replace(beat(sent_ns=1), **lie)))


def test_that_a_heartbeat_is_one_of_ours() -> None:
    with pytest.raises(BadMessage):
        heartbeat.read(codec.pack({"protocol": 1}))
