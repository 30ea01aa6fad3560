"""Commands about sensing devices and their repair; merged into `command.COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.device_file import StageMove


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDevice:
    """Bring a device or series to another stage of its life."""

    device: str
    version: int
    """Of its file as the officer saw it; 0: it had none."""
    move: StageMove
    reason: str = ""
    """Must be given to send back and to rebuild."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDevice:
    """Write who keeps a device, when it was calibrated last, and what else is to be known."""

    device: str
    version: int
    maintainer: str = ""
    calibrated: str = ""
    """ISO date, empty: unknown."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePlaces:
    """Note that a file of places is in force: where each device of a series stands. Sent by `chengyun devices places`,
    which has put the file into the profile; the journal keeps who, what and its digest."""

    origin: str
    devices: int
    digest: str
    """SHA-256, hexadecimal, of the file."""
    schematic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRepair:
    """Open a repair ticket for a device, or a member of a series."""

    device: str
    member: int = 0
    quantity: str = ""
    fault: str
    """A DeviceFault, or `other`."""
    fault_since: int | None = None
    """Since when it was seen, profile ns UTC."""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRepair:
    """Take a ticket on, by an order when one was sent for it."""

    repair: int
    version: int
    order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBackRepair:
    """Give a ticket back that somebody took on."""

    repair: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoRepair:
    """Say what was found and done; the ticket is done."""

    repair: int
    version: int
    finding: str
    calibrated: str = ""
    """ISO date when it was calibrated along; goes into the device's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectRepair:
    """Say why nothing is to be repaired."""

    repair: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenRepair:
    """Open a ticket again that was told as done: the fault is still there."""

    repair: int
    version: int
    reason: str


DEVICE_COMMANDS: dict[str, type[Any]] = {
    "device.move": MoveDevice,
    "device.note": NoteDevice,
    "device.places": TakePlaces,
    "repair.done": DoRepair,
    "repair.give_back": GiveBackRepair,
    "repair.open": OpenRepair,
    "repair.reject": RejectRepair,
    "repair.reopen": ReopenRepair,
    "repair.take": TakeRepair,
}
"""Kind on the wire → record. Alphabetical."""
