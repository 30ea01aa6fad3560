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
    sender_levels: int = 2
    """So many leading levels of a topic name its sender, who is limited and named; 0: the whole topic."""
    limit_samples_per_s: float = 5_000_000.0
    """Samples a second taken from the whole source; more are dropped and counted as `rate_limited`. 0: no limit."""
    limit_sender_per_s: float = 2_500_000.0
    """The same for each sender; two seconds' worth may come at once. 0: no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """A port at which gateways push samples by HTTP POST to `/samples`."""

    name: str = "http"
    """Name of the source in lights, counters and messages."""
    host: str = "127.0.0.1"
    """Address to listen at; any but a loopback address needs a token."""
    port: int = 8480
    """Port to listen at."""
    token_file: str = ""
    """File (0600) whose first line is the token senders show (`Authorization: Bearer …`). Empty: anybody on this
    machine may push."""
    certificate_file: str = ""
    """PEM file of our certificate (and its chain); giving it turns TLS on."""
    key_file: str = ""
    """PEM file (0600) of the certificate's key."""
    client_ca_file: str = ""
    """PEM file of a CA; giving it asks every sender for a certificate of that CA."""
    epoch_unit: str = ""
    """Unit of times given as numbers: `s`, `ms`, `us` or `ns`; empty: numbers are refused, only ISO 8601 is read."""
    longest_message: int = 4 * 2**20
    """Bytes; a longer message is refused and counted as `too_large`."""
    connections: int = 256
    """Connections open at once; one more is answered with 503."""
    limit_samples_per_s: float = 5_000_000.0
    """Samples a second taken from the whole source; more are dropped and counted as `rate_limited`. 0: no limit."""
    limit_sender_per_s: float = 2_500_000.0
    """The same for each sender; two seconds' worth may come at once. 0: no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSettings:
    """One NATS subscription."""

    subject: str
    """Subject, with `*` and `>` as NATS has them."""
    format: str = "auto"
    """`json`, `csv`, `packed`, or `auto`: decided by the first bytes of each message."""
    stream: str = ""
    """Name of a JetStream stream; with `durable` the server keeps messages until we took them."""
    durable: str = ""
    """Name of our durable consumer of that stream; empty: plain (core) subscription."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NatsSettings:
    """One NATS server, or several of one cluster, to listen to."""

    name: str = "nats"
    """Name of the source in lights, counters and messages."""
    servers: tuple[str, ...] = ("nats://127.0.0.1:4222",)
    """Addresses (`nats://host:port`, `tls://host:port`); never with a password in them."""
    subjects: tuple[SubjectSettings, ...] = (SubjectSettings(subject="chengyun.>"),)
    """What is subscribed."""
    user: str = ""
    """User name; empty: none."""
    password_file: str = ""
    """File (0600) whose first line is the password."""
    nkey_file: str = ""
    """File (0600) whose first line is an nkey seed (`SU…`)."""
    creds_file: str = ""
    """File (0600) with a user JWT and its nkey seed, as `nsc` writes it."""
    ca_file: str = ""
    """PEM file of the server's CA; giving it turns TLS on."""
    certificate_file: str = ""
    """PEM file of the client certificate, for servers that ask for one."""
    key_file: str = ""
    """PEM file (0600) of the client certificate's key."""
    sender_levels: int = 2
    """So many leading tokens of a subject name its sender, who is limited and named; 0: the whole subject."""
    epoch_unit: str = ""
    """Unit of times given as numbers: `s`, `ms`, `us` or `ns`; empty: numbers are refused, only ISO 8601 is read."""
    longest_message: int = 4 * 2**20
    """Bytes; a longer message is refused and counted as `too_large`."""
    limit_samples_per_s: float = 5_000_000.0
    """Samples a second taken from the whole source; more are dropped and counted as `rate_limited`. 0: no limit."""
    limit_sender_per_s: float = 2_500_000.0
    """The same for each sender; two seconds' worth may come at once. 0: no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointSettings:
    """One quantity in the registers of a Modbus device."""

    channel: str
    """Channel code of the catalogue."""
    address: int
    """Address of the first register as it travels (0-based: holding register 40001 is 0)."""
    unit: int = 1
    """Unit (device) id, 0 to 255."""
    function: int = 3
    """1 coils, 2 discrete inputs, 3 holding registers, 4 input registers."""
    type: str = "u16"
    """`u16`, `i16`, `u32`, `i32`, `f32`; of functions 1 and 2 always a bit (0 or 1)."""
    word_order: str = "big"
    """Of two registers: `big`, the high word first, or `little`."""
    scale: float = 1.0
    """Value = register x scale + offset."""
    offset: float = 0.0
    """See `scale`."""
    period_s: float = 1.0
    """How often it is read; neighbours with the same period are read together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusSettings:
    """One Modbus/TCP device or gateway to poll. The protocol has no security: keep it on a wire of its own."""

    name: str = "modbus"
    """Name of the source in lights, counters and messages."""
    host: str = "127.0.0.1"
    """Device's host name or address."""
    port: int = 502
    """Device's port."""
    points: tuple[PointSettings, ...] = ()
    """What is read."""
    timeout_s: float = 3.0
    """How long an answer is awaited; after it the channels of the read get a BAD sample."""
    limit_samples_per_s: float = 5_000_000.0
    """Samples a second taken from the source; more are dropped and counted as `rate_limited`. 0: no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSettings:
    """One OPC UA variable to watch."""

    node: str
    """Node id, such as `ns=2;s=Pump1.Level`."""
    channel: str
    """Channel code of the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpcuaSettings:
    """One OPC UA server to subscribe to."""

    name: str = "opcua"
    """Name of the source in lights, counters and messages."""
    url: str = "opc.tcp://127.0.0.1:4840"
    """The server's endpoint; never with a password in it."""
    nodes: tuple[NodeSettings, ...] = ()
    """What is watched."""
    period_ms: float = 500.0
    """How often the server sends what changed."""
    user: str = ""
    """User name; empty: anonymous."""
    password_file: str = ""
    """File (0600) whose first line is the password."""
    mode: str = "none"
    """`none`, `sign` or `sign_encrypt`; the latter two with Basic256Sha256 and the three files below."""
    certificate_file: str = ""
    """Our application certificate, PEM or DER."""
    key_file: str = ""
    """Its key (0600), PEM or DER."""
    server_certificate_file: str = ""
    """The server's certificate, PEM or DER: another one is refused."""
    application_uri: str = "urn:chengyun:ingest"
    """As in our certificate."""
    timeout_s: float = 10.0
    """How long an answer of the server is awaited."""
    limit_samples_per_s: float = 5_000_000.0
    """Samples a second taken from the source; more are dropped and counted as `rate_limited`. 0: no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSettings:
    """One Sparkplug metric whose channel the template does not tell."""

    metric: str
    """`group/node/device/metric name`, or `group/node/metric name` of the node itself."""
    channel: str
    """Channel code of the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkplugSettings:
    """One MQTT broker whose edge nodes speak Sparkplug B."""

    name: str = "sparkplug"
    """Name of the source in lights, counters and messages."""
    host: str = "127.0.0.1"
    """Broker's host name or address."""
    port: int = 1883
    """Broker's port; 8883 is usual with TLS."""
    user: str = ""
    """User name; empty: none."""
    password_file: str = ""
    """File (0600) whose first line is the password."""
    ca_file: str = ""
    """PEM file of the broker's CA; giving it turns TLS on."""
    certificate_file: str = ""
    """PEM file of the client certificate, for brokers that ask for one."""
    key_file: str = ""
    """PEM file (0600) of the client certificate's key."""
    client_id: str = ""
    """A stable id makes the broker keep QoS 1 messages while the daemon is down; empty: a new session each time."""
    groups: tuple[str, ...] = ("+",)
    """Group ids to listen to; `+`: all."""
    channel: str = "{device}.{metric}"
    """Channel code of a metric, of {group}, {node}, {device} (of the node's own metrics: the node) and {metric}."""
    metrics: tuple[MetricSettings, ...] = ()
    """Metrics whose channel is called otherwise."""
    rebirth: bool = True
    """Whether births are asked for (NCMD) where one was missed; false where the broker lets us only listen."""
    longest_message: int = 4 * 2**20
    """Bytes; a longer message is refused and counted as `too_large`."""
    limit_samples_per_s: float = 5_000_000.0
    """Samples a second taken from the whole source; more are dropped and counted as `rate_limited`. 0: no limit."""
    limit_sender_per_s: float = 2_500_000.0
    """The same for each sender; two seconds' worth may come at once. 0: no limit."""


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
class RangeSettings:
    """Channels that belong to one of several ingest daemons: by device or by number. What no range names is shard 0's.

    Every daemon of a profile reads the same ranges.
    """

    shard: int
    """Number of the daemon that owns them, below `shards` of section `[wire]`."""
    devices: str = ""
    """Beginning of the device codes whose channels are meant, e.g. `YZ-`."""
    first: int | None = None
    """Lowest channel number, instead of `devices`."""
    last: int | None = None
    """Highest channel number, itself included."""

    def said(self) -> str:
        """Return the range as messages name it."""
        meant = f"devices {self.devices}*" if self.devices else f"channels {self.first}–{self.last}"
        return f"shard {self.shard}: {meant}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSettings:
    """The ingest daemon."""

    shard: int = 0
    """Number of this daemon among several that share a city's channels; `chengyun ingest --shard` overrides it."""
    ranges: tuple[RangeSettings, ...] = ()
    """Who owns which channels, when section `[wire]` has several `shards`."""
    realm: str = "live"
    """`live` or `drill`, as the profile says."""
    mqtt: tuple[MqttSettings, ...] = ()
    """Brokers to listen to."""
    http: tuple[HttpSettings, ...] = ()
    """Ports at which samples are pushed."""
    nats: tuple[NatsSettings, ...] = ()
    """NATS servers to listen to."""
    modbus: tuple[ModbusSettings, ...] = ()
    """Modbus/TCP devices to poll."""
    opcua: tuple[OpcuaSettings, ...] = ()
    """OPC UA servers to subscribe to."""
    sparkplug: tuple[SparkplugSettings, ...] = ()
    """Brokers with Sparkplug B edge nodes."""
    replay: tuple[ReplaySettings, ...] = ()
    """Files to play."""
    simulator: SimulatorSettings | None = None
    """The simulator, when it shall run."""
    ring_samples: int = 1 << 22
    """Samples of all channels kept in memory for raw windows."""
    queue_samples: int = 1 << 20
    """Samples of each source that may wait for evaluation; sources take turns. When it is full a live source's newest
    are dropped and counted as `queue_full`; a replay at `max` waits."""
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
