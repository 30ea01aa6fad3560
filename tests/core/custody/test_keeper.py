"""A profile sealed, opened, sealed again and closed: nothing in clear, nothing lost, wherever it is cut off."""

import os
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun_core.custody import container, envelope, erasing, keeper, place, tree
from chengyun_core.custody.keeper import Keeper
from chengyun_core.custody.pieces import PIECE_BYTES, Pieces
from chengyun_core.launch import profile as profiles
from chengyun_core.model.failure import Refused, Trouble
from tests.core.custody import sealing
from tests.core.custody.sealing import DAY_NS, DRAFT, NOON_NS, OTHER, PASSPHRASE, contents

pytestmark = pytest.mark.usefixtures("quick")


class Cut(BaseException):
    """The power went."""


def test_that_no_byte_of_a_sealed_profile_tells_a_name_a_key_or_a_setting(profile: Path) -> None:
    keys = [file.read_text("ascii").encode() for file in (profile / "keys").iterdir()]
    told = [*keys, DRAFT.encode(), "张三".encode(), "一号演练".encode(), b"SQLite format 3", b"drafts", b"admin.key",
            b"A-01", b"[profile]", b"500000"]  # fmt: skip
    before = b"".join(data or b"" for data in contents(profile).values())
    assert all(word in before for word in (*keys, DRAFT.encode(), b"SQLite format 3"))  # they could be found
    sealing.sealed(profile, sealing.clock())
    files = [path for path in profile.rglob("*") if path.is_file()]
    assert {path.relative_to(profile).parts[0] for path in files} == {tree.SEAL}
    after = b"".join(path.read_bytes() + str(path.relative_to(profile)).encode() for path in files)
    assert [word for word in told if word in after] == []
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_that_the_bytes_of_the_clear_files_are_written_over_on_the_disk(profile: Path) -> None:
    with (profile / "seats" / "A-01" / "drafts.json").open("rb") as disk:
        sealing.sealed(profile, sealing.clock())
        assert DRAFT.encode()[:6] not in disk.read()


def test_that_what_is_opened_is_bit_for_bit_what_was_sealed_with_modes_and_times(profile: Path) -> None:
    before = contents(profile)
    lying = {one.path: one for one in tree.lying(profile)}
    at = sealing.clock()
    sealing.sealed(profile, at)
    kept = Keeper(profile, PASSPHRASE, at)
    assert contents(kept.folder) == before
    for one in tree.lying(kept.folder):
        assert (one.mode, one.is_folder) == (lying[one.path].mode, lying[one.path].is_folder)
        assert one.is_folder or one.mtime_ns == lying[one.path].mtime_ns
    assert kept.folder.stat().st_mode & 0o777 == 0o700
    kept.close()
    assert not kept.folder.exists()


def test_that_what_was_written_while_open_is_there_after_closing_and_after_a_cut_as_sealed_last(profile: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at)
    kept = Keeper(profile, PASSPHRASE, at)
    (kept.folder / "one").write_text("one")
    kept.seal()
    (kept.folder / "two").write_text("two")
    kept.abandon()
    _reboot(kept)
    again = Keeper(profile, PASSPHRASE, at)
    assert (again.folder / "one").read_text() == "one"
    assert not (again.folder / "two").exists()
    (again.folder / "one").unlink()
    before = contents(again.folder)
    again.close()
    last = Keeper(profile, PASSPHRASE, at)
    assert contents(last.folder) == before
    last.close()


def test_that_what_a_killed_keeper_left_open_is_taken_up_with_nothing_lost(profile: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at)
    kept = Keeper(profile, PASSPHRASE, at)
    (kept.folder / "late").write_text("late")
    kept.abandon()  # as the system does with the lock of who is killed
    again = Keeper(profile, PASSPHRASE, at)
    assert again.was_left_open
    assert (again.folder / "late").read_text() == "late"
    again.close()
    last = Keeper(profile, PASSPHRASE, at)
    assert (last.folder / "late").read_text() == "late"
    last.close()


def test_that_what_lies_open_of_another_seal_is_not_taken_for_this_one(profile: Path, tmp_path: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at)
    Keeper(profile, PASSPHRASE, at).abandon()
    erasing.erase_tree(profile)
    sealing.plain(profile)
    sealing.sealed(profile, at)
    with pytest.raises(Refused, match=r"custody\.other_left_open"):
        Keeper(profile, PASSPHRASE, at)


