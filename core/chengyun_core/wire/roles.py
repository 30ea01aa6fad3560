"""Who may say and hear what over TCP, by the role of a key: a printed table, deny by default."""

from enum import StrEnum

from chengyun_core.wire.endpoints import TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH


class Role(StrEnum):
    """What a CURVE key was allowed as; a key has exactly one."""

    ADMIN = "admin"
    """The command line on the daemons' machine."""
    CONSOLE = "console"
    HISTORIAN = "historian"
    INGEST = "ingest"


_INGEST_ASKS = frozenset({"hello", "catalogue.get", "ingest.activations", "ingest.bands"})
_OTHERS_DOORS: dict[Role, frozenset[str]] = {
    Role.INGEST: _INGEST_ASKS,
    Role.HISTORIAN: frozenset({"hello", "catalogue.get", "status"}),
}
_NOT_OFFICERS = frozenset({"ingest.activations", "ingest.bands"})
"""What only an ingest key may ask: an officer's console has no business with facts of sensing."""
_TOPICS: dict[Role, tuple[bytes, ...]] = {
    Role.ADMIN: (TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH),
    Role.CONSOLE: (TOPIC_CHANGE, TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH),
    Role.HISTORIAN: (TOPIC_HEARTBEAT,),
    Role.INGEST: (TOPIC_HEARTBEAT,),
}


def may_ask(role: Role, kind: str) -> bool:
    """Return whether a key of this role may send requests of this kind (the session's own rights come on top)."""
    if role in _OTHERS_DOORS:
        return kind in _OTHERS_DOORS[role]
    return kind not in _NOT_OFFICERS


def may_hear(role: Role, prefix: bytes) -> bool:
    """Return whether a key of this role may subscribe to this prefix.

    ZeroMQ matches topics by prefix: `area/1` also gets `area/10`. A topic therefore ends with its own `/`, and a
    subscription must begin with a whole allowed topic; the empty one, which means everything, never does.
    """
    return any(prefix.startswith(topic) for topic in _TOPICS[role])
