"""The theme on the Qt side."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour, Opacity, Severity, TypeSize
from chengyun_widgets.theme import Theme, load_theme


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("size", list(TypeSize))
def test_that_all_figures_are_equally_wide(theme: Theme, size: TypeSize, bold: bool) -> None:
    metrics = QFontMetricsF(theme.font(size, bold=bold))
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_that_texts_are_set_in_noto_sans_cjk(theme: Theme) -> None:
    assert QFontInfo(theme.font(TypeSize.BODY)).family() == "Noto Sans CJK SC"
    assert theme.font(TypeSize.HERO).pixelSize() == 34


def test_that_the_style_sheet_has_no_token_left_unfilled(theme: Theme) -> None:
    assert "$" not in theme.style_sheet()
    assert theme.colour(Colour.ACCENT).name().upper() in theme.style_sheet().upper()


def test_that_day_and_night_dress_the_application_differently(theme: Theme, qapp: QApplication) -> None:
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.colour(Colour.GROUND)
    assert load_theme("day").colour(Colour.GROUND) != theme.colour(Colour.GROUND)


def test_that_a_fill_may_be_changed_by_whoever_asked_for_it(theme: Theme) -> None:
    theme.fill(Severity.RED).setAlphaF(0.1)
    assert theme.fill(Severity.RED).alphaF() == 1.0


def test_that_an_opacity_is_laid_over_the_colour(theme: Theme) -> None:
    assert theme.colour(Colour.TEXT, Opacity.WATERMARK).alphaF() == pytest.approx(
        theme.tokens.opacities[Opacity.WATERMARK], abs=0.01
    )


def test_that_a_ticked_box_carries_a_tick_and_not_a_colour_alone(theme: Theme, qtbot: QtBot) -> None:
    box = QCheckBox("可能升级")
    box.setStyleSheet(theme.style_sheet())
    qtbot.addWidget(box)
    box.setChecked(True)
    box.show()
    mark = box.grab(QRect(0, 0, 20, box.height())).toImage()
    inks = {mark.pixelColor(x, y).name() for x in range(mark.width()) for y in range(mark.height())}
    assert {theme.colour(Colour.ACCENT_FILL).name(), theme.colour(Colour.ON_ACCENT).name()} <= inks
