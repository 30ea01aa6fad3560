"""Supervision: urging by several channels, and the numbered sheet 督办 (办法 §23, §26; WF6)."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import display_numbers, order_care, receipt_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.receipt_seen import as_seen
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Order, Receipt, ReceiptState, Step, Supervision, key_of
from chengyun_core.model.receipt_commands import EscalateReceipts, ReceiptSeen, UrgeReceipts
from chengyun_core.model.supervision_rules import Standing
from chengyun_core.store import counters
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.envelope import Done

LOG = RecordLog("supervision", Supervision)
COUNTER = "supervision"
MOST_AT_ONCE = 200
SHEETS_LOOKED_AT = 500
"""Newest sheets among which those of living receipts are."""
LONGEST_ANSWER_MIN = 7 * 24 * 60
Held = tuple[Order, Receipt]
Left = tuple[tuple[str, str], ...]


def urge(desk: Desk, work: Work, caller: Caller, command: UrgeReceipts) -> Done:  # noqa: ARG001 - see HANDLERS
    """Urge the recipients of many receipts; what cannot be urged any more is told with its reason."""
    words = clean(command.words, field="words")
    if not command.channels:
        raise Refused("supervision.no_channel")
    held, left = _as_seen(desk, work, command.receipts)
    told = {"channels": " ".join(dict.fromkeys(command.channels)), "words": words}
    for order, receipt in held:
        after = replace(receipt, reminded=receipt.reminded + 1, reminded_at=work.at_ns)
        receipt_care.put(desk, work, order, after, "receipt.urge", params=told)
    return Done(change=work.noted, left=left)


def escalate(desk: Desk, work: Work, caller: Caller, command: EscalateReceipts) -> Done:
    """Issue one numbered sheet for receipts of one unit; those under supervision already are left."""
    reason = clean(command.reason, field="reason", required=True)
    if not 0 < command.answer_min <= LONGEST_ANSWER_MIN:
        raise Refused("supervision.answer_min", minutes=command.answer_min, most=LONGEST_ANSWER_MIN)
    held, left = _as_seen(desk, work, command.receipts)
    fresh = [(order, receipt) for order, receipt in held if not receipt.supervision]
    left += tuple((key_of(receipt), "supervision.already") for _, receipt in held if receipt.supervision)
    if not fresh:
        raise Refused("supervision.nothing_left", first=left[0][0], reason=left[0][1])
    units = sorted({receipt.recipient for _, receipt in fresh})
    if len(units) > 1:
        raise Refused("supervision.one_unit", first=units[0], second=units[1])
    sheet = _issued(desk, work, caller, command, [key_of(receipt) for _, receipt in fresh], units[0], reason)
    for order, receipt in fresh:
        told = {"supervision": sheet.code, "reason": reason}
        receipt_care.put(desk, work, order, replace(receipt, supervision=sheet.code), "receipt.escalate", params=told)
    return Done(change=work.noted, key=sheet.code, version=sheet.version, left=left)


def sheets_of(connection: Connection, standing: Sequence[Standing]) -> tuple[Supervision, ...]:
    """Return the sheets that receipts on the board stand on, by number."""
    codes = {one.receipt.supervision for one in standing} - {""}
    if not codes:
        return ()
    sheets = (sheet for sheet, _ in LOG.newest(connection, SHEETS_LOOKED_AT))
    return tuple(sorted((sheet for sheet in sheets if sheet.code in codes), key=lambda sheet: sheet.number))


def _issued(
    desk: Desk, work: Work, caller: Caller, command: EscalateReceipts, keys: list[str], unit: str, reason: str
) -> Supervision:  # fmt: skip
    (code,) = display_numbers.take(desk, work, "supervision")
    sheet = Supervision(
        number=counters.take(work.connection, COUNTER, 1), code=code, unit=unit, receipts=tuple(keys), reason=reason,
        answer_by=work.at_ns + round(command.answer_min * 60 * NS_PER_S), issued_at=work.at_ns,
        issued_by=caller.account, issued_seat=order_care.seat_of(caller),
    )  # fmt: skip
    work.note("supervision.issue", LOG.kind, sheet.number, sheet.version, sheet, params={"unit": unit, "code": code})
    return sheet


def _as_seen(desk: Desk, work: Work, seen: Sequence[ReceiptSeen]) -> tuple[list[Held], Left]:
    """Return the receipts that can still be called for, and the others with the reason code."""
    if not 0 < len(seen) <= MOST_AT_ONCE:
        raise Refused("supervision.page_size", count=len(seen), most=MOST_AT_ONCE)
    held: list[Held] = []
    left: list[tuple[str, str]] = []
    for one in dict.fromkeys(seen):
        try:
            order, receipt = as_seen(desk, work, one.order, one.place, one.version)
            _check_owing(receipt)
            held.append((order, receipt))
        except Refused as refused:
            left.append((f"{one.order}.{one.place}", refused.reason.code))
    return held, tuple(left)


def _check_owing(receipt: Receipt) -> None:
    if receipt.state is not ReceiptState.OPEN:
        raise Refused("receipt.not_open", receipt=key_of(receipt), state=receipt.state.value)
    if receipt.step is Step.FED_BACK:
        raise Refused("receipt.behind", receipt=key_of(receipt), step=receipt.step.value)
