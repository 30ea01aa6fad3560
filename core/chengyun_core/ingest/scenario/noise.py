"""Repeatable noise: the same seed, channel and instant give the same number, in whatever order they are asked for."""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.uint64]


def hashed(seed: int, first: npt.NDArray[np.integer], second: npt.NDArray[np.integer]) -> Numbers:
    """Return uint64[n]: two numbers and a seed mixed well (splitmix64)."""
    with np.errstate(over="ignore"):
        mixed = first.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed = mixed + second.astype(np.int64).view(np.uint64) * np.uint64(0xD1B54A32D192ED03)
        mixed = mixed + np.uint64(seed & 0xFFFF_FFFF_FFFF_FFFF)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


def uniform(seed: int, first: npt.NDArray[np.integer], second: npt.NDArray[np.integer]) -> Values:
    """Return float64[n] in [0, 1)."""
    return (hashed(seed, first, second) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def bell(seed: int, first: npt.NDArray[np.integer], second: npt.NDArray[np.integer]) -> Values:
    """Return float64[n], mean 0 and deviation 1, never beyond 3: three uniforms added: no band is hit by chance."""
    bits = hashed(seed, first, second)
    total = np.zeros(bits.shape)
    for shift in (0, 21, 42):
        total += ((bits >> np.uint64(shift)) & np.uint64(0x1FFFFF)).astype(np.float64) * 2.0**-21
    return (total - 1.5) * 2.0


def drift(seed: int, channel: npt.NDArray[np.integer], time_ns: npt.NDArray[np.int64], span_s: float) -> Values:
    """Return float64[n]: slow noise, smooth between lattice points `span_s` apart, deviation about 0.75, at most 3."""
    span_ns = round(span_s * 1e9)
    lattice, rest = np.divmod(time_ns, span_ns)
    share = rest / span_ns
    smooth = share * share * (3.0 - 2.0 * share)
    return bell(seed, channel, lattice) * (1.0 - smooth) + bell(seed, channel, lattice + 1) * smooth
