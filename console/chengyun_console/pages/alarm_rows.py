"""Alarms as rows of a list: shape, two lines, age, and who has it."""

from collections.abc import Iterable

from chengyun_console.wording.alarms import AlarmWords
from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow, Flash

_FLASH = {AlarmState.UNACK: Flash.FAST, AlarmState.RTNUN: Flash.SLOW}
_AWAITING = (AlarmState.UNACK, AlarmState.RTNUN)


def rows(words: AlarmWords, alarms: Iterable[Alarm], now_ns: int, *, is_stale: bool) -> list[FactRow]:
    """Return a row per alarm. Stale: the centre is lost, nothing flashes as if it were of now."""
    return [_row(words, alarm, now_ns, is_stale=is_stale) for alarm in alarms]


def _row(words: AlarmWords, alarm: Alarm, now_ns: int, *, is_stale: bool) -> FactRow:
    state = effective(alarm)
    return FactRow(
        key=str(alarm.number),
        severity=Severity(int(alarm.colour)),
        title=words.title(alarm),
        detail=words.place(alarm),
        age=words.age(alarm, now_ns),
        status=words.status(alarm, now_ns),
        status_colour=Colour.RED_TEXT if state in _AWAITING else Colour.TEXT_SECOND,
        flash=Flash.NONE if is_stale else _FLASH.get(state, Flash.NONE),
        is_struck=state is AlarmState.SHELVED,
        is_stale=is_stale,
    )
