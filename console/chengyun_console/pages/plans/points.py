"""风险点: the risk points of the city by words, or those nothing is bound to, with the plans of each."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.pages.plans.keyed import key_text
from chengyun_console.wording.plans import PlanWords
from chengyun_core.model.failure import Reason
from chengyun_core.wire.plan_asks import AskPoints, PointHead, RiskPoints
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

PAGE = 100
_NEAR_END = 8
"""Rows before the end at which the next page is asked for."""


class PointsPanel(Panel):
    """Asks as it is typed; only the newest words are answered. Pages come as the list is scrolled."""

    point_was_chosen = Signal(str)
    """Code of the risk point that is now current."""
    point_was_opened = Signal()
    """Enter or a double click on the current one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("console.plans.points"))
        self._desk = desk
        self.field = SearchField(desk.theme, desk.say("console.plans.points.search"))
        self.list = FactList(desk.theme)
        self._told: RiskPoints | None = None
        self._failed: Reason | None = None
        self.is_bare = False
        self._lay_out()

    def ask(self) -> None:
        """Ask for the first page of what is searched for."""
        self._desk.session.ask("risk_point.page", self._ask(), self._on_page, slot="plans.points")

    def toggle_bare(self) -> None:
        """List only the points nothing is bound to, or all again."""
        self.is_bare = not self.is_bare
        self.actions_by_key["plan.bare"].setChecked(self.is_bare)
        self._told = None
        self.show_rows()
        self.ask()

    def tell_current(self) -> None:
        """Tell what is current anew: the list is in sight again."""
        self._on_current(self.list.current_key())

    def show_rows(self) -> None:
        """List what is known; the words of a new catalogue come with the next call."""
        points = self._told.points if self._told is not None else ()
        self.list.set_rows([self._row(point) for point in points])
        more = self._told is not None and self._told.more
        said = "console.plans.more" if more else "console.plans.count"
        self.set_note(self._desk.say(said, count=len(points)) if self._told is not None else "")
        self._show_notice(bool(points))

    def _ask(self, after: str = "") -> AskPoints:
        return AskPoints(words=self.field.text().strip(), bare=self.is_bare, after=after, limit=PAGE)

    def _row(self, point: PointHead) -> FactRow:
        words = PlanWords(self._desk.figures, self._desk.names)
        bound = words.between.join(point.plans) or words.say("console.plans.points.bare")
        detail = words.say("console.plans.points.detail", plans=bound, kind=point.kind, code=point.code)
        badges = () if point.plans else (words.say("console.plans.points.gap"),)
        return FactRow(
            key=point.code, severity=Severity.NONE, title=point.name, detail=detail, badges=badges,
            status=words.centre(point.centre), status_colour=Colour.TEXT_SECOND,
        )  # fmt: skip

    def _show_notice(self, has_rows: bool) -> None:
        if self._failed is not None and not has_rows:
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(self._failed))
            return
        code = "console.plans.waiting" if self._told is None else "console.plans.points.none"
        self.list.show_notice(Presence.FRESH if has_rows else Presence.EMPTY, self._desk.say(code))

    def _on_page(self, told: object) -> None:
        if isinstance(told, RiskPoints):
            self._told, self._failed = told, None
        elif isinstance(told, Reason):
            self._failed = told
        self.show_rows()
        if self._told is not None and self._told.points and not self.list.current_key():
            self.list.select(self._told.points[0].code)

    def _on_more(self, told: object) -> None:
        if isinstance(told, RiskPoints) and self._told is not None:
            self._told = RiskPoints(points=(*self._told.points, *told.points), more=told.more)
            self.show_rows()

    def _on_scrolled(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        near = bar.maximum() - value <= _NEAR_END * self.list.sizeHintForRow(0)
        if near and self._told is not None and self._told.more and self._told.points:
            ask = self._ask(self._told.points[-1].code)
            self._desk.session.ask("risk_point.page", ask, self._on_more, slot="plans.points")

    def _move(self, by: int) -> None:
        keys = [row.key for row in self.list.rows()]
        if keys:
            now = self.list.current_key()
            at = keys.index(now) + by if now in keys else 0
            self.list.select(keys[max(0, min(len(keys) - 1, at))])

    def _on_current(self, key: str) -> None:
        if key:
            self.point_was_chosen.emit(key)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 2, SPACE_PX * 2, SPACE_PX * 2, 0)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self.list.setAccessibleName(self._desk.say("console.plans.points"))
        self.field.search_did_change.connect(lambda _text: self.ask())
        self.field.row_was_asked.connect(self._move)
        self.field.was_submitted.connect(lambda _text: self.list.setFocus())
        self.field.was_left.connect(self.list.setFocus)
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(lambda _key: self.point_was_opened.emit())
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)


def add_keyed(panel: Panel, desk: Desk, *action_ids: str, checkable: bool = False, title: str = "") -> None:
    """Put buttons of actions into a panel's header, key before name, or before what it does here (`title`)."""
    for action_id in action_ids:
        action = BY_ID[action_id]
        said = desk.say(title or action.title)
        panel.add_action(action_id, f"{key_text(action)} {said}", checkable=checkable)
