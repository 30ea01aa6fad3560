"""`chengyun map` on a real centre: layers from files imported, listed, taken off; and those that ship."""

import json
from pathlib import Path

import pytest

from chengyun_core.launch import cli, map_command, profile
from chengyun_core.launch.up import borrowed_centre
from chengyun_resources import boundaries
from chengyun_resources.texts import Texts

pytestmark = [pytest.mark.wire, pytest.mark.timeout(180)]


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    """Return a table of two shelters, one of which is nowhere."""
    file = tmp_path / "shelters.csv"
    file.write_text("编码,名称,经度,纬度\nA,嘉西小学,106.5443,29.5628\nB,远处,206,29\n", "gb18030")
    return file


def _said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_that_a_report_tells_what_an_import_would_do_without_a_profile(
    csv_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["map", "report", str(csv_file), "--datum", "gcj02"]) == 0
    said = capsys.readouterr().out
    assert "1 个要素可用，修复 0 个，未采用 1 个，位置误差约 10 米" in said
    assert "要素 2“远处”（第 3 行）未采用：第 1 个折点 206, 29 超出经纬度范围。" in said
    assert "文字不是 UTF-8，按 gb18030 读取" in said


def test_that_a_layer_is_imported_listed_and_taken_off(
    csv_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = profile.ensure(tmp_path / "p", name="p")
    common = ["--profile", str(made.folder), "--json"]
    with borrowed_centre(made):
        fields = ["--kind", "place", "--name", "避难场所", "--approval", "渝S(2026)001号"]
        assert cli.main(["map", "import", str(csv_file), *fields, "--check", *common]) == 0
        assert _said(capsys)["imported"] is False
        assert cli.main(["map", "import", str(csv_file), *fields, *common]) == 0
        told = _said(capsys)
        assert (told["layer"], told["version"]) == ("shelters", 1)
        assert cli.main(["map", "import", str(csv_file), *fields, *common]) == 0
        assert _said(capsys)["version"] == 2
        assert cli.main(["map", "list", "--profile", str(made.folder)]) == 0
        assert "1 个要素，误差未说明，渝S(2026)001号" in capsys.readouterr().out
        assert cli.main(["map", "list", *common]) == 0
        (layer,) = _said(capsys)["layers"]  # type: ignore[misc]
        assert (layer["features"], layer["refused"], layer["approval_number"]) == (1, 1, "渝S(2026)001号")  # type: ignore[index]
        assert cli.main(["map", "retire", "shelters", "--reason", "过期", *common]) == 0
        assert _said(capsys)["retired"] == ["shelters"]
        assert cli.main(["map", "retire", "shelters", "--reason", "过期", *common]) == 1
        assert _said(capsys)["code"] == "map.layer_unknown"


def test_that_what_ships_is_imported_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = profile.ensure(tmp_path / "p", name="p")
    with borrowed_centre(made):
        map_command.ensure_demo(made, Texts("zh_CN"))
        map_command.ensure_demo(made, Texts("zh_CN"))
        assert capsys.readouterr().out.count("示意图层") == 1
        assert cli.main(["map", "list", "--json", "--profile", str(made.folder)]) == 0
    layers = {one["code"]: one for one in _said(capsys)["layers"]}  # type: ignore[attr-defined]
    assert list(layers) == sorted(one.code for one in boundaries.shipped())
    assert all(one["schematic"] and not one["approval_number"] and one["version"] == 1 for one in layers.values())
    assert all(one["mended"] == one["refused"] == 0 for one in layers.values())
    assert layers["districts-2023"]["valid_to"] < layers["districts"]["valid_from"]
