"""What stood still is found in the file, whoever held it up, and the watch itself holds up nobody (0424)."""

import subprocess
import sys
from pathlib import Path

import pytest

from chengyun_console.lookout.stacks import NAME, Stacks

WITHIN_S = 50.0


def _halted(way: str, folder: Path) -> str:
    """Return what the file holds after a halt of a process in this way; it has ended, and closed what it opened."""
    command = [sys.executable, "-m", "tests.console.lookout.stacks_child", way, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended 0.0 True\n", "")
    return (folder / NAME).read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "stands_in"), [("python", "_stands_in_python"), ("code", "_keeps_the_interpreter"), ("lock", "_for_a_lock")]
)
def test_that_the_window_s_own_stack_is_kept(tmp_path: Path, way: str, stands_in: str) -> None:
    stacks = _halted(way, tmp_path)
    own, _, _beside = stacks.partition(" every thread:")
    assert own.startswith("Stack (most recent call first):")
    assert stands_in in own


@pytest.mark.slow
def test_that_who_holds_the_window_up_is_found_beside_it(tmp_path: Path) -> None:
    assert "_holds_the_lock" in _halted("lock", tmp_path)


@pytest.mark.slow
def test_that_who_comes_back_in_time_leaves_nothing(tmp_path: Path) -> None:
    assert _halted("none", tmp_path) == ""


@pytest.mark.slow
def test_that_a_beat_starts_no_thread_and_so_waits_for_none(tmp_path: Path) -> None:
    """faulthandler's own watchdog is a thread of each beat; the next keeps the interpreter until it is gone."""
    assert _halted("often", tmp_path) == ""


def test_that_a_folder_that_cannot_be_written_costs_the_stacks_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    stacks = Stacks(tmp_path / "file" / "log", 1.0)
    stacks.arm()
    stacks.note("until")
    stacks.close()
    assert "will leave no stack" in caplog.text
