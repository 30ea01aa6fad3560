"""Sets blocks on pages: what goes where, before anything is painted, so that a page can say 3 of 34."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from chengyun_console.paper.press.drawings import ChartPiece, ChartRow, grid_pieces
from chengyun_console.paper.press.pieces import Notice, Piece, table_pieces
from chengyun_console.paper.press.sheets import Letterhead, Paper
from chengyun_console.paper.printed import Block, PrintedChart, PrintedGrid, PrintedTable
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import Theme

_LEAST_PX, _MOST_PX = 200.0, 420.0
MOST_ROWS = 3
"""Rows of chart pairs on a page; six pinned charts fill one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A piece and its top edge on the page."""

    piece: Piece
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """All pages of a job, ready to be painted."""

    paper: Paper
    letterhead: Letterhead
    pages: tuple[tuple[Placed, ...], ...]

    def paint(self, painter: QPainter, at: int) -> None:
        """Paint one page (from 0); the painter's unit is a px of 1/96 inch."""
        body = self.paper.body
        self.letterhead.paint(painter, self.paper, at + 1, len(self.pages))
        for placed in self.pages[at]:
            placed.piece.paint(painter, QRectF(body.left(), placed.y, body.width(), placed.piece.height))


def set_pages(
    blocks: Iterable[Block], paper: Paper, letterhead: Letterhead, theme: Theme, texts: Texts, utc_offset_s: int
) -> Pages:
    """Return the pages; a job without anything gives one page that says so."""
    told = tuple(blocks)
    pieces = list(_pieces(told, paper, theme, texts, utc_offset_s))
    if not pieces:
        pieces = [Notice(theme, texts.say("paper.nothing"))]
    return Pages(paper=paper, letterhead=letterhead, pages=tuple(_broken(pieces, paper.body)))


def _pieces(blocks: Sequence[Block], paper: Paper, theme: Theme, texts: Texts, utc_offset_s: int) -> Iterator[Piece]:
    width, nothing = paper.body.width(), texts.say("paper.nothing")
    charts = [block for block in blocks if isinstance(block, PrintedChart)]
    chart_rows = min(MOST_ROWS, (len(charts) + 1) // 2) or 1
    tall = max(_LEAST_PX, min(_MOST_PX, paper.body.height() / chart_rows - 1))
    waiting: list[ChartPiece] = []
    for block in blocks:
        match block:
            case PrintedChart() if len(charts) > 1:
                waiting.append(ChartPiece(theme, block, tall, utc_offset_s))
                if len(waiting) == 2:
                    yield ChartRow(tuple(waiting))
                    waiting = []
            case PrintedChart():
                yield ChartPiece(theme, block, tall, utc_offset_s)
            case PrintedGrid():
                yield from grid_pieces(theme, block, width)
            case PrintedTable():
                if waiting:
                    yield ChartRow(tuple(waiting))
                    waiting = []
                yield from table_pieces(theme, block, width, nothing)
    if waiting:
        yield ChartRow(tuple(waiting))


def _broken(pieces: Sequence[Piece], body: QRectF) -> Iterator[tuple[Placed, ...]]:
    """Yield pages: a piece that does not fit begins the next one, with what it must not lose before it."""
    page: list[Placed] = []
    y = body.top()
    for at, piece in enumerate(pieces):
        if page and y + _needed(pieces, at) > body.bottom():
            yield tuple(page)
            page, y = [], body.top()
            repeated = piece.repeated
            if repeated is not None:
                page.append(Placed(piece=repeated, y=y))
                y += repeated.height
        page.append(Placed(piece=piece, y=y))
        y += piece.height
    if page:
        yield tuple(page)


def _needed(pieces: Sequence[Piece], at: int) -> float:
    """Return the height a piece needs together with what must stand on its page."""
    height = pieces[at].height
    while pieces[at].keeps_next and at + 1 < len(pieces):
        at += 1
        height += pieces[at].height
    return height
