"""The archive: bytes per sample on real series, windows of a billion samples, what feeding and writing cost."""

import argparse
import io
import os
import shutil
import statistics
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from chengyun_core.ingest.archive_feed import RingFeed
from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.historian.keeper import Keeper
from chengyun_core.ingest.historian.settings import HistorianSettings
from chengyun_core.ingest.vitals import StraightLayer
from chengyun_core.store.archive import encoding
from chengyun_core.store.archive.archive import VITALS, Archive
from chengyun_core.store.archive.rows import NS_PER_DAY, Rows
from tests.bench.figures import spread
from tests.bench.real_series import data_sets

SAMPLES = int(float(os.environ.get("CHENGYUN_BENCH_SAMPLES", "1e9")))
BLOCK = 1 << 24
STEP_NS = 10_000_000
PIXELS = 1600
ROUNDS = 9
START = 20_000 * NS_PER_DAY
GOAL_RATIO, GOAL_MS, RATE, BATCH, FEED_S = 0.6, 50.0, 2_200_000, 11_000, 60.0


def pandas_default(rows: Rows) -> bytes:
    """Return what `DataFrame.to_parquet(compression="zstd")` writes."""
    import pandas as pd

    frame = pd.DataFrame(
        {
            "series": rows.series,
            "time": pd.to_datetime(rows.time, utc=True),
            "value": rows.value,
            "quality": rows.quality,
        }
    )
    told = io.BytesIO()
    frame.to_parquet(told, compression="zstd")
    return told.getvalue()


def ours(rows: Rows) -> bytes:
    """Return a merged part."""
    told = io.BytesIO()
    encoding.write(encoding.table_of(rows), told, level=encoding.MERGED_ZSTD, notes={})
    return told.getvalue()


def other(rows: Rows, *, value: str, level: int, time_plain: bool = False) -> int:
    """Return the bytes of another choice of encodings."""
    coded = {} if time_plain else {"time": "DELTA_BINARY_PACKED"}
    dictionary = ["series", "quality"]
    if value == "DICTIONARY":
        dictionary.append("value")
    else:
        coded["value"] = value
    told = io.BytesIO()
    pq.write_table(
        encoding.table_of(rows), told, compression="zstd", compression_level=level, use_dictionary=dictionary,
        column_encoding=coded, row_group_size=encoding.ROW_GROUP, dictionary_pagesize_limit=8 << 20,
    )  # fmt: skip
    return told.tell()


def sizes() -> bool:
    """Print bytes per sample by data set; return whether the goal is reached over all of them."""
    names = ("pandas", "ours", "dict 3", "dict 9", "plain 9", "split 9", "dict 15")
    print(f"bytes per sample, pandas {version('pandas')} default + zstd against ours (series, time, value, quality):")
    print("| data set | samples | " + " | ".join(names) + " | ours / pandas |")
    print("|" + " --- |" * (len(names) + 3))
    total = {"pandas": 0, "ours": 0}
    for name, rows in data_sets().items():
        written = ours(rows)
        _check_bits(rows, written)
        found = [
            len(pandas_default(rows)), len(written), other(rows, value="DICTIONARY", level=3),
            other(rows, value="DICTIONARY", level=9), other(rows, value="PLAIN", level=9),
            other(rows, value="BYTE_STREAM_SPLIT", level=9), other(rows, value="DICTIONARY", level=15),
        ]  # fmt: skip
        total["pandas"] += found[0]
        total["ours"] += found[1]
        cells = " | ".join(f"{size / len(rows):.2f}" for size in found)
        print(f"| {name} | {len(rows):,} | {cells} | {found[1] / found[0]:.2f} |")
    ratio = total["ours"] / max(1, total["pandas"])
    print(f"all together: {total['ours']:,} of {total['pandas']:,} bytes, {ratio:.2f} (goal {GOAL_RATIO})")
    return ratio <= GOAL_RATIO


def _check_bits(rows: Rows, written: bytes) -> None:
    told = encoding.rows_of(pq.read_table(io.BytesIO(written)))
    assert told.value.tobytes() == rows.value.tobytes()
    assert told.time.tobytes() == rows.time.tobytes()


