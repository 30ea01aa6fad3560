"""What is done with signed facts of other centres: a file of them is taken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFacts:
    """Take what another centre signed for this one; a fact that was taken before does nothing."""

    data: bytes
    """The bytes of a file (wire.fact_file)."""


FACT_COMMANDS: dict[str, type] = {"facts.take": TakeFacts}
"""Kind on the wire → record. Alphabetical."""
