"""What was run, as text for the terminal and as a page: one section a part, the newest run of each."""

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from tests.bench.__main__ import memory_gb, processor
from tests.soak.parts import PARTS
from tests.soak.verdict import Verdict

HEAD = """# Soak

Written by `./dev soak PART … --write docs/soak.md --date YYYY-MM-DD`: what was really run last of each part, with its
counts. A part that is not here was not run. Figures of time are of the machine named, with whatever else ran on it.
"""
_SECTION = re.compile(r"^## (\S+): .*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One part's run."""

    name: str
    seed: int
    seconds: float
    verdict: Verdict


def text(ran: Ran) -> str:
    """Return the lines for the terminal."""
    lines = [f"  {name}: {count}" for name, count in ran.verdict.counts.items()]
    lines += [f"  FAULT {fault}" for fault in ran.verdict.faults]
    return "\n".join([*lines, f"  {_verdict(ran)} in {ran.seconds:.0f} s"])


def write(file: Path, ran: list[Ran], date: str) -> None:
    """Put sections of these runs into the page; those of other parts stay."""
    known = {}
    if file.exists():
        known = {match[1]: match[0] for match in _SECTION.finditer(file.read_text(encoding="utf-8"))}
    known.update({one.name: section(one, date) for one in ran})
    file.write_text(HEAD + "\n" + "\n".join(known[name].rstrip() + "\n" for name in sorted(known)), encoding="utf-8")


def section(ran: Ran, date: str) -> str:
    """Return a part's section."""
    rows = [f"| {name} | {_cell(count)} |" for name, count in ran.verdict.counts.items()]
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    machine = f"{processor()}, {os.cpu_count()} cores, {memory_gb():.0f} GB, Python {platform.python_version()}"
    machine += f", load at the end {load}"
    faults = [f"- {_cell(fault)}" for fault in ran.verdict.faults]
    return "\n".join(
        [
            f"## {ran.name}: {PARTS[ran.name].about}",
            "",
            f"**{_verdict(ran)}**, seed {ran.seed}, {ran.seconds:.0f} s, {date or 'no date told'}; {machine}.",
            "",
            *(["| counted | |", "| --- | --- |", *rows, ""] if rows else []),
            *([*faults, ""] if faults else []),
        ]
    )


def _verdict(ran: Ran) -> str:
    return "passed" if ran.verdict.passed else f"FAILED ({len(ran.verdict.faults)} faults)"


def _cell(words: object) -> str:
    shown = f"{words:,}" if isinstance(words, int) else str(words)
    return " ".join(shown.replace("|", "\\|").split())
