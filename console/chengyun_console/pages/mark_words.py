"""The alarms' marks on a chart, each with what it says when it is pointed at: colour, time, state."""

from collections.abc import Callable, Iterable

from chengyun_console.desk import Desk
from chengyun_core.model.alarm import Alarm, effective
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.trend_record import TrendMark


def marks(alarms: Iterable[Alarm], note: Callable[[Alarm], str]) -> tuple[TrendMark, ...]:
    """Return a mark where each alarm was raised, with its note."""
    return tuple(
        TrendMark(
            key=str(alarm.number),
            time_ns=alarm.raised_at,
            severity=Severity(int(alarm.colour)),
            note=note(alarm),
        )
        for alarm in alarms
    )


def mark_note(desk: Desk, alarm: Alarm) -> str:
    """Return colour, time and state of an alarm in one sentence."""
    # Of an alarm that ended the centre tells no more than that: what was noted of it last is not how it stands.
    living = desk.session.facts.alarms.get(alarm.number)
    state = desk.say(f"console.state.{effective(living).value}" if living is not None else "vitals.mark.ended")
    colour = desk.say(f"console.band.{int(alarm.colour)}")
    return desk.say("vitals.mark.note", colour=colour, time=desk.figures.clock(alarm.raised_at), state=state)
