"""Where a window goes: its kept place when that screen is there, else one that exists; and back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_SEEN_PX = 120
"""So much of a window must lie on a screen for an officer to find and move it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in px of the desktop."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenBox:
    """A screen: its name as the system tells it, and what a window may use of it."""

    name: str
    area: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPlace:
    """Where a window was. `x` and `y` count from the screen's corner: screens change their order on a desktop."""

    screen: str = ""
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0
    is_full: bool = False
    """Maximised, or full screen for the wall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a window goes now. `is_away`: not on the screen that was kept."""

    screen: str
    box: Box
    is_full: bool
    is_away: bool


def place(kept: WindowPlace, screens: Sequence[ScreenBox], *, primary: str) -> Placed:
    """Return where a window that was kept goes: on its screen, else on the primary one, never outside of it.

    `screens` has one at least; ValueError otherwise.
    """
    if not screens:
        raise ValueError("no screen to put a window on")
    named = {screen.name: screen for screen in screens}
    is_away = kept.screen not in named
    screen = named.get(kept.screen) or named.get(primary) or screens[0]
    return Placed(
        screen=screen.name,
        box=_inside(kept, screen.area, is_away=is_away),
        is_full=kept.is_full,
        is_away=is_away and bool(kept.screen),
    )


def for_wall(screens: Sequence[ScreenBox], console: str, chosen: WindowPlace | None) -> Placed:
    """Return where the wall goes: its chosen screen, else the largest that the console is not on, full screen.

    With one screen only it is an ordinary window on it; so it is when its screen was unplugged.
    """
    others = [screen for screen in screens if screen.name != console]
    if chosen is not None and any(screen.name == chosen.screen for screen in screens):
        return place(chosen, screens, primary=console)
    away = chosen is not None and bool(chosen.screen)
    if not others:
        area = next(screen.area for screen in screens)
        third = Box(
            x=area.x + area.width // 6,
            y=area.y + area.height // 6,
            width=area.width * 2 // 3,
            height=area.height * 2 // 3,
        )
        return Placed(screen=screens[0].name, box=third, is_full=False, is_away=away)
    widest = max(others, key=lambda screen: (screen.area.width * screen.area.height, screen.name))
    return Placed(screen=widest.name, box=widest.area, is_full=True, is_away=away)


def kept_of(screen: ScreenBox, box: Box, *, is_full: bool) -> WindowPlace:
    """Return what is kept of a window that lies at `box` of a screen."""
    return WindowPlace(
        screen=screen.name,
        x=box.x - screen.area.x,
        y=box.y - screen.area.y,
        width=box.width,
        height=box.height,
        is_full=is_full,
    )


def _inside(kept: WindowPlace, area: Box, *, is_away: bool) -> Box:
    """A window kept for a larger or another screen lies on this one whole; one pushed over the edge stays in reach."""
    width = min(kept.width or area.width, area.width)
    height = min(kept.height or area.height, area.height)
    if is_away or kept.width > area.width or kept.height > area.height:
        x = min(max(kept.x, 0), area.width - width)
        y = min(max(kept.y, 0), max(0, area.height - max(height, LEAST_SEEN_PX)))
    else:
        # The title bar is what one grips: never above the screen, and enough of it never beside.
        x = min(max(kept.x, LEAST_SEEN_PX - width), area.width - LEAST_SEEN_PX)
        y = min(max(kept.y, 0), max(0, area.height - LEAST_SEEN_PX))
    return Box(x=area.x + x, y=area.y + y, width=width, height=height)
