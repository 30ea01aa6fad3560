"""Sets a living city's clock as a drill's is set: by its centre's settings and a restart, never by waiting minutes."""

import re
from datetime import UTC, datetime
from pathlib import Path

import zmq

from chengyun_core.model.clock import NS_PER_S, ClockLaw
from chengyun_core.wire import heartbeat, sockets
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import TOPIC_HEARTBEAT
from tests.support.living_city import LivingCity
from tests.support.waiting import LIMIT_S, wait_until

_CLOCK = re.compile(r"\n\[centre\]\nclock_rate = .*\nclock_as_of = .*\n")
_BEAT_MS = 1000


def set_clock(city: LivingCity, *, rate: float, ahead_s: float = 0.0) -> None:
    """Let the city's time go `rate` times as fast from now on, after a leap of `ahead_s` profile seconds.

    The centre is killed for it and comes back with the new law in its journal (`clock.set`); ingest and the consoles
    take the law over from its heartbeat.
    """
    before = city.clock.law.epoch
    as_of = datetime.fromtimestamp(city.clock.utc_ns() / NS_PER_S + ahead_s, UTC).isoformat()
    told = _CLOCK.sub("", city.profile.settings_file.read_text("utf-8"))
    city.profile.settings_file.write_text(told + _section(rate, as_of), "utf-8")
    city.kill("centre")
    wait_until(lambda: _follows(city) > before, "the centre is back with the new clock", limit_s=3 * LIMIT_S)


def begin_at(folder: Path, as_of: str, rate: float = 1.0) -> None:
    """Let a city that is about to start begin at a time of its own (ISO 8601 with zone), at a pace of its own."""
    with (folder / "profile.toml").open("a", encoding="utf-8") as file:
        file.write(_section(rate, as_of))


def follow(city: LivingCity) -> None:
    """Take over the law of a city that began at a time of its own."""
    wait_until(lambda: _follows(city) > 0, "the centre tells its clock")


def _section(rate: float, as_of: str) -> str:
    return f'\n[centre]\nclock_rate = {rate}\nclock_as_of = "{as_of}"\n'


def _follows(city: LivingCity) -> int:
    city.supervisor.tick()
    law = _law(city)
    if law is not None:
        city.clock.follow(law)
    return city.clock.law.epoch


def _law(city: LivingCity) -> ClockLaw | None:
    """Return the law of the centre's next heartbeat, None when there is none within a second."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = sockets.subscriber(context, of_profile(city.profile.folder).centre_changes, TOPIC_HEARTBEAT, queued=4)
    try:
        return heartbeat.read(socket.recv_multipart()[1]).law if socket.poll(_BEAT_MS) else None
    finally:
        socket.close()
        context.term()
