"""A connection to an MQTT broker that is kept: TLS, password, reconnecting with back-off, its state told as health."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from chengyun_core.ingest.sources import tls
from chengyun_core.ingest.sources.health import Health
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.ingest.sources.port import Feed
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import secret_file

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 1
LONGEST_PAUSE_S = 30
KEEPALIVE_S = 20


class Broker(Protocol):
    """Where the broker is and who we are to it: fields of MqttSettings and SparkplugSettings."""

    @property
    def name(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def user(self) -> str: ...
    @property
    def password_file(self) -> str: ...
    @property
    def ca_file(self) -> str: ...
    @property
    def certificate_file(self) -> str: ...
    @property
    def key_file(self) -> str: ...
    @property
    def client_id(self) -> str: ...


class MqttLink:
    """One broker. paho's own thread receives and calls `came(topic, payload)`."""

    def __init__(
        self, broker: Broker, health: Health, topics: Sequence[tuple[str, int]], came: Callable[[str, bytes], None]
    ) -> None:
        self._broker = broker
        self._health = health
        self._topics = list(topics)
        self._hand_over = came
        self._client: paho.Client | None = None

    def start(self) -> None:
        """Connect in the background; failures are told by the health and tried again."""
        try:
            self._client = self._made()
            self._client.connect_async(self._broker.host, self._broker.port, keepalive=KEEPALIVE_S)
            self._client.loop_start()
        except (Trouble, Refused) as fault:
            self._health.became("failed", fault.reason.code, str(fault))
            logger.error("source %s cannot start: %s", self._health.name, fault)
        except (OSError, ValueError) as fault:
            self._health.became("failed", "ingest.mqtt_settings", str(fault))
            logger.error("source %s cannot start: %s; correct its settings", self._health.name, fault)

    def stop(self) -> None:
        """Say good-bye to the broker and end paho's thread."""
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None

    def publish(self, topic: str, payload: bytes) -> None:
        """Send a message with QoS 0 (what Sparkplug asks of commands); lost when there is no connection."""
        if self._client is not None:
            self._client.publish(topic, payload, qos=0)

    def _made(self) -> paho.Client:
        broker = self._broker
        client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=broker.client_id or None, clean_session=not broker.client_id
        )
        client.reconnect_delay_set(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        if broker.user:
            password = secret_file.read(Path(broker.password_file)) if broker.password_file else None
            client.username_pw_set(broker.user, password)
        if broker.ca_file:
            client.tls_set_context(
                tls.of_client("ingest.mqtt_tls", broker.ca_file, broker.certificate_file, broker.key_file)
            )
        client.on_connect = self._connected
        client.on_connect_fail = lambda _client, _userdata: self._health.became("connecting", "ingest.mqtt_unreachable")
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed
        client.on_message = self._came
        return client

    def _connected(
        self, client: paho.Client, _userdata: object, _flags: object, reason: ReasonCode, _props: Properties | None
    ) -> None:
        if reason.is_failure:
            self._health.became("failed", "ingest.mqtt_refused", str(reason))
            logger.error(
                "broker of source %s refuses us: %s; check user, password and certificate", self._health.name, reason
            )
            return
        client.subscribe(self._topics)

    def _subscribed(
        self, _client: paho.Client, _userdata: object, _mid: int, reasons: list[ReasonCode], _props: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._health.became("failed", "ingest.mqtt_topic_refused")
        else:
            self._health.became("running")

    def _disconnected(
        self, _client: paho.Client, _userdata: object, _flags: object, reason: ReasonCode, _props: Properties | None
    ) -> None:
        if reason.is_failure and self._health.reason != "ingest.mqtt_refused":
            self._health.became("connecting", "ingest.mqtt_lost", str(reason))

    def _came(self, _client: paho.Client, _userdata: object, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError as fault:
            self._health.dropped("bad_topic", detail=str(fault))
            return
        self._hand_over(topic, bytes(message.payload))


class BrokerSource(ABC):
    """A source that reads one broker: everything but what a message means. `came` runs in paho's thread."""

    def __init__(self, broker: Broker, *, kind: str, topics: Sequence[tuple[str, int]]) -> None:
        self.health = Health(name=broker.name, kind=kind)
        self.demo = ""
        self.own_clock = False
        self._feed: Feed | None = None
        self._names = ChannelNames(Catalogue())
        self._link = MqttLink(broker, self.health, topics, self.came)

    def start(self, feed: Feed, catalogue: Catalogue) -> None:
        """Connect in the background; failures are told by `health` and tried again."""
        self._feed, self._names = feed, ChannelNames(catalogue)
        self._link.start()

    def learn(self, catalogue: Catalogue) -> None:
        """Use a newer catalogue from now on (one assignment: the other thread sees the old or the new one whole)."""
        self._names = ChannelNames(catalogue)

    def stop(self) -> None:
        """Say good-bye to the broker and end paho's thread."""
        self._link.stop()

    @abstractmethod
    def came(self, topic: str, data: bytes) -> None:
        """Take a message of the broker."""
