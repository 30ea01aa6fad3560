"""A console keeps heads of the journal it heard, once a minute, and `chengyun audit` takes them for a witness."""

from pathlib import Path

from chengyun_console.session.witness import EVERY_S, FOLDER, Witness
from chengyun_core.wire import witness_file
from chengyun_core.wire.envelope import Heartbeat

MINUTE_NS = round(EVERY_S * 1e9)


def _beat(number: int) -> Heartbeat:
    head = f"live.1.{number}.{number:064x}" if number else ""
    return Heartbeat(daemon="centre", protocol=1, epoch=1, tail=number, clock_ns=10**18, sent_ns=10**18, head=head)


def test_that_heads_are_kept_once_a_minute_with_the_time(tmp_path: Path) -> None:
    witness = Witness(tmp_path)
    for turn in range(480):
        witness.heard(_beat(turn + 1), turn * MINUTE_NS // 240)
    file = tmp_path / "seats" / FOLDER / witness_file.NAME
    assert [head.number for head in witness_file.read(file)] == [1, 241]
    assert "2001-09-09T01:46:40" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0


def test_that_a_centre_that_tells_no_head_leaves_no_file(tmp_path: Path) -> None:
    witness = Witness(tmp_path)
    witness.heard(_beat(0), 0)
    witness.heard(None, MINUTE_NS)
    assert not (tmp_path / "seats").exists()


def test_that_a_console_that_cannot_write_goes_on(tmp_path: Path) -> None:
    (tmp_path / "seats").write_text("in the way", "utf-8")
    witness = Witness(tmp_path)
    witness.heard(_beat(1), 0)
    witness.heard(_beat(2), MINUTE_NS)
    assert (tmp_path / "seats").read_text("utf-8") == "in the way"
    (tmp_path / "seats").unlink()
    witness.heard(_beat(3), 2 * MINUTE_NS)
    assert [head.number for head in witness_file.read(tmp_path / "seats" / FOLDER / witness_file.NAME)] == [3]
