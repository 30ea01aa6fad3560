"""Buttons that print their key before their name, and the keys that press them while the keyboard is around them."""

from collections.abc import Callable, Container, Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Action
from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX

_LISTS_OWN = ("Return", "Space")
_SHOWN = {"Return": "Enter", "Delete": "Del"}


def key_text(action: Action) -> str:
    """Return the first key of an action as it is printed."""
    key = action.keys[0] if action.keys else ""
    for name, shown in _SHOWN.items():
        key = key.replace(name, shown)
    return key


class KeyedButtons(QWidget):
    """A row of buttons, one per action of the table. An action this session may not do has no button and no key.

    Keys act only once they are bound, around whatever the buttons are about.
    """

    def __init__(
        self, desk: Desk, doers: Mapping[str, Callable[[], object]], titles: Mapping[str, str] | None = None
    ) -> None:  # fmt: skip
        """`titles`: codes of what an action is called here, where its own name is too general."""
        super().__init__()
        self._desk, self._doers, self._titles = desk, dict(doers), dict(titles or {})
        self.by_id: dict[str, QPushButton] = {}
        for action_id in doers:
            self._make(BY_ID[action_id])
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._arrange()

    def bind_to(self, around: QWidget, without: Container[str] = ()) -> None:
        """Let the keys press the buttons while the keyboard is in `around` and the buttons are in sight.

        Enter and Space are left to the list in focus: in a text field they mean something else. `without`: those whose
        key another row of buttons has too: whoever owns both binds it, or Qt would do neither.
        """
        meant = (action_id for action_id in self._doers if action_id not in without)
        own = (action_id for action_id in meant if BY_ID[action_id].keys[0] not in _LISTS_OWN)
        bind_keys(around, {action_id: partial(self.press, action_id) for action_id in own})

    def show_only(self, possible: Iterable[str]) -> None:
        """Show the buttons of these actions, as far as this session may do them; the keys of others do nothing."""
        wanted = set(possible)
        for action_id, button in self.by_id.items():
            button.setVisible(action_id in wanted and self._may(BY_ID[action_id]))
        self._arrange()

    def press(self, action_id: str) -> None:
        """Do what a button does, when it is shown."""
        button = self.by_id[action_id]
        if button.isVisible() and button.isEnabled():
            self._doers[action_id]()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _may(self, action: Action) -> bool:
        return action.record is None or action.permission in self._desk.allowed()

    def _make(self, action: Action) -> None:
        title = self._desk.say(self._titles.get(action.id, action.title))
        button = QPushButton(f"{key_text(action)} {title}", self)
        button.setFlat(True)
        button.setMinimumHeight(TARGET_PX)
        button.setAccessibleName(title)
        button.clicked.connect(lambda _checked=False: self.press(action.id))
        self.by_id[action.id] = button

    def _arrange(self) -> None:
        """Lay the buttons out in as many rows as the width asks for: a narrow pane hides none of them."""
        x, y, edge = SPACE_PX * 3, SPACE_PX, max(1, self.width() - SPACE_PX * 2)
        for button in self.by_id.values():
            if button.isHidden():
                continue
            size = button.sizeHint()
            if x > SPACE_PX * 3 and x + size.width() > edge:
                x, y = SPACE_PX * 3, y + TARGET_PX + SPACE_PX
            button.setGeometry(x, y, size.width(), TARGET_PX)
            x += size.width() + SPACE_PX
        self.setFixedHeight(y + TARGET_PX + SPACE_PX)


def bind_keys(around: QWidget, doers: Mapping[str, Callable[[], object]]) -> None:
    """Bind the keys of these actions while the keyboard is in `around`."""
    for action_id, do in doers.items():
        for key in BY_ID[action_id].keys:
            shortcut = QShortcut(QKeySequence(key), around)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
