"""Where what one finds in the command bar leads: what it asks of the window, and the ways that are no action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRect

from chengyun_console.actions.action import Action
from chengyun_core.mirror.tree import Node


class Window(Protocol):
    """What a choice asks of the window."""

    def do(self, actions: tuple[Action, ...]) -> None:
        """Do what a key stands for."""

    def show_page(self, key: str) -> None:
        """Bring a page to the front."""

    def page_area(self) -> QRect:
        """Return where the page is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Where choices lead that are no action of the table."""

    vital: Callable[[int], None]
    alarm: Callable[[int], None]
    node: Callable[[Node], None]
    plan: Callable[[str], None]
    """Words to look for among the plans."""
