"""What every source that is sent messages does with one: limits, format, counting, handing on."""

from typing import NamedTuple, Protocol, Self

from chengyun_core.ingest.sources import payload
from chengyun_core.ingest.sources.health import Health
from chengyun_core.ingest.sources.limits import Gate
from chengyun_core.ingest.sources.names import ChannelNames
from chengyun_core.ingest.sources.port import Feed


class Tally(NamedTuple):
    """What became of one message."""

    accepted: int
    refused: dict[str, int]
    """Cause of sources/causes.py → count."""


class Readable(Protocol):
    """What the settings of every source that takes messages say of reading them."""

    @property
    def longest_message(self) -> int: ...
    @property
    def epoch_unit(self) -> str: ...


class Reception:
    """Reads messages of any agreed format. Used by one thread; `names` may be replaced by another (one assignment)."""

    def __init__(self, health: Health, gate: Gate, *, longest: int, epoch_unit: str, sender_word: str) -> None:
        self.health = health
        self.gate = gate
        self._longest = longest
        self._epoch_unit = epoch_unit
        self._sender_word = sender_word

    @classmethod
    def of(cls, settings: Readable, health: Health, gate: Gate, *, sender_word: str) -> Self:
        """Return the reception of a source; `sender_word` is what its senders are called in the log."""
        return cls(
            health, gate, longest=settings.longest_message, epoch_unit=settings.epoch_unit, sender_word=sender_word
        )

    def take(
        self, data: bytes, feed: Feed, names: ChannelNames, *, sender: str, where: str, form: str, paced: bool = False
    ) -> Tally:
        """Hand on the samples of a message, and say what became of them.

        `sender` is limited and blamed, `where` is told in the log. `paced`: the caller waits as `Gate.pause_s` says
        instead of having samples dropped; what the queue refuses is then not counted, for the sender sends it again.
        """
        if not self.gate.may_read(sender):
            return Tally(0, {"muted": 1})
        if len(data) > self._longest:
            self.health.dropped("too_large", detail=f"{where}: {len(data)} bytes")
            return self._bad(sender, {"too_large": 1})
        decoded = payload.decode(data, names, form=form, epoch_unit=self._epoch_unit)
        refused = {cause: count for cause, (count, _) in decoded.refused.items()}
        if decoded.batch is None or not len(decoded.batch):
            self._count(decoded.refused, where)
            return self._bad(sender, refused)
        self.gate.was_good(sender)
        batch = decoded.batch if paced else self.gate.admitted(sender, decoded.batch)
        if len(batch) < len(decoded.batch):
            refused["rate_limited"] = len(decoded.batch) - len(batch)
        if not feed.offer(batch, counted=not paced):
            if paced:
                return Tally(0, {"queue_full": len(batch)})
            refused["queue_full"] = len(batch)
            batch = batch.only(slice(0, 0))
        self._count(decoded.refused, where)
        return Tally(len(batch), refused)

    def _bad(self, sender: str, refused: dict[str, int]) -> Tally:
        if refused:  # an empty list or table is no garbage
            self.gate.was_bad(sender, self._sender_word)
        return Tally(0, refused)

    def _count(self, refused: dict[str, tuple[int, str]], where: str) -> None:
        for cause, (count, detail) in refused.items():
            self.health.dropped(cause, count, f"{where}: {detail}")
