"""A plain text label in a token's colour and one of the six sizes, repainted only when its text changed."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour, TypeSize
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.theme import Theme


class Lettered(QLabel):
    """Never interprets markup: names come from imported tables."""

    def __init__(
        self,
        theme: Theme,
        size: TypeSize = TypeSize.BODY,
        colour: Colour = Colour.TEXT_SECOND,
        *,
        bold: bool = False,
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour: Colour | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(size, bold=bold))
        self.set_colour(colour)
        self.setText(text)

    def show_text(self, text: str) -> None:
        """Show a text; nothing is laid out or painted when it is the same."""
        if text != self.text():
            self.setText(text)

    def set_colour(self, colour: Colour) -> None:
        """Use another token."""
        if colour is self._colour:
            return
        self._colour = colour
        palette = self.palette()
        palette.setColor(self.foregroundRole(), self._theme.colour(colour))
        self.setPalette(palette)


class Yielding(Lettered):
    """A label that gives way: it is cut with an ellipsis instead of widening its neighbours."""

    def __init__(
        self, theme: Theme, size: TypeSize = TypeSize.BODY, colour: Colour = Colour.TEXT_SECOND, *, bold: bool = False
    ) -> None:
        super().__init__(theme, size, colour, bold=bold)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @override
    def show_text(self, text: str) -> None:
        if text != self._whole:
            self._whole = text
            self.setToolTip(plain_tip(text))
            self._fit()

    @override
    def resizeEvent(self, event: object) -> None:
        self._fit()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _fit(self) -> None:
        room = self.contentsRect().width()
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
