"""Limits a sender of garbage: after too much of it the sender is read only now and then, less and less often."""

from collections import OrderedDict
from dataclasses import dataclass

SENDERS_KEPT = 4096
"""Senders remembered; a flood of new names pushes the oldest out instead of growing."""
TOLERATED = 50
"""Bad messages without a good one between, after which a sender is muted."""
JUDGED_FROM, BAD_SHARE = 200, 0.9
"""From so many messages on the share of bad ones counts as well: a good one now and then is no alibi."""
RETRY_NS, LONGEST_RETRY_NS = 1_000_000_000, 60_000_000_000
"""A muted sender is read once after this time; each time it is bad again the time doubles up to the longest."""


@dataclass(slots=True)
class _Sender:
    row: int = 0
    bad: int = 0
    seen: int = 0
    muted: bool = False
    pause_ns: int = RETRY_NS
    tried_ns: int = 0


class Muting:
    """Bad messages by sender. Used by one thread."""

    def __init__(self) -> None:
        self._senders: OrderedDict[str, _Sender] = OrderedDict()

    def may_pass(self, sender: str, now_ns: int) -> bool:
        """Return whether a message of the sender is read now (`now_ns`: monotonic)."""
        known = self._senders.get(sender)
        if known is None or not known.muted:
            return True
        if now_ns - known.tried_ns < known.pause_ns:
            return False
        known.tried_ns = now_ns
        return True

    def was_good(self, sender: str) -> None:
        """Note a good message: it lifts the muting; the share of bad ones is remembered."""
        known = self._senders.get(sender)
        if known is None:
            return
        known.row = 0
        if known.muted:
            known.muted, known.bad, known.seen = False, 0, 0
        _count(known, bad=0)
        if not known.bad:
            del self._senders[sender]

    def was_bad(self, sender: str, now_ns: int) -> bool:
        """Note a message without one good sample; True: the sender has just been muted."""
        known = self._senders.pop(sender, None) or _Sender()
        self._senders[sender] = known
        while len(self._senders) > SENDERS_KEPT:
            self._senders.popitem(last=False)
        known.row += 1
        _count(known, bad=1)
        if known.muted:
            known.pause_ns = min(2 * known.pause_ns, LONGEST_RETRY_NS)
            return False
        mostly = known.seen >= JUDGED_FROM and known.bad >= BAD_SHARE * known.seen
        known.muted = known.row >= TOLERATED or mostly
        known.tried_ns = now_ns
        return known.muted


def _count(known: _Sender, *, bad: int) -> None:
    known.seen += 1
    known.bad += bad
    if known.seen >= 2 * JUDGED_FROM:  # the past fades: what was mended counts less and less
        known.seen, known.bad = known.seen // 2, known.bad // 2
