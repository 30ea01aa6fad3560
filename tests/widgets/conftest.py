"""What tests of widgets share: the night theme, worn by the application."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from chengyun_widgets.theme import Theme, apply_theme, load_theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The night theme; the application's own dress is put back afterwards."""
    night = load_theme("night")
    apply_theme(qapp, night)
    yield night
    qapp.setStyleSheet("")
