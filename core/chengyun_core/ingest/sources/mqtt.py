"""Samples from an MQTT broker: every message judged strictly, every sender held to its rate."""

from paho.mqtt import client as paho

from chengyun_core.ingest.settings import MqttSettings
from chengyun_core.ingest.sources.health import Health
from chengyun_core.ingest.sources.limits import Gate
from chengyun_core.ingest.sources.mqtt_link import MqttLink
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.ingest.sources.port import Feed
from chengyun_core.ingest.sources.reception import Reception
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Refused

FORMATS = ("auto", "json", "csv", "packed")


class MqttSource:
    """One broker. paho's own thread receives, decodes and offers: a slow loop drops by rule, not by accident."""

    def __init__(self, settings: MqttSettings, clock: Clock) -> None:
        self.health = Health(name=settings.name, kind="mqtt")
        self.demo = ""
        self.own_clock = False
        self._settings = settings
        self._form_of = _form_matcher(settings)
        self._feed: Feed | None = None
        self._names = ChannelNames(Catalogue())
        gate = Gate(self.health, clock, per_source=settings.limit_samples_per_s, per_sender=settings.limit_sender_per_s)
        self._reception = Reception(
            self.health, gate, longest=settings.longest_message, epoch_unit=settings.epoch_unit, sender_word="topic"
        )
        topics = [(topic.filter, topic.qos) for topic in settings.topics]
        self._link = MqttLink(settings, self.health, topics, self._came)

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

    def _came(self, topic: str, data: bytes) -> None:
        if self._feed is not None:
            sender = sender_of(topic, "/", self._settings.sender_levels)
            self._reception.take(
                data, self._feed, self._names, sender=sender, where=topic, form=self._form_of(topic)
            )  # fmt: skip


def sender_of(topic: str, mark: str, levels: int) -> str:
    """Return the leading levels of a topic or subject: the name under which its sender is limited."""
    return mark.join(topic.split(mark, levels)[:levels]) if levels > 0 else topic


def _form_matcher(settings: MqttSettings) -> "_Forms":
    for topic in settings.topics:
        if topic.format not in FORMATS or topic.qos not in (0, 1):
            raise Refused("ingest.mqtt_topic", topic=topic.filter, format=topic.format, qos=topic.qos)
    return _Forms(settings)


class _Forms:
    """The format of a topic: that of the first filter it matches."""

    def __init__(self, settings: MqttSettings) -> None:
        self._topics = settings.topics

    def __call__(self, topic: str) -> str:
        matching = (item.format for item in self._topics if paho.topic_matches_sub(item.filter, topic))
        return next(matching, "auto")
