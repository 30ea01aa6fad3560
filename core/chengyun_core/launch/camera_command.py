"""`chengyun camera …`: the cameras, whether each answers, who we are to them, and evidence handed out."""

import argparse
import getpass
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from chengyun_core.centre.camera_desk import CameraDesk
from chengyun_core.centre.camera_office import CameraOffice
from chengyun_core.centre.camera_ports import PlatformChannel
from chengyun_core.centre.camera_secrets import (
    PLATFORM_KINDS,
    Book,
    Entry,
    PlatformEntry,
    with_entry,
    with_platform,
)
from chengyun_core.launch import camera_probe, evidence_export
from chengyun_core.launch.door_client import DoorClient, asked
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_DONE, EXIT_TROUBLE, Report, sentence_of
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.camera import Camera, CameraKind
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.wire import codec, secret_file
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.camera_asks import AskCameraHealth, CameraHealth
from chengyun_core.wire.envelope import AskCatalogue
from chengyun_resources.texts import Texts

SHOWN = 60
"""Lines of a report; `--json` has all."""
AT_ONCE = 16
LIMIT_S = 120.0


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Carry out one act. Raises Refused and Trouble."""
    acts: dict[str, Callable[[Profile, argparse.Namespace, Texts], Report]] = {
        "list": _list,
        "check": _check, "credentials": _credentials, "channels": _channels,
        "evidence": evidence_export.run,
    }  # fmt: skip
    return acts[options.act](profile, options, texts)


def _list(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """List cameras with what was seen of them last."""
    wanted, health = _known(profile, options)
    looks = {look.camera: look for look in health.looks}
    lines = [
        texts.say("camera.cli.line", code=one.code, name=one.name, path=one.path, kind=one.kind.value,
                  state=texts.say(f"camera.state.{looks[one.code].state}") if one.code in looks else "—")
        for one in wanted
    ]  # fmt: skip
    rows = [
        {"code": one.code, "name": one.name, "centre": one.centre, "kind": one.kind.value, "address": one.address,
         "ptz": one.ptz, "state": looks[one.code].state.value if one.code in looks else ""}
        for one in wanted
    ]  # fmt: skip
    return Report(lines=_shortened(lines, texts), facts={"outcome": "done", "cameras": rows})


def _check(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Ask each camera for its stream and its server for an answer, several at a time."""
    wanted, _ = _known(profile, options)
    desk = CameraDesk.of(profile.folder)
    if desk.fault is not None:
        raise Refused(desk.fault.code, **desk.fault.params)
    try:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="camera-check") as pool:
            found = list(pool.map(partial(_probed, desk, desk.office), wanted))
    finally:
        desk.close()
    bad = [(one, reason) for one, reason in zip(wanted, found, strict=True) if reason is not None]
    lines = [texts.say("camera.cli.bad", code=one.code, name=one.name, why=sentence_of(why, texts)) for one, why in bad]
    last = texts.say("camera.cli.checked", cameras=len(wanted), good=len(wanted) - len(bad))
    rows = {one.code: reason.code if reason else "ok" for one, reason in zip(wanted, found, strict=True)}
    code = EXIT_TROUBLE if bad else EXIT_DONE
    return Report(lines=(*_shortened(lines, texts), last), facts={"outcome": "done", "cameras": rows}, exit_code=code)


def _probed(desk: CameraDesk, office: CameraOffice, camera: Camera) -> Reason | None:
    try:
        address = camera_probe.address_of(desk, office, camera)
        camera_probe.options(desk.fence.pin(address), address)
    except (Refused, Trouble) as no:
        return no.reason
    return None


