"""The alarm card: everything about the alarm in focus, and every deed possible on it with its key."""

from dataclasses import replace

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.dialogue import why_not
from chengyun_console.actions.table import ACTIONS
from chengyun_console.desk import Desk
from chengyun_console.quality_watch import QualityWatch
from chengyun_console.seat_routing import Whole
from chengyun_console.shell.overlay import Overlay
from chengyun_console.subjects import subject_of
from chengyun_console.wording.alarm_card import AlarmCardWords
from chengyun_console.wording.coverage import CoverageWords
from chengyun_console.wording.explanation import Explainer
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.presence import Presence

WIDTH_PX = 680
_A_ROW = 5
"""Deeds beside each other; in English their names need the room."""
_NOT_HERE = ("alarm.open", "alarm.acknowledge_page")


class AlarmCard(Overlay):
    """Follows the desk's selection while it is open; the list behind keeps the keyboard, so arrows turn the cards."""

    action_was_asked = Signal(object)
    """Tuple of Action: a button was pressed."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("console.card.hint"), parent)
        self._desk = desk
        self._quality = QualityWatch(desk)
        self._sheet = FactSheet(desk.theme)
        self._row = QGridLayout()
        self._buttons: dict[str, QPushButton] = {}
        self._laid_out: list[QPushButton] = []
        self._shown: tuple[object, ...] = ()
        self._past: Alarm | None = None
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._sheet, 1)
        self._row.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        self._row.setSpacing(SPACE_PX)
        column.addLayout(self._row)
        self.set_body(self._body)
        desk.selection_did_change.connect(self._forget_past)

    def show_past(self, alarm: Alarm) -> None:
        """Show an alarm that ended, as it was known last, until another one is in focus."""
        self._past = replace(alarm, closed=True)
        self.refresh()

    def _forget_past(self) -> None:
        self._past = None

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(area)
        self._shown = ()
        self.refresh()

    @override
    def give_way(self) -> None:
        self.close_over()

    def refresh(self) -> None:
        """Show the alarm in focus as it stands; called on each frame, does something when something changed."""
        if self.isHidden():
            return
        desk, alarm = self._desk, self._desk.alarm() or self._past
        quality = self._quality.of(desk.vital) if alarm is not None else None
        state = (alarm, desk.routing.stamp, desk.session.facts.through, desk.now_ns() // NS_PER_S, desk.words, quality)
        if state == self._shown:
            return
        self._shown = state
        if alarm is None or desk.names is None:
            self.show_notice(Presence.EMPTY, desk.say("console.card.ended"))
            return
        explainer = Explainer(desk.figures, desk.names, desk.words)
        words = AlarmCardWords(desk.list_words, explainer, desk.names)
        facts, mirror = desk.session.facts, desk.session.state
        told = words.sections(alarm, facts, mirror, desk.now_ns(), quality, goes_to=self._goes_to(alarm, desk.names))
        self._sheet.show_sections(told)
        self.set_title(desk.say("console.card.title", name=desk.words.name(alarm), number=alarm.number))
        self._show_deeds()
        self.show_notice(Presence.FRESH, "")

    def _goes_to(self, alarm: Alarm, names: Gazetteer) -> str:
        """Return to which seats an alarm goes and how; nothing where it can only be one."""
        desk = self._desk
        if alarm.closed or desk.routing.whole in (Whole.ALONE, Whole.NO_WATCH):
            return ""
        words = CoverageWords(desk.figures, names, desk.session.facts)
        return words.told(desk.routing.routes.of_alarm(alarm, desk.now_ns()), desk.now_ns())

    def _show_deeds(self) -> None:
        """Show a button per deed that makes sense now: its key before its name."""
        possible = deeds_for(self._desk)
        for action in possible:
            if action.id not in self._buttons:
                self._buttons[action.id] = self._button(action)
        shown = [self._buttons[action.id] for action in possible]
        if shown == self._laid_out:
            return
        self._laid_out = shown
        for button in self._buttons.values():
            self._row.removeWidget(button)
            button.hide()
        for place, button in enumerate(shown):
            self._row.addWidget(button, place // _A_ROW, place % _A_ROW, Qt.AlignmentFlag.AlignLeft)
            button.show()

    def _button(self, action: Action) -> QPushButton:
        button = QPushButton(f"{action.keys[0]} {self._desk.say(action.title)}", self._body)
        button.setFlat(True)
        button.setMinimumHeight(TARGET_PX)
        button.clicked.connect(lambda _checked=False: self.action_was_asked.emit((action,)))
        return button


def deeds_for(desk: Desk) -> tuple[Action, ...]:
    """Return the deeds possible on what is in focus for this session, in the order of the table."""
    subject, allowed = subject_of(desk), desk.allowed()
    return tuple(
        action
        for action in ACTIONS
        if action.where is Where.ALARM
        and action.id not in _NOT_HERE
        and (action.record is None or action.permission in allowed)
        and why_not(action, subject) is None
    )
