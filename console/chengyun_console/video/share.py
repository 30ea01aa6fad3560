"""The one video desk of a console, made when somebody looks at a camera for the first time."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chengyun_console.desk import Desk
    from chengyun_console.video.desk import VideoDesk
    from chengyun_core.video.port import Fleet


class VideoShare:
    """Costs nothing until it is asked: who never looks at a camera loads nothing of video."""

    def __init__(self) -> None:
        self.make_fleet: Callable[[Desk, str], Fleet] = _fleet
        """Makes the decoders, given the address of the demo's camera server; another one before the first look."""
        self._made: VideoDesk | None = None

    def of(self, desk: "Desk") -> "VideoDesk":
        """Return the video desk; panels of every window share its streams."""
        if self._made is None:
            from chengyun_console.video.desk import VideoDesk  # noqa: PLC0415 - see above

            self._made = VideoDesk(desk, partial(self.make_fleet, desk), desk)
        return self._made

    def stop(self) -> None:
        """End the decoders; called once, with the console."""
        if self._made is not None:
            self._made.stop()


def _fleet(desk: "Desk", demo: str) -> "Fleet":
    """Return decoders by the profile's settings. Raises Refused, Trouble when those cannot be used."""
    from chengyun_core.video.fence import Fence  # noqa: PLC0415 - see above
    from chengyun_core.video.fleet import VideoFleet  # noqa: PLC0415 - see above
    from chengyun_core.video.settings import VideoSettings  # noqa: PLC0415 - see above
    from chengyun_core.wire import settings_file  # noqa: PLC0415 - see above

    settings = settings_file.read(desk.profile / "profile.toml", "video", VideoSettings)
    if demo and not settings.demo_server:
        settings = replace(settings, demo_server=demo)
    return VideoFleet(Fence.of(settings), settings, desk.session.clock)
