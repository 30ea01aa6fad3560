"""A hand-over signed: giver, then taker, each by his own password; locked, and the seat is the taker's (H5)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chengyun_core.centre import duty_care, duty_roster, duty_seats, handover_care, proofs, sessions
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.proofs import Verified
from chengyun_core.centre.seat_rights import incoming_seat
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.audit_head import head_text, printed
from chengyun_core.model.duty import Handover, HandoverState, Signature
from chengyun_core.model.duty_commands import ForceHandover, SignHandover
from chengyun_core.model.duty_figures import ShiftFigures
from chengyun_core.model.duty_rules import SheetMove, sheet_after
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.handover_rules import digest_of, undecided
from chengyun_core.model.holding import PostKind
from chengyun_core.store import account_table, session_table
from chengyun_core.store import journal as journal_rows
from chengyun_core.wire.envelope import Done

SIGN_ON_NOW = "handover.sign_on_now"
"""Warning of a last signature: the seat is free, and its taker signs on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the worker found."""

    verified: Verified
    counted: ShiftFigures | None = None
    """The figures up to the first signature; None: this is the second one, or they are counted in the loop."""


def prepare(desk: Desk, connection: Connection, command: SignHandover | ForceHandover) -> Callable[[], Prepared]:
    """Return the slow part: whether the password is the signer's own, and the figures up to the first signature."""
    verify = proofs.prepare(desk, connection, command.account, command.secret)
    sheet = handover_care.get(connection, command.handover)
    counts = handover_care.counting(desk, connection, sheet) if sheet.state is HandoverState.OPEN else None

    def job() -> Prepared:
        verified = verify()
        counted = counts() if counts is not None and verified.right else None
        return Prepared(verified=verified, counted=counted)

    return job


def sign(desk: Desk, work: Work, caller: Caller, command: SignHandover, prepared: Prepared) -> Done | Reason:
    """Sign as giver or, after him, as taker; a wrong password is a Reason, for the failure it counts is kept."""
    sheet = _as_shown(work, command)
    giving = sheet.state is HandoverState.OPEN
    _check_seat(work, sheet)
    # What came up since the sheet was written last is on it, too: nobody signs over an item he has not seen.
    current = handover_care.now(desk, work.connection, sheet)
    _check_signer(desk, work, current, command.account, giving=giving)
    signer = proofs.proved(desk, work, command.account, prepared.verified)
    if isinstance(signer, Reason):
        return signer
    if digest_of(current) != command.digest or (not giving and command.digest != sheet.signatures[0].digest):
        return _changed(desk, work, sheet, current)
    if giving:
        current = handover_care.with_figures(desk, work.connection, current, work.at_ns, prepared.counted)
        return _given(desk, work, current, _signature(work, caller, current, signer, "password"), {})
    return _taken(desk, work, caller, current, signer)


def force(desk: Desk, work: Work, caller: Caller, command: ForceHandover, prepared: Prepared) -> Done | Reason:
    """Let the watch chief sign for a giver who cannot: absent, taken ill. Loud: a row of its own, on the sheet."""
    reason = clean(command.reason, field="reason", required=True)
    sheet = _as_shown(work, command)
    if sheet.state is not HandoverState.OPEN:
        raise Refused("handover.given_already", handover=sheet.code)
    current = handover_care.now(desk, work.connection, sheet)
    _check_seat(work, sheet)
    _check_ready(current)
    signer = proofs.proved(desk, work, command.account, prepared.verified)
    if isinstance(signer, Reason):
        return signer
    if signer.account in (current.giver, current.taker) or not _is_chief_of(desk, signer, sheet):
        raise Refused("handover.not_chief", account=signer.account)
    if digest_of(current) != command.digest:
        return _changed(desk, work, sheet, current)
    current = replace(current, forced_by=signer.account, forced_reason=reason)
    current = handover_care.with_figures(desk, work.connection, current, work.at_ns, prepared.counted)
    signature = _signature(work, caller, current, signer, "forced")
    return _given(desk, work, current, signature, {"reason": reason}, action="handover.force")


def _as_shown(work: Work, command: SignHandover | ForceHandover) -> Handover:
    sheet = handover_care.get(work.connection, command.handover)
    sheet_after(sheet.state, SheetMove.TAKE if sheet.state is HandoverState.GIVEN else SheetMove.GIVE)
    if sheet.version != command.version:
        raise Refused("handover.changed", handover=sheet.code, version=sheet.version)
    return sheet


def _check_seat(work: Work, sheet: Handover) -> None:
    """Refuse a sheet whose seat somebody else took meanwhile: it would be his session that ends."""
    seated = session_table.at_seat(work.connection, sheet.seat)
    if seated is not None and seated.account not in (sheet.giver, sheet.taker):
        raise Refused("handover.seat_moved_on", handover=sheet.code, seat=sheet.seat, who=seated.name)


