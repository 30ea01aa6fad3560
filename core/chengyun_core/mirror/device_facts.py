"""What a screen holds of devices: repair tickets somebody has to see to, and files that changed lately."""

from typing import Any

from chengyun_core.model.device_file import DeviceFile, Repair


class DeviceFacts:
    """Owned by whoever owns the FactMirror; only that one writes."""

    def __init__(self) -> None:
        self.repairs: dict[int, Repair] = {}
        """Living tickets by number; ended ones are asked of the centre (`repair.page`)."""
        self.files: dict[str, DeviceFile] = {}
        """Files told since this screen began, by code; all of them are asked of the centre (`device.page`)."""

    def shelf_of(self, kind: str, key: str) -> tuple[dict[Any, Any], int | str] | None:
        """Return where records of a kind are kept, and the key there; None for a kind that is not kept here."""
        if kind == "device_stage":
            return self.files, key
        return (self.repairs, int(key)) if kind == "repair" else None
