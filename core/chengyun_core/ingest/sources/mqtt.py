"""Samples from an MQTT broker: TLS, password, reconnecting with back-off, every message judged strictly."""

import logging
import ssl
from pathlib import Path

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from chengyun_core.ingest.settings import MqttSettings
from chengyun_core.ingest.sources import payload
from chengyun_core.ingest.sources.health import Health, printable
from chengyun_core.ingest.sources.muting import Muting
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.ingest.sources.port import Feed
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import secret_file

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 1
LONGEST_PAUSE_S = 30
KEEPALIVE_S = 20


class MqttSource:
    """One broker. paho's own thread receives, decodes and offers: a slow loop drops by rule, not by accident."""

    def __init__(self, settings: MqttSettings, clock: Clock) -> None:
        self.health = Health(name=settings.name, kind="mqtt")
        self.demo = ""
        self.own_clock = False
        self._settings = settings
        self._clock = clock
        self._muting = Muting()
        self._forms = _form_matcher(settings)
        self._feed: Feed | None = None
        self._names = ChannelNames(Catalogue())
        self._client: paho.Client | None = None

    def start(self, feed: Feed, catalogue: Catalogue) -> None:
        """Connect in the background; failures are told by `health` and tried again."""
        self._feed, self._names = feed, ChannelNames(catalogue)
        try:
            self._client = self._made()
            self._client.connect_async(self._settings.host, self._settings.port, keepalive=KEEPALIVE_S)
            self._client.loop_start()
        except (Trouble, Refused) as fault:
            self.health.became("failed", fault.reason.code)
            logger.error("source %s cannot start: %s", self.health.name, fault)
        except (OSError, ValueError) as fault:
            self.health.became("failed", "ingest.mqtt_settings")
            logger.error("source %s cannot start: %s; correct [[ingest.mqtt]]", self.health.name, fault)

    def learn(self, catalogue: Catalogue) -> None:
        """Use a newer catalogue from now on (one assignment: the other thread sees the old or the new one whole)."""
        self._names = ChannelNames(catalogue)

    def stop(self) -> None:
        """Say good-bye to the broker and end paho's thread."""
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None

    def _made(self) -> paho.Client:
        settings = self._settings
        client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=settings.client_id or None, clean_session=not settings.client_id
        )
        client.reconnect_delay_set(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        if settings.user:
            password = secret_file.read(Path(settings.password_file)) if settings.password_file else None
            client.username_pw_set(settings.user, password)
        if settings.ca_file:
            client.tls_set_context(_tls(settings))
        client.on_connect = self._connected
        client.on_connect_fail = lambda _client, _userdata: self.health.became("connecting", "ingest.mqtt_unreachable")
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed
        client.on_message = self._came
        return client

    def _connected(
        self, client: paho.Client, _userdata: object, _flags: object, reason: ReasonCode, _props: Properties | None
    ) -> None:
        if reason.is_failure:
            self.health.became("failed", "ingest.mqtt_refused")
            logger.error(
                "broker of source %s refuses us: %s; check user, password and certificate", self.health.name, reason
            )
            return
        client.subscribe([(topic.filter, topic.qos) for topic in self._settings.topics])

    def _subscribed(
        self, _client: paho.Client, _userdata: object, _mid: int, reasons: list[ReasonCode], _props: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self.health.became("failed", "ingest.mqtt_topic_refused")
        else:
            self.health.became("running")

    def _disconnected(
        self, _client: paho.Client, _userdata: object, _flags: object, reason: ReasonCode, _props: Properties | None
    ) -> None:
        if reason.is_failure and self.health.reason != "ingest.mqtt_refused":
            self.health.became("connecting", "ingest.mqtt_lost")

    def _came(self, _client: paho.Client, _userdata: object, message: paho.MQTTMessage) -> None:
        topic, now_ns = message.topic, self._clock.monotonic_ns()
        if not self._muting.may_pass(topic, now_ns):
            self.health.dropped("muted")
        elif len(message.payload) > self._settings.longest_message:
            self.health.dropped("too_large", detail=f"{topic}: {len(message.payload)} bytes")
            self._note_bad(topic, now_ns)
        else:
            self._read(topic, bytes(message.payload), now_ns)

    def _read(self, topic: str, data: bytes, now_ns: int) -> None:
        decoded = payload.decode(data, self._names, form=self._forms(topic), epoch_unit=self._settings.epoch_unit)
        for cause, (count, detail) in decoded.refused.items():
            self.health.dropped(cause, count, f"{topic}: {detail}")
        if decoded.batch is None:
            self._note_bad(topic, now_ns)
            return
        self._muting.was_good(topic)
        if self._feed is not None:
            self._feed.offer(decoded.batch)

    def _note_bad(self, topic: str, now_ns: int) -> None:
        if self._muting.was_bad(topic, now_ns):
            logger.warning(
                "topic %s of source %s sends garbage; only one message a second is read until a good one comes",
                printable(topic), self.health.name,
            )  # fmt: skip


def _form_matcher(settings: MqttSettings) -> "_Forms":
    for topic in settings.topics:
        if topic.format not in ("auto", "json", "csv", "packed") or topic.qos not in (0, 1):
            raise Refused("ingest.mqtt_topic", topic=topic.filter, format=topic.format, qos=topic.qos)
    return _Forms(settings)


class _Forms:
    """The format of a topic: that of the first filter it matches."""

    def __init__(self, settings: MqttSettings) -> None:
        self._topics = settings.topics

    def __call__(self, topic: str) -> str:
        matching = (item.format for item in self._topics if paho.topic_matches_sub(item.filter, topic))
        return next(matching, "auto")


def _tls(settings: MqttSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if settings.certificate_file:
            context.load_cert_chain(settings.certificate_file, settings.key_file or None)
    except OSError as fault:  # ssl.SSLError is one: unreadable and unusable files alike
        raise Trouble("ingest.mqtt_tls", file=settings.ca_file, reason=str(fault)) from fault
    return context
