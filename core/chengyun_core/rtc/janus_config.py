"""Writes the configuration with which Janus serves a profile's rooms: two plugins, one port, nothing to the outside."""

import platform
from dataclasses import dataclass
from pathlib import Path

_PLUGINS = ("audiobridge", "videoroom")
_ALL_PLUGINS = (
    "audiobridge", "duktape", "echotest", "lua", "nosip", "recordplay", "sip", "streaming", "textroom", "videocall",
    "videoroom", "voicemail",
)  # fmt: skip
_OTHER_TRANSPORTS = ("mqtt", "nanomsg", "pfunix", "rabbitmq", "websockets")
_OTHER_EVENTS = ("gelfevh", "mqttevh", "nanomsgevh", "rabbitmqevh", "sampleevh", "wsevh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it listens."""

    host: str
    """Address of the interface for consoles' requests."""
    port: int
    secret: str
    """What every request has to name (`apisecret`)."""
    media_ports: tuple[int, int]
    """UDP ports of sound and pictures, first and last."""
    library: str = f"/usr/lib/{platform.machine()}-linux-gnu/janus"
    """Where Debian keeps its plugins."""

    @property
    def address(self) -> str:
        """Return what consoles are told."""
        return f"http://{self.host}:{self.port}/janus"

    @staticmethod
    def command(folder: Path) -> list[str]:
        """Return what starts it on a configuration."""
        return ["janus", "-F", str(folder), "--disable-colors"]


def written(place: Place, folder: Path) -> None:
    """Write the configuration into a folder that only its owner reads: the secret stands in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, text in _files(place, folder).items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")


def _files(place: Place, folder: Path) -> dict[str, str]:
    first, last = place.media_ports
    plugins = ",".join(f"libjanus_{name}.so" for name in _ALL_PLUGINS if name not in _PLUGINS)
    transports = ",".join(f"libjanus_{name}.so" for name in _OTHER_TRANSPORTS)
    events = ",".join(f"libjanus_{name}.so" for name in _OTHER_EVENTS)
    general = f"""general: {{
    configs_folder = "{folder}"
    plugins_folder = "{place.library}/plugins"
    transports_folder = "{place.library}/transports"
    events_folder = "{place.library}/events"
    loggers_folder = "{place.library}/loggers"
    debug_level = 3
    debug_colors = false
    api_secret = "{place.secret}"
    session_timeout = 60
    hide_dependencies = true
}}
media: {{ rtp_port_range = "{first}-{last}" }}
nat: {{ full_trickle = false }}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
events: {{ broadcast = false
    disable = "{events}" }}
loggers: {{ disable = "libjanus_jsonlog.so" }}
"""
    http = f"""general: {{
    json = "compact"
    base_path = "/janus"
    http = true
    ip = "{place.host}"
    port = {place.port}
    https = false
}}
admin: {{ admin_http = false
    admin_https = false }}
"""
    rooms = {f"janus.plugin.{name}.jcfg": "general: { }\n" for name in _PLUGINS}
    return {"janus.jcfg": general, "janus.transport.http.jcfg": http, **rooms}
