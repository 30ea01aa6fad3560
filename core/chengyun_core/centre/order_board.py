"""What supervises the units: the board of what is late, the scorecard, the ledger of requests (办法 §23, §26)."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from chengyun_core.centre import supervision
from chengyun_core.centre.desk import Desk
from chengyun_core.model import scorecard as measures
from chengyun_core.model import supervision_rules
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Order, Receipt, SideRequest, key_of
from chengyun_core.model.supervision_rules import Standing
from chengyun_core.store import event_table, order_pages, order_table, request_table
from chengyun_core.wire import codec
from chengyun_core.wire.order_asks import (
    AskBoard,
    AskLedger,
    AskScorecard,
    Board,
    BoardLine,
    Ledger,
    LedgerCount,
    Score,
    Scorecard,
    UnitLedger,
)

MOST_LOOKED_AT = 300
"""Receipts of each reason that one board looks at, the longest late first."""
MOST_UNITS = 60
MOST_COUNTED = 3000
MOST_LEDGER = 5000
LEDGER_TOLD = 200
LONGEST_PERIOD_NS = 366 * 86_400 * NS_PER_S


def board(desk: Desk, connection: Connection, ask: AskBoard) -> bytes:
    """Answer `supervision.board`."""
    now = desk.clock.utc_ns()
    found, cut = _candidates(desk, connection, ask.recipient, now)
    orders: dict[int, Order | None] = {}
    events: dict[int, Event | None] = {}
    lines = {}
    for receipt in found:
        order = _remembered(orders, receipt.order, connection)
        if order is None or (ask.centre and ask.centre not in desk.city.path(order.centre)):
            continue
        event = _event(events, receipt.event, connection)
        line = _line(desk, receipt, order, event, now)
        if line is not None:
            lines[key_of(receipt)] = line
    ordered = supervision_rules.ordered([line.standing for line in lines.values()])
    told = tuple(lines[key_of(standing.receipt)] for standing in ordered)
    sheets, silent_s = supervision.sheets_of(connection, ordered), desk.settings.order_silent_minutes * 60
    return codec.pack(Board(lines=told, at_ns=now, sheets=sheets, cut=cut, silent_s=silent_s))


def scorecard(desk: Desk, connection: Connection, ask: AskScorecard) -> bytes:
    """Answer `unit.scorecard`."""
    _check_period(ask.from_ns, ask.to_ns)
    if not 1 <= len(ask.units) <= MOST_UNITS:
        raise Refused("scorecard.units", count=len(ask.units), most=MOST_UNITS)
    numbers = order_pages.issued_between(connection, ask.from_ns, ask.to_ns)
    scores = tuple(_score(desk, connection, unit, numbers) for unit in dict.fromkeys(ask.units))
    return codec.pack(Scorecard(scores=scores))


def ledger(desk: Desk, connection: Connection, ask: AskLedger) -> bytes:
    """Answer `side_request.ledger`."""
    del desk
    _check_period(ask.from_ns, ask.to_ns)
    found = request_table.asked_between(connection, ask.from_ns, ask.to_ns, MOST_LEDGER)
    asked = [one for one in found if ask.recipient in ("", one.recipient)]
    numbers = order_pages.issued_between(connection, ask.from_ns, ask.to_ns)
    told = Ledger(
        counts=_counts(asked), receipts=order_pages.count_between(connection, numbers, ask.recipient),
        requests=tuple(asked[:LEDGER_TOLD]), units=_of_units(connection, asked, numbers),
    )  # fmt: skip
    return codec.pack(told)


def _counts(asked: Iterable[SideRequest]) -> tuple[LedgerCount, ...]:
    counted = Counter((one.kind, one.state) for one in asked)
    return tuple(LedgerCount(kind=kind, state=state, count=count) for (kind, state), count in sorted(counted.items()))


def _of_units(
    connection: Connection, asked: Sequence[SideRequest], numbers: tuple[int, int]
) -> tuple[UnitLedger, ...]:  # fmt: skip
    most = Counter(one.recipient for one in asked).most_common(MOST_UNITS)
    return tuple(
        UnitLedger(
            recipient=code, counts=_counts(one for one in asked if one.recipient == code),
            receipts=order_pages.count_between(connection, numbers, code),
        )
        for code, _count in most
    )  # fmt: skip


def _candidates(desk: Desk, connection: Connection, recipient: str, now: int) -> tuple[list[Receipt], bool]:
    silent = round(desk.settings.order_silent_minutes * 60 * NS_PER_S)
    found: dict[str, Receipt] = {}
    cut = False
    for some in (
        order_pages.timed(connection, "due_at", recipient, (0, now), None, MOST_LOOKED_AT),
        order_pages.timed(connection, "heard_at", recipient, (0, now - silent), None, MOST_LOOKED_AT),
        order_pages.returned(connection, recipient, None, MOST_LOOKED_AT),
    ):
        cut = cut or len(some) == MOST_LOOKED_AT
        found.update((key_of(receipt), receipt) for receipt in some)
    return list(found.values()), cut


def _line(desk: Desk, receipt: Receipt, order: Order, event: Event | None, now: int) -> BoardLine | None:
    silent = round(desk.settings.order_silent_minutes * 60 * NS_PER_S)
    grade = None if event is None else event.grade
    standing: Standing | None = supervision_rules.judged(receipt, grade, now, silent)
    if standing is None:
        return None
    return BoardLine(
        standing=standing, order_code=order.code, title=order.title, centre=order.centre,
        event_code="" if event is None else event.code,
    )  # fmt: skip


def _score(desk: Desk, connection: Connection, unit: str, numbers: tuple[int, int]) -> Score:
    receipts = order_pages.of_unit(connection, unit, numbers, MOST_COUNTED + 1)
    counted = receipts[:MOST_COUNTED]
    ratios = measures.ratios(counted, desk.clock.utc_ns())
    return Score(
        unit=unit, ratios=ratios, receipts=len(counted), cut=len(receipts) > MOST_COUNTED,
        lapsed=measures.lapsed(counted),
    )  # fmt: skip


def _remembered(known: dict[int, Order | None], number: int, connection: Connection) -> Order | None:
    if number not in known:
        known[number] = order_table.get(connection, number)
    return known[number]


def _event(known: dict[int, Event | None], number: int | None, connection: Connection) -> Event | None:
    if number is None:
        return None
    if number not in known:
        known[number] = event_table.get(connection, number)
    return known[number]


def _check_period(from_ns: int, to_ns: int) -> None:
    if not 0 <= from_ns < to_ns or to_ns - from_ns > LONGEST_PERIOD_NS:
        raise Refused("scorecard.period", days=LONGEST_PERIOD_NS // (86_400 * NS_PER_S))
