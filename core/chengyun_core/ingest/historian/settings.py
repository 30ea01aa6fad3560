"""Settings of the historian: section `[historian]` of profile.toml, every field told for the handbook."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorianSettings:
    """The historian, which keeps what the ingest daemons sense."""

    folder: str = "archive"
    """Where the archive lies: below the profile's folder unless the path is absolute."""
    flush_s: float = 20.0
    """How long samples wait in the feed's ring file before they become a part; windows show them all the while."""
    turn_ms: float = 100.0
    """How often the feeds are looked at."""
    raw_channels: tuple[str, ...] = ()
    """Channels kept raw besides those watched or alarming: patterns of `DEVICE.quantity` codes, `*` for anything. All
    others are kept as one-minute roll-ups."""
    keep_vitals_days: float = 0.0
    """Days the readings of vitals are kept; 0: for ever."""
    keep_channels_days: float = 90.0
    """Days raw channels are kept; 0: for ever."""
    keep_minutes_days: float = 1830.0
    """Days the one-minute roll-ups of channels are kept; 0: for ever."""
    least_free_mib: int = 1024
    """With less room than this on its disk the archive stops, so that facts find room (RELIABILITY, RF5). It says so by
    its light and goes on by itself when there is room again."""
