"""What ships for the map: schematic layers, each with where it comes from and under which licence (layers.toml)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """One layer that ships."""

    code: str
    files: tuple[Path, ...]
    """One, or the two tables of a network."""
    fields: dict[str, Any]
    """What is told of it, under the names of the import command."""


def shipped() -> tuple[Shipped, ...]:
    """Return the layers of layers.toml, in its order."""
    told = tomllib.loads((_FOLDER / "layers.toml").read_text("utf-8"))
    return tuple(_shipped(dict(one)) for one in told["layer"])


def _shipped(told: dict[str, Any]) -> Shipped:
    files = tuple(_FOLDER / name for name in told.pop("files"))
    return Shipped(code=told.pop("code"), files=files, fields=told)
