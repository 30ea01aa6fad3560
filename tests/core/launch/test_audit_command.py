"""`chengyun audit`: every attack of RELIABILITY's table on a profile's file, with what finds it and what misses it.

Columns of that table: the chain alone, with signatures, with a head held elsewhere. A control row tells that the same
command finds nothing where nothing was done, and that what a weaker look misses is really missed by it.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chengyun_core.launch import cli
from chengyun_core.launch import profile as profiles
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.audit_head import head_of, printed
from chengyun_core.model.scales import WarningColour
from chengyun_core.store import journal, keys
from chengyun_core.store.engine import Database, driver
from chengyun_core.store.journal import Entry, Journal
from chengyun_core.wire import witness_file
from tests.core.centre.room import Room

ROWS = 30
Attack = Callable[[Path], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A profile with some rows of a centre, closed; and its head."""
    folder = tmp_path_factory.mktemp("audit") / "profile"
    profiles.ensure(folder)
    with Room(folder) as room:
        room.officer("li")
        for vital in (0, 1, 2):
            room.observe(vital, WarningColour.YELLOW)
        with room.ledger.work(CENTRE) as work:
            for number in range(ROWS):
                work.note("alarm.comment", "comment", number, 1, params={"n": number})
        with room.ledger.reading() as connection:
            end = journal.head(connection)
    return folder, f"live.{end.chain}.{end.number}.{end.hash.hex()}"


