"""RS10 over widgets and console: no name and no note is ever read as markup; and proof that the lint sees it."""

import ast

import pytest

from tests.house import sources
from tests.house.markup import markup

GUESSED = [
    "self.setToolTip(record.tip)", "button.setToolTip(f'{name}')", "QToolTip.showText(place, self.tip(n), grid)",
    "self.setToolTip(desk.say('a.b', name=name))", "self.setToolTip(a if b else plain_tip(c))",
    "label = QLabel(name)", "class Name(QLabel): pass", "QMessageBox.information(None, 'a', name); QMessageBox()",
]  # fmt: skip
TOLD = [
    "self.setToolTip(plain_tip(record.tip))", "self.setToolTip('')", "self.setToolTip(desk.say('a.b'))",
    "self.setToolTip(plain_tip(a) if b else '')", "QToolTip.showText(place, plain_tip(a), grid)",
    "label = QLabel(); label.setTextFormat(Qt.TextFormat.PlainText)",
]  # fmt: skip


@pytest.mark.parametrize("snippet", GUESSED)
def test_that_a_text_that_may_be_read_as_markup_is_found(snippet: str) -> None:
    assert len(markup(ast.parse(snippet))) == 1


@pytest.mark.parametrize("snippet", TOLD)
def test_that_plain_text_is_left_alone(snippet: str) -> None:
    assert markup(ast.parse(snippet)) == []


def test_that_no_label_and_no_tip_of_ours_may_be_read_as_markup() -> None:
    sources.expect_none(
        sources.at(path, finding)
        for path in sources.product_modules("chengyun_widgets", "chengyun_console")
        for finding in markup(sources.tree(path))
    )
