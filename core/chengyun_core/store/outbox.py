"""What waits for other centres: a journal row, signed when it is put there, until that centre's signed receipt."""

from sqlalchemy import Connection, insert, select

from chengyun_core.crypto.choice import provider
from chengyun_core.store import counters
from chengyun_core.store.journal import Entry, Journal
from chengyun_core.store.tables import OUTBOX
from chengyun_core.wire import signed_fact
from chengyun_core.wire.signed_fact import SignedFact


def add(connection: Connection, journal: Journal, number: int, entry: Entry, target: str) -> None:
    """Put a row that was just written into the outbox, signed with the centre's key on its terms."""
    terms = journal.terms()
    chain = journal.end.chain if journal.end else 1
    fact = SignedFact(
        realm=journal.realm, issuer=terms.issuer, target=target,
        place=counters.take(connection, f"outbox:{target}", 1), chain=chain, number=number,
        account=entry.actor.account, post=entry.actor.post, action=entry.action, kind=entry.kind, key=entry.key,
        version=entry.version, record=entry.record, issued_at=entry.at_ns, expires_at=entry.at_ns + terms.lasts_ns,
    )  # fmt: skip
    sealed = signed_fact.signed(fact, journal.signer.secret, provider(SIGNED_BY))
    row = {"number": number, "target": target, "due_ns": entry.at_ns, "sealed": sealed}
    connection.execute(insert(OUTBOX).values(row))


def waiting(connection: Connection, target: str, limit: int) -> list[bytes]:
    """Return the signed bytes that wait for a centre, oldest first; rows of before there were signatures have none."""
    where = (OUTBOX.c.target == target, OUTBOX.c.sealed.is_not(None))
    rows = connection.execute(select(OUTBOX.c.sealed).where(*where).order_by(OUTBOX.c.number).limit(limit))
    return [row.sealed for row in rows]


SIGNED_BY = "international"
"""Suite of the signatures between centres: both ends must have it, and both suites sign by Ed25519 so far."""
