"""How a profile's daemons and consoles reach each other: section `[wire]` of profile.toml."""

from dataclasses import dataclass

MOST_SHARDS = 64
"""A frame names its shard in one byte; 64 daemons are more than one machine has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireSettings:
    """The ways between the processes of one profile."""

    shards: int = 1
    """Ingest daemons of this profile, each owning a range of channels (1 to 64)."""
    host: str = ""
    """Machine on which the daemons run, as this machine reaches it. Empty: this one, by ipc files in the run folder;
    otherwise TCP with CURVE keys (docs/wire.md), never without."""
    bind: str = "127.0.0.1"
    """With `host`: address of the interface on which the daemons of this machine listen; `0.0.0.0` for all of them."""
    port: int = 7700
    """With `host`: first of the TCP ports, which follow in the order of docs/wire.md."""
