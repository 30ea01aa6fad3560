"""Severity is a shape before it is a colour."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.shapes import paint_mark
from chengyun_widgets.theme import Theme
from tests.widgets.pictures import painted

SIZE = 32


def _inked(theme: Theme, severity: Severity, *, stale: bool = False) -> np.ndarray:
    picture = painted(
        SIZE, SIZE, lambda painter: paint_mark(painter, theme, QRectF(0, 0, SIZE, SIZE), severity, stale=stale)
    )
    return (picture >> 24) > 127


def test_that_every_severity_has_a_shape_of_its_own(theme: Theme) -> None:
    for one, other in itertools.combinations(Severity, 2):
        differing = np.count_nonzero(_inked(theme, one) ^ _inked(theme, other))
        assert differing > 0.06 * SIZE * SIZE, (one, other)


@pytest.mark.parametrize("severity", list(Severity))
def test_that_a_stale_shape_is_hollow_and_its_outline_broken(theme: Theme, severity: Severity) -> None:
    fresh, stale = _inked(theme, severity), _inked(theme, severity, stale=True)
    assert fresh[SIZE // 2, SIZE // 2]
    assert not stale[SIZE // 2 - 2 : SIZE // 2 + 2, SIZE // 2 - 2 : SIZE // 2 + 2].any()
    assert stale.any()
