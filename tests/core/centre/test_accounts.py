"""Accounts: who may make them for whom, what is refused, and that every deed is in the journal without its password."""

import pytest

from chengyun_core.model.account import AccountRecord
from chengyun_core.model.audit import LOCAL_ADMIN_NAME
from chengyun_core.model.command import CreateAccount, DisableAccount, SetPassword
from chengyun_core.wire import codec
from tests.core.centre.room import ADMIN_KEY, PASSWORD, Room


def _new(account: str = "new", posts: tuple[str, ...] = ("500103.duty_officer",), **fields: str) -> CreateAccount:
    return CreateAccount(**{"account": account, "name": "新人", "password": PASSWORD, "posts": posts, **fields})


def test_that_an_account_is_made_once_and_told_in_the_journal(room: Room) -> None:
    done = room.done(_new(), ADMIN_KEY)
    assert (done.key, done.version) == ("new", 1)
    (change,) = room.published
    assert (change.account, change.action, change.kind) == (LOCAL_ADMIN_NAME, "account.create", "account")
    record = codec.unpack(change.record, AccountRecord)
    assert record == AccountRecord(account="new", name="新人", posts=("500103.duty_officer",))
    assert room.do(_new(), ADMIN_KEY).code == "account.exists"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (_new(password="short"), "account.password_short"),
        (_new(password="x" * 257), "account.password_long"),
        (_new(account="longname", password="LongName"), "account.password_is_name"),
        (_new(account="two words"), "account.name_not_allowed"),
        (_new(account="centre"), "account.name_not_allowed"),
        (_new(account="local-admin"), "account.name_not_allowed"),
        (_new(account=""), "text.missing.account"),
        (_new(account="x" * 65), "text.too_long"),
        (_new(name="\u202e名"), "text.control_characters"),
        (_new(posts=()), "account.no_posts"),
        (_new(posts=("500103.boss",)), "account.post_unknown"),
        (_new(posts=("999999.duty_officer",)), "account.post_unknown"),
        (_new(posts=("500000.ingest",)), "account.post_unknown"),
        (DisableAccount(account="nobody"), "account.unknown"),
        (SetPassword(account="nobody", password=PASSWORD), "account.unknown"),
    ],
)
def test_that_a_bad_account_is_refused_and_nothing_is_written(room: Room, command: object, code: str) -> None:
    reply = room.do(command, ADMIN_KEY)
    assert (reply.outcome, reply.code) == ("refused", code)
    assert room.published == []


def test_that_an_administrator_makes_accounts_for_his_own_area_only(room: Room) -> None:
    district = room.officer("it", "500103.it_admin", seat="Y-01")
    room.done(_new("below"), district)
    assert room.do(_new("beside", ("500106.duty_officer",)), district).code == "permission.outside_area"
    assert room.do(_new("above", ("500000.it_admin",)), district).code == "permission.outside_area"
    mixed = _new("mixed", ("500103.duty_officer", "500000.watch_chief"))
    assert room.do(mixed, district).code == "permission.outside_area"


def test_that_an_administrator_cannot_take_over_an_account_above_him(room: Room) -> None:
    room.officer("chief", "500000.watch_chief", seat="A-01")
    district = room.officer("it", "500103.it_admin", seat="Y-01")
    assert room.do(SetPassword(account="chief", password="stolen password"), district).code == "permission.outside_area"
    assert room.do(DisableAccount(account="chief"), district).code == "permission.outside_area"


def test_that_nobody_but_administrators_keeps_the_hash_worker_busy(room: Room) -> None:
    officer = room.officer()
    assert room.do(_new(), officer).code == "permission.no_post"
    assert room.do(_new(), "").code == "session.none"
    assert room.lanes["passwords"].jobs == []


def test_that_a_new_account_asked_twice_under_one_id_is_made_once(room: Room) -> None:
    first = room.do(_new(), ADMIN_KEY, "new-1")
    assert room.do(_new(), ADMIN_KEY, "new-1") == first
    assert len(room.published) == 1
