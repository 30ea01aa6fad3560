"""Official warnings as rows, and what refers to what: chains are found whatever message came first."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, insert, select, tuple_, update

from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.model.warning_rules import LIVING, named
from chengyun_core.store.warning_tables import WARNING_REFERENCES, WARNINGS
from chengyun_core.wire import codec

COUNTER = "warning"
Identity = tuple[str, str]
"""(sender, identifier)."""


def get(connection: Connection, number: int) -> OfficialWarning | None:
    """Return one warning, in whatever state."""
    packed = connection.execute(select(WARNINGS.c.record).where(WARNINGS.c.number == number)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, OfficialWarning)


def by_identity(connection: Connection, sender: str, identifier: str) -> OfficialWarning | None:
    """Return the warning its sender numbered so."""
    wanted = (WARNINGS.c.sender == sender, WARNINGS.c.identifier == identifier)
    packed = connection.execute(select(WARNINGS.c.record).where(*wanted).limit(1)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, OfficialWarning)


def living(connection: Connection) -> list[tuple[OfficialWarning, int]]:
    """Return what is in force or waits for a second person, with the journal number of its last change, by number."""
    columns = select(WARNINGS.c.record, WARNINGS.c.change).where(WARNINGS.c.living.is_(True))
    rows = connection.execute(columns.order_by(WARNINGS.c.number))
    return [(codec.unpack(row.record, OfficialWarning), row.change) for row in rows]


def living_alike(connection: Connection, sender: str, prefix: str) -> list[OfficialWarning]:
    """Return what is in force of a sender whose numbers begin so."""
    wanted = (
        WARNINGS.c.sender == sender, WARNINGS.c.identifier.startswith(prefix, autoescape=True),
        WARNINGS.c.living.is_(True),
    )  # fmt: skip
    statement = select(WARNINGS.c.record).where(*wanted).order_by(WARNINGS.c.number)
    return [codec.unpack(packed, OfficialWarning) for packed in connection.execute(statement).scalars()]


def older(
    connection: Connection, before: int, *, living_only: bool, colours: Iterable[WarningColour], limit: int
) -> list[OfficialWarning]:
    """Return warnings with a number below `before` (0: all), newest first."""
    wanted = [WARNINGS.c.number < before] if before else []
    wanted += [WARNINGS.c.living.is_(True)] if living_only else []
    chosen = [int(colour) for colour in colours]
    wanted += [WARNINGS.c.colour.in_(chosen)] if chosen else []
    statement = select(WARNINGS.c.record).where(*wanted).order_by(WARNINGS.c.number.desc()).limit(limit)
    return [codec.unpack(packed, OfficialWarning) for packed in connection.execute(statement).scalars()]


def count_living(connection: Connection) -> int:
    """Return how many are in force or wait."""
    return connection.execute(select(func.count()).where(WARNINGS.c.living.is_(True))).scalar_one()


def chain_of(connection: Connection, number: int) -> list[OfficialWarning]:
    """Return all that refer to one another with this one, by number, itself among them."""
    which = select(WARNINGS.c.chain).where(WARNINGS.c.number == number).scalar_subquery()
    statement = select(WARNINGS.c.record).where(WARNINGS.c.chain == which).order_by(WARNINGS.c.number)
    return [codec.unpack(packed, OfficialWarning) for packed in connection.execute(statement).scalars()]


def add(connection: Connection, held: OfficialWarning, change: int) -> None:
    """Write a new warning with what it refers to, and join the chains it makes one of."""
    names = list(dict.fromkeys(named(one) for one in held.references))
    chains = _chains(connection, names, (held.sender, held.identifier))
    chain = min([*chains, held.number])
    connection.execute(insert(WARNINGS).values(number=held.number, chain=chain, **_row(held, change)))
    if names:
        rows = [
            {"number": held.number, "place": place, "sender": sender, "identifier": identifier}
            for place, (sender, identifier) in enumerate(names)
        ]
        connection.execute(insert(WARNING_REFERENCES), rows)
    others = [one for one in chains if one != chain]
    if others:
        connection.execute(update(WARNINGS).where(WARNINGS.c.chain.in_(others)).values(chain=chain))


def replace(connection: Connection, held: OfficialWarning, change: int) -> None:
    """Write a known warning anew; what it refers to never changes."""
    connection.execute(update(WARNINGS).where(WARNINGS.c.number == held.number).values(**_row(held, change)))


def _chains(connection: Connection, names: Sequence[Identity], own: Identity) -> list[int]:
    """Return the chains of what a message refers to and of what refers to it, the latter come before it or not."""
    there = select(WARNINGS.c.chain).where(tuple_(WARNINGS.c.sender, WARNINGS.c.identifier).in_(names))
    found = set(connection.execute(there).scalars()) if names else set()
    referring = select(WARNINGS.c.chain).join(WARNING_REFERENCES, WARNING_REFERENCES.c.number == WARNINGS.c.number)
    wanted = (WARNING_REFERENCES.c.sender == own[0], WARNING_REFERENCES.c.identifier == own[1])
    found |= set(connection.execute(referring.where(*wanted)).scalars())
    # Two that refer to the same unknown one belong together as well: it may never come.
    same = tuple_(WARNING_REFERENCES.c.sender, WARNING_REFERENCES.c.identifier).in_(names)
    found |= set(connection.execute(referring.where(same)).scalars()) if names else set()
    return sorted(found)


def _row(held: OfficialWarning, change: int) -> dict[str, object]:
    return {
        "sender": held.sender, "identifier": held.identifier, "issued_at": held.issued_at,
        "living": held.state in LIVING, "colour": int(held.colour), "expires_at": held.expires_at,
        "record": codec.pack(held), "version": held.version, "change": change,
    }  # fmt: skip
