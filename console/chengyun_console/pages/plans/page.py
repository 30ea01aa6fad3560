"""预案 (F7): plans or risk points at the left, the one in focus, or its editor, at the right."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps
from chengyun_console.mode.parts import plans_here
from chengyun_console.pages.page import Page
from chengyun_console.pages.plans.binding_editor import BindingPanel
from chengyun_console.pages.plans.card import CardPanel
from chengyun_console.pages.plans.editor import EditorPanel
from chengyun_console.pages.plans.keyed import bind_keys
from chengyun_console.pages.plans.library import LibraryPanel
from chengyun_console.pages.plans.plan_edit import empty
from chengyun_console.pages.plans.point_card import PointCard
from chengyun_console.pages.plans.point_editor import PointEditor
from chengyun_console.pages.plans.points import PointsPanel, add_keyed
from chengyun_console.pages.plans.runner import RunnerPane
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.plan import PlanTemplate, RiskPoint
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence


class PlansPage(Page):
    """Asks nothing before it is in front for the first time; then again when something about plans changed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._is_stale = True
        self._figures: object = None
        self._runs: tuple[object, ...] = ()

    @override
    def making(self) -> Steps:
        desk = self._desk
        self.library, self.card = LibraryPanel(desk), CardPanel(desk)
        self._back_to: QWidget = self.card
        yield
        self.runner = RunnerPane(desk)
        self.running = Panel(desk.theme, desk.say("console.plans.heading.running"))
        yield
        self.editor = EditorPanel(desk)
        yield
        self.points, self.point = PointsPanel(desk), PointCard(desk)
        yield
        self.point_editor = PointEditor(desk)
        yield
        self.binding = BindingPanel(desk)
        yield
        self.left, self.right = QStackedWidget(), QStackedWidget()
        self._build()
        self._connect()

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        if self._desk.session.signed_on is None:
            return
        if self._is_stale:
            self._is_stale = False
            self._show_allowed()
            self.library.ask()
            self.card.reload()
            if self.left.currentWidget() is self.points:
                self.points.ask()
                self.point.reload()
        if self._figures is not self._desk.names:
            self._figures = self._desk.names
            self.library.show_rows()
            self.card.show_told()
            self.points.show_rows()
            self.point.show_told()
        # Plans that 急时 puts under the hand stand first as long as it is in effect here.
        runs: tuple[object, ...] = (
            plans_here(self._desk),
            *((run.number, run.version) for run in self._desk.session.facts.runs.values()),
        )
        if runs != self._runs:
            self._runs = runs
            self.library.show_rows()
        if self.right.currentWidget() is self.running:
            self.runner.refresh()

    @override
    def take_facts(self, news: FactNews) -> None:
        """Another seat wrote, approved or bound a plan: what is shown is asked for again when it is in front."""
        if any(change.kind in ("plan", "plan_binding", "plan_library", "risk_point") for change in news.changes):
            self._is_stale = True

    @override
    def focus_front(self) -> None:
        (self.points if self.left.currentWidget() is self.points else self.library).field.setFocus()

    @override
    def step_back(self) -> bool:
        pane = self.right.currentWidget()
        if pane in (self.editor, self.point_editor, self.binding):
            self._show(self.card if pane is self.editor else self._back_to)
            return True
        return self.runner.step_back() or self.card.step_back() or self.point.step_back()

    @override
    def subject(self) -> Where:
        return Where.EVENT

    def toggle_points(self) -> None:
        """Show the risk points at the left, or the plans again."""
        shows = self.left.currentWidget() is self.points
        self.left.setCurrentWidget(self.library if shows else self.points)
        if shows:
            self.library.tell_current()
        else:
            self.points.ask()
            self.points.tell_current()
        self.focus_front()

    def new_plan(self) -> None:
        """Write a plan from nothing: its own code, its own first edition."""
        self._edit(empty())

    def new_point(self) -> None:
        """Write a risk point that is not there yet."""
        self._back_to = self.point
        self.right.setCurrentWidget(self.point_editor)
        self.point_editor.open_for(None)

    def open_plan(self, code: str, risk_point: str = "") -> None:
        """Show a plan, whatever the list is about."""
        self._show_plan(code, risk_point)

    def _show_plan(self, code: str, risk_point: str) -> None:
        self.right.setCurrentWidget(self.card)
        self.card.show_plan(code, risk_point)

    def _edit(self, template: PlanTemplate) -> None:
        self._show(self.editor)
        self.editor.open_for(template)

    def _on_saved(self, code: str, edition: int) -> None:
        self._show(self.card)
        self.card.show_plan(code, edition=edition)
        self.library.ask()

    def _show(self, pane: QWidget) -> None:
        self.right.setCurrentWidget(pane)
        pane.setFocus()

    def _show_point(self, code: str) -> None:
        self.right.setCurrentWidget(self.point)
        self.point.show_point(code)

    def _edit_point(self, point: RiskPoint, stamp: str) -> None:
        self._back_to = self.point
        self.right.setCurrentWidget(self.point_editor)
        self.point_editor.open_for(point, stamp)

    def _bind(self, point: RiskPoint, template: str) -> None:
        self._back_to = self.point if self.right.currentWidget() is self.point else self.card
        self.right.setCurrentWidget(self.binding)
        self.binding.open_for(point, template)

    def _on_point_written(self, code: str) -> None:
        """Go back to where the point, or its binding, was opened from, and ask anew."""
        self._show(self._back_to)
        if self._back_to is self.point:
            self.point.show_point(code)
        else:
            self.card.reload()
        self.library.ask()
        self.points.ask()

    def _show_run(self, number: int) -> None:
        run = self._desk.session.facts.runs.get(number)
        if run is not None:
            self.right.setCurrentWidget(self.running)
            self.runner.show_run(run)

    def _connect(self) -> None:
        self.library.plan_was_chosen.connect(self._show_plan)
        self.library.run_was_chosen.connect(self._show_run)
        self.library.point_was_chosen.connect(self._show_point)
        self.library.plan_was_opened.connect(self._focus_right)
        self.points.point_was_chosen.connect(self._show_point)
        self.points.point_was_opened.connect(self.point.setFocus)
        self.card.edit_was_asked.connect(self._edit)
        self.card.binding_was_asked.connect(self._bind)
        self.point.edit_was_asked.connect(self._edit_point)
        self.point.binding_was_asked.connect(self._bind)
        self.editor.was_saved.connect(self._on_saved)
        self.point_editor.was_saved.connect(self._on_point_written)
        self.binding.was_saved.connect(self._on_point_written)
        for card in (self.card, self.point):
            card.library_did_change.connect(self.library.ask)
        self.point.library_did_change.connect(self.points.ask)
        for deeds in (self.card.deeds, self.point.deeds):
            deeds.bind_to(self, without=("plan.bind",))
        doers = {
            "plan.gaps": self.library.toggle_gaps, "plan.points": self.toggle_points, "plan.new": self.new_plan,
            "plan.bare": self.points.toggle_bare, "point.new": self.new_point,
        }  # fmt: skip
        bind_keys(self, {action: partial(self._press, action, do) for action, do in doers.items()})
        bind_keys(self, {"plan.bind": self._press_bind})
        for panel in (self.library, self.points):
            panel.action_was_asked.connect(lambda action: doers[action]() if action in doers else None)

    def _press(self, action: str, do: Callable[[], object]) -> None:
        """Do what a key says while its button is in sight."""
        panel = self.left.currentWidget()
        button = panel.actions_by_key.get(action) if isinstance(panel, Panel) else None
        if button is not None and button.isVisible():
            do()

    def _press_bind(self) -> None:
        for deeds in (self.card.deeds, self.point.deeds):
            deeds.press("plan.bind")

    def _focus_right(self) -> None:
        is_point = self.right.currentWidget() is self.point
        (self.point.list if is_point else self.card.sheet).setFocus()

    def _show_allowed(self) -> None:
        """Leave out of the lists' heads what this session may not do."""
        allowed = self._desk.allowed()
        for panel in (self.library, self.points):
            for action, button in panel.actions_by_key.items():
                button.setVisible(BY_ID[action].record is None or BY_ID[action].permission in allowed)

    def _build(self) -> None:
        self.running.set_body(self.runner)
        self.running.show_notice(Presence.FRESH, "")
        for pane in (self.card, self.running, self.editor, self.point, self.point_editor, self.binding):
            self.right.addWidget(pane)
        for list_pane in (self.library, self.points):
            self.left.addWidget(list_pane)
        add_keyed(self.library, self._desk, "plan.points", "plan.new")
        add_keyed(self.points, self._desk, "plan.bare", checkable=True)
        add_keyed(self.points, self._desk, "plan.points", title="console.page.F7")
        add_keyed(self.points, self._desk, "point.new")
        self.panes = SplitPanes(self._desk, "plans.whole", Qt.Orientation.Horizontal, (40, 60))
        self.panes.addWidget(self.left)
        self.panes.addWidget(self.right)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3)
        page.addWidget(self.panes)
