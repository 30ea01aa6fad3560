"""The relay of consultations (Debian's Janus) as one of the profile's daemons, where its configuration lies in it."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from chengyun_core.centre.room_mail import relay_secret
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.launch.profile import Profile, ensure_section
from chengyun_core.launch.supervisor import Child
from chengyun_core.rtc.janus_config import Place, written
from chengyun_core.store import keys
from chengyun_core.wire import settings_file

PROGRAM = "janus"
LOCAL = "127.0.0.1"
DEMO_MEDIA_PORTS = (20_000, 20_400)
PROBE_S = 1.0


def folder_of(profile: Profile) -> Path:
    """Return where a relay's configuration lies for the profile's own daemons to start it."""
    return profile.folder / "janus"


def write(profile: Profile, folder: Path, host: str, port: int, media_ports: tuple[int, int]) -> Place:
    """Write a configuration with the profile's secret, and return the place it tells."""
    secret = relay_secret(keys.secret(profile.folder / "keys" / "token.key"))
    place = Place(host=host, port=port, secret=secret, media_ports=media_ports)
    written(place, folder)
    return place


def child(profile: Profile) -> Iterator[Child]:
    """Yield the relay as a child: it is configured here, the centre's settings name it, and Janus is installed."""
    folder = folder_of(profile)
    if (folder / "janus.jcfg").is_file() and address(profile) and shutil.which(PROGRAM):
        yield Child(name="relay", command=Place.command(folder), log=profile.log_folder / "relay.log")


def ensure_demo(profile: Profile) -> None:
    """Give a demo a relay of its own on a port that is free, where Janus is installed and nothing was set."""
    if shutil.which(PROGRAM) is not None and not folder_of(profile).exists():
        ensure_section(profile, "centre", lambda: _demo_setting(profile))


def _demo_setting(profile: Profile) -> str:
    place = write(profile, folder_of(profile), LOCAL, _free_port(), DEMO_MEDIA_PORTS)
    return f'rooms_relay = "{place.address}"'


def _free_port() -> int:
    with socket.create_server((LOCAL, 0)) as found:
        port: int = found.getsockname()[1]
    return port


def address(profile: Profile) -> str:
    """Return the relay's address as the centre's settings have it; empty: none."""
    return settings_file.read(profile.settings_file, "centre", CentreSettings).rooms_relay


def answers(told: str) -> bool:
    """Return whether something takes connections at a relay's address."""
    parts = urlsplit(told)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PROBE_S):
            return True
    except OSError:
        return False
