"""Binds the table of actions to keys. A letter never acts while a text field has the keyboard: Qt's fields keep it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from chengyun_console.actions import order_deeds
from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.command_deeds import COMMAND_KEYS
from chengyun_console.actions.duty_deeds import DUTY_KEYS
from chengyun_console.actions.map_deeds import ABOUT_MAP, CANVAS_KEYS, MAP_KEYS
from chengyun_console.actions.plan_deeds import PLAN_KEYS
from chengyun_console.actions.room_deeds import ROOM_KEYS
from chengyun_console.actions.table import ACTIONS
from chengyun_console.actions.trend_deeds import TREND_KEYS
from chengyun_console.actions.video_deeds import CLIP_KEYS, VIDEO_KEYS
from chengyun_console.actions.warning_deeds import OUTCOME_OF
from chengyun_console.order_focus import ABOUT_RECEIPTS
from chengyun_widgets.ladder_matrix import LadderMatrix

CHART_KEYS = ("chart.move", "chart.size", "chart.unpin")
FORM_KEYS = ("form.send", "threshold.roll_back")
OWN_KEYS = (
    "alarm.open",
    "approval.decide",
    "event.open_file",
    "strip.filter",
    "strip.pause",
    *order_deeds.OWN_KEYS,
    *FORM_KEYS,
    *CHART_KEYS,
    *TREND_KEYS,
    *PLAN_KEYS,
    *MAP_KEYS,
    *CANVAS_KEYS,
    *COMMAND_KEYS,
    *DUTY_KEYS,
    *VIDEO_KEYS,
    *CLIP_KEYS,
    *ROOM_KEYS,
    *OUTCOME_OF,
)
"""Handled by the widget that has the keyboard: Enter, Space and digits mean something else everywhere else."""

SUBJECTS = frozenset({
    Where.ALARM, Where.EVENT, Where.ORDER, Where.WARNING, Where.AUDIT, Where.GLASS, Where.DEVICE, Where.MAP,
    Where.ROOM, Where.VIDEO,
})  # fmt: skip
"""What single letters may be about; one of them at a time, as the page in front says."""


def bind(window: QWidget, do: Callable[[tuple[Action, ...]], None]) -> dict[str, QShortcut]:
    """Make one shortcut per key; `do` gets all actions the key may stand for. Returns them by key."""
    bound: dict[str, QShortcut] = {}
    meant = _meant()
    for action in ACTIONS:
        for key in action.keys:
            if action.id in OWN_KEYS or key in bound:
                continue
            shortcut = QShortcut(QKeySequence(key), window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(do, tuple(meant[key])))
            bound[key] = shortcut
    return bound


def is_in_the_matrix(widget: QWidget | None) -> bool:
    """Return whether the keyboard is in a matrix or list of receipts: letters are about the one current there."""
    while widget is not None and not isinstance(widget, LadderMatrix) and not widget.property(ABOUT_RECEIPTS):
        widget = widget.parentWidget()
    return widget is not None


def is_on_a_map(widget: QWidget | None) -> bool:
    """Return whether a map within a page of something else has the keyboard."""
    return widget is not None and bool(widget.property(ABOUT_MAP))


def meant_here(actions: tuple[Action, ...], subject: Where) -> tuple[Action, ...]:
    """Return those of the actions of a key that mean something where single letters are about `subject`."""
    return tuple(action for action in actions if action.where not in SUBJECTS or action.where is subject)


def _meant() -> dict[str, list[Action]]:
    """Return what each key may stand for, by where it does; all at once, for each window asks for all."""
    meant: dict[str, list[Action]] = {}
    order = list(Where)
    for action in sorted(ACTIONS, key=lambda action: order.index(action.where)):
        for key in dict.fromkeys(action.keys):
            meant.setdefault(key, []).append(action)
    return meant
