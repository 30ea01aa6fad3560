"""An official warning on the map: what its area is asked as, where it fits, and who answers for the places in it."""

from collections.abc import Sequence

from chengyun_console.desk import Desk
from chengyun_console.maps.areas import warning_rings
from chengyun_console.maps.place_book import world
from chengyun_console.maps.question import Outline
from chengyun_console.warnings.wording import WarningWords
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.wire.map_asks import Within
from chengyun_core.wire.warning_asks import Concerned, WarningTold
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.mapping.view import Bounds


def outline_of(one: OfficialWarning) -> Outline:
    """Return the question about a warning's area.

    Its polygon or circle is in it where it has but one: devices are counted within one outline, not within several.
    """
    rings, circles = warning_rings(one), one.area.circles
    if len(rings) != 1:
        return Outline(warning=one.number, is_drawn=bool(rings))
    if one.area.polygons:
        return Outline(warning=one.number, ring=rings[0])
    longitude, latitude, km = next(circle for circle in circles if circle[2] > 0)
    return Outline(warning=one.number, at=world(longitude, latitude), radius_m=km * 1000.0)


def bounds_of(one: OfficialWarning) -> Bounds | None:
    """Return the rectangle round all outlines of a warning, None for one that draws none."""
    corners = [corner for ring in warning_rings(one) for corner in ring]
    if not corners:
        return None
    x, y = zip(*corners, strict=True)
    return Bounds(min(x), min(y), max(x), max(y))


def around(places: Sequence[Bounds]) -> Bounds | None:
    """Return the rectangle round some rectangles, None for none."""
    if not places:
        return None
    return Bounds(
        min(one.west for one in places), min(one.north for one in places), max(one.east for one in places),
        max(one.south for one in places),
    )  # fmt: skip


class WarnedWords:
    """Tells who and what lies in a warning's area, above what any question about an area is answered."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._words = desk, WarningWords(desk)

    def title(self, told: WarningTold | None, within: Within | None, *, is_unknown: bool) -> str:
        """Return the warning's name, with the size of its area once that is known; `is_unknown`: nobody told it."""
        if told is None:
            return self._desk.say("maps.warned.unknown" if is_unknown else "maps.warned.asked")
        title = self._words.title(told.warning)
        if within is None:
            return title
        area = self._desk.figures.value(within.area_km2, 1)
        return self._desk.say("maps.warned.title", title=title, area=area)

    def rows(self, told: WarningTold | None) -> list[FactRow]:
        """Return how many risk points there are and how many answer for them, beneath it who, place by place."""
        if told is None:
            return []
        say, count = self._desk.say, self._desk.figures.count
        people = len({one.person for one in told.concerned if one.person})
        total = say(
            "maps.warned.total", points=count(told.risk_points), people=count(people), places=count(len(told.concerned))
        )  # fmt: skip
        head = FactRow(key="told:warned", severity=Severity.NONE, title=total, is_heading=True)
        return [head, *(self._row(one) for one in told.concerned)]

    def _row(self, one: Concerned) -> FactRow:
        say, person = self._desk.say, one.person_name or one.person
        points = say("maps.warned.points", count=self._desk.figures.count(one.risk_points)) if one.risk_points else ""
        return FactRow(
            key=f"concerned:{one.centre}", severity=Severity.NONE, title=self._words.place(one.centre),
            detail=person or say("warnings.doc.nobody"), status=points,
        )  # fmt: skip
