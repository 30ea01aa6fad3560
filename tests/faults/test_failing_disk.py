"""RF5, RF6: the disk is full, or fails, at any write or sync; what was acknowledged stays, and it recovers by itself.

A shim under the real centre and the real spool lets the n-th call fail (tests/faults/disk). A failed sync loses what
was written since the last good one. Programs that ignore the disk's errors are the controls, which must be seen to lie.
`./dev soak disk` tries every index.
"""

import pytest

from tests.faults import disk
from tests.faults.powercut.recording import compiler

SEED = 20_200_820
CENTRE, SPOOL = 24, 120
"""Faults tried of the centre and of the spool, a third each: full, sync failed, write failed."""
needs_compiler = pytest.mark.skipif(compiler() is None, reason="no C compiler for the failing disk")


@pytest.mark.fault
@needs_compiler
@pytest.mark.timeout(240)
@pytest.mark.parametrize(("program", "faults"), [("centre", CENTRE), ("spool", SPOOL)])
def test_that_no_failing_call_loses_what_was_acknowledged_or_needs_a_restart(program: str, faults: int) -> None:
    counts = disk.run(SEED, faults, programs=(program,))
    print(counts)
    assert set(counts.faults) == {f"{program} {kind}" for kind in ("full", "sync failed", "write failed")}
    assert sum(counts.faults.values()) >= faults * 3 // 4
    assert not counts.broken, counts.broken[0]
    assert counts.sound


@pytest.mark.fault
@needs_compiler
@pytest.mark.timeout(240)
@pytest.mark.parametrize(("program", "faults"), [("centre", 9), ("spool", 30)])
def test_that_a_program_that_ignores_the_disk_is_seen_to_lie(program: str, faults: int) -> None:
    counts = disk.run(SEED, faults, programs=(program,), control=True)
    assert counts.broken
    assert not counts.sound
