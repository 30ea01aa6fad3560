"""`chengyun room relay`: writes the configuration with which Debian's Janus serves this profile's consultations."""

import argparse
from pathlib import Path

from chengyun_core.launch import relay
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.model.failure import Refused
from chengyun_resources.texts import Texts

_FIRST_PORT, _LAST_PORT = 1024, 65_535


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Write it, and say which line the centre's settings need and what starts the relay."""
    folder: Path = options.folder or relay.folder_of(profile)
    place = relay.write(profile, folder, options.host, options.port, _ports(options.media_ports))
    command = " ".join(place.command(folder))
    lines = (
        texts.say("room.relay.written", folder=folder),
        texts.say("room.relay.setting", line=f'rooms_relay = "{place.address}"'),
        texts.say("room.relay.up" if folder == relay.folder_of(profile) else "room.relay.start", command=command),
    )
    return Report(lines=lines, facts={"folder": str(folder), "command": command, "rooms_relay": place.address})


def _ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and _FIRST_PORT <= int(first) < int(last) <= _LAST_PORT):
        raise Refused("room.relay.ports", ports=text[:32])
    return int(first), int(last)