@pytest.fixture
def victim(made: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    """A copy of the profile to do anything with, and the head it had."""
    shutil.copytree(made[0], tmp_path / "profile")
    return tmp_path / "profile", made[1]


def _verify(capsys: pytest.CaptureFixture[str], folder: Path, *more: str) -> tuple[int, list[str], int]:
    """Return exit code, codes of what was found, and the first row."""
    code = cli.main(["audit", "verify", "--profile", str(folder), "--json", *more])
    facts = json.loads(capsys.readouterr().out)
    findings = facts["findings"]
    return code, [one["code"] for one in findings], min((one["number"] for one in findings), default=0)


def _sql(*statements: str) -> Attack:
    def attack(folder: Path) -> None:
        raw = driver().connect(str(folder / "centre" / "chengyun.db"), isolation_level=None)
        for statement in ("DROP TRIGGER journal_keeps_rows", "DROP TRIGGER journal_keeps_words", *statements):
            raw.execute(statement)
        raw.close()
        _sums_follow(folder)

    return attack


def _cut(left: int) -> Attack:
    """Cut the tail off, and have the counter say that there never was one."""
    rows, counter = f"number > {left}", f"value = {left}"
    return _sql(f"DELETE FROM journal WHERE {rows}", f"UPDATE counters SET {counter} WHERE name = 'journal'")  # noqa: S608


def _sums_follow(folder: Path) -> None:
    """What lies beside the file is forged along: whoever edits the database can remove the sums of its pages."""
    (folder / "centre" / "chengyun.db.sums").unlink(missing_ok=True)


def _forget_beside(folder: Path) -> None:
    """Remove everything on this disk that knows of the end: the noted head, the backups."""
    (folder / "centre" / "chengyun.head").unlink(missing_ok=True)
    shutil.rmtree(folder / "centre" / "backup", ignore_errors=True)


def _rewritten(folder: Path, key_folder: Path, *, leave: int = 0) -> None:
    """Replace the journal by one that is sound in itself, signed with the key of a folder."""
    _sql("DELETE FROM outbox", "DELETE FROM journal", "DELETE FROM counters WHERE name = 'journal'")(folder)
    database = Database(folder / "centre" / "chengyun.db")
    entries = [
        Entry(action="x", kind="x", key=str(n), version=1, actor=CENTRE, command_id=f"forged{n}", part=0, at_ns=n)
        for n in range(1, leave + 1)
    ]  # fmt: skip
    with database.writing() as connection:
        Journal(keys.signer(key_folder), "live").append(connection, entries)
    database.close()
    _sums_follow(folder)


EDITS: dict[str, tuple[Attack, str]] = {
    "edit": (_sql("UPDATE journal SET account = 'x' WHERE number = 7"), "journal.words_differ"),
    "text for bytes": (_sql("UPDATE journal SET hashed = 'x' WHERE number = 7"), "journal.words_differ"),
    "text for a signature": (_sql("UPDATE journal SET signature = 'x' WHERE number = 7"), "journal.signature_wrong"),
    "another hash": (_sql("UPDATE journal SET hash = zeroblob(32) WHERE number = 7"), "journal.hash_differs"),
    "delete": (_sql("DELETE FROM journal WHERE number = 7"), "journal.hole"),
    "renumber": (_sql("UPDATE journal SET number = 9999 WHERE number = 7"), "journal.hole"),
    "swap": (
        _sql(
            "UPDATE journal SET number = -1 WHERE number = 7",
            "UPDATE journal SET number = 7 WHERE number = 8",
            "UPDATE journal SET number = 8 WHERE number = -1",
        ),
        "journal.words_differ",
    ),
    "signature removed": (
        _sql("UPDATE journal SET signature = zeroblob(64) WHERE number = 7"), "journal.signature_wrong"
    ),
    "tail cut": (_sql("DELETE FROM journal WHERE number > 15"), "journal.tail_missing"),
    "table wiped": (_sql("DELETE FROM journal"), "journal.tail_missing"),
}  # fmt: skip
"""Attack → (how, what finds it on this machine alone, without any head)."""
FIRST_BAD = {"tail cut": 15, "table wiped": 0}
"""Row the report names: row 7 of every other attack."""


def test_that_an_untouched_journal_is_whole_with_and_without_a_head(
    victim: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, head = victim
    assert _verify(capsys, folder) == (0, [], 0)
    assert _verify(capsys, folder, "--quick", "--head", head) == (0, [], 0)
    assert _verify(capsys, folder, "--head", printed(head)) == (0, [], 0)


@pytest.mark.parametrize("name", EDITS)
def test_that_every_edit_of_the_file_is_found_by_this_machine_alone(
    victim: tuple[Path, str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = victim
    attack, code = EDITS[name]
    attack(folder)
    _forget_beside(folder)
    found = _verify(capsys, folder)
    assert found[0] == 3
    assert code in found[1]
    assert found[2] == FIRST_BAD.get(name, 7)


def test_that_all_rehashed_without_the_key_is_missed_by_the_chain_and_found_by_the_signatures(
    victim: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = victim
    thief = tmp_path / "thief"
    _rewritten(folder, thief, leave=ROWS)
    _forget_beside(folder)
    as_the_thief = ("--public", keys.signer(thief).public().hex())
    assert _verify(capsys, folder, *as_the_thief)[1] == ["audit.other_key"], "control: the chain itself is sound"
    assert _verify(capsys, folder)[:2] == (3, ["journal.signature_wrong"])


def test_that_all_rewritten_with_the_key_exchanged_too_is_found_by_a_head_held_elsewhere_only(
    victim: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Edit, rehash and delete the anchors: here every row's signature is one, and the key beside them is replaced."""
    folder, head = victim
    thief = tmp_path / "thief"
    _rewritten(folder, thief, leave=head_of(head).number + 5)
    _forget_beside(folder)
    shutil.copy(thief / "sign.pub", folder / "keys" / "sign.pub")
    assert _verify(capsys, folder)[:2] == (0, []), "control: nothing on this machine knows better"
    assert _verify(capsys, folder, "--head", head) == (3, ["journal.not_what_was_held"], head_of(head).number)


@pytest.mark.parametrize("left", [0, 15])
def test_that_a_cut_tail_and_a_wiped_table_are_found_by_a_head_held_elsewhere_only(
    victim: tuple[Path, str], left: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, head = victim
    _cut(left)(folder)
    _forget_beside(folder)
    assert _verify(capsys, folder)[:2] == (0, []), "control: no chain shows its own missing end"
    assert _verify(capsys, folder, "--head", head) == (3, ["journal.tail_missing"], head_of(head).number)


def test_that_a_cut_tail_is_found_by_the_noted_end_as_long_as_it_lies_there(
    victim: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = victim
    _cut(15)(folder)
    assert _verify(capsys, folder)[:2] == (3, ["journal.tail_missing"])


def test_that_a_file_changed_behind_the_program_s_back_is_found_by_the_sums_of_its_pages(
    victim: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = victim
    raw = driver().connect(str(folder / "centre" / "chengyun.db"), isolation_level=None)
    raw.execute("PRAGMA journal_mode=DELETE")
    raw.execute("UPDATE accounts SET name = 'x'")
    raw.close()
    assert "store.pages_differ" in _verify(capsys, folder)[1]


def test_that_a_witness_is_a_file_of_heads_whoever_wrote_it(
    victim: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, head = victim
    sheet = tmp_path / "sheet.txt"
    sheet.write_text(f"交接班单 2026-11-21\n审计链头 {printed(head)} 签字\n", "utf-8")
    assert _verify(capsys, folder, "--witness", str(sheet)) == (0, [], 0)
    seat = folder / "seats" / "A-01"
    seat.mkdir(parents=True)
    witness_file.note(seat / witness_file.NAME, head.replace(".1.", ".1.9", 1), "2026-11-21T22:00:00Z")
    assert _verify(capsys, folder)[:2] == (3, ["journal.tail_missing"])
    (tmp_path / "empty.txt").write_text("nothing", "utf-8")
    assert cli.main(["audit", "verify", "--profile", str(folder), "--witness", str(tmp_path / "empty.txt")]) == 1
    assert cli.main(["audit", "verify", "--profile", str(folder), "--witness", str(tmp_path / "none.txt")]) == 2


def test_that_a_head_of_a_drill_proves_nothing_live(
    victim: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    folder, head = victim
    assert _verify(capsys, folder, "--head", head.replace("live", "drill"))[1] == ["audit.other_realm"]


def test_that_the_report_says_in_both_languages_what_kind_of_damage_it_is_and_what_to_do(
    victim: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = victim
    EDITS["edit"][0](folder)
    for language, words in (("zh_CN", ("第 7 ", "怎么办")), ("en", ("row 7", "What to do"))):
        assert cli.main(["audit", "verify", "--profile", str(folder), "--language", language]) == 3
        said = capsys.readouterr().out
        assert all(word.lower() in said.lower() for word in words), said
        assert "{" not in said


def test_that_the_head_is_told_as_it_is_to_be_written_down(
    victim: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    folder, head = victim
    assert cli.main(["audit", "head", "--profile", str(folder)]) == 0
    assert printed(head) in capsys.readouterr().out


def test_that_a_witness_file_keeps_the_newest_and_ever_fewer_of_the_older_heads(tmp_path: Path) -> None:
    file = tmp_path / "heads.txt"
    for number in range(1, 1201):
        witness_file.note(file, f"live.1.{number}.{'a' * 64}", "now")
        witness_file.note(file, f"live.1.{number}.{'a' * 64}", "later")
    heads = [head.number for head in witness_file.read(file)]
    assert heads == sorted(set(heads))
    assert (heads[0], heads[-1]) == (1, 1200)
    assert witness_file.KEPT // 2 <= len(heads) <= witness_file.KEPT
