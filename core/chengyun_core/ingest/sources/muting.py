"""Limits a topic that sends garbage: after too much of it only one message a second is still tried, and it is named."""

from collections import OrderedDict

TOPICS_KEPT = 4096
"""Topics remembered; a flood of new names pushes the oldest out instead of growing."""
TOLERATED = 50
"""Bad messages without a good one between, after which a topic is muted."""
RETRY_NS = 1_000_000_000


class Muting:
    """Counts of bad messages in a row by topic. Used by one thread."""

    def __init__(self) -> None:
        self._bad: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def may_pass(self, topic: str, now_ns: int) -> bool:
        """Return whether a message of the topic is read now (`now_ns`: monotonic)."""
        bad, tried_ns = self._bad.get(topic, (0, 0))
        if bad < TOLERATED:
            return True
        if now_ns - tried_ns < RETRY_NS:
            return False
        self._bad[topic] = (bad, now_ns)
        return True

    def was_good(self, topic: str) -> None:
        """Forgive the topic."""
        self._bad.pop(topic, None)

    def was_bad(self, topic: str, now_ns: int) -> bool:
        """Note a message without one good sample; True: the topic has just been muted."""
        bad = self._bad.pop(topic, (0, 0))[0] + 1
        self._bad[topic] = (bad, now_ns)
        while len(self._bad) > TOPICS_KEPT:
            self._bad.popitem(last=False)
        return bad == TOLERATED
