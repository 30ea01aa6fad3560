"""./dev tells what it can do, and says so when it is asked for something else."""

import subprocess

import pytest

from tests.house import sources

COMMANDS = ["bench", "check", "lock", "run", "setup", "shots", "soak", "test"]


def _dev(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sources.REPOSITORY / "dev", *words], cwd="/", capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_that_help_names_the_command(command: str) -> None:
    told = _dev("help")
    assert told.returncode == 0
    assert f"\n  {command} " in told.stdout


def test_that_an_unknown_command_is_refused_by_name() -> None:
    told = _dev("fly")
    assert told.returncode != 0
    assert "no such command: fly" in told.stderr


def test_that_ci_calls_what_a_person_types() -> None:
    assert (sources.REPOSITORY / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1].endswith('dev" test "$@"')
