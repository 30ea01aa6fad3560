"""Rules of matters, units and routes: lists in cells, signing posts, chains of superiors, whom a route names."""

from collections.abc import Callable, Iterator
from functools import partial

from chengyun_core.model.catalogue_nearest import Nearest
from chengyun_core.model.catalogue_rows import Faults, Index, Row, Rows
from chengyun_core.model.dispatch_conditions import (
    ANY_MATTER,
    CAPABILITY_PREFIX,
    hours_of,
    is_capability,
    listed,
)
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import PostKind
from chengyun_core.model.permission import kind_of
from chengyun_core.model.plan_conditions import conditions_of


def check_dispatch(rows: Rows, index: Index, nearest: Nearest, faults: Faults) -> None:
    """Check every rule of this module."""
    for row in rows.get("matters", []):
        _check_words(row, faults)
    for row in rows.get("units", []):
        _check_unit(row, faults)
    _check_superiors(index.get("units", {}), faults)
    for row in rows.get("routes", []):
        _check_route(row, index, nearest, faults)


def warnings(rows: Rows) -> list[Reason]:
    """Return what is no fault but will be missed in the night: matters nobody answers, capabilities nobody has."""
    matters = [row.text("code") for row in rows.get("matters", [])]
    routed = {row.text("matter") for row in rows.get("routes", [])}
    bare = [] if ANY_MATTER in routed else [code for code in matters if code not in routed]
    had = {word for row in rows.get("units", []) for word in listed(row.text("capabilities"))}
    asked = {name for row in rows.get("routes", []) for _, cell in _named(row) if (name := _capability(cell))}
    found = (("catalogue.without_route", bare), ("catalogue.capability_of_nobody", sorted(asked - had)))
    return [Reason(code=code, params={"count": str(len(them)), "first": them[0]}) for code, them in found if them]


def _check_words(row: Row, faults: Faults) -> None:
    """A word that speaks both for and against, or twice, is a slip of the writer's."""
    seen: set[str] = set()
    for word in listed(row.text("words")):
        bare = word.removeprefix("-").strip()
        if not bare:
            faults.add("matters", row.line, "words", row.text("words"), "catalogue.word_empty")
        elif bare in seen:
            faults.add("matters", row.line, "words", row.text("words"), "catalogue.word_twice", word=bare)
        seen.add(bare)


def _check_unit(row: Row, faults: Faults) -> None:
    if (row.figure("longitude") is None) != (row.figure("latitude") is None):
        missing = "latitude" if row.figure("latitude") is None else "longitude"
        faults.add("units", row.line, missing, "", "catalogue.position_half")
    post = row.text("post")
    if post and kind_of(post) is not PostKind.UNIT:
        faults.add("units", row.line, "post", post, "catalogue.post_not_of_unit")
    for word in listed(row.text("capabilities")):
        if not is_capability(word):
            faults.add("units", row.line, "capabilities", word, "catalogue.capability_shape")


def _check_superiors(units: dict[str, Row], faults: Faults) -> None:
    """In a ring of superiors nobody is told in the end that a unit stays silent. Each ring is told once."""
    safe: set[str] = set()
    for code in units:
        way: list[str] = []
        at = code
        while at in units and at not in safe and at not in way:
            way.append(at)
            at = units[at].text("superior")
        if at in way:
            ring = way[way.index(at) :]
            told = {"ring": " → ".join([*ring[:12], *(["…"] if len(ring) > 12 else []), at])}
            faults.add("units", units[ring[-1]].line, "superior", at, "catalogue.superior_ring", **told)
        safe.update(way)


def _check_route(row: Row, index: Index, nearest: Nearest, faults: Faults) -> None:
    matter, matters = row.text("matter"), index.get("matters")
    if matter and matter != ANY_MATTER and matters is not None and matter not in matters:
        _dangling(row, "matter", matter, "matters", nearest, faults)
    _check_read(row, "hours", hours_of, faults)
    _check_read(row, "condition", conditions_of, faults)
    named = list(_named(row))
    if not named:
        faults.add("routes", row.line, "lead", "", "catalogue.route_names_nobody")
    for column, name in named:
        _check_name(row, column, name, index, nearest, faults)


def _check_read(row: Row, column: str, read: Callable[[str], object], faults: Faults) -> None:
    text = row.text(column)
    if not text:
        return
    try:
        read(text)
    except Refused as no:
        told = {name: param for name, param in no.reason.params.items() if name != "value"}
        faults.add("routes", row.line, column, text, no.reason.code, **told)


def _check_name(row: Row, column: str, name: str, index: Index, nearest: Nearest, faults: Faults) -> None:
    tell = partial(faults.add, "routes", row.line, column, name)
    units = index.get("units")
    if name.startswith(CAPABILITY_PREFIX):
        if not is_capability(_capability(name)):
            tell("catalogue.capability_shape")
    elif column == "lead" and "|" in name:
        tell("catalogue.route_two_leads")
    elif units is not None and name not in units:
        _dangling(row, column, name, "units", nearest, faults)


def _dangling(row: Row, column: str, code: str, table: str, nearest: Nearest, faults: Faults) -> None:
    suggestion = "" if faults.is_full() else nearest.to(code, table)
    reason = "catalogue.dangling_nearest" if suggestion else "catalogue.dangling"
    faults.add("routes", row.line, column, code, reason, refers=table, suggestion=suggestion)


def _named(row: Row) -> Iterator[tuple[str, str]]:
    """Yield column and name of everybody a route calls. Exactly one leads, hence that cell is no list."""
    if lead := row.text("lead").strip():
        yield "lead", lead
    for name in listed(row.text("assist")):
        yield "assist", name


def _capability(name: str) -> str:
    return name.removeprefix(CAPABILITY_PREFIX) if name.startswith(CAPABILITY_PREFIX) else ""
