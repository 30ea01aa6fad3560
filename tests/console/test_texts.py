"""Every sentence the console says is in the message catalogue, in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_resources.texts import LANGUAGES, Texts

SOURCES = sorted((Path(__file__).resolve().parents[2] / "console" / "chengyun_console").rglob("*.py"))
SAID = r"(console|cockpit(?!\.toml))"
"""What the codes of the console's own sentences begin with."""
CATALOGUE = Path(__file__).resolve().parents[2] / "resources/chengyun_resources/texts"


def said_codes() -> Iterator[tuple[str, str]]:
    """Yield (where, pattern) of every text code in the sources; the parts put in by an f-string match anything."""
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        pieces = {id(inner) for node in joined for inner in ast.walk(node) if inner is not node}
        for node in ast.walk(tree):
            if id(node) in pieces:
                continue
            match node:
                case ast.Constant(value=str() as text) if re.fullmatch(rf"{SAID}\.[a-z0-9_.A-Z]*[a-z0-9_A-Z]", text):
                    yield f"{path.name}:{node.lineno}", re.escape(text)
                case ast.JoinedStr(values=[ast.Constant(value=str() as head), *_]) if re.match(rf"{SAID}\.", head):
                    yield f"{path.name}:{node.lineno}", "".join(_part(value) for value in node.values)


def _part(value: ast.expr) -> str:
    return re.escape(str(value.value)) if isinstance(value, ast.Constant) else r".*"


def codes(language: str) -> set[str]:
    """Return the codes of the console's own sentences, from all files of a language."""
    texts = [path.read_text("utf-8") for path in (CATALOGUE / language / "LC_MESSAGES").glob("*.po")]
    return {code for text in texts for code in re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
            if re.match(rf"{SAID}\.", code)}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_code_in_the_sources_has_a_sentence(language: str) -> None:
    known = codes(language)
    missing = [
        (where, pattern) for where, pattern in said_codes() if not any(re.fullmatch(pattern, code) for code in known)
    ]
    assert missing == []


def test_that_both_languages_say_the_same_things_with_the_same_parameters() -> None:
    assert codes("zh_CN") == codes("en")
    chinese, english = Texts("zh_CN"), Texts("en")
    fields = re.compile(r"{(\w+)}")
    different = [
        code
        for code in codes("en")
        if set(fields.findall(chinese.say(code))) != set(fields.findall(english.say(code))) and code != "console.day"
    ]
    assert different == []


def test_that_no_sentence_is_left_that_nobody_says() -> None:
    patterns = [pattern for _, pattern in said_codes()]
    unsaid = [code for code in sorted(codes("en")) if not any(re.fullmatch(pattern, code) for pattern in patterns)]
    assert unsaid == []
