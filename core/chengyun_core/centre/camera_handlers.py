"""Commands and asks about cameras with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import (
    camera_care,
    camera_catalogue,
    camera_looks,
    camera_rounds,
    camera_streams,
    evidence_deeds,
    ptz_deeds,
)
from chengyun_core.centre.handler import Handler
from chengyun_core.centre.workers import Job

_FILES = "files"
"""Lane of handlers.LANES."""
CAMERAS = "cameras"
"""What has to ask a camera or a platform: several at a time, each waits for somebody far away."""
CAMERA_THREADS = 4

CAMERA_HANDLERS: dict[str, Handler] = {
    "evidence.hand_out": Handler(handle=evidence_deeds.hand_out, subjects=evidence_deeds.subjects_of_kept),
    "evidence.keep": Handler(
        handle=evidence_deeds.keep, subjects=evidence_deeds.subjects, prepare=evidence_deeds.prepare, lane=_FILES
    ),
    "ptz.give": Handler(handle=ptz_deeds.give, subjects=camera_care.subjects),
    "ptz.take": Handler(handle=ptz_deeds.take, subjects=camera_care.subjects),
    "round.remove": Handler(handle=camera_rounds.remove, subjects=camera_rounds.subjects_of_removed),
    "round.save": Handler(handle=camera_rounds.save, subjects=camera_rounds.subjects_of_saved),
}
"""Command kind → handler. Alphabetical."""

CAMERA_ANSWERS: dict[str, Callable[..., bytes]] = {
    "catalogue.whole": camera_catalogue.whole,
    "evidence.page": evidence_deeds.page,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""

CAMERA_BY_CALLER: dict[str, Callable[..., bytes | Job]] = {
    "camera.health": camera_looks.health,
    "camera.stream": camera_streams.stream,
    "camera.told": camera_looks.told,
    "ptz.move": ptz_deeds.move,
    "ptz.preset": ptz_deeds.send_to_preset,
    "ptz.presets": ptz_deeds.presets,
}
"""Ask → what answers it: (desk, ledger, caller, body) -> bytes, or a job of lane `cameras`. Alphabetical."""
