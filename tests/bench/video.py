"""Video: 1, 4, 9 and 16 streams by ours, QtMultimedia and mpv, in turn on the same streams of one server in one run."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec

import psutil

COUNTS = (1, 4, 9, 16)
SECONDS = 20.0
SETTLE_S = 6.0
"""Starting is not counted as the processor's share of playing."""
DOWN_AT, DOWN_S = 8.0, 3.0
ROUNDS = 3
GOAL_FIRST_S = 1.5
GOAL_BACK_S = 8.0
NEEDED = {"ours": "av", "QtMultimedia": "PySide6.QtMultimedia", "mpv": "mpv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One side with so many panes, once."""

    first_s: float | None
    """Until every pane showed a picture; None: not all did."""
    cpu: float
    """Per cent of a core for each stream, all processes of the player."""
    fps: float
    """Pictures a second that panes had ready, on average."""
    latency_ms: float
    """Median, from the number's time to the picture that is ready to be painted."""
    memory_mb: float


@contextmanager
def server() -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Run the streams."""
    command = [sys.executable, "-m", "tests.bench.video_server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as made:
        assert made.stdout is not None
        assert made.stdin is not None
        try:
            yield int(made.stdout.readline()), made
        finally:
            made.stdin.close()


def play(side: str, port: int, panes: int, seconds: float) -> tuple[list[dict[str, object]], float, float]:
    """Run one player; return its panes' stories, processor seconds after settling, and the most memory, MB."""
    command = [sys.executable, "-m", "tests.bench.video_players", side, str(port), str(panes), str(seconds)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as made:
        tree, at, used, most = psutil.Process(made.pid), time.monotonic(), [0.0, 0.0], 0.0
        for place, until in enumerate((SETTLE_S, seconds - 0.5)):
            while time.monotonic() - at < until and made.poll() is None:
                most = max(most, _of_tree(tree, lambda process: process.memory_info().rss / 2**20))
                time.sleep(0.25)
            used[place] = _of_tree(tree, lambda process: sum(process.cpu_times()[:2]))
        told, _ = made.communicate(timeout=30)
    stories: list[dict[str, object]] = json.loads(told or b"[]")
    return stories, used[1] - used[0], most


def _of_tree(top: psutil.Process, figure: "object") -> float:
    total = 0.0
    try:
        for process in (top, *top.children(recursive=True)):
            total += figure(process)  # type: ignore[operator]
    except psutil.NoSuchProcess:
        return total
    return total


def measured(side: str, port: int, panes: int, seconds: float) -> Figures | None:
    """Return the figures of one side; None when it told nothing."""
    stories, used, most = play(side, port, panes, seconds)
    if not stories:
        return None
    firsts = [story["first_s"] for story in stories]
    latencies = [latency for story in stories for latency in list(story["latencies_ms"])[5:]]  # type: ignore[call-overload]
    shown = sum(int(str(story["shown"])) for story in stories)
    playing = seconds - max((float(str(first)) for first in firsts if first is not None), default=seconds - 1)
    return Figures(
        first_s=None if None in firsts else max(float(str(first)) for first in firsts),
        cpu=100 * used / (seconds - 0.5 - SETTLE_S) / panes, fps=shown / panes / playing,
        latency_ms=statistics.median(latencies) if latencies else float("nan"), memory_mb=most,
    )  # fmt: skip


def recovered(side: str, seconds: float) -> float | None:
    """Return how long after the server was back a pane had a picture again; None: it did not come back."""
    with server() as (port, street):
        assert street.stdin is not None

        def say(word: bytes) -> None:
            assert street.stdin is not None
            street.stdin.write(word)
            street.stdin.flush()

        down = threading.Timer(DOWN_AT, say, [b"down\n"])
        up = threading.Timer(DOWN_AT + DOWN_S, say, [b"up\n"])
        down.start()
        up.start()
        stories, _, _ = play(side, port, 1, seconds)
        down.join()
        up.join()
    gaps = [tuple(gap) for story in stories for gap in story["gaps"]]  # type: ignore[attr-defined]
    long = [length - DOWN_S for _, length in gaps if length > DOWN_S]
    return max(long) if long else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 0 when ours reach their goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", default=",".join(map(str, COUNTS)), help="panes, such as 1,16")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args(arguments)
    sides = [side for side, module in NEEDED.items() if _is_there(module)]
    for side in NEEDED.keys() - set(sides):
        print(f"{side} is not installed here: no figures of it")
    is_reached = True
    with server() as (port, _):
        for panes in (int(word) for word in options.counts.split(",")):
            taken: dict[str, list[Figures]] = {side: [] for side in sides}
            for _ in range(options.rounds):
                for side in sides:
                    if figures := measured(side, port, panes, options.seconds):
                        taken[side].append(figures)
            for side, rounds in taken.items():
                print(_line(side, panes, rounds), flush=True)
            firsts = [figures.first_s for figures in taken["ours"]]
            is_reached &= all(first is not None and first <= GOAL_FIRST_S for first in firsts)
    for side in sides:
        back = [recovered(side, DOWN_AT + DOWN_S + 2 * GOAL_BACK_S) for _ in range(options.rounds)]
        told = ", ".join("never" if seconds is None else f"{seconds:.1f} s" for seconds in back)
        print(f"{side}: server away for {DOWN_S:g} s, a picture again after: {told}")
        is_reached &= side != "ours" or all(seconds is not None and seconds <= GOAL_BACK_S for seconds in back)
    print(
        f"goals of ours: all panes within {GOAL_FIRST_S:g} s, back within {GOAL_BACK_S:g} s: "
        + ("reached" if is_reached else "missed")
    )
    return 0 if is_reached else 1


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _line(side: str, panes: int, rounds: Sequence[Figures]) -> str:
    if not rounds:
        return f"{panes:2} x {side}: nothing was told"

    def middle(name: str) -> float:
        return statistics.median(getattr(figures, name) for figures in rounds)

    firsts = [figures.first_s for figures in rounds]
    first = "not all" if None in firsts else f"{max(first for first in firsts if first is not None):.2f} s"
    return (
        f"{panes:2} x {side}: {middle('cpu'):.1f} % of a core a stream, {middle('fps'):.1f} pictures/s, "
        f"all panes after {first}, {middle('latency_ms'):.0f} ms from the picture's time to the screen, "
        f"{middle('memory_mb'):.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
