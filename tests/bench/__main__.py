"""Runs benchmarks, each in a process of its own, and writes what they print: `python -m tests.bench [NAME …]`."""

import argparse
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

BENCHES = {
    "append": "append to the log ring and the last-value table",
    "ingest": "2.2 million samples a second over 22 million ids",
    "way": "a sample's way from ingest to the model of a console, 22 million ids",
    "growth": "from ten thousand ids to 22 million",
    "peers": "moving samples between processes: ZeroMQ beside Redis streams, NATS and mosquitto",
    "archive": "bytes per sample on real series, windows of a billion samples, full raw archiving",
    "charts": "64 live charts against pyqtgraph",
    "dispatch": "whom to call among 3 307 units, what a narrative says with 136 matters",
    "events": "a million events: search of any length, pages, what the index costs",
    "frames": "the GUI thread in a flood: 64 live charts, 6 000 vitals, the strip",
    "plans": "65 000 plans at risk points: imported, matched to events, searched by words",
    "search": "200 vitals found by initials, from the first letter to the card; the strip with 500 items",
    "shift": "eight hours of the console in five minutes: memory, handles, objects",
    "startup": "from the command to a usable console",
    "table": "6 000 vitals filtered and sorted, against QSortFilterProxyModel",
}
"""Name of the module beside this one → what it measures. Each has `main() -> int`, 0 when its goals are reached."""
LIBRARIES = ("numpy", "pyzmq", "PySide6_Essentials", "pyqtgraph")


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; return 0 when every goal is reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; default: all there are")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the figures as Markdown")
    parser.add_argument("--date", default="", help="date told in the file")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in BENCHES]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    names = options.names or [name for name in BENCHES if find_spec(f"tests.bench.{name}")]
    results = {name: run(name) for name in names}
    if options.write:
        options.write.write_text(page(results, options.date), encoding="utf-8")
    return max(code for code, _ in results.values())


def run(name: str) -> tuple[int, str]:
    """Run one benchmark and return its exit code and what it printed, which is shown while it runs."""
    print(f"== {name}: {BENCHES[name]}", flush=True)
    command = [sys.executable, "-m", f"tests.bench.{name}"]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def page(results: dict[str, tuple[int, str]], date: str) -> str:
    """Return the Markdown page."""
    told = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = ", ".join(f"{figure:.2f}" for figure in os.getloadavg())
    parts = [
        "# Benchmarks\n",
        "Written by `./dev bench --write docs/benchmarks.md`. Both sides of a comparison run interleaved in one",
        "process; figures are medians with minimum and maximum of the rounds. Trust the ratios, not the times.\n",
        f"- date: {date or 'not told'}",
        f"- machine: {processor()}, {os.cpu_count()} cores, {memory_gb():.0f} GB, {platform.system()}",
        f"- load average when written: {load} (other work on the same cores makes times worse and spreads wider)",
        f"- Python {platform.python_version()}, {told}\n",
    ]
    for name, (code, text) in results.items():
        verdict = "goals reached" if code == 0 else f"a goal was missed (exit code {code})"
        parts.append(f"## {name}: {BENCHES[name]}\n\n{verdict}\n\n```\n{text.rstrip()}\n```\n")
    return "\n".join(parts)


def processor() -> str:
    """Return the processor's name."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def memory_gb() -> float:
    """Return the machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


if __name__ == "__main__":
    sys.exit(main())
