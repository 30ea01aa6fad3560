"""Sealed codes (RS16): two envelopes of different posts break the glass where nobody knows a password, each once."""

import pytest

from chengyun_core.centre import glass_care, glass_codes
from chengyun_core.model import glass_codes as codes
from chengyun_core.model.command import SetPassword, SignOff
from chengyun_core.model.glass_codes import CodeState, GlassCode
from chengyun_core.model.rights import GLASS_ACCOUNT, BreakGlass
from chengyun_core.model.rights_commands import BreakTheGlass, LoseGlassCode, SealGlassCodes
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Reply, SignedOn
from chengyun_core.wire.rights_asks import AskGlassCodes, AskSessions, GlassCodes, Sessions
from tests.core.centre.room import ADMIN_KEY, PASSWORD, Room

CHIEF, IT, OFFICER = "500000.watch_chief", "500000.it_admin", "500000.duty_officer"
FIRST, SECOND, THIRD = "ABCDEFGHJKMNPQRS", "TUVWXYZ23456789A", "BCDEFGHJKMNPQRST"


def _seal(room: Room, post: str, *letters: str, replaces: bool = True) -> int:
    sealed = tuple(codes.seal(one, bytes([at]) * codes.SALT_BYTES) for at, one in enumerate(letters))
    done = room.done(SealGlassCodes(post=post, codes=sealed, name="封存口令会话", replaces=replaces), ADMIN_KEY)
    return int(done.key)


@pytest.fixture
def sealed(room: Room) -> Room:
    """A room with an envelope of the chief (1), one of the machines' administrator (2), and an account `li`."""
    room.done(SignOff(), room.officer("li"))
    assert (_seal(room, CHIEF, FIRST), _seal(room, IT, SECOND)) == (1, 2)
    room.published.clear()
    return room


def _broken(room: Room, request_id: str = "", **told: object) -> Reply:
    given = {"account": "张三", "password": codes.printed(1, FIRST), "by_code": True, "seat": "A-03",
             "second": "李四", "secret": codes.printed(2, SECOND).lower(), "second_by_code": True,
             "posts": ("watch_chief",), "reason": "两名值班长都联系不上", **told}  # fmt: skip
    return room.do(BreakTheGlass(**given), "", request_id)


def _code(room: Room, number: int) -> GlassCode:
    with room.ledger.reading() as connection:
        found = glass_codes.LOG.get(connection, number)
    assert found is not None
    return found


def _glass(room: Room) -> BreakGlass:
    with room.ledger.reading() as connection:
        found = glass_care.LOG.get(connection, 1)
    assert found is not None
    return found


def test_that_two_envelopes_open_a_session_with_the_lent_posts_only_under_the_name_that_was_given(sealed: Room) -> None:
    told = codec.unpack(_broken(sealed).body, SignedOn)
    assert (told.account, told.name, told.posts, told.seat) == (GLASS_ACCOUNT, "张三", (CHIEF,), "A-03")
    (row,) = codec.unpack(sealed.ask("session.page", AskSessions(), ADMIN_KEY).body, Sessions).rows
    assert (row.posts, row.glass) == ((CHIEF,), 1)
    glass = _glass(sealed)
    assert glass.accounts == ("张三", "李四")
    assert glass.proofs == (f"code 1 {CHIEF}", f"code 2 {IT}")


def test_that_a_code_is_used_once_and_on_the_record(sealed: Room) -> None:
    assert _broken(sealed).outcome == "done"
    used = [(row.key, row.params["post"]) for row in sealed.published if row.action == "glass.use_code"]
    assert used == [("1", CHIEF), ("2", IT)]
    assert (_code(sealed, 1).state, _code(sealed, 1).ended_by) == (CodeState.USED, "张三")
    again = _broken(sealed)
    assert (again.code, again.params["number"], again.params["field"]) == ("glass.code_ended", "1", "both")


def test_that_a_lost_answer_is_given_again_though_the_codes_are_used_up(sealed: Room) -> None:
    first = _broken(sealed, "glass-1")
    assert _broken(sealed, "glass-1") == first
    assert first.outcome == "done"
    assert _broken(sealed, "glass-1", secret="2/AAAA-AAAA-AAAA-AAAA").code == "glass.wrong_both"


def test_that_a_password_and_an_envelope_do_together(sealed: Room) -> None:
    told = codec.unpack(_broken(sealed, account="li", password=PASSWORD, by_code=False).body, SignedOn)
    assert (told.account, set(told.posts)) == ("li", {OFFICER, CHIEF})
    assert _glass(sealed).proofs == ("password", f"code 2 {IT}")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"password": codes.printed(1, SECOND)}, "glass.wrong_first"),
        ({"password": FIRST}, "glass.wrong_first"),
        ({"password": "9/" + FIRST}, "glass.wrong_first"),
        ({"secret": codes.printed(2, FIRST)}, "glass.wrong_second"),
        ({"secret": codes.printed(1, FIRST)}, "glass.same_post"),
        ({"second": "张三"}, "glass.same_person"),
        ({"account": "  "}, "text.missing.account"),
        ({"password": codes.printed(1, FIRST), "by_code": False}, "glass.wrong_first"),
    ],
)
def test_that_less_than_two_envelopes_of_two_posts_open_nothing_and_use_up_nothing(
    sealed: Room, told: dict[str, object], code: str
) -> None:
    assert _broken(sealed, **told).code == code
    assert {_code(sealed, number).state for number in (1, 2)} == {CodeState.SEALED}


