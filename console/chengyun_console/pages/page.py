"""What every page of the console can be asked; a page overrides what concerns it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.actions.action import Where
from chengyun_console.frame_turns import Steps
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews

if TYPE_CHECKING:
    from chengyun_console.shell.wall_stage import Staged


class Page(QWidget):
    """A page of `shell.page_table`. News reaches every page, in front or not; `bring_to_now` only the one in front."""

    action_was_asked = Signal(str)
    """Id of an action whose button was pressed on the page."""

    def making(self) -> Steps:
        """Make what the page is made of, a part at a time; nothing else is asked of a page before the last.

        A page that takes less than 20 ms to make makes everything in its constructor.
        """
        yield from ()

    def bring_to_now(self, links: Links, now_s: float) -> None:
        """Paint what changed; called on each frame while the page is in front. `now_s`: the tick's monotonic time."""

    def steps(self, links: Links, now_s: float) -> Steps:
        """Do what `bring_to_now` does with a pause after each pane; a page of several heavy panes overrides both."""
        self.bring_to_now(links, now_s)
        yield from ()

    def take_catalogue(self, scheme: str) -> None:
        """Show another version of the catalogue; `scheme` is that of the own centre's sectors."""

    def take_facts(self, news: FactNews) -> None:
        """Take note of what the centre told."""

    def take_frame(self) -> None:
        """Take note that values came."""

    def take_preferences(self) -> None:
        """Take over what the seat that was taken keeps."""

    def focus_front(self) -> None:
        """Give the keyboard to what one comes here for."""

    def step_back(self) -> bool:
        """Leave the nearest thing that can be left (Esc); return whether there was one."""
        return False

    def subject(self) -> Where:
        """Return what a single letter is about while the page is in front: an alarm, an event."""
        return Where.ALARM

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the page itself does for actions about it, by their ids."""
        return {}

    def waiting(self) -> int:
        """Return how many things wait here for this officer: the badge on the rail."""
        return 0

    def staged(self) -> "Staged | None":
        """Return what goes to the wall when an officer sends the page there; None: the cockpit's selection."""
        return None

    def free_until(self) -> int | None:
        """Return the x, in the page, up to which a card may cover it; None when it may lie anywhere."""
        return None
