"""The chapters of the handbook in order, and which one opens for what is in front."""

from PySide6.QtWidgets import QWidget

from chengyun_console.duty_forms.form_sheet import FormSheet
from chengyun_console.duty_forms.preset_sheet import PresetSheet
from chengyun_console.glass.form import GlassForm
from chengyun_console.glass.page import GlassPageView
from chengyun_console.glass.phone import PhoneSheet
from chengyun_console.maps.panel import MapPanel
from chengyun_console.mode.sheet import ModeSheet
from chengyun_console.pages.cockpit.alarms import AlarmPanel
from chengyun_console.pages.cockpit.heat import HeatPanel
from chengyun_console.pages.cockpit.in_hand import InHandPanel
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.pages.duty.page import DutyPage
from chengyun_console.pages.events.page import EventsPage
from chengyun_console.pages.explain_card import ExplainPanel
from chengyun_console.pages.map.page import MapPage
from chengyun_console.pages.orders.page import OrdersPage
from chengyun_console.pages.plans.page import PlansPage
from chengyun_console.pages.sources.page import SourcesPage
from chengyun_console.pages.vitals.page import VitalsPage
from chengyun_console.paper.sheet import PrintSheet
from chengyun_console.shell.alarm_card import AlarmCard
from chengyun_console.shell.approvals import ApprovalsOverlay
from chengyun_console.shell.edit_sheet import EditSheet
from chengyun_console.shell.event_form import EventForm
from chengyun_console.shell.grade_sheet import GradeSheet
from chengyun_console.shell.handover_sheet import HandoverSheet
from chengyun_console.shell.matrix_sheet import MatrixSheet
from chengyun_console.shell.order_form import OrderForm
from chengyun_console.shell.plan_sheet import PlanSheet
from chengyun_console.shell.receipt_form import ReceiptForm
from chengyun_console.shell.report_sheet import ReportSheet
from chengyun_console.shell.review_sheet import ReviewSheet
from chengyun_console.shell.risk_strip import RiskStrip
from chengyun_console.shell.roll_call_sheet import RollCallSheet
from chengyun_console.shell.roster_sheet import RosterSheet
from chengyun_console.shell.search import SearchOverlay
from chengyun_console.shell.sign_on import SignOnScreen
from chengyun_console.shell.threshold_form import ThresholdForm
from chengyun_console.shell.unfolded import UnfoldedStrip
from chengyun_console.video.area import VideoArea
from chengyun_console.warnings.import_sheet import WarningImport
from chengyun_console.warnings.page import WarningsPage

CHAPTERS = (
    "start",
    "chain",
    "night",
    "keys",
    "colours",
    "alarms",
    "quality",
    "strip",
    "cockpit",
    "vitals",
    "intake",
    "receipts",
    "supervision",
    "events",
    "tasks",
    "plans",
    "map",
    "video",
    "duty",
    "thresholds",
    "sources",
    "printing",
    "trouble",
    "settings",
)
FIRST = CHAPTERS[0]

_ABOUT: tuple[tuple[type[QWidget], str], ...] = (
    (PrintSheet, "printing"),
    (VideoArea, "video"),
    (MapPanel, "map"),
    (MapPage, "map"),
    (ThresholdForm, "thresholds"),
    (ApprovalsOverlay, "thresholds"),
    (AlarmCard, "alarms"),
    (AlarmPanel, "alarms"),
    (UnfoldedStrip, "strip"),
    (RiskStrip, "strip"),
    (HeatPanel, "colours"),
    (ExplainPanel, "quality"),
    (SearchOverlay, "start"),
    (SignOnScreen, "start"),
    (GlassForm, "trouble"),
    (GlassPageView, "trouble"),
    (PhoneSheet, "start"),
    (ModeSheet, "night"),
    (WarningImport, "night"),
    (WarningsPage, "night"),
    (PresetSheet, "night"),
    (FormSheet, "duty"),
    (HandoverSheet, "duty"),
    (RosterSheet, "duty"),
    (DutyPage, "duty"),
    (OrderForm, "receipts"),
    (ReceiptForm, "receipts"),
    (MatrixSheet, "receipts"),
    (RollCallSheet, "tasks"),
    (OrdersPage, "tasks"),
    (PlanSheet, "plans"),
    (PlansPage, "plans"),
    (InHandPanel, "events"),
    (EventForm, "intake"),
    (GradeSheet, "intake"),
    (ReportSheet, "chain"),
    (ReviewSheet, "chain"),
    (EditSheet, "events"),
    (EventsPage, "events"),
    (CockpitPage, "cockpit"),
    (VitalsPage, "vitals"),
    (SourcesPage, "sources"),
)


def chapter_about(widget: QWidget | None) -> str:
    """Return the chapter about what has the keyboard: that of the nearest thing around it that has one."""
    while widget is not None:
        for kind, chapter in _ABOUT:
            if isinstance(widget, kind):
                return chapter
        widget = widget.parentWidget()
    return FIRST
