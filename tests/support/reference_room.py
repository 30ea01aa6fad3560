"""The reference city's catalogue, built once for all tests of a process that open a centre with it."""

from functools import cache

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_resources.reference.city import tables


@cache
def reference_catalogue() -> Catalogue:
    """Return the catalogue; it is frozen, so nobody can spoil it for the next test."""
    catalogue, _ = build(tables(), Numbers(), 1)
    return catalogue
