"""The archive against plain arrays: whatever is committed, merged, damaged or still open, the window is the same."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.series import blocks
from chengyun_core.series.decimate import decimate, decimate_doubted
from chengyun_core.series.doubt import Doubt, doubt_of
from chengyun_core.store.archive import archive as module
from chengyun_core.store.archive import encoding, part_file
from chengyun_core.store.archive.archive import CHANNELS, MINUTES, VITALS, Archive
from chengyun_core.store.archive.manifest import FILE, Fed
from chengyun_core.store.archive.rows import NS_PER_DAY, Rows

SECOND = 1_000_000_000
DAY = 20_000 * NS_PER_DAY


def rows(count, *, series=(1,), start=DAY, step=SECOND, seed=0):
    rng = np.random.default_rng(seed)
    value = np.round(rng.normal(20, 5, count), 2)
    value[rng.random(count) < 0.05] = np.nan
    number = rng.choice(np.array(series, np.uint32), count)
    return Rows.of(number, start + np.arange(count) * step, value, np.where(np.isnan(value), 2, 0))


def doubtful(count, *, seed, **more):
    """Rows of which a few are suspect."""
    made = rows(count, seed=seed, **more)
    made.quality[np.random.default_rng(seed).random(count) < 0.01] = 1
    return made


def _killed(_entry):
    raise KeyboardInterrupt


def plain(parts, series, t0, t1, pixels):
    """The window straight from arrays: everything of the series, by time, equal times as they came."""
    whole = Rows.joined(parts)
    mine = whole.only(whole.series == series)
    order = np.argsort(mine.time, kind="stable")
    columns = (mine.time[order], mine.value[order], doubt_of(mine.quality[order]))
    return decimate_doubted(*columns, t0, t1, pixels)


def same(found, expected):
    time, value = expected[:2]
    assert found.time.tolist() == time.tolist()
    assert found.value.tobytes() == value.tobytes()


def test_that_every_bit_of_every_value_time_and_quality_comes_back(tmp_path):
    odd = np.array([np.nan, -0.0, 0.0, np.inf, -np.inf, 5e-324, 1.1, np.float64(np.float32(0.1))])
    odd = np.append(odd, np.frombuffer(b"\x01\x00\x00\x00\x00\x00\xf8\x7f", "<f8"))
    given_ = Rows.of(np.arange(9) // 3, DAY + np.arange(9) * 7 - 3, odd, [0, 1, 2, 0, 1, 2, 0, 1, 2])
    store = Archive(tmp_path / "archive", writes=True)
    parts = store.commit({VITALS: given_}, at_ns=DAY)
    assert [part.day for part in parts] == [19_999, 20_000]
    told = Rows.joined([part_file.PartFile(store.folder / part.name).rows(0, part.rows) for part in parts]).in_order()
    for name in ("series", "time", "value", "quality"):
        assert getattr(told, name).tobytes() == getattr(given_, name).tobytes()


def test_that_any_reader_finds_plain_columns_and_statistics_in_a_part(tmp_path):
    store = Archive(tmp_path / "archive", writes=True)
    (part,) = store.commit({VITALS: rows(500, series=(3, 9))}, at_ns=DAY)
    assert part.name == "vitals/2024-10-04/part-000001.parquet"
    table = pq.read_table(store.folder / part.name)
    assert table.schema.field("time").type == pa.timestamp("ns", "UTC")
    assert [str(field.type) for field in table.schema] == ["uint32", "timestamp[ns, tz=UTC]", "double", "uint8"]
    group = pq.ParquetFile(store.folder / part.name).metadata.row_group(0)
    assert (group.column(0).statistics.min, group.column(0).statistics.max) == (3, 9)
    assert table.num_rows == 500
    assert pq.read_table(store.folder / part.name, filters=[("series", "==", 3)]).num_rows == int(
        np.count_nonzero(rows(500, series=(3, 9)).series == 3)
    )


@pytest.mark.parametrize("library", ["duckdb", "pandas"])
def test_that_the_readers_of_analysts_open_a_part(tmp_path, library):
    reader = pytest.importorskip(library, reason="one of the benchmarks' peers, not part of the product")
    store = Archive(tmp_path / "archive", writes=True)
    given_ = rows(300)
    (part,) = store.commit({VITALS: given_}, at_ns=DAY)
    file = str(store.folder / part.name)
    if library == "duckdb":
        highest = reader.sql(f"select max(value) from '{file}' where not isnan(value)").fetchall()[0][0]  # noqa: S608 - a path of ours
    else:
        highest = reader.read_parquet(file)["value"].max()
    assert highest == np.nanmax(given_.value)


cuts = st.lists(
    st.tuples(st.integers(1, 400), st.integers(-3, 3), st.sampled_from(["commit", "merge", "tail"])),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(steps=cuts, pixels=st.integers(1, 60), begin=st.integers(-2000, 3000), length=st.integers(1, 200_000))
def test_that_windows_over_parts_days_merges_and_the_open_tail_equal_plain_arrays(
    tmp_path_factory, steps, pixels, begin, length
):
    store = Archive(tmp_path_factory.mktemp("a") / "archive", writes=True)
    taken, tail, at = [], [], DAY - 900 * SECOND
    for seed, (count, jump, deed) in enumerate(steps):
        more = doubtful(count, series=(1, 2), start=at, seed=seed)
        at += count * SECOND + jump * 100 * SECOND
        taken.append(more)
        tail.append(more)
        if deed != "tail":
            store.commit({VITALS: Rows.joined(tail)}, at_ns=at)
            tail = []
        if deed == "merge":
            store.merge_once(at + 3 * NS_PER_DAY)
    t0, t1 = DAY + begin * SECOND, DAY + (begin + length) * SECOND
    found = store.window(VITALS, 1, t0, t1, pixels, tail=Rows.joined(tail) if tail else None)
    expected_time, expected_value, expected_doubt = plain(taken, 1, t0, t1, pixels)
    # Samples of one instant in different parts have no order of their own: their values are compared as a set.
    assert found.time.tolist() == expected_time.tolist() or len(set(Rows.joined(taken).time.tolist())) < sum(
        map(len, taken)
    )
    if len(set(Rows.joined(taken).time.tolist())) == sum(map(len, taken)):
        assert found.value.tobytes() == expected_value.tobytes()
        assert found.doubt.tolist() == expected_doubt.tolist()


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "BASE", 4)
    monkeypatch.setattr(blocks, "LEAST", 8)
    monkeypatch.setattr(blocks, "FACTOR", 3)
    monkeypatch.setattr(module, "RAW_ROWS", 64)
    monkeypatch.setattr(module, "BLOCKS_PER_PIXEL", 4)


@pytest.mark.parametrize("seed", range(12))
def test_that_no_spike_is_lost_or_moved_when_blocks_answer(tmp_path, small_blocks, seed):
    rng = np.random.default_rng(seed)
    store, taken, at = Archive(tmp_path / "archive", writes=True), [], DAY - 700 * SECOND
    for part in range(6):
        more = rows(int(rng.integers(100, 600)), series=(1, 2), start=at, seed=seed * 10 + part)
        more.value[rng.integers(0, len(more), 3)] = 1000.0 + rng.integers(0, 999, 3)
        at = int(more.time[-1]) + SECOND
        taken.append(more)
        if part < 5:
            store.commit({VITALS: more}, at_ns=at)
    taken[-1].value[-1], taken[-1].series[-1] = 9999.0, 1
    t0, t1 = DAY - 650 * SECOND - 1, at
    found = store.window(VITALS, 1, t0, t1, 20, tail=taken[-1])
    whole = Rows.joined(taken)
    mine = whole.only((whole.series == 1) & (whole.time >= t0) & (whole.time <= t1))
    assert not found.raw
    truth = dict(zip(mine.time.tolist(), mine.value.tolist(), strict=True))
    assert all(
        truth[t] == v or np.isnan(truth[t]) for t, v in zip(found.time.tolist(), found.value.tolist(), strict=True)
    )
    assert found.time[-1] == mine.time[-1]
    assert found.value[-1] == 9999.0
    assert (np.nanmin(found.value), np.nanmax(found.value)) == (np.nanmin(mine.value), np.nanmax(mine.value))
    width = -(-(t1 - t0 + 1) // 20)
    exact = decimate(mine.time, mine.value, t0, t1, 20)
    spikes = exact[1] >= 1000
    shown = set(((found.time[found.value >= 1000] - t0) // width).tolist())
    for column in ((exact[0][spikes] - t0) // width).tolist():
        assert {column - 1, column, column + 1} & shown


@pytest.mark.parametrize("seed", range(6))
def test_that_a_suspect_sample_is_told_in_its_pixel_column_when_blocks_answer(tmp_path, small_blocks, seed):
    store, taken, at = Archive(tmp_path / "archive", writes=True), [], DAY - 700 * SECOND
    for part in range(5):
        taken.append(doubtful(int(np.random.default_rng(seed).integers(200, 500)), start=at, seed=seed * 10 + part))
        at = int(taken[-1].time[-1]) + SECOND
        if part < 4:
            store.commit({VITALS: taken[-1]}, at_ns=at)
        if part == 2:
            store.merge_once(at + 3 * NS_PER_DAY)
    t0, t1 = DAY - 650 * SECOND - 1, at
    found = store.window(VITALS, 1, t0, t1, 20, tail=taken[-1])
    assert not found.raw
    whole, width = Rows.joined(taken), -(-(t1 - t0 + 1) // 20)
    suspect = whole.time[(whole.quality == 1) & (whole.time >= t0) & (whole.time <= t1)]
    wanted = set(((suspect - t0) // width).tolist())
    shown = set(((found.time[found.doubt == Doubt.SUSPECT] - t0) // width).tolist())
    assert wanted <= {near for column in shown for near in (column - 1, column, column + 1)}
    assert shown <= {near for column in wanted for near in (column - 1, column, column + 1)}


def test_that_extremes_of_an_older_build_are_read_and_their_doubt_is_not_known(tmp_path, small_blocks):
    store = Archive(tmp_path / "archive", writes=True)
    (part,) = store.commit({VITALS: doubtful(400, seed=1)}, at_ns=DAY)
    window = (VITALS, 1, DAY, DAY + 400 * SECOND, 10)
    now = store.window(*window)
    assert Doubt.SUSPECT in now.doubt
    file = store.folder / part_file.blocks_file(store.folder / part.name)
    data = file.read_bytes()
    head = part_file._HEAD.unpack(data[: part_file._HEAD.size])
    sizes = [part_file._SECTION.unpack_from(data, part_file._HEAD.size + 12 * k)[0] for k in range(head[1])]
    body, table = part_file._HEAD.size + 12 * head[1], part_file._HEAD.size
    kept = 3 + 2 * blocks.LEVELS
    old = part_file._HEAD.pack(b"CYB1", kept, *head[2:]) + data[table : table + 12 * kept]
    file.write_bytes(old + data[body : body + sum(sizes[:kept])])
    before = file.read_bytes()
    then = Archive(tmp_path / "archive").window(*window)
    assert (then.time.tolist(), then.value.tobytes()) == (now.time.tolist(), now.value.tobytes())
    # What lies in blocks cut by the window's ends is read from the samples, which always told their quality.
    assert Doubt.UNKNOWN in then.doubt
    assert Doubt.NONE not in then.doubt
    assert file.read_bytes() == before, "a reader does not rewrite what it can read"


def test_that_roll_ups_tell_that_nobody_knows_what_they_were_worth(tmp_path):
    store = Archive(tmp_path / "archive", writes=True)
    store.commit({MINUTES: doubtful(300, seed=2)}, at_ns=DAY)
    found = store.window(MINUTES, 1, DAY, DAY + 300 * SECOND, 100)
    assert found.time.size
    assert set(found.doubt.tolist()) == {Doubt.UNKNOWN}


def test_that_a_restart_finds_what_was_committed_and_clears_what_was_not(tmp_path, monkeypatch):
    store = Archive(tmp_path / "archive", writes=True)
    store.commit({VITALS: rows(50)}, at_ns=DAY, fed={"archive-0.ring": Fed(ring=1, seq=9, place=99)})
    with monkeypatch.context() as patch:
        patch.setattr(store.manifest, "append", _killed)
        with pytest.raises(KeyboardInterrupt):
            store.commit({VITALS: rows(50, start=DAY + 100 * SECOND)}, at_ns=DAY)
    assert len(list(store.folder.glob("vitals/*/*.parquet"))) == 2
    again = Archive(tmp_path / "archive", writes=True)
    assert len(list(again.folder.glob("vitals/*/*"))) == 2
    assert again.manifest.fed["archive-0.ring"] == Fed(ring=1, seq=9, place=99)
    same(again.window(VITALS, 1, DAY, DAY + NS_PER_DAY, 1000), plain([rows(50)], 1, DAY, DAY + NS_PER_DAY, 1000))


@pytest.mark.parametrize("torn", [1, 10, 200])
def test_that_a_line_that_breaks_off_never_counted_and_its_files_are_put_aside(tmp_path, torn):
    store = Archive(tmp_path / "archive", writes=True)
    store.commit({VITALS: rows(50)}, at_ns=DAY)
    store.commit({VITALS: rows(50, start=DAY + 100 * SECOND)}, at_ns=DAY)
    data = (store.folder / FILE).read_bytes()
    (store.folder / FILE).write_bytes(data[:-torn])
    counted = 2 if torn == 1 else 1  # without its end of line alone it is still whole
    reader = Archive(tmp_path / "archive")
    assert (len(reader.parts()), reader.manifest.bad_lines) == (counted, 0)
    again = Archive(tmp_path / "archive", writes=True)
    again.commit({VITALS: rows(10, start=DAY + 200 * SECOND)}, at_ns=DAY)
    assert len(Archive(tmp_path / "archive").parts()) == counted + 1
    assert len(list(again.folder.glob("quarantine/*.parquet"))) == 2 - counted


def test_that_a_damaged_line_in_the_middle_costs_no_part(tmp_path, caplog):
    store = Archive(tmp_path / "archive", writes=True)
    for place in range(3):
        store.commit({VITALS: rows(50, start=DAY + place * 100 * SECOND)}, at_ns=DAY)
    data = bytearray((store.folder / FILE).read_bytes())
    data[len(data) // 2] ^= 1
    (store.folder / FILE).write_bytes(data)
    assert [part.rows for part in Archive(tmp_path / "archive", writes=True).parts(VITALS)] == [50, 50, 50]
    assert Archive(tmp_path / "archive").manifest.bad_lines == 0


def test_that_without_its_list_the_archive_is_read_from_its_parts(tmp_path):
    store = Archive(tmp_path / "archive", writes=True)
    store.commit({VITALS: rows(50), MINUTES: rows(90, series=(7,))}, at_ns=DAY)
    (store.folder / FILE).unlink()
    again = Archive(tmp_path / "archive", writes=True)
    assert {(part.kind, part.rows) for part in again.parts()} == {(VITALS, 50), (MINUTES, 2)}


@pytest.mark.parametrize("place", [0, 4, 60, 300, 900, -5, -60])
def test_that_a_damaged_part_is_named_put_aside_and_does_not_hide_the_others(tmp_path, place, caplog):
    store = Archive(tmp_path / "archive", writes=True)
    whole, hurt = rows(600), rows(600, start=DAY + 1000 * SECOND, seed=1)
    store.commit({VITALS: whole}, at_ns=DAY)
    (part,) = store.commit({VITALS: hurt}, at_ns=DAY)
    file = store.folder / part.name
    data = bytearray(file.read_bytes())
    data[place] ^= 0xFF
    file.write_bytes(data)
    assert [(verdict.part.name, bool(verdict.fault)) for verdict in store.verify()] == [
        (store.parts(VITALS)[0].name, False), (part.name, True),
    ]  # fmt: skip
    store = Archive(tmp_path / "archive", writes=True)
    for verdict in store.verify():
        if verdict.fault:
            store.put_aside(verdict.part, verdict.fault, DAY)
    found = store.window(VITALS, 1, DAY, DAY + NS_PER_DAY, 2000)
    same(found, plain([whole], 1, DAY, DAY + NS_PER_DAY, 2000))
    (gap,) = found.gaps
    assert (gap.begin_ns, gap.end_ns, gap.samples) == (int(hurt.time[0]), int(hurt.time[-1]), 600)
    assert [aside.name for aside in (store.folder / "quarantine").iterdir()] == [part.name.replace("/", "_")]
    assert Archive(tmp_path / "archive").manifest.gaps == [gap]


def test_that_a_window_notices_damage_by_itself_and_answers_with_the_rest(tmp_path, caplog):
    store = Archive(tmp_path / "archive", writes=True)
    store.commit({VITALS: rows(600)}, at_ns=DAY)
    (part,) = store.commit({VITALS: rows(600, start=DAY + 1000 * SECOND, seed=1)}, at_ns=DAY)
    file = store.folder / part.name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    found = store.window(VITALS, 1, DAY, DAY + NS_PER_DAY, 2000)
    same(found, plain([rows(600)], 1, DAY, DAY + NS_PER_DAY, 2000))
    assert [gap.samples for gap in found.gaps] == [600]


@pytest.mark.parametrize("harm", ["missing", "cut", "flipped"])
def test_that_lost_or_damaged_extremes_are_made_anew_from_the_samples(tmp_path, harm):
    store = Archive(tmp_path / "archive", writes=True)
    (part,) = store.commit({VITALS: rows(3000)}, at_ns=DAY)
    file = part_file.blocks_file(store.folder / part.name)
    data = bytearray(file.read_bytes())
    if harm == "missing":
        file.unlink()
    elif harm == "cut":
        file.write_bytes(data[:-9])
    else:
        data[140] ^= 0xFF
        file.write_bytes(data)
    same(
        Archive(store.folder).window(VITALS, 1, DAY, DAY + NS_PER_DAY, 50),
        plain([rows(3000)], 1, DAY, DAY + NS_PER_DAY, 50),
    )


def test_that_damage_is_not_merged_into_a_part_with_a_fresh_checksum(tmp_path, caplog):
    store = Archive(tmp_path / "archive", writes=True)
    for place in range(3):
        (part,) = store.commit({VITALS: rows(100, start=DAY + place * 1000 * SECOND, seed=place)}, at_ns=DAY)
    data = bytearray((store.folder / part.name).read_bytes())
    data[-20] ^= 1
    (store.folder / part.name).write_bytes(data)
    assert store.merge_once(DAY + 3 * NS_PER_DAY)
    assert [held.rows for held in store.parts(VITALS)] == [200]
    assert [gap.samples for gap in store.manifest.gaps] == [100]


def test_that_merging_a_finished_day_leaves_one_part_and_the_same_answers(tmp_path):
    store = Archive(tmp_path / "archive", writes=True)
    taken = [rows(200, series=(1, 2), start=DAY + place * 300 * SECOND, seed=place) for place in range(7)]
    for more in taken:
        store.commit({VITALS: more, MINUTES: more}, at_ns=DAY)
    minutes_before = store.window(MINUTES, 1, DAY, DAY + NS_PER_DAY, 5000)
    while store.merge_once(DAY + 2 * NS_PER_DAY):
        pass
    assert [(part.kind, part.rank) for part in store.parts()] == [(MINUTES, 1), (VITALS, 1)]
    assert len(list(store.folder.glob("*/*/*.parquet"))) == 2
    same(store.window(VITALS, 1, DAY, DAY + NS_PER_DAY, 5000), plain(taken, 1, DAY, DAY + NS_PER_DAY, 5000))
    after = store.window(MINUTES, 1, DAY, DAY + NS_PER_DAY, 5000)
    assert (np.nanmin(after.value), np.nanmax(after.value)) == (
        np.nanmin(minutes_before.value), np.nanmax(minutes_before.value),
    )  # fmt: skip


def test_that_a_running_day_is_merged_by_ranks_so_that_its_files_stay_few(tmp_path):
    store = Archive(tmp_path / "archive", writes=True)
    for place in range(60):
        store.commit({VITALS: rows(5, start=DAY + place * 10 * SECOND)}, at_ns=DAY)
        while store.merge_once(DAY + 600 * SECOND):
            pass
    assert len(store.parts()) <= 15
    assert sum(part.rows for part in store.parts()) == 300


def test_that_retention_deletes_whole_old_parts_of_a_kind_and_says_which(tmp_path):
    store = Archive(tmp_path / "archive", writes=True)
    for day in range(3):
        store.commit(
            {VITALS: rows(10, start=DAY + day * NS_PER_DAY), CHANNELS: rows(10, start=DAY + day * NS_PER_DAY)},
            at_ns=DAY,
        )
    gone = store.retire(DAY + 3 * NS_PER_DAY, {VITALS: 0, CHANNELS: 1.5})
    assert [(part.kind, part.day) for part in gone] == [(CHANNELS, 20_000), (CHANNELS, 20_001)]
    again = Archive(store.folder)
    assert [name for _, name, why in again.manifest.removed if why == "retention"] == [part.name for part in gone]
    assert [(part.kind, part.day) for part in again.parts()] == [
        (CHANNELS, 20_002), (VITALS, 20_000), (VITALS, 20_001), (VITALS, 20_002),
    ]  # fmt: skip
    assert not (store.folder / "channels" / "2024-10-04").exists()


@pytest.mark.parametrize("call", ["replace", "fsync", "write"])
def test_that_a_full_disk_leaves_the_archive_as_it_was(tmp_path, monkeypatch, call):
    store = Archive(tmp_path / "archive", writes=True)
    store.commit({VITALS: rows(50)}, at_ns=DAY)

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if call == "replace":
            patch.setattr("pathlib.Path.replace", full)
        elif call == "fsync":
            patch.setattr("os.fsync", full)
        else:
            patch.setattr("chengyun_core.store.archive.manifest._write_all", full)
        with pytest.raises(OSError, match="No space"):
            store.commit({VITALS: rows(50, start=DAY + 100 * SECOND)}, at_ns=DAY)
    assert len(list(store.folder.glob("vitals/*/*"))) == 2
    store.commit({VITALS: rows(50, start=DAY + 100 * SECOND)}, at_ns=DAY)
    assert sum(part.rows for part in Archive(store.folder).parts()) == 100


def test_that_minutes_tell_count_bad_extremes_mean_and_last_and_halves_add_up(tmp_path):
    store = Archive(tmp_path / "archive", writes=True)
    value = np.array([1.0, 5.0, np.nan, 3.0, 8.0, 2.0])
    every = Rows.of([4] * 6, DAY + np.array([0, 10, 20, 59, 60, 61]) * SECOND, value, [0, 0, 2, 0, 0, 2])
    store.commit({MINUTES: every.only(slice(0, 2))}, at_ns=DAY)
    store.commit({MINUTES: every.only(slice(2, 6))}, at_ns=DAY)
    assert store.merge_once(DAY + 2 * NS_PER_DAY)
    (part,) = store.parts(MINUTES)
    told = pq.read_table(store.folder / part.name).to_pydict()
    assert told["count"] == [4, 2]
    assert told["bad"] == [1, 1]
    assert (told["low"], told["high"], told["mean"], told["last"]) == ([1.0, 8.0], [5.0, 8.0], [3.0, 8.0], [3.0, 8.0])


def test_that_short_series_are_found_without_an_index_and_long_ones_by_it(tmp_path):
    rng, count = np.random.default_rng(3), 300_000
    number = np.where(rng.random(count) < 0.01, 77_777, rng.integers(0, 200_000, count))
    given_ = Rows.of(number, DAY + np.arange(count) * 1_000_000, rng.normal(size=count))
    store = Archive(tmp_path / "archive", writes=True)
    (part,) = store.commit({VITALS: given_}, at_ns=DAY)
    assert part_file.blocks_file(store.folder / part.name).stat().st_size < 10_000
    for series in (77_777, int(number[0]), int(number[-1]), 199_999, 200_000):
        same(
            store.window(VITALS, series, DAY, DAY + NS_PER_DAY, 8000),
            plain([given_], series, DAY, DAY + NS_PER_DAY, 8000),
        )


def test_that_doubles_that_repeat_are_written_by_dictionary_and_others_plainly(tmp_path):
    rng = np.random.default_rng(1)
    for value, coded in ((rng.integers(0, 50, 4000) / 10, True), (rng.normal(size=4000), False)):
        file = tmp_path / f"{coded}.parquet"
        encoding.write(encoding.table_of(Rows.of(np.zeros(4000), np.arange(4000), value)), file, level=3, notes={})
        codings = pq.ParquetFile(file).metadata.row_group(0).column(2).encodings
        assert ("RLE_DICTIONARY" in codings) is coded
        assert "DELTA_BINARY_PACKED" in pq.ParquetFile(file).metadata.row_group(0).column(1).encodings
