"""The head of a case: its longest word gives way, so that the short one that warns is never lost."""

from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.case_head import CaseHead, CaseHeadView
from chengyun_widgets.theme import Theme
from tests.support.walk import watched_writing

PLACE = "重庆市 磁器口码头3号趸船北侧滨江步道"
WORDS = (("being handled", Colour.ACCENT), (PLACE, Colour.TEXT), ("Lead 嘉陵江水上救援队", Colour.TEXT_SECOND),
         ("May escalate", Colour.ORANGE_TEXT))  # fmt: skip


def cut(theme: Theme, qtbot: QtBot, width: int) -> set[str]:
    """Return the words that are cut in a head of this width."""
    head = CaseHeadView(theme)
    qtbot.addWidget(head)
    head.resize(width, head.height())
    head.show_record(
        CaseHead(
            severity=Severity.ORANGE, grade="major", title="滞留", clock="00:42:48", words=WORDS, warning="late 07:00"
        )
    )
    head.show()
    with watched_writing(head) as notes:
        head.grab()
    assert {note.text for note in notes} >= {text for text, _ink in WORDS}
    return {note.text for note in notes if note.is_cut}


def test_that_the_longest_word_gives_way_and_the_others_stand_whole(theme: Theme, qtbot: QtBot) -> None:
    assert cut(theme, qtbot, 1200) == set()
    assert cut(theme, qtbot, 640) == {PLACE}
