"""Merging of facts: records that are only ever added to are bounded, for a console runs for weeks."""

import pytest

from chengyun_core.mirror import fact_merge
from chengyun_core.mirror.fact_merge import FactMerge
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.news import Fact
from chengyun_core.model.alarm_records import LateViolation
from chengyun_core.model.change import Change
from chengyun_core.model.scales import Side, WarningColour
from chengyun_core.wire import codec

MOST = 5


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_merge, "MOST_OF_A_KIND", MOST)


def _told(merge: FactMerge, number: int) -> None:
    late = LateViolation(
        number=number, vital=number, vital_code=f"V{number}", at=number, recorded_at=number, band=WarningColour.RED,
        side=Side.HIGH, value=1.0, limit=0.5,
    )  # fmt: skip
    change = Change(
        number=number, at_ns=number, action="alarm.late", kind="late", key=str(number), version=1,
        record=codec.pack(late),
    )  # fmt: skip
    merge.put(change, Fact(kind="late", key=str(number), version=1, number=number, record=late))


def test_that_only_the_newest_of_what_never_ends_are_kept_and_the_mirror_lets_the_others_go() -> None:
    """Found by `./dev soak week`: a console model gained 35 MiB a day."""
    merge, mirror = FactMerge(), FactMirror()
    for number in range(1, 21):
        _told(merge, number)
        news = merge.news(through=number, tail=number, complete=True)
        assert news is not None
        mirror.apply(news)
    assert sorted(mirror.late) == [16, 17, 18, 19, 20]


def test_that_what_came_and_went_between_two_hand_overs_is_not_told_as_there() -> None:
    merge, mirror = FactMerge(), FactMirror()
    for number in range(1, 21):
        _told(merge, number)
    news = merge.news(through=20, tail=20, complete=True)
    assert news is not None
    mirror.apply(news)
    assert sorted(mirror.late) == [16, 17, 18, 19, 20]
    assert len(news.facts) == MOST
