"""感知设备 (S1, S3): devices by stage at the left, faults and tickets in the middle, online rates at the right."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.actions.device_deeds import DEVICE_ACTIONS
from chengyun_console.desk import Desk
from chengyun_console.pages.devices.estate import EstatePanel
from chengyun_console.pages.devices.faults import FaultPanel
from chengyun_console.pages.devices.places import PlaceSeeker
from chengyun_console.pages.devices.repairs import RepairPanel
from chengyun_console.pages.page import Page
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_console.wording.devices import DeviceWords
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.catalogue import Device
from chengyun_core.model.clock import NS_PER_S
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
from chengyun_core.model.device_file import (
    OTHER,
    DeviceFile,
    Repair,
    StageMove,
    moves_of,
    repair_moves_of,
    stage_without_file,
)
from chengyun_core.model.failure import Reason
from chengyun_core.wire.device_asks import AskDeviceFiles, DeviceFiles
from chengyun_core.wire.survey_asks import AskDeviceHealth, DeviceHealth, FaultFound
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.panel import Panel
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.presence import Presence
from chengyun_widgets.rank_bars import RankBars

ASK_EVERY_S = 5
"""How often the survey is asked while the page is in front."""
MOST_FAULTS = 500
DEEDS = tuple(action.id for action in DEVICE_ACTIONS if action.where is Where.DEVICE)
_STAGES = {
    "device.advance": StageMove.ADVANCE, "device.rebuild": StageMove.REBUILD, "device.send_back": StageMove.SEND_BACK,
}  # fmt: skip


class DevicesPage(Page):
    """Single letters are about the ticket in focus, else about the fault, else about the device."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._words = desk, DeviceWords(desk)
        self._files: dict[str, DeviceFile] = {}
        self._told: DeviceFiles | None = None
        self._health: DeviceHealth | Reason | None = None
        self._of_one: tuple[str, DeviceHealth | None] = ("", None)
        self._centre, self._code, self._about = "", "", ""
        self._asked_s, self._is_stale = -1, True
        self._sheet_state: tuple[object, ...] = ()
        self._rates_shown: tuple[object, object] = (None, None)
        self.estate, self.faults, self.repairs = EstatePanel(desk), FaultPanel(desk), RepairPanel(desk)
        self.bars, self.sheet = RankBars(desk.theme), FactSheet(desk.theme)
        self.rates = Panel(desk.theme, desk.say("devices.rates"))
        self.ask_line, self.status = AskLine(desk), status_line(desk)
        self.sending = Sender(desk, self.status)
        self.seeker = PlaceSeeker(desk, self)
        self.deeds = KeyedButtons(desk, {action: self._asker(action) for action in DEEDS})
        self._lay_out()
        self._connect()

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        if self._desk.session.signed_on is None:
            return
        self._ask()
        facts = self._desk.session.facts.devices
        self.estate.show_files(self._files | facts.files)
        tickets = frozenset((one.device, one.member, one.fault) for one in facts.repairs.values())
        self.faults.show_health(self._health, tickets)
        self.repairs.refresh()
        self._show_rates()
        self._show_sheet()

    @override
    def take_facts(self, news: FactNews) -> None:
        if any(fact.kind == "repair" for fact in news.facts) or any(kind == "repair" for kind, _key in news.gone):
            self.repairs.mark_stale()

    @override
    def take_preferences(self) -> None:
        self._is_stale = True
        self.repairs.mark_stale()

    @override
    def focus_front(self) -> None:
        self.faults.list.setFocus()

    @override
    def step_back(self) -> bool:
        if self.ask_line.close_over():
            return True
        was_narrowed = bool(self._centre)
        self._choose_centre("")
        return was_narrowed

    @override
    def subject(self) -> Where:
        return Where.DEVICE

    @override
    def doers(self) -> dict[str, Callable[[], object]]:
        return {
            "device.map": self.show_place, "device.note": self.note, "repair.done": self.finish,
            "repair.give_back": partial(self._with_reason, "repair.give_back", GiveBackRepair),
            "repair.open": self.open_ticket,
            "repair.reject": partial(self._with_reason, "repair.reject", RejectRepair),
            "repair.reopen": partial(self._with_reason, "repair.reopen", ReopenRepair),
            "repair.take": self.take, **{action: partial(self.move_stage, move) for action, move in _STAGES.items()},
        }  # fmt: skip

    def rates_title(self) -> str:
        """Return what the bars are, for who hears the screen."""
        return self._desk.say("devices.rates")

    def device(self) -> Device | None:
        """Return the device in focus: of the ticket or the fault that has the keyboard, else of the table."""
        names = self._desk.names
        return names.view.device(self._code) if names is not None and self._code else None

    def open_ticket(self) -> None:
        """G: a ticket for the fault in focus at once; for a device without one it is asked what is wrong."""
        found, device = self._found(), self.device()
        if found is not None and device is not None and found.device == device.code:
            made = OpenRepair(
                device=found.device, member=found.member, quantity=found.quantity, fault=found.fault.value,
                fault_since=found.since_ns or None,
            )  # fmt: skip
            self._send(made, "repair.open")
        elif device is not None:
            question = self._desk.say("devices.ask.what", device=device.name)
            self.ask_line.ask(f"open {device.code}", question, partial(self._open_other, device.code))
        else:
            self.sending.tell(self._desk.say("devices.nothing_chosen"), is_trouble=True)

    def take(self) -> None:
        """T: take the ticket in focus on."""
        repair = self._repair()
        if repair is not None:
            self._send(TakeRepair(repair=repair.number, version=repair.version), "repair.take")

    def finish(self) -> None:
        """D: say what was found and done; the ticket is done."""
        repair = self._repair()
        if repair is not None:
            question = self._desk.say("devices.ask.finding", number=repair.number)
            self.ask_line.ask(f"done {repair.number}", question, partial(self._finish, repair))

    def move_stage(self, move: StageMove) -> None:
        """Bring the device in focus to another stage; going back and building anew want a reason."""
        device = self.device()
        if device is None:
            self.sending.tell(self._desk.say("devices.nothing_chosen"), is_trouble=True)
        elif move is StageMove.ADVANCE:
            self._move(device.code, move, "")
        else:
            question = self._desk.say("devices.ask.reason", deed=self._desk.say(f"device.move.{move.value}"))
            self.ask_line.ask(f"{move.value} {device.code}", question, partial(self._move, device.code, move))

    def note(self) -> None:
        """N: who keeps the device in focus."""
        device = self.device()
        if device is not None:
            kept = self._file(device)
            question = self._desk.say("devices.ask.maintainer", device=device.name)
            self.ask_line.ask(
                f"note {device.code}", question, partial(self._note, device), text=kept.maintainer, may_be_empty=True
            )

    def show_place(self) -> None:
        """M, Enter: where the device in focus stands on the map."""
        about = self._repair() or self._found()
        if self._code:
            self.seeker.seek(self._code, about.member if about is not None else 0)

    def _repair(self) -> Repair | None:
        """Return the ticket letters are about: while it is what was chosen last."""
        return self.repairs.current() if self._about == "repair" else None

    def _found(self) -> FaultFound | None:
        """Return the fault letters are about: while it is what was chosen last."""
        return self.faults.found() if self._about == "fault" else None

    def _open_other(self, code: str, text: str) -> None:
        self._send(OpenRepair(device=code, fault=OTHER, text=text), "repair.open")

    def _finish(self, repair: Repair, finding: str) -> None:
        self._send(DoRepair(repair=repair.number, version=repair.version, finding=finding), "repair.done")

    def _with_reason(self, action: str, record: type[GiveBackRepair | RejectRepair | ReopenRepair]) -> None:
        repair = self._repair()
        if repair is not None:
            question = self._desk.say("devices.ask.reason", deed=self._desk.say(f"devices.action.{action[7:]}"))
            self.ask_line.ask(f"{action} {repair.number}", question, partial(self._give_reason, action, record, repair))

    def _give_reason(
        self, action: str, record: type[GiveBackRepair | RejectRepair | ReopenRepair], repair: Repair, reason: str
    ) -> None:
        self._send(record(repair=repair.number, version=repair.version, reason=reason), action)

    def _move(self, code: str, move: StageMove, reason: str) -> None:
        device = self.device()
        version = self._file(device).version if device is not None and device.code == code else 0
        self._send(MoveDevice(device=code, version=version, move=move, reason=reason), f"device.{move.value}")

    def _note(self, device: Device, text: str) -> None:
        kept = self._file(device)
        made = NoteDevice(
            device=device.code, version=kept.version, maintainer=text, calibrated=kept.calibrated, note=kept.note
        )
        self._send(made, "device.note")

    def _send(self, made: object, action: str) -> None:
        self.sending.send(made, self._desk.say(f"devices.action.{action.partition('.')[2]}"))

    def _file(self, device: Device) -> DeviceFile:
        known = self._desk.session.facts.devices.files.get(device.code) or self._files.get(device.code)
        if known is not None:
            return known
        names = self._desk.names
        channels = names.view.catalogue.channels if names is not None else ()
        connected = any(channel.device == device.code for channel in channels)
        stage = stage_without_file(is_connected=connected)
        return DeviceFile(device=device.code, stage=stage, stage_at=0, version=0)

    def _ask(self) -> None:
        now_s = self._desk.now_ns() // NS_PER_S
        if self._is_stale:
            self._is_stale = False
            self._desk.session.ask("device.page", AskDeviceFiles(), self._on_files, slot="devices.files")
        if now_s // ASK_EVERY_S != self._asked_s:
            self._asked_s = now_s // ASK_EVERY_S
            body = AskDeviceHealth(centre=self._centre, fault=self.faults.chosen, limit=MOST_FAULTS)
            self._desk.session.ask("device.health", body, self._on_health, slot="devices.health")
            if self._code:
                one = AskDeviceHealth(device=self._code, limit=1)
                self._desk.session.ask("device.health", one, partial(self._on_one, self._code), slot="devices.one")

    def _ask_now(self) -> None:
        self._asked_s = -1

    def _on_files(self, told: object) -> None:
        if isinstance(told, DeviceFiles):
            self._told = told
            self._files = {one.device: one for one in told.files}
        elif isinstance(told, Reason):
            self.sending.tell(self._desk.refusal(told), is_trouble=True)

    def _on_health(self, told: object) -> None:
        if isinstance(told, DeviceHealth | Reason):
            self._health = told

    def _on_one(self, code: str, told: object) -> None:
        if isinstance(told, DeviceHealth):
            self._of_one = (code, told)

    def _choose(self, code: str, about: str = "device") -> None:
        self._about = about
        if code and code != self._code:
            self._code = code
            self._ask_now()
        self._show_deeds()

    def _choose_centre(self, centre: str) -> None:
        chosen = "" if centre == self._centre else centre
        if chosen != self._centre:
            self._centre = chosen
            self.rates.set_note(self._words.place(chosen) if chosen else "")
            self._ask_now()

    def _show_rates(self) -> None:
        """Districts and kinds are thousands of figures: added up when others came, not on every frame."""
        told, shown = self._health, self._rates_shown
        # By identity: to compare two answers walks through all of it.
        if not isinstance(told, DeviceHealth) or (shown[0] is told and shown[1] == (self._centre, self._desk.names)):
            return
        self._rates_shown = (told, (self._centre, self._desk.names))
        self.bars.show_rows(self._words.rates(told.rates, self._centre), self.rates_title())

    def _show_sheet(self) -> None:
        device, repair, found = self.device(), self._repair(), self._found()
        of_one = self._of_one[1] if self._of_one[0] == self._code else None
        kept = self._file(device) if device is not None else None
        state = (device, kept, found, of_one, repair, self._told)
        if state == self._sheet_state:
            return
        self._sheet_state = state
        sections = self._words.sheet(device, kept, found, of_one, repair) if device is not None else ()
        self.sheet.show_sections(sections)
        self.estate.setToolTip(plain_tip(self._words.places(self._told.places if self._told is not None else None)))
        self._show_deeds()

    def _show_deeds(self) -> None:
        device, repair = self.device(), self._repair()
        possible = ["repair.open", "device.map", "device.note"] if device is not None else []
        if repair is not None:
            possible += [f"repair.{move.value}" for move in repair_moves_of(repair.state)]
        if device is not None:
            possible += [f"device.{move.value}" for move in moves_of(self._file(device).stage)]
        self.deeds.show_only(possible)

    def _on_fault(self, _key: str) -> None:
        found = self.faults.found()
        self._choose(found.device if found is not None else "", "fault")

    def _on_repair(self, _key: str) -> None:
        repair = self.repairs.current()
        self._choose(repair.device if repair is not None else "", "repair")

    def _asker(self, action: str) -> Callable[[], object]:
        return lambda: self.action_was_asked.emit(action)

    def _connect(self) -> None:
        self.estate.device_was_chosen.connect(self._choose)
        self.estate.device_was_opened.connect(lambda _code: self.show_place())
        self.faults.filter_did_change.connect(self._ask_now)
        self.faults.fault_was_chosen.connect(self._on_fault)
        self.faults.fault_was_opened.connect(lambda _key: self.show_place())
        self.repairs.repair_was_chosen.connect(self._on_repair)
        self.repairs.repair_was_opened.connect(lambda _key: self.show_place())
        self.bars.row_was_opened.connect(self._choose_centre)
        self.bars.row_was_chosen.connect(self._choose_centre)

    def _lay_out(self) -> None:
        self.rates.set_body(self.bars)
        self.rates.show_notice(Presence.FRESH, "")
        facts = Panel(self._desk.theme, self._desk.say("devices.sheet"))
        facts.set_body(self.sheet)
        facts.show_notice(Presence.FRESH, "")
        middle = SplitPanes(self._desk, "devices.middle", Qt.Orientation.Vertical, (60, 40))
        right = SplitPanes(self._desk, "devices.right", Qt.Orientation.Vertical, (52, 48))
        whole = SplitPanes(self._desk, "devices.whole", Qt.Orientation.Horizontal, (42, 32, 26))
        for split, panels in ((middle, (self.faults, self.repairs)), (right, (self.rates, facts))):
            for panel in panels:
                split.addWidget(panel)
        for pane in (self.estate, middle, right):
            whole.addWidget(pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 2)
        column.setSpacing(0)
        column.addWidget(whole, 1)
        for line in (self.ask_line, self.status, self.deeds):
            column.addWidget(line)
