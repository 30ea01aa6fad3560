"""What is under way at a map when another window takes the place of its own: view, layers, time, question, drawing."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chengyun_console.maps.question import Outline
from chengyun_console.maps.toggles import Standing
from chengyun_core.model.drawing import Drawing
from chengyun_widgets.mapping.layers import World
from chengyun_widgets.mapping.tools import Tool
from chengyun_widgets.mapping.view import MapView

if TYPE_CHECKING:
    from chengyun_console.maps.panel import MapPanel


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A drawing in the hand, or one that is whole and asked about."""

    tool: Tool
    points: tuple[World, ...]
    event: int | None
    """Number of the event it is drawn on; None: something is measured."""
    drawing: Drawing | None = None
    """The one that is being changed, as it was when it was taken; None: a new one."""
    is_asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLuggage:
    """Frozen values only (see shell.carried)."""

    view: MapView
    kept: MapView | None
    is_locked: bool
    standing: Standing
    own: tuple[MapView, Standing, str] | None
    """One's own place and layers, and whose map it is, while that is somebody else's."""
    has_slider: bool
    at_ns: int | None
    """Time that is looked at, profile ns UTC; None: now."""
    outline: Outline | None
    """What was asked about: it is asked anew, in the words of the other window."""
    held: Held | None
    measuring: str
    """Action whose tool is in the hand where it measures; empty: none was taken yet."""


def unpack(luggage: MapLuggage, panel: "MapPanel") -> None:
    """Put everything in its place at another map."""
    panel.toggles.restore(luggage.standing)
    for view in (luggage.kept, luggage.view):
        if view is not None:
            panel.canvas.look_at(view)
    panel.canvas.lock_view(luggage.is_locked)
    if luggage.has_slider:
        panel.turn_slider()
        panel.past.go_to(luggage.at_ns)
    if luggage.outline is not None:
        panel.inquiry.again(luggage.outline)
    if luggage.held is not None:
        panel.hand.take(luggage.held)
