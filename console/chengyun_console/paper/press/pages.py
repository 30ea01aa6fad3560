"""From an order to set pages: paper, day theme and words. Print is ink on white whatever the screen shows."""

from PySide6.QtGui import QFont
from typing_extensions import override

from chengyun_console.paper.job import PrintOrder
from chengyun_console.paper.press.setting import Pages, set_pages
from chengyun_console.paper.press.sheets import Letterhead, a4
from chengyun_console.paper.printed import Block
from chengyun_resources.texts import Texts
from chengyun_resources.theme.tokens import TypeSize, load_tokens
from chengyun_widgets.theme import Theme


class PaperTheme(Theme):
    """The day theme with fonts whose every glyph a reader of the PDF can copy and find.

    Between Latin letters the font's feature for localised forms takes other glyphs for digits, which it maps to no
    character: seat A-03 was seen on the page and found by nobody.
    """

    def __init__(self) -> None:
        super().__init__(load_tokens("day"))
        whole = super().font
        self._plain = {(size, bold): _plain(whole(size, bold=bold)) for size in TypeSize for bold in (False, True)}

    @override
    def font(self, size: TypeSize, *, bold: bool = False) -> QFont:
        return self._plain[size, bold]


def _plain(font: QFont) -> QFont:
    plain = QFont(font)
    plain.setFeature(QFont.Tag("locl"), 0)
    plain.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return plain


def pages_of(order: PrintOrder, blocks: tuple[Block, ...]) -> Pages:
    """Return the pages of a job; needs a QApplication for its fonts."""
    theme, texts = PaperTheme(), Texts(order.language)
    letterhead = Letterhead(theme, texts, order.head)
    paper = a4(landscape=order.landscape)
    return set_pages(blocks, paper, letterhead, theme, texts, order.utc_offset_minutes * 60)
