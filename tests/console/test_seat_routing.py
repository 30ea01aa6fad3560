"""本席 and 全部 at the console (H4): what is heard, counted and listed, with a real centre behind two consoles."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chengyun_console.actions.table import BY_ID
from chengyun_console.pages.alarm_listing import Section
from chengyun_console.seat_routing import Whole
from chengyun_console.shell import frame_records, strip_records
from chengyun_console.waiting import alarms as waiting_alarms
from chengyun_core.mirror.links import Reach
from chengyun_core.mirror.news import FactNews
from chengyun_core.mirror.records import fact_of, is_living
from chengyun_core.model.command import AcknowledgeAlarm, SignOff
from chengyun_core.model.duty import SeatSilence
from chengyun_core.model.duty_commands import CoverSeat, GiveBackSeat
from chengyun_core.model.routing import ANSWER_WITHIN_S
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire.envelope import SignedOn
from tests.console.conftest import Room, made_room
from tests.console.event_samples import event
from tests.console.sound.test_horn import Ear
from tests.core.centre.room import Room as Centre
from tests.core.centre.room import city

CITY_VITAL, NORTH_VITAL, SOUTH_VITAL = 0, 1, 2
ORANGE, RED, YELLOW = WarningColour.ORANGE, WarningColour.RED, WarningColour.YELLOW


class Console:
    """One window with its horn at a seat of the centre."""

    def __init__(self, qtbot: QtBot, folder: Path, seat: str, posts: tuple[str, ...], session: str) -> None:
        self.room: Room = made_room(qtbot, folder)
        self.ear = Ear(self.room)
        self.seat, self.session = seat, session
        still = self.room.session
        still.hear()
        still.show_city(city())
        still.signed_on = SignedOn(
            token="t", account=seat, name=seat, seat=seat, posts=posts, allowed=("alarm.acknowledge", "alarm.shelve"),
        )  # fmt: skip
        self.room.window.take_present()

    def take(self, news: FactNews) -> None:
        """Hand on what the centre published, as the session does."""
        self.room.session.facts.apply(news)
        self.room.session.facts_came.emit(news)

    def calling(self) -> int:
        """Return how many alarms call at the loudspeaker."""
        return sum(self.ear.horn.policy.calling())

    def strip(self) -> str:
        """Return what the strip says: what waits for this seat, and what others have."""
        texts = self.room.window.strip.alarms._texts
        return f"{texts.waiting}|{texts.beside}"

    def rows(self) -> list[str]:
        """Return the keys of the list of F1."""
        return [item.key for item in self.room.window.cockpit.alarms._items]

    def close(self) -> None:
        """Close the window."""
        self.ear.horn.stop()
        self.room.window.close()


@dataclass
class Hall:
    """A centre with two consoles: A-01 watches the city, A-YZ one district, and A-03 is where a chief may sit down."""

    centre: Centre
    city: Console
    north: Console
    heard: int = 0

    def tell(self, seconds: float = 1.0) -> None:
        """Bring both consoles what the centre published since, and let a beat pass."""
        changes = self.centre.published[self.heard :]
        self.heard = len(self.centre.published)
        facts = [fact for change in changes if (fact := fact_of(change)) is not None]
        newest = {(fact.kind, fact.key): fact for fact in facts}
        for console in (self.city, self.north):
            console.take(FactNews(
                facts=tuple(fact for fact in newest.values() if is_living(fact)),
                gone=tuple(key for key, fact in newest.items() if not is_living(fact)),
                changes=tuple(changes), through=self.heard, tail=self.heard, complete=True,
            ))  # fmt: skip
            console.ear.beat(seconds)
            console.ear.beat(0.1)

    def calling(self) -> tuple[int, int]:
        """Return what calls at the city's console and at the district's."""
        return self.city.calling(), self.north.calling()


@pytest.fixture
def hall(qtbot: QtBot, tmp_path: Path) -> Iterator[Hall]:
    """Officers at A-01 and A-YZ."""
    with Centre(tmp_path / "centre") as centre:
        post = ("500000.duty_officer",)
        sessions = centre.officer("li", seat="A-01"), centre.officer("wang", seat="A-YZ")
        city_console = Console(qtbot, tmp_path / "a", "A-01", post, sessions[0])
        north = Console(qtbot, tmp_path / "b", "A-YZ", post, sessions[1])
        made = Hall(centre, city_console, north)
        made.tell()
        yield made
        for console in (city_console, north):
            console.close()


def test_that_an_alarm_is_heard_where_it_goes_and_stays_in_sight_elsewhere(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.centre.observe(CITY_VITAL, YELLOW)
    hall.tell()
    assert hall.calling() == (1, 1)
    assert (hall.city.strip(), hall.north.strip()) == ("未确认 1|他席 1", "未确认 1|他席 1")
    assert [waiting_alarms(one.room.desk) for one in (hall.city, hall.north)] == [1, 1]
    assert hall.city.rows()[-1] == f"section:{Section.OTHERS.value}"
    alarm = hall.centre.living()[NORTH_VITAL]
    assert str(alarm.number) not in hall.city.rows()
    assert str(alarm.number) in hall.north.rows()
    title = frame_records.title(hall.city.room.desk, "F1")
    assert "1" in title


def test_that_the_row_of_the_others_unfolds_with_their_seats(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.tell()
    panel = hall.city.room.window.cockpit.alarms
    panel._on_opened(f"section:{Section.OTHERS.value}")
    hall.city.room.beat()
    number = hall.centre.living()[NORTH_VITAL].number
    row = next(row for row in panel._list.rows() if row.key == str(number))
    assert row.badges[0] == "A-YZ"
    assert panel.page_alarms() == ()


def test_that_the_card_says_to_which_seats_an_alarm_goes_and_how(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.tell()
    window, number = hall.city.room.window, hall.centre.living()[NORTH_VITAL].number

    def told() -> list[str]:
        hall.city.room.beat()
        lines = [line for section in window.card._sheet.text.sections for line in section.lines]
        return [line.text for line in lines if line.label == "归属席位"]

    window.routes.open_card(number)
    assert told() == ["A-YZ 名 wang · 在岗"]
    hall.centre.done(SignOff(), hall.north.session)
    hall.centre.officer("sun", seat="A-02")
    hall.tell()
    assert told() == ["A-01 名 li、A-02 名 sun · 上收至 重庆市"]


def test_that_ctrl_j_goes_to_what_is_this_seats(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.centre.observe(SOUTH_VITAL, YELLOW)
    hall.tell()
    window = hall.city.room.window
    for _ in range(2):
        window.do((BY_ID["alarm.next"],))
        chosen = window._desk.alarm()
        assert chosen is not None
        assert chosen.vital == SOUTH_VITAL


def test_that_ctrl_b_brings_all_of_it_to_eye_and_ear_and_back(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.tell()
    window = hall.city.room.window
    told: list[str] = []
    window.deeds.tell = lambda _tone, text, *_more: told.append(text)  # type: ignore[method-assign, misc, assignment]
    window.shortcuts["Ctrl+B"].activated.emit()
    hall.city.ear.beat()
    assert hall.city.room.desk.routing.whole is Whole.CHOSEN
    assert (hall.city.calling(), hall.city.strip()) == (1, "未确认 1|全部席位")
    window.shortcuts["Ctrl+B"].activated.emit()
    hall.city.ear.beat()
    assert (hall.city.calling(), hall.city.strip()) == (0, "未确认 0|他席 1")
    assert ["他席的 1 条告警" in text for text in told] == [True, True]


def test_that_a_cover_is_heard_at_once_and_its_end_too(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.tell()
    played = len(hall.city.ear.voice.played)
    cover = hall.centre.done(CoverSeat(seat="A-YZ", reason="离席"), hall.city.session)
    hall.tell()
    assert hall.calling() == (1, 1)
    assert len(hall.city.ear.voice.played) > played
    assert hall.city.strip() == "未确认 1|"
    hall.centre.done(GiveBackSeat(seat="A-YZ", version=cover.version), hall.city.session)
    hall.tell()
    assert hall.calling() == (0, 1)
    assert hall.city.strip() == "未确认 0|他席 1"


def test_that_what_a_seat_acknowledges_is_still_everywhere(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.tell()
    alarm = hall.centre.living()[NORTH_VITAL]
    hall.centre.done(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version), hall.north.session)
    hall.tell()
    assert hall.calling() == (0, 0)


def test_that_red_is_heard_above_as_well_without_a_chief_on_duty(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, RED)
    hall.tell()
    assert hall.calling() == (1, 1)
    hall.centre.observe(SOUTH_VITAL, RED)
    hall.tell()
    assert hall.calling() == (2, 1)


def test_that_a_chief_takes_the_red_ones_of_all_and_the_others_are_spared(hall: Hall) -> None:
    hall.centre.officer("zhao", "500000.watch_chief", seat="A-03")
    hall.centre.observe(NORTH_VITAL, RED)
    hall.tell()
    assert hall.calling() == (0, 1)
    assert hall.city.strip() == "未确认 0|他席 1，红 1"


def test_that_what_nobody_acknowledges_in_time_is_heard_above(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.tell()
    still, alarm = hall.city.room.session, hall.centre.living()[NORTH_VITAL]
    still.put_alarms(replace(alarm, raised_at=still.clock.utc_ns(), version=alarm.version + 1))
    # Nobody is a chief here: the place above hears it, with nothing new having come from the centre.
    hall.city.ear.beat(ANSWER_WITHIN_S[alarm.priority] - 10)
    assert hall.city.calling() == 0
    hall.city.ear.beat(20)
    hall.city.ear.beat(0.1)
    assert hall.city.calling() == 1
    assert hall.city.room.desk.board.unacknowledged == 1


def test_that_doubt_makes_everything_everybodys_and_is_said(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.tell()
    told: list[bool] = []
    hall.city.room.desk.routing.became_unsure.connect(told.append)
    hall.city.room.session.hear(centre=Reach.LOST)
    hall.city.ear.beat()
    assert hall.city.calling() == 0
    hall.city.ear.beat(6.0)
    hall.city.ear.beat(0.1)
    assert hall.city.room.desk.routing.whole is Whole.UNSURE
    assert (hall.city.calling(), told) == (1, [True])
    hall.city.room.session.hear()
    hall.city.ear.beat()
    hall.city.ear.beat(0.1)
    assert (hall.city.calling(), told) == (0, [True, False])


def test_that_a_seat_that_does_not_respond_leaves_its_alarms_to_others(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.tell()
    silence = SeatSilence(seat="A-YZ", account="wang", since=1)
    hall.city.room.session.put_fact("seat_silence", "A-YZ", silence)
    hall.city.ear.beat()
    hall.city.ear.beat(0.1)
    assert hall.city.calling() == 1
    assert hall.city.room.desk.routing.whole is Whole.ALONE


def test_that_events_of_others_are_counted_and_one_key_away(hall: Hall) -> None:
    still, window = hall.city.room.session, hall.city.room.window
    mine, theirs = event(1, centre="500106"), event(2, centre="500103")
    for one in (mine, theirs):
        still.put_fact("event", str(one.number), one)
    window.show_page("F3")
    hall.city.room.beat()
    panel = hall.city.room.window.stack.page("F3").panel  # type: ignore[union-attr]
    assert [row.key for row in panel.list.rows()] == ["1"]
    assert panel._note.text().endswith("他席 1")
    window.do((BY_ID["seats.turn"],))
    hall.city.room.beat()
    assert {row.key for row in panel.list.rows()} == {"1", "2"}


def test_that_the_wall_shows_what_everybody_has(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.tell()
    window = hall.city.room.window
    window.wall.open()
    wall_desk = window.wall._wall_desk
    assert wall_desk is not None
    assert wall_desk.board is hall.city.room.session.facts.board
    assert strip_records.texts(wall_desk, 1, empty="", narrow=False).beside == ""
    window.wall.close()


def test_that_alone_on_duty_everything_is_ones_own(hall: Hall) -> None:
    hall.centre.observe(NORTH_VITAL, ORANGE)
    hall.centre.done(SignOff(), hall.north.session)
    hall.tell()
    desk = hall.city.room.desk
    assert desk.routing.whole is Whole.ALONE
    assert desk.board is hall.city.room.session.facts.board
    assert hall.city.calling() == 1
