"""Every page and sheet, both themes and languages, two sizes: readable, large enough, named, and reached by keys.

Each look is walked once (see `walked`); the tests ask what was found. The four looks hold every pair of theme, language
and size.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chengyun_console.shell.window import ConsoleWindow
from chengyun_resources.theme.tokens import Colour, TypeSize
from chengyun_widgets.lettering import write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme, load_theme
from tests.console import walk_checks
from tests.console.event_scenes import ONLY_SEEN
from tests.console.scenes import Look, play, stand
from tests.support.walk import pixels, watched_writing

LOOKS = (
    Look(theme="night", language="zh_CN", width=1366, height=768),
    Look(theme="day", language="en", width=1366, height=768),
    Look(theme="night", language="en", width=1920, height=1080),
    Look(theme="day", language="zh_CN", width=1920, height=1080),
)
pytestmark = pytest.mark.timeout(240)
"""The first test of a look walks all of it; on a machine shared with others that is more than a minute."""
LARGE = 1920
LAST_PAGE = "card"
"""Sheets are as wide on a large screen as on a small one: there only the pages are walked."""
TEXTS = Path(__file__).resolve().parents[2] / "resources" / "chengyun_resources" / "texts"
_WALKED_BY_KEYS = frozenset(
    {
        "sign-on",
        "F1",
        "track",
        "F2",
        "sources",
        "card",
        "search",
        "form",
        "asker",
        "health",
        "kpi",
        "call",
        "plan choice",
        "plan editor",
        "plan modules",
        "plan orders",
        "plan runs",
        "F7",
        "print",
        "help",
        "F3",
        "event form",
        "report",
    }
)
"""Scenes whose every stop of Tab is looked at."""


@cache
def sentences(language: str) -> frozenset[str]:
    """Return the sentences without parameters the console says in a language."""
    files = (TEXTS / language / "LC_MESSAGES").glob("*.po")
    own = re.compile(r'^msgstr "([^{}"]+)"$', re.MULTILINE)
    return frozenset(found for file in files for found in own.findall(file.read_text("utf-8")))


@cache
def walked(look: Look) -> dict[str, dict[str, str]]:
    """Return what is wrong on any scene of a look, by kind: the fault and the first scene that has it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with TemporaryDirectory() as folder, stand(Path(folder), look) as at:
        for scene in play(at):
            if scene in ONLY_SEEN:
                continue
            for kind, fault in _faults(at.window, scene, look):
                found[kind].setdefault(fault, scene)
            if scene == "wall":
                for kind, fault in _wall_faults(at.window, look):
                    found[kind].setdefault(fault, scene)
            if scene == LAST_PAGE and look.width >= LARGE:
                break
    return found


def _wall_faults(window: ConsoleWindow, look: Look) -> Iterator[tuple[str, str]]:
    """Nobody reaches for the wall: it has to be readable, at its own size."""
    wall = window.wall.window
    assert wall is not None
    with watched_writing(wall.page) as notes:
        picture = pixels(wall.page.grab().toImage())
    for fault in walk_checks.poor_contrast(wall.page, notes, picture):
        yield "contrast", f"wall: {fault}"
    for fault in walk_checks.cut_texts(wall.page, notes, sentences(look.language)):
        yield "cut", f"wall: {fault}"
    window.wall.close()


def _faults(window: QWidget, scene: str, look: Look) -> Iterator[tuple[str, str]]:
    with watched_writing(window) as notes:
        picture = pixels(window.grab().toImage())
    checks = {
        "contrast": walk_checks.poor_contrast(window, notes, picture),
        "targets": walk_checks.small_targets(window),
        "cut": walk_checks.cut_texts(window, notes, sentences(look.language)),
        "names": walk_checks.nameless(window),
        "tips": walk_checks.rich_tips(window),
    }
    # The way of the keys and their ring are the same on a larger screen.
    if scene in _WALKED_BY_KEYS and look.width < LARGE:
        checks["reach"] = walk_checks.unreached(window)
        checks["focus"] = walk_checks.unseen_focus(window)
    yield from ((kind, fault) for kind, faults in checks.items() for fault in sorted(faults))


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look.theme}-{look.language}-{look.width}")
def look(request: pytest.FixtureRequest, qapp: QApplication) -> Look:
    """One of the four looks."""
    return request.param


