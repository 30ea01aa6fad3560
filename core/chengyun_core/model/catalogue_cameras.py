"""Rules of cameras: what each kind needs, addresses without secrets in them, positions, the vitals a camera watches."""

import re
from urllib.parse import urlsplit

from chengyun_core.model.camera import MOST_PRESETS, CameraKind
from chengyun_core.model.catalogue_rows import Faults, Index, Row, Rows

SCHEMES: dict[CameraKind, tuple[str, ...]] = {
    CameraKind.RTSP: ("rtsp", "rtsps"), CameraKind.ONVIF: ("http", "https"), CameraKind.DEMO: ("demo",),
}  # fmt: skip
"""Kind → what its address begins with; a camera of a platform has none."""
NEEDS: dict[CameraKind, tuple[str, ...]] = {
    CameraKind.RTSP: ("address",), CameraKind.ONVIF: ("address",), CameraKind.DEMO: ("address",),
    CameraKind.PLATFORM: ("platform", "platform_id"),
}  # fmt: skip
"""Kind → columns that must be filled."""
_PLATFORM_ID = re.compile(r"\d{20}/\d{20}", re.ASCII)
_PRESET = re.compile(r"(\d{1,3}) (\S.*)", re.ASCII)
_PLAIN = re.compile(r"[!-~]+", re.ASCII)


def check_cameras(rows: Rows, index: Index, faults: Faults) -> None:
    """Check every rule of this module."""
    vitals = index.get("vitals")
    for row in rows.get("cameras", []):
        _check_place(row, faults)
        _check_kind(row, faults)
        _check_presets(row, faults)
        for code in (part.strip() for part in row.text("watches").split("|")):
            if code and vitals is not None and code not in vitals:
                faults.add("cameras", row.line, "watches", code, "catalogue.camera_vital")


def _check_place(row: Row, faults: Faults) -> None:
    if (row.figure("longitude") is None) != (row.figure("latitude") is None):
        missing = "latitude" if row.figure("latitude") is None else "longitude"
        faults.add("cameras", row.line, missing, "", "catalogue.position_half")


def _check_kind(row: Row, faults: Faults) -> None:
    word = row.text("kind") or CameraKind.RTSP.value
    if word not in {kind.value for kind in CameraKind}:
        return  # its cell is told already
    kind = CameraKind(word)
    for column in NEEDS[kind]:
        if not row.text(column):
            faults.add("cameras", row.line, column, "", "catalogue.camera_needs", kind=word)
    for column in ("address", "sub_address"):
        _check_address(row, column, kind, faults)
    told = row.text("platform_id")
    if kind is CameraKind.PLATFORM and told and not _PLATFORM_ID.fullmatch(told):
        faults.add("cameras", row.line, "platform_id", told, "catalogue.camera_platform_id")


def _check_address(row: Row, column: str, kind: CameraKind, faults: Faults) -> None:
    """Only its shape; where it may lead to is asked when a stream is given out (video.fence)."""
    told = row.text(column)
    if not told or kind not in SCHEMES:
        return
    if "@" in told:
        # The catalogue is exported, versioned and backed up: no place for a password. Not repeated in the message.
        faults.add("cameras", row.line, column, "", "catalogue.camera_address_secret")
    elif not _PLAIN.fullmatch(told) or not _is_whole(told, kind):
        schemes = ", ".join(f"{scheme}:" for scheme in SCHEMES[kind])
        faults.add("cameras", row.line, column, told, "catalogue.camera_address", kind=kind.value, schemes=schemes)


def _is_whole(told: str, kind: CameraKind) -> bool:
    try:
        split = urlsplit(told)
    except ValueError:
        return False
    placed = split.path.startswith("/") and not split.netloc if kind is CameraKind.DEMO else bool(split.netloc)
    return split.scheme in SCHEMES[kind] and placed


def _check_presets(row: Row, faults: Faults) -> None:
    seen: set[int] = set()
    for part in (part.strip() for part in row.text("presets").split("|")):
        if not part:
            continue
        found = _PRESET.fullmatch(part)
        number = int(found[1]) if found else 0
        if not 1 <= number <= MOST_PRESETS or number in seen:
            faults.add("cameras", row.line, "presets", part, "catalogue.camera_presets")
        seen.add(number)