def _credentials(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Show whom we have credentials for (never a password), write an entry, or take one away."""
    secrets = CameraDesk.of(profile.folder).secrets
    book = secrets.book()
    if options.user or options.remove:
        book = _written(book, options)
        secrets.keep(book)
    lines = [texts.say("camera.cli.entry", what=what, user=user) for what, user in _entries(book)]
    facts = {
        "outcome": "done",
        "file": str(secrets.file),
        "entries": [f"{what} {user}" for what, user in _entries(book)],
    }
    return Report(lines=tuple(lines) or (texts.say("camera.cli.no_entries", file=secrets.file),), facts=facts)


def _written(book: Book, options: argparse.Namespace) -> Book:
    named = [bool(options.camera), bool(options.network), bool(options.platform)]
    if sum(named) > 1:
        raise Refused("camera.cli.one_of")
    if options.platform:
        return with_platform(book, options.platform, None if options.remove else _platform(options))
    entry = None if options.remove else Entry(user=options.user, password=_password(options))
    return with_entry(book, camera=options.camera, network=options.network, entry=entry)


def _platform(options: argparse.Namespace) -> PlatformEntry:
    if not options.url:
        raise Refused("camera.cli.url", known=", ".join(PLATFORM_KINDS))
    return PlatformEntry(
        kind=options.kind, name=options.name, url=options.url, user=options.user, password=_password(options)
    )


def _password(options: argparse.Namespace) -> str:
    """Return the password of a 0600 file, else as it is typed; an argument every program could read is no way."""
    if options.password_file is not None:
        return secret_file.read(options.password_file)
    return getpass.getpass(f"{options.user}: ")


def _entries(book: Book) -> Iterable[tuple[str, str]]:
    if book.default is not None:
        yield "default", book.default.user
    yield from ((f"camera {code}", entry.user) for code, entry in sorted(book.cameras.items()))
    yield from ((f"network {told}", entry.user) for told, entry in sorted(book.networks.items()))
    yield from ((f"platform {code} {one.kind} {one.url}", one.user) for code, one in sorted(book.platforms.items()))


def _channels(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """List the cameras of a platform, as rows for the catalogue's table would name them."""
    if not options.platform:
        raise Refused("camera.cli.which_platform")
    desk = CameraDesk.of(profile.folder)
    try:
        found = desk.office.done(partial(_asked, code=options.platform), within_s=LIMIT_S)
    finally:
        desk.close()
    lines = [
        texts.say("camera.cli.channel", id=f"{one.device}/{one.channel}", name=one.name, path="/".join(one.path),
                  state=texts.say("camera.state.online" if one.is_online else "camera.state.dead"))
        for one in found
    ]  # fmt: skip
    rows = [
        {"name": one.name, "path": "/".join(one.path), "kind": CameraKind.PLATFORM.value, "platform": options.platform,
         "platform_id": f"{one.device}/{one.channel}", "ptz": one.ptz, "longitude": one.longitude,
         "latitude": one.latitude, "online": one.is_online}
        for one in found
    ]  # fmt: skip
    return Report(lines=_shortened(lines, texts), facts={"outcome": "done", "channels": rows})


async def _asked(office: CameraOffice, *, code: str) -> tuple[PlatformChannel, ...]:
    return await (await office.platform(code)).channels()


def _known(profile: Profile, options: argparse.Namespace) -> tuple[list[Camera], CameraHealth]:
    """Return the wanted cameras, addresses and all, and how they are."""
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key"), timeout_s=LIMIT_S) as door:
        catalogue = codec.unpack(door.ask("catalogue.whole", AskCatalogue()), Catalogue)
        health = asked(door, "camera.health", AskCameraHealth(centre=options.centre), CameraHealth)
    below = _below(catalogue, options.centre)
    named = frozenset(options.codes)
    if unknown := named - {camera.code for camera in catalogue.cameras}:
        raise Refused("camera.unknown", camera=min(unknown))
    wanted = [one for one in catalogue.cameras if (not named or one.code in named) and one.centre in below]
    return wanted, health


def _below(catalogue: Catalogue, centre: str) -> frozenset[str]:
    """Return the codes of a centre and all below it; of all when none is named."""
    found = {place.code for place in catalogue.centres} if not centre else {centre}
    while more := {place.code for place in catalogue.centres if place.parent in found} - found:
        found |= more
    return frozenset(found)


def _shortened(lines: list[str], texts: Texts) -> tuple[str, ...]:
    more = len(lines) - SHOWN
    return (*lines[:SHOWN], *((texts.say("camera.cli.more", count=more),) if more > 0 else ()))
