"""Which devices stand inside a polygon or a circle: whole cells at once, those on the border one by one."""

import math

import numpy as np

from chengyun_core.geo.projection import metres_per_world, to_world
from chengyun_core.ingest.ground import FINEST, SCALE, Ground
from chengyun_core.model.failure import Refused
from chengyun_core.series.columns import Bools, Numbers, Values
from chengyun_core.wire.survey_asks import AskDevicesWithin

MOST_CORNERS = 20_000
MOST_CELLS = 1 << 26
"""Cells of the rectangle round it: 8192 by 8192 finest ones, the whole of Chongqing ten times over."""
PIECE = 1 << 18


def slots_in(ground: Ground, ask: AskDevicesWithin) -> Numbers:
    """Return the slots inside, uint32[n]. Raises Refused("survey.area") for an area that cannot be meant."""
    x, y = _ring(ask)
    reach = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    scale = 2**FINEST
    column, row = math.floor(reach[0] * scale), math.floor(reach[1] * scale)
    width, height = math.floor(reach[2] * scale) - column + 1, math.floor(reach[3] * scale) - row + 1
    if width * height > MOST_CELLS:
        raise Refused("survey.area", corners=x.size)
    cells, at_y, at_x = ground.finest.inside(column, row, width, height)
    edge = _is_on_edge(x * scale - column, y * scale - row, width, height)[at_y, at_x]
    middle = inside((column + at_x[~edge] + 0.5) / scale, (row + at_y[~edge] + 0.5) / scale, x, y)
    whole = ground.slots[ground.positions(cells[~edge][middle])]
    single = ground.positions(cells[edge])
    found_x, found_y = ground.fractions_of(single)
    return np.concatenate((whole, ground.slots[single[inside(found_x / SCALE, found_y / SCALE, x, y)]]))


def inside(x: Values, y: Values, ring_x: Values, ring_y: Values) -> Bools:
    """Return which points float64[n] are inside a ring of corners float64[m] (even-odd rule)."""
    found = np.zeros(x.size, np.bool_)
    for begin in range(0, x.size, PIECE):
        part = slice(begin, begin + PIECE)
        found[part] = _inside(x[part], y[part], ring_x, ring_y)
    return found


def _inside(x: Values, y: Values, ring_x: Values, ring_y: Values) -> Bools:
    crossed = np.zeros(x.size, np.bool_)
    for at in range(ring_x.size):
        x0, y0, x1, y1 = ring_x[at - 1], ring_y[at - 1], ring_x[at], ring_y[at]
        if y0 != y1:
            crossed ^= ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return crossed


def _ring(ask: AskDevicesWithin) -> tuple[Values, Values]:
    """Return the corners in the world; a circle is a ring of 128, of its radius on the ground at its centre."""
    corners = ask.ring or ((ask.longitude, ask.latitude),)
    sound = all(math.isfinite(lon) and abs(lon) <= 180 and abs(lat) <= 85 for lon, lat in corners)
    round_ = not ask.ring and 0 < ask.radius_m <= 500_000
    if not sound or not (round_ or 3 <= len(ask.ring) <= MOST_CORNERS):
        raise Refused("survey.area", corners=len(ask.ring))
    longitude, latitude = np.array(corners, np.float64).T
    x, y = to_world(longitude, latitude)
    if ask.ring:
        return x, y
    turn = np.linspace(0.0, 2 * np.pi, 128, endpoint=False)
    far = ask.radius_m / metres_per_world(latitude) / math.cos(math.pi / 128)
    return np.clip(x + far * np.cos(turn), 0, 1), np.clip(y + far * np.sin(turn), 0, 1)


def _is_on_edge(x: Values, y: Values, width: int, height: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return bool[height, width]: cells an edge may pass. x, y: corners in cells from the first."""
    edge = np.zeros((height + 2, width + 2), np.bool_)
    for at in range(x.size):
        steps = 2 * math.ceil(max(abs(x[at] - x[at - 1]), abs(y[at] - y[at - 1]))) + 2
        along_x = np.linspace(x[at - 1], x[at], steps).astype(np.int64) + 1
        along_y = np.linspace(y[at - 1], y[at], steps).astype(np.int64) + 1
        for right in (-1, 0, 1):
            for down in (-1, 0, 1):
                edge[np.clip(along_y + down, 0, height + 1), np.clip(along_x + right, 0, width + 1)] = True
    return edge[1:-1, 1:-1]
