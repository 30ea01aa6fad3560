"""Makes the tables of the reference city: 1 + 39 + 1031 centres, 8 / 70 / 248, 6 142 vitals, 22 million devices."""

from chengyun_resources.reference import (
    cameras,
    divisions,
    facts_files,
    forces,
    kpis,
    limits,
    measures,
    people,
    responses,
)
from chengyun_resources.reference.behaviour import DEFAULT_SEED
from chengyun_resources.reference.estate import estate_rows
from chengyun_resources.reference.limits import figure
from chengyun_resources.reference.sites import Site
from chengyun_resources.reference.unusual import sites

Rows = list[dict[str, str]]


def tables(seed: int = DEFAULT_SEED) -> dict[str, Rows]:
    """Return every table as rows of {column: text}, empty cells left out: what `catalogue.import` takes.

    The same seed gives the same tables on every machine.
    """
    all_sites = sites(seed)
    return {
        "centres": divisions.centre_rows(),
        "sectors": _sectors(),
        "tracks": _nodes(measures.tracks(), "sector"),
        "subtracks": _nodes(measures.subtracks(), "track"),
        "devices": _devices(all_sites),
        "channels": [_channel(site) for site in all_sites],
        "vitals": [_vital(site, seed) for site in all_sites],
        "threshold_sets": limits.SET_ROWS,
        "thresholds": [row for site in all_sites for row in limits.threshold_rows(site)],
        "kpis": kpis.kpi_rows(seed),
        "posts": people.post_rows(),
        "seats": people.seat_rows(),
        "causes": responses.cause_rows(all_sites),
        "guidance": responses.guidance_rows(),
        "suppressions": responses.suppression_rows(),
        "matters": forces.matter_rows(),
        "units": forces.unit_rows(),
        "routes": forces.route_rows(),
        "cameras": cameras.camera_rows(),
        "facts": facts_files.rows("facts.csv"),
    }


def _sectors() -> Rows:
    orders: dict[str, int] = {}
    rows = facts_files.rows("sectors.csv")
    for row in rows:
        orders[row["scheme"]] = orders.get(row["scheme"], 0) + 1
        row["order"] = str(orders[row["scheme"]])
    return rows


def _nodes(nodes: tuple[measures.Node, ...], parent: str) -> Rows:
    orders: dict[str, int] = {}
    rows = []
    for node in nodes:
        orders[node.parent] = orders.get(node.parent, 0) + 1
        row = {"code": node.code, parent: node.parent, "name": node.name, "owner_post": people.owner_of(node.code)}
        rows.append(row | {"order": str(orders[node.parent])})
    return rows


def _devices(all_sites: tuple[Site, ...]) -> Rows:
    rows = {site.device: _device(site) for site in all_sites}
    already = sum(int(row["count"]) for row in rows.values())
    return [*rows.values(), *estate_rows(already)]


def _device(site: Site) -> dict[str, str]:
    return {
        "code": site.device,
        "name": site.device_name,
        "kind": site.kind,
        "centre": site.centre,
        "subtrack": site.subtrack,
        "count": str(site.members),
        "gateway": responses.gateway_of(site),
    }


def _channel(site: Site) -> dict[str, str]:
    row = {"device": site.device, "quantity": site.quantity, "unit": _channel_unit(site)}
    row |= {"period_s": figure(site.period_s), "count": str(site.members)}
    return row | {"low": figure(site.behaviour.low), "high": figure(site.behaviour.high)}


def _channel_unit(site: Site) -> str:
    """A share is in per cent whatever its channels measure; here they tell by 0 or 1 whether a device works."""
    return "" if site.formula.startswith("share") else site.unit


def _vital(site: Site, seed: int) -> dict[str, str]:
    row = {
        "code": site.vital,
        "name": site.name,
        "subtrack": site.subtrack,
        "centre": site.centre,
        "unit": site.unit,
        "owner_post": people.owner_of(site.subtrack),
        "vital_class": "risk" if site.is_risk else "operation",
        "period_s": figure(site.period_s),
        "decimals": str(site.decimals),
        "formula": site.formula,
    }
    row |= responses.response_of(site.subtrack)
    more = {"pinned": str(site.pinned) if site.pinned else "", "calibrated": responses.calibrated(site, seed)}
    return row | {name: text for name, text in more.items() if text}
