"""What a command hands out to other programs is in the journal before a byte leaves, or nothing leaves."""

import hashlib
import json

import pytest

from chengyun_core.launch import cli, exported
from chengyun_core.launch import profile as profiles
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.export import safe
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.failure import Trouble
from chengyun_core.wire.addresses import of_profile
from tests.core.launch.test_archive_command import profile

__all__ = ["profile"]
QUERY = ("archive", "query", "--language", "en", "--since", "2024-10-04T00:00:00Z", "--until", "2024-10-05T00:00:00Z")


def _query(made, city, *words):
    series = next(vital.code for vital in city.vitals)
    return cli.main([*QUERY, "--series", series, "--profile", str(made.folder), *words])


def _notes(made) -> list[dict[str, str]]:
    opened = profiles.opened(made.folder)
    address = of_profile(opened.folder).centre_door
    with borrowed_centre(opened), DoorClient(address, session=opened.key("admin.key")) as door:
        return [change.params for change in door.changes() if change.action == "export.note"]


def test_that_a_centre_is_started_to_note_an_archive_s_numbers_by_their_digest(profile, capsys):
    made, city = profile
    assert _query(made, city, "--csv") == 0
    text = capsys.readouterr().out
    assert text.startswith("time,value,doubt\n")
    assert [(note["what"], note["form"]) for note in _notes(made)] == [("archive.vitals", "csv")]
    assert _notes(made)[0]["rows"] == str(text.count("\n") - 1)


@pytest.mark.parametrize("form", ["--csv", "--json"])
def test_that_nothing_leaves_when_it_cannot_be_noted(profile, capsys, monkeypatch, form):
    def silent(_profile, **_told):
        raise Trouble("launch.daemon_silent", address="x", seconds=1, log="y")

    monkeypatch.setattr(exported, "note", silent)
    made, city = profile
    assert _query(made, city, form) == 2
    out = capsys.readouterr().out
    assert "time,value" not in out
    assert "points" not in out


def test_that_what_is_only_read_on_the_screen_is_not_noted(profile, capsys, monkeypatch):
    notes = []
    monkeypatch.setattr(exported, "note", lambda _profile, **told: notes.append(told))
    made, city = profile
    assert _query(made, city) == 0
    assert notes == []
    assert _query(made, city, "--json") == 0
    assert [note["form"] for note in notes] == ["json"]
    facts = json.loads(capsys.readouterr().out.split("\n", 1)[1])
    assert notes[0]["content"]["series"] == facts["series"]


def test_that_the_digest_is_that_of_the_bytes():
    class Door:
        def send(self, command):
            self.sent = command

    door = Door()
    exported.tell(door, what="x", form="csv", rows=1, content="a,b\n")
    assert door.sent.digest == hashlib.sha256(b"a,b\n").hexdigest()


@pytest.mark.parametrize(
    ("cell", "safely"),
    [
        ("=1+1", "'=1+1"), ("+86 23", "'+86 23"), ("-", "'-"), ("@x", "'@x"), ("\uff1dSUM", "'\uff1dSUM"),
        ("  =1", "'  =1"), ("\t=1", "'\t=1"), ("-3.5", "-3.5"), ("+2e3", "+2e3"), ("水位", "水位"), ("", ""),
    ],
)  # fmt: skip
def test_that_no_cell_is_a_formula_and_every_number_stays_one(cell, safely):
    assert safe(cell) == safely
