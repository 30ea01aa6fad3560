"""From a device to its place on the map: the catalogue's own, else what the survey answers."""

from functools import partial

from PySide6.QtCore import QObject

from chengyun_console.desk import Desk
from chengyun_console.pages.page import Page
from chengyun_core.model.failure import Reason
from chengyun_core.wire.survey_asks import AskDevicePlace, DevicePlace


class PlaceSeeker(QObject):
    """Asks, then brings the map forward; a device whose place nobody knows is told so."""

    def __init__(self, desk: Desk, page: Page) -> None:
        super().__init__(page)
        self._desk, self._page = desk, page

    def seek(self, device: str, member: int) -> None:
        """Show where a device stands."""
        body = AskDevicePlace(device=device, member=member)
        self._desk.session.ask("device.place", body, partial(self._take, device), slot="devices.place")

    def _take(self, device: str, told: object) -> None:
        if isinstance(told, Reason):
            self._desk.message_came.emit(self._desk.refusal(told), True)
        elif isinstance(told, DevicePlace):
            if not told.is_known:
                self._desk.message_came.emit(self._desk.say("devices.no_place", device=device), False)
                return
            self._page.action_was_asked.emit("page.map")
            self._desk.maps.place_was_sought.emit(told.x, told.y)
