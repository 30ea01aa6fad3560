"""Files of sensing devices: their stage, who keeps them, when they were calibrated; and where the city's stand."""

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.catalogue import Device
from chengyun_core.model.device_commands import MoveDevice, NoteDevice, TakePlaces
from chengyun_core.model.device_file import STAGE_MOVES, DeviceFile, StageMove, stage_without_file
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store.record_log import RecordLog
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire import codec
from chengyun_core.wire.device_asks import AskDeviceFiles, DeviceFiles, PlacesTold
from chengyun_core.wire.envelope import Done

LOG = RecordLog("device_stage", DeviceFile)
PLACES_KIND = "device_places"
LONGEST_NAME = 100
MOST_FILES = 5000


def subjects_of_device(desk: Desk, work: Work, command: MoveDevice | NoteDevice) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the place of a device, and the posts that own its sub-track; an unknown one has none."""
    return subjects_of(desk, command.device)


def subjects_of(desk: Desk, code: str) -> tuple[Subject, ...]:
    """Return what a permission is asked about for a device."""
    device = desk.city.devices.get(code)
    if device is None:
        return ()
    owners = desk.city.owners.get(device.subtrack, frozenset())
    return (Subject(name=device.name, path=desk.city.path(device.centre), owners=owners),)


def device_of(desk: Desk, code: str) -> Device:
    """Return a device of the catalogue in force; raise Refused("device.unknown")."""
    found = desk.city.devices.get(code)
    if found is None:
        raise Refused("device.unknown", device=code[:80])
    return found


def file_of(desk: Desk, connection: Connection, code: str) -> DeviceFile:
    """Return what is kept of a device; version 0 where nothing was written."""
    device = device_of(desk, code)
    held = LOG.get(connection, code)
    if held is not None:
        return held
    stage = stage_without_file(is_connected=device.code in desk.city.connected)
    return DeviceFile(device=code, stage=stage, stage_at=0, version=0)


def move(desk: Desk, work: Work, caller: Caller, command: MoveDevice) -> Done:
    """Bring a device to another stage; raise Refused where the table of stages knows no such move."""
    before = _as_seen(desk, work, command.device, command.version)
    after = STAGE_MOVES.get((before.stage, command.move))
    if after is None:
        raise Refused("device.no_such_move", device=command.device, stage=before.stage.value, move=command.move.value)
    reason = clean(command.reason, field="reason", required=command.move is not StageMove.ADVANCE)
    kept = replace(before, stage=after, stage_at=work.at_ns, by=caller.account, version=before.version + 1)
    told = {"from": before.stage.value, "to": after.value, "reason": reason}
    return _written(work, "device.move", kept, told)


def note(desk: Desk, work: Work, caller: Caller, command: NoteDevice) -> Done:
    """Write who keeps it, when it was calibrated, what else is to be known."""
    before = _as_seen(desk, work, command.device, command.version)
    kept = replace(
        before, maintainer=clean(command.maintainer, field="maintainer", most=LONGEST_NAME),
        calibrated=checked_date(desk, work, command.calibrated), note=clean(command.note, field="note"),
        by=caller.account, version=before.version + 1,
    )  # fmt: skip
    return _written(work, "device.note", kept, {"maintainer": kept.maintainer, "calibrated": kept.calibrated})


def calibrated(desk: Desk, work: Work, caller: Caller, code: str, day: str) -> None:
    """Note along with a repair that a device was calibrated."""
    if code in desk.city.devices:
        before = file_of(desk, work.connection, code)
        kept = replace(before, calibrated=day, by=caller.account, version=before.version + 1)
        _written(work, "device.note", kept, {"maintainer": kept.maintainer, "calibrated": day})


def take_places(desk: Desk, work: Work, caller: Caller, command: TakePlaces) -> Done:  # noqa: ARG001 - see HANDLERS
    """Note which file of places is in force."""
    origin = clean(command.origin, field="origin", required=True)
    if len(command.digest) != 64 or command.devices < 0:
        raise Refused("device.places_told", devices=command.devices)
    told = PlacesTold(
        origin=origin, devices=command.devices, digest=command.digest, schematic=command.schematic, at=work.at_ns,
        by=caller.account,
    )  # fmt: skip
    params = {"origin": origin, "devices": command.devices, "digest": command.digest}
    return Done(change=work.note("device.places", PLACES_KIND, "in_force", 1, told, params=params))


def page(desk: Desk, connection: Connection, ask: AskDeviceFiles) -> bytes:
    """Answer `device.page`."""
    if not 0 < ask.limit <= MOST_FILES:
        raise Refused("ask.out_of_range", after=0, limit=ask.limit, most=MOST_FILES)
    if ask.device:
        held = (file_of(desk, connection, ask.device),)
        return codec.pack(DeviceFiles(files=held, places=_places(connection)))
    found = sorted((one for one, _ in LOG.standing(connection, lambda one: one.device > ask.after)), key=_code)
    return codec.pack(
        DeviceFiles(files=tuple(found[: ask.limit]), more=len(found) > ask.limit, places=_places(connection))
    )


def checked_date(desk: Desk, work: Work, text: str) -> str:
    """Return an ISO date, empty as it is; raise Refused for what is none, or lies ahead."""
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused("device.date", text=text[:40]) from None
    if day.isoformat() != text or text > desk.shown(work.at_ns)[:10]:
        raise Refused("device.date", text=text[:40])
    return text


def _places(connection: Connection) -> PlacesTold | None:
    row = connection.execute(
        select(JOURNAL.c.record).where(JOURNAL.c.kind == PLACES_KIND).order_by(JOURNAL.c.number.desc()).limit(1)
    ).scalar_one_or_none()
    return None if row is None else codec.unpack(row, PlacesTold)


def _as_seen(desk: Desk, work: Work, code: str, version: int) -> DeviceFile:
    held = file_of(desk, work.connection, code)
    if held.version != version:
        raise Refused("device.was_changed", device=code, who=held.by)
    return held


def _written(work: Work, action: str, kept: DeviceFile, told: dict[str, str]) -> Done:
    change = work.note(action, LOG.kind, kept.device, kept.version, kept, params=told)
    return Done(change=change, key=kept.device, version=kept.version)


def _code(kept: DeviceFile) -> str:
    return kept.device
