"""The files of an event as rows: thumbnail or plate, name, what it is, size, digest, when and by whom it was added."""

from collections.abc import Callable

from PySide6.QtGui import QImage

from chengyun_console.desk import Desk
from chengyun_console.event_case import Case
from chengyun_core.model.event import Attachment
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.fact_model import FactRow

_KIB, _MIB = 2**10, 2**20
DIGEST_SHOWN = 12
_PLATES = {
    "application/pdf": "pdf", "application/zip": "archive", "application/x-7z-compressed": "archive",
    "application/vnd.rar": "archive", "application/gzip": "archive", "application/x-executable": "program",
    "text/plain": "text",
}  # fmt: skip
_KINDS = ("image", "audio", "video")


def listed(case: Case) -> tuple[Attachment, ...]:
    """Return the files kept with the event, the newest first."""
    return tuple(sorted(case.file.attachments if case.file else (), key=lambda file: -file.number))


def file_rows(desk: Desk, case: Case, picture: Callable[[Attachment], QImage | None]) -> list[FactRow]:
    """Return a row per file, the newest first. `picture`: the thumbnail, where there is one."""
    return [_row(desk, file, picture(file)) for file in listed(case)]


def plate_of(media: str) -> str:
    """Return the text code of the word that says what a file is."""
    kind = media.partition("/")[0]
    return f"events.plate.{_PLATES.get(media, kind if kind in _KINDS else 'unknown')}"


def size_of(desk: Desk, size: int) -> str:
    """Return a size in the unit that reads best."""
    if size < _KIB:
        return desk.say("events.bytes", size=size)
    if size < 10 * _MIB:
        return desk.say("events.kib", size=desk.figures.count(size // _KIB))
    return desk.say("events.mib", size=desk.figures.count(size // _MIB))


def about_file(desk: Desk, file: Attachment) -> str:
    """Return in one line what a file is: media, size, digest, whose, when it was taken, why it was added."""
    taken = desk.say("events.taken_at", time=desk.figures.stamp(file.taken_at)) if file.taken_at else ""
    of_order = desk.say("events.files.of_receipt") if file.about.startswith("receipt:") else ""
    digest = desk.say("events.files.digest", digest=file.digest[:DIGEST_SHOWN])
    parts = (file.media, size_of(desk, file.size), digest, of_order, taken, file.reason)
    return desk.say("events.pieces_between").join(part for part in parts if part)


def _row(desk: Desk, file: Attachment, picture: QImage | None) -> FactRow:
    who = " ".join(filter(None, (desk.words.person(file.added_by), file.added_seat)))
    return FactRow(
        key=str(file.number), severity=Severity.NONE, title=file.name, detail=about_file(desk, file),
        age=desk.figures.clock(file.added_at), status=who,
        picture=picture, plate=desk.say(plate_of(file.media)),
    )  # fmt: skip
