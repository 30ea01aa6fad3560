"""Pictures in the handbook: packaged, light, as wide as the pane, read off the window's thread, told in words too."""

import re
import threading

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from pytestqt.qtbot import QtBot

from chengyun_console.guide import pictures
from chengyun_console.guide.book import Book
from chengyun_console.guide.browser import ChapterBrowser
from chengyun_console.guide.marking import html
from chengyun_console.guide.pictures import Pictures, placed
from chengyun_resources import handbook
from chengyun_resources.texts import LANGUAGES, Texts
from chengyun_widgets.theme import load_theme

NAME = "chain-matrix"
IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_picture_of_a_chapter_is_packed_light_and_told_in_words(language: str) -> None:
    shown = re.findall(r'!\[([^\]]*)\]\(picture:([^ )]+) "([^"]*)"\)', handbook.chapter(language, "chain"))
    assert len(shown) >= 12
    for seen, name, caption in shown:
        file = handbook.picture(name)
        assert file.stat().st_size <= 120 * 1024, name
        assert QImage(str(file)).width() <= pictures.WIDEST_PX, name
        assert len(seen) > 8, "who cannot see it is told what is on it"
        assert caption, name


def test_that_nothing_beside_the_handbooks_own_pictures_can_be_named() -> None:
    for wrong in ("../zh_CN/chain", "chain-none", "", "/etc/hostname", "CHAIN-MATRIX"):
        with pytest.raises(FileNotFoundError, match="no picture"):
            handbook.picture(wrong)
    assert "<img" not in html('![x](picture:../a "b")\n\n![x](http://example.com/a.png "b")\n')
    made = html('![a "quoted" <word>](picture:chain-matrix "what `A` *is*")\n')
    assert 'alt="a &quot;quoted&quot; &lt;word&gt;"' in made
    assert '<p class="caption">what ' in made


def test_that_a_picture_is_never_wider_than_the_pane_nor_than_itself() -> None:
    whole = QImage(str(handbook.picture(NAME)))
    assert placed(NAME, 600).width() == 600
    assert placed(NAME, 600).height() == round(whole.height() * 600 / whole.width())
    assert placed(NAME, 5_000).width() == min(whole.width(), pictures.WIDEST_PX)


@pytest.fixture
def browser(qtbot: QtBot) -> ChapterBrowser:
    """A browser of a pane of 900 px."""
    made = ChapterBrowser(load_theme("night"))
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    return made


def _sizes(browser: ChapterBrowser) -> list[tuple[int, int]]:
    found = re.findall(r'<img src="picture:[\w-]+@(\d+)"[^>]* width="(\d+)"', browser.document().toHtml())
    return [(int(address), int(width)) for address, width in found]


def test_that_pictures_take_the_panes_width_and_follow_it(browser: ChapterBrowser) -> None:
    browser.show_chapter(Book(Texts("zh_CN")).chapter("chain"))
    before = _sizes(browser)
    assert len(before) >= 12
    assert max(width for _address, width in before) == browser.viewport().width() - 32
    assert all(address == width for address, width in before)
    browser.resize(700, 500)
    assert max(width for _address, width in _sizes(browser)) == browser.viewport().width() - 32
    assert browser.accessibleName().startswith("值班员指南")


def test_that_a_picture_is_read_off_the_windows_thread_and_then_painted(
    browser: ChapterBrowser, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, read = [], pictures._read
    monkeypatch.setattr(pictures, "_read", lambda *told: threads.append(threading.current_thread()) or read(*told))
    browser.show_chapter(Book(Texts("zh_CN")).chapter("chain"))
    address = f"picture:{NAME}@600"
    stand_in = browser.loadResource(IMAGE, QUrl(address))
    assert isinstance(stand_in, QImage)
    assert stand_in.width() == 1
    qtbot.waitUntil(lambda: isinstance(browser.document().resource(IMAGE, QUrl(address)), QImage), timeout=20_000)
    qtbot.waitUntil(lambda: browser.document().resource(IMAGE, QUrl(address)).width() > 1, timeout=20_000)
    assert browser.document().resource(IMAGE, QUrl(address)).width() == 600
    assert threads
    assert threading.main_thread() not in threads


def test_that_what_was_made_for_another_width_is_let_go(qtbot: QtBot, browser: ChapterBrowser) -> None:
    made = Pictures(browser)
    with qtbot.waitSignal(made.came, timeout=20_000):
        assert made.image(f"{NAME}@300", 2.0) is None
    image = made.image(f"{NAME}@300", 2.0)
    assert image is not None
    assert (image.width(), image.devicePixelRatio()) == (600, 2.0)
    made.forget()
    assert made.image(f"{NAME}@300", 1.0) is None
