"""profile.toml: what it says counts, the command line wins, and every mistake is named."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from chengyun_core.launch import settings
from chengyun_core.model.failure import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    size: int = 3
    name: str = "a"


def _file(folder: Path, text: str) -> Path:
    file = folder / "profile.toml"
    file.write_text(text, "utf-8")
    return file


def test_that_defaults_hold_without_a_file(tmp_path: Path) -> None:
    assert settings.read(tmp_path / "none.toml", "room", _Room) == _Room()


def test_that_the_command_line_wins_over_the_file_and_none_means_not_given(tmp_path: Path) -> None:
    file = _file(tmp_path, "[room]\nsize = 5\nname = 'b'\n")
    assert settings.read(file, "room", _Room, size=7, name=None) == _Room(size=7, name="b")


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("[room]\nlength = 1\n", "settings.unknown", "length"),
        ("[room]\nsize = 'big'\n", "settings.wrong", "int"),
        ("[room\n", "settings.not_toml", "line 1"),
    ],
)
def test_that_a_mistake_names_file_and_reason(tmp_path: Path, text: str, code: str, told: str) -> None:
    file = _file(tmp_path, text)
    with pytest.raises(Refused) as failure:
        settings.read(file, "room", _Room)
    assert failure.value.reason.code == code
    assert failure.value.reason.params["file"] == str(file)
    assert any(told in value for value in failure.value.reason.params.values())
