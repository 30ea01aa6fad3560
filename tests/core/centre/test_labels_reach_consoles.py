"""What a console was told of an event before its label: a real centre, and a real mirror that forgets."""

from dataclasses import replace

import pytest

from chengyun_core.centre import labels, veil
from chengyun_core.mirror.fact_stream import ASK_EVERY_NS, FactAsk, FactStream
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.event_commands import NoteEvent
from chengyun_core.model.rights import DIMMED, Label
from chengyun_core.model.rights_commands import SetClearance, SetLabel
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Changes, Heartbeat, Hello, Snapshot
from tests.core.centre.event_room import event, opened, peopled_city
from tests.core.centre.room import ADMIN_KEY, NOON_NS, Room
from tests.support.news_from import beat

SECRET = "机密爆管"
HELLO = Hello(protocol=1, client="test")


class Listener:
    """One console's facts: gets what the centre broadcasts, asks for what it misses."""

    def __init__(self, room: Room, session: str) -> None:
        self.room, self.session = room, session
        self.stream, self.facts = FactStream(), FactMirror()
        self.news: list[FactNews] = []
        self._heard, self._now = 0, 0
        self.stream.allow(allowed=True)
        self.catch_up()

    def hear(self) -> None:
        """Take the hints of all that was broadcast since, as the centre's loop gives them."""
        for change in self.room.published[self._heard :]:
            with self.room.ledger.reading() as connection:
                if not veil.is_labelled(self.room.desk, change, connection):
                    self.stream.hinted(labels.bare(change))
        self._heard = len(self.room.published)

    def catch_up(self) -> None:
        """Hear all, and have every ask answered until nothing is missing."""
        self._heartbeat()
        self.hear()
        while (ask := self._ask()) is not None:
            self.answer(ask)
        self._take()

    def answer(self, ask: FactAsk) -> None:
        """Answer one ask from the centre's door."""
        if ask.since is None:
            told = codec.unpack(self.room.ask("snapshot", HELLO, self.session).body, Snapshot)
            self.stream.snapped(ask.id, told)
        else:
            changes = codec.unpack(self.room.ask("changes.since", ask.since, self.session).body, Changes)
            self.stream.ranged(ask.id, changes)

    def _ask(self) -> FactAsk | None:
        self._now += ASK_EVERY_NS
        return self.stream.asks(self._now)

    def _take(self) -> None:
        news = self.stream.news()
        if news is not None:
            self.facts.apply(news)
            self.news.append(news)

    def _heartbeat(self) -> None:
        told: Heartbeat = replace(beat(epoch=1, tail=self.room.ledger.tail), clock_ns=NOON_NS)
        self.stream.heard(told)


@pytest.fixture
def house(room: Room) -> tuple[Room, str, Listener, Listener]:
    """A centre with two events, its chief's session, and two consoles: of who is not cleared, and of the chief."""
    room.adopt(peopled_city())
    officer, chief = room.officer("li"), room.officer("chief", "500000.watch_chief", seat="A-02")
    room.done(SetClearance(account="chief", clearance=Label.HIDE, reason="指挥"), ADMIN_KEY)
    opened(room, chief, title=SECRET)
    opened(room, chief, title="普通爆管")
    return room, chief, Listener(room, officer), Listener(room, chief)


def _label(room: Room, chief: str, label: Label) -> None:
    room.done(SetLabel(kind="event", key="1", label=label, reason="涉密"), chief)


def test_that_a_console_told_before_loses_a_hidden_event_and_gets_it_back_when_it_is_lifted(
    house: tuple[Room, str, Listener, Listener]
) -> None:  # fmt: skip
    room, chief, here, cleared = house
    assert sorted(here.facts.events) == [1, 2]
    _label(room, chief, Label.HIDE)
    here.catch_up()
    cleared.catch_up()
    assert (sorted(here.facts.events), sorted(cleared.facts.events)) == ([2], [1, 2])
    assert ("event", "1") in here.news[-1].gone
    assert here.news[-1].relabelled
    assert SECRET not in str(here.facts._changes), "neither does the history keep it"
    _label(room, chief, Label.NORMAL)
    here.catch_up()
    assert here.facts.events[1].title == SECRET


def test_that_a_dimmed_event_of_the_same_version_takes_the_place_of_the_whole_one(
    house: tuple[Room, str, Listener, Listener]
) -> None:  # fmt: skip
    room, chief, here, cleared = house
    _label(room, chief, Label.DIM)
    here.catch_up()
    cleared.catch_up()
    assert (here.facts.events[1].title, cleared.facts.events[1].title) == (DIMMED, SECRET)
    room.done(NoteEvent(event=1, text=f"{SECRET}已止水"), chief)
    here.catch_up()
    assert (here.facts.events[1].title, here.facts.events[1].version) == (DIMMED, event(room).version)


def test_that_an_answer_made_before_the_label_is_not_taken_after_it(
    house: tuple[Room, str, Listener, Listener]
) -> None:  # fmt: skip
    room, chief, here, _ = house
    _label(room, chief, Label.DIM)
    here.hear()
    ask = here._ask()
    assert ask is not None
    assert ask.since is None
    stale = codec.unpack(room.ask("snapshot", HELLO, here.session).body, Snapshot)
    _label(room, chief, Label.HIDE)
    here.hear()
    here.stream.snapped(ask.id, stale)
    assert not here.stream.complete
    here.catch_up()
    assert sorted(here.facts.events) == [2]


def test_that_a_lost_hint_of_a_label_is_found_in_the_range(house: tuple[Room, str, Listener, Listener]) -> None:
    room, chief, here, _ = house
    before = here.stream.counters["relabelled"]
    _label(room, chief, Label.HIDE)
    room.published.clear()
    here._heard = 0
    here.catch_up()
    assert (sorted(here.facts.events), here.stream.counters["relabelled"]) == ([2], before + 1)


def test_that_another_clearance_tells_everything_anew(house: tuple[Room, str, Listener, Listener]) -> None:
    room, chief, here, _ = house
    _label(room, chief, Label.HIDE)
    here.catch_up()
    room.done(SetClearance(account="li", clearance=Label.HIDE, reason="知悉"), ADMIN_KEY)
    here.catch_up()
    assert sorted(here.facts.events) == [1, 2]
    room.done(SetClearance(account="li", clearance=Label.NORMAL, reason="离岗"), ADMIN_KEY)
    here.catch_up()
    assert sorted(here.facts.events) == [2]
