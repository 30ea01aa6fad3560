"""What waits for other centres: a journal row, signed when it is put there, until that centre's signed receipt."""

from dataclasses import dataclass
from itertools import product

from sqlalchemy import Connection, func, insert, select

from chengyun_core.crypto.choice import provider
from chengyun_core.model.rights import Label
from chengyun_core.store import counters
from chengyun_core.store.journal import Entry, Journal
from chengyun_core.store.tables import OUTBOX
from chengyun_core.wire import signed_fact
from chengyun_core.wire.signed_fact import SignedFact


def add(
    connection: Connection, journal: Journal, number: int, entry: Entry, target: str, label: Label = Label.NORMAL
) -> None:  # fmt: skip
    """Put a row that was just written into the outbox, signed with the centre's key on its terms."""
    terms = journal.terms()
    chain = journal.end.chain if journal.end else 1
    fact = SignedFact(
        realm=journal.realm, issuer=terms.issuer, target=target,
        place=counters.take(connection, f"outbox:{target}", 1), chain=chain, number=number,
        account=entry.actor.account, post=entry.actor.post, action=entry.action, kind=entry.kind, key=entry.key,
        version=entry.version, record=entry.record, issued_at=entry.at_ns, expires_at=entry.at_ns + terms.lasts_ns,
        label=label,
    )  # fmt: skip
    sealed = signed_fact.signed(fact, journal.signer.secret, provider(SIGNED_BY))
    row = {
        "number": number, "target": target, "due_ns": entry.at_ns, "sealed": sealed, "lane": lane_of(entry.kind)
    }  # fmt: skip
    connection.execute(insert(OUTBOX).values(row))


def waiting(connection: Connection, target: str, limit: int) -> list[bytes]:
    """Return the signed bytes that wait for a centre, oldest first; rows of before there were signatures have none."""
    where = (OUTBOX.c.target == target, OUTBOX.c.sealed.is_not(None))
    rows = connection.execute(select(OUTBOX.c.sealed).where(*where).order_by(OUTBOX.c.number).limit(limit))
    return [row.sealed for row in rows]


def next_batch(connection: Connection, target: str, limit: int, *, live_after_ns: int) -> list[bytes]:
    """Return what is to leave next: what is younger than a time first, then the backlog, each by lane, oldest first.

    live_after_ns: profile ns UTC. A day's backlog cannot hold up an order of now, and of the backlog itself orders,
    receipts and the mode leave before the rest. At most `limit` rows: whoever carries them sets the pace.
    """
    of_target = select(OUTBOX.c.number).where(OUTBOX.c.target == target)
    # Numbers rise with time: read back to the newest row that is old, not through a day of them.
    older = of_target.where(OUTBOX.c.due_ns < live_after_ns).order_by(OUTBOX.c.number.desc()).limit(1)
    last_old = connection.execute(older).scalar_one_or_none() or 0
    spans = ((OUTBOX.c.number > last_old), (OUTBOX.c.number <= last_old))
    found: list[bytes] = []
    for span, lane in product(spans, LANES):
        waits = (OUTBOX.c.target == target, OUTBOX.c.lane == lane, span, OUTBOX.c.sealed.is_not(None))
        in_order = select(OUTBOX.c.sealed).where(*waits).order_by(OUTBOX.c.number)
        found += connection.execute(in_order.limit(max(0, limit - len(found)))).scalars()
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for one other centre."""

    target: str
    rows: int
    oldest_ns: int
    """Since when the oldest row waits, profile ns UTC."""


def standing(connection: Connection) -> list[Waiting]:
    """Return what waits, by centre: counted in the index, a hundred thousand rows in some milliseconds."""
    counted = select(OUTBOX.c.target, func.count(), func.min(OUTBOX.c.number)).group_by(OUTBOX.c.target)
    found = connection.execute(counted.order_by(OUTBOX.c.target)).all()
    due = select(OUTBOX.c.due_ns)
    return [
        Waiting(
            target=target, rows=int(rows),
            oldest_ns=connection.execute(due.where(OUTBOX.c.number == first, OUTBOX.c.target == target)).scalar_one(),
        )
        for target, rows, first in found
    ]  # fmt: skip


def lane_of(kind: str) -> int:
    """Return the lane of a journal row of a kind: the mode, orders and receipts go before all else (FEDERATION)."""
    return URGENT if kind in _URGENT else LATER


URGENT, LATER = LANES = (0, 1)
_URGENT = frozenset({"mode", "mode_order", "order", "receipt"})
SIGNED_BY = "international"
"""Suite of the signatures between centres: both ends must have it, and both suites sign by Ed25519 so far."""
