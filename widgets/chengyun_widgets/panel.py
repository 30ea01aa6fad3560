"""A titled frame around a widget: title at the left, note and actions at the right, a sentence when it has no data."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.giving_label import GivingLabel
from chengyun_widgets.painted import Painted
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.theme import Theme

HEADER_PX = 34
_LEAST_TITLE_PX = 160
"""The note gives way before the title does."""


class Panel(QFrame):
    """The box everything on a page sits in. `set_body` takes the content, `show_notice` covers it with a sentence."""

    action_was_asked = Signal(str)
    """The key of the header action that was clicked."""
    head_was_asked = Signal()
    """The head was clicked beside its buttons: somebody wants to know what its figures are made of."""
    edge = Colour.LINE
    """Colour of the frame; what floats above a page takes one that stands out."""

    def __init__(self, theme: Theme, title: str = "", note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.actions_by_key: dict[str, QPushButton] = {}
        self._title, self._note = GivingLabel(_LEAST_TITLE_PX), GivingLabel()
        self._named: list[QWidget] = []
        # Of the panel from the start: a stacked layout without a widget would show it as a window of its own.
        self._notice = _Notice(theme, self)
        self._build()
        self.set_theme(theme)
        self.set_title(title)
        self.set_note(note)

    def set_title(self, title: str) -> None:
        """Show another title; it is the accessible name too."""
        self._title.show_text(title)
        self.setAccessibleName(title)
        for widget in self._named:
            widget.setAccessibleName(title)

    def set_note(self, note: str) -> None:
        """Show a small text at the right of the header, such as counts or the keys that act here."""
        self._note.show_text(note)
        self._note.setVisible(bool(note))

    def add_action(self, key: str, text: str, tip: str = "", *, checkable: bool = False) -> QPushButton:
        """Add a flat button at the right end of the header; a click emits `action_was_asked(key)`."""
        button = QPushButton(text)
        button.setFlat(True)
        button.setCheckable(checkable)
        button.setToolTip(plain_tip(tip))
        button.setMinimumHeight(TARGET_PX)
        # The note gives way to buttons; half a word on a button says nothing.
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _checked=False: self.action_was_asked.emit(key))
        self._header.addWidget(button)
        self.actions_by_key[key] = button
        return button

    def set_body(self, body: QWidget) -> None:
        """Put `body` inside the frame, in place of an earlier one."""
        earlier = self._stack.widget(1)
        if earlier is not None:
            self._stack.removeWidget(earlier)
            earlier.setParent(None)
        self._stack.addWidget(body)
        self._stack.setCurrentWidget(body)
        self._name_lists(body)

    def show_notice(self, presence: Presence, text: str) -> None:
        """Show the sentence of an EMPTY or REFUSED panel in place of the body; FRESH or STALE shows the body again."""
        is_covered = presence in (Presence.EMPTY, Presence.REFUSED)
        self._notice.show_text(presence, text)
        self._stack.setCurrentIndex(0 if is_covered or self._stack.count() == 1 else 1)

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.theme = theme
        self._notice.set_theme(theme)
        for label, token, bold in ((self._title, Colour.TEXT, True), (self._note, Colour.TEXT_SECOND, False)):
            palette = label.palette()
            palette.setColor(label.foregroundRole(), theme.colour(token))
            label.setPalette(palette)
            label.setFont(theme.font(TypeSize.BODY, bold=bold))
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and 0 <= event.position().y() < HEADER_PX:
            self.head_was_asked.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.colour(self.edge), 1.0))
        painter.setBrush(self.theme.colour(Colour.PANEL))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(self.theme.colour(Colour.LINE), 1.0))
        painter.drawLine(1, HEADER_PX, self.width() - 2, HEADER_PX)
        painter.end()

    def _name_lists(self, body: QWidget) -> None:
        """Let a list, table or sheet that has the keyboard be called like its panel when it has no name of its own."""
        inside = [body, *body.findChildren(QWidget)]
        self._named = [
            widget for widget in inside
            if isinstance(widget, (QAbstractScrollArea, Painted)) and not widget.accessibleName()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]  # fmt: skip
        for widget in self._named:
            widget.setAccessibleName(self.accessibleName())

    def _build(self) -> None:
        self._header = QHBoxLayout()
        self._header.setContentsMargins(SPACE_PX * 3, 0, SPACE_PX * 2, 0)
        self._header.setSpacing(SPACE_PX * 2)
        self._header.addWidget(self._title)
        self._header.addStretch(1)
        self._header.addWidget(self._note)
        head = QWidget()
        head.setFixedHeight(HEADER_PX)
        head.setLayout(self._header)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._notice)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addLayout(self._stack, 1)


class _Notice(Painted):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._presence, self._text = Presence.EMPTY, ""

    def show_text(self, presence: Presence, text: str) -> None:
        self._presence, self._text = presence, text
        self.setAccessibleName(text)
        self.update()

    @override
    def paint(self, painter: QPainter) -> None:
        paint_notice(painter, self.theme, QRectF(self.rect()), self._presence, self._text)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, TARGET_PX)
