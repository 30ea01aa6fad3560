"""The process that calls out for a console that hangs or died: when, how often, and when not."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chengyun_console.lookout.halts import Halt, Halts
from chengyun_console.lookout.lookout import LOG_NAME, Lookout
from chengyun_console.lookout.sentry import CALLS_FOR_THE_DEAD, EVERY_S, LOOK_S, SILENT_S, Sentry, Standing
from chengyun_console.lookout.stacks import NAME
from tests.support.waiting import wait_until

pytestmark = pytest.mark.timeout(60, method="thread")
"""The watch takes the timer of the kernel that pytest's limit uses otherwise."""
SILENT_SOUND = Path(__file__).parents[2] / "support" / "null_sound.conf"


def _watched(seconds: float, *, beats_until: float = 0.0, dies_at: float = 1e9) -> tuple[Sentry, list[float]]:
    """Look every half second of a made-up time; return the sentry and when it called."""
    sentry, called, at = Sentry(heard_s=0.0, looked_s=0.0), [], 0.0
    while at < seconds and not sentry.is_over:
        at += LOOK_S
        if at >= dies_at:
            sentry.hear(b"", at)
        elif at <= beats_until:
            sentry.hear(b"...", at)
        called += [at] if sentry.look(at) else []
    return sentry, called


def test_that_nobody_calls_for_a_console_that_beats() -> None:
    assert _watched(60.0, beats_until=60.0)[1] == []


def test_that_a_console_that_hangs_is_called_out_after_five_seconds_and_again() -> None:
    _sentry, called = _watched(30.0, beats_until=10.0)
    assert called[0] == pytest.approx(10.0 + SILENT_S, abs=LOOK_S)
    assert [later - earlier for earlier, later in pairwise(called)] == [EVERY_S] * (len(called) - 1)


def test_that_a_beat_ends_the_calls() -> None:
    sentry, called = _watched(17.0, beats_until=10.0)
    assert called
    sentry.hear(b".", 17.0)
    assert not sentry.look(17.5)
    assert sentry.standing is Standing.ALIVE


def test_that_a_console_that_died_is_called_out_at_once_and_not_for_ever() -> None:
    sentry, called = _watched(600.0, beats_until=600.0, dies_at=20.0)
    assert called[0] == 20.0
    assert len(called) == CALLS_FOR_THE_DEAD
    assert sentry.is_over


def test_that_a_goodbye_ends_the_watch_without_a_sound() -> None:
    sentry = Sentry(heard_s=0.0, looked_s=0.0)
    sentry.hear(b"..q", 1.0)
    assert sentry.is_over
    assert not sentry.look(50.0)


def test_that_a_machine_that_slept_is_no_console_that_hangs() -> None:
    sentry = Sentry(heard_s=0.0, looked_s=0.0)
    assert not sentry.look(1800.0)  # this process overslept as well
    assert sentry.standing is Standing.ALIVE
    assert not any(sentry.look(1800.0 + n * LOOK_S) for n in range(1, 9))


@pytest.fixture
def lookout(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lookout]:
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(SILENT_SOUND))
    made = Lookout(tmp_path, Halts())
    made.start()
    yield made
    made.stop()


@pytest.mark.slow
@pytest.mark.fault
def test_that_a_hanging_window_leaves_its_stack_is_called_out_and_told(lookout: Lookout, tmp_path: Path) -> None:
    told: list[Halt] = []
    lookout.did_halt.connect(told.append)
    QTest.qWait(1500)  # the sentry imports what it sounds with
    _hang_in_a_slot(SILENT_S + 2.0)
    QTest.qWait(300)
    assert told
    assert told[0].seconds > SILENT_S
    stacks = (tmp_path / NAME).read_text("utf-8")
    assert "_hang_in_a_slot" in stacks
    assert "without a turn of the loop" in stacks
    wait_until(lambda: "silent" in (tmp_path / LOG_NAME).read_text("utf-8"), "a call in the log")


def _hang_in_a_slot(seconds: float) -> None:
    time.sleep(seconds)


@pytest.mark.slow
@pytest.mark.fault
def test_that_a_console_killed_outright_is_called_out(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    env = {**os.environ, "ALSA_CONFIG_PATH": str(SILENT_SOUND)}
    sentry = subprocess.Popen(
        [sys.executable, "-m", "chengyun_console.lookout.sentry"], stdin=reads, stdout=subprocess.PIPE, env=env
    )
    os.close(reads)
    os.write(writes, b"..")
    os.close(writes)  # what the kernel does for a console that is gone
    try:
        assert sentry.stdout is not None
        assert b"console dead" in sentry.stdout.readline()
        assert b"no sound" not in sentry.stdout.readline()
    finally:
        sentry.send_signal(signal.SIGKILL)
        sentry.wait()
        assert sentry.stdout is not None
        sentry.stdout.close()


@pytest.mark.slow
def test_that_a_sentry_that_ends_is_made_anew(lookout: Lookout) -> None:
    first = lookout._sentry
    assert first is not None
    first.kill()
    QTest.qWait(500)
    second = lookout._sentry
    assert second is not None
    assert second.pid != first.pid
    assert second.poll() is None
