"""How far one comes and where a pipe leads, in rows: what it rests on is told with it, and what is left out, too."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.maps.answers import MOST_NAMED, AnswerWords
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_core.model.map_layer import LayerNote, NoteGrade
from chengyun_core.wire.map_asks import Reach, ReachRing, Trace
from chengyun_resources.texts import Texts
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.theme import load_theme
from tests.console.bare_desk import ending
from tests.console.still_session import StillSession

ROADS = Reach(
    by_roads=True, layer="roads", rings=tuple(ReachRing(minutes=at, nodes=round(at * 100)) for at in (5.0, 7.5))
)
CIRCLES = Reach(by_roads=False, rings=(ReachRing(minutes=5.0, radius_m=2_500.0), ReachRing(minutes=10.0)))


@pytest.fixture(params=["zh_CN", "en"])
def words(qapp: QApplication, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[AnswerWords]:
    """The words of each language."""
    session = cast("Session", StillSession())
    desk = Desk(session, tmp_path, load_theme("night"), Texts(request.param), Preferences())
    with ending(desk):
        yield AnswerWords(desk)


def say(words: AnswerWords, code: str, **params: object) -> str:
    """Return a sentence of the same language."""
    return words._desk.say(code, **params)


def named(rows: list[FactRow]) -> dict[str, FactRow]:
    """Return rows by their keys, which no two may share: a list keeps its place by them."""
    found = {row.key.removeprefix("told:"): row for row in rows}
    assert len(found) == len(rows)
    for row in rows:
        for text in (row.title, row.detail, row.status):
            assert not any(sign in text for sign in ("maps.", "map.", "{", "}")), f"a code instead of words: {text}"
    return found


def test_that_minutes_along_roads_are_told_with_the_crossings_they_reach(words: AnswerWords) -> None:
    rows = named(words.reach_rows(ROADS))
    assert list(rows) == ["ring:5", "ring:7.5"]
    assert rows["ring:7.5"].title == say(words, "maps.reach.by_roads", minutes="7.5")
    assert rows["ring:7.5"].detail == say(words, "maps.reach.nodes", count="750")
    assert rows["ring:7.5"].status == "", "no radius: it is no circle"


def test_that_roads_that_are_only_drawn_and_a_start_beside_them_are_said(words: AnswerWords) -> None:
    sketched = Reach(by_roads=True, schematic=True, snapped_m=1234.4, rings=ROADS.rings)
    rows = named(words.reach_rows(sketched))
    assert rows["why"].title == say(words, "maps.reach.schematic")
    assert rows["snapped"].title == say(words, "maps.reach.snapped", metres="1,234")


@pytest.mark.parametrize("why", ["", "map.reach_no_roads", "map.reach_far_from_roads"])
def test_that_circles_are_called_straight_lines_and_say_why(words: AnswerWords, why: str) -> None:
    rows = named(words.reach_rows(Reach(by_roads=False, why=why, rings=CIRCLES.rings)))
    assert next(iter(rows)) == "why", "above every ring"
    assert rows["why"].title == say(words, "maps.reach.circles")
    assert rows["why"].detail == say(words, why or "maps.reach.no_roads")
    assert rows["ring:5"].title == words.reach_labels(CIRCLES)[0] == say(words, "maps.reach.straight", minutes="5")
    assert rows["ring:5"].status == "2.5 km"
    assert (rows["ring:10"].status, rows["ring:10"].detail) == ("", ""), "what was not told is not made up"


def test_that_a_reach_of_nothing_still_says_what_it_rests_on(words: AnswerWords) -> None:
    assert list(named(words.reach_rows(Reach(by_roads=False)))) == ["why"]
    assert words.reach_rows(Reach(by_roads=True)) == []


def test_that_a_pipe_that_leads_nowhere_says_so_of_each_kind(words: AnswerWords) -> None:
    rows = named(words.trace_rows(Trace()))
    assert list(rows) == ["up", "down", "isolated", "cut_off", "valves", "customers", "fed_still"]
    assert all("0" in row.title for row in rows.values())
    assert {row.status for row in rows.values()} == {""}, "no length of nothing"


def test_that_a_trace_tells_counts_lengths_and_each_valve_by_its_code(words: AnswerWords) -> None:
    told = Trace(up=("P1", "P2"), cut_off=("P3",), valves=("V1", "V2"), metres={"up": 1234.0})
    rows = named(words.trace_rows(told))
    assert rows["up"].title == say(words, "maps.trace.up", count="2")
    assert rows["up"].status == "1.23 km"
    assert rows["cut_off"].status == "", "a length nobody told is not made up"
    keys = list(rows)
    at = keys.index("valves")
    assert keys[at : at + 3] == ["valves", "valves:V1", "valves:V2"], "one under the other: one line holds five of them"
    assert rows["valves"].is_heading
    assert [rows[key].title for key in keys[at + 1 : at + 3]] == ["V1", "V2"]


def test_that_valves_that_are_not_listed_are_counted(words: AnswerWords) -> None:
    """Who closes what is listed and thinks that was all of it floods a street."""
    codes = tuple(f"V{at:03d}" for at in range(MOST_NAMED + 7))
    rows = named(words.trace_rows(Trace(valves=codes, customers=codes[:MOST_NAMED])))
    assert rows["valves"].title == say(words, "maps.trace.valves", count="57")
    assert sum(key.startswith("valves:V") for key in rows) == MOST_NAMED
    assert rows["valves:more"].title == say(words, "maps.question.more", count="7")
    assert "customers:more" not in rows


def test_that_what_the_data_does_not_say_is_told_last_each_by_itself(words: AnswerWords) -> None:
    codes = ("map.trace_no_source", "map.trace_lost_pipes")
    notes = tuple(LayerNote(grade=NoteGrade.TOLD, feature=0, code=code, params={"count": "3"}) for code in codes)
    rows = named(words.trace_rows(Trace(notes=notes)))
    assert list(rows)[-2:] == ["note:0", "note:1"]
    assert rows["note:1"].title == words.note(notes[1])
