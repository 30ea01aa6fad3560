"""People are called by their names wherever an account stands: asked with a sign-on, learnt from who takes a seat."""

from chengyun_console.wording.events import EventWords
from chengyun_console.wording.timeline import TimelineWords
from chengyun_core.model.change import SessionRecord
from chengyun_core.wire.event_asks import PeopleNames
from tests.console.conftest import Room
from tests.console.event_samples import lines


def test_that_accounts_are_called_by_the_names_the_centre_tells(desk_room: Room) -> None:
    desk, words = desk_room.desk, EventWords(desk_room.desk.figures, desk_room.desk.names)
    assert words.person("li") == "li"
    kind, _ask, _answer = desk_room.session.sent.asks["people.names"]
    assert kind == "event.people"
    desk_room.session.answer_ask("people.names", PeopleNames(names={"li": "李敏", "gs": "渝中区供水抢修队"}))
    assert (words.person("li"), words.person("gs"), words.person("nobody")) == ("李敏", "渝中区供水抢修队", "nobody")
    assert TimelineWords(words).line(lines()[2]).who == "李敏 · A-03 · 市级"
    assert desk.words.person("li") == "李敏"


def test_that_who_takes_a_seat_is_known_at_once(desk_room: Room) -> None:
    seated = SessionRecord(seat="B-02", account="chen", name="陈静", posts=(), since=1)
    desk_room.session.put_fact("session", "B-02", seated)
    assert desk_room.desk.words.person("chen") == "陈静"
