"""`chengyun report`: a stranger makes the documents of a profile, and what left stands in its journal."""

import argparse
import hashlib
import io
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import openpyxl
import pytest

from chengyun_core.launch import cli, paper_command, profile
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.paper_commands import NumberPaper
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import Done
from chengyun_resources.texts import Texts
from tests.core.report.fact_samples import daily_facts
from tests.core.report.report_samples import words_of
from tests.support.fake_renderer import FakeRenderer

Ask = Callable[..., tuple[int, str, str]]
DAY = ("--from", "2020-07-14T08:00:00+08:00", "--to", "2020-07-14T20:00:00+08:00")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the folder of a profile whose centre runs while these tests do."""
    made = profile.ensure(tmp_path_factory.mktemp("papers") / "city")
    with borrowed_centre(made):
        yield made.folder


@pytest.fixture
def ask(folder: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def told(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["report", *arguments, "--profile", str(folder)])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return told


def _actions(folder: Path) -> list[tuple[str, dict[str, str]]]:
    opened = profile.opened(folder)
    with DoorClient(of_profile(folder).centre_door, session=opened.key("admin.key")) as door:
        return [(change.action, change.params) for change in door.changes()]


def test_that_a_daily_report_is_written_as_pdf_and_workbook_and_journalled(
    ask: Ask, folder: Path, tmp_path: Path
) -> None:  # fmt: skip
    pdf, xlsx = tmp_path / "日报.pdf", tmp_path / "日报.xlsx"
    word = tmp_path / "日报.docx"
    code, out, err = ask("daily", *DAY, "--numbered", "--pdf", str(pdf), "--xlsx", str(xlsx), "--docx", str(word))
    assert (code, err) == (0, "")
    assert str(pdf) in out
    said = "".join(words_of(pdf.read_bytes()))
    assert "城市运行值班日报" in said
    assert "〕1号" in said
    assert "审计链头live.1." in said
    assert docx.Document(str(word)).core_properties.title == "城市运行值班日报"
    assert openpyxl.load_workbook(io.BytesIO(xlsx.read_bytes())).properties.title == "城市运行值班日报"
    assert stat.S_IMODE(pdf.stat().st_mode) == 0o600
    left = [params for action, params in _actions(folder) if action == "export.note"][-3:]
    assert [(one["what"], one["form"]) for one in left] == [("report.daily", form) for form in ("pdf", "xlsx", "docx")]


def test_that_a_file_that_is_there_is_not_replaced_and_no_number_is_spent(
    ask: Ask, folder: Path, tmp_path: Path
) -> None:  # fmt: skip
    there = tmp_path / "there.pdf"
    there.write_bytes(b"mine")
    before = len(_actions(folder))
    code, _, err = ask("daily", *DAY, "--numbered", "--pdf", str(there))
    assert code == 1
    assert "没有覆盖" in err
    assert there.read_bytes() == b"mine"
    assert len(_actions(folder)) == before


def test_that_figures_are_told_with_the_statements_that_count_them(ask: Ask) -> None:
    code, out, _ = ask("figures", *DAY, "--sql")
    assert code == 0
    assert "-- 新增告警  0" in out
    assert ":begin" not in out
    assert "SELECT COUNT(*) FROM orders WHERE issued_at >= 1594684800000000000" in out
    facts = json.loads(ask("figures", *DAY, "--json")[1])
    assert facts["figures"]["ack_median_s"] is None
    assert facts["figures"]["alarms_raised"] == 0


class _Door:
    """A door that answers one daily report and refuses what it was told to."""

    def __init__(self, refused: str = "") -> None:
        self.refused, self.sent = refused, list[object]()

    def ask(self, kind: str, body: object, *, timeout_s: float | None = None, request_id: str = "") -> bytes:
        return codec.pack(daily_facts())

    def send(self, command: object, *, timeout_s: float | None = None, request_id: str = "") -> Done:
        if self.refused == type(command).__name__:
            raise Refused("permission.no_post", action="export.note", subject="", mode="")
        self.sent.append(command)
        return Done(change=1, key="城运值〔2026〕1号")


def _options(**files: Path) -> argparse.Namespace:
    given = {
        "what": "daily",
        "begin": DAY[1],
        "end": DAY[3],
        "seat": "",
        "numbered": True,
        "pdf": None,
        "xlsx": None,
        "docx": None,
    }
    return argparse.Namespace(**given | files)


def test_that_nothing_is_written_when_the_journal_does_not_take_the_export(tmp_path: Path) -> None:
    options = _options(pdf=tmp_path / "a.pdf", xlsx=tmp_path / "a.xlsx")
    with pytest.raises(Refused):
        paper_command.write(_Door("NoteExport"), options, Texts(), FakeRenderer())
    assert list(tmp_path.iterdir()) == []


def test_that_what_is_noted_is_the_digest_of_what_is_written(tmp_path: Path) -> None:
    door, renderer = _Door(), FakeRenderer()
    paper_command.write(door, _options(pdf=tmp_path / "a.pdf"), Texts(), renderer)
    number, note = door.sent
    assert isinstance(number, NumberPaper)
    assert isinstance(note, NoteExport)
    assert note.digest == hashlib.sha256((tmp_path / "a.pdf").read_bytes()).hexdigest()
    assert renderer.documents[0].number == "城运值〔2026〕1号"


def test_that_a_press_that_failed_leaves_no_file_and_no_note(tmp_path: Path) -> None:
    door = _Door()
    with pytest.raises(Trouble):
        paper_command.write(
            door, _options(pdf=tmp_path / "a.pdf"), Texts(), FakeRenderer(trouble=Trouble("report.too_slow", seconds=1))
        )
    assert [type(one).__name__ for one in door.sent] == ["NumberPaper"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("daily", *DAY), "--pdf"),
        (("event", "--pdf", "x.pdf"), "chengyun report event"),
        (("daily", "--from", "gestern", "--to", "heute", "--pdf", "x.pdf"), "gestern"),
        (("event", "4711", "--pdf", "x.pdf"), "4711"),
        (("handover", "4711", "--pdf", "x.pdf"), "4711"),
    ],
)
def test_that_what_cannot_be_made_is_said_in_words(ask: Ask, arguments: tuple[str, ...], words: str) -> None:
    code, _, err = ask(*arguments)
    assert code == 1
    assert words in err
    assert not Path("x.pdf").exists()
