"""Runs benchmarks, each in a process of its own, and writes what they print: `python -m tests.bench [NAME …]`.

What stands behind `--` goes to the benchmarks: `./dev bench events -- --size 10000000 --server`.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
from collections.abc import Sequence
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
    "command": "the GUI thread with all of the command view: map, streams, 64 live charts, flood; what two hours hold",
    "density": "22 million devices counted by cells of the map, panned, zoomed and changed; beside datashader",
    "dispatch": "whom to call among 3 307 units, what a narrative says with 136 matters",
    "events": "millions of events: pages, search of any length, growth; beside LIKE, FTS5, pg_trgm and OFFSET",
    "frames": "the GUI thread in a flood: 64 live charts, 6 000 vitals, the strip",
    "map": "F5 over 1 and 22 million devices painted, panned and zoomed, beside datashader; what lies within an area",
    "plans": "65 000 plans at risk points in a file and on a server: imported, matched to events, searched by words",
    "search": "200 vitals found by initials, from the first letter to the card; the strip with 500 items",
    "shift": "eight hours of the console in five minutes: memory, handles, objects",
    "startup": "from the command to a usable console",
    "table": "6 000 vitals filtered and sorted, against QSortFilterProxyModel",
    "video": "1, 4, 9 and 16 streams: processor, first picture, latency, recovery; beside QtMultimedia and mpv",
}
"""Name of the module beside this one → what it measures. Each has `main() -> int`, 0 when its goals are reached."""
LIBRARIES = ("numpy", "pyzmq", "PySide6_Essentials", "pyqtgraph")


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; return 0 when every goal is reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; default: all there are")
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="write the figures as Markdown; of a file that is there, only theirs"
    )
    parser.add_argument("--date", default="", help="date told in the file")
    own, passed_on = _split(sys.argv[1:] if arguments is None else arguments)
    options = parser.parse_args(own)
    unknown = [name for name in options.names if name not in BENCHES]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    names = options.names or [name for name in BENCHES if find_spec(f"tests.bench.{name}")]
    results = {name: run(name, passed_on) for name in names}
    if options.write:
        write(options.write, results, options.date, passed_on)
    return max(code for code, _ in results.values())


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


def run(name: str, passed_on: Sequence[str] = ()) -> tuple[int, str]:
    """Run one benchmark and return its exit code and what it printed, which is shown while it runs."""
    print(f"== {name}: {BENCHES[name]}", flush=True)
    command = [sys.executable, "-m", f"tests.bench.{name}", *passed_on]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def write(file: Path, results: dict[str, tuple[int, str]], date: str, passed_on: Sequence[str] = ()) -> None:
    """Write a page, or into the page that is there the sections of these benchmarks alone."""
    if not file.exists():
        file.write_text(page(results, date), encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    for name, (code, printed) in results.items():
        load = ", ".join(f"{figure:.2f}" for figure in os.getloadavg())
        told = figures(code, printed, f"{date or 'date not told'}; load average at the end {load}")
        text = with_section(text, name, " ".join(passed_on), told)
    file.write_text(text, encoding="utf-8")


def with_section(text: str, name: str, passed_on: str, told: str) -> str:
    """Return a page with a benchmark's figures in place of those it has, or at its end.

    Figures of a run that was passed something stand under a heading of their own and replace only those of its like.
    """
    heading = f"## {name}: {BENCHES[name]}\n\n"
    parts = re.split(r"(?m)^(?=## )", text.rstrip() + "\n\n")
    at = next((place for place, part in enumerate(parts) if part.startswith(f"## {name}:")), len(parts))
    if not passed_on:
        parts[at : at + 1] = [f"{heading}{told}\n"]
        return "".join(parts).rstrip() + "\n"
    inner = re.split(r"(?m)^(?=### `)", parts[at].partition("\n\n")[2] if at < len(parts) else "")
    own = f"### `{passed_on}`\n"
    kept = next((place for place, part in enumerate(inner) if part.startswith(own)), len(inner))
    inner[kept : kept + 1] = [f"{own}\n{told}\n"]
    parts[at : at + 1] = [heading + "".join(inner)]
    return "".join(parts).rstrip() + "\n"


def figures(code: int, printed: str, when: str = "") -> str:
    """Return what a run printed, as Markdown, and whether its goals are reached."""
    verdict = "goals reached" if code == 0 else f"a goal was missed (exit code {code})"
    return f"{verdict}{f' ({when})' if when else ''}\n\n```\n{printed.rstrip()}\n```\n"


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
        parts.append(f"## {name}: {BENCHES[name]}\n\n{figures(code, text)}")
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
