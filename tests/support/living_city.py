"""A whole small city alive: profile, both daemons as children, a broker that feeds them, ways to break and ask."""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import paho.mqtt.client as mqtt

from chengyun_core.launch import profile as profiles
from chengyun_core.launch import up
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.supervisor import STEADY_AFTER_S, Child, Supervisor
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import tables_of
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.command import CreateAccount, ImportCatalogue
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, IngestStatus
from tests.support.broker import TOPIC, publish, publisher, running_broker
from tests.support.small_city import small_city
from tests.support.waiting import wait_until

PASSWORD = "a-duty-officer-of-the-test"
OFFICER = "officer"
SEAT = "A-01"
POST = "500000.duty_officer"


@dataclass(slots=True, kw_only=True)
class LivingCity:
    """The running city and the truth it was told: vital number → value last published."""

    profile: Profile
    catalogue: Catalogue
    supervisor: Supervisor
    client: mqtt.Client
    truth: dict[int, float] = field(default_factory=dict)
    clock: ProfileClock = field(default_factory=ProfileClock)
    """The city's time, by which its sensors tell when they measured."""

    def publish(self, values: dict[int, float]) -> None:
        """Publish new values as of now."""
        self.truth.update(values)
        now = self.clock.utc_ns()
        self.publish_samples((f"D{vital}.level", now, value) for vital, value in values.items())

    def publish_samples(self, samples: Iterable[tuple[str, int, float]]) -> None:
        """Publish (channel, time ns, value) as one message, as measured then."""
        publish(self.client, samples)

    def publish_all(self) -> None:
        """Publish every vital's last value again, as periodic sensors do."""
        self.publish(dict(self.truth))

    def expected_band(self, vital: int) -> int:
        """Return the band the plain rule gives; values of the tests keep clear of the hysteresis."""
        value = self.truth[vital]
        return 4 if value >= 100.0 else 2 if value >= 50.0 else 0

    def kill(self, daemon: str) -> None:
        """Kill a daemon as the kernel does, without a word."""
        child = next(child for child in self.supervisor.children if child.name == daemon)
        if child.process is not None:
            # Killed again and again it would be started with ever longer pauses: those are shown elsewhere, and waited
            # for in every round here.
            child.started -= STEADY_AFTER_S
            child.process.kill()
            child.process.wait()

    def door(self, session_key: str = "admin.key") -> DoorClient:
        """Return a client of the centre's door as the machine's administrator."""
        return DoorClient(of_profile(self.profile.folder).centre_door, session=self.profile.key(session_key))


@contextmanager
def living_city(
    folder: Path,
    *,
    vitals: int = 40,
    seed: int = 1,
    furnish: Callable[[Path], object] = lambda _folder: None,
    catalogue: Catalogue | None = None,
    post: str = POST,
    officer: str = "Officer",
) -> Iterator[LivingCity]:
    """Bring up centre and ingest with a small catalogue, one officer's account and every vital at rest.

    `furnish` may add to the profile's folder before anything starts. `catalogue`: that of another city, of which the
    officer, called `officer`, has `post`, and of which nothing is measured yet.
    """
    with running_broker(folder) as port, publisher(port) as client:
        profile = profiles.ensure(folder / "p", centre=post.partition(".")[0])
        with profile.settings_file.open("a", encoding="utf-8") as file:
            file.write(_mqtt_settings(port))
        furnish(profile.folder)
        supervisor = Supervisor(_daemons(profile))
        supervisor.start()
        try:
            known = catalogue or small_city(vitals, period_s=600.0)
            _prepare(
                profile,
                known,
                supervisor,
                CreateAccount(account=OFFICER, name=officer, password=PASSWORD, posts=(post,)),
            )
            city = LivingCity(profile=profile, catalogue=known, supervisor=supervisor, client=client)
            chooser = random.Random(seed)
            city.truth = {} if catalogue else {vital: round(chooser.uniform(1, 40), 3) for vital in range(vitals)}
            yield city
        finally:
            supervisor.stop()


def _daemons(profile: Profile) -> tuple[Child, ...]:
    """Return the daemons, without the demo's drawn cameras: where a city has any, `street_cameras` runs them."""
    return tuple(child for child in up.children(profile) if child.name != "cameras")


def _mqtt_settings(port: int) -> str:
    return (
        f'\n[[ingest.mqtt]]\nhost = "127.0.0.1"\nport = {port}\nclient_id = "ingest-test"\nepoch_unit = "ns"\n'
        f'topics = [{{filter = "{TOPIC}", qos = 1, format = "csv"}}]\n'
    )


def _prepare(profile: Profile, catalogue: Catalogue, supervisor: Supervisor, account: CreateAccount) -> None:
    addresses = of_profile(profile.folder)
    up.wait_until_answers(addresses.centre_door, supervisor)
    tables = tables_of(catalogue)
    with DoorClient(addresses.centre_door, session=profile.key("admin.key")) as door:
        door.send(ImportCatalogue(tables=tables, origin={name: name for name in tables}), timeout_s=30)
        door.send(account, timeout_s=30)
    up.wait_until_answers(addresses.ingest_door, supervisor)
    wait_until(lambda: _listens_to_the_broker(addresses.ingest_door), "ingest has subscribed at the broker")


def _listens_to_the_broker(door_address: str) -> bool:
    with DoorClient(door_address) as door:
        status = codec.unpack(door.ask("status", Hello(protocol=PROTOCOL_VERSION, client="test")), IngestStatus)
    return any(source.state == "running" for source in status.sources)
