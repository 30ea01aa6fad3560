"""One valid specimen of everything that travels: made from the record classes themselves, so that none is forgotten."""

import random
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from chengyun_core.model.command import COMMANDS
from chengyun_core.wire import codec, frames
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from chengyun_core.wire.envelope import HISTORY_ASKS, INGEST_ASKS, Request
from chengyun_core.wire.frames import COLUMNS, FrameHead, FrameKind

_PLAIN: dict[type, object] = {int: 1, str: "text", float: 1.5, bool: True, bytes: b"\x01\x02",
                                  datetime: datetime(2026, 7, 18, 14, 32, tzinfo=UTC)}  # fmt: skip
MOST_WITHIN = 5
"""The longest run of values within another run."""


def specimen(kind: Any) -> Any:
    """Return a value of a record's type, or of any type a field of a record has."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return specimen(next(one for one in inner if one is not type(None)))
    if origin is tuple:
        return tuple(specimen(one) for one in (inner[:1] * 2 if inner[-1] is Ellipsis else inner))
    if origin is dict:
        return {specimen(inner[0]): specimen(inner[1])}
    if origin is list:
        return [specimen(inner[0])]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: specimen(hints[field.name]) for field in fields(kind)})  # type: ignore[misc]
    supertype = getattr(kind, "__supertype__", None)
    assert supertype is not None, f"no specimen of {kind}"
    return specimen(supertype)


def absurd(kind: Any, dice: random.Random, most: int = 600) -> Any:
    """Return a value that is right by its type and by nothing else: every decoder lets it through.

    `most`: the longest run of values. Runs within a run are short: a message of 600 times 600 texts is longer than
    anything a socket lets in.
    """
    if kind in _ABSURD:
        return dice.choice(_ABSURD[kind])
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        chosen = dice.choice(inner)
        return None if chosen is type(None) else absurd(chosen, dice, most)
    if origin is tuple:
        parts = inner if inner[-1] is not Ellipsis else inner[:1] * dice.choice((0, 1, 3, most))
        return tuple(absurd(one, dice, MOST_WITHIN) for one in parts)
    if origin is dict:
        return {absurd(inner[0], dice): absurd(inner[1], dice, MOST_WITHIN) for _ in range(dice.randrange(4))}
    if origin is list:
        return [absurd(inner[0], dice, MOST_WITHIN) for _ in range(dice.randrange(4))]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return dice.choice(list(kind))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: absurd(hints[field.name], dice, most) for field in fields(kind)})  # type: ignore[misc]
    return absurd(kind.__supertype__, dice, most)


_ABSURD: dict[type, tuple[object, ...]] = {
    int: (0, 1, 2, 3, 5, 100, -1, 2**31, 2**32, 2**53 + 1, 2**62, 2**63 - 1, 2**63, 2**64 - 1, -(2**63)),
    float: (0.0, -0.0, 1.5, float("nan"), float("inf"), float("-inf"), 1e308, 5e-324),
    bool: (True, False),
    bytes: (b"", b"\x00" * 7, b"\xff" * 600),
    datetime: (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)),
    str: ("", " ", "text", "officer", "SW-CITY", "PT", "A-01", "500000", "0", "-1", "\x00", "\u202e\x1b[2J",
          "长" * 5000, "'; DROP TABLE journal; --", "%s{0}{x}", "1e999", "9" * 400),
}  # fmt: skip


def absurd_request(request: Request, body: type, dice: random.Random) -> bytes:
    """Return a request under the same session whose body is absurd."""
    return codec.pack(replace(request, body=codec.pack(absurd(body, dice))))


def absurd_frame(dice: random.Random, *, vitals: int, epoch: int) -> bytes:
    """Return a whole frame that lies: of this run or any, of any number, with values nobody sent."""
    lies = (0, 1, 7, 2**31, 2**40, 2**63 - 1, 2**63, 2**64 - 1)
    count = dice.randrange(vitals + 1)
    head = FrameHead(
        kind=dice.choice(list(FrameKind)), shard=dice.randrange(256), epoch=dice.choice((epoch, epoch, *lies)),
        seq=dice.choice(lies), catalogue=dice.choice((1, 1, 1, 2, 2**32 - 1)), count=count, clock_ns=0, sent_ns=0,
        newest_ns=dice.choice((0, 2**63 - 1, -(2**63))),
    )  # fmt: skip
    columns = {name: np.arange(count).astype(dtype) % 3 for name, dtype in COLUMNS[head.kind]}
    return frames.encode(head, columns)


def requests(asks: dict[str, tuple[type, type | None]], *sessions: str) -> list[bytes]:
    """Return a request of every ask, under every session."""
    return [
        codec.pack(Request(id=f"id-{kind}", kind=kind, body=codec.pack(specimen(body)), session=session))
        for kind, (body, _answer) in sorted(asks.items())
        for session in sessions
    ]


def commands(*sessions: str) -> list[bytes]:
    """Return a request of every command, under every session."""
    return requests({kind: (body, None) for kind, body in COMMANDS.items()}, *sessions)


def asked_of_ingest() -> list[bytes]:
    """Return a request of everything ingest is asked."""
    return requests(INGEST_ASKS, "")


def asked_of_historian() -> list[bytes]:
    """Return a request of everything the historian is asked."""
    return requests(HISTORY_ASKS, "")


def asked_of_centre(*sessions: str) -> list[bytes]:
    """Return a request of everything the centre is asked, commands included."""
    return requests(CENTRE_ASKS, *sessions) + commands(*sessions)


def some_frames(*, vitals: int = 4, epoch: int = 7) -> list[bytes]:
    """Return frames of every kind: empty, of one row, of all."""
    made = []
    for kind in FrameKind:
        for seq, count in enumerate((0, 1, vitals), 1):
            head = FrameHead(
                kind=kind, shard=0, epoch=epoch, seq=seq, catalogue=1, count=count, clock_ns=4, sent_ns=5, newest_ns=6
            )
            columns = {name: np.arange(count).astype(dtype) % 3 for name, dtype in COLUMNS[kind]}
            made.append(frames.encode(head, columns))
    return made
