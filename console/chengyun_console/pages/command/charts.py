"""Which charts stand on F6: the vitals of the alarms of the event in focus, else the first pins of the cockpit."""

from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.layouts.cockpit_layout import CockpitLayout
from chengyun_console.layouts.overlay import Pin
from chengyun_core.model.alarm import Alarm

MOST = 4


class CommandCharts(CockpitLayout):
    """Made by the event, not by hand: nothing is moved or unpinned here, so nothing of it is kept."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shown: tuple[str, ...] = ()
        desk.event_focus.did_change.connect(self.follow)

    @property
    @override
    def pins(self) -> tuple[Pin, ...]:
        return tuple(Pin(vital=code) for code in self._codes()) or super().pins[:MOST]

    @property
    @override
    def kept(self) -> int:
        """All of them: the master of this page is the event."""
        return MOST

    def follow(self) -> None:
        """Show other charts when the event, or what belongs to it, is another one."""
        codes = self._codes()
        if codes != self._shown:
            self._shown = codes
            self.did_change.emit()

    def _codes(self) -> tuple[str, ...]:
        """Return the vitals of the event's alarms, the gravest first; an alarm that ended is not drawn."""
        event, facts = self._desk.event_focus.record, self._desk.session.facts
        living = [facts.alarms[number] for number in event.alarms if number in facts.alarms] if event else []
        living.sort(key=_gravest_first)
        return tuple(dict.fromkeys(alarm.vital_code for alarm in living))[:MOST]


def _gravest_first(alarm: Alarm) -> tuple[int, int]:
    return -int(alarm.colour), alarm.raised_at
