"""`chengyun warnings` against a real centre: a file checked, taken once, refused with line and element; call lists."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chengyun_core.launch import catalogue_command, cli, profile, up
from chengyun_core.launch.warnings_command import parts_of
from chengyun_resources.texts import Texts
from tests.core.bulletins.test_reading import CAP, TABLE
from tests.support.small_tables import small_tables

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a profile whose centre runs."""
    made = profile.ensure(tmp_path_factory.mktemp("warnings"), name="try")
    tables = small_tables()
    with up.borrowed_centre(made):
        catalogue_command.import_tables(made, tables, {name: name for name in tables}, Texts())
        yield made.folder


@pytest.fixture
def ask(folder: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def asked(*words: str) -> tuple[int, str, str]:
        code = cli.main(["warnings", *words, "--profile", str(folder)])
        return (code, *capsys.readouterr())

    return asked


def _file(folder: Path, name: str, text: str) -> str:
    made = folder / name
    made.write_text(text, "utf-8")
    return str(made)


def test_that_a_file_is_checked_taken_and_known_again(ask: Ask, tmp_path: Path) -> None:
    file = _file(tmp_path, "a.xml", CAP)
    assert ask("check", file)[:2] == (0, "a.xml：1 条预警可以导入。\n")
    assert ask("import", file)[1] == "a.xml：已收 1 条预警，另有 0 条已经收过。\n"
    again = _file(tmp_path, "b.xml", CAP + "\n")
    assert json.loads(ask("import", again, "--json")[1])["known"] == 1
    assert ask("import", _file(tmp_path, "w.csv", TABLE))[1] == "w.csv：已收 2 条预警，另有 0 条已经收过。\n"


def test_that_every_fault_is_told_with_its_line_and_nothing_is_taken(ask: Ask, tmp_path: Path) -> None:
    bad = CAP.replace("<scope>Public</scope>", "").replace(">Likely<", ">Surely<").replace("A1", "A9")
    code, shown, _ = ask("import", _file(tmp_path, "a.xml", bad))
    assert code == 1
    assert [line.split("：")[0] for line in shown.splitlines()] == ["第 1 行", "第 1 行"]
    assert ask("check", str(tmp_path / "none.xml"))[0] == 1


def test_that_call_lists_are_saved_and_saved_anew(ask: Ask, tmp_path: Path) -> None:
    post = small_tables()["posts"][0]["code"]
    file = _file(tmp_path, "lists.csv", f"code,name,grades,matters,chain\nflood,防汛,4,rainstorm,{post}\n")
    for _ in range(2):
        assert ask("lists", file)[:2] == (0, "lists.csv：已保存 1 份叫应名单。\n")
    unknown = _file(tmp_path, "lists.csv", "code,name,grades,matters,chain\nfire,森防,,,nobody\n")
    code, _, told = ask("lists", unknown)
    assert code == 1
    assert "nobody" in told


def test_that_a_great_table_goes_in_parts_with_its_head() -> None:
    table = b"head\n" + b"".join(b"%d\n" % row for row in range(450))
    parts = list(parts_of("w.csv", table))
    assert [len(part.splitlines()) for part in parts] == [201, 201, 51]
    assert all(part.startswith(b"head\n") for part in parts)
    assert list(parts_of("a.xml", table)) == [table]
