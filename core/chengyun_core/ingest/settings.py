"""Settings of the ingest daemon: section `[ingest]` of profile.toml, every field told for the handbook."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSettings:
    """One MQTT subscription."""

    filter: str
    """Topic filter, with `+` and `#` as MQTT has them."""
    qos: int = 1
    """0 or 1."""
    format: str = "auto"
    """`json`, `csv`, `packed`, or `auto`: decided by the first bytes of each message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttSettings:
    """One MQTT broker to listen to."""

    name: str = "mqtt"
    """Name of the source in lights, counters and messages."""
    host: str = "127.0.0.1"
    """Broker's host name or address."""
    port: int = 1883
    """Broker's port; 8883 is usual with TLS."""
    topics: tuple[TopicSettings, ...] = (TopicSettings(filter="chengyun/#"),)
    """What is subscribed."""
    user: str = ""
    """User name; empty: none."""
    password_file: str = ""
    """File (0600) whose first line is the password; like all files here it lies in the profile's folder unless the path
    is absolute. A password is never a setting or an argument."""
    ca_file: str = ""
    """PEM file of the broker's CA; giving it turns TLS on."""
    certificate_file: str = ""
    """PEM file of the client certificate, for brokers that ask for one."""
    key_file: str = ""
    """PEM file (0600) of the client certificate's key."""
    client_id: str = ""
    """A stable id makes the broker keep QoS 1 messages while the daemon is down; empty: a new session each time."""
    epoch_unit: str = ""
    """Unit of times given as numbers: `s`, `ms`, `us` or `ns`; empty: numbers are refused, only ISO 8601 is read."""
    longest_message: int = 4 * 2**20
    """Bytes; a longer message is dropped and counted as `too_large`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySettings:
    """A file of samples played as if it came from sensors."""

    file: str
    """CSV (`.csv`) or Parquet (`.parquet`) with columns time, channel, value[, quality], unless a map is given."""
    map: str = ""
    """TOML file that tells how a table of another shape is read (docs/ingest-sources.md)."""
    speed: str = "1"
    """Times faster than the samples' own time, or `max`: as fast as they can be evaluated, with back-pressure."""
    rebase: str = ""
    """`now`: all times are shifted so that the first sample is now. Empty: the samples keep their times."""
    as_of: str = ""
    """ISO 8601 time with zone at which the replay's clock starts; samples before it are read at once as history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorSettings:
    """The built-in simulator."""

    scenario: str = "flood_2020"
    """Name of a story in resources/scenarios; empty: an ordinary day without end."""
    speed: float = 1.0
    """Story speed: 2 tells it in half the time."""
    seed: int = 20200820
    """The same seed gives the same samples."""
    ending: str = "repeat"
    """After the last scene: `repeat` the story, or `hold` the ordinary state."""
    backfill_hours: float = 6.0
    """History made up at start for vitals pinned on the cockpit."""
    backfill_minutes: float = 30.0
    """History made up at start, in coarse steps, for all other vitals."""
    start_delay_s: float = 0.0
    """Seconds of ordinary state before the story begins."""
    longest_series: int = 64
    """Slots of a device series that are simulated when a formula names the whole series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSettings:
    """The ingest daemon."""

    shard: int = 0
    """Number of this daemon among several that share a city's channels."""
    realm: str = "live"
    """`live` or `drill`, as the profile says."""
    mqtt: tuple[MqttSettings, ...] = ()
    """Brokers to listen to."""
    replay: tuple[ReplaySettings, ...] = ()
    """Files to play."""
    simulator: SimulatorSettings | None = None
    """The simulator, when it shall run."""
    ring_samples: int = 1 << 22
    """Samples of all channels kept in memory for raw windows."""
    queue_samples: int = 1 << 20
    """Samples that may wait between sources and evaluation. When it is full live sources drop the newest and count it
    as `queue_full`; a replay at `max` waits."""
    frame_every_ms: float = 5.0
    """State frames are sent at most this often; changes in between are merged by vital."""
    heartbeat_every_ms: float = 250.0
    """How often the daemon says that it lives."""
    lateness_s: float = 2.0
    """How long the grid of aggregates waits for late live samples before a second is closed."""
    future_limit_s: float = 60.0
    """A sample further ahead of the profile clock is dropped and counted as `future`."""
    past_limit_days: float = 7.0
    """A sample older than this is dropped and counted as `too_old`. A replay is judged on its own clock."""
    spool_bytes: int = 64 * 2**20
    """Largest spool of unconfirmed activations; beyond it new ones are not numbered (counted as `spool_full`) and the
    band table tells the centre the truth when it is back."""
    confirm_timeout_s: float = 3.0
    """How long an answer of the centre is awaited before the same request is sent again."""
    archive_ring_mib: int = 128
    """Size of the file in which samples wait for the historian, at 21 bytes each: what comes while it is full is
    counted as `dropped.archive` and told as a gap of the archive. 0: nothing is archived."""
    watch_lease_s: float = 10.0
    """How long raw samples go out after they were asked for."""
