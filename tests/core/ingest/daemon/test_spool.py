"""The spool: what is on the disk is never lost, never numbered twice, and gone when confirmed."""

import errno
import os
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.ingest import spool as spooling
from chengyun_core.ingest.spool import Spool
from chengyun_core.model.scales import WarningColour
from tests.core.ingest.daemon.building import activation

BIG = 1 << 30


def opened(folder, *, new_epoch=77, limit=BIG):
    return Spool(folder, shard=0, new_epoch=new_epoch, limit_bytes=limit)


def segments(folder):
    return sorted((folder / "spool" / "0").glob("*.run"))


def test_that_activations_are_numbered_on_across_restarts_within_one_epoch(tmp_path):
    first = opened(tmp_path)
    first.append([activation(1), activation(2)])
    first.close()
    second = opened(tmp_path, new_epoch=99)
    second.append([activation(3)])
    assert [(item.epoch, item.seq, item.value) for item in second.run(10)] == [(77, 1, 1.0), (77, 2, 2.0), (77, 3, 3.0)]
    second.close()


def test_that_confirmed_activations_are_deleted_and_their_numbers_never_come_again(tmp_path):
    spool = opened(tmp_path)
    spool.append([activation(k) for k in range(4)])
    spool.confirm(2)
    assert [item.seq for item in spool.run(10)] == [3, 4]
    spool.confirm(4)
    assert segments(tmp_path) == []
    spool.close()
    again = opened(tmp_path)
    again.append([activation(9)])
    assert [item.seq for item in again.run(10)] == [5]
    again.close()


def test_that_the_fold_of_all_activations_survives_confirmation_and_restart(tmp_path):
    spool = opened(tmp_path)
    spool.append([
        activation(1, vital_number=1), activation(2, vital_number=2), activation(3, vital_number=3),
        activation(4, vital_number=2, after=WarningColour.NONE), activation(5, vital_number=3, after=WarningColour.RED),
    ])  # fmt: skip
    spool.confirm(5)
    spool.append([activation(6, vital_number=4)])
    spool.close()
    again = opened(tmp_path)
    found = {band.vital: (band.band, band.value) for band in again.bands()}
    assert found == {1: (WarningColour.YELLOW, 1.0), 3: (WarningColour.RED, 5.0), 4: (WarningColour.YELLOW, 6.0)}
    again.close()


@given(cut=st.integers(0, 4000), runs=st.lists(st.integers(1, 4), min_size=1, max_size=6), flip=st.booleans())
def test_that_a_torn_tail_costs_only_what_was_torn(tmp_path_factory, cut, runs, flip):
    folder = tmp_path_factory.mktemp("spool")
    spool = opened(folder)
    ends, path = [], None
    for size in runs:
        spool.append([activation(len(ends) + k) for k in range(size)])
        path = segments(folder)[0]
        ends += [path.stat().st_size] * size
    spool.close()
    data = bytearray(path.read_bytes())
    cut = min(cut, len(data))
    whole = _records_whole(data, cut)
    path.write_bytes(bytes(data[:cut]) + (b"\xff" * 7 if flip else b""))
    again = opened(folder)
    assert [item.seq for item in again.run(1000)] == list(range(1, whole + 1))
    again.append([activation(500)])
    assert [item.seq for item in again.run(1000)] == list(range(1, whole + 2))
    again.close()
    third = opened(folder)
    assert [item.value for item in third.run(1000)][-1] == 500.0
    third.close()
    shutil.rmtree(folder)


def _records_whole(data, cut):
    at, count = 0, 0
    while at + 8 <= len(data):
        at += 8 + int.from_bytes(data[at : at + 4], "little")
        if at > cut:
            break
        count += 1
    return count


APPENDED = st.integers(1, 5).map(lambda size: ("append", size))
CONFIRMED = st.integers(0, 3).map(lambda size: ("confirm", size))
KILLED = st.just(("kill", 0))


