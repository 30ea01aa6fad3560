"""Reads the body of an import of plans row by row: a whole city at one go would stop every other thread meanwhile."""

from collections.abc import Iterator

import msgspec

from chengyun_core.model.plan_commands import ImportPlans
from chengyun_core.wire.codec import BadMessage, decoder

_FIELDS = {"tables", "origin"}


def import_of(body: bytes) -> ImportPlans:
    """Return the command in a body; raise BadMessage for one that is none."""
    try:
        parts: dict[str, msgspec.Raw] = decoder(dict[str, msgspec.Raw]).decode(body)
        if parts.keys() != _FIELDS:
            raise BadMessage("wire.bad_message", record="ImportPlans", reason=f"fields {sorted(parts)}")
        packed: dict[str, msgspec.Raw] = decoder(dict[str, msgspec.Raw]).decode(parts["tables"])
        tables = {name: list(_rows(table)) for name, table in packed.items()}
        return ImportPlans(tables=tables, origin=decoder(dict[str, str]).decode(parts["origin"]))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise BadMessage("wire.bad_message", record="ImportPlans", reason=str(fault)) from fault


def _rows(table: msgspec.Raw) -> Iterator[dict[str, str]]:
    read = decoder(dict[str, str]).decode
    rows: list[msgspec.Raw] = decoder(list[msgspec.Raw]).decode(table)
    # From the end, so that what was read is given back at once and nothing great is given back in one go.
    rows.reverse()
    while rows:
        yield read(rows.pop())
