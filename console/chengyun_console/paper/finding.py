"""Finds the panes one may print: those in sight on a page and over it, and the one that has the keyboard."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from chengyun_console.pages.cockpit.sectors import SectorRow
from chengyun_widgets.panel import Panel


def panes_of(roots: Sequence[QWidget]) -> tuple[QWidget, ...]:
    """Return the panes in sight, those of the first root first, from the top left on."""
    found: list[QWidget] = []
    for root in roots:
        inside = [child for child in root.findChildren(QWidget) if isinstance(child, Panel | SectorRow)]
        panes = [root, *inside] if isinstance(root, Panel) else inside
        shown = [pane for pane in panes if pane.isVisible() and pane not in found]
        found += sorted(shown, key=lambda pane: _corner(pane, root))
    return tuple(found)


def pane_with(focus: QWidget | None, panes: Sequence[QWidget]) -> QWidget | None:
    """Return the pane around a widget, the nearest one; the first pane when it is in none."""
    while focus is not None and focus not in panes:
        focus = focus.parentWidget()
    return focus or (panes[0] if panes else None)


def _corner(pane: QWidget, root: QWidget) -> tuple[int, int]:
    at = pane.mapTo(root, pane.rect().topLeft()) if pane is not root else pane.rect().topLeft()
    return at.y(), at.x()
