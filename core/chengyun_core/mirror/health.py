"""The health figure of a sector, track or sub-track: one pure rule over its bands and its KPIs.

    health = 100 - 60 * (1 - exp(-burden / 40)) - 0.4 * (100 - share of KPIs met in %)
    burden = 8 * red + 4 * orange + 1.5 * yellow + 0.5 * blue   (numbers of vitals in that band)

One red vital costs about eleven points, and each further abnormal vital always lowers the figure, ever less. Vitals can
take at most 60 points, KPIs at most 40, so that a quiet city with poor KPIs never looks like a city in danger. The
figure is ours, not the regulation's; docs/decisions/0021 tells why.
"""

import numpy as np
import numpy.typing as npt

BURDEN = np.array([0.0, 0.5, 1.5, 4.0, 8.0])
"""Burden of one vital by WarningColour."""
VITALS_TAKE = 60.0
KPIS_TAKE = 40.0
SOFTNESS = 40.0


def health(counts: npt.NDArray[np.integer], kpi_met: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the health of n nodes, float64[n] in 0..100.

    Args:
        counts: vitals per node and band, int[n, 5], column = WarningColour.
        kpi_met: share of KPIs met per node in %, float64[n]; NaN (no KPI) counts as all met.
    """
    burden: npt.NDArray[np.float64] = counts @ BURDEN
    unmet = 1.0 - np.nan_to_num(kpi_met, nan=100.0) / 100.0
    figure: npt.NDArray[np.float64] = 100.0 - VITALS_TAKE * (1.0 - np.exp(-burden / SOFTNESS)) - KPIS_TAKE * unmet
    return np.clip(figure, 0.0, 100.0)
