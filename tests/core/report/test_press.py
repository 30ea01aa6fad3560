"""The PDF of a document: every code point comes back, nothing in a text is run, and no fault leaves the press."""

import dataclasses
import io
import random
import sys
import unicodedata
from pathlib import Path

import pypdf
import pytest

from chengyun_core.model.failure import Trouble
from chengyun_core.report import fonts
from chengyun_core.report.document import Document, Section
from chengyun_core.report.plain_text import shown
from chengyun_core.report.press import pdf
from chengyun_core.report.renderer import PRESS, ChildRenderer
from tests.core.report.report_samples import MADE_AT, document, full_document, gb2312, words_of

PUNCTUATION = "，。、；：？！“”‘’（）〔〕【】《》〈〉—…·－～％℃㎡№①⑩〇Ⅻ"
RARE_NAMES = "䶮㛃㬎㙦㑇㵘䒟𠮷𬘭𬱖𫖯𬣞𫍲𫖮𬬭"
"""Signs of extensions A to E that stand in people's names (通用规范汉字表)."""
STEERING = '=1+1 <b>粗</b> $x^2$ \\end{x} #import "@preview/x" *a* _b_ `c` @ref //注 ~ -- --- [方] {花} #sys.inputs'


def _body(text: str) -> list[str]:
    return [text[at : at + 40] for at in range(0, len(text), 40)]


def _set(made: Document) -> list[str]:
    return words_of(pdf(made, fonts.found()))


def test_that_every_sign_of_gb_2312_is_found_in_the_pdf_as_itself() -> None:
    text = gb2312().replace("\u3000", "") + RARE_NAMES + "".join(map(chr, range(33, 127)))
    assert len(text) > 7445
    said = "".join(_set(document(*_body(text), title="-", page_words="")))
    signs = [sign for sign in text if sign not in said]
    assert signs == []
    strange = set(said) - set(text)
    assert strange == set(), "look-alikes of other blocks would be found in place of the real signs"


def test_that_the_text_comes_back_in_its_order() -> None:
    text = (
        "2026年7月14日，渝中区〔2026〕35号：雨量62.5mm/h，水位181.3m；效率office、affluent。" + RARE_NAMES + PUNCTUATION
    )
    assert text in _set(document(text))[0]


def test_that_markup_in_a_text_is_text() -> None:
    wanted = "".join(STEERING.split())
    said = _set(document(STEERING, title=STEERING, issuer=STEERING, number=STEERING, audit_head=STEERING))
    assert said[0].count(wanted) == 5


def test_that_what_cannot_be_seen_or_drawn_is_shown_by_its_number() -> None:
    said = _set(document("甲\u202e乙\x07丙\ud800丁\u200b戊😀己שׁ\ue000庚\ufe0f辛"))[0]
    for wanted in (
        "甲[U+202E]乙",
        "[U+0007]丙",
        "[U+D800]丁",
        "[U+200B]戊",
        "[U+1F600]",
        "[U+05E9]",
        "[U+E000]庚辛",
    ):
        assert wanted in said


def test_that_every_page_has_its_number_the_number_of_pages_and_the_audit_head() -> None:
    said = _set(full_document(rows=60))
    assert len(said) > 2
    for at, page in enumerate(said, start=1):
        assert f"第{at}页共{len(said)}页" in page
        assert "12345:0f0f" in page


def test_that_a_tables_heading_stands_on_every_page_it_goes_on_to() -> None:
    said = [page for page in _set(full_document(rows=60)) if "大溪沟" in page]
    assert len(said) > 1
    assert all("时间内容数值" in page for page in said)


def test_that_the_watermark_is_no_text_that_is_found_or_copied() -> None:
    marked = full_document(rows=3)
    plain = dataclasses.replace(marked, watermark="")
    with_mark, without = (pdf(one, fonts.found()) for one in (marked, plain))
    assert words_of(with_mark) == words_of(without)
    assert len(with_mark) > len(without) + 1000, "the mark is drawn"


def test_that_a_long_run_without_blanks_stays_inside_its_cell_and_comes_back_whole() -> None:
    made = full_document(rows=1)
    table = made.sections[1].tables[0]
    table = dataclasses.replace(table, rows=((MADE_AT, "ab" * 64, "cd" * 64),))
    data = pdf(dataclasses.replace(made, sections=(Section(tables=(table,)),), audit_head=""), fonts.found())
    page = pypdf.PdfReader(io.BytesIO(data)).pages[0]
    lines = [line for line in page.extract_text().splitlines() if "cdcd" in line]
    assert "".join(lines).count("cd") == 64
    assert max(len(line) for line in lines) < 64, "it was broken"


