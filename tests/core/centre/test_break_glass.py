"""Broken glass (RS16): two persons, named rights, a limited time, always on the record, and a review owed."""

from collections.abc import Callable

import pytest

from chengyun_core.centre import glass_care
from chengyun_core.model.command import CreateAccount, DisableAccount, SetPassword, SignOff, SignOn
from chengyun_core.model.rights import BreakGlass
from chengyun_core.model.rights_commands import BreakTheGlass, EndGlass, EndSession, ReviewGlass, SetPosts
from chengyun_core.store import session_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Hello, Reply, Seats, SignedOn
from chengyun_core.wire.rights_asks import AskGlass, AskGlassDeeds, AskSessions, AuditPage, GlassPage, Sessions
from tests.core.centre.room import ADMIN_KEY, PASSWORD, Room

HELLO = Hello(protocol=1, client="test")
IT = "500000.it_admin"


@pytest.fixture
def staffed(room: Room) -> Room:
    """A room whose officer and chief have accounts, and nobody sits."""
    for account, post, seat in (("li", "500000.duty_officer", "A-01"), ("chief", "500000.watch_chief", "A-02")):
        room.done(SignOff(), room.officer(account, post, seat=seat))
    room.published.clear()
    return room


def _broken(room: Room, request_id: str = "", **told: object) -> Reply:
    given = {"account": "li", "password": PASSWORD, "seat": "A-03", "second": "chief", "secret": PASSWORD,
             "posts": ("it_admin",), "reason": "洪峰将至，管理员失联", **told}  # fmt: skip
    return room.do(BreakTheGlass(**given), "", request_id)


def _token(reply: Reply) -> str:
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, SignedOn).token


def _glass(room: Room, number: int = 1) -> BreakGlass:
    with room.ledger.reading() as connection:
        found = glass_care.LOG.get(connection, number)
    assert found is not None
    return found


def test_that_two_persons_lend_a_session_a_post_for_half_an_hour_and_no_longer(staffed: Room) -> None:
    token = _token(_broken(staffed))
    told = codec.unpack(staffed.ask("session.page", AskSessions(), token).body, Sessions).rows
    assert [(row.seat, row.posts, row.glass) for row in told] == [("A-03", ("500000.duty_officer", IT), 1)]
    assert told[0].until - staffed.clock.utc_ns() == 30 * 60 * 10**9
    staffed.clock.advance(30 * 60 - 1)
    assert staffed.ask("session.page", AskSessions(), token).outcome == "done"
    staffed.clock.advance(1)
    assert staffed.ask("session.page", AskSessions(), token).code == "session.glass_over"
    staffed.tend()
    assert staffed.ask("session.page", AskSessions(), token).code == "session.none"
    assert _glass(staffed).ended_at == staffed.clock.utc_ns()


def test_that_it_is_told_to_everybody_with_who_what_and_why(staffed: Room) -> None:
    _token(_broken(staffed))
    (row,) = [change for change in staffed.published if change.action == "session.break_glass"]
    assert (row.kind, row.account) == ("break_glass", "li")
    assert row.params == {"who": "li chief", "posts": IT, "reason": "洪峰将至，管理员失联"}
    assert PASSWORD.encode() not in row.record
    assert glass_care.counts(staffed.desk) == {"glass.open": 1, "glass.overdue": 0, "glass.unreviewed": 1}
    assert glass_care.light(staffed.desk) == "session.glass_broken"


def test_that_a_lock_out_does_not_keep_the_two_out(staffed: Room) -> None:
    for _ in range(5):
        staffed.do(SignOn(account="li", password="wrong", seat="A-03"), "")
    assert staffed.do(SignOn(account="li", password=PASSWORD, seat="A-03"), "").code == "session.locked_out"
    _token(_broken(staffed))


def test_that_whoever_holds_the_seat_leaves_it_on_the_record(staffed: Room) -> None:
    held = staffed.officer("wang", seat="A-03")
    token = _token(_broken(staffed))
    assert staffed.ask("snapshot", HELLO, held).code == "session.none"
    assert staffed.ask("snapshot", HELLO, token).outcome == "done"
    ended = [change.params for change in staffed.published if change.action == "session.end"]
    assert ended == [{"reason": "glass"}]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"password": "wrong"}, "glass.wrong_first"),
        ({"secret": "wrong"}, "glass.wrong_second"),
        ({"second": "nobody"}, "glass.wrong_second"),
        ({"password": "wrong", "secret": "wrong"}, "glass.wrong_both"),
        ({"second": "li"}, "glass.same_person"),
        ({"second": "LI "}, "glass.same_person"),
        ({"second": " "}, "text.missing.second"),
        ({"second": "wang"}, "glass.nobody_answers"),
        ({"posts": ("local_admin",)}, "glass.post_not_lent"),
        ({"posts": ("audit_admin", "it_admin")}, "glass.post_not_lent"),
        ({"posts": ()}, "glass.post_not_lent"),
        ({"reason": " "}, "text.missing.reason"),
        ({"seat": "Z-99"}, "session.seat_unknown"),
        ({"account": "gone"}, "account.disabled"),
    ],
)
def test_that_less_than_two_of_the_right_persons_with_a_reason_open_nothing(
    staffed: Room, told: dict[str, object], code: str
) -> None:
    staffed.done(SignOff(), staffed.officer("wang", seat="A-04"))
    staffed.done(SignOff(), staffed.officer("gone", seat="A-05"))
    staffed.done(DisableAccount(account="gone"), ADMIN_KEY)
    assert _broken(staffed, **told).code == code
    assert not [change for change in staffed.published if change.kind == "break_glass"]
    with staffed.ledger.reading() as connection:
        assert session_table.living(connection) == []


