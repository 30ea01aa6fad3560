"""What is wrong with devices, as the survey finds it: counts by fault, and the rows of one or of all."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.wording.devices import DeviceWords, fault_key
from chengyun_core.model.device import DeviceFault
from chengyun_core.model.failure import Reason
from chengyun_core.wire.survey_asks import DeviceHealth, FaultFound
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.count_strip import CountStrip
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence


class FaultPanel(Panel):
    """A fault of the strip narrows the list to it, once more to all."""

    filter_did_change = Signal()
    fault_was_chosen = Signal(str)
    fault_was_opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("devices.faults"))
        self._desk, self._words = desk, DeviceWords(desk)
        self.chosen: DeviceFault | None = None
        self._health: DeviceHealth | None = None
        self._state: tuple[object, ...] = ()
        self.strip, self.list = CountStrip(desk.theme), FactList(desk.theme)
        self.strip.setAccessibleName(desk.say("devices.faults"))
        self.list.setAccessibleName(desk.say("devices.faults"))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, SPACE_PX, 0, 0)
        column.setSpacing(SPACE_PX)
        column.addWidget(self.strip)
        column.addWidget(self.list, 1)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self.strip.count_was_opened.connect(self._on_fault)
        self.list.current_did_change.connect(self.fault_was_chosen)
        self.list.row_was_opened.connect(self.fault_was_opened)

    def show_health(self, told: DeviceHealth | Reason | None, tickets: frozenset[tuple[str, int, str]]) -> None:
        """Show what the survey found; tickets: (device, member, fault) of those that live."""
        state = (told, tickets, self.chosen, self._desk.now_ns() // 10**10, self._desk.names)
        if state == self._state:
            return
        self._state = state
        self._health = told if isinstance(told, DeviceHealth) else None
        self.strip.show_counts(self._words.faults(self._health, self.chosen))
        rows = self._health.faults if self._health is not None else ()
        self.list.set_rows([self._row(one, tickets) for one in rows])
        self._tell(told)

    def found(self) -> FaultFound | None:
        """Return the fault in focus."""
        rows = self._health.faults if self._health is not None else ()
        return next((one for one in rows if fault_key(one) == self.list.current_key()), None)

    def _row(self, one: FaultFound, tickets: frozenset[tuple[str, int, str]]) -> FactRow:
        names = self._desk.names
        device = names.view.device(one.device) if names is not None else None
        has_ticket = (one.device, one.member, one.fault.value) in tickets
        return self._words.fault_row(one, device, self._desk.now_ns(), has_ticket=has_ticket)

    def _tell(self, told: DeviceHealth | Reason | None) -> None:
        if isinstance(told, Reason):
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif told is None:
            self.list.show_notice(Presence.EMPTY, self._desk.say("devices.asking"))
        else:
            fine = Presence.FRESH if told.faults else Presence.EMPTY
            self.list.show_notice(fine, self._desk.say("devices.no_faults"))
            shown = len(told.faults)
            code = "devices.faults_shown" if told.total > shown else "devices.faults_all"
            self.set_note(self._desk.say(code, shown=shown, total=self._desk.figures.count(told.total)))

    def _on_fault(self, key: str) -> None:
        self.chosen = None if self.chosen is not None and self.chosen.value == key else DeviceFault(key)
        self.filter_did_change.emit()
