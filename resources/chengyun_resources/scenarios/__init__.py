"""Stories for the simulator, one TOML file each."""

from pathlib import Path

_FOLDER = Path(__file__).parent


def path_of(name: str) -> Path:
    """Return the file of a story; the name is a plain word, so that it cannot lead out of this folder."""
    plain = "".join(char for char in name if char.isalnum() or char == "_")
    return _FOLDER / f"{plain}.toml"


def names() -> tuple[str, ...]:
    """Return the stories there are."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))