def test_that_each_failure_tells_whose_it_is_and_how_many_tries_are_left_and_leaves_a_row(staffed: Room) -> None:
    told = [_broken(staffed, secret="wrong").params, _broken(staffed, password="wrong").params]
    assert told == [{"field": "second", "left": "4"}, {"field": "first", "left": "3"}]
    rows = [change for change in staffed.published if change.action == "session.glass_tried"]
    assert [(row.kind, row.account, row.params["who"], row.params["left"]) for row in rows] == [
        ("glass_try", "centre", "li chief", "4"), ("glass_try", "centre", "li chief", "3"),
    ]  # fmt: skip
    assert glass_care.counts(staffed.desk)["glass.open"] == 0


def test_that_a_chief_of_a_district_does_not_answer_for_a_seat_of_the_city(staffed: Room) -> None:
    staffed.done(SignOff(), staffed.officer("wang", seat="A-04"))
    staffed.done(SignOff(), staffed.officer("yu", "500103.watch_chief", seat="Y-01"))
    assert _broken(staffed, second="yu").code == "glass.nobody_answers"


WAYS_OUT: dict[str, Callable[[Room, str], object]] = {
    "an administrator ends the session": lambda room, _: room.done(EndSession(seat="A-03", reason="x"), ADMIN_KEY),
    "an administrator ends the glass": lambda room, _: room.done(EndGlass(glass=1), ADMIN_KEY),
    "he leaves": lambda room, token: room.done(SignOff(), token),
    "he ends it": lambda room, token: room.done(EndGlass(glass=1), token),
    "his account is disabled": lambda room, _: room.done(DisableAccount(account="li"), ADMIN_KEY),
    "his password is set": lambda room, _: room.done(SetPassword(account="li", password="another one"), ADMIN_KEY),
    "his posts change": lambda room, _: room.done(
        SetPosts(account="li", posts=("500000.watch_chief",), reason="x"), ADMIN_KEY
    ),
    "he signs on at the same seat": lambda room, _: room.signed_on("li", "A-03"),
    "he signs on elsewhere": lambda room, _: room.signed_on("li", "A-05"),
    "its time is over": lambda room, _: (room.clock.advance(1801), room.tend()),
    "the glass is broken again at that seat": lambda room, _: (
        _token(_broken(room)), room.done(EndGlass(glass=2), ADMIN_KEY)
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS_OUT)
def test_that_however_the_session_ends_the_lamp_goes_out_once_and_the_review_is_still_owed(
    staffed: Room, way: str
) -> None:
    token = _token(_broken(staffed))
    WAYS_OUT[way](staffed, token)
    assert glass_care.light(staffed.desk) == "ok"
    assert glass_care.counts(staffed.desk)["glass.open"] == 0
    assert _glass(staffed).ended_at is not None
    assert _glass(staffed).reviewed_at is None
    assert 1 in staffed.desk.glass
    ends = [row for row in staffed.published if row.action == "session.glass_ended" and row.key == "1"]
    assert len(ends) == 1
    assert staffed.ask("snapshot", HELLO, token).code == "session.none"


def test_that_who_vouched_ends_it_from_his_own_seat_and_a_stranger_does_not(staffed: Room) -> None:
    _token(_broken(staffed))
    stranger, chief = staffed.officer("wang", seat="A-04"), staffed.signed_on("chief", "A-02")
    assert staffed.do(EndGlass(glass=1), stranger).code == "glass.not_yours"
    staffed.done(EndGlass(glass=1, reason="险情已过"), chief)
    assert (_glass(staffed).ended_by, staffed.do(EndGlass(glass=1), chief).code) == ("chief", "glass.ended")
    assert staffed.do(EndGlass(glass=7), chief).code == "glass.unknown"


def test_that_a_reviewer_sees_what_was_done_in_it_and_nothing_else(staffed: Room) -> None:
    token = _token(_broken(staffed))
    staffed.officer("wang", seat="A-04")
    staffed.done(CreateAccount(account="new", name="新", password=PASSWORD, posts=("500000.duty_officer",)), token)
    staffed.done(SignOff(), token)
    staffed.clock.advance(60)
    staffed.signed_on("li", "A-03")
    rows = codec.unpack(staffed.ask("glass.deeds", AskGlassDeeds(glass=1), ADMIN_KEY).body, AuditPage).rows
    assert [row.action for row in rows] == [
        "session.glass_ended", "session.sign_off", "account.create", "session.sign_on"
    ]  # fmt: skip
    assert {row.account for row in rows} == {"li"}
    wang = staffed.signed_on("wang", "A-04")
    assert staffed.ask("glass.deeds", AskGlassDeeds(glass=1), wang).code == "permission.no_post"


def test_that_a_console_is_told_before_anybody_signs_on_what_may_be_lent_and_then_until_when(staffed: Room) -> None:
    terms = codec.unpack(staffed.ask("seats", HELLO).body, Seats).glass
    assert terms is not None
    assert terms.posts == ("watch_chief", "it_admin")
    assert terms.minutes == 30.0
    told = codec.unpack(_broken(staffed).body, SignedOn)
    assert (told.glass, told.until - staffed.clock.utc_ns()) == (1, 30 * 60 * 10**9)


def test_that_guessing_at_the_glass_is_stopped_for_everybody_for_a_while(staffed: Room) -> None:
    codes = [_broken(staffed, secret="wrong").code for _ in range(7)]
    assert codes[-1] == "glass.too_many_tries"
    assert _broken(staffed).code == "glass.too_many_tries"
    staffed.clock.advance(601)
    _token(_broken(staffed))


def test_that_a_lost_answer_is_given_again_and_an_ended_session_does_not_come_back(staffed: Room) -> None:
    first = _token(_broken(staffed, "glass-1"))
    assert _token(_broken(staffed, "glass-1")) == first
    assert _glass(staffed).number == 1
    staffed.done(SignOff(), first)
    assert _broken(staffed, "glass-1").code == "session.none"


def test_that_leaving_ends_the_lent_rights_and_an_administrator_may_end_them(staffed: Room) -> None:
    staffed.done(SignOff(), _token(_broken(staffed)))
    assert _glass(staffed).ended_at is not None
    assert glass_care.light(staffed.desk) == "ok"
    token = _token(_broken(staffed))
    staffed.done(EndSession(seat="A-03", reason="不再需要"), ADMIN_KEY)
    assert staffed.ask("snapshot", HELLO, token).code == "session.none"


def test_that_a_review_is_owed_within_a_day_by_an_administrator_who_was_not_there(staffed: Room) -> None:
    staffed.done(SignOff(), _token(_broken(staffed)))
    it = staffed.officer("it", IT, seat="A-05")
    staffed.clock.advance(24 * 3600)
    it = staffed.signed_on("it", "A-05")
    assert glass_care.light(staffed.desk) == "session.glass_review_overdue"
    version = _glass(staffed).version
    assert staffed.do(ReviewGlass(glass=1, version=version, finding=""), it).code == "text.missing.finding"
    assert staffed.do(ReviewGlass(glass=1, version=version - 1, finding="x"), it).code == "glass.not_so"
    assert staffed.do(ReviewGlass(glass=9, version=1, finding="x"), it).code == "glass.unknown"
    staffed.done(ReviewGlass(glass=1, version=version, finding="确有必要，操作与记录一致"), it)
    assert glass_care.light(staffed.desk) == "ok"
    assert staffed.desk.glass == {}
    (row,) = codec.unpack(staffed.ask("glass.page", AskGlass(), it).body, GlassPage).rows
    assert (row.reviewed_by, row.accounts) == ("it", ("li", "chief"))


def test_that_nobody_reviews_a_glass_he_broke(staffed: Room) -> None:
    staffed.done(SignOff(), staffed.officer("it", IT, seat="A-05"))
    staffed.done(SignOff(), _token(_broken(staffed, second="it")))
    session = staffed.signed_on("it", "A-05")
    version = _glass(staffed).version
    assert staffed.do(ReviewGlass(glass=1, version=version, finding="x"), session).code == "glass.own_review"


def test_that_a_broken_glass_outlives_the_daemon_with_its_end_and_its_debt(staffed: Room) -> None:
    token = _token(_broken(staffed))
    staffed.restart()
    assert glass_care.light(staffed.desk) == "session.glass_broken"
    staffed.clock.advance(1801)
    staffed.tend()
    assert staffed.ask("snapshot", HELLO, token).code == "session.none"
    assert glass_care.counts(staffed.desk)["glass.unreviewed"] == 1
