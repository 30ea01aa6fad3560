"""Alarms as rows of a list: shape, two lines, age, and who has it."""

from collections.abc import Sequence

from chengyun_console.wording.alarms import AlarmWords
from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow, Flash

MOST_ROWS = 200
"""More alarms than an officer can read; the strip's counts still tell them all."""
_FLASH = {AlarmState.UNACK: Flash.FAST, AlarmState.RTNUN: Flash.SLOW}
_AWAITING = (AlarmState.UNACK, AlarmState.RTNUN)


class AlarmRows:
    """Makes the rows; the two lines of an alarm are written once per version, only ages and statuses each second."""

    def __init__(self) -> None:
        self._words: AlarmWords | None = None
        self._lines: dict[tuple[int, int], tuple[str, str]] = {}

    def made(self, words: AlarmWords, alarms: Sequence[Alarm], now_ns: int, *, is_stale: bool) -> list[FactRow]:
        """Return a row per alarm, at most MOST_ROWS. Stale: the centre is lost, nothing flashes."""
        if words is not self._words:
            self._words, self._lines = words, {}
        shown = alarms[:MOST_ROWS]
        keys = {(alarm.number, alarm.version) for alarm in shown}
        self._lines = {key: lines for key, lines in self._lines.items() if key in keys}
        return [self._row(words, alarm, now_ns, is_stale=is_stale) for alarm in shown]

    def _row(self, words: AlarmWords, alarm: Alarm, now_ns: int, *, is_stale: bool) -> FactRow:
        key, state = (alarm.number, alarm.version), effective(alarm)
        if key not in self._lines:
            self._lines[key] = (words.name(alarm), f"{words.rule(alarm)} · {words.place(alarm)}")
        title, place = self._lines[key]
        return FactRow(
            key=str(alarm.number),
            severity=Severity(int(alarm.colour)),
            title=title,
            detail=place,
            age=words.age(alarm, now_ns),
            status=words.status(alarm, now_ns),
            status_colour=Colour.RED_TEXT if state in _AWAITING else Colour.TEXT_SECOND,
            flash=Flash.NONE if is_stale else _FLASH.get(state, Flash.NONE),
            is_struck=state is AlarmState.SHELVED,
            is_stale=is_stale,
        )
