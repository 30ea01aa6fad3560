"""`chengyun room relay`: writes the configuration with which Debian's Janus serves this profile's consultations."""

import argparse
from pathlib import Path

from chengyun_core.centre.room_mail import relay_secret
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.model.failure import Refused
from chengyun_core.rtc.janus_config import Place, written
from chengyun_core.store import keys
from chengyun_resources.texts import Texts

_FIRST_PORT, _LAST_PORT = 1024, 65_535


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Write it, and say what starts the relay and which line the centre's settings need."""
    folder: Path = options.folder or profile.folder / "janus"
    secret = relay_secret(keys.secret(profile.folder / "keys" / "token.key"))
    place = Place(host=options.host, port=options.port, secret=secret, media_ports=_ports(options.media_ports))
    written(place, folder)
    command = " ".join(place.command(folder))
    lines = (
        texts.say("room.relay.written", folder=folder),
        texts.say("room.relay.start", command=command),
        texts.say("room.relay.setting", line=f'rooms_relay = "{place.address}"'),
    )
    return Report(lines=lines, facts={"folder": str(folder), "command": command, "rooms_relay": place.address})


def _ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and _FIRST_PORT <= int(first) < int(last) <= _LAST_PORT):
        raise Refused("room.relay.ports", ports=text[:32])
    return int(first), int(last)
