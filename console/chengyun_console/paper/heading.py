"""What stands at the head and foot of every print-out: whose, which mode, as of when, by whom, the journal's head."""

from datetime import datetime

from chengyun_console.desk import Desk
from chengyun_console.paper.printed import Printed, PrintHead
from chengyun_console.shell import frame_records
from chengyun_core.mirror.links import Links


def head_of(desk: Desk, links: Links, printed: Printed) -> PrintHead:
    """Return the head of a print-out of now. Demonstration data is said beside the mode, as on the screen."""
    now_ns, bar = desk.now_ns(), frame_records.top_bar_record(desk, links)
    signed_on = desk.session.signed_on
    beats = [link.heartbeat for link in (links.centre, links.ingest) if link.heartbeat is not None]
    centre_beat = links.centre.heartbeat
    return PrintHead(
        title=printed.title,
        centre="  ".join(part for part in (bar.centre, bar.level) if part),
        mode="  ".join(part for part in (bar.mode.text, bar.demo) if part),
        is_drill=any(beat.realm == "drill" for beat in beats),
        filter=printed.filter,
        span=printed.span,
        as_of=desk.figures.stamp(now_ns),
        as_of_iso=iso(desk, now_ns),
        account=f"{signed_on.name} ({signed_on.account})" if signed_on else "",
        seat=signed_on.seat if signed_on else "",
        journal_head=max(desk.session.facts.tail, centre_beat.tail if centre_beat else 0),
        watermark=frame_records.watermark(desk),
    )


def iso(desk: Desk, at_ns: int) -> str:
    """Return a profile time as ISO 8601 with milliseconds and zone."""
    return desk.figures.moment(at_ns).isoformat(timespec="milliseconds")


def file_name(desk: Desk, title: str, ending: str, *, is_drill: bool) -> str:
    """Return a file's name from a title: no sign any file system minds, the moment at its end, 演练 before it."""
    moment: datetime = desk.figures.moment(desk.now_ns())
    kept = "".join(letter if letter.isalnum() or letter in "-_" else " " for letter in title)
    name = "-".join((*kept.split(), f"{moment:%Y%m%d-%H%M%S}"))[-80:]
    told = desk.say("paper.name.drill", name=name) if is_drill else name
    return f"{told}.{ending}"
