"""The soak's judgement: steady processes pass, each kind of growth is named."""

import dataclasses
import os
import subprocess
import sys

import psutil

from tests.house import soak
from tests.support.waiting import wait_until

MIB = 1 << 20


def _steady(role: str = "ingest", count: int = 40) -> list[soak.Sample]:
    return [
        soak.Sample(after_s=5.0 * tick, role=role, memory_bytes=200 * MIB, files=30, threads=9) for tick in range(count)
    ]


def _climbing(what: str, step: int) -> list[soak.Sample]:
    return [
        dataclasses.replace(sample, **{what: getattr(sample, what) + tick * step})
        for tick, sample in enumerate(_steady())
    ]


def test_that_a_steady_process_passes() -> None:
    assert soak.grown([*_steady("ingest"), *_steady("console")]) == []


def test_that_memory_taken_at_the_start_is_no_leak() -> None:
    late = [dataclasses.replace(sample, memory_bytes=900 * MIB) for sample in _steady()[8:]]
    assert soak.grown(_steady()[:8] + late) == []


def test_that_climbing_memory_is_named() -> None:
    assert soak.grown(_climbing("memory_bytes", 2 * MIB)) == ["ingest: memory grew from 229 to 269 MiB"]


def test_that_files_left_open_are_named() -> None:
    assert soak.grown(_climbing("files", 1)) == ["ingest: files grew from 44 to 64"]


def test_that_threads_left_running_are_named() -> None:
    assert soak.grown(_climbing("threads", 1)) == ["ingest: threads grew from 24 to 44"]


def test_that_too_short_a_look_is_no_pass() -> None:
    assert soak.grown(_steady(count=3)) == ["ingest: seen only 3 times, 8 are needed"]


def test_that_roles_are_read_from_the_command_line() -> None:
    assert soak.role_of(["/x/python", "-m", "chengyun_core.launch", "centre", "--profile", "/p"]) == "centre"
    assert soak.role_of(["/x/python", "/x/bin/chengyun-console"]) == "console"
    assert soak.role_of(["/x/python", "/x/bin/chengyun", "demo"]) == "demo"
    assert soak.role_of(["/bin/sh"]) == "other"


def test_that_a_process_that_is_none_of_ours_is_left_out() -> None:
    assert soak.look(psutil.Process(os.getpid()), 0.0) == []


def test_that_a_running_daemon_is_seen_with_its_size() -> None:
    command = [sys.executable, "-c", "import sys; sys.stdin.read()", "ingest"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        # Between fork and exec a child still bears our own command line.
        wait_until(lambda: bool(soak.look(psutil.Process(child.pid), 7.04)), "the child is what it was asked to be")
        (sample,) = soak.look(psutil.Process(child.pid), 7.04)
    assert (sample.role, sample.after_s) == ("ingest", 7.0)
    assert sample.memory_bytes > MIB
    assert sample.files > 0
    assert sample.threads == 1
