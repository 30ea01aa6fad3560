"""The registered devices of the city: like devices of a district as one row, 22 million in all, counted exactly."""

from collections.abc import Iterator

from chengyun_resources.reference import divisions, facts_files, measures

DEVICES = 22_013_480
"""Of the whole city, as the drawing of the cockpit shows."""


def estate_rows(already: int) -> list[dict[str, str]]:
    """Return device rows that together with the `already` counted ones stand for DEVICES devices."""
    rows = list(_weighted())
    total = sum(weight for _, weight in rows)
    counts = [(DEVICES - already) * weight // total for _, weight in rows]
    for place in range(DEVICES - already - sum(counts)):
        counts[place] += 1
    return [row | {"count": str(count)} for (row, _), count in zip(rows, counts, strict=True)]


def _weighted() -> Iterator[tuple[dict[str, str], int]]:
    """Yield a row and its weight for each kind and district; a district weighs as much as it has towns."""
    towns = [town.parent for town in divisions.towns()]
    for number, kind in enumerate(facts_files.rows("estates.csv"), start=1):
        for place in divisions.districts():
            row = {
                "code": f"E{number:02d}-{place.code}",
                "name": f"{place.name}{kind['kind']}",
                "kind": kind["kind"],
                "centre": place.code,
                "subtrack": measures.code_of(kind["subtrack"]),
                "owner": kind["owner"],
            }
            yield row, int(kind["weight"]) * (towns.count(place.code) or 8)
