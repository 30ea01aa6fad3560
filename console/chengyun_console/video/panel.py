"""A panel of cameras for a page or a wall: panes under a head that says how many and which keys act."""

from collections.abc import Sequence

from chengyun_console.actions.action import Where
from chengyun_console.desk import Desk
from chengyun_console.video.cameras import Spot
from chengyun_console.video.panes import VideoPanes
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence


class VideoPanel(Panel):
    """What a page needs of video: which cameras, how many panes, what Esc leaves. Keys come to it by themselves.

    Streams run only while the panel can be seen; nothing has to be told when its page goes.
    """

    def __init__(self, desk: Desk, slot: str, count: int = 4, title: str = "") -> None:
        """`slot`: a name of this place, no other's: `command`, `wall`."""
        super().__init__(desk.theme, title or desk.say("panes.title"))
        self.panes = VideoPanes(desk, desk.video.of(desk), slot, count)
        self.panes.grid.opens_large = False
        self.set_body(self.panes)
        self.show_notice(Presence.FRESH, "")
        self.panes.did_change.connect(self._show_head)
        self._show_head()

    def show_cameras(self, codes: Sequence[str]) -> None:
        """Show these cameras, in this order."""
        self.panes.show_cameras(codes)

    def follow(self, spot: Spot | None) -> None:
        """Show the cameras nearest to what is in focus; the same spot again changes nothing the officer chose."""
        self.panes.follow(spot)

    def show_count(self, count: int) -> None:
        """Show 1, 4, 9 or 16 panes; raises ValueError for another number."""
        self.panes.show_count(count)

    def step_back(self) -> bool:
        """Leave the nearest thing in it (Esc); return whether there was one."""
        return self.panes.step_back()

    def subject(self) -> Where:
        """Return what single letters are about while it has the keyboard."""
        return Where.VIDEO

    def focus_front(self) -> None:
        """Give it the keyboard."""
        self.panes.grid.setFocus()

    def _show_head(self) -> None:
        self.set_note(self.panes.head())
