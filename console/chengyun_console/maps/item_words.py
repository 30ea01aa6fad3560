"""What is said of a thing on the map: in the card beside it and in the sheet at the right (M2)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from chengyun_console.desk import Desk
from chengyun_console.maps.desk import MapDesk
from chengyun_console.maps.marks import gravity
from chengyun_console.maps.scene import Scene
from chengyun_console.warnings.wording import WarningWords
from chengyun_console.wording.events import EventWords
from chengyun_core.geo.projection import metres_per_world, to_degrees
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.mapping.layers import MapItem, World

CAMERAS_WITHIN_M = 500.0
_ATTRIBUTES = ("owner", "material", "diameter_mm", "diameter", "laid", "pressure", "medium", "state")
"""Of a feature of a layer: those told in words, in this order; others are told as they are called in the source."""


_INNER = ("code", "from", "kind", "name", "part", "to")
"""What ties a network together, and what is told anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTold:
    """One thing: how grave, what it is called, facts about it, and the vital whose line is drawn."""

    title: str
    severity: Severity = Severity.NONE
    kind: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    """(label, text)"""
    vital: int | None = None
    way: str = ""
    """What Enter does; empty: nothing."""


class ItemWords:
    """Reads the scene that is shown, of now or of then."""

    def __init__(self, desk: Desk, maps: MapDesk) -> None:
        self._desk, self._maps = desk, maps

    def told(self, item: MapItem, scene: Scene, at: World | None) -> ItemTold | None:
        """Return what is said of an item, None for one that is not there any more. `at`: where it stands."""
        kind, _, key = item.id.partition(":")
        match kind:
            case "alarm" if key.isdecimal() and int(key) in scene.alarms:
                return self._alarm(scene.alarms[int(key)], scene, at)
            case "event" if key.isdecimal() and int(key) in scene.events:
                return self._event(int(key), scene, at)
            case "unit":
                return self._unit(key, scene)
            case "risk_point":
                return self._risk_point(key, scene, at)
            case "camera":
                return self._camera(key)
            case "device":
                return self._device(key)
            case "drawing" if key.isdecimal() and int(key) in scene.drawings:
                return self._drawing(int(key), scene)
            case "warning" if key.isdecimal() and int(key) in scene.warnings:
                return self._warning(int(key), scene)
        return self._feature(item)

    def _time(self, scene: Scene) -> int:
        """Return the time that is shown, profile ns UTC."""
        return self._desk.now_ns() if scene.at_ns is None else scene.at_ns

    def near_cameras(self, at: World) -> int:
        """Return how many cameras stand around a place."""
        layer = self._maps.cameras()
        _longitude, latitude = to_degrees(at[0], at[1])
        reach = CAMERAS_WITHIN_M / float(metres_per_world(latitude))
        return int(np.count_nonzero((layer.x - at[0]) ** 2 + (layer.y - at[1]) ** 2 <= reach**2))

    def _alarm(self, alarm: Alarm, scene: Scene, at: World | None) -> ItemTold:
        desk, words = self._desk, self._desk.words
        now_ns = self._time(scene)
        guidance = desk.names.guidance(alarm.vital) if desk.names is not None else None
        plan = guidance.plan if guidance is not None else ""
        lines = [
            ("maps.card.value", self._value(alarm.vital) if scene.at_ns is None else ""),
            ("maps.card.rule", words.rule(alarm)),
            ("maps.card.place", words.place(alarm)),
            ("maps.card.status", f"{words.status(alarm, now_ns)} {words.age(alarm, now_ns)}"),
            ("maps.card.cameras", self._cameras(at)), ("maps.card.plan", plan),
        ]  # fmt: skip
        return ItemTold(
            title=words.name(alarm), severity=Severity(gravity(alarm)),
            kind=words.colour(alarm) if gravity(alarm) else words.status(alarm, now_ns),
            lines=self._said(lines), vital=alarm.vital, way="maps.way.alarm",
        )  # fmt: skip

    def _event(self, number: int, scene: Scene, at: World | None) -> ItemTold:
        desk = self._desk
        event, words = scene.events[number], EventWords(desk.figures, desk.names)
        names = desk.names
        lines = [
            ("maps.card.number", event.code), ("maps.card.state", words.state(event)),
            ("maps.card.place", words.place(event)),
            ("maps.card.lead", names.who(event.lead) if names is not None and event.lead else ""),
            ("maps.card.age", desk.figures.duration((self._time(scene) - event.opened_at) / NS_PER_S)),
            ("maps.card.cameras", self._cameras(at)),
            ("maps.card.drawings", self._drawn_on(number, scene)),
        ]  # fmt: skip
        return ItemTold(
            title=event.title or event.code, severity=words.severity(event), kind=words.grade(event),
            lines=self._said(lines), way="maps.way.event",
        )  # fmt: skip

    def _drawn_on(self, number: int, scene: Scene) -> str:
        count = sum(1 for one in scene.drawings.values() if one.event == number)
        return self._desk.say("maps.card.count", count=count) if count else ""

    def _unit(self, code: str, scene: Scene) -> ItemTold | None:
        desk = self._desk
        unit = desk.names.unit(code) if desk.names is not None else None
        if unit is None:
            return None
        told = scene.units.get(code)
        is_here = told is not None and told.longitude is not None
        busy = sum(1 for one in scene.receipts.values() if one.recipient == code)
        lines = [
            ("maps.card.state", desk.say(f"maps.unit.{told.state.value}") if told is not None else ""),
            ("maps.card.stands", desk.say("maps.card.told_at", at=desk.figures.stamp(told.told_at))
             if told is not None and is_here else desk.say("maps.card.at_base")),
            ("maps.card.orders", desk.say("maps.card.count", count=busy) if busy else ""),
            ("maps.card.can", unit.capabilities.replace("|", " ")), ("maps.card.phone", unit.phone),
        ]  # fmt: skip
        return ItemTold(title=unit.name, kind=desk.say("maps.kind.unit"), lines=self._said(lines))

    def _risk_point(self, code: str, scene: Scene, at: World | None) -> ItemTold | None:
        places = self._maps.risks.places
        number = (places.numbers or {}).get(code)
        if number is None:
            return None
        vitals = [vital for vital, point in (places.watched or {}).items() if point == code]
        is_now = scene.at_ns is None
        first = self._number(vitals[0]) if vitals and is_now else None
        lines = [
            ("maps.card.sort", places.kinds[number]), ("maps.card.watched", self._watched(vitals) if is_now else ""),
            ("maps.card.cameras", self._cameras(at)),
        ]  # fmt: skip
        return ItemTold(
            title=places.names[number], kind=self._desk.say("maps.kind.risk_point"), lines=self._said(lines),
            vital=first, severity=self._worst(vitals) if is_now else Severity.NONE, way="maps.way.risk_point",
        )  # fmt: skip

    def _camera(self, code: str) -> ItemTold | None:
        desk = self._desk
        catalogue = desk.session.catalogue
        rows = catalogue.catalogue.cameras if catalogue is not None else ()
        camera = next((one for one in rows if one.code == code), None)
        if camera is None:
            return None
        place = desk.names.place(camera.centre) if desk.names is not None else camera.centre
        lines = [
            ("maps.card.place", f"{place} {camera.path}".strip()),
            ("maps.card.owner", camera.owner),
            ("maps.card.moves", desk.say("maps.card.ptz") if camera.ptz else ""),
        ]
        return ItemTold(
            title=camera.name, kind=desk.say("maps.kind.camera"), lines=self._said(lines), way="maps.way.camera"
        )

    def _device(self, key: str) -> ItemTold:
        """Return a single device, or one of a series by its place in it."""
        desk, (code, _, member) = self._desk, key.partition("#")
        row = desk.names.view.device(code) if desk.names is not None else None
        place = desk.names.place(row.centre) if row is not None and desk.names is not None else ""
        told = (("maps.card.sort", row.kind), ("maps.card.place", place), ("maps.card.owner", row.owner)) if row else ()
        title = row.name if row is not None else code
        return ItemTold(
            title=f"{title} #{member}" if member else title, kind=desk.say("maps.kind.device"),
            lines=self._said([*told, ("maps.card.number", key)]), way="maps.way.device",
        )  # fmt: skip

    def _drawing(self, number: int, scene: Scene) -> ItemTold:
        desk, drawing = self._desk, scene.drawings[number]
        event = scene.events.get(drawing.event)
        who = desk.names.person(drawing.by) if desk.names is not None else drawing.by
        lines = [
            ("maps.card.event", event.code if event is not None else str(drawing.event)),
            ("maps.card.meaning", desk.say(f"drawing.meaning.{drawing.meaning.value}")),
            ("maps.card.text", drawing.text),
            ("maps.card.drawn", desk.say("maps.card.by", who=who, at=desk.figures.stamp(drawing.at))),
            ("maps.card.version", str(drawing.version) if drawing.version > 1 else ""),
        ]
        title = drawing.text or desk.say(f"drawing.meaning.{drawing.meaning.value}")
        kind = desk.say(f"drawing.kind.{drawing.kind.value}")
        return ItemTold(title=title, kind=kind, lines=self._said(lines), way="maps.way.drawing")

    def _warning(self, number: int, scene: Scene) -> ItemTold:
        desk, one = self._desk, scene.warnings[number]
        words = WarningWords(desk)
        lines = [
            ("maps.card.valid", words.validity(one, self._time(scene))), ("maps.card.area", words.area(one)),
            ("maps.card.issuer", one.issuer),
        ]  # fmt: skip
        return ItemTold(
            title=words.title(one), severity=Severity(int(one.colour)), kind=words.colour(one.colour),
            lines=self._said(lines), way="maps.way.warning",
        )  # fmt: skip

    def _feature(self, item: MapItem) -> ItemTold | None:
        """Return what a layer of the centre says of one of its features."""
        code = item.layer.partition(":")[2]
        shapes = self._maps.store.shapes.get(code)
        if shapes is None or item.id not in shapes.names:
            return None
        told = shapes.attributes.get(item.id, {})
        named = [(f"maps.attribute.{name}", self._worded(name, told[name])) for name in _ATTRIBUTES if told.get(name)]
        rest = [(name, text) for name, text in sorted(told.items()) if name not in (*_ATTRIBUTES, *_INNER)]
        return ItemTold(
            title=shapes.names[item.id] or item.id, kind=shapes.layer.name,
            lines=(*self._said(named), *rest[:8]), way="maps.way.trace" if told.get("from") else "",
        )  # fmt: skip

    def _worded(self, name: str, value: str) -> str:
        """Return a value as a word where there is one for it: `water` of a medium; else as the source has it."""
        code = f"maps.{name}.{value}"
        return self._desk.say(code) if self._desk.texts.has(code) else value

    def _said(self, lines: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((self._desk.say(label), text) for label, text in lines if text)

    def _cameras(self, at: World | None) -> str:
        count = self.near_cameras(at) if at is not None else 0
        return self._desk.say("maps.card.within", count=count, metres=int(CAMERAS_WITHIN_M)) if count else ""

    def _number(self, code: str) -> int | None:
        try:
            return self._desk.names.view.number_of(code) if self._desk.names is not None else None
        except KeyError:
            return None

    def _worst(self, vitals: list[str]) -> Severity:
        numbers = [number for code in vitals if (number := self._number(code)) is not None]
        band = self._desk.session.state.band
        return Severity(max((int(band[number]) for number in numbers if number < len(band)), default=0))

    def _watched(self, vitals: list[str]) -> str:
        found = (self._named(code) for code in vitals[:4])
        return "  ".join(text for text in found if text)

    def _named(self, code: str) -> str:
        number = self._number(code)
        vital = self._desk.names.vital(number) if self._desk.names is not None and number is not None else None
        return f"{vital.name} {self._value(vital.number)}" if vital is not None else ""

    def _value(self, number: int) -> str:
        """Return a vital's value with its unit and how old it is where it is late."""
        desk, state = self._desk, self._desk.session.state
        vital = desk.names.vital(number) if desk.names is not None else None
        if vital is None or not 0 <= number < state.count or not state.time[number]:
            return ""
        told = desk.figures.with_unit(float(state.value[number]), vital.decimals, vital.unit)
        return desk.say("maps.card.value_at", value=told, at=desk.figures.clock(int(state.time[number])))


def texts_of(told: ItemTold) -> Iterator[str]:
    """Yield what is read aloud of an item."""
    yield f"{told.kind} {told.title}".strip()
    yield from (f"{label} {text}" for label, text in told.lines)
