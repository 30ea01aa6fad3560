"""Where cameras are wanted: for an event its place, for an alarm what watches its vital and where its devices stand."""

from chengyun_console.desk import Desk
from chengyun_console.video.cameras import CameraBook, Spot
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Refused
from chengyun_core.model.formula import parse, reference

_BAR = "|"


def spot_of_alarm(desk: Desk, book: CameraBook, alarm: Alarm) -> Spot:
    """Return what is to be seen of an alarm: cameras bound to its vital, then by place, then those of its centre."""
    names = desk.names
    title = desk.words.title(alarm)
    if names is None:
        return Spot(title=title, alarm=alarm.number)
    vital = names.vital(alarm.vital)
    longitude, latitude = _place_of(names, book, alarm.vital_code)
    return Spot(
        title=title, longitude=longitude, latitude=latitude, centre=vital.centre if vital else desk.session.own_centre,
        named=(*book.watching(alarm.vital_code), *_guided(names, book, alarm.vital)), alarm=alarm.number,
    )  # fmt: skip


def spot_of_event(desk: Desk, book: CameraBook, event: Event) -> Spot:
    """Return what is to be seen of an event: its place; without one, its alarms' cameras and its centre's."""
    facts = desk.session.facts
    alarms = [facts.alarms[number] for number in event.alarms if number in facts.alarms]
    named = [code for alarm in alarms for code in spot_of_alarm(desk, book, alarm).named]
    title = desk.say("events.named", number=event.code, title=event.title)
    longitude, latitude = event.longitude, event.latitude
    if longitude is None and alarms and desk.names is not None:
        longitude, latitude = _place_of(desk.names, book, alarms[0].vital_code)
    return Spot(
        title=title, longitude=longitude, latitude=latitude, centre=event.centre, named=tuple(dict.fromkeys(named)),
        event=event.number,
    )  # fmt: skip


def _guided(names: Gazetteer, book: CameraBook, vital: int) -> tuple[str, ...]:
    """Return the cameras the vital's guidance names, by code or by name."""
    guidance = names.guidance(vital)
    told = [part.strip() for part in guidance.cameras.split(_BAR)] if guidance is not None else []
    by_name = {camera.name: camera.code for camera in book.cameras} if any(told) else {}
    return tuple(code for part in told if (code := part if part in book.by_code else by_name.get(part, "")))


def _place_of(names: Gazetteer, book: CameraBook, vital: str) -> tuple[float | None, float | None]:
    """Return where a vital is measured: its device's place, else that of the camera that watches it."""
    view = names.view
    try:
        formula = parse(view.vital(view.number_of(vital)).formula)
    except (KeyError, Refused):
        return None, None
    devices = (view.device(reference(channel).device) for channel in formula.channels)
    placed = next((row for row in devices if row is not None and row.longitude is not None), None)
    if placed is not None:
        return placed.longitude, placed.latitude
    watching = (book.by_code[code] for code in book.watching(vital))
    camera = next((one for one in watching if one.longitude is not None), None)
    return (camera.longitude, camera.latitude) if camera is not None else (None, None)
