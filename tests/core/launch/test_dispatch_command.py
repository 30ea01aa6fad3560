"""`chengyun dispatch` against a real centre: a narrative read, and a report of what was given back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chengyun_core.launch import catalogue_command, cli, profile, up
from chengyun_core.launch.dispatch_command import csv_of
from chengyun_core.wire.dispatch_asks import Misroute
from chengyun_resources.texts import Texts
from tests.support.small_tables import small_tables


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a profile whose centre runs, with one matter in its catalogue."""
    made = profile.ensure(tmp_path_factory.mktemp("dispatch"), name="try")
    matter = {"code": "GS01", "name": "供水爆管", "subtrack": "YJ01A", "words": "爆管|水管"}
    tables = small_tables() | {"matters": [matter]}
    with up.borrowed_centre(made):
        catalogue_command.import_tables(made, tables, {name: name for name in tables}, Texts())
        yield made.folder


@pytest.fixture
def ask(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def asked(*words: str) -> tuple[int, str, str]:
        code = cli.main(["dispatch", *words, "--profile", str(folder)])
        return (code, *capsys.readouterr())

    return asked


def test_that_a_stranger_can_try_the_words_of_his_catalogue(ask: Callable[..., tuple[int, str, str]]) -> None:
    code, shown, _ = ask("read", "大坪街道长江二路水管爆管，管径400毫米")
    assert code == 0
    assert "供水爆管  0.8" in shown
    assert "大坪街道  " in shown
    facts = json.loads(ask("read", "大坪街道长江二路水管爆管，管径400毫米", "--json")[1])
    assert facts["figures"] == {"diameter_mm": "400"}
    assert facts["addresses"] == ["大坪街道长江二路"]


def test_that_a_month_without_misroutes_is_a_heading(ask: Callable[..., tuple[int, str, str]]) -> None:
    assert ask("misroutes", "--csv")[:2] == (0, "matter,unit,orders,returned,share,routes,reasons\n")
    assert "0" in ask("misroutes")[1]


def test_that_reading_needs_a_text(ask: Callable[..., tuple[int, str, str]]) -> None:
    code, _, told = ask("read")
    assert code == 1
    assert "chengyun dispatch read" in told


def test_that_no_reason_becomes_a_formula_of_a_spreadsheet() -> None:
    row = Misroute(matter="=1", unit="W", orders=4, returned=1, routes=("R1",), reasons=(("=cmd", 1),))
    assert csv_of([row]).splitlines()[1] == "'=1,W,4,1,0.25,R1,'=cmd × 1"
