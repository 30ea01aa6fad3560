"""Commands and asks about devices and their repair, with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import device_deeds, repair_deeds
from chengyun_core.centre.handler import Handler

DEVICE_HANDLERS: dict[str, Handler] = {
    "device.move": Handler(handle=device_deeds.move, subjects=device_deeds.subjects_of_device),
    "device.note": Handler(handle=device_deeds.note, subjects=device_deeds.subjects_of_device),
    "device.places": Handler(handle=device_deeds.take_places),
    "repair.done": Handler(handle=repair_deeds.done, subjects=repair_deeds.subjects_of_known),
    "repair.give_back": Handler(handle=repair_deeds.give_back, subjects=repair_deeds.subjects_of_known),
    "repair.open": Handler(handle=repair_deeds.open_ticket, subjects=repair_deeds.subjects_of_new),
    "repair.reject": Handler(handle=repair_deeds.reject, subjects=repair_deeds.subjects_of_known),
    "repair.reopen": Handler(handle=repair_deeds.reopen, subjects=repair_deeds.subjects_of_known),
    "repair.take": Handler(handle=repair_deeds.take, subjects=repair_deeds.subjects_of_known),
}
"""Command kind → handler. Alphabetical."""

DEVICE_ANSWERS: dict[str, Callable[..., bytes]] = {"device.page": device_deeds.page, "repair.page": repair_deeds.page}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""
