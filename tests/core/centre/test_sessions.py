"""Sessions: seats taken and left, passwords and lock-outs, tokens that outlive the daemon but not their reason."""

import pytest

from chengyun_core.model.command import AcknowledgeAlarm, DisableAccount, SetPassword, SignOff, SignOn
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Hello, Reply, Seats, SignedOn
from tests.core.centre.room import ADMIN_KEY, PASSWORD, Room

HELLO = Hello(protocol=1, client="test")


def _sign_on(room: Room, account: str, seat: str, password: str = PASSWORD, request_id: str = "") -> Reply:
    return room.do(SignOn(account=account, password=password, seat=seat), "", request_id)


def test_that_a_session_and_its_seat_survive_the_daemon(room: Room) -> None:
    session = room.officer(seat="A-03")
    room.observe(0, WarningColour.YELLOW)
    room.restart()
    room.done(AcknowledgeAlarm(alarm=1, version=1), session)
    seats = codec.unpack(room.ask("seats", HELLO).body, Seats).seats
    assert [(code, holder) for code, _, holder in seats if holder] == [("A-03", "officer")]


def test_that_a_seat_held_by_somebody_else_is_refused_with_who_and_since(room: Room) -> None:
    room.officer("one", seat="A-03")
    room.officer("two", seat="A-04")
    reply = _sign_on(room, "two", "A-03")
    assert reply.code == "session.seat_held"
    assert (reply.params["account"], reply.params["who"]) == ("one", "名 one")
    assert reply.params["since"] == "2027-01-15 16:00:00"


def test_that_an_officer_takes_over_his_own_stale_session(room: Room) -> None:
    stale = room.officer(seat="A-03")
    fresh = room.signed_on("officer", "A-03")
    assert room.ask("snapshot", HELLO, stale).code == "session.none"
    assert room.ask("snapshot", HELLO, fresh).outcome == "done"


def test_that_an_officer_who_moves_leaves_the_old_seat(room: Room) -> None:
    stale = room.officer(seat="A-03")
    room.signed_on("officer", "A-04")
    assert room.ask("snapshot", HELLO, stale).code == "session.none"
    ended = [change for change in room.published if change.action == "session.end"]
    assert [(change.key, change.params) for change in ended] == [("A-03", {"reason": "moved"})]


def test_that_versions_of_a_seat_rise_over_sessions(room: Room) -> None:
    for _ in range(3):
        session = room.officer() if not room.published else room.signed_on("officer", "A-01")
        room.done(SignOff(), session)
    versions = [change.version for change in room.published if change.kind == "session"]
    assert versions == [1, 2, 3, 4, 5, 6]


def test_that_a_lost_answer_to_a_sign_on_is_given_again_with_the_same_token(room: Room) -> None:
    room.officer(seat="A-03")
    first = _sign_on(room, "officer", "A-05", request_id="on-1")
    rows = len(room.published)
    room.restart()
    again = _sign_on(room, "officer", "A-05", request_id="on-1")
    assert codec.unpack(again.body, SignedOn) == codec.unpack(first.body, SignedOn)
    assert len(room.published) == rows


def test_that_an_old_sign_on_sent_again_does_not_bring_an_ended_session_back(room: Room) -> None:
    room.officer(seat="A-03")
    first = codec.unpack(_sign_on(room, "officer", "A-05", request_id="on-1").body, SignedOn)
    room.done(SignOff(), first.token)
    assert _sign_on(room, "officer", "A-05", request_id="on-1").code == "session.none"


def test_that_a_sign_on_sent_again_with_a_wrong_password_gets_no_token(room: Room) -> None:
    room.officer(seat="A-03")
    _sign_on(room, "officer", "A-05", request_id="on-1")
    assert _sign_on(room, "officer", "A-05", "guess", request_id="on-1").code == "session.wrong_password"


def test_that_a_sign_off_asked_twice_is_answered_the_same(room: Room) -> None:
    session = room.officer()
    first = room.do(SignOff(), session, "off-1")
    assert first.outcome == "done"
    assert room.do(SignOff(), session, "off-1") == first


def test_that_five_wrong_passwords_lock_the_account_for_ten_minutes_over_a_restart(room: Room) -> None:
    room.officer(seat="A-03")
    codes = [_sign_on(room, "officer", "A-03", "wrong").code for _ in range(5)]
    assert codes == ["session.wrong_password"] * 4 + ["session.locked_out"]
    assert [change.action for change in room.published[-5:]] == ["account.sign_on_failed"] * 4 + ["account.lock_out"]
    room.restart()
    assert _sign_on(room, "officer", "A-03").code == "session.locked_out"
    room.clock.advance(10 * 60)
    assert _sign_on(room, "officer", "A-03").outcome == "done"


