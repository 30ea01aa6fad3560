"""The soak's command: every part is there, what was run is told and kept, what grew is named."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.house.sources import REPOSITORY
from tests.soak import __main__ as command
from tests.soak import growth, parts, report
from tests.soak.growth import MIB, Look
from tests.soak.verdict import Asked, Verdict


def test_that_every_part_has_its_module_with_a_run() -> None:
    for part in parts.PARTS.values():
        found = find_spec(part.module)
        assert found is not None, part.module
        assert "def run(asked: Asked) -> Verdict:" in Path(str(found.origin)).read_text(encoding="utf-8")


def test_that_the_usage_line_of_dev_names_every_part() -> None:
    told = subprocess.run([REPOSITORY / "dev", "help"], capture_output=True, text=True, check=True).stdout
    assert all(name in told for name in parts.PARTS)


def test_that_an_unknown_part_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["earthquake"]) == 2
    assert "no part is called earthquake; there are kills, cuts" in capsys.readouterr().err


def test_that_a_part_that_fails_or_breaks_fails_the_command_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Asked] = []

    def run(name: str, how: Asked) -> Verdict:
        asked.append(how)
        if name == "cuts":
            raise OSError("no room")
        return Verdict(counts={"kills": 7}, faults=("one was lost",) if name == "kills" else ())

    monkeypatch.setattr(parts, "run", run)
    assert command.main(["kills", "cuts", "fuzz", "--seed", "5", "--count", "7"]) == 1
    told = capsys.readouterr().out
    assert "FAULT one was lost" in told
    assert "FAULT the part itself broke: OSError: no room" in told
    assert asked == [Asked(seed=5, count=7)] * 3
    assert command.main(["fuzz"]) == 0


def test_that_the_page_keeps_what_other_parts_told_and_replaces_its_own(tmp_path: Path) -> None:
    page = tmp_path / "soak.md"
    for name, count in (("kills", 500), ("cuts", 2100), ("kills", 501)):
        verdict = Verdict(counts={name: count}, faults=("a|b",) if name == "cuts" else ())
        report.write(page, [report.Ran(name=name, seed=3, seconds=1.0, verdict=verdict)], "2026-11-21")
    told = page.read_text(encoding="utf-8")
    assert "| kills | 501 |" in told
    assert "| kills | 500 |" not in told
    assert told.index("## cuts: ") < told.index("## kills: ")
    assert told.count("\n## ") == 2
    assert "**FAILED (1 faults)**, seed 3" in told
    assert r"- a\|b" in told


def test_that_a_part_lasts_and_counts_as_it_is_asked_to() -> None:
    assert Asked(seed=1).counted(500, 12) == 500
    assert Asked(seed=1, quick=True).counted(500, 12) == 12
    assert Asked(seed=1, quick=True, count=3).counted(500, 12) == 3
    assert Asked(seed=1, quick=True).timed(600.0, 15.0) == 15.0
    assert Asked(seed=1, seconds=2.5).timed(600.0, 15.0) == 2.5


def _looks(*, gained: int = 0, handles: int = 0) -> list[Look]:
    return [
        Look(at_s=2.0 * at, name="ingest", resident=300 * MIB + at * gained, handles=30 + at * handles, threads=9)
        for at in range(30)
    ]


def test_that_the_slope_is_told_per_unit_and_only_what_grows_is_a_fault() -> None:
    assert growth.slope(_looks(gained=4096)) == pytest.approx(2048.0)
    assert growth.faults(_looks(), most_bytes_per_s=1.0, per="day", seconds_per=100.0) == []
    assert growth.faults(_looks(gained=MIB), most_bytes_per_s=MIB / 10, per="day", seconds_per=100.0) == [
        "ingest: memory grows by 50.0 MiB per day, more than 10.0"
    ]
    assert growth.faults(_looks(handles=1), most_bytes_per_s=1.0, per="day", seconds_per=100.0) == [
        "ingest: handles grew from 34 to 54"
    ]


def test_that_the_soak_can_be_asked_what_it_does() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.soak", "--help"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    assert "--seed" in told
    assert "--quick" in told
