"""Wrong passphrases in a row: each lets one wait longer, over restarts too.

It slows who sits at the laptop. Who has copied the envelope is held up by scrypt alone.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.wire import durable

_NAME = "tries.json"
FREE = 3
"""Wrong ones without a wait: fingers slip."""
FIRST_WAIT_S = 5
LONGEST_WAIT_S = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """Wrong ones in a row, and when the last was."""

    wrong: int = 0
    last_ns: int = 0

    @property
    def wait_s(self) -> int:
        """Return how long after the last one the next may come: 5 s, 10 s, 20 s … a quarter of an hour."""
        return 0 if self.wrong < FREE else int(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(self.wrong - FREE, 10)))

    def left_s(self, now_ns: int) -> int:
        """Return the seconds still to wait; a clock put back begins the wait anew."""
        passed_s = (now_ns - self.last_ns) // NS_PER_S
        return self.wait_s if passed_s < 0 else max(0, self.wait_s - passed_s)


def read(folder: Path) -> Tries:
    """Return the tries so far; a damaged file counts as one that has to wait the longest."""
    try:
        told = json.loads((folder / _NAME).read_text("ascii"))
        return Tries(wrong=int(told["wrong"]), last_ns=int(told["last_ns"]))
    except FileNotFoundError:
        return Tries()
    except (OSError, ValueError, KeyError, TypeError):
        return Tries(wrong=FREE, last_ns=0)


def expect_allowed(folder: Path, now_ns: int) -> None:
    """Raise Refused `custody.wait` before anything is computed, while the wait of the last wrong try lasts."""
    so_far = read(folder)
    left_s = so_far.left_s(now_ns)
    if left_s:
        raise Refused("custody.wait", seconds=left_s, wrong=so_far.wrong)


def note_wrong(folder: Path, now_ns: int) -> Tries:
    """Count one more and return the count. Raises OSError."""
    made = Tries(wrong=read(folder).wrong + 1, last_ns=now_ns)
    durable.write_bytes(folder / _NAME, json.dumps(asdict(made)).encode("ascii"))
    return made


def forget(folder: Path) -> None:
    """Begin anew after a right one."""
    (folder / _NAME).unlink(missing_ok=True)
