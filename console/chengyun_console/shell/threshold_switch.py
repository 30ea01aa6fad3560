"""Puts another threshold set in force: choose it, see how many vitals would alarm now, say why (V2, §25)."""

from collections import Counter
from functools import partial

from PySide6.QtCore import QObject

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.session.answers import PreviewAnswer
from chengyun_console.shell.deeds import Deeds
from chengyun_core.model.catalogue import ThresholdSet
from chengyun_core.model.command import SwitchThresholdSet
from chengyun_core.model.scales import WarningColour
from chengyun_widgets.toast import MessageTone

_REASONS = ("season", "emergency", "back", "test")
_ACTION = "threshold.switch_set"
_MOST = 9


class ThresholdSwitch(QObject):
    """Three steps, each can be left with Esc; nothing is sent before the preview was seen."""

    def __init__(self, desk: Desk, deeds: Deeds) -> None:
        super().__init__(deeds)
        self._desk, self._deeds = desk, deeds

    def begin(self) -> None:
        """Ask which set; say why when it cannot be."""
        desk, names = self._desk, self._desk.names
        if not self._deeds.may(BY_ID[_ACTION]):
            return
        sets = [row for row in names.view.catalogue.threshold_sets if not row.in_force][:_MOST] if names else []
        if not sets:
            self._deeds.tell(MessageTone.REFUSED, desk.say("console.switch.no_other"))
            return
        asked = desk.say("console.switch.which", now=names.set_name if names else "")
        self._deeds.ask(asked, [row.name for row in sets], lambda at: self._preview(sets[at]))

    def begin_with(self, code: str) -> None:
        """Go on with the set of this code at its preview, as if it had been chosen."""
        names = self._desk.names
        found = [row for row in names.view.catalogue.threshold_sets if row.code == code] if names else []
        if found and self._deeds.may(BY_ID[_ACTION]):
            self._preview(found[0])

    def _preview(self, chosen: ThresholdSet) -> None:
        self._deeds.tell(MessageTone.NOTE, self._desk.say("console.switch.previewing", name=chosen.name))
        self._desk.session.ask_preview(chosen.code, partial(self._confirm, chosen))

    def _confirm(self, chosen: ThresholdSet, answer: PreviewAnswer) -> None:
        desk = self._desk
        if answer.failed is not None:
            self._deeds.tell(MessageTone.TROUBLE, desk.refusal(answer.failed))
            return
        count = len(answer.would_alarm)
        colours = Counter(colour for _vital, colour in answer.would_alarm)
        asked = desk.say(
            "console.switch.confirm",
            name=chosen.name,
            count=desk.figures.count(count),
            red=colours[WarningColour.RED],
            orange=colours[WarningColour.ORANGE],
            yellow=colours[WarningColour.YELLOW],
            blue=colours[WarningColour.BLUE],
        )
        reasons = [desk.say(f"console.switch.reason.{word}") for word in _REASONS]
        self._deeds.ask(asked, reasons, lambda at: self._send(chosen, reasons[at], count))

    def _send(self, chosen: ThresholdSet, reason: str, count: int) -> None:
        made = SwitchThresholdSet(threshold_set=chosen.code, reason=reason, seen_alarms=count)
        self._deeds.send(made, self._desk.say("console.switch.deed", name=chosen.name, count=count))
