"""Alarms as rows of a list: shape, two lines, badges, age, and who has it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from chengyun_console.pages.alarm_listing import Item, Section
from chengyun_console.wording.alarm_lists import ListWords
from chengyun_core.mirror.alarm_groups import AlarmGroup
from chengyun_core.mirror.alarms import AWAITING, AlarmBoard
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.alarm import Alarm, AlarmState, Override, OverrideKind, effective
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import Aspect
from chengyun_core.model.situation import SituationKind
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow, Flash, Fold, Ground

MOST_ROWS = 200
"""More rows than an officer can read; the last one then says how many are not shown, the strip's counts tell all."""
_FLASH = {AlarmState.UNACK: Flash.FAST, AlarmState.RTNUN: Flash.SLOW}
_GROUND = {AlarmState.SUPPRESSED: Ground.HATCHED, AlarmState.OUT_OF_SERVICE: Ground.CROSSED}
_GROUND_OF = {OverrideKind.OUT_OF_SERVICE: Ground.CROSSED}


class AlarmRows:
    """Makes the rows; the lines of an alarm are written once per version, only ages and statuses each second."""

    def __init__(self, seats: Callable[[Alarm], str] = lambda _alarm: "") -> None:
        """`seats` says to which seats an alarm goes that is not this one's."""
        self._seats = seats
        self._words: object = None
        self._lines: dict[tuple[object, ...], tuple[str, str, tuple[str, ...]]] = {}

    def made(self, words: ListWords, items: Sequence[Item], now_ns: int, *, is_stale: bool) -> list[FactRow]:
        """Return a row per item, at most MOST_ROWS. Stale: the centre is lost, nothing flashes."""
        if words.words is not self._words:
            self._words, self._lines = words.words, {}
        shown = items[:MOST_ROWS]
        before, self._lines = self._lines, {}
        rows = [self._row(words, item, now_ns, before, is_stale=is_stale) for item in shown]
        left = len(items) - len(shown)
        return [*rows, _more(words, left)] if left else rows

    def _row(
        self,
        words: ListWords,
        item: Item,
        now_ns: int,
        before: dict[tuple[object, ...], tuple[str, str, tuple[str, ...]]],
        *,
        is_stale: bool,
    ) -> FactRow:
        match item.what:
            case Section() as section:
                return _heading(words, item, section)
            case Override() as override:
                return _override_row(words, item, override, now_ns)
            case AlarmGroup() as group:
                return _group_row(words, item, group, now_ns, is_stale=is_stale)
            case alarm:
                key = (alarm.number, alarm.version, item.depth)
                self._lines[key] = before.get(key) or _written(words, alarm, item)
                row = _alarm_row(words, item, alarm, now_ns, self._lines[key], is_stale=is_stale)
                if not item.is_theirs:
                    return row
                return replace(row, badges=(self._seats(alarm), *row.badges), flash=Flash.NONE)


def alarm_items(facts: FactMirror, own: AlarmBoard) -> list[Item]:
    """Return every living alarm as a row of its own, nothing folded; what goes to other seats comes last."""
    mine = _items(own)
    if own is facts.board:
        return mine
    keys = {item.key for item in mine}
    theirs = [item._replace(is_theirs=True) for item in _items(facts.board) if item.key not in keys]
    return [*mine, *theirs]


def _items(board: AlarmBoard) -> list[Item]:
    told = (*board.alarms, *board.shelved, *board.suppressed, *board.out_of_service)
    return [Item(key=str(alarm.number), what=alarm) for alarm in told]


def _written(words: ListWords, alarm: Alarm, item: Item) -> tuple[str, str, tuple[str, ...]]:
    is_consequence = item.depth > 0 and alarm.cause is not None
    return words.title(alarm), words.detail(alarm, is_consequence=is_consequence), words.badges(alarm)


def _alarm_row(
    words: ListWords,
    item: Item,
    alarm: Alarm,
    now_ns: int,
    lines: tuple[str, str, tuple[str, ...]],
    *,
    is_stale: bool,
) -> FactRow:
    state = effective(alarm)
    return FactRow(
        key=item.key,
        severity=Severity(int(alarm.colour)),
        title=lines[0],
        detail=lines[1],
        age=words.words.age(alarm, now_ns),
        status=words.status(alarm, now_ns),
        status_colour=Colour.RED_TEXT if state in AWAITING else Colour.TEXT_SECOND,
        flash=Flash.NONE if is_stale else _FLASH.get(state, Flash.NONE),
        is_struck=state is AlarmState.SHELVED,
        is_stale=is_stale,
        depth=item.depth,
        ground=_GROUND.get(state, Ground.PLAIN),
        badges=lines[2],
        is_link=alarm.aspect is Aspect.COMMS,
    )


def _group_row(words: ListWords, item: Item, group: AlarmGroup, now_ns: int, *, is_stale: bool) -> FactRow:
    waits = group.unacknowledged > 0
    return FactRow(
        key=item.key,
        severity=Severity(int(group.colour)),
        title=words.group_title(group),
        detail=words.group_detail(group),
        age=words.words.age(group.head, now_ns),
        status=words.group_status(group),
        status_colour=Colour.RED_TEXT if waits else Colour.TEXT_SECOND,
        flash=Flash.FAST if waits and not is_stale else Flash.NONE,
        is_stale=is_stale,
        depth=item.depth,
        fold=Fold.OPEN if item.is_open else Fold.CLOSED,
        badges=(words.group_badge(group), *words.badges(group.head)),
        is_link=group.kind is SituationKind.GATEWAY,
    )


def _override_row(words: ListWords, item: Item, override: Override, now_ns: int) -> FactRow:
    names = words.words.names
    vital = names.vital(override.vital) if names else None
    return FactRow(
        key=item.key,
        severity=Severity.NONE,
        title=vital.name if vital else override.vital_code,
        detail=words.why_silent(override),
        age=words.words.figures.short_duration((now_ns - override.since) / NS_PER_S),
        status=words.override_status(override, now_ns),
        depth=item.depth,
        ground=_GROUND_OF.get(override.kind, Ground.HATCHED),
    )


def _heading(words: ListWords, item: Item, section: Section) -> FactRow:
    say, figures = words.words.figures.texts.say, words.words.figures
    if section is Section.OTHERS:
        return _others(words, item)
    return FactRow(
        key=item.key,
        severity=Severity.NONE,
        title=say(f"console.section.{section.value}"),
        detail=say(f"console.section.{section.value}.tip"),
        status=figures.count(item.holds),
        fold=Fold.OPEN if item.is_open else Fold.CLOSED,
        is_heading=True,
    )


def _others(words: ListWords, item: Item) -> FactRow:
    """Return the row of what goes to other seats: how much, and how much of it is red."""
    say, count = words.words.figures.texts.say, words.words.figures.count
    title = say("seats.others_red" if item.red else "seats.others", count=count(item.holds), red=count(item.red))
    return FactRow(
        key=item.key, severity=Severity.RED if item.red else Severity.NONE, title=title, detail=say("seats.others.tip"),
        fold=Fold.OPEN if item.is_open else Fold.CLOSED, is_heading=True,
    )  # fmt: skip


def _more(words: ListWords, left: int) -> FactRow:
    count = words.words.figures.count(left)
    title = words.words.figures.texts.say("console.alarms.more", count=count)
    return FactRow(key="more", severity=Severity.NONE, title=title, is_heading=True)
