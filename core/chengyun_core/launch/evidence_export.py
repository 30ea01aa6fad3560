"""`chengyun camera evidence NUMBER`: the bytes as they were kept, a copy with a watermark, and a sheet.

In the journal first (`evidence.hand_out`), then to the folder; nothing that is there is written over.
"""

import argparse
import hashlib
from dataclasses import dataclass
from pathlib import Path

from chengyun_core.launch.door_client import DoorClient, asked
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.telling import Telling, telling
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.camera import Evidence
from chengyun_core.model.camera_commands import HandOutEvidence
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.store.attachments import LARGEST_PART
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.camera_asks import AskEvidence, EvidencePage
from chengyun_core.wire.event_asks import AskFile, FilePart
from chengyun_resources.texts import Texts

LIMIT_S = 60.0
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "video/mp4": "mp4", "video/x-matroska": "mkv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What leaves."""

    kept: Evidence
    original: bytes
    marked: bytes

    @property
    def name(self) -> str:
        """Return what its files begin with."""
        return f"EV-{self.kept.number:06d}"

    def files(self, sheet: str) -> dict[str, bytes]:
        """Return the files by name."""
        ending = _ENDINGS[self.kept.media]
        return {
            f"{self.name}.{ending}": self.original, f"{self.name}-marked.{ending}": self.marked,
            f"{self.name}.txt": sheet.encode("utf-8"),
        }  # fmt: skip


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Hand one piece of evidence out. Raises Refused and Trouble."""
    if options.output is None or not options.reason or len(options.codes) != 1 or not options.codes[0].isdecimal():
        raise Refused("evidence.cli.missing")
    told = telling(profile, texts)
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key"), timeout_s=LIMIT_S) as door:
        pack = _pack(door, int(options.codes[0]), options.reason)
        _expect_free(pack, options.output)
        digest = hashlib.sha256(pack.marked).hexdigest()
        row = door.send(HandOutEvidence(evidence=pack.kept.number, digest=digest, reason=options.reason)).change
    files = pack.files(_sheet(pack, digest, row, options.reason, told))
    options.output.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        _write(options.output / name, data)
    line = texts.say("evidence.cli.done", evidence=pack.kept.number, folder=options.output, row=row)
    facts = {"outcome": "done", "change": row, "digest": pack.kept.digest, "files": sorted(files)}
    return Report(lines=(line,), facts=facts)


def _pack(door: DoorClient, number: int, reason: str) -> Pack:
    """Fetch the bytes, hold them against their digest, and mark a copy."""
    from chengyun_core.video import watermark  # noqa: PLC0415 - the decoder is heavy, and only this needs it

    page = asked(door, "evidence.page", AskEvidence(before=number + 1, limit=1), EvidencePage)
    kept = next((one for one in page.evidence if one.number == number), None)
    if kept is None:
        raise Refused("evidence.unknown", evidence=number)
    original = _content(door, kept)
    if hashlib.sha256(original).hexdigest() != kept.digest:
        raise Trouble("evidence.other_bytes", evidence=number)
    lines = (f"EV-{number} {kept.camera}", f"LOCAL-ADMIN {reason.upper()}" if reason.isascii() else "LOCAL-ADMIN",
             f"SHA256 {kept.digest[:16].upper()}")  # fmt: skip
    return Pack(kept=kept, original=original, marked=watermark.marked(original, kept.media, lines))


def _content(door: DoorClient, kept: Evidence) -> bytes:
    data = bytearray()
    while len(data) < kept.size:
        ask = AskFile(attachment=kept.attachment, offset=len(data), length=LARGEST_PART)
        part = asked(door, "attachment.get", ask, FilePart).data
        if not part:
            raise Trouble("evidence.other_bytes", evidence=kept.number)
        data += part
    return bytes(data)


def _sheet(pack: Pack, marked: str, row: int, reason: str, told: Telling) -> str:
    """Return what proves the files: who kept what of which camera, hashes, and the rows of the journal that say so."""
    kept = pack.kept
    values = {
        "number": kept.number, "camera": f"{kept.camera_name} ({kept.camera})", "kind": told.say(
            f"evidence.kind.{kept.kind}"), "begins": told.stamp(kept.begins_at), "ends": told.stamp(kept.ends_at),
        "event": kept.event or "—", "alarm": kept.alarm or "—", "by": kept.added_by, "at": told.stamp(kept.added_at),
        "why": kept.reason, "digest": kept.digest, "size": kept.size, "marked": marked, "row": row, "reason": reason,
    }  # fmt: skip
    return told.say("evidence.sheet", **values) + "\n"


def _expect_free(pack: Pack, folder: Path) -> None:
    for name in pack.files(""):
        if (folder / name).exists():
            raise Refused("evidence.cli.there", file=folder / name)


def _write(file: Path, data: bytes) -> None:
    try:
        with file.open("xb") as opened:
            opened.write(data)
        file.chmod(0o600)
    except OSError as fault:
        raise Trouble("store.file_write", file=file, reason=fault.strerror or fault) from fault
