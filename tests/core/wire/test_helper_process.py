"""A helper process ends with who started it, takes no more than it may, and is not ended by who stopped reading."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chengyun_core.wire import helper_process

HELPER = """
import resource, sys, time
from chengyun_core.wire import helper_process
helper_process.bind()
helper_process.limit({addresses}, {files})
told = [resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE)]
helper_process.tell(1, repr(told).encode() + b"\\n")
time.sleep({stays})
"""
PARENT = """
import subprocess, sys, os
child = subprocess.Popen([sys.executable, "-c", {helper!r}], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
os.kill(os.getpid(), 9)
"""
ENOUGH = 2**33


def helper(addresses: int = ENOUGH, files: int = 64, stays: int = 0) -> str:
    return HELPER.format(addresses=addresses, files=files, stays=stays)


def test_that_a_helper_has_no_more_than_it_was_given_and_no_more_than_it_may() -> None:
    ran = subprocess.run([sys.executable, "-c", helper()], capture_output=True, check=True, timeout=30)
    assert ran.stdout.decode().strip() == repr([(ENOUGH, ENOUGH), (0, 0), (64, 64)])
    narrow = f"ulimit -n 40; exec {sys.executable} -c '{helper()}'"
    ran = subprocess.run(["bash", "-c", narrow], capture_output=True, check=True, timeout=30)
    assert ran.stdout.decode().strip().endswith("(40, 40)]")


def test_that_a_helper_ends_when_who_started_it_was_killed() -> None:
    parent = PARENT.format(helper=helper(stays=60))
    ran = subprocess.run([sys.executable, "-c", parent], stdout=subprocess.PIPE, check=False, timeout=30)
    pid, until = int(ran.stdout), time.monotonic() + 10
    while _is_there(pid):
        assert time.monotonic() < until, "it outlived its parent"
        time.sleep(0.05)


def test_that_a_message_longer_than_the_pipe_is_told_whole() -> None:
    data = os.urandom(3 * 2**20)
    code = "import sys\nfrom chengyun_core.wire import helper_process\nhelper_process.tell(1, sys.stdin.buffer.read())"
    ran = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True, timeout=30)
    assert ran.stdout == data


@pytest.mark.parametrize("size", [1, 2**20])
def test_that_who_stopped_reading_brings_nobody_down(size: int) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    helper_process.tell(writing, bytes(size))
    os.close(writing)


def _is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
