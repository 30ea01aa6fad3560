"""How a quantity usually goes through the day: what the simulator makes believable values from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """The usual course of one channel, in the channel's unit.

    value = clip(mean + daily · cos(2π · (hour − peak_hour) / 24) + noise · N(0, 1), low, high); hour is local (UTC+8).
    """

    mean: float
    daily: float
    noise: float
    """Standard deviation."""
    low: float
    high: float
    peak_hour: float = 14.0
    silent: bool = False
    """The channel never sends: its vital is one without data."""
