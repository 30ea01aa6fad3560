"""What is shown to all in a room, in words: which camera, which line and how much of it, which file, whose map."""

from chengyun_console.desk import Desk
from chengyun_console.preferences import RANGE_MINUTES
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.room_share import (
    SharedCamera,
    SharedFile,
    SharedMap,
    SharedPicture,
    SharedTrend,
    read,
)

_SHOWN = 40


def share_word(desk: Desk, name: str) -> str:
    """Return what is shown, as the matrix tells it; nothing of nothing."""
    share = read(name)
    match share:
        case SharedCamera():
            return desk.say("rooms.shared.camera", what=what_is_shared(desk, name))
        case SharedTrend():
            return desk.say("rooms.shared.trend", what=what_is_shared(desk, name))
        case SharedFile():
            return desk.say("rooms.shared.file", what=what_is_shared(desk, name))
        case SharedMap() | SharedPicture():
            return what_is_shared(desk, name)
        case None:
            return what_is_shared(desk, name) if name else ""


def what_is_shared(desk: Desk, name: str) -> str:
    """Return what it is called: a camera's or a file's name, vitals with their window, a word for the rest.

    What this console knows no name of is told by its code, a file by its number.
    """
    share = read(name)
    match share:
        case SharedCamera():
            return _camera(desk, share.code)
        case SharedTrend():
            names = desk.say("console.names_between").join(vital_name(desk, code) for code in share.vitals)
            return desk.say("rooms.trend.named", names=names, window=window_word(desk, share))
        case SharedFile():
            known = desk.rooms.focus.files.get(share.number)
            return known.name if known is not None else str(share.number)
        case SharedMap():
            return desk.say("rooms.shared.map" if share.sight is None else "rooms.shared.sight")
        case SharedPicture():
            return desk.say("rooms.shared.self")
        case None:
            return desk.say("rooms.shared.unknown", what=name[:_SHOWN])


def window_word(desk: Desk, share: SharedTrend) -> str:
    """Return how much time is shown: the length of a window that follows the present, else begin and end."""
    if share.to_s is None:
        minutes = share.span_s // 60
        is_range = share.span_s % 60 == 0 and minutes in RANGE_MINUTES
        span = desk.say(f"console.range.{minutes}") if is_range else desk.figures.duration(share.span_s)
        return desk.say("rooms.trend.live", span=span)
    end_ns = share.to_s * NS_PER_S
    begin_ns = end_ns - share.span_s * NS_PER_S
    return desk.say("rooms.trend.past", begin=desk.figures.stamp(begin_ns), end=desk.figures.axis(end_ns, begin_ns))


def vital_name(desk: Desk, code: str) -> str:
    """Return a vital's name; its code, where this console knows none of that code."""
    number = number_of(desk, code)
    vital = desk.names.vital(number) if desk.names is not None and number is not None else None
    return vital.name if vital is not None else code


def number_of(desk: Desk, code: str) -> int | None:
    """Return the number of a vital of the catalogue in force, None for one that is not in it or was retired."""
    if desk.names is None:
        return None
    try:
        number = desk.names.view.number_of(code)
    except KeyError:
        return None
    vital = desk.names.vital(number)
    return number if vital is not None and not vital.retired else None


def _camera(desk: Desk, code: str) -> str:
    view = desk.session.catalogue
    rows = view.catalogue.cameras if view is not None and code else ()
    return next((row.name for row in rows if row.code == code), code)