def test_that_a_good_password_forgets_the_wrong_ones(room: Room) -> None:
    room.officer(seat="A-03")
    for _ in range(3):
        for _ in range(4):
            _sign_on(room, "officer", "A-03", "wrong")
        assert _sign_on(room, "officer", "A-03").outcome == "done"


def test_that_an_unknown_account_is_told_the_same_as_a_wrong_password(room: Room) -> None:
    room.officer()
    known, unknown = _sign_on(room, "officer", "A-03", "wrong"), _sign_on(room, "nobody", "A-03", "wrong")
    assert (known.outcome, known.code, known.params) == (unknown.outcome, unknown.code, unknown.params)


def test_that_disabling_an_account_ends_its_sessions_at_once_and_keeps_it_out(room: Room) -> None:
    session = room.officer()
    room.done(DisableAccount(account="officer"), ADMIN_KEY)
    assert room.ask("snapshot", HELLO, session).code == "session.none"
    assert _sign_on(room, "officer", "A-01").code == "account.disabled"


def test_that_a_new_password_ends_sessions_and_lifts_a_lock_out(room: Room) -> None:
    session = room.officer()
    for _ in range(5):
        _sign_on(room, "officer", "A-01", "wrong")
    room.done(SetPassword(account="officer", password="another one"), ADMIN_KEY)
    assert room.ask("snapshot", HELLO, session).code == "session.none"
    assert _sign_on(room, "officer", "A-01", "another one").outcome == "done"


def test_that_a_password_changed_while_the_old_one_was_being_checked_lets_nobody_in(room: Room) -> None:
    room.officer()
    data = room.bytes_of("session.sign_on", SignOn(account="officer", password=PASSWORD, seat="A-01"))
    assert room.door.take(b"peer", data) is None
    lane = room.lanes["passwords"]
    jobs, lane.jobs = lane.jobs, []
    room.done(SetPassword(account="officer", password="another one"), ADMIN_KEY)
    lane.jobs = jobs
    (answer,) = room.work()
    assert codec.unpack(answer.data, Reply).code == "session.password_changed"


def test_that_a_session_ends_by_its_age(room: Room) -> None:
    session = room.officer()
    room.clock.advance(24 * 3600 + 1)
    assert room.ask("snapshot", HELLO, session).code == "session.expired"


def test_that_a_session_past_its_hours_keeps_nobody_from_the_seat(room: Room) -> None:
    room.officer("one", seat="A-03")
    room.clock.advance(24 * 3600 + 1)
    room.officer("two", seat="A-03")
    ended = [change for change in room.published if change.action == "session.end"]
    assert [(change.key, change.params) for change in ended] == [("A-03", {"reason": "expired"})]
    room.clock.advance(24 * 3600 - 1)
    assert _sign_on(room, "one", "A-03").code == "session.seat_held"


@pytest.mark.parametrize(("seat", "code"), [("Z-99", "session.seat_unknown"), ("Y-01", "session.seat_not_yours")])
def test_that_a_seat_must_exist_and_belong_to_one_s_area(room: Room, seat: str, code: str) -> None:
    room.officer("shaping", "500106.duty_officer", seat="A-01")
    assert _sign_on(room, "shaping", seat).code == code


def test_that_a_seat_that_watches_a_part_of_the_city_narrows_what_its_officer_may_do(room: Room) -> None:
    session = room.officer(seat="A-YZ")
    for vital in (0, 1):
        room.observe(vital, WarningColour.YELLOW)
    assert room.do(AcknowledgeAlarm(alarm=1, version=1), session).code == "permission.outside_area"
    room.done(AcknowledgeAlarm(alarm=2, version=1), session)


def test_that_neither_password_nor_token_is_anywhere_in_the_files(room: Room) -> None:
    session = room.officer()
    room.ledger.close()
    for file in (room.folder / "centre").iterdir():
        content = file.read_bytes()
        assert PASSWORD.encode() not in content
        assert session.encode() not in content
    room.restart()


def test_that_a_full_queue_of_sign_ons_is_refused_as_busy(room: Room) -> None:
    room.officer()
    room.lanes["passwords"].full = True
    reply = _sign_on(room, "officer", "A-01")
    assert (reply.outcome, reply.code) == ("trouble", "centre.busy")
