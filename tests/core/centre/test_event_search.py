"""Questions `event.search`: words of any length over the door, with the filters of a page."""

import pytest

from chengyun_core.model.event import Event
from chengyun_core.model.event_commands import EditEvent
from chengyun_core.store import event_search
from chengyun_core.wire import codec
from chengyun_core.wire.event_asks import AskEventSearch, EventPage
from tests.core.centre.event_room import WASTE, asked, do, opened
from tests.core.centre.room import Room

Staffed = tuple[Room, str, str]


def _numbers(room: Room, session: str, ask: AskEventSearch) -> list[int]:
    page = asked(room, session, "event.search", ask, EventPage)
    return [codec.unpack(record, Event).number for record in page.records]


def test_that_words_of_any_length_width_and_case_find_events_newest_first(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li, title="嘉西村爆管", narrative="DN400 管道", place="上清寺")
    opened(room, li, title="嘉西村漏水", narrative="ＤＮ２００", centre="500106")
    opened(room, li, title="垃圾满溢", matter=WASTE)
    for words, expected in (
        ("嘉", [2, 1]), ("爆管", [1]), ("嘉西村", [2, 1]), ("dn", [2, 1]), ("ｄｎ400", [1]), ("嘉西村 dn200", [2]),
        ("上清寺　爆管", [1]), ("〕000003", [3]), ("没有", []), ("管爆", []), ("%", []), ("_", []), ("村爆", [1]),
    ):  # fmt: skip
        assert _numbers(room, li, AskEventSearch(words=words)) == expected, words
    assert _numbers(room, li, AskEventSearch(words="嘉西", district="500106")) == [2]
    assert _numbers(room, li, AskEventSearch(words="满", matter=WASTE)) == [3]
    assert _numbers(room, li, AskEventSearch(words="嘉西", before=2)) == [1]
    first = asked(room, li, "event.search", AskEventSearch(words="嘉西", limit=1), EventPage)
    assert _numbers(room, li, AskEventSearch(words="嘉西", limit=1, before=first.before)) == [1]


def test_that_a_narrative_is_found_by_its_words_of_now(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li, title="嘉西村爆管")
    do(room, li, EditEvent, 1, title="嘉西村停水")
    assert _numbers(room, li, AskEventSearch(words="停水")) == [1]
    assert _numbers(room, li, AskEventSearch(words="爆管")) == []


@pytest.mark.parametrize(
    "words", ["", " \n\t", "字" * (event_search.MOST_TYPED + 1), " ".join(map(str, range(event_search.MOST_WORDS + 1)))]
)
def test_that_a_query_without_words_or_with_too_many_is_refused(staffed: Staffed, words: str) -> None:
    room, li, _ = staffed
    assert room.ask("event.search", AskEventSearch(words=words), li).code == "event.search_words"
    assert room.ask("event.search", AskEventSearch(words="字", limit=0), li).code == "ask.out_of_range"
