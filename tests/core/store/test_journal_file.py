"""A run of the journal in a file: verified by another machine, and every change of it found there."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chengyun_core.launch import cli
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.failure import Refused
from chengyun_core.store import journal_file, keys
from chengyun_core.store.journal import Entry, Journal
from tests.support.fresh_database import fresh

ROWS = 20


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Path, bytes]:
    """The rows 5 … 15 of a journal in a file, and the key they are signed with."""
    signer = keys.signer(tmp_path / "keys")
    database = fresh(tmp_path / "a.db")
    entries = [
        Entry(action="x", kind="事件", key=str(n), version=1, record=bytes([n]), params={"n": str(n)}, actor=CENTRE,
              command_id=f"c{n}", part=0, at_ns=n * 10)
        for n in range(1, ROWS + 1)
    ]  # fmt: skip
    with database.writing() as connection:
        Journal(signer, "live").append(connection, entries)
    with database.reading() as connection:
        first, last = journal_file.numbers_between(connection, 50, 151)
        lines = list(journal_file.lines(connection, "live", signer.public(), first, last))
        assert journal_file.numbers_between(connection, 10_000, 20_000) == (1, 0)
    database.close()
    assert (first, last) == (5, 15)
    (tmp_path / "run.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path / "run.jsonl", signer.public()


def _verdict(file: Path, public: bytes) -> tuple[str, int]:
    told, rows = journal_file.read(file)
    verdict = journal_file.verify(told, rows, public)
    return verdict.fault, verdict.number


def test_that_a_file_is_whole_as_it_was_written(exported: tuple[Path, bytes]) -> None:
    file, public = exported
    assert _verdict(file, public)[0] == ""
    assert cli.main(["audit", "verify", "--file", str(file)]) == 0
    assert cli.main(["audit", "verify", "--file", str(file), "--public", "00" * 32]) == 3


def _edit(lines: list[Any]) -> None:
    lines[4]["account"] = "x"


def _delete(lines: list[Any]) -> None:
    del lines[4]


def _cut(lines: list[Any]) -> None:
    del lines[-3:]


def _swap(lines: list[Any]) -> None:
    lines[4], lines[5] = lines[5], lines[4]


def _unsign(lines: list[Any]) -> None:
    lines[4]["signature"] = "00" * 64


@pytest.mark.parametrize(
    ("change", "fault", "number"),
    [
        (_edit, "journal.words_differ", 8), (_delete, "journal.hole", 8), (_cut, "journal.hole", 13),
        (_swap, "journal.hole", 8), (_unsign, "journal.signature_wrong", 8),
    ],
)  # fmt: skip
def test_that_a_changed_file_is_found_out(
    exported: tuple[Path, bytes], change: Callable[[list[Any]], None], fault: str, number: int
) -> None:
    file, public = exported
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    change(lines)
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    assert _verdict(file, public) == (fault, number)
    assert cli.main(["audit", "verify", "--file", str(file)]) == 3


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"format": "other"}', "[" * 100_000, "{}\n{}"])
def test_that_another_file_is_refused_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "f").write_text(text, "utf-8")
    with pytest.raises(Refused, match=r"audit\.no_journal_file"):
        journal_file.read(tmp_path / "f")
