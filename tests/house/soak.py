"""Watches the demo played for hours and tells which process grows in memory, open files or threads."""

import csv
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median

import psutil

from tests.house.sources import REPOSITORY

ROLES = ("centre", "ingest", "console", "demo")
MEMORY_MAY_GROW = 1.05
MEMORY_SLACK_BYTES = 16 << 20
"""Caches that fill late are no leak; what keeps climbing passes this within a shift."""
COUNT_SLACK = 4
ENOUGH = 8
"""Fewer samples of a process than this say nothing about growth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look at one process."""

    after_s: float
    role: str
    memory_bytes: int
    files: int
    threads: int


def grown(samples: Sequence[Sample]) -> list[str]:
    """Return a sentence per quantity that is larger in the last quarter of the time than in the second."""
    sentences: list[str] = []
    for role in sorted({sample.role for sample in samples}):
        own = [sample for sample in samples if sample.role == role]
        if len(own) < ENOUGH:
            sentences.append(f"{role}: seen only {len(own)} times, {ENOUGH} are needed")
            continue
        quarter = len(own) // 4
        sentences += _grown_between(role, own[quarter : 2 * quarter], own[-quarter:])
    return sentences


def _grown_between(role: str, early: Sequence[Sample], late: Sequence[Sample]) -> Iterable[str]:
    before, after = (median(sample.memory_bytes for sample in part) for part in (early, late))
    if after > before * MEMORY_MAY_GROW + MEMORY_SLACK_BYTES:
        yield f"{role}: memory grew from {before / 2**20:.0f} to {after / 2**20:.0f} MiB"
    for what in ("files", "threads"):
        before, after = (median(getattr(sample, what) for sample in part) for part in (early, late))
        if after > before + COUNT_SLACK:
            yield f"{role}: {what} grew from {before:.0f} to {after:.0f}"


def look(top: psutil.Process, after_s: float) -> list[Sample]:
    """Return one sample per process of the demo; one that ends meanwhile is left out."""
    samples = []
    for process in (top, *top.children(recursive=True)):
        try:
            with process.oneshot():
                samples.append(
                    Sample(
                        after_s=round(after_s, 1),
                        role=role_of(process.cmdline()),
                        memory_bytes=process.memory_info().rss,
                        files=process.num_fds(),
                        threads=process.num_threads(),
                    )
                )
        except (psutil.NoSuchProcess, psutil.AccessDenied):  # a zombie's files may not be counted
            continue
    return [sample for sample in samples if sample.role in ROLES]


def role_of(command_line: Sequence[str]) -> str:
    """Return which of ours a command line starts, by its words; anything else is `other`."""
    programs = [Path(word).name for word in command_line]
    return next((role for role in ROLES if role in command_line or f"chengyun-{role}" in programs), "other")


def watch(seconds: int, every_s: float, folder: Path) -> tuple[int, list[Sample]]:
    """Play the demo for `seconds`; return its exit code and what was seen of its processes."""
    chengyun = Path(sys.executable).with_name("chengyun")
    demo = [chengyun, "demo", "--profile", folder / "profile", "--shots", folder / "shots", "--seconds", str(seconds)]
    began, samples = time.monotonic(), []
    with subprocess.Popen(demo, cwd=REPOSITORY) as child:
        try:
            top = psutil.Process(child.pid)
            while child.poll() is None:
                samples += look(top, time.monotonic() - began)
                _wait(child, every_s)
        finally:
            child.terminate()
    return child.returncode, samples


def _wait(child: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def write(samples: Sequence[Sample], file: Path) -> None:
    """Write every sample as CSV, to be drawn with whatever is at hand."""
    with file.open("w", newline="", encoding="utf-8") as target:
        table = csv.DictWriter(target, [field.name for field in fields(Sample)])
        table.writeheader()
        table.writerows(asdict(sample) for sample in samples)
