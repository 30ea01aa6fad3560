"""RF11: a daemon started twice on one profile: the second refuses, names the first's process, and harms nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from chengyun_core.wire import addresses
from chengyun_core.wire.envelope import Hello
from tests.core.centre.process import CentreProcess
from tests.faults.fuzz.live import ingest_process
from tests.support.waiting import wait_until


def _second(daemon: str, profile: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "chengyun_core.launch", daemon, "--profile", str(profile)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.fault
@pytest.mark.timeout(120)
def test_that_a_second_daemon_refuses_and_names_the_first(tmp_path: Path) -> None:
    with CentreProcess(tmp_path) as centre:
        centre.start()
        with ingest_process(tmp_path) as ingest:
            lock = tmp_path / "run" / "ingest.lock"
            wait_until(lambda: lock.exists() and lock.read_text("ascii").strip() != "", "the first holds its lock")
            for daemon, pid in (("centre", centre.pid), ("ingest", ingest.pid)):
                second = _second(daemon, tmp_path)
                told = second.stdout + second.stderr
                assert second.returncode in (2, 3), told
                assert str(pid) in told, told
                assert "already" in told, told
            assert ingest.poll() is None
        reply = centre.ask("hello", Hello(protocol=1, client="still there"))
        assert reply is not None
        assert reply.outcome == "done"


@pytest.mark.fault
@pytest.mark.wire
@pytest.mark.timeout(120)
def test_that_a_centre_whose_lock_was_removed_ends_when_another_begins(tmp_path: Path) -> None:
    """RF25: the second one comes up as if alone; the first one notices within seconds, without writing anything."""
    with CentreProcess(tmp_path) as first, CentreProcess(tmp_path) as second:
        first.start()
        (addresses.run_folder(tmp_path) / "centre.pid").unlink()
        second.start()
        assert first.ended(60) not in (None, 0), "it says that it ended of a trouble"
        assert "store.fenced" in first.log()
        reply = second.ask("hello", Hello(protocol=1, client="still there"))
        assert reply is not None
        assert reply.outcome == "done"
