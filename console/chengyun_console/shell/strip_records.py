"""What the risk strip shows: living alarms once they are known, otherwise the bands as ingest tells them."""

import numpy as np

from chengyun_console.desk import Desk
from chengyun_core.mirror.alarms import awaits
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.scales import WarningColour
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.ticker_items import TickerCount, TickerItem, TickerTexts

MOST_ITEMS = 500
ALARM_CLASS = 1
CLASSES = ("alarm", "warning", "event", "order", "duty")
_GRAVE = (WarningColour.RED, WarningColour.ORANGE)
_COLOURS = (WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE)


class AlarmItems:
    """Items of the living alarms, each made anew only when its band changed."""

    def __init__(self) -> None:
        self._words: object = None
        self._items: dict[tuple[object, ...], TickerItem] = {}

    def made(self, desk: Desk, *, narrow: bool) -> list[TickerItem]:
        """Return the items; unacknowledged red and orange ones are pinned and never roll away."""
        if (desk.words, narrow) != self._words:
            self._words, self._items = (desk.words, narrow), {}
        alarms = desk.session.facts.board.alarms[:MOST_ITEMS]
        known = self._items
        self._items = {_told(alarm): known.get(_told(alarm)) or _item(desk, alarm, narrow=narrow) for alarm in alarms}
        return list(self._items.values())


def band_items(desk: Desk) -> list[TickerItem]:
    """Return items made of the bands alone: while the centre has not told its alarms, danger is not hidden."""
    state, names = desk.session.state, desk.names
    if names is None or state.count != names.view.count:
        return []
    band = state.band
    numbers = np.flatnonzero(band)
    order = numbers[np.lexsort((-state.time[numbers], -band[numbers].astype(np.int16)))]
    return [_band_item(desk, int(number)) for number in order[:MOST_ITEMS]]


def counts(desk: Desk, by_colour: tuple[int, ...]) -> list[TickerCount]:
    """Return the counts that stay put, gravest first. `by_colour` is indexed by WarningColour."""
    return [
        TickerCount(severity=Severity(int(colour)), text=desk.figures.count(by_colour[colour])) for colour in _COLOURS
    ]


def band_counts(desk: Desk) -> tuple[int, ...]:
    """Return how many vitals are in each band."""
    return tuple(int(count) for count in np.bincount(np.minimum(desk.session.state.band, 4), minlength=5))


def texts(desk: Desk, unacknowledged: int | None, *, empty: str, narrow: bool) -> TickerTexts:
    """Return the strip's sentences; `unacknowledged` None: not known without the centre."""
    say = desk.say
    waiting = "" if unacknowledged is None else say("console.strip.unacknowledged", count=unacknowledged)
    return TickerTexts(
        waiting=waiting,
        pause_hint="" if narrow else say("console.strip.pause"),
        resume_hint=say("console.strip.resume"),
        unfold_hint=say("console.strip.unfold_short" if narrow else "console.strip.unfold"),
        empty=empty,
        spoken_name=say("console.strip.name"),
        classes=tuple(say(f"console.strip.class.{name}") for name in CLASSES),
    )


def _told(alarm: Alarm) -> tuple[object, ...]:
    """Return what an item depends on; an acknowledgement alone changes no word of it."""
    return alarm.number, alarm.colour, alarm.band, alarm.side, awaits(alarm)


def _item(desk: Desk, alarm: Alarm, *, narrow: bool) -> TickerItem:
    words = desk.words
    return TickerItem(
        # Another band makes another item: the old one leaves in its place, nothing on the belt changes its width.
        key=f"{alarm.number}.{int(alarm.colour)}.{int(alarm.band)}",
        severity=Severity(int(alarm.colour)),
        word="",
        head=words.subject(alarm),
        text=words.strip_line(alarm, narrow=narrow),
        time=desk.figures.clock(alarm.raised_at),
        class_code=ALARM_CLASS,
        is_pinned=awaits(alarm) and alarm.colour in _GRAVE,
    )


def _band_item(desk: Desk, number: int) -> TickerItem:
    state, names = desk.session.state, desk.names
    vital, track = (names.vital(number), names.track(number)) if names else (None, None)
    band = int(state.band[number])
    colour = desk.say(f"console.band.{band}")
    return TickerItem(
        key=f"vital:{number}.{band}",
        severity=Severity(band),
        word="",
        head=track.name if track else "",
        text=desk.say("console.strip.band", name=vital.name if vital else str(number), colour=colour),
        time="",
    )
