"""An oracle of the rights matrix: every row of the table as the set of cells it opens; all other cells are closed.

The product finds the nearest row and its reason step by step; here nothing is compared and nothing is searched: a cell
lies in the set or it does not.
"""

from functools import cache
from itertools import product
from typing import NamedTuple

from chengyun_core.model.holding import MACHINES, Area, Holding, Permission, PostKind, Sectors, Subject
from chengyun_core.model.permission import PERMISSIONS
from chengyun_core.model.scales import Level, Mode

CITY, DISTRICT, TOWN, BESIDE = "500000", "500103", "500103012", "500106"
PATHS = {
    "none": (),
    "own": (DISTRICT, CITY),
    "below": (TOWN, DISTRICT, CITY),
    "beside": (BESIDE, CITY),
    "above": (CITY,),
}
"""Where a subject lies, seen from a holding that covers DISTRICT."""
REACHED = {Area.SUBTREE: {"none", "own", "below"}, Area.EVERYWHERE: set(PATHS)}
OWNED = {Sectors.ALL: {True, False}, Sectors.OWNED: {True}}
POST = "the.post"


class Cell(NamedTuple):
    """One cell of an action."""

    kind: PostKind
    level: Level | None
    place: str
    owner: bool
    mode: Mode

    def holding(self) -> Holding:
        """Return a post at that level that covers DISTRICT."""
        return _holding(self.kind, self.level)

    def subject(self) -> Subject:
        """Return what is asked about."""
        return _subject(self.place, self.owner)


CELLS = tuple(Cell(*parts) for parts in product(PostKind, [*Level, None], PATHS, (True, False), Mode))
"""Every cell an action has, open or closed."""


def opened(action: str) -> frozenset[Cell]:
    """Return the cells the rows of an action open; none for an action that is not in the table."""
    return _opened_by_all(PERMISSIONS.get(action, ()))


@cache
def _opened_by_all(rows: tuple[Permission, ...]) -> frozenset[Cell]:
    return frozenset(cell for row in rows for cell in _opened_by(row))


def _opened_by(row: Permission) -> list[Cell]:
    levels = [*Level, None] if row.post in MACHINES else row.levels
    parts = product(levels, REACHED[row.area], OWNED[row.sectors], row.modes)
    return [Cell(row.post, *rest) for rest in parts]


@cache
def _holding(kind: PostKind, level: Level | None) -> Holding:
    return Holding(post=POST, kind=kind, level=level, area=DISTRICT)


@cache
def _subject(place: str, owner: bool) -> Subject:
    return Subject(name="x", path=PATHS[place], owners=frozenset({POST} if owner else ()))
