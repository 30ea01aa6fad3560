"""Halts of the window in words: for the officer when one has ended, and as lines of the health page."""

from chengyun_console.desk import Desk
from chengyun_console.lookout.halts import EDGES_S, Halt, Halts
from chengyun_console.lookout.stacks import NAME
from chengyun_console.wording.figures import Figures
from chengyun_widgets.fact_sheet import SheetLine, SheetSection


def tell_halt(desk: Desk, halt: object) -> None:
    """Say on the message line that the window stood still, or that the machine slept."""
    if not isinstance(halt, Halt):
        return
    code = "lookout.slept" if halt.is_sleep else "lookout.halted"
    since = desk.figures.stamp(desk.now_ns() - round(halt.seconds * 1e9))
    duration = desk.figures.duration(halt.seconds) if halt.seconds >= 60 else f"{halt.seconds:.1f} s"
    desk.message_came.emit(desk.say(code, duration=duration, since=since, file=NAME), True)


def halts_section(figures: Figures, halts: Halts) -> SheetSection:
    """Return how often this window stood still, by class, and the longest."""
    say = figures.texts.say
    bounds = zip(EDGES_S, (*EDGES_S[1:], None), halts.counts, strict=True)
    lines = [
        SheetLine(label=figures.count(count), text=say("lookout.class", begin=_ms(begin), end=_ms(end)) if end
                  else say("lookout.last_class", begin=_ms(begin)))
        for begin, end, count in bounds
    ]  # fmt: skip
    longest = SheetLine(label=say("lookout.longest"), text=f"{halts.longest_s * 1000:.0f} ms")
    return SheetSection(title=say("lookout.title"), lines=(*lines, longest))


def _ms(seconds: float | None) -> str:
    return f"{(seconds or 0.0) * 1000:.0f}"
