"""What is done on the page of devices: tickets by the table of their states, stages by theirs, the file of a device."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from chengyun_console.desk import Desk
from chengyun_console.pages.devices.asking import DeviceKnowledge
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.sender import Sender
from chengyun_core.model.catalogue import Device
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
from chengyun_core.model.device_file import OTHER, Repair, StageMove
from chengyun_core.wire.survey_asks import FaultFound

STAGES = {
    "device.advance": StageMove.ADVANCE, "device.rebuild": StageMove.REBUILD, "device.send_back": StageMove.SEND_BACK,
}  # fmt: skip


class InFocus(Protocol):
    """What letters are about."""

    def device(self) -> Device | None:
        """Return the device in focus."""
        ...

    def repair(self) -> Repair | None:
        """Return the ticket in focus: while it is what was chosen last."""
        ...

    def found(self) -> FaultFound | None:
        """Return the fault in focus: while it is what was chosen last."""
        ...


class DeviceDeeds:
    """Every deed is a command; what it needs is asked in the line at the foot of the page."""

    def __init__(
        self, desk: Desk, focus: InFocus, known: DeviceKnowledge, ask_line: AskLine, sending: Sender
    ) -> None:  # fmt: skip
        self._desk, self._focus, self._known = desk, focus, known
        self._ask_line, self._sending = ask_line, sending

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what actions on devices do, by their ids."""
        return {
            "device.note": self.note, "repair.done": self.finish,
            "repair.give_back": partial(self._with_reason, "repair.give_back", GiveBackRepair),
            "repair.open": self.open_ticket,
            "repair.reject": partial(self._with_reason, "repair.reject", RejectRepair),
            "repair.reopen": partial(self._with_reason, "repair.reopen", ReopenRepair),
            "repair.take": self.take, **{action: partial(self.move_stage, move) for action, move in STAGES.items()},
        }  # fmt: skip

    def open_ticket(self) -> None:
        """G: a ticket for the fault in focus at once; for a device without one it is asked what is wrong."""
        found, device = self._focus.found(), self._focus.device()
        if found is not None and device is not None and found.device == device.code:
            made = OpenRepair(
                device=found.device, member=found.member, quantity=found.quantity, fault=found.fault.value,
                fault_since=found.since_ns or None,
            )  # fmt: skip
            self._send(made, "repair.open")
        elif device is not None:
            question = self._desk.say("devices.ask.what", device=device.name)
            self._ask_line.ask(f"open {device.code}", question, partial(self._open_other, device.code))
        else:
            self._tell_nothing()

    def take(self) -> None:
        """T: take the ticket in focus on."""
        repair = self._focus.repair()
        if repair is not None:
            self._send(TakeRepair(repair=repair.number, version=repair.version), "repair.take")

    def finish(self) -> None:
        """D: say what was found and done, and on which day it was calibrated where it was; the ticket is done."""
        repair = self._focus.repair()
        if repair is not None:
            question = self._desk.say("devices.ask.finding", number=repair.number)
            self._ask_line.ask(f"done {repair.number}", question, partial(self._ask_calibrated, repair))

    def move_stage(self, move: StageMove) -> None:
        """Bring the device in focus to another stage; going back and building anew want a reason."""
        device = self._focus.device()
        if device is None:
            self._tell_nothing()
        elif move is StageMove.ADVANCE:
            self._move(device, move, "")
        else:
            question = self._desk.say("devices.ask.reason", deed=self._desk.say(f"device.move.{move.value}"))
            self._ask_line.ask(f"{move.value} {device.code}", question, partial(self._move, device, move))

    def note(self) -> None:
        """N: who keeps the device in focus, and when it was calibrated last."""
        device = self._focus.device()
        if device is not None:
            question = self._desk.say("devices.ask.maintainer", device=device.name)
            self._ask_line.ask(
                f"note {device.code}", question, partial(self._ask_day, device),
                text=self._known.file(device).maintainer, may_be_empty=True,
            )  # fmt: skip

    def _open_other(self, code: str, text: str) -> None:
        self._send(OpenRepair(device=code, fault=OTHER, text=text), "repair.open")

    def _ask_calibrated(self, repair: Repair, finding: str) -> None:
        question = self._desk.say("devices.ask.calibrated_by_repair", number=repair.number)
        self._ask_line.ask(
            f"calibrated {repair.number}", question, partial(self._finish, repair, finding), may_be_empty=True
        )  # fmt: skip

    def _finish(self, repair: Repair, finding: str, day: str) -> None:
        made = DoRepair(repair=repair.number, version=repair.version, finding=finding, calibrated=day)
        self._send(made, "repair.done")

    def _with_reason(self, action: str, record: type[GiveBackRepair | RejectRepair | ReopenRepair]) -> None:
        repair = self._focus.repair()
        if repair is not None:
            question = self._desk.say("devices.ask.reason", deed=self._desk.say(f"devices.action.{action[7:]}"))
            self._ask_line.ask(
                f"{action} {repair.number}", question, partial(self._give_reason, action, record, repair)
            )  # fmt: skip

    def _give_reason(
        self, action: str, record: type[GiveBackRepair | RejectRepair | ReopenRepair], repair: Repair, reason: str
    ) -> None:
        self._send(record(repair=repair.number, version=repair.version, reason=reason), action)

    def _move(self, device: Device, move: StageMove, reason: str) -> None:
        version = self._known.file(device).version
        self._send(MoveDevice(device=device.code, version=version, move=move, reason=reason), f"device.{move.value}")

    def _ask_day(self, device: Device, maintainer: str) -> None:
        question = self._desk.say("devices.ask.calibrated", device=device.name)
        self._ask_line.ask(
            f"calibrated {device.code}", question, partial(self._note, device, maintainer),
            text=self._known.file(device).calibrated, may_be_empty=True,
        )  # fmt: skip

    def _note(self, device: Device, maintainer: str, day: str) -> None:
        kept = self._known.file(device)
        made = NoteDevice(
            device=device.code, version=kept.version, maintainer=maintainer, calibrated=day, note=kept.note
        )  # fmt: skip
        self._send(made, "device.note")

    def _tell_nothing(self) -> None:
        self._sending.tell(self._desk.say("devices.nothing_chosen"), is_trouble=True)

    def _send(self, made: object, action: str) -> None:
        self._sending.send(made, self._desk.say(f"devices.action.{action.partition('.')[2]}"))
