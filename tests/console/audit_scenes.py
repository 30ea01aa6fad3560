"""The page of the journal: rows found, one of them before and after, a fault, and nothing for who may not read it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from chengyun_core.wire import codec
from chengyun_core.wire.rights_asks import AuditChecked, AuditPage, AuditRow, AuditRowTold
from tests.console.still_session import START_NS, S

if TYPE_CHECKING:
    from tests.console.scenes import Stand


def rows() -> tuple[AuditRow, ...]:
    """Return six rows of an evening, newest first."""
    told = (
        ("mode.declare", "li", "A-03", "mode", "500000/500000"), ("approval.give", "wang", "A-01", "approval", "31"),
        ("threshold.propose", "li", "A-03", "threshold", "12"), ("alarm.acknowledge", "zhang", "B-02", "alarm", "9"),
        ("session.sign_on", "zhang", "B-02", "session", "B-02"), ("alarm.raise", "", "", "alarm", "9"),
    )  # fmt: skip
    return tuple(
        AuditRow(
            number=1234 - at, chain=1, at_ns=START_NS - 60 * at * S, account=account, seat=seat,
            post="500000.watch_chief" if account else "", area="500000", action=action, command_id=f"c{at}", part=0,
            kind=kind, key=key, version=at + 1, params={"reason": "暴雨红色预警"} if at == 0 else {}, hash="9f" * 32,
        )
        for at, (action, account, seat, kind, key) in enumerate(told)
    )  # fmt: skip


def opened(*, fault: str = "") -> AuditRowTold:
    """Return the newest row with its record before and after."""
    before = codec.pack({"state": "asked", "version": 1, "secret": "x"})
    after = codec.pack({"state": "in_force", "version": 2, "secret": "y", "seconded_by": "wang"})
    return AuditRowTold(row=rows()[0], record=after, before=before, before_number=1201, fault=fault)


def show_audit(at: "Stand") -> None:
    """Show the page with its newest row opened and half the journal verified."""
    at.do("page.audit")
    at.beat()
    if "audit.page" in at.session.sent.asks:
        at.session.answer_ask("audit.page", AuditPage(rows=rows(), through=800, tail=1234))
    if "audit.row" in at.session.sent.asks:
        at.session.answer_ask("audit.row", opened())
    at.do("audit.verify")
    at.session.answer_ask("audit.check", AuditChecked(rows=500))


AUDIT_SCENES: dict[str, "Callable[[Stand], None]"] = {"audit": show_audit}
