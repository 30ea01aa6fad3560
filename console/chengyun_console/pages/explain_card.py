"""The card that answers «where from?» for the vital in focus."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QScrollArea
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.wording.explanation import Explainer, Explanation
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.lettering import text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.shapes import mark_rect, paint_mark
from chengyun_widgets.theme import Theme

_LINE_PX = 20
_HEAD_PX = 40
_LABEL_PX = 72


class ExplainPanel(Panel):
    """Follows the desk's selection; its figures follow the second."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("console.explain.title"))
        self._desk = desk
        self._text = _ExplainText(desk.theme, desk.say("console.explain.history"))
        self._asked: tuple[object, ...] = ()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._text)
        self.set_body(scroll)
        self.show_notice(Presence.EMPTY, desk.say("console.explain.none"))

    def refresh(self, now_ns: int) -> None:
        """Explain the vital in focus anew when it, its value or the second changed."""
        desk = self._desk
        number, names = desk.vital, desk.names
        if number is None or names is None or number >= desk.session.state.count:
            return
        state = desk.session.state
        alarm = desk.alarm() or desk.session.facts.alarm_of_vital(number)
        asked = (number, names.view.version, int(state.time[number]), alarm, now_ns // NS_PER_S, state.silent)
        if asked == self._asked:
            return
        self._asked = asked
        found = Explainer(desk.figures, names, desk.words).explain(number, state, now_ns, alarm)
        if found is None:
            self.show_notice(Presence.EMPTY, desk.say("console.explain.none"))
            return
        self._text.show_explanation(found)
        self.show_notice(Presence.FRESH, "")


class _ExplainText(Painted):
    """Two columns when there is room: what and which rule at the left, the alarm's history at the right."""

    def __init__(self, theme: Theme, history: str) -> None:
        super().__init__(theme)
        self._history_title = history
        self._shown: Explanation | None = None

    def show_explanation(self, explanation: Explanation) -> None:
        """Show a record; an equal one costs nothing."""
        if explanation == self._shown:
            return
        self._shown = explanation
        lines = len(explanation.lines) + (0 if self._is_wide() else len(explanation.history) + 1)
        self.setMinimumHeight(_HEAD_PX + lines * _LINE_PX + SPACE_PX * 2)
        self.setAccessibleName(f"{explanation.name} {explanation.value}")
        spoken = [f"{line.label} {line.text}" for line in explanation.lines]
        self.setAccessibleDescription("\n".join((*spoken, *explanation.history)))
        self.setToolTip("\n".join((*spoken, *explanation.history)))
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
            self._paint_line(painter, line.label, line.text, y, split - SPACE_PX * 3)
            y += _LINE_PX
        self._paint_history(painter, shown, split, y)

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, self.minimumHeight())

    def _paint_head(self, painter: QPainter, shown: Explanation) -> None:
        theme = self.theme
        rect = QRectF(SPACE_PX * 3, 0, self.width() - SPACE_PX * 6, _HEAD_PX)
        severity = Severity(int(shown.band))
        paint_mark(painter, theme, mark_rect(rect.x(), rect.center().y()), severity, stale=shown.is_stale)
        x = rect.x() + 22
        font = theme.font(TypeSize.TITLE, bold=True)
        x += write(painter, rect.adjusted(22, 0, -160, 0), shown.name, font, theme.colour(Colour.TEXT)) + SPACE_PX * 3
        ink = theme.colour(Colour.TEXT_THIRD) if shown.is_stale else theme.ink(severity)
        x += write(painter, QRectF(x, 0, rect.right() - x, _HEAD_PX), shown.value, font, ink) + SPACE_PX * 3
        second = theme.colour(Colour.TEXT_SECOND)
        write(painter, QRectF(x, 0, rect.right() - x, _HEAD_PX), shown.place, theme.font(TypeSize.SMALL), second)

    def _paint_line(self, painter: QPainter, label: str, text: str, y: float, right: float) -> None:
        theme, x = self.theme, float(SPACE_PX * 3)
        write(
            painter,
            QRectF(x, y, _LABEL_PX, _LINE_PX),
            label,
            theme.font(TypeSize.SMALL),
            theme.colour(Colour.TEXT_THIRD),
        )
        room = QRectF(x + _LABEL_PX, y, right - x - _LABEL_PX, _LINE_PX)
        write(painter, room, text, theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT))

    def _paint_history(self, painter: QPainter, shown: Explanation, split: float, below: float) -> None:
        if not shown.history:
            return
        theme, font = self.theme, self.theme.font(TypeSize.SMALL)
        x, y = (split, float(_HEAD_PX)) if self._is_wide() else (float(SPACE_PX * 3), below)
        width = self.width() - x - SPACE_PX * 3
        write(painter, QRectF(x, y, width, _LINE_PX), self._history_title, font, theme.colour(Colour.TEXT_THIRD))
        for text in shown.history:
            y += _LINE_PX
            write(painter, QRectF(x, y, width, _LINE_PX), text, font, theme.colour(Colour.TEXT))

    def _history_left(self, shown: Explanation) -> float:
        if not shown.history or not self._is_wide():
            return float(self.width())
        font = self.theme.font(TypeSize.SMALL)
        widest = max(text_width(font, text) for text in (*shown.history, self._history_title))
        return max(self.width() * 0.5, self.width() - widest - SPACE_PX * 4)

    def _is_wide(self) -> bool:
        return self.width() >= 600
