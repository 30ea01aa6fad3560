"""The page of benchmarks: a run writes its own section and leaves the others as they are."""

from pathlib import Path

from tests.bench.__main__ import BENCHES, page, write

FIRST = {"append": (0, "a 1\n"), "events": (1, "e 1\n"), "plans": (0, "p 1\n")}


def written(tmp_path: Path) -> Path:
    file = tmp_path / "benchmarks.md"
    file.write_text(page(FIRST, "2026-11-21"), encoding="utf-8")
    return file


def test_that_a_run_replaces_its_own_figures_only(tmp_path: Path) -> None:
    file = written(tmp_path)
    before = file.read_text("utf-8")
    write(file, {"events": (0, "e 2\n")}, "2026-11-22")
    after = file.read_text("utf-8")
    assert "e 1" not in after
    assert "```\ne 2\n```" in after
    assert after.partition("## events")[0] == before.partition("## events")[0]
    assert after.partition("## plans")[2] == before.partition("## plans")[2]
    assert after.count("## ") == 3


def test_that_runs_that_were_passed_something_stand_beside_each_other(tmp_path: Path) -> None:
    file = written(tmp_path)
    write(file, {"events": (0, "small\n")}, "", ["--size", "1"])
    write(file, {"events": (0, "large\n")}, "", ["--size", "2"])
    write(file, {"events": (0, "small again\n")}, "", ["--size", "1"])
    after = file.read_text("utf-8")
    assert after.count("### `--size 1`") == 1
    assert after.index("small again") < after.index("### `--size 2`") < after.index("large") < after.index("## plans")
    assert "small\n" not in after
    assert "e 1" in after


def test_that_a_section_that_is_not_there_comes_last(tmp_path: Path) -> None:
    file = written(tmp_path)
    write(file, {"table": (0, "t 1\n")}, "", ["--rows", "6000"])
    after = file.read_text("utf-8")
    assert after.index("## plans") < after.index(f"## table: {BENCHES['table']}") < after.index("t 1")
    assert after.endswith("```\n")
