"""Counting devices heard lately, a piece of the channels at a time."""

import numpy as np
import pytest

from chengyun_core.ingest import devices
from chengyun_core.ingest.devices import DeviceCounts
from chengyun_core.model.catalogue import Catalogue, Channel, Device

SECOND = 1_000_000_000
COUNT = 25


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "PIECE", 10)


def _counts() -> DeviceCounts:
    """One series of 25 devices, each with two channels of a period of 10 s: 50 channels, five pieces."""
    device = Device(code="D", name="D", kind="gauge", centre="500103", subtrack="ST1", count=COUNT)
    channels = tuple(
        Channel(number=first, device="D", quantity=quantity, unit="m", period_s=10.0, count=COUNT)
        for first, quantity in ((0, "level"), (COUNT, "flow"))
    )
    return DeviceCounts(Catalogue(devices=(device,), channels=channels))


def _round(counts: DeviceCounts, last_ns: np.ndarray, now_ns: int) -> int:
    return [counts.go_on(lambda begin, end: last_ns[begin:end], now_ns) for _ in range(5)][-1]


def test_that_a_round_of_pieces_counts_each_device_once_whichever_of_its_channels_was_heard() -> None:
    last_ns = np.full(2 * COUNT, -1, np.int64)
    last_ns[[3, 3 + COUNT, 7, 24 + COUNT]] = 100 * SECOND
    counts = _counts()
    assert (counts.registered, counts.connected) == (COUNT, COUNT)
    assert _round(counts, last_ns, 130 * SECOND) == 3
    assert _round(counts, last_ns, 131 * SECOND) == 0


def test_that_the_first_round_tells_as_it_goes_and_later_ones_when_they_are_whole() -> None:
    last_ns, counts = np.full(2 * COUNT, SECOND, np.int64), _counts()
    told = [counts.go_on(lambda begin, end: last_ns[begin:end], SECOND) for _ in range(7)]
    assert told == [10, 20, 25, 25, 25, 25, 25]


def test_that_an_engine_that_knows_fewer_channels_is_counted_as_far_as_it_goes() -> None:
    counts = _counts()
    assert counts.go_on(lambda begin, end: np.full(COUNT, SECOND, np.int64)[begin:end], SECOND) == 10
    assert _round(counts, np.full(12, SECOND, np.int64), SECOND) >= 10
