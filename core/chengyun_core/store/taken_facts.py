"""Facts of other centres that were taken, by issuer, chain and number, until they expire: none acts twice (RS2)."""

from sqlalchemy import Connection, delete, func, insert, select

from chengyun_core.store.tables import TAKEN_FACTS
from chengyun_core.wire.signed_fact import SignedFact


class TakenFacts:
    """The table within one transaction: taken together with what the fact does, or not at all."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, fact: SignedFact) -> bool:
        """Take note of a fact; return False when it was taken before."""
        where = (
            TAKEN_FACTS.c.issuer == fact.issuer, TAKEN_FACTS.c.chain == fact.chain,
            TAKEN_FACTS.c.number == fact.number, TAKEN_FACTS.c.target == fact.target,
        )  # fmt: skip
        if self._connection.execute(select(TAKEN_FACTS.c.number).where(*where)).first() is not None:
            return False
        row = {"issuer": fact.issuer, "chain": fact.chain, "number": fact.number, "target": fact.target,
               "expires_ns": fact.expires_at}  # fmt: skip
        self._connection.execute(insert(TAKEN_FACTS).values(row))
        return True

    def forget_before(self, now_ns: int) -> int:
        """Forget what has expired, which its expiry refuses by itself; return how many."""
        return self._connection.execute(delete(TAKEN_FACTS).where(TAKEN_FACTS.c.expires_ns <= now_ns)).rowcount

    def count(self) -> int:
        """Return how many are remembered."""
        return int(self._connection.execute(select(func.count()).select_from(TAKEN_FACTS)).scalar_one())
