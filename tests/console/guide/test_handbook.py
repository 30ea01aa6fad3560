"""The handbook on the screen: complete in both languages, made from the program's tables, opened where one is."""

import re

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.actions.table import ACTIONS, BY_ID
from chengyun_console.actions.verbs import VERBS
from chengyun_console.guide.book import Book
from chengyun_console.guide.chain_tables import CHAIN_TABLES
from chengyun_console.guide.chapters import CHAPTERS, chapter_about
from chengyun_console.guide.keycaps import printed
from chengyun_console.guide.markers import OF_ONE, asked, filled
from chengyun_console.guide.marking import html
from chengyun_console.guide.tables import TABLES
from chengyun_console.preferences import SETTINGS
from chengyun_core.model.command import KIND_OF
from chengyun_resources import handbook
from chengyun_resources.texts import LANGUAGES, Texts
from tests.console.conftest import Room

HELP = Qt.Key.Key_Slash


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_chapter_is_there_with_a_title_and_tables_somebody_makes(language: str) -> None:
    for key in CHAPTERS:
        source = handbook.chapter(language, key)
        assert source.startswith("# "), key
        for name, about in asked(source):
            assert name in (OF_ONE if about else TABLES | CHAIN_TABLES), (key, name)
        assert set(re.findall(r"\]\(#(\w+)\)", source)) <= set(CHAPTERS), key
        assert filled(source, Texts(language)), "every action, permission and table it asks for is there"


def test_that_both_languages_have_the_same_headings_lists_tables_and_links() -> None:
    shape = re.compile(r"^(#+|\* |\d+\. |\{\{\w+\}\})", re.MULTILINE)
    for key in CHAPTERS:
        chinese, english = (handbook.chapter(language, key) for language in ("zh_CN", "en"))
        assert shape.findall(chinese) == shape.findall(english), key
        assert sorted(re.findall(r"\(#(\w+)\)", chinese)) == sorted(re.findall(r"\(#(\w+)\)", english)), key
        assert re.findall(r"\(picture:([\w-]+)", chinese) == re.findall(r"\(picture:([\w-]+)", english), key
        assert sorted(asked(chinese)) == sorted(asked(english)), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_key_and_every_setting_of_the_program_is_in_it(language: str) -> None:
    texts = Texts(language)
    book = Book(texts)
    keys, settings = book.chapter("keys").html, book.chapter("settings").html
    for action in ACTIONS:
        for key in action.keys:
            assert f"&nbsp;{printed(key)}&nbsp;" in keys, action.id
    for setting in SETTINGS:
        assert setting.name in settings
    for verb in VERBS:
        assert f"/{verb.name}" in keys


def test_that_keys_named_in_the_prose_are_keys_of_the_program() -> None:
    known = {key for action in ACTIONS for key in action.keys} | KEYS_OF_WIDGETS
    for key in CHAPTERS:
        for language in LANGUAGES:
            named = re.findall(r"`([A-Z?/+\-][^` ]*)`", handbook.chapter(language, key))
            unknown = {name for name in named if name.replace("Enter", "Return").replace("Esc", "Escape") not in known}
            assert unknown == set(), (language, key)


KEYS_OF_WIDGETS = {"Tab", "Ctrl+Space", "Home", "+", "-", "Return", "Escape", "F12"}
"""Handled by the widget in focus, by the input method, or (F12) by the room of sound."""


def test_that_nothing_in_a_chapter_is_read_as_markup() -> None:
    made = html("# a <b>\n\ntext <img src=x> & `<k>`\n\n| a | b |\n| --- | --- |\n| <i> | 2 |\n")
    assert "<b>" not in made
    assert "<img" not in made
    assert "&lt;img src=x&gt; &amp;" in made
    assert "<td>&lt;i&gt;</td>" in made


def test_that_a_search_finds_all_words_and_names_the_chapter_that_says_them_most() -> None:
    book = Book(Texts("zh_CN"))
    assert book.look_for("没有声音")[0].key == "trouble"
    assert "没有声音" in book.look_for("没有声音")[0].excerpt
    assert book.look_for("中心 失联")[0].key == "trouble"
    assert book.look_for("zzzz") == ()
    assert [hit.key for hit in book.look_for("  ")] == list(CHAPTERS)


def opened(room: Room) -> str:
    QTest.keyClick(room.window, HELP, Qt.KeyboardModifier.ControlModifier)
    assert room.window.sheets.handbook.isVisible()
    chapter = room.window.sheets.handbook.chapter
    QTest.keyClick(room.window, HELP, Qt.KeyboardModifier.ControlModifier)
    assert not room.window.sheets.handbook.isVisible()
    return chapter


def test_that_it_opens_at_the_chapter_about_what_is_in_focus(desk_room: Room) -> None:
    window = desk_room.window
    window.cockpit.alarms.focus_list()
    assert opened(desk_room) == "alarms"
    window.show_page("F2")
    desk_room.beat()
    assert opened(desk_room) == "vitals"
    window.show_page("sources")
    desk_room.beat()
    assert opened(desk_room) == "sources"
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert opened(desk_room) == "printing"
    assert chapter_about(None) == "start"


def test_that_warnings_and_the_mode_are_told_in_the_chapter_of_the_night(desk_room: Room) -> None:
    window = desk_room.window
    desk_room.session.enter(allowed=tuple(KIND_OF.values()))
    desk_room.beat()
    window.show_page("warnings")
    desk_room.beat()
    assert opened(desk_room) == "night"
    window.do((BY_ID["mode.change"],))
    desk_room.beat()
    assert opened(desk_room) == "night"
    window.layers.hide()
    window.show_page("F8")
    desk_room.beat()
    assert opened(desk_room) == "duty"


def test_that_typing_searches_arrows_choose_and_esc_leaves(desk_room: Room) -> None:
    QTest.keyClick(desk_room.window, HELP, Qt.KeyboardModifier.ControlModifier)
    sheet = desk_room.window.sheets.handbook
    QTest.keyClicks(QApplication.focusWidget(), "F12")
    found = sheet.chapter
    assert "F12" in sheet.browser.toPlainText()
    assert sheet.browser.extraSelections()
    QTest.keyClick(sheet.field, Qt.Key.Key_Down)
    assert sheet.chapter != found
    QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
    assert sheet.isVisible(), "the first Esc clears the search"
    QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_that_links_lead_to_chapters_and_nothing_is_loaded(desk_room: Room) -> None:
    QTest.keyClick(desk_room.window, HELP, Qt.KeyboardModifier.ControlModifier)
    sheet = desk_room.window.sheets.handbook
    sheet.browser.anchorClicked.emit(QUrl("#trouble"))
    assert sheet.chapter == "trouble"
    assert "<h" not in sheet.browser.toPlainText()
    image = QTextDocument.ResourceType.ImageResource.value
    assert sheet.browser.loadResource(image, QUrl("http://example.com/a.png")) is None
    assert sheet.browser.loadResource(image, QUrl("file:///etc/hostname")) is None
    shape = sheet.browser.loadResource(image, QUrl("mark:4"))
    assert isinstance(shape, QImage)
    assert shape.pixelColor(shape.width() // 2, shape.height() // 2).alpha() == 255
