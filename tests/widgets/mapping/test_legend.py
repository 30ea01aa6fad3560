"""The legend: every kind of thing on the map has its sample, and a reader hears it."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.mapping.layers import Mark
from chengyun_widgets.mapping.legend import (
    DensitySample,
    LegendRow,
    MapLegend,
    MarkSample,
    RingSample,
    Sample,
    ShapeSample,
)
from chengyun_widgets.mapping.styles import PLAIN, STYLES, style_of
from chengyun_widgets.theme import Theme
from tests.widgets.pictures import pixels_of

SAMPLES: list[Sample] = [
    *(MarkSample(mark=mark) for mark in Mark),
    *(MarkSample(mark=Mark.RISK_POINT, severity=severity) for severity in range(1, 5)),
    MarkSample(mark=Mark.EVENT, severity=4, is_stale=True),
    *(ShapeSample(style=style) for style in STYLES.values()),
    ShapeSample(style=STYLES["district"], severity=3, is_hatched=True),
    RingSample(),
    DensitySample(),
]


@pytest.fixture
def legend(theme: Theme, qtbot: QtBot) -> MapLegend:
    """An empty legend."""
    made = MapLegend(theme)
    qtbot.addWidget(made)
    return made


def sample_pixels(legend: MapLegend, sample: Sample) -> np.ndarray:
    """Return what a sample looks like without its words."""
    legend.show_rows((LegendRow(sample=sample, text=""),))
    legend.resize(120, 40)
    return pixels_of(legend)[:, :40]


def test_that_no_two_samples_look_alike(legend: MapLegend) -> None:
    seen = [sample_pixels(legend, sample).tobytes() for sample in SAMPLES]
    assert len(set(seen)) == len(SAMPLES)


def test_that_the_legend_is_as_high_as_its_rows_and_speaks(legend: MapLegend) -> None:
    legend.show_rows(())
    empty = legend.sizeHint().height()
    legend.show_rows(
        (
            LegendRow(sample=RingSample(), text="到达圈", detail="直线距离"),
            LegendRow(sample=DensitySample(), text="密度"),
        )
    )
    assert legend.sizeHint().height() == empty + 48
    assert legend.accessibleDescription() == "到达圈 直线距离\n密度"
    legend.resize(legend.sizeHint())
    assert len(np.unique(pixels_of(legend))) > 10


def test_that_a_style_nobody_knows_is_shown_plainly() -> None:
    assert style_of("no such style") is PLAIN
    assert style_of("river").line is Colour.MAP_WATER


def test_that_no_style_wears_a_legal_colour() -> None:
    legal = {Colour.RED, Colour.ORANGE, Colour.YELLOW, Colour.BLUE}
    assert [key for key, style in STYLES.items() if {style.fill, style.line, style.text} & legal] == []
