"""Posts of accounts and sessions of others: who may change them, and that a change ends what they allowed at once."""

import pytest

from chengyun_core.model.command import CreateAccount
from chengyun_core.model.rights_commands import EndSession, SetPosts
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Hello
from chengyun_core.wire.rights_asks import AskSessions, Sessions
from tests.core.centre.room import ADMIN_KEY, PASSWORD, Room

HELLO = Hello(protocol=1, client="test")
SECURITY, IT, AUDIT = "500000.security_admin", "500000.it_admin", "500000.audit_admin"
OFFICER, CHIEF = "500000.duty_officer", "500000.watch_chief"


def _set(account: str, *posts: str) -> SetPosts:
    return SetPosts(account=account, posts=posts, reason="轮岗")


def test_that_other_posts_end_an_account_s_sessions_at_once_and_count_from_the_next_sign_on(room: Room) -> None:
    session = room.officer("li")
    chief = room.officer("safe", SECURITY, seat="A-02")
    room.done(_set("li", CHIEF), chief)
    assert room.ask("snapshot", HELLO, session).code == "session.none"
    ended = [change.params for change in room.published if change.action == "session.end"]
    assert ended == [{"reason": "posts_changed"}]
    told = next(change.params for change in room.published if change.action == "account.set_posts")
    assert told == {"before": OFFICER, "after": CHIEF, "reason": "轮岗"}
    assert room.ask("snapshot", HELLO, room.signed_on("li", "A-01")).outcome == "done"


@pytest.mark.parametrize(
    ("posts", "code"),
    [
        ((IT, SECURITY), "account.two_administrators"),
        ((SECURITY, AUDIT), "account.two_administrators"),
        ((AUDIT, OFFICER), "account.auditor_with_post"),
        ((), "account.no_posts"),
        (("500000.boss",), "account.post_unknown"),
        (("500000.local_admin",), "account.post_unknown"),
    ],
)
def test_that_posts_that_may_not_stand_together_are_refused_when_made_and_when_changed(
    room: Room, posts: tuple[str, ...], code: str
) -> None:
    room.officer("li")
    assert room.do(_set("li", *posts), ADMIN_KEY).code == code
    made = CreateAccount(account="new", name="新", password=PASSWORD, posts=posts)
    assert room.do(made, ADMIN_KEY).code == code


def test_that_the_system_s_administrator_makes_no_auditor_and_no_security_administrator(room: Room) -> None:
    it = room.officer("it", IT)
    for post in (SECURITY, AUDIT):
        made = CreateAccount(account="own", name="自己人", password=PASSWORD, posts=(post,))
        assert room.do(made, it).code == "account.post_not_yours"
    assert room.do(_set("it", OFFICER), it).code == "permission.no_post"


def test_that_nobody_changes_his_own_posts_nor_those_above_his_area(room: Room) -> None:
    own = room.officer("safe", SECURITY)
    assert room.do(_set("safe", SECURITY, OFFICER), own).code == "account.own_posts"
    district = room.officer("below", "500103.security_admin", seat="Y-01")
    room.officer("li", seat="A-02")
    assert room.do(_set("li", "500103.duty_officer"), district).code == "permission.outside_area"
    room.officer("yu", "500103.duty_officer", seat="A-03")
    assert room.do(_set("yu", CHIEF), district).code == "permission.outside_area"
    assert room.do(_set("nobody", "500103.duty_officer"), district).code == "account.unknown"


def test_that_an_administrator_sees_the_sessions_and_ends_one_with_a_reason(room: Room) -> None:
    session, it = room.officer("li", seat="A-03"), room.officer("it", IT)
    told = codec.unpack(room.ask("session.page", AskSessions(), it).body, Sessions)
    assert [(row.seat, row.account) for row in told.rows] == [("A-01", "it"), ("A-03", "li")]
    assert room.do(EndSession(seat="A-03", reason=" "), it).code == "text.missing.reason"
    room.done(EndSession(seat="A-03", reason="无人在席"), it)
    assert room.ask("snapshot", HELLO, session).code == "session.none"
    ended = [change.params for change in room.published if change.action == "session.end"]
    assert ended == [{"reason": "ended_by_admin", "words": "无人在席"}]
    assert room.do(EndSession(seat="A-03", reason="再来"), it).code == "session.seat_free"


def test_that_an_officer_neither_sees_nor_ends_the_sessions_of_others(room: Room) -> None:
    session = room.officer("li")
    assert room.ask("session.page", AskSessions(), session).code == "permission.no_post"
    assert room.do(EndSession(seat="A-01", reason="x"), session).code == "permission.no_post"
