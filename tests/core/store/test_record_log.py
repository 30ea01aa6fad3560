"""Records read from the journal: the last word of each key, in the order in which the words were spoken."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.centre.ledger import Ledger
from chengyun_core.model.alarm_records import AlarmComment
from chengyun_core.model.audit import CENTRE
from chengyun_core.store.record_log import RecordLog
from tests.core.centre.room import Room

LOG = RecordLog("comment", AlarmComment)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Room(tmp_path) as room:
        yield room.ledger


def _say(ledger: Ledger, number: int, text: str, version: int = 1) -> int:
    record = AlarmComment(number=number, alarm=1, at=1, account="a", seat="", text=text, version=version)
    with ledger.work(CENTRE) as work:
        work.note("alarm.comment", "alarm", number, version)  # another kind under the same key
        return work.note("alarm.comment", "comment", number, version, record)


def test_that_each_key_has_its_last_word(ledger: Ledger) -> None:
    _say(ledger, 1, "first")
    other = _say(ledger, 2, "other")
    last = _say(ledger, 1, "second", version=2)
    with ledger.reading() as connection:
        assert [(record.text, number) for record, number in LOG.newest(connection)] == [
            ("other", other), ("second", last),
        ]  # fmt: skip
        found = LOG.get(connection, 1)
        assert found is not None
        assert found.text == "second"
        assert LOG.get(connection, 3) is None


def test_that_the_newest_are_those_spoken_of_last(ledger: Ledger) -> None:
    for number in (1, 2, 3):
        _say(ledger, number, str(number))
    _say(ledger, 1, "1 again", version=2)
    with ledger.reading() as connection:
        assert [record.text for record, _ in LOG.newest(connection, limit=2)] == ["3", "1 again"]


def test_that_only_the_wanted_stand(ledger: Ledger) -> None:
    for number in (1, 2, 3):
        _say(ledger, number, str(number))
    _say(ledger, 3, "gone", version=2)
    with ledger.reading() as connection:
        standing = LOG.standing(connection, lambda record: record.text != "gone")
    assert [record.number for record, _ in standing] == [1, 2]


def _fail_after_saying(ledger: Ledger) -> None:
    with ledger.work(CENTRE) as work:
        work.note("alarm.comment", "comment", 1, 1, AlarmComment(number=1, alarm=1, at=1, account="", seat="", text=""))
        raise ZeroDivisionError


def test_that_a_unit_of_work_that_failed_left_no_word(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_saying(ledger)
    with ledger.reading() as connection:
        assert LOG.newest(connection) == []
