"""One daemon per profile, and epochs that only rise."""

import os

import pytest

from chengyun_core.ingest.process_lock import ProcessLock, next_epoch
from chengyun_core.model.failure import Refused


def test_that_a_second_holder_is_refused_and_the_first_named(tmp_path):
    first = ProcessLock(tmp_path / "lock")
    with pytest.raises(Refused) as refusal:
        ProcessLock(tmp_path / "lock")
    assert refusal.value.reason.code == "ingest.already_running"
    assert refusal.value.reason.params["pid"] == str(os.getpid())
    first.release()
    ProcessLock(tmp_path / "lock").release()


def test_that_epochs_rise_even_when_the_clock_steps_back(tmp_path):
    assert next_epoch(tmp_path, 1000) == 1000
    assert next_epoch(tmp_path, 500) == 1001
    assert next_epoch(tmp_path, 2000) == 2000