def test_that_the_same_document_is_the_same_bytes_and_says_when_it_was_made() -> None:
    one, other = (ChildRenderer().render(full_document(rows=2)) for _ in range(2))
    assert one == other
    info = pypdf.PdfReader(io.BytesIO(one)).metadata
    assert info is not None
    assert info.title == "值班日报"
    assert info.creation_date_raw == "D:20260714033320Z"


def test_that_fonts_are_inside_as_subsets() -> None:
    data = pdf(full_document(rows=2), fonts.found())
    found = [one for page in pypdf.PdfReader(io.BytesIO(data)).pages for one in _fonts(page)]
    assert found
    assert all(name[7] == "+" and inside for name, inside in found)
    assert len(data) < 400_000


def _fonts(page: pypdf.PageObject) -> list[tuple[str, bool]]:
    told = []
    for font in page["/Resources"]["/Font"].values():
        below = font.get_object()["/DescendantFonts"][0].get_object()
        told.append((below["/BaseFont"], "/FontFile3" in below["/FontDescriptor"].get_object()))
    return told


def test_that_a_machine_without_the_fonts_is_told_which_package_has_them(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        fonts.found((tmp_path,))
    assert caught.value.reason.code == "report.no_font"
    assert caught.value.reason.params["package"] == "fonts-noto-cjk"


def test_that_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "NotoSerifCJK-Regular.ttc"
    broken.write_bytes(b"ttcf" + bytes(20))
    with pytest.raises(Trouble) as caught:
        fonts.drawable([broken])
    assert caught.value.reason.params["file"] == str(broken)


def _stand_in(folder: Path, code: str) -> tuple[str, ...]:
    """Return the command of a press that does something else."""
    file = folder / "press.py"
    file.write_text(code, "utf-8")
    return (sys.executable, "-I", str(file))


def test_that_a_press_that_does_not_end_is_ended(tmp_path: Path) -> None:
    command = _stand_in(tmp_path, "import threading; threading.Event().wait()")
    with pytest.raises(Trouble) as caught:
        ChildRenderer(limit_s=1.0, command=command).render(document("甲"))
    assert caught.value.reason.code == "report.too_slow"


def test_that_a_press_that_is_killed_is_a_trouble_with_its_signal(tmp_path: Path) -> None:
    command = _stand_in(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(Trouble) as caught:
        ChildRenderer(command=command).render(document("甲"))
    assert (caught.value.reason.code, caught.value.reason.params["status"]) == ("report.press_ended", "-9")


def test_that_a_press_takes_no_more_memory_than_it_may() -> None:
    with pytest.raises(Trouble) as caught:
        ChildRenderer(memory_mib=64).render(document("甲"))
    assert caught.value.reason.code == "report.press_ended"


def test_that_a_press_that_cannot_be_started_is_a_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        ChildRenderer(command=(str(tmp_path / "none"),)).render(document("甲"))
    assert caught.value.reason.code == "report.press_ended"


def test_that_the_press_is_our_own_interpreter_apart_from_the_users_settings() -> None:
    assert PRESS[0] == sys.executable
    assert PRESS[1:] == ("-I", "-m", "chengyun_core.report.press")


def test_that_look_alikes_of_ideographs_become_the_ideographs_one_searches_for() -> None:
    said = _set(document("⽇报第⼀⻚，里程⾏⾞，⻳"))[0]
    assert "日报第一" in said
    assert "里程行車" in said
    assert "龟" in said


@pytest.mark.parametrize("seed", range(3))
def test_that_any_text_makes_a_pdf_and_comes_back_as_it_is_shown(seed: int) -> None:
    dice, files = random.Random(seed), fonts.found()
    drawn = fonts.drawable(files)
    # Signs that share their glyph with another are left out: pypdf does not read what the file says of them.
    known = [chr(code) for code in sorted(drawn) if unicodedata.normalize("NFKC", chr(code)) == chr(code)]
    signs = [
        sign for sign in known if not 0x2E80 <= ord(sign) < 0x2F00 and unicodedata.name(sign, "").startswith("CJK")
    ]
    texts = ["".join(_any_sign(dice, signs) for _ in range(dice.randint(1, 40))) for _ in range(60)]
    wanted = "".join("".join(shown(text, drawn).split()) for text in texts)
    assert "".join(words_of(pdf(document(*texts, title="", page_words=""), files))) == wanted


def _any_sign(dice: random.Random, signs: list[str]) -> str:
    """Return an ideograph, an ASCII or control sign, or any code point that no font has."""
    match dice.randrange(10):
        case 0:
            return chr(dice.randrange(0x80))
        case 1:
            return chr(dice.choice((0x1F600, 0xE000, 0xD800, 0x202E, 0x10FFF0, 0x5D0, 0x200B)) + dice.randrange(3))
        case _:
            return dice.choice(signs)
