"""The list at the left of F7: templates and plans at risk points by words, or what the library does not cover."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.lettered import Yielding
from chengyun_console.mode.parts import plans_here
from chengyun_console.pages.plans.keyed import key_text
from chengyun_console.wording.plans import PlanWords
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanRun, RunState
from chengyun_core.model.plan_run_rules import OVER
from chengyun_core.wire.plan_asks import (
    AskGaps,
    AskLibrary,
    AskPlans,
    BoundPlan,
    CapabilityGap,
    Gaps,
    LibraryTold,
    PlanHead,
    Plans,
)
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.step_list import Sign, StepList, StepRow

PAGE = 100
_NEAR_END = 8
"""Rows before the end at which the next page is asked for."""
Chosen = tuple[str, str]
"""Code of a template, and of the risk point, "" for the template itself."""


class LibraryPanel(Panel):
    """Asks as it is typed; only the newest words are answered. Pages of bound plans come as the list is scrolled."""

    plan_was_chosen = Signal(str, str)
    """Code of the template and of the risk point that are now current."""
    run_was_chosen = Signal(int)
    """Number of the run that is now current."""
    point_was_chosen = Signal(str)
    """Code of a risk point without a plan that is now current."""
    plan_was_opened = Signal()
    """Enter or a double click on the current one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("console.page.F7"))
        self._desk = desk
        self.field = SearchField(desk.theme, desk.say("console.plans.search"))
        self.list = StepList(desk.theme)
        self.counts = Yielding(desk.theme, TypeSize.SMALL)
        self._plans = Plans()
        self._gaps: Gaps | None = None
        self._failed: Reason | None = None
        self._asked: tuple[str, str] | None = None
        self._rows: dict[str, Chosen] = {}
        self.shows_gaps = False
        self._lay_out()

    def ask(self) -> None:
        """Ask for the first page of what is searched for, and for the counts."""
        ask = AskPlans(words=self.field.text().strip(), limit=PAGE)
        self._desk.session.ask("plan.page", ask, self._on_page, slot="plans.page")
        self._desk.session.ask("plan.library", AskLibrary(), self._on_library, slot="plans.library")
        if self.shows_gaps:
            self._desk.session.ask("plan.gaps", AskGaps(), self._on_gaps, slot="plans.gaps")

    def search(self, words: str) -> None:
        """Search for words as if they had been typed."""
        if self.shows_gaps:
            self.toggle_gaps()
        self.field.setText(words)

    def toggle_gaps(self) -> None:
        """Show what is not covered, or the library again."""
        self.shows_gaps = not self.shows_gaps
        self.actions_by_key["plan.gaps"].setChecked(self.shows_gaps)
        self.field.setVisible(not self.shows_gaps)
        self.ask()
        self.show_rows()

    def tell_current(self) -> None:
        """Tell what is current anew: the list is in sight again."""
        self._on_current(self.list.current_key())

    def chosen(self) -> Chosen | None:
        """Return what is current."""
        return self._rows.get(self.list.current_key())

    def show_rows(self) -> None:
        """List what is known; the words of a new catalogue come with the next call."""
        self._rows = {}
        rows = self._gap_rows() if self.shows_gaps else self._plan_rows()
        self.list.set_rows(rows)
        self._show_notice(bool(rows))

    def _plan_rows(self) -> list[FactRow]:
        heads, bound = self._plans.templates, self._plans.bound
        rows = [] if self.field.text().strip() else self._run_rows()
        at_hand = self._at_hand(heads)
        rows += [self._heading("at_hand", len(at_hand), more=False)] if at_hand else []
        rows += [self._head(head) for head in at_hand]
        others = [head for head in heads if head not in at_hand]
        rows += [self._heading("templates", len(others), more=False)] if others else []
        rows += [self._head(head) for head in others]
        rows += [self._heading("bound", len(bound), more=self._plans.more)] if bound else []
        return rows + [self._bound(one) for one in bound]

    def _at_hand(self, heads: Sequence[PlanHead]) -> list[PlanHead]:
        """Return the plans that 急时 in effect here puts under the hand, in the order of its preset (H1)."""
        wanted = plans_here(self._desk)
        return sorted((head for head in heads if head.code in wanted), key=lambda head: wanted.index(head.code))

    def _run_rows(self) -> list[FactRow]:
        """Return the plans that run, the newest first."""
        known = self._desk.session.facts.runs.values()
        runs = sorted((run for run in known if run.state is RunState.RUNNING), key=lambda run: -run.number)
        rows = [self._heading("running", len(runs), more=False)] if runs else []
        return rows + [self._run(run) for run in runs]

    def _run(self, run: PlanRun) -> FactRow:
        event = self._desk.session.facts.events.get(run.event)
        over = sum(step.state in OVER for step in run.steps)
        code = f"{event.code} {event.title}" if event is not None else str(run.event)
        detail = self._desk.say("console.plans.running_detail", event=code, over=over, of=len(run.steps))
        self._rows[f"r:{run.number}"] = (run.template, run.risk_point)
        return StepRow(
            key=f"r:{run.number}", severity=Severity.NONE, title=run.name, detail=detail, sign=Sign.RUNNING,
            status=self._desk.say("console.plans.run.running"), status_colour=Colour.TEXT_SECOND,
        )  # fmt: skip

    def _gap_rows(self) -> list[FactRow]:
        words, gaps = self._words(), self._gaps
        if gaps is None:
            return []
        rows = [self._gap_heading(gaps)]
        rows += [
            self._plain(f"p:{point.code}", point.name, words.point_code(point), words.centre(point.centre))
            for point in gaps.points_first
        ]  # fmt: skip
        rows.append(self._heading("gap_matters", len(gaps.matters), more=False))
        rows += [self._plain(f"m:{code}", words.matter(code), code) for code in gaps.matters]
        rows.append(self._heading("gap_capabilities", len(gaps.capabilities), more=False))
        rows += [
            self._plain(f"c:{gap.capability}", words.capability(gap.capability),
                        self._asked_by(gap))
            for gap in gaps.capabilities
        ]  # fmt: skip
        rows.append(self._heading("gap_stale", len(gaps.stale), more=False))
        return rows + [self._head(head, key="s") for head in gaps.stale]

    def _asked_by(self, gap: CapabilityGap) -> str:
        first = self._desk.say("console.plans.between").join(gap.templates[:3])
        return self._desk.say("console.plans.gap.capability", count=gap.actions, first=first)

    def _head(self, head: PlanHead, key: str = "t") -> FactRow:
        words = self._words()
        row_key = f"{key}:{head.code}.{head.edition}"
        self._rows[row_key] = (head.code, "")
        badges = (self._desk.say("console.plans.stale"),) if head.flags else ()
        return FactRow(
            key=row_key, severity=Severity.NONE, title=head.name, detail=words.head_detail(head),
            status=words.state(head.state), status_colour=Colour.TEXT_SECOND,
            badges=badges,
        )  # fmt: skip

    def _bound(self, one: BoundPlan) -> FactRow:
        words = self._words()
        key = f"b:{one.risk_point}:{one.template}"
        self._rows[key] = (one.template, one.risk_point)
        detail = words.say("console.plans.bound_detail", plan=one.template_name, kind=one.kind, code=one.risk_point)
        return FactRow(key=key, severity=Severity.NONE, title=one.name, detail=detail, status=words.centre(one.centre))

    def _plain(self, key: str, title: str, detail: str, status: str = "") -> FactRow:
        return FactRow(key=key, severity=Severity.NONE, title=title, detail=detail, status=status)

    def _heading(self, code: str, count: int, *, more: bool) -> FactRow:
        shown = self._desk.say("console.plans.more" if more else "console.plans.count", count=count)
        title = self._desk.say(f"console.plans.heading.{code}")
        return FactRow(key=f"h:{code}", severity=Severity.NONE, title=title, status=shown, is_heading=True)

    def _gap_heading(self, gaps: Gaps) -> FactRow:
        """Return the heading of the points without a plan, and where all of them are when some are not listed."""
        heading = self._heading("gap_points", gaps.points, more=False)
        if len(gaps.points_first) >= gaps.points:
            return heading
        keys = " ".join(key_text(BY_ID[action]) for action in ("plan.points", "plan.bare"))
        shown = self._desk.say("console.plans.gap.more", count=gaps.points, keys=keys)
        return replace(heading, status=shown)

    def _words(self) -> PlanWords:
        return PlanWords(self._desk.figures, self._desk.names)

    def _show_notice(self, has_rows: bool) -> None:
        if self._failed is not None and not has_rows:
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(self._failed))
        else:
            waiting = self._gaps is None if self.shows_gaps else self._asked is None
            code = "console.plans.waiting" if waiting else "console.plans.none"
            self.list.show_notice(Presence.FRESH if has_rows else Presence.EMPTY, self._desk.say(code))

    def _on_page(self, told: object) -> None:
        words = self.field.text().strip()
        if isinstance(told, Plans):
            self._plans, self._failed, self._asked = told, None, (words, "")
        elif isinstance(told, Reason):
            self._failed = told
        self.show_rows()
        if self._rows and not self.list.current_key():
            self.list.select(next(key for key in self._rows))

    def _on_more(self, told: object) -> None:
        if isinstance(told, Plans):
            before = self._plans
            self._plans = Plans(templates=before.templates, bound=(*before.bound, *told.bound), more=told.more)
            self.show_rows()

    def _on_library(self, told: object) -> None:
        if isinstance(told, LibraryTold):
            count = self._desk.figures.count
            self.counts.show_text(self._desk.say(
                "console.plans.counts", templates=told.templates, bindings=count(told.bindings),
                points=count(told.points), covered=told.covered, matters=told.matters,
            ))  # fmt: skip

    def _on_gaps(self, told: object) -> None:
        if isinstance(told, Gaps):
            self._gaps, self._failed = told, None
        elif isinstance(told, Reason):
            self._failed = told
        self.show_rows()

    def _on_current(self, key: str) -> None:
        if key.startswith("r:"):
            self.run_was_chosen.emit(int(key.removeprefix("r:")))
        elif key.startswith("p:"):
            self.point_was_chosen.emit(key.removeprefix("p:"))
        elif key in self._rows:
            self.plan_was_chosen.emit(*self._rows[key])

    def _on_scrolled(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        near = bar.maximum() - value <= _NEAR_END * self.list.sizeHintForRow(0)
        if near and self._plans.more and self._plans.bound and not self.shows_gaps:
            last = self._plans.bound[-1]
            after = (last.risk_point, last.template)
            ask = AskPlans(words=self.field.text().strip(), after=after, limit=PAGE)
            self._desk.session.ask("plan.page", ask, self._on_more, slot="plans.page")

    def _move(self, by: int) -> None:
        rows = [row.key for row in self.list.rows() if not row.is_heading]
        if rows:
            now = self.list.current_key()
            at = rows.index(now) + by if now in rows else 0
            self.list.select(rows[max(0, min(len(rows) - 1, at))])

    def _lay_out(self) -> None:
        gaps = key_text_of_gaps(self._desk)
        self.add_action("plan.gaps", gaps, checkable=True)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 2, SPACE_PX * 2, SPACE_PX * 2, 0)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(self.field)
        column.addWidget(self.counts)
        column.addWidget(self.list, 1)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self.field.search_did_change.connect(lambda _text: self.ask())
        self.field.row_was_asked.connect(self._move)
        self.field.was_submitted.connect(lambda _text: self.list.setFocus())
        self.field.was_left.connect(self.list.setFocus)
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(lambda _key: self.plan_was_opened.emit())
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)


def key_text_of_gaps(desk: Desk) -> str:
    """Return what the button of the gaps says: its key and its name."""
    action = BY_ID["plan.gaps"]
    return f"{key_text(action)} {desk.say(action.title)}"
