"""The measures in the reference library are those the law names, item by item (突发事件应对法 art. 66, 67)."""

import re
from pathlib import Path

from chengyun_resources.reference import facts_files, plans

_HEAD = re.compile(r"^第(六十六|六十七|六十八)条 ", re.MULTILINE)
_ITEM = re.compile(r"^（([一二三四五六七八])）(.+)$", re.MULTILINE)
_DIGITS = "一二三四五六七八"
ESSENCE = {
    ("66", "2"): "监测", ("66", "3"): "专家学者", ("66", "4"): "定时向社会发布", ("66", "5"): "警告",
    ("67", "1"): "待命状态", ("67", "2"): "避难", ("67", "3"): "安全保卫", ("67", "4"): "公共设施",
    ("67", "5"): "建议、劝告", ("67", "6"): "转移、疏散", ("67", "7"): "关闭或者限制使用",
}  # fmt: skip
"""(article, item) → words that only this item of its article holds."""


def items(shared_data: Path) -> dict[tuple[str, str], str]:
    """Return the text of each item of the two articles."""
    (file,) = (shared_data / "plans_law").glob("突发事件应对法*.md")
    parts = _HEAD.split(file.read_text("utf-8"))
    articles = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {
        (number, str(_DIGITS.index(place) + 1)): text
        for number, name in (("66", "六十六"), ("67", "六十七"))
        for place, text in _ITEM.findall(articles[name])
    }


def test_that_each_measure_stands_in_the_item_it_is_named_after(shared_data: Path) -> None:
    law = items(shared_data)
    assert len([key for key in law if key[0] == "66"]) == 5
    assert len([key for key in law if key[0] == "67"]) == 8
    named = {(row["article"], row["item"]) for row in facts_files.rows("plan_measures.csv")}
    assert named == ESSENCE.keys()
    for key, words in ESSENCE.items():
        assert words in law[key], key
        assert [other for other in law if other[0] == key[0] and words in law[other]] == [key]


def test_that_whoever_evacuates_or_closes_needs_two_persons() -> None:
    critical = {(row["article"], row["item"]): row["critical"] for row in facts_files.rows("plan_measures.csv")}
    assert (critical["67", "6"], critical["67", "7"]) == ("evacuation", "closure")
    written = [action for action in plans.tables(0)["actions"] if action.get("critical")]
    assert {action["critical"] for action in written} == {"evacuation", "closure"}
    assert all(action["capability"] for action in written)
