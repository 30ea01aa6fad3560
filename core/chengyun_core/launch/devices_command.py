"""`chengyun devices`: where devices stand, taken from a table; and how they are, as the survey found it."""

import argparse
import hashlib

from chengyun_core.ingest import places
from chengyun_core.launch import device_places
from chengyun_core.launch.device_places import Taken
from chengyun_core.launch.door_client import DoorClient, asked
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_REFUSED, Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.device_commands import TakePlaces
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import AskCatalogue
from chengyun_core.wire.survey_asks import AskDeviceHealth, DeviceHealth
from chengyun_resources.texts import Texts

_LIMIT_S = 60.0
REFERENCE = "reference"


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Do what was asked. Raises Refused and Trouble."""
    if options.act == "health":
        return _health(profile, options, texts)
    if options.file is None and not options.reference:
        raise Refused("device.places_wanted")
    with borrowed_centre(profile):
        catalogue = _catalogue(profile)
        if options.reference:
            taken = device_places.reference(catalogue, options.origin or REFERENCE)
        elif not options.file.is_file():
            raise Refused("launch.no_file", file=options.file)
        else:
            taken = device_places.read(options.file, catalogue, options.origin or options.file.name)
        if taken.faults:
            return _faulty(taken, options.file.name, texts)
        if not options.check:
            _put(profile, taken)
    return _told(taken, texts, "devices.cli.checked" if options.check else "devices.cli.taken")


def ensure_demo(profile: Profile) -> None:
    """Give a demo city the schematic places of its devices when it has none."""
    if not (profile.folder / places.FOLDER / places.IN_FORCE).exists():
        _put(profile, device_places.reference(_catalogue(profile), REFERENCE))


def _put(profile: Profile, taken: Taken) -> None:
    """Put the file into the profile, and have the journal say so: the survey takes it up by itself."""
    file = profile.folder / places.FOLDER / places.IN_FORCE
    try:
        places.write(file, taken.head, taken.x, taken.y)
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as fault:
        raise Trouble("catalogue.file_unwritable", folder=file.parent, reason=fault) from fault
    with DoorClient(of_profile(profile.folder).centre_door, session=profile.key("admin.key")) as door:
        door.send(
            TakePlaces(origin=taken.head.origin, devices=taken.devices, digest=digest, schematic=taken.head.schematic)
        )


def _catalogue(profile: Profile) -> Catalogue:
    with DoorClient(of_profile(profile.folder).centre_door, session=profile.key("admin.key")) as door:
        return codec.unpack(door.ask("catalogue.get", AskCatalogue(), timeout_s=_LIMIT_S), Catalogue)


def _faulty(taken: Taken, name: str, texts: Texts) -> Report:
    lines = [
        texts.say("devices.cli.line", file=name, line=one.line, reason=texts.say(one.code, value=one.value))
        for one in taken.faults
    ]
    if taken.more:
        lines.append(texts.say("devices.cli.more", count=taken.more))
    told = [{"line": one.line, "code": one.code, "value": one.value} for one in taken.faults]
    facts = {"outcome": "refused", "faults": told, "more": taken.more}
    return Report(lines=tuple(lines), facts=facts, exit_code=EXIT_REFUSED)


def _told(taken: Taken, texts: Texts, code: str) -> Report:
    facts = {"devices": taken.devices, "series": len(taken.head.series), "origin": taken.head.origin}
    line = texts.say(code, count=taken.devices, series=len(taken.head.series), origin=taken.head.origin)
    return Report(lines=(line,), facts={"outcome": "done", **facts})


def _health(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    ask = AskDeviceHealth(centre=options.centre, kind=options.kind, limit=1000)
    with DoorClient(of_profile(profile.folder).survey_door, timeout_s=_LIMIT_S) as door:
        told = asked(door, "device.health", ask, DeviceHealth)
    rates = [one for one in told.rates if one.connected]
    lines = [
        texts.say(
            "devices.cli.rate", district=one.centre, kind=one.kind, registered=one.registered, connected=one.connected,
            online=one.online, silent=one.silent, stuck=one.stuck, drift=one.drift, flapping=one.flapping,
        )
        for one in rates
    ]  # fmt: skip
    lines += [
        texts.say("devices.cli.fault", fault=texts.say(f"device.fault.{fault}"), count=count)
        for fault, count in told.counts.items()
    ]
    facts = {
        "rates": [codec.fields_in(codec.pack(one)) for one in told.rates], "counts": told.counts,
        "faults": [codec.fields_in(codec.pack(one)) for one in told.faults], "total": told.total,
    }  # fmt: skip
    return Report(lines=tuple(lines), facts=facts)
