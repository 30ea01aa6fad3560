"""Reads one section of profile.toml into the frozen record that a program declares for it."""

import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from chengyun_core.model.failure import Refused, Trouble

T = TypeVar("T")


def read(file: Path, section: str, record_type: type[T], **overrides: Any) -> T:
    """Return one section of a settings file as its record, with overrides from the command line.

    Raises Refused for an unknown name or a value of the wrong type, Trouble when the file cannot be read.
    """
    table = _tables(file).get(section, {})
    unknown = sorted(set(table) - {field.name for field in fields(record_type)})  # type: ignore[arg-type]
    if unknown:
        raise Refused("settings.unknown", file=file, section=section, names=", ".join(unknown))
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        record = msgspec.convert(table, record_type)
    except msgspec.ValidationError as fault:
        raise Refused("settings.wrong", file=file, section=section, reason=str(fault)) from fault
    return replace(record, **given)  # type: ignore[type-var]


def _tables(file: Path) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as fault:
        raise Trouble("settings.unreadable", file=file, reason=str(fault)) from fault
    except tomllib.TOMLDecodeError as fault:
        raise Refused("settings.not_toml", file=file, reason=str(fault)) from fault
