"""RF29: no box instead of a letter, on a machine that has no font but the one the packages bring."""

import gettext
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from pytestqt.qtbot import QtBot

import chengyun_resources
from chengyun_console import main
from chengyun_core.model.failure import Trouble
from chengyun_resources.theme.tokens import FONT_FAMILIES

RESOURCES = Path(chengyun_resources.__file__).parent
BLANK = frozenset("\n\t\r\u200b\ufeff")


def _texts() -> dict[str, str]:
    """Return everything an officer may be shown that is ours: sentences, handbook, names of the reference city."""
    found = {}
    for path in RESOURCES.rglob("*.mo"):
        with path.open("rb") as file:
            found[str(path)] = "".join(gettext.GNUTranslations(file)._catalog.values())  # type: ignore[attr-defined]
    for pattern in ("*.md", "*.csv"):
        found.update((str(path), path.read_text("utf-8")) for path in RESOURCES.rglob(pattern))
    return found


def test_that_every_letter_of_ours_is_in_the_font(qtbot: QtBot) -> None:
    family = next(name for name in FONT_FAMILIES if name in QFontDatabase.families())
    metrics = QFontMetrics(QFont(family))
    texts = _texts()
    assert len(texts) > 100
    boxes = {
        path: sorted(missing)
        for path, text in texts.items()
        if (missing := {sign for sign in set(text) - BLANK if not metrics.inFontUcs4(ord(sign))})
    }
    assert boxes == {}


def test_that_a_box_would_be_seen(qtbot: QtBot) -> None:
    family = next(name for name in FONT_FAMILIES if name in QFontDatabase.families())
    assert not QFontMetrics(QFont(family)).inFontUcs4(0x1F6A8)


def test_that_a_machine_without_a_chinese_font_is_told_so_before_an_unreadable_screen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main.QFontDatabase, "families", staticmethod(lambda: ["DejaVu Sans"]))
    with pytest.raises(Trouble) as caught:
        main._check_font()
    assert caught.value.reason.code == "console.no_font"
