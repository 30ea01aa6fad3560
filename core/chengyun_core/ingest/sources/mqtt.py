"""Samples from an MQTT broker: every message judged strictly, every sender held to its rate."""

from paho.mqtt import client as paho
from typing_extensions import override

from chengyun_core.ingest.settings import MqttSettings
from chengyun_core.ingest.sources.limits import Gate
from chengyun_core.ingest.sources.mqtt_link import BrokerSource
from chengyun_core.ingest.sources.reception import Reception
from chengyun_core.model.clock import Clock
from chengyun_core.model.failure import Refused

FORMATS = ("auto", "json", "csv", "packed")


class MqttSource(BrokerSource):
    """One broker. paho's own thread receives, decodes and offers: a slow loop drops by rule, not by accident."""

    def __init__(self, settings: MqttSettings, clock: Clock) -> None:
        topics = [(topic.filter, topic.qos) for topic in settings.topics]
        super().__init__(settings, kind="mqtt", topics=topics)
        self._settings = settings
        self._form_of = _form_matcher(settings)
        gate = Gate.of(settings, self.health, clock)
        self._reception = Reception.of(settings, self.health, gate, sender_word="topic")

    @override
    def came(self, topic: str, data: bytes) -> None:
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
