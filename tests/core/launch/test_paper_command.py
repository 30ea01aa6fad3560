"""`chengyun report`: a stranger makes the documents of a profile, and what left stands in its journal."""

import io
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from chengyun_core.launch import cli, profile
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.wire.addresses import of_profile
from tests.core.report.report_samples import words_of

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
    code, out, err = ask("daily", *DAY, "--numbered", "--pdf", str(pdf), "--xlsx", str(xlsx))
    assert (code, err) == (0, "")
    assert str(pdf) in out
    said = "".join(words_of(pdf.read_bytes()))
    assert "城市运行值班日报" in said
    assert "〕1号" in said
    assert "审计链头live.1." in said
    assert openpyxl.load_workbook(io.BytesIO(xlsx.read_bytes())).properties.title == "城市运行值班日报"
    assert stat.S_IMODE(pdf.stat().st_mode) == 0o600
    left = [params for action, params in _actions(folder) if action == "export.note"][-2:]
    assert [(one["what"], one["form"]) for one in left] == [("report.daily", "pdf"), ("report.daily", "xlsx")]


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
