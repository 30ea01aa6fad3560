"""Words an officer reads and colours live in `resources`; the lints see each guise."""

import ast

import pytest

from tests.house import sources
from tests.house.literals import chinese, colours

SPEAKING = ["label = '报警'", "f'{count} 条'", "def show():\n    return '。'", "{'名称': 1}"]
SILENT = ["'''报警 is alarm.'''", "limit = 1\n'''the 警戒 level'''", "x = 1  # 报警", "'alarm'", "'[一-鿿]+x'"]
COLOURED = [
    "colour = '#ff0000'",
    "style = 'QLabel { color: #abc; }'",
    "from PySide6.QtGui import QColor\nQColor(255, 0, 0)",
    "from PySide6 import QtGui\nQtGui.QColor('red')",
    "from PySide6.QtCore import Qt\nQt.GlobalColor.red",
]
PLAIN = [
    "'order #12'",
    "'&#x41;'",
    "from PySide6.QtGui import QColor\nQColor(tokens.ground)",
    "from PySide6.QtCore import Qt\nQt.GlobalColor.transparent",
]


@pytest.mark.parametrize("snippet", SPEAKING)
def test_that_chinese_in_code_is_found(snippet: str) -> None:
    assert chinese(ast.parse(snippet)) != []


@pytest.mark.parametrize("snippet", SILENT)
def test_that_a_term_in_a_docstring_or_comment_is_left_alone(snippet: str) -> None:
    assert chinese(ast.parse(snippet)) == []


@pytest.mark.parametrize("snippet", COLOURED)
def test_that_a_colour_in_code_is_found(snippet: str) -> None:
    assert colours(ast.parse(snippet)) != []


@pytest.mark.parametrize("snippet", PLAIN)
def test_that_what_is_no_colour_is_left_alone(snippet: str) -> None:
    assert colours(ast.parse(snippet)) == []


def test_that_no_word_an_officer_reads_is_in_code() -> None:
    modules = sources.product_modules("chengyun_core", "chengyun_widgets", "chengyun_console")
    sources.expect_none(sources.at(path, word) for path in modules for word in chinese(sources.tree(path)))


def test_that_every_colour_comes_from_the_theme() -> None:
    # In resources too: there the theme's .toml files are the one place.
    modules = sources.product_modules()
    sources.expect_none(sources.at(path, colour) for path in modules for colour in colours(sources.tree(path)))


def test_that_style_sheets_take_their_colours_from_the_tokens() -> None:
    sheets = [path for path in sources.all_files() if path.suffix == ".qss"]
    assert [str(path) for path in sheets if colours(ast.parse(repr(path.read_text(encoding="utf-8")) + ".x"))] == []
