"""Every way out is in the table of docs/audit.md: what can write is one of them, or the program's own by a reason."""

import pytest

from chengyun_core.model.ways_out import WAYS
from tests.house.writers import ROOT, writers_in, writing_modules

OWN = {
    "console/chengyun_console/drafts.py": "a seat's drafts in its own folder",
    "console/chengyun_console/export_notes.py": "what is owed to the journal",
    "console/chengyun_console/maps/layer_files.py": "layers of the map this profile shows, under their digests",
    "console/chengyun_console/preferences.py": "a seat's preferences in its own folder",
    "console/chengyun_console/session/catalogue_cache.py": "the catalogue this profile works with",
    "console/chengyun_console/main.py": "the summary of a run for whoever started it",
    "console/chengyun_console/paper/press/__main__.py": "Ctrl+P; what it writes goes through delivery",
    "console/chengyun_console/paper/press/delivery.py": "Ctrl+P; gives a file its name after the ledger and the leave",
    "console/chengyun_console/paper/press/leave.py": "asks the console for leave",
    "console/chengyun_console/paper/press/lines.py": "Ctrl+P as CSV; what it writes goes through delivery",
    "console/chengyun_console/residue.py": "empties the clipboard when somebody leaves",
    "console/chengyun_console/shell/event_files.py": "reads the clipboard; saves by downloads",
    "console/chengyun_console/sound/silence_log.py": "who silenced this seat, for the profile itself",
    "core/chengyun_core/custody/": "a sealed profile where it lies: nobody reads it without its passphrase",
    "core/chengyun_core/geo/": "what a layer's file holds, on its way into the profile",
    "core/chengyun_core/ingest/": "spool, archive and caches of the profile",
    "core/chengyun_core/launch/profile.py": "the settings of a new profile",
    "core/chengyun_core/launch/supervisor.py": "the logs of the daemons",
    "core/chengyun_core/launch/up.py": "the log of what it starts",
    "core/chengyun_core/report/": "makes the bytes of papers; paper_command and noted_files write them",
    "core/chengyun_core/rtc/janus_config.py": "the settings of the relay, in a folder of its owner's",
    "console/chengyun_console/lookout/": "what every thread did when the window hung, and that somebody was called",
    "core/chengyun_core/rtc/party_voice.py": "the voice of a drill's simulated party, in a folder that goes with it",
    "core/chengyun_core/rtc/sound.py": "what would be heard, where a file stands for a speaker",
    "core/chengyun_core/store/": "the profile's own database, archive, keys and backups",
    "core/chengyun_core/tabular/roster_file.py": "a copy beside, to be read as a workbook",
    "core/chengyun_core/video/watermark.py": "makes the bytes of a marked copy; evidence_export writes them",
    "core/chengyun_core/video/packet_ring.py": "a clip in memory; who asked for it keeps it as evidence",
    "core/chengyun_core/wire/": "the profile's own files, whole or not at all",
}
"""Module, or folder → why what it writes leaves nothing."""


def _is_known(module: str) -> bool:
    return any(module == way.writer for way in WAYS) or any(
        module == own or (own.endswith("/") and module.startswith(own)) for own in OWN
    )


def test_that_whatever_can_write_is_a_way_out_of_the_table_or_the_program_s_own() -> None:
    unknown = {module: sorted(names) for module, names in writing_modules().items() if not _is_known(module)}
    assert unknown == {}, "put it into chengyun_core.model.ways_out, have it noted, or say here why it leaves nothing"


def test_that_every_reason_and_every_writer_is_of_a_module_that_writes() -> None:
    found = writing_modules()
    assert [own for own in OWN if not any(module.startswith(own) for module in found)] == []
    assert [way.writer for way in WAYS if way.writer not in found] == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_that_a_way_that_says_so_has_the_journal_told_by_the_module_it_names(way: object) -> None:
    assert isinstance(way, type(WAYS[0]))
    told = "export.note" in way.noted
    assert told == bool(way.noter)
    if told:
        text = (ROOT / way.noter).read_text("utf-8")
        assert "NoteExport(" in text or "exported.note(" in text or "exported.tell(" in text


def test_that_only_a_telephone_number_is_ever_put_on_the_clipboard() -> None:
    put = [
        module for module, names in writing_modules().items()
        if "clipboard" in names and ".setText(" in (ROOT / module).read_text("utf-8").split("clipboard()")[1][:12]
    ]  # fmt: skip
    assert put == ["console/chengyun_console/shell/call_card.py"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import csv\ncsv.writer(out)", {"writer"}),
        ("path.open('wb')", {"open"}),
        ("open(path, mode='a')", {"open"}),
        ("path.open()\nopen(path, 'rb')\npainter.save()", set()),
        ("QApplication.clipboard().setText('x')", {"clipboard"}),
        ("image.save(str(file), 'PNG')", {"save"}),
        ("sys.stdout.write(text)", {"stdout"}),
    ],
)
def test_that_a_writer_is_found_in_whatever_dress(source: str, found: set[str]) -> None:
    assert writers_in(source) == found
