"""The way of a sample: 2.2 million a second over 22 million vitals, from its due time to a real console's model."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

SECONDS = 30.0
GOAL_CORE, GOAL_P50_MS, GOAL_P99_MS = 0.5, 10.0, 100.0
BEATS_MS = 50
"""As often as a page draws: it reads the freshness of every vital."""


class Seen:
    """Every row that reached the model the pages read: its vital, its source time (due) and when it could be read."""

    def __init__(self) -> None:
        self._rows: list[tuple[np.ndarray, np.ndarray, int]] = []
        self.posts_at: list[float] = []

    def came(self, rows: object) -> None:
        """Take note of rows; connected to `frame_came`, which is emitted right after the model has them."""
        self._rows.append((rows.vital, rows.time, time.time_ns()))  # type: ignore[attr-defined]  # noqa: TID251
        self.posts_at.append(time.perf_counter())

    def latencies_ms(self, since_ns: int) -> np.ndarray:
        """Return how long each sample due since then took; a row repeated by a snapshot counts when it came first."""
        vital = np.concatenate([rows[0] for rows in self._rows]).astype(np.int64)
        due = np.concatenate([rows[1] for rows in self._rows])
        read = np.concatenate([np.full(len(rows[0]), rows[2]) for rows in self._rows])
        mine = due >= since_ns
        order = np.lexsort((read[mine], due[mine], vital[mine]))
        vital, due, read = vital[mine][order], due[mine][order], read[mine][order]
        first = np.append(True, (vital[1:] != vital[:-1]) | (due[1:] != due[:-1]))
        return (read[first] - due[first]) / 1e6


def main(seconds: float = SECONDS) -> int:
    """Print the figures; return 0 when nothing was lost and the goals are reached."""
    with tempfile.TemporaryDirectory() as folder:
        return _measured(Path(folder), seconds)


def _measured(profile: Path, seconds: float) -> int:
    command = [sys.executable, "-m", "tests.bench.way_ingest", str(profile), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        if daemon.stdout.readline().strip() != "ready":
            print("  the ingest half did not start")
            return 1
        seen, core, told = _listened(profile, daemon)
    return _judged(json.loads(told), seen, core)


def _listened(profile: Path, daemon: "subprocess.Popen[str]") -> tuple[Seen, float, str]:
    """Run a console session offscreen until the daemon ended; return what came, its core share and the figures."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from chengyun_console.session.catalogue_cache import CatalogueCache
    from chengyun_console.session.session import Session
    from chengyun_core.wire import codec
    from tests.bench.way_ingest import SHOWN
    from tests.support.small_city import small_city

    application = QApplication.instance() or QApplication([])
    CatalogueCache(profile).keep(1, codec.pack(small_city(SHOWN, period_s=10.0)))
    session, seen, told = Session(profile), Seen(), []
    session.frame_came.connect(seen.came)
    beat = QTimer(interval=BEATS_MS)
    beat.timeout.connect(lambda: session.state.freshness(session.clock.utc_ns()))
    ended = QTimer(interval=BEATS_MS)
    ended.timeout.connect(lambda: application.quit() if told else None)
    reading = threading.Thread(target=lambda: told.append(daemon.stdout.readline()))  # type: ignore[union-attr]
    reading.start()
    session.start()
    beat.start()
    ended.start()
    cpu, wall = time.process_time(), time.perf_counter()
    application.exec()
    share = (time.process_time() - cpu) / (time.perf_counter() - wall)
    reading.join()
    session.stop()
    return seen, share, told[0]


def _judged(figures: dict[str, float], seen: Seen, core: float) -> int:
    latency = seen.latencies_ms(int(figures["start_ns"]))
    missing = int(figures["shown"]) - len(latency)
    p50, p99 = np.percentile(latency, (50, 99))
    gaps, told = np.diff(seen.posts_at) * 1e3, figures
    rate = told["sent"] / told["seconds"] / 1e6
    print(f"22,000,000 ids, each with 8 limits and hysteresis; {rate:.2f} M samples/s, {told['seconds']:.0f} s:")
    print("  engine → publisher → ZeroMQ (ipc) → a console session (Qt, offscreen) in another process. The console")
    print("  mirrors the first 6,000 vitals, a city's catalogue, as state frames; all ids are judged.")
    print(f"  samples sent {told['sent']:,.0f}, lost in ingest {told['lost']:.0f}, wrong bands {told['wrong']:.0f}")
    print(f"  samples of shown vitals {told['shown']:,.0f}, of these never in the model {missing}")
    print(f"  due → judged and published: p50 {told['judged_p50']:.2f} ms, p99 {told['judged_p99']:.2f} ms")
    print(f"  due → model that pages read: p50 {p50:.2f} ms, p99 {p99:.2f} ms, max {latency.max():.1f} ms")
    print(f"  hand-overs to the GUI {len(seen.posts_at):,}, one every {np.median(gaps):.1f} ms at the median")
    print(f"  core: ingest {told['core']:.2f} (goal {GOAL_CORE}; making samples not counted), console {core:.2f}")
    print(f"  memory of ingest {told['memory_mb']:,.0f} MB")
    kept = missing == 0 and told["lost"] == 0 and told["wrong"] == 0
    reached = kept and told["core"] <= GOAL_CORE and p50 <= GOAL_P50_MS and p99 <= GOAL_P99_MS
    print(f"  goal: {'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main(*(float(text) for text in sys.argv[1:])))
