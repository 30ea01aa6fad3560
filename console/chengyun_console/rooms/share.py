"""The one room desk of a console, made when somebody looks at a consultation for the first time."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from chengyun_console.room_focus import RoomFocus
from chengyun_core.mirror.facts import FactMirror

if TYPE_CHECKING:
    from chengyun_console.desk import Desk
    from chengyun_console.rooms.desk import RoomDesk
    from chengyun_core.rtc.media_process import Media
    from chengyun_core.rtc.orders import Begin, Told


class RoomShare:
    """Costs nothing until it is asked: who never consults loads nothing of sound and pictures."""

    def __init__(self, facts: FactMirror) -> None:
        self.focus = RoomFocus(facts)
        """What letters in the sheet mean."""
        self.make_media: Callable[[Begin, Callable[[Told], None]], Media] = _media
        """Makes the media worker; another one before the first look."""
        self._made: RoomDesk | None = None

    def of(self, desk: "Desk") -> "RoomDesk":
        """Return the room desk; sheets of every window share its line."""
        if self._made is None:
            from chengyun_console.rooms.desk import RoomDesk  # noqa: PLC0415 - see above

            self._made = RoomDesk(desk, self.make_media, desk)
        return self._made

    def stop(self) -> None:
        """End the media worker; called once, with the console."""
        if self._made is not None:
            self._made.stop()


def _media(begin: "Begin", told: "Callable[[Told], None]") -> "Media":
    from chengyun_core.rtc.media_process import MediaProcess  # noqa: PLC0415 - see above

    return MediaProcess(begin, told)
