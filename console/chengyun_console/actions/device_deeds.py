"""Actions of the page of sensing devices: tickets opened, taken and ended; stages; where a device stands on the map."""

from chengyun_console.actions.action import Action, Where
from chengyun_core.model.device_commands import (
    DoRepair,
    GiveBackRepair,
    MoveDevice,
    NoteDevice,
    OpenRepair,
    RejectRepair,
    ReopenRepair,
    TakeRepair,
)

DEVICE_ACTIONS: tuple[Action, ...] = (
    Action(id="page.devices", title="console.page.devices", keys=("Ctrl+Shift+G",)),
    Action(id="repair.open", title="devices.action.open", keys=("G",), where=Where.DEVICE, record=OpenRepair),
    Action(id="repair.take", title="devices.action.take", keys=("T",), where=Where.DEVICE, record=TakeRepair),
    Action(id="repair.done", title="devices.action.done", keys=("D",), where=Where.DEVICE, record=DoRepair),
    Action(
        id="repair.give_back", title="devices.action.give_back", keys=("Z",), where=Where.DEVICE, record=GiveBackRepair
    ),
    Action(id="repair.reject", title="devices.action.reject", keys=("X",), where=Where.DEVICE, record=RejectRepair),
    Action(id="repair.reopen", title="devices.action.reopen", keys=("O",), where=Where.DEVICE, record=ReopenRepair),
    Action(id="device.map", title="devices.action.map", keys=("M",), where=Where.DEVICE),
    Action(id="device.advance", title="devices.action.advance", keys=("A",), where=Where.DEVICE, record=MoveDevice),
    Action(id="device.send_back", title="devices.action.send_back", keys=("B",), where=Where.DEVICE, record=MoveDevice),
    Action(id="device.rebuild", title="devices.action.rebuild", keys=("R",), where=Where.DEVICE, record=MoveDevice),
    Action(id="device.note", title="devices.action.note", keys=("N",), where=Where.DEVICE, record=NoteDevice),
)
"""Enter on a fault or a ticket is its place on the map, too."""
