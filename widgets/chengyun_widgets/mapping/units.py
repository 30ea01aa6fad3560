"""Lengths and areas as figures with their unit; the symbols of the SI are the same in every language."""

_KM, _KM2 = 1_000.0, 1_000_000.0
_STEPS = (1.0, 2.0, 5.0)


def distance_text(metres: float) -> str:
    """Return a length to three figures, in m below a kilometre."""
    return f"{_three(metres)} m" if metres < _KM else f"{_three(metres / _KM)} km"


def area_text(square_metres: float) -> str:
    """Return an area to three figures, in m² below a tenth of a square kilometre."""
    return f"{_three(square_metres)} m²" if square_metres < _KM2 / 10 else f"{_three(square_metres / _KM2)} km²"


def nice_distance(most_m: float) -> float:
    """Return the greatest of 1, 2, 5, 10, 20 … metres that is not more than `most_m`; 0 for less than a centimetre."""
    if most_m < 0.01:
        return 0.0
    power = 0.01
    while power * 10 <= most_m:
        power *= 10
    return max(step * power for step in _STEPS if step * power <= most_m)


def _three(value: float) -> str:
    """Return three figures, all of them before the point if there are more."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"
