"""`chengyun dispatch` against a real centre: a narrative read, and a report of what was given back."""

import json
from pathlib import Path

import pytest

from chengyun_core.launch import catalogue_command, cli, profile
from chengyun_core.launch.dispatch_command import csv_of
from chengyun_core.wire.dispatch_asks import Misroute
from chengyun_resources.texts import Texts
from tests.support.small_tables import small_tables


def test_that_a_stranger_can_try_the_words_of_his_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = profile.ensure(tmp_path, name="try")
    tables = small_tables() | {
        "matters": [{"code": "GS01", "name": "供水爆管", "subtrack": "YJ01A", "words": "爆管|水管"}],
    }
    catalogue_command.import_tables(made, tables, {name: name for name in tables}, Texts())
    capsys.readouterr()
    asked = ["dispatch", "read", "大坪街道长江二路水管爆管，管径400毫米", "--profile", str(tmp_path)]
    assert cli.main(asked) == 0
    shown = capsys.readouterr().out
    assert "供水爆管  0.8" in shown
    assert "大坪街道  " in shown
    assert cli.main([*asked, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["figures"] == {"diameter_mm": "400"}
    assert facts["addresses"] == ["大坪街道长江二路"]
    assert cli.main(["dispatch", "misroutes", "--csv", "--profile", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "matter,unit,orders,returned,share,routes,reasons\n"
    assert cli.main(["dispatch", "read", "--profile", str(tmp_path)]) == 1
    assert "chengyun dispatch read" in capsys.readouterr().err


def test_that_no_reason_becomes_a_formula_of_a_spreadsheet() -> None:
    row = Misroute(matter="=1", unit="W", orders=4, returned=1, routes=("R1",), reasons=(("=cmd", 1),))
    assert csv_of([row]).splitlines()[1] == "'=1,W,4,1,0.25,R1,'=cmd × 1"
