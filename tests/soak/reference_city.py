"""The whole reference city alive: real centre, ingest and, if wanted, historian over ipc, with its catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chengyun_core.launch.profile import Profile
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.command import ImportCatalogue
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import AskCatalogue, Hello, IngestStatus
from chengyun_resources.reference import city
from tests.soak.daemons import Caller, Daemon, made_profile
from tests.support.waiting import wait_until

LIMIT_S = 120.0
_WAITS = ("period_s", "missing_s", "stuck_s")
HELLO = Hello(protocol=PROTOCOL_VERSION, client="soak")


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingReference:
    """The city that runs."""

    profile: Profile
    catalogue: Catalogue
    daemons: dict[str, Daemon]
    ingest_door: Caller

    def status(self) -> IngestStatus:
        """Return what ingest says of itself."""
        return codec.unpack(self.ingest_door.ask("status", HELLO).body, IngestStatus)


@contextmanager
def living(
    folder: Path, settings: str, *, historian: bool = False, clock_rate: float = 1.0, slower: int = 1
) -> Iterator[LivingReference]:
    """Bring the city up with these settings (TOML) and take it down in good order; killed when that fails.

    `slower`: every channel sends so many times rarer, and is waited for so many times longer.
    """
    profile = made_profile(folder, settings, clock_rate=clock_rate)
    names = ("centre", "ingest", "historian") if historian else ("centre", "ingest")
    daemons = {name: Daemon(name, profile) for name in names}
    where = of_profile(profile.folder)
    try:
        with Caller(where.centre_door) as centre, Caller(where.ingest_door) as door:
            catalogue = _founded(profile, daemons["centre"], centre, slower)
            for name in names[1:]:
                daemons[name].start()
            door.reconnect("ingest", limit_s=LIMIT_S)
            city_there = LivingReference(profile=profile, catalogue=catalogue, daemons=daemons, ingest_door=door)
            wait_until(lambda: bool(city_there.status().sources), "ingest tells of its sources", limit_s=LIMIT_S)
            yield city_there
        for name in reversed(names):
            daemons[name].stop()
    finally:
        for daemon in daemons.values():
            daemon.kill()


def _founded(profile: Profile, centre: Daemon, caller: Caller, slower: int) -> Catalogue:
    centre.start()
    caller.reconnect("centre", limit_s=LIMIT_S)
    admin, tables = profile.key("admin.key"), city.tables()
    for row in (row for name in ("channels", "vitals", "thresholds") for row in tables[name]):
        row.update({name: f"{float(row[name]) * slower:g}" for name in _WAITS if row.get(name)})
    caller.do(ImportCatalogue(tables=tables, origin={name: f"reference/{name}" for name in tables}), admin)
    return codec.unpack(caller.ask("catalogue.get", AskCatalogue(version=1), session=admin).body, Catalogue)
