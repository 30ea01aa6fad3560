"""What was asked about a place besides what lies around it: how far one comes, and where a pipe leads; told in rows."""

from collections.abc import Iterator

from chengyun_console.desk import Desk
from chengyun_core.model.failure import Reason
from chengyun_core.model.map_layer import LayerNote
from chengyun_core.wire.map_asks import Reach, Trace
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.fact_model import FactRow

MINUTES = (5.0, 10.0, 15.0)
MOST_NAMED = 50


class AnswerWords:
    """Writes rows for the list at the right of a map."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def reach_labels(self, reach: Reach) -> list[str]:
        """Return what stands at each ring: minutes along roads, or minutes and that it is a straight line."""
        code = "maps.reach.by_roads" if reach.by_roads else "maps.reach.straight"
        return [self._desk.say(code, minutes=f"{one.minutes:g}") for one in reach.rings]

    def reach_rows(self, reach: Reach) -> list[FactRow]:
        """Return how far one comes, and on what that rests."""
        say, figures = self._desk.say, self._desk.figures
        rows = []
        if not reach.by_roads:
            why = say(reach.why) if reach.why else say("maps.reach.no_roads")
            rows.append(_row("why", say("maps.reach.circles"), why))
        elif reach.schematic:
            rows.append(_row("why", say("maps.reach.schematic"), ""))
        if reach.snapped_m > 0:
            rows.append(_row("snapped", say("maps.reach.snapped", metres=figures.count(round(reach.snapped_m))), ""))
        for one, label in zip(reach.rings, self.reach_labels(reach), strict=True):
            far = figures.with_unit(one.radius_m / 1000.0, 1, "km") if one.radius_m else ""
            nodes = say("maps.reach.nodes", count=figures.count(one.nodes)) if one.nodes else ""
            rows.append(_row(f"ring:{one.minutes:g}", label, nodes, far))
        return rows

    def trace_rows(self, trace: Trace) -> list[FactRow]:
        """Return where a pipe leads, what has to be closed, and who has none then."""
        say, figures = self._desk.say, self._desk.figures
        rows = []
        for name in ("up", "down", "isolated", "cut_off"):
            codes: tuple[str, ...] = getattr(trace, name)
            metres = trace.metres.get(name) if codes else None
            title = say(f"maps.trace.{name}", count=figures.count(len(codes)))
            rows.append(_row(name, title, "", "" if metres is None else figures.with_unit(metres / 1000.0, 2, "km")))
        for name in ("valves", "customers", "fed_still"):
            rows += self._named(name, getattr(trace, name))
        return rows + [_row(f"note:{at}", self.note(one), "") for at, one in enumerate(trace.notes)]

    def note(self, note: LayerNote) -> str:
        """Return a line of what the data does not say."""
        return self._desk.refusal(Reason(code=note.code, params=note.params))

    def _named(self, name: str, codes: tuple[str, ...]) -> Iterator[FactRow]:
        """Yield how many there are, and beneath it each by its code: what is closed has to be read to the last one."""
        say, count = self._desk.say, self._desk.figures.count
        yield _row(name, say(f"maps.trace.{name}", count=count(len(codes))), "", is_heading=bool(codes))
        yield from (_row(f"{name}:{code}", code, "") for code in codes[:MOST_NAMED])
        left = len(codes) - MOST_NAMED
        if left > 0:
            yield _row(f"{name}:more", say("maps.question.more", count=count(left)), "")


def _row(key: str, title: str, detail: str, status: str = "", *, is_heading: bool = False) -> FactRow:
    return FactRow(
        key=f"told:{key}", severity=Severity.NONE, title=title, detail=detail, status=status, is_heading=is_heading
    )
