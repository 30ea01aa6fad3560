"""Masters: what fits whom, and what a wrong table is told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.layouts import masters
from chengyun_console.layouts.arrangement import Pane, panes_of
from chengyun_core.model.holding import PostKind
from chengyun_core.model.scales import Level, Mode

STANDINGS = st.builds(
    masters.Standing,
    level=st.sampled_from(Level),
    sector=st.sampled_from(["", "YJ", "SS"]),
    post=st.sampled_from(["", *PostKind]),
    mode=st.sampled_from(Mode),
)
OWN = """
[[master]]
code = "own"
{names}
charts = 2
kept = 0
pinned = "catalogue"
range_minutes = 60
front = "alarms"
opens = "overview"
locked = []
[master.panes]
whole = {whole}
[master.wide]
whole = {whole}
"""
WHOLE = '["across", "charts 50", "heat 20", "alarms 30"]'


def _fitting(**standing: object) -> str:
    given_standing = masters.Standing(**{"level": Level.CITY, **standing})  # type: ignore[arg-type]
    return masters.fitting(masters.shipped().masters, given_standing).row.code


def _own(tmp_path: Path, text: str) -> masters.Table:
    (tmp_path / masters.OWN_FILE).write_text(text, "utf-8")
    return masters.of_profile(tmp_path)


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        ({}, "any"),
        ({"post": "watch_chief"}, "city.chief"),
        ({"level": Level.DISTRICT, "post": "duty_officer"}, "district"),
        ({"level": Level.DISTRICT, "post": "watch_chief"}, "district"),
        ({"level": Level.TOWN}, "town"),
        ({"post": "track_owner", "sector": "YJ"}, "sector"),
        ({"post": "watch_chief", "mode": Mode.EMERGENCY}, "emergency"),
        ({"level": Level.TOWN, "mode": Mode.EMERGENCY}, "town.emergency"),
        ({"level": Level.TOWN, "sector": "YJ", "post": "duty_officer"}, "sector"),
        ({"post": "screen"}, "wall"),
        ({"post": "screen", "mode": Mode.EMERGENCY}, "wall.emergency"),
    ],
)
def test_that_the_master_that_fits_best_is_chosen(standing: dict[str, object], code: str) -> None:
    assert _fitting(**standing) == code


@given(STANDINGS)
def test_that_everybody_gets_a_master_with_the_alarms_and_one_chart_at_least(standing: masters.Standing) -> None:
    chosen = masters.fitting(masters.shipped().masters, standing)
    for arranged in (chosen.panes, chosen.wide):
        assert {Pane.ALARMS, Pane.CHARTS, Pane.HEAT} <= set(panes_of(arranged))
    assert chosen.row.charts >= 1


@given(STANDINGS, st.randoms())
def test_that_the_order_of_the_rows_decides_nothing(standing: masters.Standing, random: object) -> None:
    rows = list(masters.shipped().masters)
    before = masters.fitting(rows, standing)
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert masters.fitting(rows, standing) is before or masters.fitting(rows, standing).key == before.key


def test_that_the_citys_own_master_is_laid_over_the_shipped_one(tmp_path: Path) -> None:
    table = _own(tmp_path, OWN.format(names='sector = "YJ"\nlevel = "city"', whole=WHOLE))
    standing = masters.Standing(level=Level.CITY, sector="YJ", post="track_owner")
    assert masters.fitting(table.masters, standing).row.code == "own"
    other = masters.Standing(level=Level.CITY, sector="SS", post="track_owner")
    assert masters.fitting(table.masters, other).row.code == "sector"


def test_that_an_own_master_of_the_same_key_replaces_the_shipped_one(tmp_path: Path) -> None:
    table = _own(tmp_path, OWN.format(names='level = "town"', whole=WHOLE))
    assert masters.fitting(table.masters, masters.Standing(level=Level.TOWN)).row.code == "own"
    assert len(table.masters) == len(masters.shipped().masters)


def test_that_the_citys_own_labels_of_the_wall_are_laid_over_the_shipped_ones(tmp_path: Path) -> None:
    table = _own(tmp_path, '[wall]\nseat = "hide"\n')
    assert table.wall["seat"] == "hide"
    assert table.wall["phone"] == masters.shipped().wall["phone"]


@pytest.mark.parametrize(
    ("names", "whole", "told"),
    [
        ("", '["across", "charts 50", "alarms 50"]', "missing panes: \\['heat'\\]"),
        ("", '["across", "charts 50", "heat 20", "alarms 10", "alarms 20"]', "more than once: \\['alarms'\\]"),
        ("", '["across", "charts 50", "heat 20", "whole 30"]', "inside itself"),
        ("", '["across", "charts 50", "heat 20", "map 30"]', "'map'"),
        ("", '["beside", "charts 50", "heat 20", "alarms 30"]', "across"),
        ("", '["across", "charts", "heat 20", "alarms 30"]', "share"),
        ('post = "nurse"', WHOLE, "post is 'nurse'"),
        ('mode = "war"', WHOLE, "mode is 'war'"),
        ('colour = "red"', WHOLE, "unknown words \\['colour'\\]"),
    ],
)
def test_that_a_wrong_file_is_refused_with_its_place_and_reason(
    tmp_path: Path, names: str, whole: str, told: str
) -> None:
    with pytest.raises(ValueError, match=told) as refused:
        _own(tmp_path, OWN.format(names=names, whole=whole))
    assert str(tmp_path / masters.OWN_FILE) in str(refused.value)


def test_that_two_masters_for_the_same_people_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two masters"):
        _own(tmp_path, OWN.format(names="", whole=WHOLE) * 2)
