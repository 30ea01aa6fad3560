"""The panes of a page, nested as its layout says: otherwise on wide screens, dividers locked where it says so."""

from collections.abc import Callable, Mapping
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
        if (arranged := self._changed()) is not None:
            self._nest(arranged)
        self._restore()

    def steps(self) -> Steps:
        """Do what is left of a nesting, with a pause after each pane."""
        while self._begun is not None:
            if next(self._begun, _DONE) is _DONE:
                self._begun = None
                return
            yield

    def _begin(self) -> None:
        """Have the panes nested a step at a time as the layout says now."""
        if (arranged := self._changed()) is not None:
            self._begun = self._nest_in_steps(arranged)
        else:
            self._restore()

    def _changed(self) -> Arrangement | None:
        """Return the nesting that is to be shown from now on, None for the same; one under way is finished first."""
        finish(self.steps())
        arranged = self._arranged()
        before, self._shown = self._shown, (arranged, self._laid.locked, self.is_wide)
        return arranged if self._shown != before else None

    def _restore(self) -> None:
        for split in self.splits.values():
            split.restore()

    def _arranged(self) -> Arrangement:
        return self._laid.arranged(wide=self.is_wide)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._shown != (self._arranged(), self._laid.locked, self.is_wide):
            self.arrange()

    def _nest(self, arranged: Arrangement) -> None:
        """Nest all panes at once."""
        focused, splits = self._focused(), dict[str, LaidSplit]()
        root = self._made(arranged, arranged[ROOT], splits, self._panes)
        self._swap(root, splits, panes_of(arranged), focused)

    def _nest_in_steps(self, arranged: Arrangement) -> Steps:
        """Nest the panes; what is painted stays as it was until all of them have their place.

        The one with the keyboard goes last and in one go with everything's being shown: no key misses it.
        """
        self.setUpdatesEnabled(False)
        try:
            splits: dict[str, LaidSplit] = {}
            root = self._made(arranged, arranged[ROOT], splits, {})
            # From the start: it goes with this one, also half filled.
            root.setParent(self)
            root.hide()
            yield
            ways = self._ways(arranged, splits)
            for pane in [pane for pane in ways if not self._has_keyboard(pane)]:
                ways.pop(pane)()
                yield
            focused = self._focused()
            for move in ways.values():
                move()
            self._swap(root, splits, panes_of(arranged), focused)
            self._restore()
            self.setUpdatesEnabled(True)
        except Exception:
            self.setUpdatesEnabled(True)
            raise

    def _swap(
        self, root: LaidSplit, splits: dict[str, LaidSplit], placed: tuple[str, ...], focused: QWidget | None
    ) -> None:
        """Show the new splits with the panes in them, and let the old ones go."""
        before = self._root
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

    def _made(
        self, arranged: Arrangement, split: Split, splits: dict[str, LaidSplit], panes: Mapping[str, QWidget]
    ) -> LaidSplit:
        """Return a split with all that is in it; where a pane goes that is not among `panes` is something empty yet."""
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
            if part in arranged:
                made.addWidget(self._made(arranged, arranged[part], splits, panes))
            else:
                made.addWidget(panes[part] if panes else QWidget())
        splits[split.name] = made
        return made

    def _ways(self, arranged: Arrangement, splits: Mapping[str, LaidSplit]) -> dict[str, Callable[[], None]]:
        """Return what moves each pane to its place."""
        return {
            part: partial(self._move, self._panes[part], splits[split.name], at)
            for split in arranged.values() for at, part in enumerate(split.parts) if part not in arranged
        }  # fmt: skip

    def _move(self, pane: QWidget, to: LaidSplit, at: int) -> None:
        empty = to.widget(at)
        to.insertWidget(at, pane)
        empty.setParent(None)
        empty.deleteLater()

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
