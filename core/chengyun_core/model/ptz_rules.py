"""Who may take a camera's movement from whom, and when it falls back: a table and two questions."""

from collections.abc import Iterable

from chengyun_core.model.holding import Holding, PostKind
from chengyun_core.model.scales import Level

RANKS: dict[PostKind, int] = {
    PostKind.WATCH_CHIEF: 3, PostKind.DUTY_OFFICER: 2, PostKind.UNIT: 1, PostKind.TRACK_OWNER: 1,
    PostKind.SENSING_OPS: 1,
}  # fmt: skip
"""Kind of post → rank; others have none and move nothing. Of equal rank the higher level goes first."""
LEVELS = {Level.CITY: 3, Level.DISTRICT: 2, Level.TOWN: 1}
"""Level of the post's centre → what it counts between posts of equal rank."""

IDLE_S = 30.0
"""A movement nobody used for so long is free again."""
STOPS_AFTER_S = 0.5
"""A camera stops when no further movement is told for so long: a key that was let go while the line broke."""

Rank = tuple[int, int]
NO_RANK: Rank = (0, 0)


def rank_of(holding: Holding) -> Rank:
    """Return (rank of the kind, rank of the level) of a post as it is held."""
    return RANKS.get(holding.kind, 0), 0 if holding.level is None else LEVELS[holding.level]


def highest(holdings: Iterable[Holding]) -> Holding | None:
    """Return the post by virtue of which somebody moves cameras, None when none of his may."""
    able = [holding for holding in holdings if holding.kind in RANKS]
    return max(able, key=rank_of, default=None)


def may_take_over(holder: Rank, taker: Rank) -> bool:
    """Return whether the taker's post goes before the holder's; equals wait for one another."""
    return taker > holder
