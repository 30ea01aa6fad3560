"""Preview: what would be annunciated now if another set of thresholds were in force."""

import numpy as np

from chengyun_core.ingest.rules import RuleOf, Rules
from chengyun_core.ingest.state import VitalState
from chengyun_core.ingest.wanted import by_limits
from chengyun_core.model.scales import Quality, WarningColour


def preview(rules: Rules, rule_of: RuleOf, state: VitalState) -> list[tuple[int, WarningColour]]:
    """Return (vital, colour) of every vital its value of now, or its silence, would put into a band; without delays."""
    colour = np.zeros(len(state), np.uint8)
    valued = np.flatnonzero(state.quality <= Quality.UNCERTAIN)
    high, low = by_limits(rules, rule_of[valued], colour[valued], state.value[valued])
    colour[valued] = np.maximum(high, low)
    silent = np.flatnonzero(state.quality == Quality.MISSING)
    rule = rule_of[silent]
    colour[silent] = np.where(rules.expects[rule], rules.missing_colour[rule], 0)
    found = np.flatnonzero(colour)
    return [(vital, WarningColour(band)) for vital, band in zip(found.tolist(), colour[found].tolist(), strict=True)]
