"""`chengyun dispatch`: what was given back in the last days and why; what the catalogue's words make of a narrative."""

import argparse
import csv
import io
import sys
from collections.abc import Iterable

from chengyun_core.launch import exported
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.export import safe
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.dispatch_narrative import Reading
from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.dispatch_asks import AskMisroutes, AskReading, Misroute, Misroutes
from chengyun_core.wire.envelope import AskCatalogue
from chengyun_resources.texts import Texts

COLUMNS = ("matter", "unit", "orders", "returned", "share", "routes", "reasons")


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report | int:
    """Carry out `chengyun dispatch misroutes` or `chengyun dispatch read TEXT`."""
    key = profile.key("admin.key")
    with borrowed_centre(profile), DoorClient(of_profile(profile.folder).centre_door, session=key) as door:
        catalogue = codec.unpack(door.ask("catalogue.get", AskCatalogue()), Catalogue)
        if options.act == "read":
            reading = codec.unpack(door.ask("dispatch.classify", AskReading(narrative=_text(options))), Reading)
            return _read(reading, catalogue, texts)
        told = codec.unpack(door.ask("dispatch.misroutes", AskMisroutes(days=options.days)), Misroutes)
        text = csv_of(told.rows)
        if options.csv or options.json:
            form = "csv" if options.csv else "json"
            exported.tell(door, what="dispatch.misroutes", form=form, rows=len(told.rows), content=text)
    if options.csv:
        sys.stdout.write(text)
        return 0
    return _misroutes(told, options.days, catalogue, texts)


def csv_of(rows: Iterable[Misroute]) -> str:
    """Return the rows of a report of misroutes as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        facts = _facts(row)
        writer.writerow([safe(str(facts[name])) for name in COLUMNS])
    return text.getvalue()


def _text(options: argparse.Namespace) -> str:
    if options.text is None:
        raise Refused("dispatch.no_text")
    text: str = options.text
    return text


def _facts(row: Misroute) -> dict[str, object]:
    return {
        "matter": row.matter, "unit": row.unit, "orders": row.orders, "returned": row.returned,
        "share": round(row.returned / row.orders, 4), "routes": " ".join(row.routes),
        "reasons": "; ".join(f"{reason} × {count}" for reason, count in row.reasons),
    }  # fmt: skip


def _misroutes(told: Misroutes, days: float, catalogue: Catalogue, texts: Texts) -> Report:
    matters = {matter.code: matter.name for matter in catalogue.matters}
    units = {unit.code: unit.name for unit in catalogue.units}
    head = texts.say("dispatch.misroutes_head", days=f"{days:g}", orders=told.orders, returned=told.returned)
    lines = [
        texts.say(
            "dispatch.misroutes_line", matter=matters.get(row.matter, row.matter), unit=units.get(row.unit, row.unit),
            returned=row.returned, orders=row.orders, routes=" ".join(row.routes), reasons=_facts(row)["reasons"],
        )
        for row in told.rows
    ]  # fmt: skip
    return Report(lines=(head, *lines), facts={"days": days, "rows": [_facts(row) for row in told.rows]})


def _read(reading: Reading, catalogue: Catalogue, texts: Texts) -> Report:
    matters = {matter.code: matter.name for matter in catalogue.matters}
    centres = {centre.code: centre.name for centre in catalogue.centres}
    told = [
        *((matters.get(one.matter, ""), f"{one.confidence:.2f}", " ".join(one.words)) for one in reading.matters),
        *((centres.get(one.centre, one.centre), f"{one.score:g}", " ".join(one.words)) for one in reading.places),
        *((one.attribute, one.value, one.words) for one in reading.figures),
        *((factor.value, str(value), "") for factor, value in reading.factors.items()),
    ]  # fmt: skip
    lines = [f"{what}  {how}  {why}".rstrip() for what, how, why in told]
    reasons = [texts.say(reason.code, **reason.params) for reason in reading.reasons]
    facts = {
        "matters": [(one.matter, one.confidence, one.words) for one in reading.matters],
        "places": [(one.centre, one.score) for one in reading.places],
        "addresses": reading.addresses,
        "figures": {one.attribute: one.value for one in reading.figures},
        "factors": {factor.value: value for factor, value in reading.factors.items()},
        "grade": reading.grade.name.lower() if reading.grade else "",
        "times": [one.at.isoformat() for one in reading.times],
    }
    return Report(lines=(*lines, *reading.addresses, *reasons), facts=facts)
