"""Side requests as rows: the ledger of returns, extensions, voids and suspensions (T4)."""

from sqlalchemy import Connection, insert, select, update

from chengyun_core.model.order import RequestState, SideRequest
from chengyun_core.store.chain_tables import SIDE_REQUESTS
from chengyun_core.wire import codec

COUNTER = "side_request"
KIND = "side_request"


def get(connection: Connection, number: int) -> SideRequest | None:
    """Return a request, None for a number never given."""
    statement = select(SIDE_REQUESTS.c.record).where(SIDE_REQUESTS.c.number == number)
    packed = connection.execute(statement).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, SideRequest)


def of_order(connection: Connection, order: int) -> list[SideRequest]:
    """Return every request about the receipts of an order, oldest first."""
    statement = select(SIDE_REQUESTS.c.record).where(SIDE_REQUESTS.c.order_number == order)
    rows = connection.execute(statement.order_by(SIDE_REQUESTS.c.number))
    return [codec.unpack(row.record, SideRequest) for row in rows]


def waiting(connection: Connection) -> list[tuple[SideRequest, int]]:
    """Return the requests that wait, with the journal number of their last change, by number."""
    columns = select(SIDE_REQUESTS.c.record, SIDE_REQUESTS.c.change)
    wanted = columns.where(SIDE_REQUESTS.c.state == RequestState.WAITING.value).order_by(SIDE_REQUESTS.c.number)
    return [(codec.unpack(row.record, SideRequest), row.change) for row in connection.execute(wanted)]


def asked_between(connection: Connection, from_ns: int, to_ns: int, most: int) -> list[SideRequest]:
    """Return the requests asked in [from, to), profile ns UTC, newest first, at most so many."""
    wanted = (SIDE_REQUESTS.c.asked_at >= from_ns, SIDE_REQUESTS.c.asked_at < to_ns)
    newest_first = (SIDE_REQUESTS.c.asked_at.desc(), SIDE_REQUESTS.c.number.desc())
    statement = select(SIDE_REQUESTS.c.record).where(*wanted).order_by(*newest_first).limit(most)
    return [codec.unpack(row.record, SideRequest) for row in connection.execute(statement)]


def add(connection: Connection, request: SideRequest, change: int) -> None:
    """Write a new request with the journal number of its row."""
    connection.execute(insert(SIDE_REQUESTS).values(_row(request, change)))


def replace(connection: Connection, request: SideRequest, change: int) -> None:
    """Write a known request anew."""
    row = _row(request, change)
    connection.execute(update(SIDE_REQUESTS).where(SIDE_REQUESTS.c.number == request.number).values(row))


def _row(request: SideRequest, change: int) -> dict[str, object]:
    return {
        "number": request.number, "order_number": request.order, "place": request.place,
        "recipient": request.recipient, "kind": request.kind.value, "state": request.state.value,
        "asked_at": request.asked_at, "record": codec.pack(request), "version": request.version, "change": change,
    }  # fmt: skip
