"""Texts half written are kept in files of the seat."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_console import drafts as module
from chengyun_console.drafts import Drafts


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    """Return the drafts of seat A-03."""
    made = Drafts()
    made.take_seat(tmp_path / "A-03")
    return made


def test_that_a_draft_is_there_for_the_next_program_at_the_same_seat(drafts: Drafts, tmp_path: Path) -> None:
    drafts.write("event", {"narrative": "栈桥被淹"})
    drafts.flush()
    other = Drafts()
    other.take_seat(tmp_path / "A-03")
    assert other.read("event") == {"narrative": "栈桥被淹"}
    other.take_seat(tmp_path / "B-01")
    assert other.read("event") == {}


def test_that_a_draft_is_readable_by_its_user_alone(drafts: Drafts, tmp_path: Path) -> None:
    drafts.write("event", {"narrative": "x"})
    drafts.flush()
    (file,) = tmp_path.rglob("*.json")
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "CON", "e" * 300, "事〔2026〕000001", "..", ""])
def test_that_no_name_leads_out_of_the_folder(drafts: Drafts, tmp_path: Path, name: str) -> None:
    drafts.write(name, {"a": "1"})
    drafts.flush()
    assert drafts.read(name) == {"a": "1"}
    (file,) = tmp_path.rglob("*.json")
    assert file.parent.name == "drafts"


def test_that_a_draft_without_a_text_is_none(drafts: Drafts, tmp_path: Path) -> None:
    drafts.write("event", {"narrative": "x"})
    drafts.write("event", {"narrative": " "})
    drafts.flush()
    assert not list(tmp_path.rglob("*.json"))


def test_that_a_damaged_draft_is_set_aside_and_not_read(drafts: Drafts, tmp_path: Path) -> None:
    drafts.write("event", {"narrative": "x"})
    drafts.flush()
    (file,) = tmp_path.rglob("*.json")
    file.write_bytes(b"{half")
    assert drafts.read("event") == {}
    assert file.with_suffix(".bad").exists()


def test_that_nothing_is_kept_before_sign_on(tmp_path: Path) -> None:
    drafts = Drafts()
    drafts.write("event", {"narrative": "x"})
    assert drafts.read("event") == {}
    assert not list(tmp_path.iterdir())


def test_that_the_last_of_many_drafts_of_a_burst_is_the_one_that_stays(drafts: Drafts, tmp_path: Path) -> None:
    for at in range(500):
        drafts.write("event", {"narrative": "x" * at})
    drafts.drop("other")
    drafts.flush()
    other = Drafts()
    other.take_seat(tmp_path / "A-03")
    assert other.read("event") == {"narrative": "x" * 499}


def test_that_what_was_sent_does_not_come_back_from_a_draft_under_way(drafts: Drafts, tmp_path: Path) -> None:
    drafts.write("event", {"narrative": "x"})
    drafts.drop("event")
    drafts.flush()
    assert not list(tmp_path.rglob("*.json"))


def test_that_a_disk_that_refuses_is_told_and_the_form_goes_on(
    drafts: Drafts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "A-03").write_text("no folder")
    drafts.write("event", {"narrative": "x"})
    drafts.flush()
    assert "could not be kept" in caplog.text
    assert drafts.read("other") == {}


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A disk that takes nothing until it is let go."""
    let_go, put = threading.Event(), module._put
    monkeypatch.setattr(module, "KEPT_WITHIN_S", 0.05)
    monkeypatch.setattr(module, "_put", lambda path, texts: let_go.wait(60.0) and put(path, texts))
    yield let_go
    let_go.set()


def test_that_a_draft_is_read_while_the_disk_that_is_to_take_it_hangs(drafts: Drafts, hung: threading.Event) -> None:
    """The window's thread reads drafts when a form opens: it must not wait for a disk (0424)."""
    drafts.write("event", {"narrative": "x"})
    assert drafts.read("event") == {"narrative": "x"}
    drafts.write("event", {"narrative": "xy"})
    drafts.write("other", {"narrative": "z"})
    assert drafts.read("event") == {"narrative": "xy"}
    drafts.drop("other")
    assert drafts.read("other") == {}
    hung.set()
    drafts.flush()
    assert drafts.read("event") == {"narrative": "xy"}


def test_that_the_end_of_the_program_gives_a_hung_disk_up_and_says_so(
    drafts: Drafts, hung: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    drafts.write("event", {"narrative": "x"})
    drafts.stop()
    assert "the disk takes no drafts" in caplog.text
    hung.set()
    drafts.flush()
    caplog.clear()
    drafts.stop()
    assert caplog.text == ""
