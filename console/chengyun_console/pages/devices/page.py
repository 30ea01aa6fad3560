"""感知设备 (S1, S3): devices by stage at the left, faults and tickets in the middle, online rates at the right."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.actions.device_deeds import DEVICE_ACTIONS
from chengyun_console.desk import Desk
from chengyun_console.pages.devices.asking import DeviceKnowledge
from chengyun_console.pages.devices.deeds import DeviceDeeds
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
from chengyun_core.model.device_file import Repair, moves_of, repair_moves_of
from chengyun_core.wire.survey_asks import DeviceHealth, FaultFound
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.panel import Panel
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.presence import Presence
from chengyun_widgets.rank_bars import RankBars

DEEDS = tuple(action.id for action in DEVICE_ACTIONS if action.where is Where.DEVICE)


class DevicesPage(Page):
    """Single letters are about the ticket in focus, else about the fault, else about the device."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._words = desk, DeviceWords(desk)
        self._centre, self._code, self._about = "", "", ""
        self._sheet_state: tuple[object, ...] = ()
        self._rates_shown: tuple[object, object] = (None, None)
        self.estate, self.faults, self.repairs = EstatePanel(desk), FaultPanel(desk), RepairPanel(desk)
        self.bars, self.sheet = RankBars(desk.theme), FactSheet(desk.theme)
        self.rates = Panel(desk.theme, desk.say("devices.rates"))
        self.ask_line, self.status = AskLine(desk), status_line(desk)
        self.sending = Sender(desk, self.status)
        self.known = DeviceKnowledge(desk, self.sending)
        self.doing = DeviceDeeds(desk, self, self.known, self.ask_line, self.sending)
        self.seeker = PlaceSeeker(desk, self)
        self.deeds = KeyedButtons(desk, {action: self._asker(action) for action in DEEDS})
        self._lay_out()
        self._connect()

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        if self._desk.session.signed_on is None:
            return
        self.known.ask(self._centre, self.faults.chosen, self._code)
        facts = self._desk.session.facts.devices
        self.estate.show_files(self.known.files())
        tickets = frozenset((one.device, one.member, one.fault) for one in facts.repairs.values())
        self.faults.show_health(self.known.health, tickets)
        self.repairs.refresh()
        self._show_rates()
        self._show_sheet()

    @override
    def take_facts(self, news: FactNews) -> None:
        if any(fact.kind == "repair" for fact in news.facts) or any(kind == "repair" for kind, _key in news.gone):
            self.repairs.mark_stale()

    @override
    def take_preferences(self) -> None:
        self.known.mark_stale()
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
        return {"device.map": self.show_place, **self.doing.doers()}

    def rates_title(self) -> str:
        """Return what the bars are, for who hears the screen."""
        return self._desk.say("devices.rates")

    def device(self) -> Device | None:
        """Return the device in focus: of the ticket or the fault that has the keyboard, else of the table."""
        names = self._desk.names
        return names.view.device(self._code) if names is not None and self._code else None

    def open_device(self, code: str) -> None:
        """Go to a device of the catalogue: its row, and what is known of it."""
        self.estate.select(code)
        self._choose(code)
        self.estate.table.setFocus()

    def show_place(self) -> None:
        """M, Enter: where the device in focus stands on the map."""
        about = self.repair() or self.found()
        if self._code:
            self.seeker.seek(self._code, about.member if about is not None else 0)

    def repair(self) -> Repair | None:
        """Return the ticket letters are about: while it is what was chosen last."""
        return self.repairs.current() if self._about == "repair" else None

    def found(self) -> FaultFound | None:
        """Return the fault letters are about: while it is what was chosen last."""
        return self.faults.found() if self._about == "fault" else None

    def _ask_now(self) -> None:
        self.known.ask_now()

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
        told, shown = self.known.health, self._rates_shown
        # By identity: to compare two answers walks through all of it.
        if not isinstance(told, DeviceHealth) or (shown[0] is told and shown[1] == (self._centre, self._desk.names)):
            return
        self._rates_shown = (told, (self._centre, self._desk.names))
        self.bars.show_rows(self._words.rates(told.rates, self._centre), self.rates_title())

    def _show_sheet(self) -> None:
        device, repair, found = self.device(), self.repair(), self.found()
        of_one, told = self.known.of_one(self._code), self.known.told
        kept = self.known.file(device) if device is not None else None
        state = (device, kept, found, of_one, repair, told)
        if state == self._sheet_state:
            return
        self._sheet_state = state
        sections = self._words.sheet(device, kept, found, of_one, repair) if device is not None else ()
        self.sheet.show_sections(sections)
        self.estate.setToolTip(plain_tip(self._words.places(told.places if told is not None else None)))
        self._show_deeds()

    def _show_deeds(self) -> None:
        device, repair = self.device(), self.repair()
        possible = ["repair.open", "device.map", "device.note"] if device is not None else []
        if repair is not None:
            possible += [f"repair.{move.value}" for move in repair_moves_of(repair.state)]
        if device is not None:
            possible += [f"device.{move.value}" for move in moves_of(self.known.file(device).stage)]
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
