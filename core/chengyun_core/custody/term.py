"""How long a seal lasts: its date, the clock it is held against, and its end."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chengyun_core.custody import envelope as envelopes
from chengyun_core.custody import erasing, story
from chengyun_core.custody.envelope import Envelope
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import durable

DAY_NS = 86_400 * NS_PER_S
LONGEST_DAYS = 366
"""No drill lasts longer than a year; the date is moved by who knows the passphrase."""
WARN_DAYS = 14
CLOCK_SLACK_NS = 600 * NS_PER_S
"""So much may a clock be put back by hand or by the network before it is not believed."""
_SEEN = "seen"
_DESTROYED = "destroyed.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """That a seal was destroyed, when and why (`expired` or `asked`)."""

    at_ns: int
    why: str


def expect_until(until_ns: int, now_ns: int) -> None:
    """Raise Refused for an expiry that is over, or too far off."""
    if not now_ns < until_ns <= now_ns + LONGEST_DAYS * DAY_NS:
        raise Refused("custody.until", most=LONGEST_DAYS)


def last_day(until_ns: int) -> str:
    """Return the last day of a seal that ends at a midnight, as people at this machine read it."""
    return f"{datetime.fromtimestamp(until_ns / NS_PER_S - 1).astimezone():%Y-%m-%d}"


def shown(at_ns: int) -> str:
    """Return a time as people at this machine read it."""
    return f"{datetime.fromtimestamp(at_ns / NS_PER_S).astimezone():%Y-%m-%d %H:%M}"


def days_left(envelope: Envelope, now_ns: int) -> int:
    """Return the whole days until the end; 0 on the last one."""
    return max(0, envelope.until_ns - now_ns) // DAY_NS


def is_over(envelope: Envelope, now_ns: int) -> bool:
    """Return whether the date has passed."""
    return now_ns >= envelope.until_ns


def expect_clock(now_ns: int, *known_ns: int) -> None:
    """Raise Refused `custody.clock_back` when the clock is earlier than a time it has shown already.

    Nothing is destroyed for it: a machine whose battery is empty shows 1970, and who set the clock back gets nothing.
    """
    latest = max(known_ns)
    if now_ns < latest - CLOCK_SLACK_NS:
        raise Refused("custody.clock_back", behind_h=(latest - now_ns) // (3600 * NS_PER_S) + 1)


def seen_ns(folder: Path) -> int:
    """Return the latest time noted beside the seal; 0 when there is none that can be read."""
    try:
        return int((folder / _SEEN).read_text("ascii"))
    except (OSError, ValueError):
        return 0


def note_seen(folder: Path, now_ns: int) -> None:
    """Note the time; never an earlier one. Raises OSError."""
    if now_ns > seen_ns(folder):
        durable.write_bytes(folder / _SEEN, str(now_ns).encode("ascii"))


def end_of(folder: Path) -> End | None:
    """Return how the seal ended; None while it lasts."""
    file = folder / _DESTROYED
    if not file.exists():
        return None
    try:
        told = json.loads(file.read_text("ascii"))
        return End(at_ns=int(told["at_ns"]), why=str(told["why"]))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise Trouble("custody.no_envelope", file=file, reason=fault) from fault


def destroy(folder: Path, now_ns: int, why: str) -> None:
    """End the seal: the envelope is written over, synced and unlinked, and what it opened taken away. Raises OSError.

    The mark comes last but one: cut off in between, the next call does it again. No key, no data: the pieces are only
    taken away to give the room back.
    """
    erasing.erase(folder / envelopes.NAME)
    if not (folder / _DESTROYED).exists():
        story.note(folder, "destroyed", now_ns, why=why)
        durable.write_bytes(folder / _DESTROYED, json.dumps({"at_ns": now_ns, "why": why}).encode("ascii"))
    erasing.unlink_tree(folder, keep=frozenset({_DESTROYED, story.NAME}))
