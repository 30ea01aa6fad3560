"""Buttons that print their key before their name, and the keys that press them while the keyboard is around them."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

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

    def __init__(self, desk: Desk, doers: Mapping[str, Callable[[], object]]) -> None:
        super().__init__()
        self._desk, self._doers = desk, dict(doers)
        self.by_id: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        row.setSpacing(SPACE_PX)
        for action_id in doers:
            row.addWidget(self._button(BY_ID[action_id]))
        row.addStretch(1)

    def bind_to(self, around: QWidget) -> None:
        """Let the keys press the buttons while the keyboard is in `around` and the buttons are in sight.

        Enter and Space are left to the list in focus: in a text field they mean something else.
        """
        own = (action_id for action_id in self._doers if BY_ID[action_id].keys[0] not in _LISTS_OWN)
        bind_keys(around, {action_id: partial(self.press, action_id) for action_id in own})

    def show_only(self, possible: Iterable[str]) -> None:
        """Show the buttons of these actions, as far as this session may do them; the keys of others do nothing."""
        wanted = set(possible)
        for action_id, button in self.by_id.items():
            button.setVisible(action_id in wanted and self._may(BY_ID[action_id]))

    def press(self, action_id: str) -> None:
        """Do what a button does, when it is shown."""
        button = self.by_id[action_id]
        if button.isVisible() and button.isEnabled():
            self._doers[action_id]()

    def _may(self, action: Action) -> bool:
        return action.record is None or action.permission in self._desk.allowed()

    def _button(self, action: Action) -> QPushButton:
        title = self._desk.say(action.title)
        button = QPushButton(f"{key_text(action)} {title}", self)
        button.setFlat(True)
        button.setMinimumHeight(TARGET_PX)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        button.setAccessibleName(title)
        button.clicked.connect(lambda _checked=False: self.press(action.id))
        self.by_id[action.id] = button
        return button


def bind_keys(around: QWidget, doers: Mapping[str, Callable[[], object]]) -> None:
    """Bind the keys of these actions while the keyboard is in `around`."""
    for action_id, do in doers.items():
        for key in BY_ID[action_id].keys:
            shortcut = QShortcut(QKeySequence(key), around)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
