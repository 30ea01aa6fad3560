"""The panes of a page, nested as its layout says: otherwise on wide screens, dividers locked where it says so."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps, finish
from chengyun_console.layouts.arrangement import ROOT, Arrangement, Split, Way, panes_of
from chengyun_console.pages.split_panes import LaidSplit

WIDE_PX = 2400
"""From this width on the panes have room beside each other: a 2560-wide screen without rail and margins, and wider."""
_DONE = object()
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
    """Holds the panes; nests them anew when the layout or its kind of width changes. The panes themselves stay.

    A page that does `steps` with each of its frames may have them nested a pane at a time: all of them take 24 ms.
    """

    def __init__(self, desk: Desk, layout: Laid, panes: Mapping[str, QWidget], *, in_steps: bool = False) -> None:
        super().__init__()
        self._desk, self._laid, self._panes = desk, layout, panes
        self._begun: Steps | None = None
        """A nesting that is under way; what is seen is the one before."""
        self._shown: tuple[Arrangement, tuple[str, ...], bool] | None = None
        self._root: LaidSplit | None = None
        self.splits: dict[str, LaidSplit] = {}
        """The splitters by their names in the master."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        layout.did_change.connect(self._begin if in_steps else self.arrange)
        self.arrange()

    @property
    def is_wide(self) -> bool:
        """Whether the arrangement for wide screens is shown."""
        return self.width() >= WIDE_PX

    def arrange(self) -> None:
        """Nest the panes as the layout says now; sizes alone change when the nesting is the same."""
        self._begin()
        finish(self.steps())

    def steps(self) -> Steps:
        """Do what is left of a nesting, with a pause after each pane."""
        while self._begun is not None:
            if next(self._begun, _DONE) is _DONE:
                self._begun = None
                return
            yield

    def _begin(self) -> None:
        """Have the panes nested as the layout says now; a nesting that is under way is finished first."""
        finish(self.steps())
        arranged = self._arranged()
        shown = (arranged, self._laid.locked, self.is_wide)
        if shown == self._shown:
            self._restore()
        else:
            self._shown = shown
            self._begun = self._nest(arranged)

    def _restore(self) -> None:
        for split in self.splits.values():
            split.restore()

    def _arranged(self) -> Arrangement:
        return self._laid.arranged(wide=self.is_wide)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._shown != (self._arranged(), self._laid.locked, self.is_wide):
            self.arrange()

    def _nest(self, arranged: Arrangement) -> Steps:
        """Nest the panes; what is painted stays as it was until all of them have their place.

        The one with the keyboard goes last and in one go with everything's being shown: no key misses it.
        """
        self.setUpdatesEnabled(False)
        try:
            splits: dict[str, LaidSplit] = {}
            root = self._made(arranged, arranged[ROOT], splits)
            # From the start: it goes with this one, also half filled.
            root.setParent(self)
            root.hide()
            yield
            ways = self._ways(arranged, splits)
            for pane in [pane for pane in ways if not self._has_keyboard(pane)]:
                ways.pop(pane)()
                yield
            self._swap(root, splits, ways.values(), panes_of(arranged))
        except Exception:
            self.setUpdatesEnabled(True)
            raise

    def _swap(
        self, root: LaidSplit, splits: dict[str, LaidSplit], last: Iterable[Callable[[], None]], placed: tuple[str, ...]
    ) -> None:
        """Show the new splits with the panes in them, and let the old ones go. `last` moves what is left."""
        focused, before = self._focused(), self._root
        for move in last:
            move()
        if before is not None:
            before.hide()
        self._root, self.splits = root, splits
        self._column.addWidget(root)
        # A layout shows what it was given a moment later: too late for the keyboard, which goes to what is seen.
        root.show()
        for pane, widget in self._panes.items():
            if pane not in placed:
                widget.setParent(self)
            widget.setVisible(pane in placed)
        if before is not None:
            before.setParent(None)
            before.deleteLater()
        if focused is not None and focused.isVisibleTo(self.window()):
            focused.setFocus()
        self._restore()
        self.setUpdatesEnabled(True)

    def _made(self, arranged: Arrangement, split: Split, splits: dict[str, LaidSplit]) -> LaidSplit:
        """Return a split with all that is in it; where a pane goes there is something empty yet."""
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
            made.addWidget(self._made(arranged, arranged[part], splits) if part in arranged else QWidget())
        splits[split.name] = made
        return made

    def _ways(self, arranged: Arrangement, splits: Mapping[str, LaidSplit]) -> dict[str, Callable[[], None]]:
        """Return what moves each pane to its place."""
        return {
            part: partial(self._move, self._panes[part], splits[split.name], at)
            for split in arranged.values() for at, part in enumerate(split.parts) if part not in arranged
        }  # fmt: skip

    def _move(self, pane: QWidget, to: LaidSplit, at: int) -> None:
        before = pane.parentWidget()
        if isinstance(before, LaidSplit):
            # Its neighbours would take its room, and lay out all that is in them for nothing.
            before.replaceWidget(before.indexOf(pane), QWidget())
        to.replaceWidget(at, pane).deleteLater()

    def _has_keyboard(self, pane: str) -> bool:
        focused = self._focused()
        return focused is not None and _holds(self._panes[pane], focused)

    def _focused(self) -> QWidget | None:
        """Return what has the keyboard inside a pane: moving a pane to another parent takes it away."""
        focused: QWidget | None = self.window().focusWidget()
        is_inside = focused is not None and any(_holds(pane, focused) for pane in self._panes.values())
        return focused if is_inside else None

    def _tell_locked(self) -> None:
        self._desk.message_came.emit(self._desk.say("console.layout.split_locked"), True)


def _holds(pane: QWidget, widget: QWidget) -> bool:
    return pane is widget or pane.isAncestorOf(widget)
