"""Broken glass at a console: the form, its refusals, the band, the page of reviews and envelopes, a phone's sheet."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

from chengyun_console.session.answers import SignOnEnded
from chengyun_core.model.glass_codes import CodeState
from chengyun_core.model.rights import BreakGlass
from chengyun_core.wire.envelope import GlassTerms, Seats, SignedOn
from chengyun_core.wire.rights_asks import AuditPage, CodeRow, GlassCodes, GlassPage, PhoneTold
from tests.console.audit_scenes import rows
from tests.console.still_session import START_NS, S

if TYPE_CHECKING:
    from tests.console.scenes import Stand

HOUR = 3600 * S
TERMS = GlassTerms(posts=("watch_chief", "it_admin"), by=("watch_chief", "it_admin"), minutes=30.0)
SEATS = Seats(
    seats=(("A-01", "指挥长席", ""), ("A-03", "防汛席", "li"), ("A-04", "综合席", "")), glass=TERMS
)  # fmt: skip
POSTS = ("500000.duty_officer", "500000.watch_chief")


def glasses() -> tuple[BreakGlass, ...]:
    """Return one in use, one whose review is overdue, and one reviewed."""
    first = BreakGlass(
        number=1, accounts=("li", "chief"), account="li", seat="A-03", posts=("500000.it_admin",),
        reason="洪峰将至，管理员失联", opened_at=START_NS - 90 * HOUR, until=START_NS - 89 * HOUR,
        ended_at=START_NS - 89 * HOUR - 600 * S, ended_by="li", review_by=START_NS - 66 * HOUR,
        reviewed_at=START_NS - 70 * HOUR, reviewed_by="it", finding="确有必要，操作与事由一致", version=3,
    )  # fmt: skip
    overdue = replace(
        first, number=2, opened_at=START_NS - 30 * HOUR, until=START_NS - 29 * HOUR, ended_at=START_NS - 29 * HOUR,
        ended_by="", review_by=START_NS - 6 * HOUR, reviewed_at=None, reviewed_by="", finding="", version=2,
    )  # fmt: skip
    running = replace(
        overdue, number=3, accounts=("张三", "李四"), account="glass", posts=("500000.watch_chief",),
        proofs=("code 4 500000.watch_chief", "code 7 500000.it_admin"), reason="两名值班长都联系不上，闸门需立即调度",
        opened_at=START_NS - 600 * S, until=START_NS + 1200 * S, ended_at=None,
        review_by=START_NS + 23 * HOUR, version=1,
    )  # fmt: skip
    return running, overdue, first


def envelopes() -> tuple[CodeRow, ...]:
    """Return a sealed, a used and a lost one."""
    told = (
        (8, "500000.it_admin", CodeState.SEALED), (7, "500000.it_admin", CodeState.USED),
        (5, "500000.watch_chief", CodeState.LOST),
    )  # fmt: skip
    return tuple(
        CodeRow(
            number=number, post=post, state=state, sealed_at=START_NS - 200 * HOUR, sealed_by="local-admin",
            ended_at=None if state is CodeState.SEALED else START_NS - HOUR,
            ended_by="" if state is CodeState.SEALED else "李四", reason="信封被拆" if state is CodeState.LOST else "",
        )
        for number, post, state in told
    )  # fmt: skip


def show_form(at: "Stand") -> None:
    """Show the form over the log-in screen, half filled in."""
    at.session.sign_off()
    at.session.seats_came.emit(SEATS)
    at.do("glass.open")
    at.session.seats_came.emit(SEATS)
    form = at.window.rooms.glass.form
    form.reason.setText("两名值班长都联系不上，闸门需立即调度")
    form.posts["watch_chief"].setChecked(True)
    form.first.account.setText("li")
    form.first.secret.setText("a long password")
    form.second.method.setCurrentIndex(1)
    form.second.account.setText("李四")
    form.second.secret.setText("7/ABCD-EFGH-JKMN-PQRS")


def show_refused(at: "Stand") -> None:
    """Show the form whose second person's code was wrong."""
    show_form(at)
    form = at.window.rooms.glass.form
    form.send()
    at.session.end_command(outcome="refused", code="glass.wrong_second", field="second", left="3")


def show_band(at: "Stand") -> None:
    """Show F1 in a session of a broken glass, the lamp burning."""
    enter(at)
    at.window.show_page("F1")


def show_page(at: "Stand") -> None:
    """Show the page, the overdue one chosen."""
    at.session.enter(allowed=("glass.page", "glass.review", "glass.end", "glass.lose_code", "account.drop_totp"))
    at.do("page.glass")
    at.beat()
    answer_page(at)
    at.window.stack.page("glass").list.select("2")  # type: ignore[union-attr]
    if "glass.deeds" in at.session.sent.asks:
        at.session.answer_ask("glass.deeds", AuditPage(rows=rows()[:5], through=1, tail=1234))


def show_phone(at: "Stand") -> None:
    """Show the sheet of a new phone for an account that has one, with the same secret each time."""
    at.session.enter(allowed=("account.enrol_totp", "account.drop_totp"))
    at.window.show_page("F1")
    with patch("secrets.token_bytes", return_value=bytes(range(20))), patch("secrets.choice", _letters()):
        at.do("phone.open")
    sheet = at.window.rooms.glass.phone
    sheet.draw_now()
    at.session.answer_ask("account.phone", PhoneTold(account="officer", has=True, needs=True, recovery_left=6))


def enter(at: "Stand") -> None:
    """Sign on by a broken glass."""
    at.session.signed_on = SignedOn(
        token="t", account="li", name="李值班", seat="A-03", posts=POSTS, allowed=("session.sign_off",), glass=3,
        until=START_NS + 25 * 60 * S,
    )  # fmt: skip
    at.session.sign_on_ended.emit(SignOnEnded(signed_on=at.session.signed_on))


def answer_page(at: "Stand") -> None:
    """Answer what the page asks when it comes to the front."""
    at.session.answer_ask("glass.page", GlassPage(rows=glasses()))
    at.session.answer_ask("glass.codes", GlassCodes(rows=envelopes()))


def _letters() -> Callable[[str], str]:
    """Return what chooses letters one after the other."""
    at = iter(range(10_000))
    return lambda letters: letters[next(at) % len(letters)]


GLASS_SCENES: "dict[str, Callable[[Stand], None]]" = {
    "glass band": show_band, "glass page": show_page, "phone sheet": show_phone, "glass form": show_form,
    "glass refused": show_refused,
}  # fmt: skip
