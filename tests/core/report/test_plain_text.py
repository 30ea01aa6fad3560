"""Text as it may stand on paper: what is kept, what is shown by its number, what becomes its look-alike."""

import pytest

from chengyun_core.report.document import Column, Section, Table
from chengyun_core.report.plain_text import shown, shown_throughout
from tests.core.report.report_samples import document


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("渝中区 张𬭎\n=1+1", "渝中区 张𬭎\n=1+1"),
        ("a\r\nb\rc\td", "a\nb\nc d"),
        ("x\x00\x07\x7f", "x[U+0000][U+0007][U+007F]"),
        ("\u202eabc\u202c", "[U+202E]abc[U+202C]"),
        ("a\u200b\u2060\ufeffb", "a[U+200B][U+2060][U+FEFF]b"),
        ("\ud800", "[U+D800]"),
        ("\ue000\U0010ffff", "[U+E000][U+10FFFF]"),
        ("a\u2028b\u2029", "a[U+2028]b[U+2029]"),
        ("葛\U000e0100城☎\ufe0f", "葛城☎"),
        ("⽇⻳\uf96f", "日龟說"),
        ("😀", "😀"),
    ],
)
def test_that_each_kind_of_sign_is_shown_as_it_should_be(given: str, wanted: str) -> None:
    assert shown(given) == wanted


def test_that_a_sign_no_font_can_draw_is_shown_by_its_number() -> None:
    assert shown("甲😀乙", frozenset(map(ord, "甲乙"))) == "甲[U+1F600]乙"


def test_that_texts_are_cleaned_however_deep_they_lie_and_figures_are_kept() -> None:
    table = Table(columns=(Column(title="\x01"),), rows=(("\x02",), (3,), (None,)))
    clean = shown_throughout(document("\x03", sections=(Section(tables=(table,), items=("\x04",)),)))
    assert clean.sections[0].tables[0].columns[0].title == "[U+0001]"
    assert clean.sections[0].tables[0].rows == (("[U+0002]",), (3,), (None,))
    assert clean.sections[0].items == ("[U+0004]",)
