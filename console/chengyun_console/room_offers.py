"""What an officer may show to a room besides his camera, his picture and the event: his trend, his map, files."""

from chengyun_console.actions.room_subject import Offer
from chengyun_console.desk import Desk
from chengyun_console.time_ranges import fitting
from chengyun_console.wording.shares import share_word
from chengyun_core.model.room_share import LONGEST_SHARE, SharedFile, SharedMap, SharedTrend, named

MOST_FILES = 3
"""With what else may be shown, and «stop», as many as there are digits."""


def offers(desk: Desk) -> tuple[Offer, ...]:
    """Return what may be shown now, as it is offered: trend, map, the file that is chosen, the newest ones."""
    trend, sight = _trend(desk), desk.rooms.focus.sight
    found = [_offer(desk, named(trend))] if trend is not None else []
    if sight is not None:
        found.append(Offer(text=desk.say("rooms.share.sight"), name=named(SharedMap(sight=sight))))
    found += [_offer(desk, named(SharedFile(number=number))) for number in _files(desk)]
    return tuple(one for one in found if len(one.name) <= LONGEST_SHARE)


def _offer(desk: Desk, name: str) -> Offer:
    return Offer(text=share_word(desk, name), name=name)


def _trend(desk: Desk) -> SharedTrend | None:
    """Return the line of the vital in focus: as the page of vitals shows it, else as it would."""
    vital = desk.names.vital(desk.vital) if desk.names is not None and desk.vital is not None else None
    if vital is None:
        return None
    seen = desk.rooms.focus.trend
    if seen is not None and seen.vitals[0] == vital.code:
        return seen
    minutes = fitting(desk.preferences.vitals_range_minutes, vital.period_s)
    return SharedTrend(vitals=(vital.code,), span_s=minutes * 60)


def _files(desk: Desk) -> list[int]:
    """Return the numbers of the event's files that are offered: the one that is chosen, then the newest."""
    known, chosen = desk.rooms.focus.files, desk.event_focus.file
    first = [chosen.number] if chosen is not None and chosen.number in known else []
    rest = [number for number in sorted(known, reverse=True) if number not in first]
    return [*first, *rest][:MOST_FILES]
