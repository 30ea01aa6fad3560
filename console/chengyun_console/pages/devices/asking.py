"""What the page of devices knows: files as the centre has them, faults and rates as the survey finds them."""

from functools import partial

from chengyun_console.desk import Desk
from chengyun_console.pages.plans.sender import Sender
from chengyun_core.model.catalogue import Device
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.device import DeviceFault
from chengyun_core.model.device_file import DeviceFile, stage_without_file
from chengyun_core.model.failure import Reason
from chengyun_core.wire.device_asks import AskDeviceFiles, DeviceFiles
from chengyun_core.wire.survey_asks import AskDeviceHealth, DeviceHealth

ASK_EVERY_S = 5
"""How often the survey is asked while the page is in front."""
MOST_FAULTS = 500


class DeviceKnowledge:
    """Asked on frames of the page; answers come when they come."""

    def __init__(self, desk: Desk, sending: Sender) -> None:
        self._desk, self._sending = desk, sending
        self.told: DeviceFiles | None = None
        self.health: DeviceHealth | Reason | None = None
        self._files: dict[str, DeviceFile] = {}
        self._of_one: tuple[str, DeviceHealth | None] = ("", None)
        self._asked_s, self._is_stale = -1, True

    def ask(self, centre: str, fault: DeviceFault | None, code: str) -> None:
        """Ask what is due: files when they may be others, the survey every few seconds; `code` is in focus."""
        now_s = self._desk.now_ns() // NS_PER_S
        if self._is_stale:
            self._is_stale = False
            self._desk.session.ask("device.page", AskDeviceFiles(), self._on_files, slot="devices.files")
        if now_s // ASK_EVERY_S == self._asked_s:
            return
        self._asked_s = now_s // ASK_EVERY_S
        body = AskDeviceHealth(centre=centre, fault=fault, limit=MOST_FAULTS)
        self._desk.session.ask("device.health", body, self._on_health, slot="devices.health")
        if code:
            one = AskDeviceHealth(device=code, limit=1)
            self._desk.session.ask("device.health", one, partial(self._on_one, code), slot="devices.one")

    def ask_now(self) -> None:
        """Ask the survey with the next frame: something else is in focus."""
        self._asked_s = -1

    def mark_stale(self) -> None:
        """Ask for the files anew: another seat was taken."""
        self._is_stale = True

    def files(self) -> dict[str, DeviceFile]:
        """Return what is written of devices, by code."""
        return self._files | self._desk.session.facts.devices.files

    def of_one(self, code: str) -> DeviceHealth | None:
        """Return what the survey said of one device."""
        return self._of_one[1] if self._of_one[0] == code else None

    def file(self, device: Device) -> DeviceFile:
        """Return what is kept of a device; version 0 where nothing was written."""
        known = self._desk.session.facts.devices.files.get(device.code) or self._files.get(device.code)
        if known is not None:
            return known
        names = self._desk.names
        channels = names.view.catalogue.channels if names is not None else ()
        stage = stage_without_file(is_connected=any(channel.device == device.code for channel in channels))
        return DeviceFile(device=device.code, stage=stage, stage_at=0, version=0)

    def _on_files(self, told: object) -> None:
        if isinstance(told, DeviceFiles):
            self.told = told
            self._files = {one.device: one for one in told.files}
        elif isinstance(told, Reason):
            self._sending.tell(self._desk.refusal(told), is_trouble=True)

    def _on_health(self, told: object) -> None:
        if isinstance(told, DeviceHealth | Reason):
            self.health = told

    def _on_one(self, code: str, told: object) -> None:
        if isinstance(told, DeviceHealth):
            self._of_one = (code, told)
