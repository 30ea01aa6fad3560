"""`chengyun archive`: what the archive holds, whether it is whole, and any window of it as numbers."""

import argparse
import csv
import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chengyun_core.ingest.catalogue_cache import CatalogueCache
from chengyun_core.ingest.channels import ChannelTable
from chengyun_core.ingest.historian.settings import HistorianSettings
from chengyun_core.launch import exported, settings
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.export import safe
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_DONE, EXIT_TROUBLE, Report
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.stamp import iso_utc, parse_iso
from chengyun_core.series.columns import Bytes, Times, Values
from chengyun_core.series.doubt import Doubt, unknown
from chengyun_core.store.archive.archive import CHANNELS, KINDS, MINUTES, VITALS, Archive, date_of
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import AskHistory, History
from chengyun_resources.texts import Texts

NS_PER_DAY = 86_400_000_000_000
PIXELS = 8192
_PROBE_S = 1.0
_LIMIT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A window somebody asked for."""

    tried: tuple[tuple[str, int], ...]
    """(kind, number of the series) in the order in which they are looked at; the first with samples is told."""
    from_ns: int
    to_ns: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A window as found. `doubt`: uint8[n] Doubt; `gaps`: (from_ns, to_ns, samples or -1, why)."""

    kind: str
    time: Times
    value: Values
    doubt: Bytes
    raw: bool
    gaps: tuple[tuple[int, int, int, str], ...]


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report | int:
    """List, verify or query. Raises Trouble when there is no archive, Refused for a series or time that is none."""
    folder = profile.folder / settings.read(profile.settings_file, "historian", HistorianSettings).folder
    if not folder.exists():
        raise Trouble("archive.none", folder=folder)
    archive = Archive(folder)
    if options.act == "list":
        return _listed(archive, texts, as_csv=options.csv)
    if options.act == "verify":
        return _verified(archive, texts, as_csv=options.csv)
    return _queried(profile, archive, options, texts)


def _listed(archive: Archive, texts: Texts, *, as_csv: bool) -> Report | int:
    rows = [
        {
            "part": part.name, "kind": part.kind, "day": date_of(part.day), "rows": part.rows, "bytes": part.size,
            "oldest": iso_utc(part.begin_ns), "newest": iso_utc(part.end_ns),
        }
        for part in archive.parts()
    ]  # fmt: skip
    if as_csv:
        return _csv(("part", "kind", "day", "rows", "bytes", "oldest", "newest"), (tuple(row.values()) for row in rows))
    lines = [_summary(archive, kind, texts) for kind in KINDS]
    gaps = [_gap((gap.begin_ns, gap.end_ns, gap.samples, gap.why)) for gap in archive.manifest.gaps]
    removed = [{"at": iso_utc(at_ns), "part": name, "why": why} for at_ns, name, why in archive.manifest.removed]
    lines.append(texts.say("archive.gaps", gaps=len(gaps), removed=len(removed)))
    return Report(lines=tuple(lines), facts={"parts": rows, "gaps": gaps, "removed": removed})


def _summary(archive: Archive, kind: str, texts: Texts) -> str:
    parts = archive.parts(kind)
    rows, size = sum(part.rows for part in parts), sum(part.size for part in parts)
    oldest, newest = (
        min((part.begin_ns for part in parts), default=None),
        max((part.end_ns for part in parts), default=None),
    )
    return texts.say(
        "archive.listed", kind=kind, parts=len(parts), rows=rows, size=size, each=f"{size / rows if rows else 0:.2f}",
        oldest=iso_utc(oldest), newest=iso_utc(newest),
    )  # fmt: skip


def _verified(archive: Archive, texts: Texts, *, as_csv: bool) -> Report | int:
    verdicts = list(archive.verify())
    damaged = [verdict for verdict in verdicts if verdict.fault]
    code = EXIT_TROUBLE if damaged or archive.manifest.bad_lines else EXIT_DONE
    if as_csv:
        _csv(("part", "fault"), ((verdict.part.name, verdict.fault) for verdict in verdicts))
        return code
    lines = [
        texts.say("archive.damaged", part=item.part.name, rows=item.part.rows, fault=item.fault) for item in damaged
    ]
    lines.append(
        texts.say("archive.verified", parts=len(verdicts), damaged=len(damaged), lines=archive.manifest.bad_lines)
    )
    facts = {
        "parts": len(verdicts), "bad_lines": archive.manifest.bad_lines,
        "damaged": [{"part": item.part.name, "rows": item.part.rows, "fault": item.fault} for item in damaged],
    }  # fmt: skip
    return Report(lines=tuple(lines), facts=facts, exit_code=code)


