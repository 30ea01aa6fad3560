"""Attachments: parts come in through the door, a worker checks the content, one row says whose it is (T5, RS6)."""

import unicodedata
from dataclasses import dataclass

from sqlalchemy import Connection, select

from chengyun_core.centre import event_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_deeds import source_time
from chengyun_core.centre.event_opening import check_degrees
from chengyun_core.centre.event_seen import seat_of, subject_of
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.centre.workers import Job
from chengyun_core.model.event import Attachment, Event
from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store import counters, event_table
from chengyun_core.store.attachments import LARGEST, AttachmentStore
from chengyun_core.store.chain_tables import ORDERS, RECEIPTS
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.event_asks import AskFile, AskUpload, FilePart, UploadHeld, UploadPart

LOG = RecordLog("attachment", Attachment)
COUNTER = "attachment"
LONGEST_NAME = 120
MOST_FILES = 500
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))})
"""Names that mean a device to some systems an officer may save the file on."""
_UNSAFE = frozenset('<>:"|?*')


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file belongs to."""

    event: Event | None
    """None: a receipt of an order without an event."""
    subject: Subject
    """What the permission is asked about; of a receipt its recipient's post is the owner."""


def held(desk: Desk, _connection: Connection, ask: AskUpload) -> bytes:
    """Tell how much of a content is here, so that an upload goes on where it stopped."""
    return codec.pack(UploadHeld(held=_store(desk).held(ask.digest, ask.size), size=ask.size))


def part(desk: Desk, _connection: Connection, ask: UploadPart) -> bytes:
    """Take a part of a content; the same part twice is taken once."""
    return codec.pack(UploadHeld(held=_store(desk).part(ask.digest, ask.size, ask.offset, ask.data), size=ask.size))


def content(desk: Desk, connection: Connection, ask: AskFile) -> bytes:
    """Give a range of an attachment's content."""
    known = LOG.get(connection, ask.attachment)
    if known is None:
        raise Refused("attachment.unknown", attachment=ask.attachment)
    data = _store(desk).read(known.digest, ask.offset, ask.length)
    return codec.pack(FilePart(attachment=known, offset=ask.offset, data=data))


def subjects(desk: Desk, work: Work, command: AddAttachment) -> tuple[Subject, ...]:
    """Return the place of what the file belongs to, and whose it is."""
    about = _about(desk, work.connection, command.about)
    return () if about is None else (about.subject,)


def prepare(desk: Desk, _connection: Connection, command: AddAttachment) -> Job:
    """Have a worker check the content against its digest and give it its place."""
    store = _store(desk)
    return lambda: store.seal(command.digest, command.size)


def add(desk: Desk, work: Work, caller: Caller, command: AddAttachment, media: str) -> Done:
    """Keep an uploaded file with an event or a receipt."""
    about = _about(desk, work.connection, command.about)
    if about is None:
        raise Refused("attachment.no_owner", about=command.about[:64])
    expect_room(work.connection, about.event, command.about, command.size)
    taken = None if command.taken_at is None else source_time(desk, work.at_ns, command.taken_at)
    kept = Attachment(
        number=counters.take(work.connection, COUNTER, 1), about=command.about, digest=command.digest,
        name=label(command.name), size=command.size, media=media, taken_at=taken,
        longitude=check_degrees("longitude", command.longitude), latitude=check_degrees("latitude", command.latitude),
        added_at=work.at_ns, added_by=caller.account, added_seat=seat_of(caller),
        reason=clean(command.reason, field="reason"),
    )  # fmt: skip
    work.note("attachment.keep", LOG.kind, kept.number, kept.version, kept)
    if about.event is not None:
        _tell_event(desk, work, about.event, kept)
    return Done(change=work.noted, key=str(kept.number), version=kept.version)


def _tell_event(desk: Desk, work: Work, event: Event, kept: Attachment) -> None:
    told: dict[str, object] = {"attachment": kept.number, "name": kept.name, "media": kept.media, "about": kept.about}
    if kept.taken_at is not None:
        told["source_at"] = kept.taken_at
    numbers = (*event.attachment_numbers, kept.number)
    event_care.change(
        desk, work, event, "attachment.add", params=told, attachments=len(numbers), attachment_numbers=numbers
    )  # fmt: skip


def of_event(connection: Connection, event: Event) -> list[Attachment]:
    """Return the files of an event and of its receipts, oldest first."""
    found = (LOG.get(connection, number) for number in event.attachment_numbers)
    return [kept for kept in found if kept is not None]


def label(name: str) -> str:
    """Return a name as a harmless label: no path, no control or turning characters, no device (RS6, RS10)."""
    unified = unicodedata.normalize("NFKC", name).replace("\\", "/")
    last = unified.rsplit("/", maxsplit=1)[-1]
    letters = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" and letter not in _UNSAFE)
    short = _shortened(letters.strip(" ."))
    if not short:
        return "file"
    return f"_{short}" if short.split(".")[0].strip().upper() in _DEVICES else short


def _shortened(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if len(name) <= LONGEST_NAME or not dot or len(ending) > 10:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def _about(desk: Desk, connection: Connection, about: str) -> About | None:
    kind, _, key = about.partition(":")
    if kind == "event" and _is_number(key):
        event = event_table.get(connection, int(key))
        return None if event is None else About(event=event, subject=subject_of(desk, event))
    return _about_receipt(desk, connection, key) if kind == "receipt" else None


def _about_receipt(desk: Desk, connection: Connection, key: str) -> About | None:
    order, _, place = key.partition(".")
    if not (_is_number(order) and _is_number(place)):
        return None
    where = (RECEIPTS.c.order_number == int(order), RECEIPTS.c.place == int(place))
    joined = RECEIPTS.join(ORDERS, ORDERS.c.number == RECEIPTS.c.order_number)
    columns = select(RECEIPTS.c.event, RECEIPTS.c.recipient, ORDERS.c.centre, ORDERS.c.code).select_from(joined)
    row = connection.execute(columns.where(*where)).one_or_none()
    if row is None:
        return None
    # A unit of one district may lead in another: what is its own it may add to wherever that is.
    unit = desk.city.units.get(row.recipient)
    owners = frozenset({unit.post if unit else row.recipient})
    subject = Subject(name=row.code, path=desk.city.path(row.centre), owners=owners)
    return About(event=None if row.event is None else event_table.get(connection, row.event), subject=subject)


def _is_number(text: str) -> bool:
    # `0012` would be another name of 12: a record has one.
    return text.isascii() and text.isdigit() and len(text) < 19 and text == str(int(text))


def expect_room(connection: Connection, event: Event | None, about: str, size: int) -> None:
    """Refuse one file too many, and what is too much for one record together (RS6)."""
    files = of_event(connection, event) if event is not None else []
    total = size + sum(kept.size for kept in files if kept.about == about)
    if total > LARGEST or len(files) >= MOST_FILES:
        raise Refused("attachment.too_many", about=about, total=total, most=LARGEST, files=len(files))


def _store(desk: Desk) -> AttachmentStore:
    if desk.files is None:
        raise Refused("attachment.no_store")
    return desk.files
