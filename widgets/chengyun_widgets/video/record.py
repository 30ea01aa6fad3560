"""What a pane of moving pictures is told: its words, how far its picture may be believed, where the picture lies."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class PaneTone(Enum):
    """How much what a pane shows may be believed. Only LIVE is painted in colour and without a word over it."""

    EMPTY = "empty"
    """No camera is set here."""
    WAITING = "waiting"
    """The first picture has not come yet."""
    LIVE = "live"
    OLD = "old"
    """No new picture, or the same one again and again: greyed under its age."""
    DARK = "dark"
    """Pictures come and show nothing: black, or covered."""
    LOST = "lost"
    """The source is gone; what was seen last stands greyed under the words."""
    REFUSED = "refused"
    """A rule said no, or its pictures cannot be read: a sentence in place of a picture."""


BELOW_PICTURE = frozenset({PaneTone.OLD, PaneTone.DARK, PaneTone.LOST})
"""Words lie on a plate over a picture that must not pass for a live one."""
GREYED = frozenset({PaneTone.OLD, PaneTone.LOST})
"""The last picture is kept by the pane, grey, for as long as nothing newer comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneRecord:
    """One pane's words, all of them finished. `spoken`: what a screen reader says, empty: title and notice."""

    title: str = ""
    tone: PaneTone = PaneTone.EMPTY
    foot: str = ""
    """At the lower left: `1080p · 25 fps · 延迟 0.4 s`."""
    notice: str = ""
    """In the middle, for every tone but LIVE: `画面冻结 12 s · 14:31:52`."""
    note: str = ""
    """At the lower right: who moves the camera, what became of the evidence."""
    spoken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """One picture where it lies in shared memory, good for the length of one paint and never kept.

    `data`: BGRA, `stride` bytes per row, at least `stride * height` bytes; its writer may write it anew two pictures
    later, and `is_whole` then returns False.
    """

    data: memoryview
    width: int
    height: int
    stride: int
    is_whole: Callable[[], bool]


Reader = Callable[[], Pixels | None]
"""Asked in the paint for the newest picture; None: there is none."""