def _check_signer(desk: Desk, work: Work, sheet: Handover, account: str, *, giving: bool) -> None:
    if giving:
        _check_ready(sheet)
        if account != sheet.giver:
            raise Refused("handover.giver_first", giver=handover_care.name_of(work.connection, sheet.giver))
        return
    if account in (sheet.giver, sheet.forced_by):
        raise Refused("handover.same_person")
    if account != sheet.taker:
        raise Refused("handover.other_taker", taker=handover_care.name_of(work.connection, sheet.taker))
    record = account_table.get(work.connection, account)
    if record is not None:
        sessions.area_of(desk, sheet.seat, record)


def _check_ready(sheet: Handover) -> None:
    """Both sign the same sheet, with both names on it and nothing undecided."""
    if not sheet.taker:
        raise Refused("handover.no_taker", handover=sheet.code, seat=sheet.seat)
    left = undecided(sheet.items)
    if left:
        raise Refused("handover.undecided", handover=sheet.code, count=len(left))


def _changed(desk: Desk, work: Work, sheet: Handover, current: Handover) -> Reason:
    """Keep what changed since the sheet was shown, and ask again; a giver's signature is void with it.

    A Reason, not an exception: that the signature is void, and what came up, must stand.
    """
    void = sheet.state is HandoverState.GIVEN
    anew = handover_care.moved(current, SheetMove.VOID if void else SheetMove.OPEN)
    handover_care.put(desk, work, anew, "handover.void_signature" if void else "handover.open", {
        "items": len(anew.items), "left": len(undecided(anew.items)),
    })  # fmt: skip
    code = "handover.changed_since_given" if void else "handover.changed_since_shown"
    return Reason(code=code, params={"handover": sheet.code, "count": str(len(undecided(anew.items)))})


def _given(
    desk: Desk, work: Work, sheet: Handover, signature: Signature, params: dict[str, str], *,
    action: str = "handover.give",
) -> Done:  # fmt: skip
    given = handover_care.moved(sheet, SheetMove.GIVE, signatures=(signature,))
    told = {"signed_by": signature.account, "digest": signature.digest, **params}
    change = handover_care.put(desk, work, given, action, told)
    return Done(change=change, key=str(given.number), version=given.version)


def _taken(desk: Desk, work: Work, caller: Caller, sheet: Handover, signer: AccountRecord) -> Done:
    signature = _signature(work, caller, sheet, signer, "password")
    locked = handover_care.moved(
        sheet, SheetMove.TAKE, signatures=(*sheet.signatures, signature), audit_head=_audit_head(desk, work)
    )
    told = {"signed_by": signer.account, "digest": signature.digest, "audit_head": locked.audit_head}
    change = handover_care.put(desk, work, locked, "handover.sign", told)
    warnings = _pass_seat(desk, work, locked)
    duty_roster.close_if_done(desk, work, locked.shift, locked.number)
    return Done(change=change, key=str(locked.number), version=locked.version, warnings=warnings)


def _pass_seat(desk: Desk, work: Work, sheet: Handover) -> tuple[str, ...]:
    """Give the seat to its taker: the giver's session there ends, the one that took over sits there from now on."""
    seated = session_table.at_seat(work.connection, sheet.seat)
    coming = session_table.at_seat(work.connection, incoming_seat(sheet.seat))
    duty_seats.end_of_seat(desk, work, sheet.seat)
    if seated is not None and seated.account != sheet.taker:
        sessions.end_one(desk, work, seated, "handed_over")
        seated = None
    if coming is not None and coming.account == sheet.taker and seated is None:
        sessions.seat_incoming(work, coming, sheet.seat)
        return ()
    return () if seated is not None else (SIGN_ON_NOW,)


def _signature(work: Work, caller: Caller, sheet: Handover, signer: AccountRecord, method: str) -> Signature:
    return Signature(
        account=signer.account, name=signer.name, seat=duty_care.seat_of(caller), at=work.at_ns,
        digest=digest_of(sheet), method=method,
    )  # fmt: skip


def _audit_head(desk: Desk, work: Work) -> str:
    """Return the journal's end before this very deed, as it is printed: whoever holds the sheet is a witness of it."""
    head = journal_rows.head(work.connection)
    return printed(head_text(desk.settings.realm, head.chain, head.number, head.hash))


def _is_chief_of(desk: Desk, signer: AccountRecord, sheet: Handover) -> bool:
    way = desk.city.path(sheet.centre)
    held = desk.city.holdings(signer.posts, "")
    return any(one.kind is PostKind.WATCH_CHIEF and one.area in way for one in held)
