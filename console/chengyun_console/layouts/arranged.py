"""The panes of a page, nested as its layout says: otherwise on wide screens, dividers locked where it says so."""

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.layouts.arrangement import ROOT, Arrangement, Split, Way, panes_of
from chengyun_console.pages.split_panes import LaidSplit

WIDE_PX = 2400
"""From this width on the panes have room beside each other: a 2560-wide screen without rail and margins, and wider."""
_ORIENTATION = {Way.ACROSS: Qt.Orientation.Horizontal, Way.DOWN: Qt.Orientation.Vertical}


class Laid(Protocol):
    """What a page's layout is asked."""

    @property
    def did_change(self) -> SignalInstance:
        """Told when panes are to be arranged anew."""
        ...

    @property
    def locked(self) -> tuple[str, ...]:
        """Names of splits that an officer cannot change."""
        ...

    def arranged(self, *, wide: bool) -> Arrangement:
        """Return how panes nest."""
        ...

    def sizes(self, split: Split, *, wide: bool) -> tuple[int, ...]:
        """Return the sizes of a split: the officer's own or the layout's shares."""
        ...

    def keep_sizes(self, split: str, sizes: tuple[int, ...], *, wide: bool) -> None:
        """Keep how an officer divided a split."""
        ...


class ArrangedPanes(QWidget):
    """Holds the panes; nests them anew when the layout or its kind of width changes. The panes themselves stay."""

    def __init__(self, desk: Desk, layout: Laid, panes: Mapping[str, QWidget]) -> None:
        super().__init__()
        self._desk, self._laid, self._panes = desk, layout, panes
        self._shown: tuple[Arrangement, tuple[str, ...], bool] | None = None
        self._root: LaidSplit | None = None
        self.splits: dict[str, LaidSplit] = {}
        """The splitters by their names in the master."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        layout.did_change.connect(self.arrange)
        self.arrange()

    @property
    def is_wide(self) -> bool:
        """Whether the arrangement for wide screens is shown."""
        return self.width() >= WIDE_PX

    def arrange(self) -> None:
        """Nest the panes as the layout says now; sizes alone change when the nesting is the same."""
        arranged = self._arranged()
        shown = (arranged, self._laid.locked, self.is_wide)
        if shown != self._shown:
            self._shown = shown
            self._nest(arranged)
        for split in self.splits.values():
            split.restore()

    def _arranged(self) -> Arrangement:
        return self._laid.arranged(wide=self.is_wide)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._shown != (self._arranged(), self._laid.locked, self.is_wide):
            self.arrange()

    def _nest(self, arranged: Arrangement) -> None:
        focused = self._focused()
        before, self.splits = self._root, {}
        self._root = self._made(arranged, arranged[ROOT])
        self._column.addWidget(self._root)
        # A layout shows what it was given a moment later: too late for the keyboard, which goes to what is seen.
        self._root.show()
        placed = panes_of(arranged)
        for pane, widget in self._panes.items():
            if pane not in placed:
                widget.setParent(self)
            widget.setVisible(pane in placed)
        if before is not None:
            before.setParent(None)
            before.deleteLater()
        if focused is not None and focused.isVisibleTo(self.window()):
            focused.setFocus()

    def _made(self, arranged: Arrangement, split: Split) -> LaidSplit:
        wide, laid = self.is_wide, self._laid
        made = LaidSplit(
            self._desk,
            _ORIENTATION[split.way],
            partial(laid.sizes, split, wide=wide),
            partial(laid.keep_sizes, split.name, wide=wide),
            is_locked=split.name in laid.locked,
        )
        made.locked_was_tried.connect(self._tell_locked)
        for part in split.parts:
            made.addWidget(self._made(arranged, arranged[part]) if part in arranged else self._panes[part])
        self.splits[split.name] = made
        return made

    def _focused(self) -> QWidget | None:
        """Return what has the keyboard inside a pane: moving a pane to another parent takes it away."""
        inside = (widget for pane in self._panes.values() for widget in (pane, *pane.findChildren(QWidget)))
        return next((widget for widget in inside if widget.hasFocus()), None)

    def _tell_locked(self) -> None:
        self._desk.message_came.emit(self._desk.say("console.layout.split_locked"), True)
