"""`chengyun seal`: what it seals, what it refuses to, what it tells, and how the passphrase comes in."""

import io
import json
import os
import resource
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chengyun_core.custody import envelope, erasing, keeper, place
from chengyun_core.launch import cli, seal_command
from chengyun_core.launch import profile as profiles
from chengyun_core.model.clock import NS_PER_S, ManualClock, ProfileClock
from chengyun_resources.texts import Texts

WORD, OTHER = "correct horse battery", "another long phrase"
TODAY = datetime.fromtimestamp(ProfileClock().utc_ns() / NS_PER_S).astimezone().date()
SOON = str(TODAY + timedelta(days=10))

Seal = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A drill profile; what was opened of it is taken away."""
    made = profiles.ensure(tmp_path / "p", realm="drill").folder
    yield made
    there = place.open_folder(made)
    if there.exists():
        erasing.unlink_tree(there)
        there.rmdir()
    there.with_name(f"{there.name}.lock").unlink(missing_ok=True)


@pytest.fixture
def seal(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Seal:
    """Run an act and return its exit code and what it told."""
    monkeypatch.setattr(envelope, "measured_cost", lambda: envelope.LEAST_COST)

    def run(act: str, *arguments: str) -> tuple[int, dict[str, Any]]:
        code = cli.main(["seal", act, *arguments, "--json", "--profile", str(folder)])
        return code, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def word(tmp_path: Path) -> Callable[[str], tuple[str, str]]:
    """Return the options that give a passphrase by a file."""

    def given(text: str = WORD, option: str = "--passphrase-file") -> tuple[str, str]:
        file = tmp_path / f"word-{len(text)}"
        file.write_text(text)
        file.chmod(0o600)
        return option, str(file)

    return given


Word = Callable[..., tuple[str, str]]


def test_that_it_is_made_shown_moved_changed_and_ended(seal: Seal, word: Word, folder: Path) -> None:
    code, made = seal("make", "--until", SOON, "--synthetic", *word())
    assert (code, made["outcome"]) == (0, "sealed")
    code, shown = seal("show")
    assert (code, shown["open"], shown["days"]) == (0, False, 10)
    assert seal("close")[1]["code"] == "custody.not_open"
    code, moved = seal("extend", "--until", str(TODAY + timedelta(days=20)), *word())
    assert (code, moved["until_ns"] - made["until_ns"]) == (0, 10 * 86_400 * NS_PER_S)
    assert seal("passphrase", *word(), *word(OTHER, "--new-passphrase-file"))[0] == 0
    assert seal("extend", "--until", SOON, *word())[1]["code"] == "custody.wrong_passphrase"
    assert seal("extend", "--until", SOON, *word(OTHER))[0] == 0
    assert seal("destroy")[1]["code"] == "custody.not_confirmed"
    assert seal("destroy", "--yes")[0] == 0
    assert seal("destroy", "--yes")[0] == 0  # once more does nothing
    assert seal("show")[1]["code"] == "custody.destroyed_asked"
    events = [line["event"] for line in keeper.story.told(place.seal_of(folder))]
    assert events == ["sealed", "extended", "passphrase_changed", "wrong_passphrase", "extended", "destroyed"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--until", SOON), "custody.not_vouched"),
        (("--synthetic",), "custody.no_until"),
        (("--synthetic", "--until", "31.12.2026"), "custody.not_a_day"),
        (("--synthetic", "--until", str(TODAY - timedelta(days=2))), "custody.until"),
        (("--synthetic", "--until", str(TODAY + timedelta(days=400))), "custody.until"),
    ],
)
def test_that_who_does_not_vouch_or_names_no_fitting_day_seals_nothing(
    seal: Seal, word: Word, folder: Path, arguments: tuple[str, ...], code: str
) -> None:
    assert seal("make", *arguments, *word())[1]["code"] == code
    assert not place.is_sealed(folder)
    assert (folder / "profile.toml").exists()


def test_that_a_profile_with_a_way_to_the_live_city_is_named_and_not_sealed(
    seal: Seal, word: Word, folder: Path
) -> None:
    with (folder / "profile.toml").open("a", encoding="utf-8") as file:
        file.write('[[ingest.mqtt]]\nhost = "10.9.8.7"\n')
    code, told = seal("make", "--until", SOON, "--synthetic", *word())
    assert code == 1
    assert [(found["code"], found["shown"]) for found in told["findings"]] == [("custody.find_endpoint", "10.9.8.7")]
    assert not place.is_sealed(folder)
    assert seal("check")[0] == 1


def test_that_a_live_profile_called_a_drill_is_known_by_its_journal(seal: Seal, word: Word, folder: Path) -> None:
    database = sqlite3.connect(folder / "centre" / "chengyun.db")
    database.execute("CREATE TABLE journal (realm TEXT)")
    database.executemany("INSERT INTO journal VALUES (?)", [("drill",), ("live",)])
    database.commit()
    database.close()
    code, told = seal("make", "--until", SOON, "--synthetic", *word())
    assert code == 1
    assert [(found["where"], found["shown"]) for found in told["findings"]] == [
        ("centre/chengyun.db journal.realm", "live")
    ]
    assert not place.is_sealed(folder)


def test_that_a_weak_passphrase_and_one_others_can_read_seal_nothing(seal: Seal, word: Word, folder: Path) -> None:
    assert seal("make", "--until", SOON, "--synthetic", *word("short"))[1]["code"] == "custody.weak_passphrase"
    option, file = word()
    Path(file).chmod(0o644)
    assert seal("make", "--until", SOON, "--synthetic", option, file)[1]["code"] == "secret.open"
    assert not place.is_sealed(folder)


def test_that_a_passphrase_comes_by_a_descriptor_and_nobody_is_asked_without_a_terminal(
    seal: Seal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(WORD))
    assert seal("make", "--until", SOON, "--synthetic")[1]["code"] == "custody.no_passphrase"
    reading, writing = os.pipe()
    os.write(writing, WORD.encode() + b"\n")
    os.close(writing)
    assert seal("make", "--until", SOON, "--synthetic", "--passphrase-fd", str(reading))[0] == 0
    assert seal("make", "--until", SOON, "--synthetic", "--passphrase-fd", "0")[1]["code"] == "custody.sealed_already"


def test_that_a_new_passphrase_is_typed_twice(seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([WORD, OTHER, WORD, WORD])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    assert seal("make", "--until", SOON, "--synthetic")[1]["code"] == "custody.passphrases_differ"
    assert seal("make", "--until", SOON, "--synthetic")[0] == 0


def test_that_every_other_command_says_that_the_profile_is_closed(
    seal: Seal, word: Word, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seal("make", "--until", SOON, "--synthetic", *word())
    for command in (["centre"], ["ingest"], ["historian"], ["doctor"], ["quality"], ["key", "list"]):
        assert cli.main([*command, "--json", "--profile", str(folder)]) == 2
        assert json.loads(capsys.readouterr().out)["code"] == "custody.closed"
    assert [path.name for path in folder.iterdir()] == ["seal"]


def test_that_a_seal_whose_date_is_over_is_ended_by_looking_at_it(
    seal: Seal, word: Word, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, made = seal("make", "--until", SOON, "--synthetic", *word())
    options = cli.parser().parse_args(["seal", "show", "--profile", str(folder)])
    with pytest.raises(keeper.Trouble, match=r"custody\.expired_now"):
        seal_command.run(folder, options, Texts("en"), ManualClock(made["until_ns"]))
    assert seal("show")[1]["code"] == "custody.destroyed_expired"


def test_that_no_command_with_a_passphrase_leaves_a_core_file(seal: Seal) -> None:
    seal("check")
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
