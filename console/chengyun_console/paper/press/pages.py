"""From an order to set pages: paper, day theme and words. Print is ink on white whatever the screen shows."""

from chengyun_console.paper.job import PrintOrder
from chengyun_console.paper.press.setting import Pages, set_pages
from chengyun_console.paper.press.sheets import Letterhead, a4
from chengyun_console.paper.printed import Block
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import load_theme


def pages_of(order: PrintOrder, blocks: tuple[Block, ...]) -> Pages:
    """Return the pages of a job; needs a QApplication for its fonts."""
    theme, texts = load_theme("day"), Texts(order.language)
    letterhead = Letterhead(theme, texts, order.head)
    paper = a4(landscape=order.landscape)
    return set_pages(blocks, paper, letterhead, theme, texts, order.utc_offset_minutes * 60)
