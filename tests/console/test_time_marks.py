"""An event's timeline on one line: every turn has words in both languages, runs are one mark, nothing is lost."""

from dataclasses import replace

import pytest

from chengyun_console.wording.events import EventWords
from chengyun_console.wording.time_marks import TURNS, TimeMarkWords
from chengyun_console.wording.timeline import TimelineWords
from chengyun_resources.texts import LANGUAGES, Texts
from tests.console import event_samples
from tests.console.conftest import Room
from tests.console.still_session import START_NS

S = 10**9


@pytest.fixture
def words(room: Room) -> TimeMarkWords:
    return TimeMarkWords(TimelineWords(EventWords(room.desk.figures, room.desk.names)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", sorted(TURNS))
def test_that_every_turn_has_its_words(action: str, language: str) -> None:
    assert Texts(language).has(f"strip.{action}")


def test_that_marks_are_in_the_order_in_which_things_happened_with_clock_and_words(words: TimeMarkWords) -> None:
    marks = words.marks(reversed(event_samples.lines()))
    assert [mark.at_ns for mark in marks] == sorted(mark.at_ns for mark in marks)
    assert [mark.label.partition(" ")[2] for mark in marks] == [
        "告警", "核实", "生成事件", "定级 重大", "牵头 U-01，配合 …", "到场", "水上 07（电台）：已…", "报送超时",
    ]  # fmt: skip


def test_that_what_happens_five_times_in_a_minute_is_one_mark_and_a_sixth_later_another(words: TimeMarkWords) -> None:
    line = replace(event_samples.lines()[0], code="timeline.order.send", source_at=START_NS)
    run = [replace(line, number=at, source_at=START_NS + at * 10 * S) for at in range(5)]
    later = replace(line, number=9, source_at=START_NS + 200 * S)
    marks = words.marks([*run, later])
    assert [mark.key for mark in marks] == ["0", "9"]
    assert marks[0].label.endswith("下达指令 ×5")
    assert marks[0].tip.count("\n") == 4


def test_that_a_line_without_words_of_its_own_is_told_by_its_sentence(words: TimeMarkWords) -> None:
    line = replace(
        event_samples.lines()[0], code="timeline.event.note", params={"text": "已转移沿江低洼地带群众八十四人"}
    )
    (mark,) = words.marks([line])
    assert mark.weight == 0
    assert mark.label.endswith("…")
    assert "已转移沿江低洼地带群众八十四人" in mark.tip
