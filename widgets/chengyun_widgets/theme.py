"""Turns theme tokens into Qt's colours, fonts, palette and style sheet."""

from string import Template

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from chengyun_resources.theme.tokens import (
    FONT_FAMILIES,
    SEVERITY_FILL,
    SEVERITY_TEXT,
    Colour,
    Opacity,
    Severity,
    Tokens,
    TypeSize,
    load_style_sheet,
    load_tokens,
    tick_file,
)

_ROLES = {
    QPalette.ColorRole.Window: Colour.GROUND,
    QPalette.ColorRole.WindowText: Colour.TEXT,
    QPalette.ColorRole.Base: Colour.PANEL,
    QPalette.ColorRole.AlternateBase: Colour.RAISED,
    QPalette.ColorRole.Text: Colour.TEXT,
    QPalette.ColorRole.Button: Colour.RAISED,
    QPalette.ColorRole.ButtonText: Colour.TEXT,
    QPalette.ColorRole.BrightText: Colour.TEXT,
    QPalette.ColorRole.Highlight: Colour.ACCENT_WASH,
    QPalette.ColorRole.HighlightedText: Colour.TEXT,
    QPalette.ColorRole.Link: Colour.ACCENT,
    QPalette.ColorRole.PlaceholderText: Colour.TEXT_THIRD,
    QPalette.ColorRole.ToolTipBase: Colour.RAISED,
    QPalette.ColorRole.ToolTipText: Colour.TEXT,
    QPalette.ColorRole.Light: Colour.OUTLINE,
    QPalette.ColorRole.Mid: Colour.LINE,
    QPalette.ColorRole.Dark: Colour.LINE,
    QPalette.ColorRole.Shadow: Colour.GROUND,
}


class Theme:
    """One theme, ready for painting. Shared by all widgets of a window; never changed after it is made."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self._colours = {token: QColor(value) for token, value in tokens.colours.items()}
        self._fonts = {(size, bold): _font(size, bold=bold) for size in TypeSize for bold in (False, True)}

    def colour(self, token: Colour, opacity: Opacity | None = None) -> QColor:
        """Return a token's colour, laid over what is under it with `opacity` when one is given.

        Without an opacity the colour is shared (a copy costs 5 us, a frame asks a thousand times): do not change it.
        """
        if opacity is None:
            return self._colours[token]
        colour = QColor(self._colours[token])
        colour.setAlphaF(self.tokens.opacities[opacity])
        return colour

    def fill(self, severity: int) -> QColor:
        """Return the colour of a severity's shape (Severity or the same number), the caller's own."""
        return QColor(self._colours[SEVERITY_FILL[Severity(severity)]])

    def ink(self, severity: int) -> QColor:
        """Return the colour of a severity's words, figures and lines: readable on a panel. Shared, like `colour`."""
        return self._colours[SEVERITY_TEXT[Severity(severity)]]

    def font(self, size: TypeSize, *, bold: bool = False) -> QFont:
        """Return the font of one of the six sizes; figures are tabular."""
        return self._fonts[size, bold]

    def palette(self) -> QPalette:
        """Return the palette for Fusion, disabled texts included."""
        palette = QPalette()
        for role, token in _ROLES.items():
            palette.setColor(role, self._colours[token])
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self._colours[Colour.TEXT_THIRD])
        return palette

    def style_sheet(self) -> str:
        """Return the style sheet with the tokens filled in."""
        words = {str(token): value for token, value in self.tokens.colours.items()}
        return Template(load_style_sheet()).substitute(words, tick=tick_file())


def load_theme(name: str = "night") -> Theme:
    """Return the theme called "night" or "day"."""
    return Theme(load_tokens(name))


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole application: Fusion, palette, font and style sheet."""
    app.setStyle(QStyleFactory.create("Fusion"))
    redress(app, theme)


def redress(app: QApplication, theme: Theme) -> None:
    """Change palette, font and style sheet of an application that wears Fusion already."""
    app.setPalette(theme.palette())
    app.setFont(theme.font(TypeSize.BODY))
    app.setStyleSheet(theme.style_sheet())


def _font(size: TypeSize, *, bold: bool) -> QFont:
    font = QFont(list(FONT_FAMILIES))
    font.setPixelSize(int(size))
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
