"""Every way by which what the system knows leaves it as a file, a paper, a picture or a copy, and how it is noted.

A table that is printed in docs/audit.md; tests/house/test_ways_out.py walks the code for writers and fails when one is
neither here nor said to be the program's own.
"""

from dataclasses import dataclass

BEFORE = "`export.note` before"
OWN = "own row before"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """One way."""

    name: str
    what: str
    who: str
    noted: str
    """When and as what the journal is told; words why, where it is not."""
    guarded: str
    """What keeps a cell from being a formula (RS7), and whose watermark is on it (G4)."""
    writer: str
    """Module that writes the bytes, from the root of the repository."""
    noter: str = ""
    """Module that has them noted; empty: nothing is."""


_LAUNCH, _CONSOLE = "core/chengyun_core/launch/", "console/chengyun_console/"
_MACHINE, _OFFICER = "who stands at the machine", "who sits there"
_CELLS, _MARK = "cells neutralised", "watermark"

WAYS = (
    WayOut(name="`chengyun export`", what="alarms, CSV or JSON", who=_MACHINE, noted=f"{BEFORE} (`alarms`)",
           guarded=_CELLS, writer=f"{_LAUNCH}export.py", noter=f"{_LAUNCH}export.py"),
    WayOut(name="`chengyun archive query --csv`, `--json`", what="samples of one series", who=_MACHINE,
           noted=f"{BEFORE} (`archive.<kind>`)", guarded=_CELLS, writer=f"{_LAUNCH}archive_command.py",
           noter=f"{_LAUNCH}archive_command.py"),
    WayOut(name="`chengyun archive list`, `verify`", what="names, sizes and faults of files", who=_MACHINE,
           noted="no: nothing of the city is in it", guarded=_CELLS, writer=f"{_LAUNCH}archive_command.py"),
    WayOut(name="`chengyun quality --csv`, `--json`", what="quality score of every vital", who=_MACHINE,
           noted=f"{BEFORE} (`quality`)", guarded=_CELLS, writer=f"{_LAUNCH}quality_command.py",
           noter=f"{_LAUNCH}quality_command.py"),
    WayOut(name="`chengyun report alarms --csv`, `--json`", what="figures of a seat's alarms", who=_MACHINE,
           noted=f"{BEFORE} (`report.alarms`)", guarded=_CELLS, writer=f"{_LAUNCH}alarm_report.py",
           noter=f"{_LAUNCH}alarm_report.py"),
    WayOut(name="`chengyun report daily`, `event`, `handover`", what="papers as PDF, XLSX, DOCX", who=_MACHINE,
           noted=f"{BEFORE} (`report.<what>`)", guarded=f"{_CELLS}; {_MARK} (PDF)",
           writer=f"{_LAUNCH}paper_command.py", noter=f"{_LAUNCH}paper_command.py"),
    WayOut(name="`chengyun dispatch misroutes --csv`, `--json`", what="what was given back, and why", who=_MACHINE,
           noted=f"{BEFORE} (`dispatch.misroutes`)", guarded=_CELLS, writer=f"{_LAUNCH}dispatch_command.py",
           noter=f"{_LAUNCH}dispatch_command.py"),
    WayOut(name="`chengyun plans export`", what="the library of plans", who=_MACHINE, noted=f"{BEFORE} (`plans`)",
           guarded=_CELLS, writer="core/chengyun_core/tabular/catalogue_xlsx.py", noter=f"{_LAUNCH}plans_command.py"),
    WayOut(name="`chengyun catalogue export`", what="the catalogue in force", who=_MACHINE,
           noted=f"{BEFORE} (`catalogue`)", guarded=_CELLS, writer="core/chengyun_core/tabular/catalogue_csv.py",
           noter=f"{_LAUNCH}catalogue_command.py"),
    WayOut(name="`chengyun audit export`", what="rows of the journal with their chain", who=_MACHINE,
           noted=f"{BEFORE} (`audit`)", guarded="JSON lines", writer=f"{_LAUNCH}audit_command.py",
           noter=f"{_LAUNCH}audit_command.py"),
    WayOut(name="`chengyun camera evidence`", what="a picture or clip as it was kept, a marked copy, their sheet",
           who=_MACHINE, noted=f"{OWN} (`evidence.hand_out`)", guarded=f"{_MARK} (copy); digest checked; 0600",
           writer=f"{_LAUNCH}evidence_export.py"),
    WayOut(name="`chengyun glass codes --output`", what="sealed codes to be printed", who=_MACHINE,
           noted=f"{OWN} (`glass.seal_codes`)", guarded="text, 0600", writer=f"{_LAUNCH}glass_envelopes.py"),
    WayOut(name="`chengyun console --shot`", what="a picture of the window", who=_MACHINE,
           noted=f"{BEFORE} (`shot`); not of the screen before sign-on", guarded=_MARK, writer=f"{_CONSOLE}shot.py",
           noter=f"{_CONSOLE}shot.py"),
    WayOut(name="Ctrl+P", what="a pane as PDF, PNG or CSV, or on a printer", who=_OFFICER,
           noted=f"{BEFORE} (`print.<pane>`), and a line of `exports.jsonl`; without a centre at the next sign-on",
           guarded=f"{_CELLS}; {_MARK}", writer=f"{_CONSOLE}paper/press/outputs.py", noter=f"{_CONSOLE}paper/sheet.py"),
    WayOut(name="Daily report, hand-over sheet, picture of the log", what="papers and files saved at a console",
           who=_OFFICER, noted=f"{BEFORE} (`report.daily`, `handover`, `log.snapshot`)",
           guarded=f"{_CELLS}; {_MARK}", writer=f"{_CONSOLE}noted_files.py", noter=f"{_CONSOLE}noted_files.py"),
    WayOut(name="Save a file of an event", what="an attachment as it came", who=_OFFICER,
           noted=f"{BEFORE} (`attachment`)", guarded="as it came; digest checked", writer=f"{_CONSOLE}downloads.py",
           noter=f"{_CONSOLE}shell/event_files.py"),
    WayOut(name="Save evidence of a camera", what="the marked copy of a picture or clip", who=_OFFICER,
           noted=f"{OWN} (`evidence.hand_out`)", guarded=f"{_MARK} (burnt in); digest checked; 0600",
           writer=f"{_CONSOLE}video/handing_out.py"),
    WayOut(name="Snapshot for the log", what="a picture of a pane, to the centre's own store", who=_OFFICER,
           noted=f"{OWN} (`log.write`)", guarded=_MARK, writer=f"{_CONSOLE}file_intake.py"),
    WayOut(name="Recording of a consultation", what="what was said, to the centre's own store", who=_OFFICER,
           noted=f"{OWN} (`room.record`)", guarded="sound; digest in the journal",
           writer="core/chengyun_core/rtc/recorder.py"),
    WayOut(name="Copy a telephone number", what="one number on the clipboard of this computer", who=_OFFICER,
           noted="no: a number to dial is no document, and nothing else can be copied", guarded="digits only",
           writer=f"{_CONSOLE}shell/call_card.py"),
)  # fmt: skip


def ways_table() -> str:
    """Return the table in Markdown."""
    head = ("way", "what leaves", "who", "in the journal", "guarded by")
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += [f"| {way.name} | {way.what} | {way.who} | {way.noted} | {way.guarded} |" for way in WAYS]
    return "\n".join(lines)
