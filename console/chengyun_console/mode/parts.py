"""The parts of a switch that a seat carries out itself: layout, sound, plans at hand; and why one cannot be."""

from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_console.layouts.cockpit_layout import CockpitLayout, layout_given
from chengyun_console.mode.standing import mode_here
from chengyun_core.model.mode import Part

NO_LAYOUT, NO_SOUND = "mode.fault.layout", "mode.fault.sound"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundProfile:
    """How loud a seat is at least, in per cent, and whether alarms are spoken whatever the seat chose."""

    least_volume: int = 0
    speaks: bool = False


PROFILES: dict[str, SoundProfile] = {
    "": SoundProfile(),
    "emergency": SoundProfile(least_volume=75, speaks=True),
    "loud": SoundProfile(least_volume=100, speaks=True),
}
"""Code of a preset's sound → what it means here. Never quieter than the seat's own; F12 silences as ever (A15)."""


def sound_here(desk: Desk) -> SoundProfile:
    """Return the sound profile in effect at this seat; an unknown one leaves the seat's own."""
    return PROFILES.get(mode_here(desk).effect.parts.get(Part.SOUND, ""), SoundProfile())


def plans_here(desk: Desk) -> tuple[str, ...]:
    """Return the codes of the plans that what is in effect at this seat puts under the hand, in their order."""
    return tuple(mode_here(desk).effect.parts.get(Part.PLANS, "").split())


def fault_here(desk: Desk, layout: CockpitLayout) -> str:
    """Return the code of what this seat cannot carry out of the mode in effect; empty when it can."""
    wanted = layout_given(desk)
    if wanted and not layout.has(wanted):
        return NO_LAYOUT
    return NO_SOUND if mode_here(desk).effect.parts.get(Part.SOUND, "") not in PROFILES else ""
