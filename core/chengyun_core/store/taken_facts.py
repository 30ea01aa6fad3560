"""Facts of other centres that were taken, by issuer, chain and number, until they expire: none acts twice (RS2)."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, delete, func, insert, select

from chengyun_core.store.tables import TAKEN_FACTS
from chengyun_core.store.value_list import among_numbers
from chengyun_core.wire.signed_fact import SignedFact

Name = tuple[str, int, str, int]
"""(issuer, chain, target, number): what a fact is known by for good."""


class TakenFacts:
    """The table within one transaction: taken together with what the fact does, or not at all."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, fact: SignedFact) -> bool:
        """Take note of a fact; return False when it was taken before."""
        return bool(self.take_all([fact]))

    def take_all(self, facts: Iterable[SignedFact]) -> list[SignedFact]:
        """Take note of many facts; return those that were not taken before, each once, in their order."""
        named = {(fact.issuer, fact.chain, fact.target, fact.number): fact for fact in facts}
        known = {name for source in {name[:3] for name in named} for name in self._known(source, named)}
        new = [fact for name, fact in named.items() if name not in known]
        if new:
            self._connection.execute(insert(TAKEN_FACTS), [
                {"issuer": fact.issuer, "chain": fact.chain, "number": fact.number, "target": fact.target,
                 "expires_ns": fact.expires_at} for fact in new
            ])  # fmt: skip
        return new

    def _known(self, source: tuple[str, int, str], named: Iterable[Name]) -> Iterator[Name]:
        """Yield which of these names of one source were taken before."""
        issuer, chain, target = source
        numbers = [name[3] for name in named if name[:3] == source]
        where = (TAKEN_FACTS.c.issuer == issuer, TAKEN_FACTS.c.chain == chain, TAKEN_FACTS.c.target == target)
        among = among_numbers(self._connection, TAKEN_FACTS.c.number, numbers)
        for number in self._connection.execute(select(TAKEN_FACTS.c.number).where(*where, among)).scalars():
            yield issuer, chain, target, number

    def forget_before(self, now_ns: int) -> int:
        """Forget what has expired, which its expiry refuses by itself; return how many."""
        return self._connection.execute(delete(TAKEN_FACTS).where(TAKEN_FACTS.c.expires_ns <= now_ns)).rowcount

    def count(self) -> int:
        """Return how many are remembered."""
        return int(self._connection.execute(select(func.count()).select_from(TAKEN_FACTS)).scalar_one())
