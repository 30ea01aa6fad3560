"""What may be asked of the centre about facts that wait for other centres; found by `ask_tables`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFacts:
    """Ask `facts.waiting`: what waits for another centre, as a file that is carried there."""

    target: str
    limit: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsWaiting:
    """Answer."""

    file: bytes
    """wire.fact_file"""
    facts: int = 0
    left: int = 0
    """Facts that wait besides."""


FACT_ASKS: dict[str, tuple[type, type | None]] = {"facts.waiting": (AskFacts, FactsWaiting)}
"""Ask → (body, answer). Alphabetical."""
