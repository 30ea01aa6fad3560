"""Asks how a channel of the reference city usually goes: the simulator's one question."""

from functools import cache

from chengyun_resources.reference.course import Behaviour
from chengyun_resources.reference.unusual import sites

__all__ = ["DEFAULT_SEED", "Behaviour", "of"]

DEFAULT_SEED = 2020


def of(device: str, quantity: str, seed: int = DEFAULT_SEED) -> Behaviour | None:
    """Return the course of a channel (each member of a series has the same), None when the city does not know it."""
    return _table(seed).get((device, quantity))


@cache
def _table(seed: int) -> dict[tuple[str, str], Behaviour]:
    return {(site.device, site.quantity): site.behaviour for site in sites(seed)}
