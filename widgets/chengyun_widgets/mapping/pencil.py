"""A drawing while it grows: points are put and taken back one by one, and it is finished only when it is one."""

from chengyun_widgets.mapping.layers import World
from chengyun_widgets.mapping.measure import area_m2, crosses_itself, length_m
from chengyun_widgets.mapping.tools import CLOSED, LEAST_POINTS, MOST_POINTS, Lack, Measured, Tool

MOST_CORNERS = 500
_SAME = 1e-12


class Pencil:
    """Knows no screen: its holder says where in the world a point is put. `cursor` is where the next one would be."""

    def __init__(self, tool: Tool, points: tuple[World, ...] = ()) -> None:
        self.tool = tool
        self.points: list[World] = list(points)
        self.cursor: World | None = None

    def put(self, at: World) -> bool:
        """Put a point; returns whether the drawing has all it can have. A point twice in the same place is one."""
        is_new = not self.points or not _is_same(self.points[-1], at)
        if is_new and len(self.points) < MOST_CORNERS:
            self.points.append(at)
        return len(self.points) >= MOST_POINTS.get(self.tool, MOST_CORNERS + 1)

    def undo(self) -> bool:
        """Take the last point back; returns whether there was one."""
        if self.points:
            self.points.pop()
            return True
        return False

    def take_away(self, at: int) -> bool:
        """Take a point out of the middle; one the drawing cannot do without stays. Returns whether it went."""
        if len(self.points) > LEAST_POINTS[self.tool]:
            del self.points[at]
            return True
        return False

    def lack(self) -> Lack | None:
        """Return why it cannot be finished yet, None if it can."""
        if len(self.points) < LEAST_POINTS[self.tool]:
            return Lack.TOO_FEW
        if self.tool in CLOSED and crosses_itself(tuple(self.points)):
            return Lack.CROSSING
        return None

    def growing(self) -> tuple[World, ...]:
        """Return the points with the one that would be next."""
        cursor = self.cursor
        if cursor is None or (self.points and _is_same(self.points[-1], cursor)):
            return tuple(self.points)
        return (*self.points, cursor)

    def measured(self) -> Measured:
        """Return length and area as they would be with the cursor's point."""
        points = self.growing()
        is_ring = self.tool in CLOSED and len(points) > 2
        line = (*points, points[0]) if is_ring else points
        return Measured(
            tool=self.tool, points=points, length_m=length_m(line), area_m2=area_m2(points) if is_ring else 0.0
        )


def _is_same(one: World, other: World) -> bool:
    return abs(one[0] - other[0]) < _SAME and abs(one[1] - other[1]) < _SAME
