"""Samples gathered row by row from a text format, with every refused row counted by its cause."""

from dataclasses import dataclass, field

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.sources.names import UNKNOWN, ChannelNames
from chengyun_core.model.scales import Quality

QUALITY_WORDS: dict[object, Quality] = {
    "": Quality.GOOD, "good": Quality.GOOD, "uncertain": Quality.UNCERTAIN, "bad": Quality.BAD,
    "0": Quality.GOOD, "1": Quality.UNCERTAIN, "2": Quality.BAD,
    0: Quality.GOOD, 1: Quality.UNCERTAIN, 2: Quality.BAD,
}  # fmt: skip
"""What a source may say; MISSING and NEVER are ours to say."""


class BadRow(ValueError):  # noqa: N818 - reads as what it is
    """A row that is refused; carries the cause (sources/causes.py) and the words for it."""

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause


@dataclass(slots=True, kw_only=True)
class Gathered:
    """Rows that passed, as growing lists, and the refused ones: cause → (count, first detail)."""

    channel: list[int] = field(default_factory=list)
    time: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, channel: int, time_ns: int, value: float, quality: int) -> None:
        """Take a row."""
        self.channel.append(channel)
        self.time.append(time_ns)
        self.value.append(value)
        self.quality.append(quality)

    def refuse(self, cause: str, detail: str, count: int = 1) -> None:
        """Count a refused row; the first detail of each cause is kept."""
        before, first = self.refused.get(cause, (0, detail))
        self.refused[cause] = (before + count, first)

    def batch(self) -> Batch:
        """Return the rows as columns."""
        return Batch.of(self.channel, self.time, self.value, self.quality)


def quality_of(word: object) -> int:
    """Return the quality a source wrote; raise BadRow for anything else."""
    if isinstance(word, str):
        word = word.strip().lower()
    if isinstance(word, bool) or not isinstance(word, (str, int)) or word not in QUALITY_WORDS:
        raise BadRow("bad_quality", f"quality {str(word)[:40]!r} is none of good, uncertain, bad (0, 1, 2)")
    return int(QUALITY_WORDS[word])


def channel_of(code: str, names: ChannelNames) -> int:
    """Return the number of a channel code; raise BadRow when the catalogue does not have it."""
    number = names.number(code)
    if number == UNKNOWN:
        raise BadRow("unknown_channel", f"channel {code[:80]!r} is not in catalogue version {names.version}")
    return number
