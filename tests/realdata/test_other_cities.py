"""The console with Beijing's air and Los Angeles' traffic as its city: nothing in it is made for one city."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.gallery.scenes import Scene, Stage, State, staged
from tests.realdata.cities import AIR, PLACES, TRAFFIC, catalogue_of, city_of
from tests.realdata.definitions import DATASETS

pytestmark = [pytest.mark.realdata, pytest.mark.usefixtures("undressed")]
ELSEWHERE = re.compile("重庆|渝|寸滩|Chongqing|CUNTAN|嘉陵|长江")
"""Words of the reference city."""


@pytest.fixture
def undressed(qapp: QApplication):
    """The application's own dress is put back afterwards."""
    yield
    qapp.setStyleSheet("")


def city(name: str):
    if not DATASETS[name].available():
        pytest.skip(f"{DATASETS[name].folder} is not on this machine")
    return city_of(PLACES[name])


def said(window: QWidget) -> str:
    """Return every word of a window: texts, hints, and what is read aloud."""
    told: list[str] = [window.windowTitle()]
    for widget in window.findChildren(QWidget):
        told += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        if isinstance(widget, QLabel | QLineEdit):
            told.append(widget.text())
        if isinstance(widget, QLineEdit):
            told.append(widget.placeholderText())
    return "\n".join(filter(None, told))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("page", ["F1", "F2", "sources"])
@pytest.mark.parametrize("name", sorted(PLACES))
def test_that_no_page_says_a_word_of_another_city(name, page, language, qtbot: QtBot, tmp_path: Path) -> None:
    scene = Scene(page=page, state=State.ALARMED, language=language, size=(1366, 768))
    with staged(scene, tmp_path, city(name)) as stage:
        words = said(stage.window)
    assert PLACES[name].name in words
    assert ELSEWHERE.findall(words) == []


@pytest.mark.parametrize("name", sorted(PLACES))
def test_that_an_officer_finds_a_vital_and_reads_where_it_comes_from(name, qtbot: QtBot, tmp_path: Path) -> None:
    with staged(Scene(page="F1", state=State.NORMAL), tmp_path, city(name)) as stage:
        wanted = stage.session.catalogue.vital(7)
        QTest.keyClick(stage.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(QApplication.focusWidget(), wanted.code)
        stage.beat()
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        stage.beat()
        assert stage.desk.vital == 7
        assert wanted.name in said(stage.window)


def test_that_limits_below_are_said_as_below(qtbot: QtBot, tmp_path: Path) -> None:
    """Slow traffic is what is bad there: every rule of Los Angeles looks down."""
    with staged(Scene(page="F1", state=State.ALARMED, language="en"), tmp_path, city("traffic")) as stage:
        assert "below red limit" in alarm_words(stage)


def test_that_both_are_cities_of_their_own() -> None:
    for name, place in (("air", AIR), ("traffic", TRAFFIC)):
        city(name)
        assert len(catalogue_of(place).vitals) == len(place.series()) > 50


def alarm_words(stage: Stage) -> str:
    """Return the words of the living alarms as lists say them."""
    return " ".join(stage.desk.words.title(alarm) for alarm in stage.session.facts.board.alarms)
