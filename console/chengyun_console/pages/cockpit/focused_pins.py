"""Which charts stand on the cockpit while a focus holds: the pinned ones inside it, then the gravest vitals of it."""

import numpy as np

from chengyun_console.desk import Desk
from chengyun_console.layouts.overlay import Pin

FILLED_TO = 6
"""Charts a focus is filled up to: one screen of them without scrolling."""


def focused_pins(desk: Desk, pins: tuple[Pin, ...]) -> tuple[Pin, ...]:
    """Return the charts to show: `pins` as they are without a focus; chosen when the focus begins, so nothing jumps."""
    names, mask, band = desk.names, desk.scope.mask, desk.session.state.band
    if names is None or mask is None:
        return pins
    known = {vital.code: vital.number for vital in names.view.shown}
    inside = tuple(pin for pin in pins if pin.vital in known and desk.scope.lets(known[pin.vital]))
    already = {known[pin.vital] for pin in inside}
    others = np.array([number for number in np.flatnonzero(mask).tolist() if number not in already], np.int64)
    if len(band) == len(mask):
        others = others[np.argsort(-band[others].astype(np.int16), kind="stable")]
    room = max(0, FILLED_TO - len(inside))
    rows = (names.vital(number) for number in others[:room].tolist())
    return (*inside, *(Pin(vital=row.code, name=row.name) for row in rows if row is not None))
