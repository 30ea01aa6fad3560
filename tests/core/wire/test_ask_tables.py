"""The tables of questions: one subject at a time tells the same as all together, and loads no more than it needs."""

import subprocess
import sys

import pytest

from chengyun_core.wire.ask_tables import SUBJECTS, pair_of, table_of
from chengyun_core.wire.centre_asks import CENTRE_ASKS


def test_that_each_question_is_told_alike_alone_and_among_all() -> None:
    assert {kind: pair_of(kind) for kind in CENTRE_ASKS} == CENTRE_ASKS
    assert sum(len(table_of(subject)) for subject in SUBJECTS) == len(CENTRE_ASKS), "no question has two tables"


def test_that_what_is_no_question_is_none() -> None:
    with pytest.raises(KeyError):
        pair_of("alarm.acknowledge")


def test_that_the_table_of_what_is_loaded_is_found_without_loading_another() -> None:
    asked = (
        "from chengyun_core.wire import duty_asks, ask_tables; import sys; ask_tables.pair_of('duty.now');"
        "print(*(name for name in sys.modules if name.endswith('_asks')))"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["chengyun_core.wire.duty_asks"]
