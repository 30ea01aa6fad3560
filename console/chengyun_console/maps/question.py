"""A question about a circle or a polygon («5 km 内有什么、有谁»): asked of centre and survey, told as rows (M4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_core.geo.projection import to_degrees
from chengyun_core.model.failure import Reason
from chengyun_core.wire.map_asks import AskWithin, Found, Within
from chengyun_core.wire.survey_asks import AskDevicesWithin, DevicesWithin
from chengyun_core.wire.warning_asks import AskWarning, WarningTold
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.mapping.layers import Area, AreaLayer, RingLayer, World

ASK, DEVICES, WARNING = "map.within", "density.within", "warning.get"
RADII_M = (500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0)
FIRST_RADIUS_M = 5_000.0
LISTED = 200
ORDER = ("event", "risk_point", "unit", "camera", "feature")
"""Kinds in the order in which they are told; devices come from the survey, which counts all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is asked about: a ring, or a place and a radius."""

    ring: tuple[World, ...] = ()
    at: World = (0.0, 0.0)
    radius_m: float = 0.0
    warning: int = 0
    """Number of an official warning whose area is asked about; ring or circle: its outline, where it has but one."""
    is_drawn: bool = True
    """False: the warning has no outline, it names places only."""


class Questioner(QObject):
    """One per map: the newest question, and what came of it."""

    did_change = Signal()

    def __init__(self, desk: Desk, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._name = desk, name
        self.outline: Outline | None = None
        self.within: Within | None = None
        self.devices: DevicesWithin | None = None
        self.warned: WarningTold | None = None
        self.fault: Reason | None = None
        self.warned_fault: Reason | None = None
        self.devices_fault: Reason | None = None
        """Why there is no answer, one for each of the three: they come in any order, and none stands for another."""

    def ask(self, outline: Outline) -> None:
        """Ask what and who is inside."""
        self.clear()
        self.outline = outline
        if outline.warning:
            self._ask_warning(outline)
        else:
            self._ask_within(outline, _of_place(outline))
        if _has_one(outline):
            self._ask_devices(outline)
        self.did_change.emit()

    def is_waiting_for_devices(self) -> bool:
        """Return whether the survey still counts, while something else is known already."""
        is_asked = self.outline is not None and _has_one(self.outline)
        is_told = self.devices is not None or self.devices_fault is not None
        others = (self.within, self.fault, self.warned, self.warned_fault)
        return is_asked and not is_told and any(one is not None for one in others)

    def clear(self) -> bool:
        """Forget the question; return whether there was one."""
        had = self.outline is not None
        self.outline = self.within = self.devices = self.warned = None
        self.fault = self.warned_fault = self.devices_fault = None
        if had:
            self.did_change.emit()
        return had

    def _ask_warning(self, outline: Outline) -> None:
        ask = AskWarning(warning=outline.warning)
        self._desk.session.ask(WARNING, ask, partial(self._on_warned, outline), slot=f"{WARNING}.{self._name}")
        if outline.is_drawn:
            self._ask_within(outline, AskWithin(warning=outline.warning, limit=LISTED))

    def _ask_within(self, outline: Outline, ask: AskWithin) -> None:
        self._desk.session.ask(ASK, ask, partial(self._on_within, outline), slot=f"{ASK}.{self._name}")

    def _ask_devices(self, outline: Outline) -> None:
        place = _of_place(outline)
        ask = AskDevicesWithin(
            ring=place.ring, longitude=place.longitude, latitude=place.latitude, radius_m=place.radius_m
        )  # fmt: skip
        self._desk.session.ask(DEVICES, ask, partial(self._on_devices, outline), slot=f"{DEVICES}.{self._name}")

    def _on_warned(self, outline: Outline, told: object) -> None:
        if outline is not self.outline:
            return
        self.warned = told if isinstance(told, WarningTold) else None
        self.warned_fault = told if isinstance(told, Reason) else None
        self.did_change.emit()

    def _on_within(self, outline: Outline, told: object) -> None:
        if outline is not self.outline:
            return
        self.within = told if isinstance(told, Within) else None
        self.fault = told if isinstance(told, Reason) else None
        self.did_change.emit()

    def _on_devices(self, outline: Outline, told: object) -> None:
        if outline is not self.outline:
            return
        self.devices = told if isinstance(told, DevicesWithin) else None
        self.devices_fault = told if isinstance(told, Reason) else None
        self.did_change.emit()


def outline_layer(outline: Outline, label: str) -> AreaLayer | RingLayer:
    """Return the question as it is drawn over the map."""
    if outline.ring:
        return AreaLayer(code="question", areas=(Area(id="question", rings=(outline.ring,), label=label),))
    return RingLayer(code="question", centre=outline.at, radii_m=(outline.radius_m,), labels=(label,), is_dashed=False)


def next_radius(radius_m: float, by: int) -> float:
    """Return the radius one step wider (+1) or narrower (-1), the same at an end."""
    nearest = min(range(len(RADII_M)), key=lambda at: abs(RADII_M[at] - radius_m))
    return RADII_M[min(len(RADII_M) - 1, max(0, nearest + by))]


class QuestionWords:
    """Tells an answer in rows: a heading with the count of each kind, beneath it the nearest."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def title(self, outline: Outline, within: Within | None) -> str:
        """Return what was asked about, with its size once it is known."""
        say, figures = self._desk.say, self._desk.figures
        if not outline.ring:
            return say("maps.question.circle", km=figures.value(outline.radius_m / 1000.0, 1))
        area = figures.value(within.area_km2, 2) if within is not None else ""
        return say("maps.question.polygon", area=area) if area else say("maps.question.polygon_asked")

    def rows(self, asked: Questioner, told: Sequence[FactRow] = ()) -> list[FactRow]:
        """Return the rows of what is known by now; `told`: what stands beneath how many people are concerned."""
        inside = self._inside(asked.within) if asked.within is not None else []
        people = self._people(asked.within) if asked.within is not None else []
        return [*self._faults(asked), *people, *told, *inside, *self._devices(asked)]

    def _faults(self, asked: Questioner) -> list[FactRow]:
        """Return why something is not known, above what is: the rest of the answer stands all the same."""
        faults = (one for one in (asked.warned_fault, asked.fault) if one is not None)
        said = dict.fromkeys(self._desk.refusal(one) for one in faults)
        keys = ("told:fault", "told:fault:2")
        return [FactRow(key=key, severity=Severity.NONE, title=text) for key, text in zip(keys, said, strict=False)]

    def _inside(self, within: Within) -> list[FactRow]:
        rows = [row for kind in ORDER for row in self._of_kind(within, kind)]
        return rows or [FactRow(key="empty", severity=Severity.NONE, title=self._desk.say("maps.question.empty"))]

    def _people(self, within: Within) -> list[FactRow]:
        say, count = self._desk.say, self._desk.figures.count
        points = within.counts.get("risk_point", 0)
        if not points:
            return []
        told = say("maps.question.people", people=count(within.people))
        known = say("maps.question.people_known", known=within.people_known, points=count(points))
        return [FactRow(key="people", severity=Severity.NONE, title=told, detail=known)]

    def _of_kind(self, within: Within, kind: str) -> list[FactRow]:
        say, count = self._desk.say, self._desk.figures.count
        total, unplaced = within.counts.get(kind, 0), within.unplaced.get(kind, 0)
        if not total and not unplaced:
            return []
        head = say(f"maps.question.{kind}", count=count(total))
        note = say("maps.question.unplaced", count=count(unplaced)) if unplaced else ""
        rows = [FactRow(key=f"head:{kind}", severity=Severity.NONE, title=head, status=note, is_heading=True)]
        rows += [self._row(one) for one in within.found if one.kind == kind]
        left = total - (len(rows) - 1)
        if left > 0:
            more = say("maps.question.more", count=count(left))
            rows.append(FactRow(key=f"more:{kind}", severity=Severity.NONE, title=more))
        return rows

    def _row(self, one: Found) -> FactRow:
        say = self._desk.say
        state = say(f"maps.unit.{one.state}") if one.kind == "unit" and one.state else ""
        if one.kind == "event" and one.state:
            state = say(f"event.state.{one.state}")
        people = say("maps.question.persons", count=self._desk.figures.count(one.people)) if one.people else ""
        grade = int(one.sort) if one.kind == "event" and one.sort.isdigit() else 0
        return FactRow(
            key=f"{one.kind}:{one.key}", severity=Severity(min(4, grade)), title=one.name,
            detail="  ".join(filter(None, ("" if one.kind == "event" else one.sort, people))),
            age=self.metres(one.metres), status=state,
        )  # fmt: skip

    def _devices(self, asked: Questioner) -> list[FactRow]:
        say, count = self._desk.say, self._desk.figures.count
        if asked.devices_fault is not None:
            head = say("maps.question.devices_unknown")
            detail = self._desk.refusal(asked.devices_fault)
            return [FactRow(key="head:device", severity=Severity.NONE, title=head, detail=detail)]
        if asked.is_waiting_for_devices():
            waiting = say("maps.question.devices_asked")
            return [FactRow(key="head:device", severity=Severity.NONE, title=waiting)]
        if asked.devices is None:
            return []
        kinds = asked.devices.kinds
        head = say(
            "maps.question.devices", count=count(sum(one.registered for one in kinds)),
            online=count(sum(one.online for one in kinds)), alarming=count(sum(one.alarming for one in kinds)),
        )  # fmt: skip
        rows = [FactRow(key="head:device", severity=Severity.NONE, title=head, is_heading=True)]
        for one in kinds:
            told = say(
                "maps.question.device_kind", registered=count(one.registered), online=count(one.online),
                silent=count(one.silent), alarming=count(one.alarming),
            )  # fmt: skip
            rows.append(FactRow(key=f"kind:{one.kind}", severity=Severity.NONE, title=one.kind, detail=told))
        return rows

    def metres(self, metres: float) -> str:
        """Return a distance as `640 m` or `2.4 km`."""
        figures = self._desk.figures
        return figures.with_unit(metres, 0, "m") if metres < 1000 else figures.with_unit(metres / 1000, 1, "km")


def _has_one(outline: Outline) -> bool:
    """Return whether there is one outline: devices are counted within one, not within several."""
    return bool(outline.ring) or outline.radius_m > 0


def _of_place(outline: Outline) -> AskWithin:
    """Return the question about a ring, or about a place and a radius."""
    ((longitude, latitude),) = _degrees((outline.at,))
    return AskWithin(
        ring=_degrees(outline.ring), longitude=longitude, latitude=latitude, radius_m=outline.radius_m, limit=LISTED
    )  # fmt: skip


def _degrees(places: tuple[World, ...]) -> tuple[tuple[float, float], ...]:
    if not places:
        return ()
    longitude, latitude = to_degrees([x for x, _y in places], [y for _x, y in places])
    return tuple(zip(longitude.tolist(), latitude.tolist(), strict=True))
