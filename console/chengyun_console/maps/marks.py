"""Points on the map as columns: alarms, events, forces, risk points and cameras, each with its name and severity."""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from chengyun_console.maps.place_book import PlaceBook
from chengyun_console.maps.presets import Show
from chengyun_console.maps.risk_places import RiskPlaces
from chengyun_console.maps.scene import Scene
from chengyun_core.geo.projection import to_world
from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.camera import Camera
from chengyun_core.model.event import Event
from chengyun_widgets.mapping.layers import Mark, PointLayer, World

Row = tuple[World, int, str, str]
"""Place, severity, name, id."""
NAMES_FROM = {Show.RISK_POINTS: 13.5, Show.CAMERAS: 14.0, Show.FORCES: 11.0, Show.EVENTS: 9.0, Show.ALARMS: 9.0}
_STANDING = frozenset({AlarmState.UNACK, AlarmState.ACKED})
CAMERAS_FROM = 10.0
"""Zoom from which cameras are drawn: before, a city of them says nothing."""


def alarm_marks(scene: Scene, book: PlaceBook, name: Callable[[Alarm], str], lets: Callable[[int], bool]) -> PointLayer:
    """Return the alarms whose place is known; the others tint the area of their centre (`area_tints`)."""
    rows, stale = [], []
    for alarm in scene.alarms.values():
        stand = book.of_vital(alarm.vital) if lets(alarm.vital) else None
        if stand is not None and stand.is_exact:
            grave = gravity(alarm)
            # What returned and waits for somebody is hollow: it calls, but nothing is wrong there now.
            rows.append((stand.at, grave or int(alarm.colour), name(alarm), f"alarm:{alarm.number}"))
            stale.append(not grave)
    return _layer(Show.ALARMS, Mark.DEVICE, rows, stale=np.array(stale, bool), is_clustered=True)


def gravity(alarm: Alarm) -> int:
    """Return how grave an alarm is now: its present band while it is active, 0 when it returned, is shelved or off."""
    return int(alarm.band) if effective(alarm) in _STANDING else 0


def area_tints(scene: Scene, book: PlaceBook, lets: Callable[[int], bool]) -> dict[str, int]:
    """Return code of an area → severity of the gravest alarm that stands in it now."""
    worst: dict[str, int] = {}
    for alarm in scene.alarms.values():
        area = book.area_of_vital(alarm.vital) if lets(alarm.vital) else ""
        if area:
            worst[area] = max(worst.get(area, 0), gravity(alarm))
    return {area: colour for area, colour in worst.items() if colour}


def event_marks(events: Iterable[Event], book: PlaceBook) -> PointLayer:
    """Return the events; one whose place is not known stands inside the area of its centre."""
    stands = ((event, book.of_event(event)) for event in events)
    rows = [
        (stand.at, int(event.grade or 0), event.title or event.code, f"event:{event.number}")
        for event, stand in stands
        if stand is not None
    ]
    return _layer(Show.EVENTS, Mark.EVENT, rows)


def risk_marks(places: RiskPlaces) -> PointLayer:
    """Return all risk points, clustered."""
    return PointLayer(
        code=Show.RISK_POINTS, x=places.x, y=places.y, severity=no_severity(len(places.codes)),
        mark=Mark.RISK_POINT, names=places.names, ids=tuple(f"risk_point:{code}" for code in places.codes),
        is_clustered=True, name_zoom=NAMES_FROM[Show.RISK_POINTS],
    )  # fmt: skip


def camera_marks(cameras: Iterable[Camera]) -> PointLayer:
    """Return the cameras that have a place."""
    placed = [one for one in cameras if one.longitude is not None and one.latitude is not None]
    x, y = to_world([one.longitude or 0.0 for one in placed], [one.latitude or 0.0 for one in placed])
    return PointLayer(
        code=Show.CAMERAS, x=x, y=y, severity=no_severity(len(placed)), mark=Mark.CAMERA,
        names=tuple(one.name for one in placed), ids=tuple(f"camera:{one.code}" for one in placed),
        is_clustered=True, min_zoom=CAMERAS_FROM, name_zoom=NAMES_FROM[Show.CAMERAS],
    )  # fmt: skip


def no_severity(count: int) -> npt.NDArray[np.uint8]:
    """Return the column of points that are all normal."""
    return np.zeros(count, np.uint8)


def _layer(
    show: Show, mark: Mark, rows: list[Row], *, stale: npt.NDArray[np.bool_] | None = None, is_clustered: bool = False
) -> PointLayer:  # fmt: skip
    at = np.array([place for place, *_ in rows], np.float64).reshape(len(rows), 2)
    return PointLayer(
        code=show, x=at[:, 0].copy(), y=at[:, 1].copy(), severity=np.array([row[1] for row in rows], np.uint8),
        mark=mark, names=tuple(row[2] for row in rows), ids=tuple(row[3] for row in rows), stale=stale,
        is_clustered=is_clustered, name_zoom=NAMES_FROM[show],
    )  # fmt: skip
