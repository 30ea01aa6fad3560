"""Who owns which channels: every channel exactly one daemon, every vital one or named."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest.ownership import NOBODY, Ownership, runs_of, share_of
from chengyun_core.ingest.settings import RangeSettings
from chengyun_core.model.failure import Refused
from tests.core.ingest.daemon.building import city


def by_number(shard: int, first: int, last: int) -> RangeSettings:
    return RangeSettings(shard=shard, first=first, last=last)


def test_that_one_daemon_owns_everything() -> None:
    catalogue = city()
    share = share_of(catalogue, (), shards=1, shard=0)
    assert share.catalogue is catalogue
    assert list(share.owned) == [row.number for row in catalogue.vitals]
    assert share.mine(np.array([0, 1], np.uint32)) is None


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9), st.integers(0, 3)), max_size=6), st.integers(0, 70))
def test_that_ranges_give_every_channel_the_owner_a_plain_reading_gives(
    made: list[tuple[int, int, int]], channel: int
) -> None:
    ranges = [by_number(shard, first, first + more) for first, more, shard in made]
    claimed = {}
    clash = False
    for item in ranges:
        for number in range(item.first, item.last + 1):
            clash |= claimed.setdefault(number, item.shard) != item.shard
    if clash:
        with pytest.raises(Refused) as refused:
            Ownership(city(), ranges, shards=4)
        assert refused.value.reason.code == "ingest.channel_twice"
        return
    ownership = Ownership(city(), ranges, shards=4)
    assert ownership.owner_of(np.array([channel], np.uint32)) == [claimed.get(channel, 0)]
    assert ownership.owners_in(range(5, 25)) == {claimed.get(number, 0) for number in range(5, 25)}


def test_that_a_channel_claimed_twice_is_refused_with_both_ranges_named() -> None:
    ranges = (by_number(1, 0, 0), RangeSettings(shard=2, devices="A"))
    with pytest.raises(Refused) as refused:
        share_of(city(), ranges, shards=3, shard=0)
    said = refused.value.reason.params
    assert {said["first"], said["second"]} == {"shard 1: channels 0–0", "shard 2: devices A*"}


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (by_number(2, 0, 1), "ingest.no_such_shard"),
        (RangeSettings(shard=1), "ingest.range_empty"),
        (RangeSettings(shard=1, first=3), "ingest.range_empty"),
        (RangeSettings(shard=1, devices="A", first=1, last=2), "ingest.range_empty"),
        (by_number(1, 5, 4), "ingest.range_empty"),
    ],
)
def test_that_a_range_that_cannot_be_meant_is_refused(item: RangeSettings, code: str) -> None:
    with pytest.raises(Refused) as refused:
        Ownership(city(), (item,), shards=2)
    assert refused.value.reason.code == code


@given(st.lists(st.integers(0, 40), unique=True))
def test_that_runs_name_exactly_the_numbers(numbers: list[int]) -> None:
    runs = runs_of(np.array(sorted(numbers), np.uint32))
    assert [number for first, after in runs for number in range(first, after)] == sorted(numbers)
    assert all(before[1] < after[0] for before, after in pairwise(runs))


def test_that_every_vital_is_judged_by_the_one_daemon_that_owns_all_its_channels() -> None:
    ranges = (RangeSettings(shard=1, devices="P"), by_number(1, 1, 1))
    shares = [share_of(city(), ranges, shards=2, shard=shard) for shard in range(2)]
    assert [list(share.owned) for share in shares] == [[0], [1, 2]]
    judged = [[not row.retired for row in share.catalogue.vitals] for share in shares]
    assert judged == [[True, False, False], [False, True, True]]
    assert [[row.device for row in share.catalogue.channels] for share in shares] == [["A"], ["B", "P"]]
    assert list(shares[1].mine(np.array([0, 1, 12], np.uint32))) == [False, True, True]


def test_that_a_vital_whose_channels_lie_with_two_daemons_is_judged_by_none_and_named_by_both() -> None:
    ranges = (by_number(1, 12, 14),)
    shares = [share_of(city(), ranges, shards=2, shard=shard) for shard in range(2)]
    assert [share.spanning for share in shares] == [("V2",), ("V2",)]
    assert [list(share.owned) for share in shares] == [[0, 1], []]
    assert Ownership(city(), ranges, shards=2).vitals()[2] == NOBODY
