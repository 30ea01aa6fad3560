"""No file is overwritten, no half file is left, and nothing leaves that was not recorded."""

import errno
import io
import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_console.paper.press import delivery, ledger, outputs
from chengyun_console.paper.press.__main__ import run
from chengyun_console.paper.press.pages import pages_of
from chengyun_core.model.failure import Trouble
from tests.console.paper.jobs import job, order, pressed, table


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_that_an_export_is_recorded_with_who_what_and_a_checksum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    pressed(capsys, order(file), table(3))
    line = json.loads((tmp_path / "exports.jsonl").read_text("utf-8"))
    made = ledger.Made(path=str(file), size=file.stat().st_size, sha256=line["files"][0][2])
    assert line["files"] == [[made.path, made.size, made.sha256]]
    assert len(made.sha256) == 64
    assert (line["seat"], line["account"], line["mode"], line["journal_head"]) == (
        "A-03",
        "李值班 (officer)",
        "平时",
        98_765,
    )
    assert stat.S_IMODE((tmp_path / "exports.jsonl").stat().st_mode) == 0o600


def test_that_what_cannot_be_recorded_is_not_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "exports.jsonl").mkdir()
    code, told = pressed(capsys, order(tmp_path / "a.csv"), table(3))
    assert code == 1
    assert told[-1]["code"] == "paper.not_recorded"
    assert left_in(tmp_path) == ["exports.jsonl"]


def test_that_a_file_of_that_name_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.csv"
    file.write_text("mine")
    code, told = pressed(capsys, order(file), table(3))
    assert (code, told[-1]["code"], file.read_text()) == (1, "paper.exists", "mine")
    assert left_in(tmp_path) == ["a.csv"]


def test_that_a_name_taken_meanwhile_is_not_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"

    def make(parts: tuple[Path, ...]) -> int:
        parts[0].write_text("ours")
        file.write_text("theirs")
        return 0

    with pytest.raises(Trouble) as caught:
        delivery.deliver(order(file), (file,), make)
    assert caught.value.reason.code == "paper.exists"
    assert file.read_text() == "theirs"
    lines = [json.loads(line) for line in (tmp_path / "exports.jsonl").read_text("utf-8").splitlines()]
    assert lines[-1]["failed"] == "paper.exists", "the record says that it did not leave after all"
    assert left_in(tmp_path) == ["a.csv", "exports.jsonl"]


def test_that_of_several_pictures_none_stays_when_one_cannot(tmp_path: Path) -> None:
    targets = (tmp_path / "a-1.png", tmp_path / "a-2.png")

    def make(parts: tuple[Path, ...]) -> int:
        for part in parts:
            part.write_text("x")
        targets[1].write_text("theirs")
        return 2

    with pytest.raises(Trouble):
        delivery.deliver(order(targets[0]), targets, make)
    assert left_in(tmp_path) == ["a-2.png", "exports.jsonl"]


def test_that_a_missing_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = pressed(capsys, order(tmp_path / "no" / "a.csv"), table(1))
    assert (code, told[-1]["code"]) == (1, "paper.no_folder")
    assert str(tmp_path / "no") in str(told[-1]["params"])


def test_that_the_own_folder_is_made_when_it_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = order(tmp_path / "own" / "a.csv")
    assert pressed(capsys, replace(made, own_folder=str(tmp_path / "own")), table(1))[0] == 0
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "paper.disk_full"),
        (errno.EDQUOT, "paper.disk_full"),
        (errno.EACCES, "paper.not_writable"),
        (errno.EROFS, "paper.not_writable"),
        (errno.ENAMETOOLONG, "paper.name_too_long"),
        (errno.EIO, "paper.write_failed"),
    ],
)
def test_that_each_fault_of_the_disk_is_told_and_leaves_nothing(tmp_path: Path, number: int, code: str) -> None:
    def make(parts: tuple[Path, ...]) -> int:
        parts[0].write_bytes(b"half")
        raise OSError(number, os.strerror(number))

    with pytest.raises(Trouble) as caught:
        delivery.deliver(order(tmp_path / "a.csv"), (tmp_path / "a.csv",), make)
    assert caught.value.reason.code == code
    assert left_in(tmp_path) == []


def test_that_a_full_disk_stops_a_picture(tmp_path: Path, qapp: object) -> None:
    full = Path("/dev/full")
    pages = pages_of(order(tmp_path / "a.pdf"), (table(3),))
    with pytest.raises(OSError) as caught:  # noqa: PT011 - its number is looked at below
        outputs.write_pictures(pages, (full,), lambda _page, _of: None)
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize("kept", [0, 3, 40, 400])
def test_that_a_job_cut_off_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: int) -> None:
    whole = job(order(tmp_path / "a.csv"), table(100))
    assert run(io.BytesIO(whole[:kept])) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "paper.broken_job"
    assert left_in(tmp_path) == []


def test_that_a_printer_that_is_gone_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, qapp: object
) -> None:
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:1")
    made = replace(order(tmp_path / "a.pdf"), format="printer", target="", printer="no such printer")
    code, told = pressed(capsys, made, table(2))
    assert (code, told[-1]["code"]) == (1, "paper.printer_gone")
    assert told[-1]["params"] == {"printer": "no such printer"}
