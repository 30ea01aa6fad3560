"""`chengyun archive`: what is listed, what is found damaged, and windows as numbers, without a historian running."""

import csv
import io
import json

import numpy as np
import pytest

from chengyun_core.ingest.catalogue_cache import CatalogueCache
from chengyun_core.launch import cli, exported
from chengyun_core.launch import profile as profiles
from chengyun_core.store.archive.archive import MINUTES, VITALS, Archive
from chengyun_core.store.archive.rows import NS_PER_DAY, Rows
from tests.support.small_city import small_city

SECOND = 1_000_000_000
DAY = 20_000 * NS_PER_DAY


@pytest.fixture
def profile(tmp_path):
    made = profiles.ensure(tmp_path / "p")
    city = small_city()
    CatalogueCache(made.folder).save(city)
    store = Archive(made.folder / "archive", writes=True)
    number = np.arange(100)
    value, quality = np.where(number == 50, np.nan, number), np.where(number == 49, 1, np.where(number == 50, 2, 0))
    rows = Rows.of(np.full(100, city.vitals[0].number), DAY + number * SECOND, value, quality)
    store.commit({VITALS: rows}, at_ns=DAY)
    store.commit({MINUTES: rows}, at_ns=DAY)
    return made, city


@pytest.fixture(autouse=True)
def noted(monkeypatch):
    """Notes of exports instead of a centre that is started for each; tests/core/launch/test_exported.py starts one."""
    notes = []
    monkeypatch.setattr(exported, "note", lambda _profile, **told: notes.append(told))
    return notes


def said(capsys, made, *words):
    code = cli.main(["archive", *words, "--profile", str(made.folder), "--language", "en"])
    return code, capsys.readouterr()


def test_that_list_tells_parts_rows_and_bytes_by_kind(profile, capsys):
    made, _ = profile
    code, told = said(capsys, made, "list")
    assert code == 0
    assert "vitals: 1 parts, 100 rows" in told.out
    code, told = said(capsys, made, "list", "--csv")
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert [(row["kind"], row["day"], row["rows"]) for row in rows] == [
        ("minutes", "2024-10-04", "2"), ("vitals", "2024-10-04", "100"),
    ]  # fmt: skip


def test_that_verify_names_what_is_damaged_and_ends_with_trouble(profile, capsys):
    made, _ = profile
    assert said(capsys, made, "verify")[0] == 0
    (file,) = (made.folder / "archive").glob("vitals/*/*.parquet")
    data = bytearray(file.read_bytes())
    data[9] ^= 1
    file.write_bytes(data)
    code, told = said(capsys, made, "verify", "--json")
    assert code == 2
    facts = json.loads(told.out)
    assert [item["part"] for item in facts["damaged"]] == ["vitals/2024-10-04/part-000001.parquet"]
    assert "vitals/2024-10-04/part-000001.parquet" in said(capsys, made, "verify")[1].out


def test_that_query_prints_a_window_of_a_vital_as_csv_and_as_json(profile, capsys):
    made, city = profile
    window = ("--since", "2024-10-04T00:00:48Z", "--until", "2024-10-04T00:00:52Z")
    code, told = said(capsys, made, "query", "--series", city.vitals[0].code, *window, "--csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert [row["value"] for row in rows] == ["48.0", "49.0", "", "51.0", "52.0"]
    assert [row["doubt"] for row in rows] == ["none", "suspect", "none", "none", "none"]
    told = said(capsys, made, "query", "--series", city.vitals[0].code, *window, "--json")[1]
    facts = json.loads(told.out)
    assert facts["raw"] is True
    assert [value for _, value in facts["points"]] == [48.0, 49.0, None, 51.0, 52.0]
    assert facts["doubt"] == ["none", "suspect", "none", "none", "none"]


@pytest.mark.parametrize(
    "words",
    [
        ("--series", "NOBODY.level"),
        ("--series", ""),
        ("--since", "yesterday"),
        ("--since", "2024-10-04T00:00:00"),
        ("--since", "2030-01-01T00:00:00Z"),
        ("--points", "0"),
    ],
)
def test_that_what_cannot_be_asked_is_refused_with_a_sentence(profile, capsys, words):
    made, city = profile
    given = words if words[0] == "--series" else ("--series", city.vitals[0].code, *words)
    code, told = said(capsys, made, "query", *given)
    assert code == 1
    assert len(told.err) > 20


def test_that_a_profile_without_an_archive_says_what_to_do(tmp_path, capsys):
    made = profiles.ensure(tmp_path / "p")
    code, told = said(capsys, made, "list")
    assert code == 2
    assert "historian" in told.err
