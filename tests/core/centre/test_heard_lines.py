"""The radio and phone log (Y7): verbatim lines with channel and party, and who has to be called back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.model.order import Channel
from chengyun_core.model.room import Heard, Way
from chengyun_core.model.room_commands import CallBack, WriteHeard
from chengyun_core.store import room_table
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import AskLog, Log
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, Snapshot
from chengyun_core.wire.event_asks import AskTimeline, Timeline
from chengyun_core.wire.room_asks import AskHeard, HeardPage
from tests.core.centre.room_stand import RoomStand

S = 10**9


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[RoomStand]:
    with RoomStand(tmp_path) as made:
        yield made


def _line(stand: RoomStand, **told: object) -> WriteHeard:
    given = {"event": 1, "channel": Channel.PHONE, "party": "水上 07 王队", "words": "船到寸滩码头", **told}
    return WriteHeard(**given)  # type: ignore[arg-type]


def test_that_a_line_keeps_words_party_channel_and_when_it_was_said(stand: RoomStand) -> None:
    said = stand.room.clock.utc_ns()
    stand.room.clock.advance(40)
    stand.room.done(_line(stand, channel=Channel.RADIO, group="3 频道", said_at=said), stand.officer)
    told = stand.ask("event.timeline", AskTimeline(event=1, after=0, limit=50), Timeline)
    line = told.lines[-1]
    assert (line.code, line.source_at, line.at - line.source_at) == ("timeline.heard.write", said, 40 * S)
    assert (line.params["party"], line.params["words"], line.params["channel"]) == (
        "水上 07 王队",
        "船到寸滩码头",
        "radio",
    )
    log = stand.ask("log.page", AskLog(), Log)
    assert log.rows[0].sentence.code == "timeline.heard.write"
    assert stand.code(_line(stand, said_at=stand.room.clock.utc_ns() + 3600 * S)) == "event.not_yet"


def test_that_only_radio_and_phone_stand_in_it_and_nothing_empty(stand: RoomStand) -> None:
    assert stand.code(_line(stand, channel=Channel.VIDEO)) == "heard.channel"
    assert stand.code(_line(stand, words=" ")) == "text.missing.words"
    assert stand.code(_line(stand, party="")) == "text.missing.party"
    assert stand.code(_line(stand, event=9)) == "event.unknown"
    assert stand.code(_line(stand), stand.unit()) == "permission.no_post"


def test_that_a_number_is_whole_for_who_calls_and_masked_for_every_screen(stand: RoomStand) -> None:
    due = stand.room.clock.utc_ns() + 600 * S
    assert stand.code(_line(stand, due_at=due)) == "heard.no_number"
    stand.room.done(_line(stand, call_back="13900001234", due_at=due, way=Way.IN), stand.officer)
    (line,) = stand.ask("heard.page", AskHeard(only_open=True), HeardPage).lines
    assert line.call_back == "13900001234"
    told = stand.ask("snapshot", Hello(protocol=PROTOCOL_VERSION, client="test"), Snapshot)
    (change,) = [one for one in told.records if one.kind == "heard"]
    assert codec.unpack(change.record, Heard).call_back == "139*****234"
    assert b"13900001234" not in b"".join(one.record for one in stand.room.published)
    unit = stand.room.ask("heard.page", AskHeard(), stand.unit())
    assert unit.code == "permission.no_post"


def test_that_a_call_back_ends_the_waiting_once(stand: RoomStand) -> None:
    due = stand.room.clock.utc_ns() + 600 * S
    stand.room.done(_line(stand, call_back="62880001", due_at=due), stand.officer)
    stand.room.done(_line(stand, event=None), stand.officer)
    done = CallBack(heard=1, version=1, answer="两船已就位")
    assert stand.code(CallBack(heard=1, version=1, answer="")) == "text.missing.answer"
    stand.room.done(done, stand.officer)
    assert stand.code(done) == "heard.changed"
    assert stand.code(CallBack(heard=5, version=1, answer="x")) == "heard.unknown"
    assert stand.ask("heard.page", AskHeard(only_open=True), HeardPage).lines == ()
    lines = stand.ask("heard.page", AskHeard(), HeardPage).lines
    assert [(one.number, one.event, one.answer) for one in lines] == [(2, None, ""), (1, 1, "两船已就位")]
    assert [one.number for one in stand.ask("heard.page", AskHeard(event=1), HeardPage).lines] == [1]
    assert [one.number for one in stand.ask("heard.page", AskHeard(before=2), HeardPage).lines] == [1]
    with stand.room.ledger.reading() as connection:
        assert room_table.waiting(connection) == []
