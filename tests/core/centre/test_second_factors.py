"""The second factor: enrolled with a code that proves the phone, asked for at sign-on, once, sealed in the database."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model import totp
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.command import GiveApproval, ImportCatalogue, ProposeThreshold, SignOff, SignOn
from chengyun_core.model.rights_commands import DropTotp, EnrolTotp
from chengyun_core.store import account_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Reply, SignedOn
from chengyun_core.wire.rights_asks import AskPhone, PhoneTold
from tests.core.centre.room import ADMIN_KEY, PASSWORD, SETTINGS, Room
from tests.support.small_tables import small_tables

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


def test_that_the_lock_of_his_own_seat_asks_who_sits_there_for_his_password_only(enrolled: Room) -> None:
    token = _token(_sign_on(enrolled, _code(enrolled)))
    again = SignOn(account="li", password=PASSWORD, seat="A-01")
    assert enrolled.do(replace(again, password="wrong"), token).code == "session.wrong_password"
    assert enrolled.do(replace(again, seat="A-02"), token).code == "session.second_factor"
    other = enrolled.officer("wang", seat="A-03")
    assert enrolled.do(again, other).code == "session.second_factor"
    assert enrolled.do(again, token).outcome == "done"
    assert enrolled.do(again, token).code == "session.second_factor", "the token that was replaced opens nothing"


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
    files = [file for file in (enrolled.folder / "centre").rglob("*") if file.is_file()]
    assert any(b"second_factor" in file.read_bytes() for file in files), "the database is among them"
    for file in files:
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


def _first_phone(room: Room, code: str = "", password: str = PASSWORD) -> Reply:
    command = SignOn(
        account="li", password=password, seat="A-01", code=code or _code(room), phone_secret=totp.text_of(SECRET),
        recovery=RECOVERY,
    )  # fmt: skip
    return room.do(command, "")


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Room]:
    """A room whose duty officers need a phone; li has none yet."""
    with Room(tmp_path, replace(SETTINGS, second_factor_posts=("duty_officer",))) as room:
        room.make("li")
        yield room


def test_that_who_needs_a_phone_and_has_none_enrols_one_as_he_signs_on(asking: Room) -> None:
    refused = _sign_on(asking)
    assert (refused.code, refused.params["enrols"]) == ("session.second_factor_missing", "yes")
    assert _first_phone(asking, "000000").code == "totp.code_does_not_fit"
    assert _sign_on(asking).code == "session.second_factor_missing"
    session = _token(_first_phone(asking))
    (row,) = [change for change in asking.published if change.action == "account.enrol_totp"]
    assert (row.account, row.key) == ("li", "li")
    told = codec.unpack(asking.ask("account.phone", AskPhone(account="li"), session).body, PhoneTold)
    assert told == PhoneTold(account="li", has=True, needs=True, recovery_left=2)
    asking.clock.advance(60)
    assert _sign_on(asking, _code(asking)).outcome == "done"


def test_that_a_wrong_password_enrols_nothing_and_a_phone_that_is_there_is_not_replaced_so(asking: Room) -> None:
    assert _first_phone(asking, password="wrong").code == "session.wrong_password"
    assert _first_phone(asking).outcome == "done"
    asking.clock.advance(60)
    other = bytes(range(20, 40))
    code = totp.code_of(other, totp.step_of(asking.clock.utc_ns()))
    command = SignOn(account="li", password=PASSWORD, seat="A-01", code=code, phone_secret=totp.text_of(other))
    assert asking.do(command, "").code == "session.wrong_code"
    assert _sign_on(asking, _code(asking)).outcome == "done"


def test_that_a_centre_may_leave_enrolment_to_the_machine(tmp_path: Path) -> None:
    settings = replace(SETTINGS, second_factor_posts=("duty_officer",), second_factor_at_sign_on=False)
    with Room(tmp_path, settings) as room:
        room.make("li")
        assert _sign_on(room).params["enrols"] == ""
        assert _first_phone(room).code == "session.second_factor_missing"


def test_that_a_phone_is_replaced_only_by_who_has_it_or_a_code_that_stands_in_for_it(enrolled: Room) -> None:
    session = _token(_sign_on(enrolled, _code(enrolled)))
    enrolled.clock.advance(60)
    other = bytes(range(20, 40))
    code = totp.code_of(other, totp.step_of(enrolled.clock.utc_ns()))
    told = {"secret": totp.text_of(other), "code": code}
    assert enrolled.do(_enrolment(enrolled, **told), session).code == "session.second_factor"
    assert enrolled.do(_enrolment(enrolled, **told, present="000000"), session).code == "session.wrong_code"
    enrolled.done(_enrolment(enrolled, **told, present=RECOVERY[0]), session)
    enrolled.clock.advance(60)
    assert _sign_on(enrolled, _code(enrolled)).code == "session.wrong_code"


def _waits(room: Room) -> GiveApproval:
    """Have the machine propose a threshold, and return how li would give it at another's console."""
    room.adopt(Catalogue())
    room.desk.packed = b""
    room.done(ImportCatalogue(tables=small_tables(), origin={}), ADMIN_KEY)
    room.done(ProposeThreshold(threshold_set="PT", vital_code="SW", changes={"high_red": "184"}, reason="r"), ADMIN_KEY)
    return GiveApproval(approval=1, version=1, account="li", secret=PASSWORD)


@pytest.fixture
def beside(room: Room) -> tuple[Room, str, GiveApproval]:
    """A chief's session at whose console the chief li, who has a phone, gives an approval."""
    own = room.officer("li", "500000.watch_chief")
    room.done(_enrolment(room), own)
    room.done(SignOff(), own)
    room.clock.advance(60)
    return room, room.officer("wang", "500000.watch_chief", seat="A-02"), _waits(room)


def test_that_a_second_person_with_a_phone_is_asked_for_its_code_which_is_used_up(
    beside: tuple[Room, str, GiveApproval],
) -> None:
    room, session, give = beside
    assert room.do(give, session).code == "session.second_factor"
    assert room.do(replace(give, code="000000"), session).code == "session.wrong_code"
    code = _code(room)
    assert room.do(replace(give, code=code), session).outcome == "done"
    assert _sign_on(room, code).code == "session.wrong_code"


def test_that_codes_guessed_beside_another_lock_the_account_though_the_password_is_right(
    beside: tuple[Room, str, GiveApproval],
) -> None:
    room, session, give = beside
    codes = [room.do(replace(give, code=f"{n:06}"), session).code for n in range(5)]
    assert codes == ["session.wrong_code"] * 4 + ["session.locked_out"]
    assert room.do(replace(give, code=_code(room)), session).code == "session.locked_out"


def test_that_a_second_person_whose_post_needs_a_phone_enrols_it_first(tmp_path: Path) -> None:
    with Room(tmp_path, SETTINGS) as room:
        room.make("li", "500000.watch_chief")
        session, give = room.officer("wang", seat="A-02"), _waits(room)
        room.desk.settings = replace(SETTINGS, second_factor_posts=("watch_chief",))
        assert room.do(give, session).code == "session.second_factor_missing"


def test_that_a_secret_sealed_by_one_suite_opens_after_the_other_was_chosen(enrolled: Room) -> None:
    enrolled.settings = replace(SETTINGS, crypto="national")
    enrolled.restart()
    assert _sign_on(enrolled, _code(enrolled)).outcome == "done"


def _token(reply: Reply) -> str:
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, SignedOn).token
