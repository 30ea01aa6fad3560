"""Which panes a page that is not there yet will have, and where: its frame stands at once, with a word in each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from chengyun_console.desk import Desk
from chengyun_console.layouts.arrangement import ROOT, Arrangement, Split, Way
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX

_GAP, _EDGE = SPACE_PX * 2, SPACE_PX * 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One pane to come."""

    title: str
    rect: QRectF
    """In the page's coordinates, px."""


def parts_of(desk: Desk, page: str, width: int, height: int) -> tuple[Part, ...]:
    """Return the panes of a page of this size in px: those of F6 as its layout has them, else the page as one."""
    inside = QRectF(0, 0, width, height).adjusted(_EDGE, _GAP, -_EDGE, -_GAP)
    if page == "F6":
        inside.setTop(inside.top() + TARGET_PX + SPACE_PX)
        return tuple(_command(desk, inside))
    return (Part(title=desk.say(f"console.page.{page}"), rect=inside),)


def _command(desk: Desk, inside: QRectF) -> Iterator[Part]:
    from chengyun_console.layouts.arranged import WIDE_PX  # noqa: PLC0415 - F6 alone needs it
    from chengyun_console.layouts.command_layout import CommandLayout, CommandPane  # noqa: PLC0415 - the same

    titles = {
        CommandPane.MAP: "maps.title", CommandPane.VIDEO: "panes.title", CommandPane.PLAN: "command.plan",
        CommandPane.RECEIPTS: "command.receipts", CommandPane.TIMELINE: "command.timeline",
        CommandPane.CHARTS: "console.pinned.title",
    }  # fmt: skip
    laid = CommandLayout(desk)
    laid.look()
    wide = inside.width() >= WIDE_PX
    arranged = laid.arranged(wide=wide)
    for pane, rect in _placed(arranged, arranged[ROOT], inside, lambda split: laid.sizes(split, wide=wide)):
        yield Part(title=desk.say(titles[CommandPane(pane)]), rect=rect)


def _placed(
    arranged: Arrangement, split: Split, rect: QRectF, sizes: Callable[[Split], tuple[int, ...]]
) -> Iterator[tuple[str, QRectF]]:  # fmt: skip
    """Divide a rectangle as a split divides its room, down to the panes."""
    shares = sizes(split)
    across = split.way is Way.ACROSS
    room = (rect.width() if across else rect.height()) - _GAP * (len(shares) - 1)
    at = rect.left() if across else rect.top()
    for part, share in zip(split.parts, shares, strict=True):
        size = room * share / sum(shares)
        own = QRectF(at, rect.top(), size, rect.height()) if across else QRectF(rect.left(), at, rect.width(), size)
        at += size + _GAP
        if part in arranged:
            yield from _placed(arranged, arranged[part], own, sizes)
        else:
            yield part, own
