"""The hand-over's sheet as pure functions: items merged with what is found now, sorted, and its canonical digest."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Protocol

from chengyun_core.model.duty import Handover, Item, ItemKind, ItemState

Key = tuple[ItemKind, str]
_ORDER = {kind: place for place, kind in enumerate(ItemKind)}
_NEVER = 2**63 - 1
DECIDED = frozenset({ItemState.KNOWN, ItemState.REFUSED, ItemState.SETTLED})
"""States that need nothing more of the taker."""
ITEM_MOVES: tuple[tuple[str, str, str], ...] = (
    ("", "found", "open"),
    ("open", "tick (the version shown)", "known"),
    ("open, known", "refuse (reason)", "refused"),
    ("refused", "tick (the version shown)", "known"),
    ("known", "the thing changed", "open"),
    ("open, known, refused", "the thing ended", "settled"),
    ("settled", "the thing came back", "open"),
)
"""(State, what befalls it, state after): for the handbook; `merged`, `ticked` and `refused` are what does it."""


def merged(held: Iterable[Item], found: Iterable[Item]) -> tuple[Item, ...]:
    """Return the sheet's items as of now: what is new joins, what ended is settled, what changed is shown again."""
    fresh = {key_of(item): item for item in found}
    known = {key_of(item): item for item in held}
    joined = [_again(known.get(key), item) for key, item in fresh.items()]
    ended = [replace(item, state=ItemState.SETTLED) for key, item in known.items() if key not in fresh]
    return in_order([*joined, *ended])


def _again(held: Item | None, now: Item) -> Item:
    if held is None or held.state in (ItemState.OPEN, ItemState.SETTLED):
        return now
    if held.state is ItemState.KNOWN and held.version != now.version:
        return now
    # What was refused stays with its giver whatever becomes of it.
    owner = held.owner if held.state is ItemState.REFUSED else now.owner
    return replace(now, state=held.state, reason=held.reason, owner=owner)


def changed(held: Iterable[Item], now: Iterable[Item]) -> tuple[str, ...]:
    """Return `<kind>/<key>` of what was ticked and is to be looked at again."""
    ticked = {key_of(item) for item in held if item.state is ItemState.KNOWN}
    return tuple(
        f"{item.kind.value}/{item.key}" for item in now if item.state is ItemState.OPEN and key_of(item) in ticked
    )


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return items as the sheet has them: what is over last, then gravest first, then what is due first."""
    return tuple(sorted(items, key=_rank))


class Placed(Protocol):
    """What an item's place among those that are not over hangs on."""

    @property
    def kind(self) -> ItemKind: ...
    @property
    def key(self) -> str: ...
    @property
    def gravity(self) -> int: ...
    @property
    def due_at(self) -> int | None: ...


def rank_of(item: Placed) -> tuple[int, int, int, str]:
    """Return the place of something among those that are not over: gravest first, then what is due first."""
    due = _NEVER if item.due_at is None else item.due_at
    return -item.gravity, due, _ORDER[item.kind], item.key


def _rank(item: Item) -> tuple[bool, tuple[int, int, int, str]]:
    return item.state is ItemState.SETTLED, rank_of(item)


def ticked(items: Sequence[Item], key: Key) -> tuple[Item, ...]:
    """Return the items with one of them known."""
    return tuple(replace(i, state=ItemState.KNOWN, reason="") if key_of(i) == key else i for i in items)


def refused(items: Sequence[Item], key: Key, reason: str, giver: str) -> tuple[Item, ...]:
    """Return the items with one of them left to its giver."""
    return tuple(
        replace(i, state=ItemState.REFUSED, reason=reason, owner=giver) if key_of(i) == key else i for i in items
    )


def undecided(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return what the taker has neither ticked nor refused."""
    return tuple(item for item in items if item.state not in DECIDED)


def key_of(item: Item) -> Key:
    """Return what an item is told from others by."""
    return item.kind, item.key


def digest_of(sheet: Handover) -> str:
    """Return SHA-256, hexadecimal, of what two people sign: who, which seat and shifts, items, checks, figures, lines.

    Not of state, version and signatures, which say how far the signing has come.
    """
    told = {
        "code": sheet.code, "centre": sheet.centre, "shift": sheet.shift, "next_shift": sheet.next_shift,
        "seat": sheet.seat, "giver": sheet.giver, "taker": sheet.taker, "opened_at": sheet.opened_at,
        "items": [asdict(item) for item in sheet.items], "checks": [asdict(check) for check in sheet.checks],
        "figures": sheet.figures, "figures_until": sheet.figures_until,
        "figures_from": sheet.figures_from, "lines": list(sheet.lines),
    }  # fmt: skip
    canonical = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
