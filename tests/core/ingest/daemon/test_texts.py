"""Every reason code of the daemon has a sentence in both languages."""

import re
from pathlib import Path

import pytest

from chengyun_core import ingest
from chengyun_core.ingest.sources import causes
from chengyun_resources.texts import LANGUAGES, Texts

ASKS = {"ingest.activations", "ingest.bands", "ingest.key", "ingest.lock", "ingest.runs"}
"""Names that look like codes: kinds of requests and files."""


def codes():
    found = {"ingest.source_connecting", "ingest.source_failed", "ingest.lock"}
    for file in Path(ingest.__file__).parent.rglob("*.py"):
        found |= set(re.findall(r'"(ingest\.[a-z_]+)"', file.read_text("utf-8"))) - ASKS
    return sorted(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_code_has_a_sentence(language):
    texts = Texts(language)
    assert [code for code in codes() if not texts.has(code)] == []


def test_that_every_cause_of_a_drop_is_told_in_the_handbook(repository):
    page = (repository / "docs" / "ingest-sources.md").read_text("utf-8")
    told = re.findall(r"^\| `dropped\.(\w+)` \| (.+) \|$", page, re.MULTILINE)
    assert [(cause, words) for cause, words in causes.MEANING.items() if (cause, words) not in told] == []
