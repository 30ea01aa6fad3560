"""`chengyun quality`: the data quality score of every vital, worst first, with the parts it is made of (V6)."""

import csv
import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from chengyun_core.launch import exported
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.export import safe
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.mirror.quality import counted_of, day_of, merged
from chengyun_core.model.catalogue import Catalogue, Vital
from chengyun_core.model.data_quality import WEIGHTS, Counted, Score, score
from chengyun_core.model.stamp import iso_utc
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import AskCatalogue, AskQuality, AskVerdicts, QualityTold, Verdicts
from chengyun_resources.texts import Texts

COLUMNS = (
    "vital", "name", "centre", "subtrack", "score", *WEIGHTS, "expected", "received", "late", "bad", "acked", "false",
    "calibrated",
)  # fmt: skip
SHOWN = 20
_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One vital with what was counted of it and the score made of that."""

    vital: Vital
    counted: Counted
    score: Score


def run(profile: Profile, *, as_csv: bool, texts: Texts, as_json: bool = False) -> Report | int:
    """List every vital's score, worst first: 20 lines for people, all of them as JSON or CSV, which is noted first."""
    catalogue, told, verdicts = _asked(profile)
    rows = judged(catalogue.vitals, told, verdicts)
    if as_csv:
        text = csv_of(rows)
        exported.note(profile, what="quality", form="csv", rows=len(rows), content=text)
        sys.stdout.write(text)
        return 0
    window = {"since": iso_utc(told.from_ns), "until": iso_utc(told.until_ns)}
    lines = [texts.say("launch.quality_window", vitals=len(rows), **window)]
    lines += [_line(row, texts) for row in rows[:SHOWN]]
    facts = {**window, "vitals": [facts_of(row) for row in rows]}
    if as_json:
        exported.note(profile, what="quality", form="json", rows=len(rows), content=facts)
    return Report(lines=tuple(lines), facts=facts)


def judged(vitals: Iterable[Vital], told: QualityTold, verdicts: Verdicts) -> list[Judged]:
    """Return the vitals with their scores, worst first; those of which nothing was counted last."""
    named, today = {vital.number: vital for vital in vitals}, day_of(told.until_ns)
    rows = [
        Judged(vital=named[number], counted=counted, score=score(counted, today))
        for number, counted in counted_of(told, verdicts, named.values()).items()
    ]
    return sorted(rows, key=lambda row: (row.score.score is None, row.score.score, row.vital.code))


def facts_of(row: Judged) -> dict[str, object]:
    """Return one vital's row by column name; a part not known is None."""
    parts = {part.name: None if part.merit is None else round(part.merit, 4) for part in row.score.parts}
    counted, vital = row.counted, row.vital
    return {
        "vital": vital.code, "name": vital.name, "centre": vital.centre, "subtrack": vital.subtrack,
        "score": row.score.score, **parts, "expected": round(counted.expected), "received": counted.received,
        "late": counted.late, "bad": counted.bad, "acked": counted.acked, "false": counted.false,
        "calibrated": counted.calibrated,
    }  # fmt: skip


def csv_of(rows: Iterable[Judged]) -> str:
    """Return the rows as CSV; a part not known is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        facts = facts_of(row)
        writer.writerow(["" if facts[name] is None else safe(str(facts[name])) for name in COLUMNS])
    return text.getvalue()


def _asked(profile: Profile) -> tuple[Catalogue, QualityTold, Verdicts]:
    where = of_profile(profile.folder)
    told = merged([_counted_by(shard.door) for shard in where.ingest])
    key = profile.key("admin.key")
    with borrowed_centre(profile), DoorClient(where.centre_door, session=key, timeout_s=_LIMIT_S) as door:
        catalogue = codec.unpack(door.ask("catalogue.get", AskCatalogue()), Catalogue)
        verdicts = codec.unpack(door.ask("alarm.verdicts", AskVerdicts()), Verdicts)
    return catalogue, told, verdicts


def _counted_by(address: str) -> QualityTold:
    """Return what one ingest daemon counted; Trouble when it does not run."""
    with DoorClient(address, timeout_s=_LIMIT_S) as door:
        return codec.unpack(door.ask("quality", AskQuality()), QualityTold)


def _line(row: Judged, texts: Texts) -> str:
    parts = " · ".join(
        f"{texts.say(f'quality.{part.name}')} "
        + (texts.say("quality.unknown") if part.merit is None else f"{100 * part.merit:.0f}%")
        for part in row.score.parts
    )
    told = "—" if row.score.score is None else str(row.score.score)
    return f"{told:>3}  {row.vital.code}  {row.vital.name}  {parts}"
