"""Commands about units: frozen records and their kinds; merged into `command.COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.dispatch import UnitState


@dataclass(frozen=True, slots=True, kw_only=True)
class TellUnitState:
    """Say how a unit stands and where it is: by itself, or by an officer who heard it (D3)."""

    unit: str
    version: int
    """What the teller saw; 0: the unit never told anything."""
    state: UnitState
    longitude: float | None = None
    """Degrees; None with `latitude`: where it was."""
    latitude: float | None = None
    reason: str = ""
    """Needed when an officer tells it for the unit: who said so."""


DISPATCH_COMMANDS: dict[str, type[Any]] = {"unit.state": TellUnitState}
"""Kind on the wire → record. Alphabetical."""