def test_that_envelopes_of_posts_that_answer_for_nothing_open_nothing(sealed: Room) -> None:
    first, other = _seal(sealed, OFFICER, THIRD), _seal(sealed, "500103.watch_chief", FIRST)
    given = {"password": codes.printed(first, THIRD), "secret": codes.printed(other, FIRST)}
    assert _broken(sealed, **given).code == "glass.nobody_answers"


def test_that_a_lost_and_a_replaced_code_open_nothing(sealed: Room) -> None:
    sealed.done(LoseGlassCode(code=1, reason="信封被拆"), ADMIN_KEY)
    assert _broken(sealed).params["state"] == "lost"
    assert sealed.do(LoseGlassCode(code=1, reason="x"), ADMIN_KEY).code == "glass.code_ended"
    assert sealed.do(LoseGlassCode(code=8, reason="x"), ADMIN_KEY).code == "glass.code_unknown"
    _seal(sealed, IT, THIRD)
    assert _code(sealed, 2).state is CodeState.REPLACED
    number = _seal(sealed, CHIEF, THIRD)
    assert _seal(sealed, CHIEF, FIRST, replaces=False) == number + 1
    assert _code(sealed, number).state is CodeState.SEALED


def test_that_guessing_codes_is_stopped_as_guessing_passwords_is(sealed: Room) -> None:
    wrong = codes.printed(1, SECOND)
    answers = [_broken(sealed, password=wrong).code for _ in range(6)]
    assert answers == ["glass.wrong_first"] * 5 + ["glass.too_many_tries"]
    assert _broken(sealed).code == "glass.too_many_tries"


def test_that_only_the_machine_seals_and_no_code_is_in_any_row_or_list(sealed: Room) -> None:
    command = SealGlassCodes(post=CHIEF, codes=(codes.seal(FIRST, bytes(16)),), name="x")
    sealed.make("it", IT)
    assert sealed.do(command, sealed.signed_on("it", "A-05")).code == "permission.no_post"
    assert _broken(sealed).outcome == "done"
    every = b"".join(row.record + repr(row.params).encode() for row in sealed.published)
    assert FIRST.encode() not in every
    assert b"ABCD-EFGH" not in every
    rows = codec.unpack(sealed.ask("glass.codes", AskGlassCodes(), ADMIN_KEY).body, GlassCodes).rows
    assert [(row.number, row.state) for row in rows] == [(2, CodeState.USED), (1, CodeState.USED)]


@pytest.mark.parametrize(
    ("post", "sealed_codes", "code"),
    [
        (CHIEF, (), "glass.codes_count"),
        (CHIEF, (codes.seal(FIRST, bytes(16)),) * 2, "glass.codes_broken"),
        (CHIEF, (codes.SealedCode(salt=b"short", digest=bytes(32)),), "glass.codes_broken"),
        ("999999.watch_chief", (codes.seal(FIRST, bytes(16)),), "account.post_unknown"),
    ],
)
def test_that_what_is_no_set_of_codes_is_not_sealed(
    room: Room, post: str, sealed_codes: tuple[codes.SealedCode, ...], code: str
) -> None:
    assert room.do(SealGlassCodes(post=post, codes=sealed_codes, name="x"), ADMIN_KEY).code == code


def test_that_the_account_of_such_sessions_gets_no_password(sealed: Room) -> None:
    assert (
        sealed.do(SetPassword(account=GLASS_ACCOUNT, password=PASSWORD), ADMIN_KEY).code == "account.name_not_allowed"
    )


@pytest.mark.parametrize(
    "text", ["1/abcd efgh jkmn pqrs", " 1 / ABCD-EFGH-JKMN-PQRS ", "1:ABCDEFGHJKMNPQRS", "1.ABCD-EFGH-JKMNPQRS"]
)
def test_that_a_code_is_read_however_it_is_spaced(text: str) -> None:
    assert codes.read(text) == (1, FIRST)


@pytest.mark.parametrize(
    "text", ["", "1/", "ABCDEFGHJKMNPQRS", "1/ABCDEFGHJKMNPQR0", "1/ABCDEFGHJKMNPQRSS", "x/" + FIRST]
)
def test_that_what_is_no_code_is_read_as_none(text: str) -> None:
    assert codes.read(text) is None