def test_that_every_text_stands_out_from_what_is_under_it(look: Look) -> None:
    assert walked(look)["contrast"] == {}


def test_that_whatever_is_clicked_is_as_large_as_a_finger(look: Look) -> None:
    assert walked(look)["targets"] == {}


def test_that_no_word_of_ours_is_cut_and_any_cut_name_can_be_read_whole(look: Look) -> None:
    assert walked(look)["cut"] == {}


def test_that_whatever_takes_the_keyboard_tells_its_name(look: Look) -> None:
    assert walked(look)["names"] == {}


def test_that_tab_goes_through_everything_both_ways(look: Look) -> None:
    assert walked(look)["reach"] == {}


def test_that_one_sees_where_the_keyboard_is(look: Look) -> None:
    assert walked(look)["focus"] == {}


def test_that_no_tool_tip_is_read_as_markup(look: Look) -> None:
    assert walked(look)["tips"] == {}


class _Badly(Painted):
    """Writes one word in the line's colour, and one too long for its room; its target is as small as a fly."""

    def paint(self, painter: QPainter) -> None:
        font = self.theme.font(TypeSize.BODY)
        painter.fillRect(self.rect(), self.theme.colour(Colour.PANEL))
        write(painter, QRect(4, 4, 190, 20).toRectF(), "看不见的字", font, self.theme.colour(Colour.LINE))
        write(painter, QRect(4, 34, 40, 20).toRectF(), "写不下的一句话", font, self.theme.colour(Colour.TEXT))

    def mousePressEvent(self, event: object) -> None:
        """Hear the mouse."""


@pytest.fixture
def bad(qtbot: QtBot) -> QWidget:
    """A window with one of each fault."""
    theme: Theme = load_theme("night")
    window = QWidget()
    column = QVBoxLayout(window)
    badly = _Badly(theme)
    badly.setFixedSize(200, 60)
    low = QPushButton("按")
    low.setFixedSize(60, 20)
    low.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    cut = QLabel("标签里的字太长了写不下")
    cut.setFixedWidth(40)
    still = QWidget()
    still.setFixedSize(40, 40)
    still.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    still.setToolTip("<b>寸滩</b>")
    other = QPushButton("键")
    for widget in (badly, low, cut, still, other):
        column.addWidget(widget)
    qtbot.addWidget(window)
    window.resize(240, 320)
    window.show()
    other.setFocus()
    return window


def test_that_each_walk_sees_what_is_wrong(bad: QWidget) -> None:
    with watched_writing(bad) as notes:
        picture = pixels(bad.grab().toImage())
    assert "看不见的字" in str(walk_checks.poor_contrast(bad, notes, picture))
    assert "60x20" in str(walk_checks.small_targets(bad))
    cut = str(walk_checks.cut_texts(bad, notes, frozenset({"写不下的一句话"})))
    assert "写不下的一句话" in cut
    assert "标签里的字太长了写不下" in cut
    assert walk_checks.nameless(bad) == {"QWidget"} or "" in walk_checks.nameless(bad)
    assert "changes 0 px" in str(walk_checks.unseen_focus(bad))
    assert "<b>" in str(walk_checks.rich_tips(bad))


def test_that_a_widget_left_out_of_the_tab_chain_is_found(bad: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = walk_checks.tabbed(bad, Qt.Key.Key_Tab)
    monkeypatch.setattr(walk_checks, "tabbed", lambda *_: reached[:-1])
    assert len(walk_checks.unreached(bad)) == 2


def test_that_the_mouse_on_a_cut_text_shows_all_of_it(bad: QWidget) -> None:
    bad.grab()
    badly = bad.findChild(_Badly)
    assert badly.cut_text_at(QPoint(10, 40).toPointF()) == "写不下的一句话"
    assert badly.cut_text_at(QPoint(100, 40).toPointF()) == ""