def test_that_one_opens_it_at_a_time(profile: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at)
    kept = Keeper(profile, PASSPHRASE, at)
    assert place.is_open(profile)
    with pytest.raises(Refused, match=r"custody\.is_open"):
        Keeper(profile, PASSPHRASE, at)
    kept.close()
    assert not place.is_open(profile)


def test_that_a_date_moved_while_it_is_open_is_taken_up_and_a_forged_one_is_not(profile: Path) -> None:
    at = sealing.clock()
    made = sealing.sealed(profile, at, days=10)
    kept = Keeper(profile, PASSPHRASE, at)
    keeper.extend(profile, PASSPHRASE, at, until_ns=NOON_NS + 20 * DAY_NS)
    kept.take_up_envelope()
    assert kept.until_ns == NOON_NS + 20 * DAY_NS
    assert place.until_of(kept.folder) == kept.until_ns  # which consoles tell at the log-in
    forged, _ = envelope.make(OTHER, suite="international", now_ns=0, until_ns=NOON_NS + 300 * DAY_NS, cost=15)
    envelope.write(place.seal_of(profile), envelope.replace(forged, serial=99, number=made.number))
    kept.take_up_envelope()
    assert kept.until_ns == NOON_NS + 20 * DAY_NS
    at.advance(20 * 86_400)
    assert kept.is_over()
    kept.destroy()
    assert not kept.folder.exists()
    with pytest.raises(Trouble, match=r"custody\.destroyed_expired"):
        keeper.current(profile, at)


def test_that_setting_the_clock_back_while_it_is_open_does_not_prolong_it(profile: Path) -> None:
    class Turned(type(sealing.clock())):  # type: ignore[misc]
        """A clock whose wall time can be turned back; the other one goes on."""

        back_ns = 0

        def utc_ns(self) -> int:
            return int(self.now_ns - self.back_ns)

    at = Turned(NOON_NS)
    sealing.sealed(profile, at, days=10)
    kept = Keeper(profile, PASSPHRASE, at)
    at.advance(11 * 86_400)
    at.back_ns = 11 * DAY_NS
    assert kept.is_over()
    kept.destroy()


def test_that_another_passphrase_seals_all_anew_and_the_old_one_opens_nothing(profile: Path) -> None:
    at = sealing.clock()
    before = contents(profile)
    sealing.sealed(profile, at)
    seal = place.seal_of(profile)
    old_envelope, old_pieces = (seal / envelope.NAME).read_bytes(), {path.name for path in seal.glob("1/*/*")}
    with pytest.raises(Refused, match=r"custody\.wrong_passphrase"):
        keeper.change_passphrase(profile, OTHER, OTHER, at, cost=15)
    with pytest.raises(Refused, match=r"custody\.weak_passphrase"):
        keeper.change_passphrase(profile, PASSPHRASE, "short", at, cost=15)
    keeper.change_passphrase(profile, PASSPHRASE, OTHER, at, cost=15)
    assert not (seal / "1").exists()
    new_pieces = {path.name for path in seal.glob("2/*/*")}
    assert len(new_pieces) == len(old_pieces)
    assert not new_pieces & old_pieces
    with pytest.raises(Refused, match=r"custody\.wrong_passphrase"):
        Keeper(profile, PASSPHRASE, at)
    kept = Keeper(profile, OTHER, at)
    assert contents(kept.folder) == before
    kept.close()
    (seal / envelope.NAME).write_bytes(old_envelope)  # kept by somebody who knew the old one
    with pytest.raises(Trouble, match=r"custody\.damaged"):
        Keeper(profile, PASSPHRASE, at)


def test_that_no_profile_is_made_or_opened_in_clear_beside_a_seal(profile: Path) -> None:
    sealing.sealed(profile, sealing.clock())
    for door in (profiles.ensure, profiles.opened):
        with pytest.raises(Trouble, match=r"custody\.closed"):
            door(profile)
    assert [path.name for path in profile.iterdir()] == [tree.SEAL]


def test_that_only_what_changed_is_written_and_what_nobody_needs_is_taken_away(profile: Path) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at)
    kept = Keeper(profile, PASSPHRASE, at)
    kept.seal()
    pieces = place.seal_of(profile) / "1"
    before = {path: path.stat().st_ino for path in pieces.glob("*/*")}
    (kept.folder / "seats" / "A-01" / "drafts.json").write_text("new")
    kept.seal()
    after = {path: path.stat().st_ino for path in pieces.glob("*/*")}
    assert len(after.keys() - before.keys()) == 1
    assert len(before.keys() - after.keys()) == 1
    assert all(after[path] == before[path] for path in after.keys() & before.keys())
    kept.close()


