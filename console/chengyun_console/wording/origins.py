"""Where the counts of the bars and of panel titles come from: who counted, what, and up to when (C6)."""

from chengyun_console.desk import Desk
from chengyun_core.mirror.links import Links, LinkState
from chengyun_core.model.flood_meter import BEGINS_ABOVE, ENDS_BELOW
from chengyun_core.wire.envelope import Heartbeat
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

IN_THE_BAR = ("samples", "latency", "lost", "vitals", "devices", "silenced", "approvals", "flood", "chain")
ON_THE_PAGE = ("bands", "silent", "unacknowledged", "listed")
"""Figures by the end of their text codes, `console.origin.<figure>` and `console.origin.<figure>.from`."""
_OF_INGEST = ("samples", "lost", "devices")
_OF_STATE = ("bands", "silent")
_OF_JOURNAL = ("silenced", "approvals", "flood", "unacknowledged", "chain")


def origins(desk: Desk, links: Links) -> tuple[SheetSection, ...]:
    """Return each figure with its source, the rule it is counted by, and the instant or record it is true for."""
    params = _params(desk, links)
    return tuple(
        SheetSection(
            title=desk.say(f"console.origin.{figure}"),
            lines=(
                SheetLine(
                    label=desk.say("console.origin.source"), text=desk.say(f"console.origin.{figure}.from", **params)
                ),
                SheetLine(label=desk.say("console.origin.as_of"), text=_as_of(desk, links, figure)),
            ),
        )
        for figure in (*IN_THE_BAR, *ON_THE_PAGE)
    )


def _sets(desk: Desk) -> str:
    """Return the sets of thresholds in force: that of the whole, and those of scopes in 急时."""
    assert desk.names is not None
    view, called = desk.names.view, desk.names.set_called
    found = dict.fromkeys((view.threshold_set, *view.catalogue.scope_sets.values()))
    return desk.say("console.names_between").join(called(code) for code in found)


def _params(desk: Desk, links: Links) -> dict[str, object]:
    names = desk.names
    beat = links.ingest.heartbeat
    return {
        "version": names.view.version if names else 0,
        "set": _sets(desk) if names else "",
        "begins": BEGINS_ABOVE,
        "ends": ENDS_BELOW,
        "since": desk.figures.stamp(beat.epoch) if beat is not None else desk.say("console.origin.never"),
    }


def _as_of(desk: Desk, links: Links, figure: str) -> str:
    if figure in _OF_INGEST:
        return _heard(desk, links.ingest)
    if figure in _OF_STATE:
        return _heard(desk, links.ingest)
    if figure in _OF_JOURNAL:
        number = desk.figures.count(desk.session.facts.through)
        return desk.say("console.origin.through", number=number, time=_heard(desk, links.centre))
    if figure == "latency":
        return desk.figures.stamp(desk.now_ns())
    names = desk.names
    return desk.say("console.origin.version", version=names.view.version) if names else desk.say("console.origin.never")


def _heard(desk: Desk, link: LinkState) -> str:
    """Return the profile time a daemon told last, which stands still while it is lost."""
    beat: Heartbeat | None = link.heartbeat
    return desk.figures.stamp(beat.clock_ns) if beat is not None else desk.say("console.origin.never")
