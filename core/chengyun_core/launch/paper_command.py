"""`chengyun report daily|event|handover|figures`: documents as PDF and XLSX, journalled before they leave."""

import argparse
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from chengyun_core.launch.alarm_report import moment
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.duty_figures import FigureName, ShiftFigures
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.paper import PaperKind
from chengyun_core.model.paper_commands import NumberPaper
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.model.stamp import iso_utc
from chengyun_core.report.daily import DailyFacts, daily
from chengyun_core.report.document import Document
from chengyun_core.report.event_brief import EventFacts, event_brief
from chengyun_core.report.handover_sheet import SheetFacts, handover_sheet
from chengyun_core.report.letter import letter
from chengyun_core.report.renderer import ChildRenderer, Renderer
from chengyun_core.report.wording import Words
from chengyun_core.report.workbook import workbook
from chengyun_core.store.duty_figures import SQL
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.paper_asks import AskDaily, AskEventPaper, AskSheet
from chengyun_resources.texts import Texts

ASK_LIMIT_S = 60.0
"""Figures of a month of a large city take seconds."""
MODE = 0o600


class Asked(Protocol):
    """What a report asks of a door."""

    def ask(self, kind: str, body: object, *, timeout_s: float | None = None, request_id: str = "") -> bytes:
        """Return the answer's body; raise Refused or Trouble."""
        ...

    def send(self, command: object, *, timeout_s: float | None = None, request_id: str = "") -> Done:
        """Carry out a command."""
        ...


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Carry out `chengyun report` for a document, as the machine's local administrator."""
    address, key = of_profile(profile.folder).centre_door, profile.key("admin.key")
    _refuse_taken(options)
    with borrowed_centre(profile), DoorClient(address, session=key) as door:
        if options.what == "figures":
            return figures(door, options, texts)
        return write(door, options, texts, ChildRenderer())


def figures(door: Asked, options: argparse.Namespace, texts: Texts) -> Report:
    """Return the figures of a time; with `--sql` the statements by which anybody can count them again."""
    facts = _daily_facts(door, options)
    words = Words(texts, facts.zone_minutes)
    found = facts.figures
    lines = [_line(words, found, name) for name in FigureName]
    if options.sql:
        lines = [text for name in FigureName for text in (f"-- {_line(words, found, name)}", _typed(name, found), "")]
    told = {name.value: found[name] for name in FigureName}
    head = {"from": iso_utc(found.from_ns), "to": iso_utc(found.to_ns), "head": found.head}
    return Report(lines=tuple(lines), facts={**head, "figures": told})


def write(door: Asked, options: argparse.Namespace, texts: Texts, renderer: Renderer) -> Report:
    """Make a document's files: set first, then journalled, then written; nothing leaves unheard of."""
    forms = {"pdf": renderer.render, "xlsx": workbook, "docx": letter}
    wanted = {form: file for form in forms if (file := getattr(options, form)) is not None}
    if not wanted:
        raise Refused("report.no_file")
    document = _DOCUMENTS[options.what](door, options, texts)
    made = [(file, form, forms[form](document)) for form, file in wanted.items()]
    for file, form, data in made:
        digest = hashlib.sha256(data).hexdigest()
        door.send(NoteExport(what=f"report.{options.what}", form=form, rows=_rows(document), digest=digest))
        _put(file, data)
    lines = [texts.say("report.written", file=file, size=len(data)) for file, _, data in made]
    facts = {"title": document.title, "number": document.number, "files": [str(file) for file, _, _ in made]}
    return Report(lines=tuple(lines), facts=facts)


def _daily(door: Asked, options: argparse.Namespace, texts: Texts) -> Document:
    facts = _daily_facts(door, options)
    document = daily(facts, texts)
    return _numbered(door, options, PaperKind.DAILY, document, about="")


def _event(door: Asked, options: argparse.Namespace, texts: Texts) -> Document:
    ask = AskEventPaper(event=_number(options))
    facts = codec.unpack(door.ask("paper.event", ask, timeout_s=ASK_LIMIT_S), EventFacts)
    return _numbered(door, options, PaperKind.EVENT, event_brief(facts, texts), about=f"event/{facts.event.number}")


def _handover(door: Asked, options: argparse.Namespace, texts: Texts) -> Document:
    ask = AskSheet(handover=_number(options))
    return handover_sheet(codec.unpack(door.ask("paper.handover", ask, timeout_s=ASK_LIMIT_S), SheetFacts), texts)


_DOCUMENTS: dict[str, Callable[[Asked, argparse.Namespace, Texts], Document]] = {
    "daily": _daily, "event": _event, "handover": _handover,
}  # fmt: skip
WHAT = (*_DOCUMENTS, "figures")
"""What `chengyun report` makes beside `alarms`."""


def _daily_facts(door: Asked, options: argparse.Namespace) -> DailyFacts:
    ask = AskDaily(from_ns=moment(options.begin), to_ns=moment(options.end), seat=options.seat)
    return codec.unpack(door.ask("paper.daily", ask, timeout_s=ASK_LIMIT_S), DailyFacts)


def _numbered(
    door: Asked, options: argparse.Namespace, kind: PaperKind, document: Document, *, about: str
) -> Document:  # fmt: skip
    if not options.numbered:
        return document
    return replace(document, number=door.send(NumberPaper(kind=kind, title=document.title[:200], about=about)).key)


def _number(options: argparse.Namespace) -> int:
    if options.number is None:
        raise Refused("report.no_number", what=options.what)
    number: int = options.number
    return number


def _line(words: Words, found: ShiftFigures, name: FigureName) -> str:
    return f"{words.say(f'reports.figure.{name.value}')}  {words.figure(found, name)}"


def _typed(name: FigureName, found: ShiftFigures) -> str:
    """Return a statement with its times filled in, to be typed into another tool."""
    statement = " ".join(SQL[name].split())
    bounds = {"first_event": 0, "last_event": 2**63 - 1, "first": 0, "last": 2**63 - 1,
              "begin": found.from_ns, "end": found.to_ns}  # fmt: skip
    for parameter, value in bounds.items():
        statement = statement.replace(f":{parameter}", str(value))
    return f"{statement};"


def _rows(document: Document) -> int:
    return sum(len(table.rows) for section in document.sections for table in section.tables)


def _refuse_taken(options: argparse.Namespace) -> None:
    for file in (options.pdf, options.xlsx, options.docx):
        if file is not None and file.exists():
            raise Refused("report.file_there", file=file)


def _put(file: Path, data: bytes) -> None:
    """Write a new file for its owner only; one that came there meanwhile is not replaced."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
    except FileExistsError as fault:
        raise Refused("report.file_there", file=file) from fault
    except OSError as fault:
        raise Trouble("launch.not_writable", file=file, reason=fault.strerror or fault) from fault
