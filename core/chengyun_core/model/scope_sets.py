"""Which set of thresholds a vital obeys: that of the narrowest scope in 急时 that has one, else the set in force."""

from collections.abc import Iterator, Mapping

from chengyun_core.model.catalogue import Catalogue, Threshold


def rules_in_force(
    catalogue: Catalogue, base: str | None = None, sets: Mapping[str, str] | None = None
) -> Iterator[Threshold]:  # fmt: skip
    """Yield the rule every vital obeys, in the catalogue's order; vitals without one are left out.

    base, sets: other sets than those in force, for a preview.
    """
    in_force = catalogue.set_in_force() if base is None else base
    by_scope = catalogue.scope_sets if sets is None else sets
    if not by_scope:
        yield from (row for row in catalogue.thresholds if row.threshold_set == in_force)
        return
    chosen = _chosen(catalogue, by_scope)
    yield from (row for row in catalogue.thresholds if row.threshold_set == chosen.get(row.vital, in_force))


def _chosen(catalogue: Catalogue, by_scope: Mapping[str, str]) -> dict[str, str]:
    """Return the set of every vital that one of the scopes covers, by code."""
    paths, tracks = _Paths(catalogue), _tracks(catalogue)
    known: dict[tuple[str, str], str] = {}
    found: dict[str, str] = {}
    for vital in catalogue.vitals:
        place = (vital.centre, tracks.get(vital.subtrack, ""))
        if place not in known:
            known[place] = narrowest(by_scope, paths.of(place[0]), place[1])
        if known[place]:
            found[vital.code] = known[place]
    return found


def narrowest(by_scope: Mapping[str, str], path: tuple[str, ...], track: str = "") -> str:
    """Return the set of the narrowest scope that covers a place, empty when none does."""
    for code in path if by_scope else ():
        found = by_scope.get(f"{code}:{track}") or by_scope.get(code)
        if found:
            return found
    return ""


def _tracks(catalogue: Catalogue) -> dict[str, str]:
    return {row.code: row.track for row in catalogue.subtracks}


class _Paths:
    """The way from a centre to the root, looked up once for each."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._parents = {place.code: place.parent for place in catalogue.centres}
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, centre: str) -> tuple[str, ...]:
        if centre not in self._known:
            self._known[centre] = self._walked(centre)
        return self._known[centre]

    def _walked(self, centre: str) -> tuple[str, ...]:
        way: list[str] = []
        while centre and centre not in way:
            way.append(centre)
            centre = self._parents.get(centre) or ""
        return tuple(way)