@given(st.lists(st.one_of(APPENDED, CONFIRMED, KILLED), max_size=30))
def test_that_after_any_kills_exactly_the_unconfirmed_activations_are_there_in_order(tmp_path_factory, deeds):
    folder = tmp_path_factory.mktemp("kills")
    spool, model, confirmed, bands = opened(folder), [], 0, {}
    for deed, size in deeds:
        match deed:
            case "append":
                first = len(model)
                new = [
                    activation(first + k, vital_number=(first + k) % 3,
                               after=WarningColour.NONE if (first + k) % 4 == 3 else WarningColour.YELLOW)
                    for k in range(size)
                ]  # fmt: skip
                spool.append(new)
                model += [item.value for item in new]
                for item in new:
                    bands[item.vital] = item.value
                    if item.after is WarningColour.NONE:
                        del bands[item.vital]
            case "confirm":
                confirmed = max(confirmed, min(len(model), confirmed + size))
                spool.confirm(confirmed)
            case "kill":  # nothing is closed: what was appended is on the disk already
                for segment in spool._segments:
                    segment.close()
                spool = opened(folder, new_epoch=1000)
        assert {band.vital: band.value for band in spool.bands()} == bands
        found = [(item.seq, item.value) for item in spool.run(10_000)]
        # A kill may bring back confirmed ones of a segment still in use: the centre dedupes. None may be missing.
        wanted = list(enumerate(model, start=1))[confirmed:]
        assert found[len(found) - len(wanted) :] == wanted
        assert found == list(enumerate(model, start=1))[len(model) - len(found) :]
    spool.close()
    shutil.rmtree(folder)


def test_that_a_full_disk_holds_activations_back_and_says_so_until_it_has_room(tmp_path, monkeypatch, caplog):
    spool = opened(tmp_path)
    spool.append([activation(1)])
    real = os.pwrite

    def full(descriptor, data, offset):
        real(descriptor, data[: len(data) // 2], offset)
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(spooling.os, "pwrite", full)
    spool.append([activation(2)])
    assert spool.trouble == "ingest.spool_refuses"
    assert [item.seq for item in spool.run(10)] == [1], "what is not on the disk is not sent"
    assert spool.waiting() == 2
    monkeypatch.setattr(spooling.os, "pwrite", real)
    spool.append([activation(3)])
    assert spool.trouble == ""
    assert [item.seq for item in spool.run(10)] == [1, 2, 3]
    spool.close()
    again = opened(tmp_path)
    assert [item.value for item in again.run(10)] == [1.0, 2.0, 3.0]
    again.close()


def test_that_beyond_its_size_the_spool_numbers_no_more_but_keeps_the_bands(tmp_path):
    spool = opened(tmp_path, limit=1)
    spool.append([activation(1)])
    spool.append([activation(2, vital_number=2)])
    assert (spool.dropped, spool.trouble) == (1, "ingest.spool_full")
    assert {band.vital for band in spool.bands()} == {0, 2}
    spool.confirm(1)
    assert spool.trouble == ""
    spool.append([activation(3)])
    assert [item.seq for item in spool.run(10)] == [2]
    spool.close()


def test_that_a_damaged_band_table_is_kept_aside_and_numbers_go_on_from_the_runs(tmp_path, caplog):
    spool = opened(tmp_path)
    spool.append([activation(1), activation(2)])
    spool.close()
    table = tmp_path / "state" / "bands-0"
    table.write_bytes(b"rubbish")
    again = opened(tmp_path, new_epoch=99)
    assert (again.epoch, again.next_seq) == (77, 3)
    assert table.with_name("bands-0.damaged").exists()
    again.close()


def test_that_a_lost_spool_begins_a_new_epoch(tmp_path):
    assert opened(tmp_path, new_epoch=5).epoch == 5
    assert opened(tmp_path, new_epoch=6).epoch == 5
    shutil.rmtree(tmp_path / "state")
    assert opened(tmp_path, new_epoch=7).epoch == 7


def test_that_its_files_can_be_read_by_their_owner_only(tmp_path):
    spool = opened(tmp_path)
    spool.append([activation(1)])
    modes = {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {0o600}
    spool.close()


@pytest.mark.parametrize("size", [600])
def test_that_many_segments_are_read_back_in_order(tmp_path, monkeypatch, size):
    monkeypatch.setattr(spooling, "SEGMENT_BYTES", 1000)
    spool = opened(tmp_path)
    for number in range(size):
        spool.append([activation(number)])
    assert len(segments(tmp_path)) > 10
    spool.confirm(300)
    spool.close()
    again = opened(tmp_path)
    run = again.run(10_000)
    assert run[-1].seq == size
    assert [item.seq for item in run] == list(range(run[0].seq, size + 1))
    assert run[0].seq <= 301
    again.close()
