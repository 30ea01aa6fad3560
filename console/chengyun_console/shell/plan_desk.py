"""What the window does about plans: the sheet on P, and the ways to a plan from alarms and the command bar."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.pages.plans.page import PlansPage
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.shell.plan_sheet import PlanSheet
from chengyun_core.model.event import LIVING
from chengyun_widgets.toast import MessageTone

PLANS = "F7"
RECEIPTS = "order.receipts"


class PlanDesk(QObject):
    """Made once by the window."""

    action_was_asked = Signal(object)
    """Tuple of Action: what follows the orders, the receipts matrix of the event."""

    def __init__(
        self, desk: Desk, parent: QWidget, stack: PageStack, deeds: Deeds, *, area: Callable[[], QRect]
    ) -> None:  # fmt: skip
        """`area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._desk, self._stack, self._deeds, self._area = desk, stack, deeds, area
        self.page = stack.of(PlansPage)
        self.sheet = PlanSheet(desk, parent)
        self.sheet.orders_were_sent.connect(self._on_sent)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves."""
        return (self.sheet,)

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions about plans do, by their ids."""
        return {"plan.choose": self.choose, "plan.open_guided": self.open_guided}

    def refresh(self) -> None:
        """Nothing of it moves by itself."""

    def choose(self) -> None:
        """P: the plans that fit the event in focus."""
        event = self._desk.event_focus.record
        if not self._deeds.may(BY_ID["plan.choose"]):
            return
        if event is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("console.plans.no_event"))
        elif event.state not in LIVING:
            self._deeds.tell(MessageTone.REFUSED, self._desk.say("plan.event_ended", event=event.code))
        else:
            self.sheet.open_for(event, self._area())

    def review(self, run: int) -> None:
        """Look over and send the orders of a run's ready steps."""
        record = self._desk.session.facts.runs.get(run)
        event = self._desk.session.facts.events.get(record.event) if record is not None else None
        if event is not None and self._deeds.may(BY_ID["plan.orders"]):
            self.sheet.open_run(run, event, self._area())

    def open_plan(self, code: str, risk_point: str = "") -> None:
        """Go to a plan in the library."""
        self._stack.bring_forward(PLANS, partial(self.page.open_plan, code, risk_point))

    def search(self, words: str) -> None:
        """Go to the library with words typed into its search."""
        self._stack.bring_forward(PLANS, partial(self.page.library.search, words))

    def open_guided(self) -> None:
        """Open the plan that the guidance of the alarm in focus names, by code or by name."""
        alarm = self._desk.alarm()
        found = self._desk.names.guidance(alarm.vital) if alarm and self._desk.names else None
        if found is None or not found.plan:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("console.plans.no_guided"))
        else:
            self.search(found.plan)

    def _on_sent(self, event: int) -> None:
        self._desk.event_focus.select(event)
        if RECEIPTS in BY_ID:
            self.action_was_asked.emit((BY_ID[RECEIPTS],))
