"""The card that answers «where from?» for the vital in focus."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QScrollArea
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.pages.limit_history import LimitHistory
from chengyun_console.quality_watch import QualityWatch
from chengyun_console.wording.explanation import Explainer, Explanation, Line
from chengyun_console.wording.provenance import Provenance
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.data_quality import Score
from chengyun_core.model.failure import Reason
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.lettering import text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.panel import Panel
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.presence import Presence
from chengyun_widgets.shapes import mark_rect, paint_mark
from chengyun_widgets.theme import Theme

WIDE_PX = 760
_LINE_PX = 19
_HEAD_PX = 36
_LABEL_PX = 76


class ExplainPanel(Panel):
    """Follows the desk's selection; its figures follow the second."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("console.explain.title"))
        self._desk = desk
        self._text = _ExplainText(desk.theme, desk.say("console.explain.history"))
        self._quality = QualityWatch(desk)
        self._limits = LimitHistory(desk, f"limits-{id(self)}")
        self._asked: tuple[object, ...] = ()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._text)
        # QScrollArea lets its widget fill itself with the ground colour.
        self._text.setAutoFillBackground(False)
        self.set_body(scroll)
        self.show_notice(Presence.EMPTY, desk.say("console.explain.none"))

    def refresh(self, now_ns: int) -> None:
        """Explain the vital in focus anew when it, its value or the second changed."""
        desk = self._desk
        number, names = desk.vital, desk.names
        if number is None or names is None or number >= desk.session.state.count:
            return
        state = desk.session.state
        alarm = desk.session.facts.alarm_of_vital(number)
        score = self._quality.of(number)
        vital = names.vital(number)
        if vital is not None:
            self._limits.tend(vital.code)
        told = self._limits.told
        moment = (int(state.time[number]), now_ns // NS_PER_S, state.silent)
        asked = (number, names.view.version, *moment, alarm, score, told)
        if asked == self._asked:
            return
        self._asked = asked
        found = Explainer(desk.figures, names, desk.words).explain(number, state, now_ns, desk.session.facts)
        if found is None:
            self.show_notice(Presence.EMPTY, desk.say("console.explain.none"))
            return
        assert vital is not None
        way = Provenance(desk.figures, names)
        beat = desk.session.links().ingest.heartbeat
        came = way.way(vital, state, desk.session.clock.monotonic_ns(), beat.demo if beat is not None else "")
        lines = (*found.lines[:1], *came, *found.lines[1:], *way.limits(told), *self._trust(score))
        self._text.show_explanation(replace(found, lines=lines))
        self.show_notice(Presence.FRESH, "")

    def _trust(self, score: Score | Reason | None) -> tuple[Line, ...]:
        """Return how far the vital can be trusted (V6), with its parts; nothing while it is not known."""
        if not isinstance(score, Score) or score.score is None:
            return ()
        say = self._desk.say
        parts = (f"{say(f'quality.{part.name}')} {part.merit:.0%}" for part in score.parts if part.merit is not None)
        told = say("quality.score", score=score.score)
        return (Line(label=say("console.explain.trust"), text="  ".join((told, *parts))),)


class _ExplainText(Painted):
    """One line per question; the alarm's history at the end, or beside them when there is room."""

    def __init__(self, theme: Theme, history: str) -> None:
        super().__init__(theme)
        self._history_title = history
        self._shown: Explanation | None = None

    def show_explanation(self, explanation: Explanation) -> None:
        """Show a record; an equal one costs nothing."""
        if explanation == self._shown:
            return
        self._shown = explanation
        lines = len(explanation.lines) + (0 if self._is_wide() else len(explanation.history))
        self.setMinimumHeight(_HEAD_PX + lines * _LINE_PX + SPACE_PX)
        self.setAccessibleName(f"{explanation.name} {explanation.value}")
        spoken = "\n".join(
            (explanation.place, *(f"{line.label} {line.text}" for line in explanation.lines), *explanation.history)
        )
        self.setAccessibleDescription(spoken)
        self.setToolTip(plain_tip(spoken))
        self.update()

    @override
    def paint(self, painter: QPainter) -> None:
        shown = self._shown
        if shown is None:
            return
        self._paint_head(painter, shown)
        split = self._history_left(shown)
        y = float(_HEAD_PX)
        for line in shown.lines:
            self._paint_line(painter, line.label, line.text, QPointF(SPACE_PX * 3, y), split - SPACE_PX * 3)
            y += _LINE_PX
        at = QPointF(split, _HEAD_PX) if self._is_wide() else QPointF(SPACE_PX * 3, y)
        for place, text in enumerate(shown.history):
            label = "" if place else self._history_title
            self._paint_line(painter, label, text, at, self.width() - SPACE_PX * 3)
            at += QPointF(0, _LINE_PX)

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, self.minimumHeight())

    def _paint_head(self, painter: QPainter, shown: Explanation) -> None:
        theme = self.theme
        rect = QRectF(SPACE_PX * 3, 0, self.width() - SPACE_PX * 6, _HEAD_PX)
        severity = Severity(int(shown.band))
        paint_mark(painter, theme, mark_rect(rect.x(), rect.center().y()), severity, stale=shown.is_stale)
        font, small = theme.font(TypeSize.TITLE, bold=True), theme.font(TypeSize.SMALL)
        # The value never gives way to a long name: it is what was asked for.
        value_px = text_width(font, shown.value) + SPACE_PX * 3
        x = rect.x() + 22
        x += write(
            painter, QRectF(x, 0, rect.right() - x - value_px, _HEAD_PX), shown.name, font, theme.colour(Colour.TEXT)
        )
        x += SPACE_PX * 3
        ink = theme.colour(Colour.TEXT_THIRD) if shown.is_stale else theme.ink(severity)
        x += write(painter, QRectF(x, 0, rect.right() - x, _HEAD_PX), shown.value, font, ink) + SPACE_PX * 3
        write(painter, QRectF(x, 0, rect.right() - x, _HEAD_PX), shown.place, small, theme.colour(Colour.TEXT_SECOND))

    def _paint_line(self, painter: QPainter, label: str, text: str, at: QPointF, right: float) -> None:
        theme, font = self.theme, self.theme.font(TypeSize.SMALL)
        write(painter, QRectF(at.x(), at.y(), _LABEL_PX, _LINE_PX), label, font, theme.colour(Colour.TEXT_THIRD))
        left = at.x() + _LABEL_PX
        write(painter, QRectF(left, at.y(), right - left, _LINE_PX), text, font, theme.colour(Colour.TEXT))

    def _history_left(self, shown: Explanation) -> float:
        if not shown.history or not self._is_wide():
            return float(self.width())
        font = self.theme.font(TypeSize.SMALL)
        widest = max(text_width(font, text) for text in shown.history) + _LABEL_PX
        return max(self.width() * 0.5, self.width() - widest - SPACE_PX * 4)

    def _is_wide(self) -> bool:
        return self.width() >= WIDE_PX
