"""What the risk strip shows: living alarms once they are known, otherwise the bands as ingest tells them."""

from collections import Counter

import numpy as np

from chengyun_console.desk import Desk
from chengyun_console.shell import strip_orders
from chengyun_console.shell.strip_events import EVENT_CLASS, on_strip
from chengyun_console.wording.seats import SeatWords
from chengyun_core.mirror.alarms import awaits
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.model.alarm import Alarm, effective
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import WarningColour
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.ticker_classes import ClassSwitch
from chengyun_widgets.ticker_items import TickerCount, TickerItem, TickerTexts

MOST_ITEMS = 500
ALARM_CLASS = 1
CLASSES = ("alarm", "warning", "event", "order", "duty")
"""A2; those in `SOURCED` have theirs, the others keep their place until issues 5 to 8 bring them."""
SOURCED = ("alarm", "event", "order")
GRAVE = (WarningColour.RED, WarningColour.ORANGE)
_COLOURS = (WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE)
_STATES = ("unack", "acked", "rtnun")
_LONG_S = 90 * 3600
"""An item that is older keeps room for an age with days from the start."""


class AlarmItems:
    """Items of the living alarms, each made anew only when its band changed."""

    def __init__(self) -> None:
        self._words: object = None
        self._items: dict[tuple[object, ...], TickerItem] = {}

    def made(self, desk: Desk, *, narrow: bool) -> list[TickerItem]:
        """Return the items; unacknowledged red and orange ones are pinned and never roll away."""
        if (desk.words, narrow) != self._words:
            self._words, self._items = (desk.words, narrow), {}
        alarms = desk.board.alarms[:MOST_ITEMS]
        known = self._items
        self._items = {_told(alarm): known.get(_told(alarm)) or _item(desk, alarm, narrow=narrow) for alarm in alarms}
        return list(self._items.values())


def tails(desk: Desk) -> dict[str, str]:
    """Return the living end of every item: whether somebody has it, and for how long it has stood."""
    now_ns, words = desk.now_ns(), desk.words
    states = {state: desk.say(f"strip.state.{state}") for state in _STATES}
    return {
        _key(alarm): desk.say(
            "strip.tail", state=states.get(effective(alarm).value, ""), age=words.age(alarm, now_ns)
        ).strip()
        for alarm in desk.board.alarms[:MOST_ITEMS]
    }


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
        TickerCount(
            severity=Severity(int(colour)),
            text=desk.figures.count(by_colour[colour]),
            is_quiet=not by_colour[colour],  # colour means abnormal: a count of none is nothing to look at
        )
        for colour in _COLOURS
    ]


def band_counts(desk: Desk) -> tuple[int, ...]:
    """Return how many vitals are in each band."""
    return tuple(int(count) for count in np.bincount(np.minimum(desk.session.state.band, 4), minlength=5))


def stale(desk: Desk, links: Links) -> str:
    """Return which daemon is lost and since when, the centre before ingest; empty while both are heard."""
    for name, link in (("centre", links.centre), ("ingest", links.ingest)):
        if link.reach in (Reach.LOST, Reach.REFUSED):
            return desk.say(f"strip.stale.{name}", time=desk.figures.clock(link.since_ns))
    return ""


def texts(desk: Desk, unacknowledged: int | None, *, empty: str, narrow: bool, stale: str = "") -> TickerTexts:
    """Return the strip's sentences; `unacknowledged` None: not known without the centre."""
    say = desk.say
    waiting = "" if unacknowledged is None else say("console.strip.unacknowledged", count=unacknowledged)
    return TickerTexts(
        waiting=waiting,
        is_anyone_waiting=unacknowledged != 0,
        pause_hint="" if narrow else say("console.strip.pause"),
        resume_hint=say("console.strip.resume"),
        unfold_hint=say("console.strip.unfold_short" if narrow else "console.strip.unfold"),
        empty=empty,
        spoken_name=say("console.strip.name"),
        stale=stale,
        beside=SeatWords(desk.figures).strip(desk.routing) if unacknowledged is not None else "",
        classes=tuple(say(f"console.strip.class.{name}") for name in CLASSES),
    )


def switches(desk: Desk, shown: frozenset[int]) -> tuple[ClassSwitch, ...]:
    """Return the five classes with what is known of each; nothing is invented for those without a source yet."""
    known = Counter({
        ALARM_CLASS: len(desk.board.alarms), EVENT_CLASS: len(on_strip(desk)),
        strip_orders.ORDER_CLASS: len(strip_orders.on_strip(desk)),
    })  # fmt: skip
    return tuple(
        ClassSwitch(
            code=code,
            word=desk.say(f"console.strip.class.{name}"),
            count=desk.figures.count(known[code]) if name in SOURCED else "",
            is_on=code in shown,
            tip="" if name in SOURCED else desk.say("strip.class.no_source"),
        )
        for code, name in enumerate(CLASSES, 1)
    )


def _key(alarm: Alarm) -> str:
    # Another band makes another item: the old one leaves in its place, nothing on the belt changes its width.
    return f"{alarm.number}.{int(alarm.colour)}.{int(alarm.band)}"


def _told(alarm: Alarm) -> tuple[object, ...]:
    """Return what an item depends on; its state and age are its living end and change no width."""
    return alarm.number, alarm.colour, alarm.band, alarm.side, awaits(alarm)


def _item(desk: Desk, alarm: Alarm, *, narrow: bool) -> TickerItem:
    words, is_pinned = desk.words, awaits(alarm) and alarm.colour in GRAVE
    # What stands is read again and again and shares little room: the short sentence, without the track.
    is_short = narrow or is_pinned
    return TickerItem(
        key=_key(alarm),
        severity=Severity(int(alarm.colour)),
        word=desk.say(f"console.colour.{int(alarm.colour)}"),
        head="" if is_short else words.subject(alarm),
        text=_placed(desk, alarm, words.strip_line(alarm, narrow=is_short)),
        time="",
        class_code=ALARM_CLASS,
        is_pinned=is_pinned,
        tails=_widest(desk, alarm),
    )


def _placed(desk: Desk, alarm: Alarm, line: str) -> str:
    """Return the line with the district before it, unless the vital's name says it already."""
    vital = desk.names.vital(alarm.vital) if desk.names else None
    place = desk.names.place(vital.centre) if desk.names and vital else ""
    return line if not place or place in line else desk.say("strip.placed", place=place, line=line)


def _widest(desk: Desk, alarm: Alarm) -> tuple[str, ...]:
    age_s = (desk.now_ns() - alarm.raised_at) / NS_PER_S
    age = desk.say("console.days", days=99, time="00:00:00") if age_s > _LONG_S else "00:00:00"
    return tuple(desk.say("strip.tail", state=desk.say(f"strip.state.{state}"), age=age) for state in _STATES)


def _band_item(desk: Desk, number: int) -> TickerItem:
    state, names = desk.session.state, desk.names
    vital, track = (names.vital(number), names.track(number)) if names else (None, None)
    band = int(state.band[number])
    colour = desk.say(f"console.band.{band}")
    return TickerItem(
        key=f"vital:{number}.{band}",
        severity=Severity(band),
        word=desk.say(f"console.colour.{band}"),
        head=track.name if track else "",
        text=desk.say("console.strip.band", name=vital.name if vital else str(number), colour=colour),
        time="",
    )
