"""Where an export goes: the name offered, what an officer typed made whole, and the folder kept for next time."""

import os
from pathlib import Path

from chengyun_console.desk import Desk
from chengyun_console.paper.press.ledger import FILE_NAME as LEDGER

ENDINGS = {"pdf": "pdf", "png": "png", "csv": "csv"}
FOLDER = "exports"


def own_folder(desk: Desk) -> Path:
    """Return the folder of this profile's exports, used until an officer chooses another."""
    return desk.profile.absolute() / FOLDER


def folder(desk: Desk) -> Path:
    """Return the folder exported to last; asks the disk nothing."""
    kept = desk.preferences.export_folder
    return Path(kept) if kept else own_folder(desk)


def ledger_file(desk: Desk) -> Path:
    """Return where exports are recorded."""
    return desk.profile.absolute() / LEDGER


def whole_path(typed: str, format_name: str) -> Path | None:
    """Return what was typed as a path with its ending; None when it does not begin at the root."""
    text = typed.strip().replace("\x00", "")
    path = Path(os.path.expanduser(text))  # noqa: PTH111 - Path.expanduser raises where this leaves the text alone
    if not text or text.endswith(("/", "\\")) or not path.is_absolute() or not path.name:
        return None
    ending = f".{ENDINGS[format_name]}"
    return path if path.name.lower().endswith(ending) else path.with_name(path.name + ending)


def with_ending(typed: str, format_name: str) -> str:
    """Return a typed path with the ending of another format in place of a known one."""
    for ending in ENDINGS.values():
        if typed.lower().endswith(f".{ending}"):
            typed = typed[: -len(ending) - 1]
            break
    return f"{typed}.{ENDINGS[format_name]}"