def test_that_the_copy_is_made_while_writers_stand_still_and_the_sealing_after(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, story = sealing.clock(), []
    sealing.sealed(profile, at)
    kept = Keeper(profile, PASSPHRASE, at)

    @contextmanager
    def still() -> Any:
        story.append("still")
        yield
        story.append("on")

    copied, seal = tree.copied, container.Container.seal
    monkeypatch.setattr(tree, "copied", lambda *given: (story.append("copied"), copied(*given))[1])
    monkeypatch.setattr(
        container.Container, "seal", lambda *given, **named: (story.append("sealed"), seal(*given, **named))[1]
    )
    kept.seal(still)
    assert story == ["still", "copied", "on", "sealed"]
    kept.close()


CALLS = ("fsync", "replace", "open", "unlink", "pwrite")


@pytest.mark.parametrize("call", CALLS)
def test_that_a_sealing_cut_anywhere_leaves_the_profile_or_the_seal(
    memory: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    cuts = 0
    for number in range(200):
        profile = sealing.plain(memory / str(number), blocks=5)
        before, at = contents(profile), sealing.clock()
        done = _cut_at(monkeypatch, call, number, lambda p=profile, a=at: sealing.sealed(p, a))
        if not place.is_sealed(profile):
            left = {name: data for name, data in contents(profile).items() if not name.startswith(tree.SEAL)}
            assert left == before
            sealing.sealed(profile, at)
        kept = Keeper(profile, PASSPHRASE, at)
        assert contents(kept.folder) == before
        assert [path.name for path in profile.iterdir()] == [tree.SEAL]
        kept.close()
        _forget_lock(kept)
        if done:
            break
        cuts += 1
    assert cuts >= 3


@pytest.mark.parametrize("call", CALLS[:4])
def test_that_sealing_back_cut_anywhere_leaves_the_one_before_or_the_new_one(
    memory: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    for number in range(200):
        profile = sealing.plain(memory / str(number), blocks=5)
        at = sealing.clock()
        sealing.sealed(profile, at)
        kept = Keeper(profile, PASSPHRASE, at)
        before = contents(kept.folder)
        (kept.folder / "seats" / "A-01" / "drafts.json").write_text("changed")
        after = contents(kept.folder)
        done = _cut_at(monkeypatch, call, number, kept.seal)
        kept.abandon()
        _reboot(kept)
        again = Keeper(profile, PASSPHRASE, at)
        assert contents(again.folder) in (before, after)
        assert not done or contents(again.folder) == after
        # What half of a piece was left is not taken for the whole one when the same is sealed again.
        (again.folder / "seats" / "A-01" / "drafts.json").write_text("changed")
        again.close()
        last = Keeper(profile, PASSPHRASE, at)
        assert contents(last.folder) == after
        last.close()
        _forget_lock(last)
        if done:
            break
    assert number >= 2


@pytest.mark.parametrize("call", CALLS[:4])
def test_that_a_change_of_passphrase_cut_anywhere_leaves_one_of_the_two_good(
    memory: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    for number in range(200):
        profile = sealing.plain(memory / str(number), blocks=5)
        before, at = contents(profile), sealing.clock()
        sealing.sealed(profile, at)
        done = _cut_at(
            monkeypatch, call, number,
            lambda p=profile, a=at: keeper.change_passphrase(p, PASSPHRASE, OTHER, a, cost=15),
        )  # fmt: skip
        kept = _opened_by_either(profile, at)
        assert contents(kept.folder) == before
        assert len([path for path in place.seal_of(profile).iterdir() if path.is_dir()]) == 1
        kept.close()
        _forget_lock(kept)
        if done:
            break
    assert number >= 2


@pytest.mark.parametrize("harm", ["flip", "cut", "swap", "gone"])
def test_that_a_harmed_piece_is_told_and_never_taken_for_data(profile: Path, harm: str) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at)
    one, other = sorted(place.seal_of(profile).glob("1/*/*"), key=lambda path: path.stat().st_size)[-2:]
    data = bytearray(one.read_bytes())
    if harm == "flip":
        data[len(data) // 2] ^= 1
    if harm in ("flip", "cut"):
        one.write_bytes(data if harm == "flip" else data[:-20])
    elif harm == "swap":
        one.write_bytes(other.read_bytes())
    else:
        one.unlink()
    with pytest.raises(Trouble, match=r"custody\.damaged"):
        Keeper(profile, PASSPHRASE, at)
    assert not place.is_open(profile)
    assert not place.open_folder(profile).exists()


def test_that_an_index_that_leads_out_of_the_profile_is_not_followed(profile: Path) -> None:
    for path in ("../x", "/etc/x", "seal/x", "run/x", ""):
        with pytest.raises(Trouble, match=r"custody\.damaged"):
            container._inside(path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.binary(max_size=300), st.integers(0, 3 * PIECE_BYTES + 1)),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_that_any_bytes_come_back_from_their_pieces(tmp_path_factory: pytest.TempPathFactory, parts: list[Any]) -> None:
    _, keys = envelope.make(PASSPHRASE, suite="international", now_ns=0, until_ns=1, cost=15)
    folder = tmp_path_factory.mktemp("pieces")
    pieces = Pieces(folder, keys)
    data = b"".join(part if isinstance(part, bytes) else bytes(part) for part in parts)
    chunks = [data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES)]
    names = [pieces.put(chunk) for chunk in chunks]
    assert [pieces.get(name, len(chunk)) for name, chunk in zip(names, chunks, strict=True)] == chunks
    assert names == [pieces.put(chunk) for chunk in chunks]


def test_that_memory_too_small_is_told_before_anything_is_laid_out(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = sealing.clock()
    sealing.sealed(profile, at)
    monkeypatch.setattr(place, "_available_memory", lambda: 1 << 20)
    with pytest.raises(Trouble, match=r"custody\.memory_low"):
        Keeper(profile, PASSPHRASE, at)


def test_that_a_link_or_another_user_s_folder_in_memory_is_refused(
    profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place.open_folder(profile)
    folder.symlink_to(tmp_path)
    with pytest.raises(Refused, match=r"custody\.foreign_folder"):
        place.open_folder(profile)
    folder.unlink()
    folder.mkdir()
    mine, other = f"-{os.getuid()}-", os.getuid() + 1
    monkeypatch.setattr(place.os, "getuid", lambda: other)
    theirs = folder.rename(place.MEMORY / folder.name.replace(mine, f"-{other}-"))
    with pytest.raises(Refused, match=r"custody\.foreign_folder"):
        place.open_folder(profile)
    theirs.rmdir()


def test_that_what_a_console_wrote_after_the_end_is_not_taken_for_the_profile(profile: Path) -> None:
    before, at = contents(profile), sealing.clock()
    sealing.sealed(profile, at)
    kept = Keeper(profile, PASSPHRASE, at)
    kept.close()
    (kept.folder / "cache").mkdir(parents=True)
    (kept.folder / "cache" / "catalogue").write_text("late")
    for name in (place.STAGE, place.PART):
        kept.folder.with_name(f"{kept.folder.name}{name}").mkdir()
    assert not place.is_open(profile)
    again = Keeper(profile, PASSPHRASE, at)
    assert not again.was_left_open
    assert contents(again.folder) == before
    assert not list(place.MEMORY.glob(f"{kept.folder.name}.[ps]*"))
    again.close()


def _opened_by_either(profile: Path, at: Any) -> Keeper:
    try:
        return Keeper(profile, PASSPHRASE, at)
    except Refused:
        return Keeper(profile, OTHER, at)


def _cut_at(monkeypatch: pytest.MonkeyPatch, call: str, number: int, deed: Callable[[], object]) -> bool:
    """Do a deed whose `number`th call of the system never returns; return whether it had so many."""
    real, seen = getattr(os, call), [0]

    def cut(*given: Any, **named: Any) -> Any:
        seen[0] += 1
        if seen[0] > number:
            if call == "fsync":
                _lose_the_unsynced(*given)
            raise Cut
        return real(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, cut)
        try:
            deed()
        except Cut:
            return False
    return True


def _lose_the_unsynced(descriptor: int) -> None:
    """A file that was being synced when the power went may have half its bytes; of a folder nothing can be taken."""
    with suppress(OSError):
        os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)


def _reboot(kept: Keeper) -> None:
    """What lies in memory is gone."""
    if kept.folder.exists():
        erasing.unlink_tree(kept.folder)
        kept.folder.rmdir()


def _forget_lock(kept: Keeper) -> None:
    kept.folder.with_name(f"{kept.folder.name}.lock").unlink(missing_ok=True)
