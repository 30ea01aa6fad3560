"""`chengyun thresholds`: what is typed becomes the command that is meant, and a change is told whole."""

import json

import pytest

from chengyun_core.launch import cli
from chengyun_core.launch.thresholds_command import cells_of, facts_of, time_of
from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.failure import Refused


def test_that_cells_are_read_and_an_empty_one_clears() -> None:
    assert cells_of(["high_yellow=181", "high_red =", "rate_colour= red"]) == {
        "high_yellow": "181", "high_red": "", "rate_colour": "red",
    }  # fmt: skip


def test_that_a_cell_without_equals_is_refused_by_its_text() -> None:
    with pytest.raises(Refused, match=r"launch\.cell_without_equals.*high_yellow:181"):
        cells_of(["high_yellow:181"])


def test_that_a_time_with_a_zone_is_read_to_the_microsecond() -> None:
    assert time_of(None) is None
    assert time_of("1970-01-01T08:00:01.000002+08:00") == 1_000_002_000
    assert time_of("2026-12-01T00:00:00Z") == 1_796_083_200 * 10**9


def test_that_what_is_no_time_is_refused() -> None:
    with pytest.raises(Refused, match=r"launch\.not_a_time"):
        time_of("tomorrow")


def test_that_options_may_stand_before_or_behind_the_act() -> None:
    for typed in (["--json", "--language", "en", "list"], ["list", "--json", "--language", "en"]):
        options = cli.parser().parse_args(["thresholds", *typed])
        assert (options.json, options.language, options.act) == (True, "en", "list")
    assert cli.parser().parse_args(["thresholds", "list"]).json is False


@pytest.mark.parametrize(
    "typed", [["switch", "XQ"], ["propose", "SW", "high_red=1"], ["rollback", "1"], ["refuse", "1"]]
)
def test_that_a_deed_without_a_reason_is_not_taken(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parser().parse_args(["thresholds", *typed])
    assert "--reason" in capsys.readouterr().err


def test_that_a_change_is_told_whole_and_as_json() -> None:
    change = ThresholdChange(
        number=3, threshold_set="PT", vital_code="SW", before={"high_red": "183"}, after={"high_red": ""},
        reason="r", author="chief", author_seat="A-01", asked_at=0, approver="editor", effective_at=10**9,
        state=ThresholdState.IN_FORCE, catalogue_version=7,
    )  # fmt: skip
    told = json.loads(json.dumps(facts_of(change)))
    assert (told["change"], told["state"], told["author"], told["approver"]) == (3, "in_force", "chief", "editor")
    assert (told["before"], told["after"], told["catalogue_version"]) == ({"high_red": "183"}, {"high_red": ""}, 7)
    assert told["effective_at"].startswith("1970-01-01T00:00:01")
