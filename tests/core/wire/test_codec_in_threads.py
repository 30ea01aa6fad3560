"""Decoders made by two threads side by side: msgspec alone crashes the process, the codec does not."""

import subprocess
import sys

ROUNDS = 1500
PROGRAM = f"""
import sys, threading
from dataclasses import make_dataclass
import msgspec
from chengyun_core.wire import codec

sys.setswitchinterval(1e-6)
data = codec.pack({{"a": {{"x": 1, "y": "k"}}, "b": [{{"x": 1, "y": "k"}}], "c": {{}}}})

def records():
    inner = make_dataclass("Inner", [("x", int), ("y", str)])
    return make_dataclass("Outer", [("a", inner), ("b", tuple[inner, ...]), ("c", dict[str, int])])

def decode(gate, record):
    gate.wait()
    {{how}}

for _ in range({ROUNDS}):
    gate, record = threading.Barrier(2), records()
    threads = [threading.Thread(target=decode, args=(gate, record)) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
"""


def _exit_code(how: str) -> int:
    return subprocess.run([sys.executable, "-c", PROGRAM.replace("{how}", how)], check=False).returncode


def test_that_two_threads_may_meet_a_record_for_the_first_time_at_once() -> None:
    assert _exit_code("assert codec.unpack(data, record).a.x == 1") == 0
