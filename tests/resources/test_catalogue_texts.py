"""Every reason the catalogue's modules name has its sentence in both languages, with all it promises filled in."""

import ast
import re
from pathlib import Path

import pytest

from chengyun_core.model.catalogue_check import check
from chengyun_resources.texts import LANGUAGES, Texts
from tests.support.small_tables import small_tables

_CODE = re.compile(r"catalogue\.[a-z_]+")
_NO_REASON = {"catalogue.xlsx"}


def _codes(repository: Path) -> set[str]:
    core = repository / "core" / "chengyun_core"
    sources = [*core.glob("model/catalogue_*.py"), *core.glob("launch/catalogue_*.py")]
    nodes = (node for path in sources for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {text for text in texts if _CODE.fullmatch(text)} - _NO_REASON


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_reason_has_a_sentence(repository: Path, language: str) -> None:
    texts, codes = Texts(language), _codes(repository) - {"catalogue.get", "catalogue.whole"}
    assert len(codes) > 50
    assert [code for code in sorted(codes) if not texts.has(code)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_a_fault_s_sentence_has_no_hole(language: str) -> None:
    tables = small_tables()
    tables["seats"][0] |= {"post": "500000.duty_oficer", "colour": "red", "#9": "x"}
    tables["thresholds"][0] |= {"high_red": "10", "hysteresis": "900", "missing_s": "1"}
    tables["vitals"][0] |= {"formula": "last(HYD.levels)", "decimals": "many"}
    tables["centres"][1] |= {"parent": "x", "scheme": "none"}
    tables["devices"][1]["count"] = "5000000000"
    faults = check(tables)
    assert len(faults) > 10
    sentences = [Texts(language).say(fault.code, **fault.params) for fault in faults]
    assert [sentence for sentence in sentences if "{" in sentence] == []
