"""The line of time under a map: its span, its ticks and what happened in it (M5)."""

from collections.abc import Iterable, Iterator

from chengyun_console.desk import Desk
from chengyun_console.maps.past import PastKeeper
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_widgets.time_slider import SliderRecord

HOUR_NS = 3600 * NS_PER_S
RANGES: tuple[tuple[int, int, int], ...] = (
    (24 * HOUR_NS, 60 * NS_PER_S, 3 * HOUR_NS), (HOUR_NS, 10 * NS_PER_S, 600 * NS_PER_S),
    (168 * HOUR_NS, 600 * NS_PER_S, 24 * HOUR_NS),
)  # fmt: skip
"""(span, step of a key, between two ticks): a day, an hour, a week."""


class SliderWords:
    """Makes the record of the line."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def record(self, past: PastKeeper, at_range: int, events: Iterable[Event]) -> SliderRecord:
        """Return the line as it is now; whole seconds, so that it is painted once a second."""
        figures = self._desk.figures
        span, step, every = RANGES[at_range]
        end = self._desk.now_ns() // NS_PER_S * NS_PER_S
        begin = end - span
        text = self._desk.say("maps.slider.now") if past.at_ns is None else figures.stamp(past.at_ns)
        marks = sorted((one.opened_at, int(one.grade or 0)) for one in events if begin <= one.opened_at <= end)
        return SliderRecord(
            begin_ns=begin, end_ns=end, at_ns=past.at_ns, held_ns=max(begin, past.begins_at), step_ns=step, text=text,
            ticks=tuple(self._ticks(begin, end, every)), marks=tuple(marks[-200:]),
        )  # fmt: skip

    def told(self, past: PastKeeper) -> str:
        """Return the sentence over a map of then: what it shows, and what it cannot show; empty now."""
        if past.at_ns is None:
            return ""
        say, at = self._desk.say, self._desk.figures.stamp(past.at_ns)
        if past.fault is not None:
            return say("maps.past.fault", at=at, reason=self._desk.refusal(past.fault))
        if past.is_waiting:
            return say("maps.past.waiting", at=at)
        if past.at_ns < past.begins_at:
            return say("maps.past.before", at=at, begins=self._desk.figures.stamp(past.begins_at))
        if past.left_out:
            return say("maps.past.cut", at=at, count=past.left_out)
        return say("maps.past.shown", at=at)

    def _ticks(self, begin: int, end: int, every: int) -> Iterator[tuple[int, str]]:
        figures = self._desk.figures
        offset = int(figures.moment(0).utcoffset().total_seconds()) * NS_PER_S  # type: ignore[union-attr]
        at = -(-(begin + offset) // every) * every - offset
        while at <= end:
            yield at, figures.axis(at, end)
            at += every
