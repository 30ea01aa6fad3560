"""The second factor: enrolled with a code that proves the phone, asked for at sign-on, once, sealed in the database."""

from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model import totp
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.command import SignOff, SignOn
from chengyun_core.model.rights_commands import DropTotp, EnrolTotp
from chengyun_core.store import account_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Reply, SignedOn
from tests.core.centre.room import ADMIN_KEY, PASSWORD, SETTINGS, Room

SECRET = bytes(range(20))
RECOVERY = ("ABCDEFGHIJ", "KLMNOPQRST")


def _code(room: Room, steps: int = 0) -> str:
    return totp.code_of(SECRET, totp.step_of(room.clock.utc_ns()) + steps)


def _enrolment(room: Room, account: str = "li", **told: object) -> EnrolTotp:
    given = {"account": account, "secret": totp.text_of(SECRET), "code": _code(room), "recovery": RECOVERY, **told}
    return EnrolTotp(**given)


def _sign_on(room: Room, code: str = "", password: str = PASSWORD, request_id: str = "") -> Reply:
    return room.do(SignOn(account="li", password=password, seat="A-01", code=code), "", request_id)


@pytest.fixture
def enrolled(room: Room) -> Room:
    """A room whose officer li has a phone, and sits nowhere."""
    session = room.officer("li")
    room.done(_enrolment(room), session)
    room.done(SignOff(), session)
    room.clock.advance(60)
    return room


def test_that_sign_on_asks_for_the_code_once_the_password_is_right(enrolled: Room) -> None:
    assert _sign_on(enrolled, password="wrong").code == "session.wrong_password"
    assert _sign_on(enrolled).code == "session.second_factor"
    assert _sign_on(enrolled, _code(enrolled)).outcome == "done"


def test_that_a_code_works_once_even_for_another_sign_on_of_the_same_minute(enrolled: Room) -> None:
    code = _code(enrolled)
    assert _sign_on(enrolled, code).outcome == "done"
    assert _sign_on(enrolled, code).code == "session.wrong_code"
    enrolled.clock.advance(30)
    assert _sign_on(enrolled, _code(enrolled)).outcome == "done"


def test_that_a_lost_answer_is_given_again_with_the_code_it_had(enrolled: Room) -> None:
    code = _code(enrolled)
    first = _sign_on(enrolled, code, request_id="on-1")
    assert _sign_on(enrolled, code, request_id="on-1") == first
    assert _sign_on(enrolled, "000000", request_id="on-1").code == "command.id_used"


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_that_a_phone_half_a_minute_off_is_let_in(enrolled: Room, steps: int) -> None:
    assert _sign_on(enrolled, _code(enrolled, steps)).outcome == "done"


@pytest.mark.parametrize("steps", [-2, 2, 100])
def test_that_a_phone_further_off_is_not(enrolled: Room, steps: int) -> None:
    assert _sign_on(enrolled, _code(enrolled, steps)).code == "session.wrong_code"


def test_that_guessing_codes_locks_the_account_as_guessing_passwords_does(enrolled: Room) -> None:
    codes = [_sign_on(enrolled, "000000").code for _ in range(5)]
    assert codes == ["session.wrong_code"] * 4 + ["session.locked_out"]
    assert _sign_on(enrolled, _code(enrolled)).code == "session.locked_out"


def test_that_a_recovery_code_stands_in_for_the_phone_once_and_is_told(enrolled: Room) -> None:
    assert _sign_on(enrolled, RECOVERY[0].lower()).outcome == "done"
    used = [change.params for change in enrolled.published if change.action == "account.recovery_used"]
    assert used == [{"left": "1"}]
    assert _sign_on(enrolled, RECOVERY[0]).code == "session.wrong_code"
    assert _sign_on(enrolled, RECOVERY[1]).outcome == "done"


def test_that_neither_secret_nor_recovery_codes_are_in_any_file(enrolled: Room) -> None:
    _sign_on(enrolled, _code(enrolled))
    enrolled.ledger.close()
    hidden = (SECRET, totp.text_of(SECRET).encode(), *(code.encode() for code in RECOVERY))
    for file in (file for file in (enrolled.folder / "centre").rglob("*") if file.is_file()):
        content = file.read_bytes()
        assert not any(word in content for word in hidden), file
    enrolled.restart()
    enrolled.clock.advance(60)
    assert _sign_on(enrolled, _code(enrolled)).outcome == "done"


def test_that_a_sealed_secret_moved_to_another_account_opens_nothing(enrolled: Room) -> None:
    enrolled.done(SignOff(), enrolled.officer("wang", seat="A-02"))
    with enrolled.ledger.work(CENTRE) as work:
        kept = account_table.second_factor(work.connection, "li")
        account_table.keep_second_factor(work.connection, "wang", kept)
    moved = enrolled.do(SignOn(account="wang", password=PASSWORD, seat="A-02", code=_code(enrolled)), "")
    assert (moved.outcome, moved.code) == ("refused", "crypto.not_sealed")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"code": "000000"}, "totp.code_does_not_fit"),
        ({"secret": "AAAA"}, "totp.no_secret"),
        ({"secret": "not base32!"}, "totp.no_secret"),
        ({"recovery": ("short",)}, "totp.bad_recovery"),
        ({"recovery": tuple(f"code-number-{n}" for n in range(11))}, "totp.bad_recovery"),
        ({"account": "wang"}, "totp.not_yours"),
    ],
)
def test_that_an_enrolment_that_would_lock_somebody_out_or_in_is_refused(
    room: Room, told: dict[str, object], code: str
) -> None:
    session = room.officer("li")
    room.officer("wang", seat="A-02")
    assert room.do(_enrolment(room, **told), session).code == code
    assert room.signed_on("li", "A-01")


def test_that_a_lost_phone_is_taken_away_by_an_administrator_and_never_by_oneself(enrolled: Room) -> None:
    session = _token(_sign_on(enrolled, _code(enrolled)))
    assert enrolled.do(DropTotp(account="li", reason="丢了"), session).code == "permission.no_post"
    it = enrolled.officer("it", "500000.it_admin", seat="A-02")
    assert enrolled.do(DropTotp(account="it", reason="x"), it).code == "totp.not_yours"
    assert enrolled.do(DropTotp(account="li", reason=""), it).code == "text.missing.reason"
    enrolled.done(DropTotp(account="li", reason="手机遗失"), it)
    assert _sign_on(enrolled).outcome == "done"
    assert enrolled.do(DropTotp(account="li", reason="再来"), it).code == "totp.none"


def test_that_posts_the_settings_name_need_one_and_it_is_enrolled_at_the_machine(tmp_path: Path) -> None:
    with Room(tmp_path, replace(SETTINGS, second_factor_posts=("duty_officer",))) as room:
        with pytest.raises(AssertionError, match="second_factor_missing"):
            room.officer("li")
        room.done(_enrolment(room), ADMIN_KEY)
        room.clock.advance(60)
        assert _sign_on(room, _code(room)).outcome == "done"
        room.officer("chief", "500000.watch_chief", seat="A-02")


def test_that_a_secret_sealed_by_one_suite_opens_after_the_other_was_chosen(enrolled: Room) -> None:
    enrolled.settings = replace(SETTINGS, crypto="national")
    enrolled.restart()
    assert _sign_on(enrolled, _code(enrolled)).outcome == "done"


def _token(reply: Reply) -> str:
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, SignedOn).token
