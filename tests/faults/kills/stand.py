"""The city that is killed: real centre and ingest over ipc, a gateway that feeds them, a console model, an officer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chengyun_core.launch.profile import Profile
from chengyun_core.model.catalogue_build import tables_of
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.command import CreateAccount, ImportCatalogue, SignOn
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, IngestStatus, SignedOn
from tests.faults.kills.feeder import VITALS, Feeder
from tests.faults.kills.mutants import module_of
from tests.faults.kills.officer import Officer
from tests.soak.console_model import ConsoleModel
from tests.soak.daemons import Caller, Daemon, Hints, free_port, made_profile
from tests.support.small_city import small_city
from tests.support.waiting import wait_until

PASSWORD, POST, SEAT = "correct horse", "500000.duty_officer", "A-01"
FEED_EVERY_S = 0.02
HELLO = Hello(protocol=PROTOCOL_VERSION, client="kills")
LIMIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """The city and everyone around it. `daemons` by name: what may be killed."""

    profile: Profile
    daemons: dict[str, Daemon]
    doors: dict[str, Caller]
    hints: Hints
    console: ConsoleModel
    feeder: Feeder
    officer: Officer

    def start(self, name: str) -> float:
        """Start a daemon and return after how many seconds it answered a hello."""
        clock = ProfileClock()
        began_ns = clock.monotonic_ns()
        self.daemons[name].start()
        if name == "centre":
            self.hints.listen()
        self.doors[name].reconnect(f"{name}, {self.daemons[name].log()}", limit_s=LIMIT_S)
        self.doors[name].ask("hello", HELLO)
        return (clock.monotonic_ns() - began_ns) / 1e9

    def sensed(self) -> tuple[int, int]:
        """Return how many activations ingest has numbered, and how many wait for the centre's confirmation."""
        status = codec.unpack(self.doors["ingest"].ask("status", HELLO).body, IngestStatus)
        return status.counters["activations"], status.counters["spooled"]

    def wrong(self) -> list[str]:
        """Return what the console shows otherwise than it is. Only while the feeder rests."""
        with self.console.lock:
            alarms = {alarm.vital: int(alarm.band) for alarm in self.console.facts.alarms.values()}
            shown = list(zip(self.console.state.value, self.console.state.band, strict=True))
        truth = {vital: (value, _band(value)) for vital, value in self.feeder.truth.items()}
        return [
            f"vital {vital} shows {shown[vital : vital + 1]}, alarm {alarms.get(vital, 0)}; is {is_}"
            for vital, is_ in truth.items()
            if vital >= len(shown) or tuple(shown[vital]) != is_ or alarms.get(vital, 0) != is_[1]
        ]

    def wait_for_truth(self) -> None:
        """Let the sensors speak once more and wait until the console shows nothing but the truth."""
        with self.feeder.resting():
            wait_until(self.console.is_live, "the console is live", limit_s=LIMIT_S)
            wait_until(self.feeder.push_all, "ingest takes what the sensors say", limit_s=LIMIT_S)
            try:
                wait_until(lambda: not self.wrong(), "the console shows the truth", limit_s=LIMIT_S)
            except AssertionError as fault:
                raise AssertionError(f"{fault}: {self.wrong()[:3]}; {self._situation()}") from fault

    def _situation(self) -> str:
        """Return what the daemons say of themselves, for whoever has to find out."""
        links, facts = self.console.links, self.console.facts
        lights = {
            name: dict(link.heartbeat.lights) for name, link in (("centre", links.centre), ("ingest", links.ingest))
            if link.heartbeat is not None
        }  # fmt: skip
        log = self.daemons["centre"].log()[-600:], self.daemons["ingest"].log()[-600:]
        return f"sensed and waiting {self.sensed()}, console through {facts.through} of {facts.tail}, {lights}, {log}"


@contextmanager
def stand(folder: Path, *, seed: int, mutant: str = "") -> Iterator[Stand]:
    """Bring the city up. With a mutant, the daemon it is in runs whole until everything is set up."""
    port = free_port()
    profile = made_profile(folder, f'\n[[ingest.http]]\nport = {port}\nepoch_unit = "ns"\n')
    daemons = {name: Daemon(name, profile) for name in ("centre", "ingest")}
    where = of_profile(profile.folder)
    with Caller(where.centre_door) as centre, Caller(where.ingest_door) as ingest, Hints(where.centre_changes) as hints:
        try:
            session = _founded(profile, daemons["centre"], centre)
            daemons = {name: Daemon(name, profile, module=module_of(mutant, name)) for name in daemons}
            for name, door in (("centre", centre), ("ingest", ingest)):
                daemons[name].start()
                door.reconnect(name, limit_s=LIMIT_S)
            hints.listen()
            _wait_until_fed(port)
            with ConsoleModel(profile.folder) as console, Feeder(port, seed, every_s=FEED_EVERY_S) as feeder:
                yield Stand(
                    profile=profile, daemons=daemons, doors={"centre": centre, "ingest": ingest}, hints=hints,
                    console=console, feeder=feeder, officer=Officer(centre, session),
                )  # fmt: skip
        finally:
            for daemon in daemons.values():
                daemon.kill()


def _founded(profile: Profile, centre: Daemon, caller: Caller) -> str:
    """Give the profile catalogue and account; return the officer's session, which outlives every kill."""
    centre.start()
    try:
        caller.reconnect("centre", limit_s=LIMIT_S)
        tables, admin = tables_of(small_city(VITALS, period_s=600.0)), profile.key("admin.key")
        caller.do(ImportCatalogue(tables=tables, origin={name: name for name in tables}), admin)
        caller.do(CreateAccount(account="officer", name="值班员", password=PASSWORD, posts=(POST,)), admin)
        signed = caller.do(SignOn(account="officer", password=PASSWORD, seat=SEAT), "")
        centre.stop()
    finally:
        centre.kill()
    return codec.unpack(signed.body, SignedOn).token


def _wait_until_fed(port: int) -> None:
    feeder = Feeder(port, 0, every_s=1.0)
    try:
        wait_until(feeder.push_all, "ingest has the catalogue and takes samples", limit_s=LIMIT_S)
    finally:
        feeder.close()


def _band(value: float) -> int:
    return 4 if value >= 100.0 else 2 if value >= 50.0 else 0