def walk(rng: np.random.Generator, begin: int, count: int) -> Rows:
    """Return a stretch of one series: a slow wave with noise of two decimals and a rare spike."""
    number = np.arange(begin, begin + count)
    value = np.round(20 + 10 * np.sin(number / 3e6) + rng.integers(-40, 40, count) / 100, 2)
    value[rng.integers(0, count, max(1, count // 4_000_000))] = 400 + rng.integers(0, 200)
    return Rows.of(np.zeros(count), START + number * STEP_NS, value)


def billion(folder: Path) -> bool:
    """Build one series of SAMPLES and print what windows of it cost; return whether the goal is reached."""
    free = shutil.disk_usage(folder).free
    count = min(SAMPLES, int(free / 2 / 4))
    store, rng, took = Archive(folder / "archive", writes=True), np.random.default_rng(5), 0.0
    peaks, begin = [], 0
    while begin < count:
        rows = walk(rng, begin, min(BLOCK, count - begin))
        peaks.append((float(rows.value.max()), float(rows.value.min())))
        at = time.perf_counter()
        store.commit({VITALS: rows}, at_ns=0)
        took += time.perf_counter() - at
        begin += len(rows)
    size = sum(part.size for part in store.parts())
    extremes = sum(file.stat().st_size for file in store.folder.glob("*/*/*.blocks"))
    print(f"one series of {count:,} samples in {len(store.parts())} parts: {size / count:.2f} B/sample,")
    print(f"  extremes beside it {extremes / count:.2f} B/sample, written at {count / took / 1e6:.1f} M samples/s")
    tail = walk(rng, count, 1000)
    tail.value[-1] = 9999.0
    t0, t1 = START, int(tail.time[-1])
    figures: dict[str, list[float]] = {}
    slowest = 0.0
    duck = _duck(store.folder)
    for _ in range(ROUNDS):
        for name, (a, b) in _windows(t0, t1, rng).items():
            at = time.perf_counter()
            found = store.window(VITALS, 0, a, b, PIXELS, tail=tail)
            figures.setdefault(name, []).append(time.perf_counter() - at)
            if name == "all of it":
                assert found.value[-1] == 9999.0
                assert float(found.value[found.value < 9999].max()) == max(high for high, _ in peaks)
                assert float(found.value.min()) == min(low for _, low in peaks)
    for name, taken in figures.items():
        print(f"  window of {name}: {spread(taken, factor=1e3)} ms to {PIXELS} pixels")
        slowest = max(slowest, statistics.median(taken))
    if duck is not None:
        at = time.perf_counter()
        duck(t0, t1)
        ms = (time.perf_counter() - at) * 1e3
        print(f"  DuckDB {version('duckdb')}: lowest and highest per pixel over the same files {ms:,.0f} ms")
    print(f"  slowest median {slowest * 1e3:.1f} ms (goal {GOAL_MS} ms)")
    return slowest * 1e3 <= GOAL_MS


def _windows(t0: int, t1: int, rng: np.random.Generator) -> dict[str, tuple[int, int]]:
    span = t1 - t0
    found = {"all of it": (t0, t1)}
    for name, share in (("a half", 2), ("a hundredth", 100), ("a ten thousandth", 10_000)):
        begin = t0 + int(rng.random() * (span - span // share))
        found[name] = (begin, begin + span // share)
    return found


def _duck(folder: Path):
    try:
        import duckdb
    except ImportError:
        return None

    def ask(t0: int, t1: int) -> object:
        width = -(-(t1 - t0 + 1) // PIXELS)
        return duckdb.sql(
            f"select (epoch_ns(time) - {t0}) // {width} as pixel, min(value), max(value) "  # noqa: S608 - numbers of ours
            f"from '{folder}/vitals/*/*.parquet' where series = 0 group by pixel"
        ).fetchall()

    return ask


def feeding(folder: Path) -> bool:
    """Feed 2.2 M samples/s of 22 M ids and keep all of them raw; print both sides' share of a core."""
    (folder / "ingest").mkdir(parents=True)
    feed = RingFeed(folder / "ingest" / "archive-0.ring", capacity=512 << 20, ring=1)
    feed.layers((StraightLayer(22_000_000),))
    ready, done = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(_historian(folder, ready[1], done[0]))
    os.read(ready[0], 1)
    rng = np.random.default_rng(1)
    ids = rng.permutation(22_000_000).astype(np.uint32)
    value, quality = np.round(rng.normal(20, 5, BATCH), 2), np.zeros(BATCH, np.uint8)
    start, used, sent = time.perf_counter(), 0.0, 0
    while sent < FEED_S * RATE:
        at = sent % (ids.size - BATCH)
        batch = Batch(
            channel=ids[at : at + BATCH],
            time=np.full(BATCH, START + sent * 1_000_000_000 // RATE),
            value=value,
            quality=quality,
        )
        wait = start + sent / RATE - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        before = time.thread_time()
        feed.samples(batch)
        used += time.thread_time() - before
        sent += BATCH
    wall = time.perf_counter() - start
    os.write(done[1], b"x")
    _, code, usage = os.wait4(child, 0)
    stored = sum(part.rows for part in Archive(folder / "archive").parts(VITALS))
    share = (usage.ru_utime + usage.ru_stime) / wall
    print(f"full raw archive of {sent / wall / 1e6:.2f} M samples/s for {wall:.0f} s:")
    print(f"  fed {sent:,}, readings kept {stored:,},")
    print(f"  dropped and counted {feed.dropped:,}; ingest pays {used / wall:.3f} core for feeding,")
    print(f"  the historian {share:.2f} core ({usage.ru_maxrss / 1024:,.0f} MB)")
    print(f"  unaccounted for {sent - stored - feed.dropped:,} (goal: nothing dropped, nothing unaccounted for)")
    return code == 0 and stored == sent


def _historian(folder: Path, ready: int, done: int) -> int:
    os.set_blocking(done, False)
    keeper = Keeper(folder, HistorianSettings(least_free_mib=0))
    os.write(ready, b"x")
    ended = False
    while not ended:
        try:
            ended = os.read(done, 1) == b"x"
        except BlockingIOError:
            time.sleep(0.02)
        keeper.read()
        if keeper.wants_commit():
            keeper.commit()
    keeper.read()
    keeper.close()
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; return 0 when the goals are reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("only", nargs="*", choices=("sizes", "windows", "feeding", []), default=[])
    only = parser.parse_args(arguments).only
    reached = True
    with tempfile.TemporaryDirectory(prefix="chengyun-archive-") as name:
        folder = Path(name)
        if not only or "sizes" in only:
            reached &= sizes()
        if not only or "windows" in only:
            reached &= billion(folder)
        if not only or "feeding" in only:
            reached &= feeding(folder / "profile")
    print(f"goal: {'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
