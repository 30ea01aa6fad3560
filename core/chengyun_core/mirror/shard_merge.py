"""Makes one model of several ingest daemons: their rows in one, their links in one light that names what is lost."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from chengyun_core.mirror.links import LinkState, Reach
from chengyun_core.mirror.news import StateRows
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import Heartbeat

_GRAVITY = (Reach.LIVE, Reach.STALE, Reach.CONNECTING, Reach.LOST, Reach.REFUSED)
_UNHEARD = (Reach.CONNECTING, Reach.LOST, Reach.REFUSED)
_COLUMNS = ("vital", "time", "value", "quality", "band", "side", "outdated")


def merged_rows(parts: Sequence[tuple[int, StateRows]]) -> StateRows | None:
    """Return the rows of several shards (number, rows) as one, by vital; of one sent by two the later shard's stays."""
    if not parts:
        return None
    vital = np.concatenate([rows.vital for _, rows in parts])
    order = np.argsort(vital, kind="stable")
    order = order[np.append(vital[order][1:] != vital[order][:-1], True)] if order.size else order
    columns = {name: np.concatenate([getattr(rows, name) for _, rows in parts])[order] for name in _COLUMNS}
    shard = np.concatenate([np.full(len(rows.vital), number, np.uint8) for number, rows in parts])[order]
    waited = [rows.oldest_ns for _, rows in parts if rows.oldest_ns]
    return StateRows(
        **columns,
        shard=shard,
        restarted=tuple(number for number, rows in parts if rows.new_epoch),
        new_epoch=any(rows.new_epoch for _, rows in parts),
        epoch=max(rows.epoch for _, rows in parts),
        seq=max(rows.seq for _, rows in parts),
        catalogue=max(rows.catalogue for _, rows in parts),
        newest_ns=max(rows.newest_ns for _, rows in parts),
        oldest_ns=min(waited, default=0),
        received_ns=max(rows.received_ns for _, rows in parts),
    )


def summary(states: Sequence[LinkState], vitals: Sequence[int]) -> LinkState:
    """Return all daemons as one link. `vitals`: how many are each daemon's.

    One lost among several makes the whole STALE, with a reason that names it and how many vitals stand still; the
    whole is lost when all are.
    """
    if len(states) == 1:
        return states[0]
    worst = max(states, key=lambda state: _GRAVITY.index(state.reach))
    gone = [number for number, state in enumerate(states) if state.reach in _UNHEARD]
    reach, reason = worst.reach, worst.reason
    if gone and len(gone) < len(states):
        reach = Reach.STALE
        params = {
            "shards": ", ".join(str(number) for number in gone), "of": str(len(states)),
            "vitals": str(sum(vitals[number] for number in gone)),
        }  # fmt: skip
        reason = Reason(code="link.shard_lost", params=params)
    heard = [
        state.heartbeat
        for number, state in enumerate(states)
        if state.heartbeat is not None and (number not in gone or len(gone) == len(states))
    ]
    lag_s = max(state.lag_s for state in states)
    return replace(worst, reach=reach, reason=reason, heartbeat=_sum(heard), lag_s=lag_s)


def _sum(beats: Sequence[Heartbeat]) -> Heartbeat | None:
    """Counters and rates add up, of latencies the longest counts, of lights the first that is not in order."""
    if not beats:
        return None
    counters: dict[str, int] = {}
    gauges: dict[str, float] = {}
    lights: dict[str, str] = {}
    for beat in beats:
        for name, count in beat.counters.items():
            counters[name] = counters.get(name, 0) + count
        for name, value in beat.gauges.items():
            before = gauges.get(name, 0.0)
            gauges[name] = max(before, value) if name.startswith("latency") else before + value
        for name, light in beat.lights.items():
            if lights.get(name, "ok") == "ok":
                lights[name] = light
    return replace(beats[0], counters=counters, gauges=gauges, lights=lights)
