"""The process that sets one document: msgpack on its standard input, a PDF on its standard output, then it is gone."""

import json
import resource
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

import msgspec
import typst

from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.report import fonts
from chengyun_core.report.document import Document
from chengyun_core.report.page_data import local_time, page_data
from chengyun_core.report.renderer import EXIT_TROUBLE

if TYPE_CHECKING:
    from typst import PDFStandard

STANDARD: "PDFStandard" = "a-2u"
"""PDF/A-2u (ISO 19005-2): fonts inside, and every glyph known by its code point; a sign that is not fails the job."""


def main(arguments: Sequence[str]) -> int:
    """Set the document on standard input; arguments: seconds of processor and MiB of memory it may take."""
    _bounded(seconds=int(arguments[0]), mebibytes=int(arguments[1]))
    try:
        document = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Document)
        sys.stdout.buffer.write(pdf(document, fonts.found()))
    except Trouble as trouble:
        sys.stderr.buffer.write(msgspec.msgpack.encode(trouble.reason))
        return EXIT_TROUBLE
    except typst.TypstError as fault:
        reason = Reason(code="report.not_set", params={"reason": str(fault)[:500]})
        sys.stderr.buffer.write(msgspec.msgpack.encode(reason))
        return EXIT_TROUBLE
    return 0


def pdf(document: Document, files: Sequence[Path]) -> bytes:
    """Return a document as PDF, set with these font files and no other.

    Raises:
        Trouble: the fonts are not those needed. TypstError: the document cannot be set.
    """
    data = page_data(document, fonts.drawable(files))
    with TemporaryDirectory(prefix="chengyun-report-") as folder:
        at = local_time(document.made_at, document.zone_minutes).replace(microsecond=0)
        table = _Table(Path(folder), files, at)
        mark = table.set("mark.typ", "svg", {"mark": data["watermark"]}).decode() if data["watermark"] else ""
        inputs = {"document": json.dumps(data, ensure_ascii=False), "mark": mark}
        return table.set("document.typ", "pdf", inputs, standards=[STANDARD])


class _Table:
    """A place to set at: a folder with templates, the only one they may read from, and these fonts."""

    def __init__(self, folder: Path, files: Sequence[Path], at: datetime) -> None:
        self._root, shelf = folder / "root", folder / "fonts"
        self._root.mkdir()
        shelf.mkdir()
        for file in files:
            shelf.joinpath(file.name).symlink_to(file)
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[shelf])
        self._at = at

    def set(
        self,
        name: str,
        form: Literal["pdf", "svg"],
        inputs: dict[str, str],
        *,
        standards: "list[PDFStandard] | None" = None,
    ) -> bytes:
        """Return what a template makes of these texts."""
        root, template = str(self._root), self._root / name
        template.write_bytes(resources.files("chengyun_resources.report").joinpath(name).read_bytes())
        made: object = typst.compile(
            str(template), root=root, format=form, package_path=root, package_cache_path=root, sys_inputs=inputs,
            font_paths=self._fonts, pdf_standards=standards, timestamp=self._at,
        )  # fmt: skip
        assert isinstance(made, bytes)
        return made


def _bounded(*, seconds: int, mebibytes: int) -> None:
    """Let the system end this process before it takes the machine's memory or time."""
    for kind, most in (
        (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, mebibytes * 2**20), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        _, hard = resource.getrlimit(kind)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (wanted, wanted))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
