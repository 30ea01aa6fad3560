"""The message catalogue: compiled, the same in every language, with a sentence for each code the product names."""

import ast
import gettext
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from chengyun_resources.texts import LANGUAGES
from tests.house import sources

FOLDER = sources.PACKAGES["chengyun_resources"] / "texts"
_SPEAKERS = {"Refused", "Trouble", "has", "say"}
_CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_NAMED = re.compile(r"\{(\w+)")


def _sources_of(language: str) -> list[Path]:
    return sorted(FOLDER.glob(f"{language}/LC_MESSAGES/*.po"))


def _messages(source: Path) -> list[Message]:
    with source.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _sentences(language: str) -> dict[str, str]:
    return {str(found.id): str(found.string) for source in _sources_of(language) for found in _messages(source)}


def _spoken(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and code of every call that will show the sentence of a fixed code."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(code)), *_]):
                if name in _SPEAKERS and _CODE.fullmatch(code):
                    yield node.lineno, code
            case ast.keyword(arg="code", value=ast.Constant(value=str(code), lineno=line)) if _CODE.fullmatch(code):
                yield line, code


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_source_is_compiled(language: str) -> None:
    for source in _sources_of(language):
        with source.with_suffix(".mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        stale = [str(found.id) for found in _messages(source) if compiled.gettext(str(found.id)) != found.string]
        assert stale == [], f"{source}: run resources/compile_texts.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_a_code_has_one_sentence(language: str) -> None:
    codes = Counter(str(found.id) for source in _sources_of(language) for found in _messages(source))
    assert [code for code, count in codes.items() if count > 1] == []
    assert [code for code, sentence in _sentences(language).items() if not sentence.strip()] == []


def test_that_every_language_says_the_same() -> None:
    first, *others = (_sentences(language) for language in LANGUAGES)
    assert first
    for other in others:
        assert first.keys() ^ other.keys() == set()
        differ = [code for code in first if set(_NAMED.findall(first[code])) != set(_NAMED.findall(other[code]))]
        assert differ == []


def test_that_every_code_the_product_names_has_a_sentence() -> None:
    known = _sentences(LANGUAGES[0]).keys()
    unknown = [
        sources.at(path, sources.Finding(line=line, what=f"no sentence for {code}"))
        for path in sources.product_modules()
        for line, code in _spoken(sources.tree(path))
        if code not in known
    ]
    sources.expect_none(unknown)


def test_that_a_named_code_is_seen() -> None:
    snippet = "raise Trouble('a.b', file=1)\ntexts.say('c.d')\ntexts.say(code)\ntexts.say('word')\nReason(code='e.f')"
    assert sorted(_spoken(ast.parse(snippet))) == [(1, "a.b"), (2, "c.d"), (5, "e.f")]


SAID_OTHERWISE = {"报警": "告警", "态势": "情景"}
"""Word → what docs/glossary.md calls it: one thing under two names is two things to who has been up for hours."""


def test_that_a_term_of_the_glossary_has_one_word_on_every_screen() -> None:
    said = {code: word for code, sentence in _sentences("zh_CN").items() for word in SAID_OTHERWISE if word in sentence}
    prose = (sources.PACKAGES["chengyun_resources"] / "handbook" / "zh_CN").glob("*.md")
    told = {file.name: word for file in prose for word in SAID_OTHERWISE if word in file.read_text("utf-8")}
    assert said | told == {}
