"""Rules of what follows from an alarm: cause graph, guidance, suppression by design, time to respond."""

from collections.abc import Iterable, Iterator

from chengyun_core.model.catalogue_nearest import Nearest
from chengyun_core.model.catalogue_rows import Faults, Index, Row, Rows
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import WarningColour

LONGEST_RESPONSE_MIN = 7 * 24 * 60.0
"""Who has more than a week needs no alarm: it is an indicator (ISA-18.2: an alarm requires a timely response)."""
_RING_SHOWN = 12
"""Vitals of a ring named at most."""

Graph = dict[str, list[tuple[str, Row]]]
"""Code of a vital → what it leads to, with the row that says so."""


def check_responses(rows: Rows, index: Index, nearest: Nearest, faults: Faults) -> None:
    """Check every rule of this module."""
    _check_causes(rows, faults)
    _check_about(rows, "guidance", "about", index, nearest, faults)
    _check_about(rows, "suppressions", "suppresses", index, nearest, faults)
    _check_suppressions(rows, faults)
    _check_response_times(rows, index, faults)


def warnings(rows: Rows) -> list[Reason]:
    """Return what is acceptable but a defect of data quality: risk vitals that have no guidance (A14)."""
    about = {row.text("about") for row in rows.get("guidance", [])}
    bare = [
        vital.text("code")
        for vital in rows.get("vitals", [])
        if vital.text("vital_class") == "risk" and not {vital.text("code"), vital.text("subtrack")} & about
    ]
    if not bare:
        return []
    return [Reason(code="catalogue.without_guidance", params={"count": str(len(bare)), "first": bare[0]})]


def _check_causes(rows: Rows, faults: Faults) -> None:
    """A ring of causes would make every alarm in it the consequence of another, and none the first out."""
    graph: Graph = {}
    for row in rows.get("causes", []):
        cause, effect = row.text("cause"), row.text("effect")
        if cause and cause == effect:
            faults.add("causes", row.line, "effect", effect, "catalogue.cause_itself")
        elif cause and effect:
            graph.setdefault(cause, []).append((effect, row))
    _tell_rings(graph, "causes", "effect", "catalogue.cause_ring", faults)


def _check_about(rows: Rows, table: str, column: str, index: Index, nearest: Nearest, faults: Faults) -> None:
    """The cell names a vital or a sub-track; no single table holds both, so `refers` cannot say it."""
    tables = [name for name in ("vitals", "subtracks") if name in index]
    if len(tables) < 2:
        return
    for row in rows.get(table, []):
        code = row.text(column)
        if not code or any(code in index[name] for name in tables):
            continue
        near = [nearest.to(code, name) for name in tables] if not faults.is_full() else []
        suggestion = next(filter(None, near), "")
        reason = "catalogue.about_unknown_nearest" if suggestion else "catalogue.about_unknown"
        faults.add(table, row.line, column, code, reason, suggestion=suggestion)


def _check_suppressions(rows: Rows, faults: Faults) -> None:
    """Red is never silenced without a written reason, and no two vitals may silence each other."""
    reach = _Reach(rows.get("vitals", []))
    graph: Graph = {}
    for row in rows.get("suppressions", []):
        by, what = row.text("while_vital"), row.text("suppresses")
        if row.values.get("up_to") is WarningColour.RED and not row.text("reason"):
            faults.add("suppressions", row.line, "reason", "", "catalogue.red_needs_reason")
        if by and by == what:
            faults.add("suppressions", row.line, "suppresses", what, "catalogue.suppresses_itself")
            continue
        graph.setdefault(by, []).extend((vital, row) for vital in reach.of(by, what))
    _tell_rings(graph, "suppressions", "suppresses", "catalogue.suppression_ring", faults)


class _Reach:
    """Knows which vitals a rule silences: the one named, or those of a sub-track in the same centre."""

    def __init__(self, vitals: Iterable[Row]) -> None:
        self._centre: dict[str, str] = {}
        self._of: dict[tuple[str, str], list[str]] = {}
        for row in vitals:
            code, centre = row.text("code"), row.text("centre")
            self._centre[code] = centre
            self._of.setdefault((row.text("subtrack"), centre), []).append(code)

    def of(self, by: str, what: str) -> list[str]:
        """Return the vitals that a rule with this `while_vital` and `suppresses` silences."""
        if what in self._centre:
            return [what]
        return [code for code in self._of.get((what, self._centre.get(by, "")), []) if code != by]


def _check_response_times(rows: Rows, index: Index, faults: Faults) -> None:
    """An alarm that is held back longer than anybody could still act comes too late by design."""
    vitals = index.get("vitals", {})
    for row in vitals.values():
        minutes = row.figure("respond_min")
        if minutes is not None and minutes > LONGEST_RESPONSE_MIN:
            told = {"most": f"{LONGEST_RESPONSE_MIN:.12g}"}
            faults.add("vitals", row.line, "respond_min", f"{minutes:.12g}", "catalogue.respond_too_long", **told)
    for row in rows.get("thresholds", []):
        vital, delay_s = vitals.get(row.text("vital")), row.figure("on_delay_s")
        minutes = None if vital is None else vital.figure("respond_min")
        if minutes is not None and delay_s is not None and delay_s >= 60 * minutes:
            told = {"vital": row.text("vital"), "respond_min": f"{minutes:.12g}"}
            faults.add("thresholds", row.line, "on_delay_s", f"{delay_s:.12g}", "catalogue.delay_too_long", **told)


def _tell_rings(graph: Graph, table: str, column: str, reason: str, faults: Faults) -> None:
    for ring in _rings(graph):
        shown = [code for code, _ in ring]
        closing = ring[-1][1]
        cut = [*shown[:_RING_SHOWN], "…"] if len(shown) > _RING_SHOWN else shown
        faults.add(table, closing.line, column, shown[0], reason, ring=" → ".join([*cut, shown[0]]))


def _rings(graph: Graph) -> Iterator[list[tuple[str, Row]]]:
    """Yield rings as (vital, row that leads on from it), one for each edge that closes one; depth first, no recursion.

    Not every ring there is (they can be exponentially many), but none remains when the yielded ones are opened.
    """
    done: set[str] = set()
    for start in graph:
        if start in done:
            continue
        path: dict[str, Row | None] = {start: None}
        ways = [iter(graph[start])]
        while ways:
            step = next(ways[-1], None)
            here = next(reversed(path))
            if step is None:
                ways.pop()
                path.popitem()
                done.add(here)
                continue
            there, row = step
            path[here] = row
            if there in path:
                yield _since(path, there)
            elif there not in done:
                path[there] = None
                ways.append(iter(graph.get(there, ())))


def _since(path: dict[str, Row | None], begin: str) -> list[tuple[str, Row]]:
    codes = list(path)
    ring = codes[codes.index(begin) :]
    return [(code, row) for code in ring if (row := path[code]) is not None]
