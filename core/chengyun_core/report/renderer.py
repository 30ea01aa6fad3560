"""Makes a PDF of a document in a process of its own, so that no fault of it reaches a daemon or a window."""

import subprocess
import sys
from dataclasses import dataclass
from typing import Protocol

import msgspec

from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.report.document import Document
from chengyun_core.report.plain_text import shown_throughout

PRESS = (sys.executable, "-I", "-m", "chengyun_core.report.press")
EXIT_TROUBLE = 3
"""Of a press that has a packed `Reason` on standard error. It stands here so that who asks loads no engine."""
_LARGEST = 64 * 2**20


class Renderer(Protocol):
    """What makes a PDF of a document; it blocks for seconds, so a window or a daemon asks from a thread."""

    def render(self, document: Document) -> bytes:
        """Return the PDF; raise Trouble."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRenderer:
    """Starts a press for each document; it may be used from any thread."""

    limit_s: float = 60.0
    """Until then it has to be done; twice what 200 pages take."""
    memory_mib: int = 2048
    command: tuple[str, ...] = PRESS

    def render(self, document: Document) -> bytes:
        """Return a document as PDF/A-2u.

        Raises:
            Trouble: `report.no_font`, `report.not_set`, `report.too_slow`, `report.press_ended`, `report.too_long`.
        """
        packed = msgspec.msgpack.encode(shown_throughout(document))
        if len(packed) > _LARGEST:
            raise Trouble("report.too_long", size=len(packed), most=_LARGEST)
        done = self._run(packed)
        if done.returncode == EXIT_TROUBLE:
            reason = msgspec.msgpack.decode(done.stderr, type=Reason)
            raise Trouble(reason.code, **reason.params)
        if done.returncode or not done.stdout.startswith(b"%PDF"):
            last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise Trouble("report.press_ended", status=done.returncode, reason=" ".join(last))
        return done.stdout

    def _run(self, packed: bytes) -> subprocess.CompletedProcess[bytes]:
        limits = (str(max(1, round(self.limit_s))), str(self.memory_mib))
        try:
            return subprocess.run(  # noqa: PLW1510 - the code is judged by the caller
                (*self.command, *limits), input=packed, capture_output=True, timeout=self.limit_s,
                env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "RAYON_NUM_THREADS": "1"}, cwd="/",
            )  # fmt: skip
        except subprocess.TimeoutExpired as fault:
            raise Trouble("report.too_slow", seconds=self.limit_s) from fault
        except OSError as fault:
            raise Trouble("report.press_ended", status="", reason=fault.strerror or fault) from fault
