"""The ask for verdicts: alarms acknowledged and those found false, per vital, over the days asked for."""

from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import AcknowledgeAlarm, UnacknowledgeAlarm
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import AskVerdicts, Verdicts
from tests.core.centre.room import SCREEN_KEY, Room

YELLOW, NONE = WarningColour.YELLOW, WarningColour.NONE
DAY = 86_400


def _raised_and_acknowledged(room: Room, session: str, vital: int, note: NoteCode | None) -> int:
    room.observe(vital, YELLOW)
    alarm = room.living()[vital]
    room.done(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, note_code=note), session)
    return alarm.number


def _verdicts(room: Room, *vitals: int, days: int = 90) -> tuple[tuple[int, int, int], ...]:
    reply = room.ask("alarm.verdicts", AskVerdicts(vitals=vitals, days=days), SCREEN_KEY)
    return codec.unpack(reply.body, Verdicts).rows


def test_that_false_alarms_are_told_against_all_that_were_acknowledged(room: Room) -> None:
    session = room.officer()
    for note in (NoteCode.FALSE_ALARM, None, NoteCode.FALSE_ALARM):
        _raised_and_acknowledged(room, session, 0, note)
        room.observe(0, NONE)
    _raised_and_acknowledged(room, session, 1, NoteCode.VERIFYING)
    room.observe(2, YELLOW)
    assert _verdicts(room) == ((0, 3, 2), (1, 1, 0))
    assert _verdicts(room, 1, 2) == ((1, 1, 0),)


def test_that_an_acknowledgement_taken_back_is_no_verdict(room: Room) -> None:
    session = room.officer()
    number = _raised_and_acknowledged(room, session, 0, NoteCode.FALSE_ALARM)
    room.done(UnacknowledgeAlarm(alarm=number, version=2, reason="看错了"), session)
    assert _verdicts(room) == ()


def test_that_older_verdicts_than_asked_for_are_left_out(room: Room) -> None:
    session = room.officer()
    _raised_and_acknowledged(room, session, 0, NoteCode.FALSE_ALARM)
    room.clock.now_ns += 10 * DAY * NS_PER_S
    assert _verdicts(room, days=9) == ()
    assert _verdicts(room, days=11) == ((0, 1, 1),)


def test_that_a_senseless_number_of_days_is_refused(room: Room) -> None:
    assert room.ask("alarm.verdicts", AskVerdicts(days=0), SCREEN_KEY).code == "ask.out_of_days"
