"""A seal's date, the clock it is held against, its end, and what wrong passphrases cost."""

from pathlib import Path

import pytest

from chengyun_core.custody import envelope, keeper, place, story, term, tries
from chengyun_core.custody.keeper import Keeper
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused, Trouble
from tests.core.custody import sealing
from tests.core.custody.sealing import DAY_NS, NOON_NS, OTHER, PASSPHRASE

pytestmark = pytest.mark.usefixtures("quick")


def test_that_an_expired_seal_is_destroyed_by_whoever_looks_and_leaves_its_story(profile: Path) -> None:
    at = sealing.clock()
    made = sealing.sealed(profile, at, days=10)
    with (place.seal_of(profile) / envelope.NAME).open("rb") as disk:
        at.advance(10 * 86_400)
        with pytest.raises(Trouble, match=r"custody\.expired_now"):
            keeper.current(profile, at)
        # The very bytes on the disk, not only the name.
        assert made.wrapped.encode() not in disk.read()
    assert sorted(path.name for path in place.seal_of(profile).rglob("*")) == ["destroyed.json", "story.jsonl"]
    assert [line["event"] for line in story.told(place.seal_of(profile))] == ["sealed", "destroyed"]
    with pytest.raises(Trouble, match=r"custody\.destroyed_expired"):
        Keeper(profile, PASSPHRASE, at)
    assert place.is_sealed(profile)  # so that nobody makes a new profile in its place by mistake


def test_that_a_second_before_its_end_it_still_opens(profile: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at, days=10)
    at.advance(10 * 86_400 - 1)
    assert term.days_left(keeper.current(profile, at), at.utc_ns()) == 0
    Keeper(profile, PASSPHRASE, at).close()


def test_that_a_clock_put_back_opens_nothing_and_destroys_nothing(profile: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at)
    at.advance(5 * 86_400)
    Keeper(profile, PASSPHRASE, at).close()
    at.advance(-86_400)
    with pytest.raises(Refused, match=r"custody\.clock_back"):
        Keeper(profile, PASSPHRASE, at)
    at.advance(86_400)
    Keeper(profile, PASSPHRASE, at).close()


def test_that_taking_the_noted_time_away_does_not_make_the_clock_believed(profile: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at)
    at.advance(5 * 86_400)
    Keeper(profile, PASSPHRASE, at).close()
    (place.seal_of(profile) / "seen").unlink()
    at.advance(-86_400)
    with pytest.raises(Refused, match=r"custody\.clock_back"):
        Keeper(profile, PASSPHRASE, at)


def test_that_a_date_is_moved_by_the_passphrase_only_and_the_earlier_envelope_is_refused(profile: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at, days=10)
    file = place.seal_of(profile) / envelope.NAME
    earlier = file.read_bytes()
    with pytest.raises(Refused, match=r"custody\.wrong_passphrase"):
        keeper.extend(profile, OTHER, at, until_ns=NOON_NS + 20 * DAY_NS)
    keeper.extend(profile, PASSPHRASE, at, until_ns=NOON_NS + 20 * DAY_NS)
    at.advance(15 * 86_400)
    Keeper(profile, PASSPHRASE, at).close()
    file.write_bytes(earlier)
    at.advance(-10 * 86_400 + 5 * 86_400)
    (place.seal_of(profile) / "seen").unlink()
    with pytest.raises((Refused, Trouble)):
        Keeper(profile, PASSPHRASE, at)


def test_that_an_earlier_envelope_put_back_within_its_date_is_refused(profile: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at, days=20)
    file = place.seal_of(profile) / envelope.NAME
    earlier = file.read_bytes()
    keeper.extend(profile, PASSPHRASE, at, until_ns=NOON_NS + 10 * DAY_NS)
    file.write_bytes(earlier)
    with pytest.raises(Refused, match=r"custody\.old_envelope"):
        Keeper(profile, PASSPHRASE, at)


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_that_a_date_behind_us_or_beyond_a_year_is_refused(profile: Path, days: int) -> None:
    at = sealing.clock()
    with pytest.raises(Refused, match=r"custody\.until"):
        sealing.sealed(profile, at, days=days)
    assert not place.is_sealed(profile)


def test_that_wrong_ones_wait_longer_and_longer_and_a_right_one_begins_anew(profile: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at)
    waits = []
    for _ in range(8):
        with pytest.raises(Refused, match=r"custody\.wrong_"):
            keeper.unlocked(profile, OTHER, at)
        waits.append(tries.read(place.seal_of(profile)).wait_s)
        at.advance(waits[-1])
    assert waits == [0, 0, 5, 10, 20, 40, 80, 160]
    at.advance(-1)
    # The right one has to wait, too, or waiting would tell that it is right.
    with pytest.raises(Refused, match=r"custody\.wait"):
        keeper.unlocked(profile, PASSPHRASE, at)
    at.advance(1)
    keeper.unlocked(profile, PASSPHRASE, at)
    assert tries.read(place.seal_of(profile)) == tries.Tries()


def test_that_the_wait_is_bounded_survives_a_restart_and_is_not_shortened_by_the_clock(tmp_path: Path) -> None:
    for _ in range(40):
        so_far = tries.note_wrong(tmp_path, NOON_NS)
    assert so_far.wait_s == tries.LONGEST_WAIT_S
    assert tries.read(tmp_path).left_s(NOON_NS - DAY_NS) == tries.LONGEST_WAIT_S
    assert tries.read(tmp_path).left_s(NOON_NS + 60 * NS_PER_S) == tries.LONGEST_WAIT_S - 60
    (tmp_path / "tries.json").write_text("{")
    assert tries.read(tmp_path).wait_s > 0


def test_that_the_story_holds_no_name_and_cannot_fill_a_disk(tmp_path: Path) -> None:
    (tmp_path / story.NAME).write_bytes(b"x" * (story.LONGEST_BYTES + 1) + b"\n")
    story.note(tmp_path, "wrong_passphrase", NOON_NS, wrong=7)
    assert story.told(tmp_path) == ()
    story.note(tmp_path, "destroyed", NOON_NS, why="expired")
    assert story.told(tmp_path) == ({"at_ns": NOON_NS, "event": "destroyed", "why": "expired"},)
