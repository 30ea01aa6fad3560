"""Compiles the .po files of the message catalogue to the .mo files that ship; run after editing a sentence."""

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
FOLDER = Path(__file__).parent / "chengyun_resources" / "texts"


def compiled(source: Path) -> bytes:
    """Return the .mo bytes of a .po file."""
    with source.open("rb") as file:
        catalogue = read_po(file)
    # The header would carry today's date: the same sentences must give the same bytes on every day.
    catalogue.creation_date = catalogue.revision_date = UNDATED
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def main() -> None:
    """Compile every .po beside its .mo."""
    for source in sorted(FOLDER.glob("*/LC_MESSAGES/*.po")):
        source.with_suffix(".mo").write_bytes(compiled(source))


if __name__ == "__main__":
    main()
