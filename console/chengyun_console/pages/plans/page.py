"""预案 (F7): the library at the left, the plan in focus at the right, its editor in its place while one writes."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.desk import Desk
from chengyun_console.pages.page import Page
from chengyun_console.pages.plans.card import CardPanel
from chengyun_console.pages.plans.editor import EditorPanel
from chengyun_console.pages.plans.keyed import bind_keys
from chengyun_console.pages.plans.library import LibraryPanel
from chengyun_console.pages.plans.runner import RunnerPane
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_core.mirror.links import Links
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.plan import PlanTemplate
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
        self._runs: tuple[tuple[int, int], ...] = ()
        self.library = LibraryPanel(desk)
        self.card = CardPanel(desk)
        self.runner = RunnerPane(desk)
        self.editor = EditorPanel(desk)
        self.running = Panel(desk.theme, desk.say("console.plans.heading.running"))
        self.right = QStackedWidget()
        self._build()
        self.library.plan_was_chosen.connect(self._show_plan)
        self.library.run_was_chosen.connect(self._show_run)
        self.library.plan_was_opened.connect(self.card.sheet.setFocus)
        self.card.edit_was_asked.connect(self._edit)
        self.editor.was_saved.connect(self._on_saved)
        self.card.library_did_change.connect(self.library.ask)
        self.card.deeds.bind_to(self)
        bind_keys(self, {"plan.gaps": self.library.toggle_gaps})

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        if self._desk.session.signed_on is None:
            return
        if self._is_stale:
            self._is_stale = False
            self.library.ask()
            self.card.reload()
        if self._figures is not self._desk.names:
            self._figures = self._desk.names
            self.library.show_rows()
            self.card.show_told()
        runs = tuple((run.number, run.version) for run in self._desk.session.facts.runs.values())
        if runs != self._runs:
            self._runs = runs
            self.library.show_rows()
        if self.right.currentWidget() is self.running:
            self.runner.refresh()

    @override
    def take_facts(self, news: FactNews) -> None:
        """Another seat wrote, approved or bound a plan: what is shown is asked for again when it is in front."""
        if any(change.kind in ("plan", "plan_binding", "plan_library") for change in news.changes):
            self._is_stale = True

    @override
    def focus_front(self) -> None:
        self.library.field.setFocus()

    @override
    def step_back(self) -> bool:
        if self.right.currentWidget() is self.editor:
            self._show(self.card)
            return True
        return self.runner.step_back() or self.card.step_back()

    @override
    def subject(self) -> Where:
        return Where.EVENT

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

    def _show_run(self, number: int) -> None:
        run = self._desk.session.facts.runs.get(number)
        if run is not None:
            self.right.setCurrentWidget(self.running)
            self.runner.show_run(run)

    def _build(self) -> None:
        self.running.set_body(self.runner)
        self.running.show_notice(Presence.FRESH, "")
        for pane in (self.card, self.running, self.editor):
            self.right.addWidget(pane)
        self.panes = SplitPanes(self._desk, "plans.whole", Qt.Orientation.Horizontal, (40, 60))
        self.panes.addWidget(self.library)
        self.panes.addWidget(self.right)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3)
        page.addWidget(self.panes)
