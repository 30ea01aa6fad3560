"""What may be asked of the centre about files of devices and repair tickets; found by `ask_tables`."""

from dataclasses import dataclass, field

from chengyun_core.model.device_file import DeviceFile, Repair, RepairState


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDeviceFiles:
    """Ask `device.page`: the files that were written, of one device or of all. What has none stands where
    `device_file.stage_without_file` says."""

    device: str = ""
    after: str = ""
    """Code to read on behind."""
    limit: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesTold:
    """The file of places in force, as the journal has it."""

    origin: str
    devices: int
    digest: str
    schematic: bool
    at: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFiles:
    """Answer, by code."""

    files: tuple[DeviceFile, ...] = ()
    more: bool = False
    places: PlacesTold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRepairs:
    """Ask `repair.page`: tickets, newest first."""

    centre: str = ""
    """A centre and all below it; empty: everywhere."""
    states: tuple[RepairState, ...] = ()
    """Empty: of every state."""
    device: str = ""
    before: int = 0
    """Number to read on from; 0: the newest."""
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairs:
    """Answer."""

    repairs: tuple[Repair, ...] = ()
    more: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    """RepairState → tickets of the centre and device asked for, in every state; `overdue` among the living."""


DEVICE_ASKS: dict[str, tuple[type, type | None]] = {
    "device.page": (AskDeviceFiles, DeviceFiles),
    "repair.page": (AskRepairs, Repairs),
}
"""Ask → (body, answer). Alphabetical."""
