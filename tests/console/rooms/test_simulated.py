"""模拟 wherever a simulated party is seen: matrix, head, pane, stances, timeline; and gone once the person came."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chengyun_console.rooms import rows
from chengyun_console.wording.events import EventWords
from chengyun_console.wording.timeline import TimelineWords
from chengyun_core.model.change import SessionRecord
from chengyun_core.model.room import Poll, Stance, Vote
from chengyun_core.model.room_parties import played_seat
from tests.console import event_samples
from tests.console.conftest import Room
from tests.console.room_stand import TOWN, WATER, Stand, chair, consultation, made_stand, member
from tests.console.still_session import START_NS

NAMED = "江北水务（模拟）"


@pytest.fixture
def stand(desk_room: Room) -> Iterator[Stand]:
    made = made_stand(desk_room)
    made.do("room.open_for_event")
    yield made
    desk_room.desk.rooms.stop()


def _played(**fields: object) -> object:
    seat = played_seat(WATER)
    return member(WATER, name=NAMED, account=seat, seat=seat, is_simulated=True, **fields)


def _matrix(stand: Stand) -> str:
    model = stand.sheet.matrix.model()
    found = [model.index(at, 0).data() for at in range(model.rowCount())]
    return "\n".join(map(str, found))


def test_that_the_matrix_and_its_head_say_who_is_simulated(stand: Stand) -> None:
    consulted = consultation(chair(), _played(), member(TOWN, account="t", name="周敏", seat="Z-01"))  # type: ignore[arg-type]
    stand.put(consulted)
    row = rows.member_row(stand.room.desk, consulted, consulted.members[1], None)
    assert row.title.endswith("（模拟）")
    assert "simulated" not in f"{row.title} {row.detail}", "it has no seat to be looked for at"
    assert "（模拟）" in _matrix(stand)
    assert _matrix(stand).count("模拟") == 1, "nobody else is called so"
    assert "模拟 1" in rows.head(stand.room.desk, consulted)


def test_that_a_room_of_people_has_no_word_of_it(stand: Stand) -> None:
    consulted = consultation(chair(), member(WATER, name="王工", account="wang", seat="S-1"))
    stand.put(consulted)
    assert "模拟" not in _matrix(stand) + rows.head(stand.room.desk, consulted)


def test_that_once_the_person_came_it_is_he(stand: Stand) -> None:
    stand.put(consultation(chair(), _played()))  # type: ignore[arg-type]
    stand.put(consultation(chair(), member(WATER, name="王工", account="wang", seat="S-1"), version=2))
    assert "模拟" not in _matrix(stand)
    assert "王工" in _matrix(stand)


def test_that_its_stance_is_told_as_that_of_a_simulated_party(stand: Stand) -> None:
    consulted = consultation(chair(), _played())  # type: ignore[arg-type]
    vote = Vote(code=WATER, stance=Stance.RESERVE, words="人手不够", at=START_NS, account=played_seat(WATER))
    poll = Poll(
        room=1, number=1, event=7, question="转移？", asked=(WATER,), votes=(vote,), opened_at=START_NS, opened_by="li"
    )
    said = rows.voters(stand.room.desk, consulted, poll)
    assert "（模拟） 保留 人手不够" in said


def test_that_the_timeline_says_so_and_names_no_seat(stand: Stand) -> None:
    seat = played_seat(WATER)
    line = replace(
        event_samples.lines()[0], code="timeline.room.say", params={"member": NAMED, "text": "已到位"}, account=seat,
        seat=seat, level="district",
    )  # fmt: skip
    session = SessionRecord(account=seat, name=NAMED, seat=seat, posts=("500103.unit.1",), since=START_NS)
    stand.room.session.put_fact("session", seat, session)
    stand.room.beat(0.1)
    desk = stand.room.desk
    told = TimelineWords(EventWords(desk.figures, desk.names)).line(line)
    assert f"{NAMED}：已到位" in told.text
    assert "simulated" not in repr(told.text) + told.who
    assert NAMED in told.who


def test_that_it_sits_nowhere_for_those_who_look_for_people(stand: Stand) -> None:
    seat = played_seat(WATER)
    session = SessionRecord(account=seat, name=NAMED, seat=seat, posts=("500103.unit.1",), since=START_NS)
    stand.room.session.put_fact("session", seat, session)
    facts = stand.room.desk.session.facts
    assert seat not in facts.sessions
    assert facts.rooms.played[seat].name == NAMED
    stand.room.session.drop_fact("session", seat)
    assert seat not in facts.rooms.played
