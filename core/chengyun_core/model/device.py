"""How a sensing device stands as it is heard: its state, and what may be wrong with it."""

from enum import IntEnum, StrEnum


class DeviceState(IntEnum):
    """State of one device; of several in one cell of the map the greatest is told."""

    NEVER = 0
    """Registered, and nothing of it was ever heard: it has no channel, or none of them ever sent."""
    ONLINE = 1
    SILENT = 2
    """It was heard, but not lately (three periods of its channels, at least 15 s)."""
    BLUE = 3
    """A vital that follows it stands in this band; so the three below."""
    YELLOW = 4
    ORANGE = 5
    RED = 6


class DeviceFault(StrEnum):
    """What may be wrong with a device, found from its stream; the rules: ingest.device_health."""

    OFFLINE = "offline"
    STUCK = "stuck"
    DRIFT = "drift"
    FLAPPING = "flapping"