def _queried(profile: Profile, archive: Archive, options: argparse.Namespace, texts: Texts) -> Report | int:
    wanted = _wanted(profile, archive, options)
    told = _of_historian(profile, wanted) or _of_files(archive, wanted)
    form = "csv" if options.csv else "json" if options.json else ""
    columns = (told.time.tolist(), told.value.tolist(), told.doubt.tolist())
    points = [(iso_utc(at), value, Doubt(doubt).name.lower()) for at, value, doubt in zip(*columns, strict=True)]
    if options.csv:
        cells = ((at, "" if value != value else repr(value), doubt) for at, value, doubt in points)
        text = _csv_text(("time", "value", "doubt"), cells)
        exported.note(profile, what=f"archive.{told.kind}", form=form, rows=len(points), content=text)
        sys.stdout.write(text)
        return EXIT_DONE
    good = told.value[~np.isnan(told.value)]
    lowest, highest = (str(good.min()), str(good.max())) if good.size else ("", "")
    line = texts.say(
        "archive.queried", series=options.series, kind=told.kind, points=len(points), lowest=lowest, highest=highest,
        since=iso_utc(wanted.from_ns), until=iso_utc(wanted.to_ns), gaps=len(told.gaps),
    )  # fmt: skip
    facts = {
        "series": options.series, "kind": told.kind, "raw": told.raw, "gaps": [_gap(gap) for gap in told.gaps],
        "points": [[at, None if value != value else value] for at, value, _ in points],
        "doubt": [doubt for *_, doubt in points],
    }  # fmt: skip
    if form:
        exported.note(profile, what=f"archive.{told.kind}", form=form, rows=len(points), content=facts)
    return Report(lines=(line,), facts=facts)


def _wanted(profile: Profile, archive: Archive, options: argparse.Namespace) -> Wanted:
    tried = _series(profile.folder, options.series)
    newest = max((part.end_ns for part in archive.parts()), default=NS_PER_DAY)
    to_ns = _moment(options.until) if options.until else newest
    from_ns = _moment(options.since) if options.since else to_ns - NS_PER_DAY
    if not from_ns < to_ns or not 1 <= options.points <= PIXELS:
        raise Refused(
            "archive.window", since=iso_utc(from_ns), until=iso_utc(to_ns), points=options.points, most=PIXELS
        )
    return Wanted(tried=tried, from_ns=from_ns, to_ns=to_ns, points=options.points)


def _series(folder: Path, text: str) -> tuple[tuple[str, int], ...]:
    catalogue = CatalogueCache(folder).load()
    if catalogue is None:
        raise Trouble("archive.no_catalogue")
    for vital in catalogue.vitals:
        if vital.code == text:
            return ((VITALS, vital.number),)
    numbers = ChannelTable.of(catalogue).numbers(text, vital=text) if text else range(0)
    if len(numbers) != 1:
        raise Refused("archive.unknown_series", series=text)
    # A channel that a vital follows unchanged has no roll-ups of its own: the vital is its raw history.
    follows = f"last({text})"
    vitals = [(VITALS, vital.number) for vital in catalogue.vitals if vital.formula.replace(" ", "") == follows]
    return ((CHANNELS, numbers[0]), (MINUTES, numbers[0]), *vitals[:1])


def _of_historian(profile: Profile, wanted: Wanted) -> Told | None:
    """Ask the running historian, which also has what is not yet in a file; None when none answers."""
    try:
        with DoorClient(of_profile(profile.folder).history_door, timeout_s=_PROBE_S) as door:
            door.hello()
            for kind, series in wanted.tried:
                ask = AskHistory(
                    kind=kind, series=series, from_ns=wanted.from_ns, to_ns=wanted.to_ns, pixels=wanted.points
                )
                answer = codec.unpack(door.ask("history", ask, timeout_s=_LIMIT_S), History)
                if answer.time or (kind, series) == wanted.tried[-1]:
                    time = np.frombuffer(answer.time, "<i8")
                    return Told(
                        kind=kind, time=time, value=np.frombuffer(answer.value, "<f8"), raw=answer.raw,
                        doubt=np.frombuffer(answer.doubt, "u1") if answer.doubt else unknown(time.size),
                        gaps=answer.gaps,
                    )  # fmt: skip
    except Trouble:
        return None
    return None


def _of_files(archive: Archive, wanted: Wanted) -> Told:
    for kind, series in wanted.tried:
        found = archive.window(kind, series, wanted.from_ns, wanted.to_ns, wanted.points)
        if found.time.size:
            break
    gaps = tuple((gap.begin_ns, gap.end_ns, gap.samples, gap.why) for gap in found.gaps)
    return Told(kind=kind, time=found.time, value=found.value, doubt=found.doubt, raw=found.raw, gaps=gaps)


def _moment(text: str) -> int:
    try:
        return parse_iso(text)
    except ValueError as fault:
        raise Refused("archive.moment", text=text, reason=str(fault)) from fault


def _gap(gap: tuple[int, int, int, str]) -> dict[str, object]:
    return {
        "since": iso_utc(gap[0]),
        "until": iso_utc(gap[1]),
        "samples": gap[2] if gap[2] >= 0 else None,
        "why": gap[3],
    }


def _csv(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> int:
    sys.stdout.write(_csv_text(head, rows))
    return EXIT_DONE


def _csv_text(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()
