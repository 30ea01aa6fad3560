"""What a narrative tells in figures: pipe diameters, depths, people hurt, trapped, dead; Chinese numerals too (E9)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chengyun_core.model.dispatch_words import LONGEST_READ, folded

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_N = r"((?:\d+(?:[.,]\d+)*万?)|[零〇一二两三四五六七八九十百千万]+)"
_ABOUT = r"(?:余|多|几|来)?"
_WHO = "人员|群众|居民|市民|学生|工人|乘客|旅客|游客|村民|职工|老人|儿童|孩子|男子|女子|人"
_PEOPLE = _N + _ABOUT + rf"(?:名|个|位)?(?:{_WHO})?"
_LENGTHS_MM = {"毫米": 1.0, "mm": 1.0, "厘米": 10.0, "公分": 10.0, "cm": 10.0, "米": 1000.0, "m": 1000.0}
_AREAS_M2 = {"平方米": 1.0, "平米": 1.0, "平方": 1.0, "m2": 1.0, "亩": 666.67, "公顷": 10_000.0, "平方公里": 1e6}
_VOLUMES_M3 = {"立方米": 1.0, "立方": 1.0, "方": 1.0, "吨": 1.0}
_LONG_M = {"米": 1.0, "m": 1.0, "公里": 1000.0, "千米": 1000.0, "km": 1000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One attribute found."""

    attribute: str
    value: str
    """A number as text, in the unit its code names."""
    words: str
    """The words it was read from."""


@dataclass(frozen=True, slots=True)
class _Rule:
    attribute: str
    pattern: re.Pattern[str]
    scale: Callable[[re.Match[str]], float]


def _unit(table: dict[str, float], by: float = 1.0) -> Callable[[re.Match[str]], float]:
    return lambda found: table[found[2]] * by


def _one(_: re.Match[str]) -> float:
    return 1.0


def _any_of(table: dict[str, float]) -> str:
    return "(" + "|".join(sorted(map(re.escape, table), key=len, reverse=True)) + ")"


def _rule(attribute: str, pattern: str, scale: Callable[[re.Match[str]], float] = _one) -> _Rule:
    return _Rule(attribute, re.compile(pattern), scale)


_HURT = r"(?:轻微伤|轻伤|重伤|受伤|负伤|伤者|伤员|烧伤|不同程度受伤|送医|伤)"
_DEAD = r"(?:当场)?(?:死亡|遇难|身亡|罹难|丧生|遇害|死|亡)"
_ROSE = r"(?:人数)?(?:已)?(?:达|为|升至|至少)*"
_PIPE = r"(?:的)?(?:供水|自来水|输水|燃气|天然气|主|给水|排水|污水)*(?:管|主管)"
_IS = r"(?:约|为|是|达|有|超过|超)*"
_SIZE = _N + _ABOUT + _any_of(_LENGTHS_MM)
_WAY = _N + _ABOUT + _any_of(_LONG_M)
_VOLUME = _N + _ABOUT + _any_of(_VOLUMES_M3)
_RULES = (
    _rule("diameter_mm", r"(?<![a-z])dn" + _N),
    _rule("diameter_mm", r"(?:管径|直径|口径|管道直径)" + _IS + _SIZE, _unit(_LENGTHS_MM)),
    _rule("diameter_mm", _N + r"(毫米|mm)" + _PIPE, _unit(_LENGTHS_MM)),
    _rule("depth_cm", r"(?:积水|水深|深)(?:最深处|最深|深度|深|度)?" + _IS + _SIZE, _unit(_LENGTHS_MM, 0.1)),
    _rule("dead", _PEOPLE + _DEAD),
    _rule("dead", _DEAD + _ROSE + _N + r"(?:名|个)?人"),
    _rule("injured", _PEOPLE + r"(?:不同程度)?(?:的)?" + _HURT),
    _rule("injured", r"(?:受伤|伤|重伤|轻伤)" + _ROSE + _N + r"(?:名|个)?人"),
    _rule("trapped", _PEOPLE + r"(?:被|受)?(?:困|压埋|掩埋|埋压)"),
    _rule("trapped", r"(?:困住|困|埋)(?:了|着|有)?" + _N + _ABOUT + rf"(?:名|个)?(?:{_WHO})"),
    _rule("missing", _PEOPLE + r"(?:失踪|失联|下落不明)"),
    _rule("missing", r"(?:失踪|失联)" + _N + r"(?:名|个)?人"),
    _rule("households", _N + _ABOUT + r"户"),
    _rule("people", _PEOPLE + r"(?:聚集|滞留|中毒|腹泻|发热|呕吐|住院|就医|感染)"),
    _rule("area_m2", _N + _ABOUT + _any_of(_AREAS_M2), _unit(_AREAS_M2)),
    _rule("length_m", r"(?:长|长度|绵延|排队)" + _IS + _WAY, _unit(_LONG_M)),
    _rule("height_m", r"(?:高|高度)" + _IS + _N + r"(米|m)", _unit(_LONG_M)),
    _rule(
        "leak_m3", r"(?:泄漏|泄露|流出|漏出)(?:量|了)*" + _IS + _N + _ABOUT + _any_of(_VOLUMES_M3), _unit(_VOLUMES_M3)
    ),
    _rule("floor", _N + r"(?:楼|层)(?!梯)"),
    _rule("magnitude", r"(?:里氏)?" + _N + r"级(?:左右)?(?:的)?(?:强烈)?(?:余)?(?:地震|震)"),
    _rule("magnitude", r"(?:震级|里氏)" + _IS + _N + r"级?"),
)
_ADDED_UP = frozenset({"dead", "injured", "missing"})
"""Told in several counts (3 重伤, 14 轻伤): added when they stand side by side, else the greatest is kept."""
_NEAR = 12
"""Letters between two counts of one sentence."""


def figures(narrative: str) -> tuple[Figure, ...]:
    """Return the attributes a narrative tells, one for each code, in the order of the rules.

    Of several tellings the greatest is kept: 「死亡人数升至5人」 follows 「3人死亡」. Hurt people told side by side are
    added.
    """
    text = folded(narrative)[:LONGEST_READ]
    found: dict[str, tuple[float, str]] = {}
    for attribute in dict.fromkeys(rule.attribute for rule in _RULES):
        told = sorted(_told(text, attribute))
        if told:
            found[attribute] = _summed(told) if attribute in _ADDED_UP else max(told, key=lambda one: one[2])[2:]
    return tuple(
        Figure(attribute=attribute, value=f"{value:.12g}", words=words) for attribute, (value, words) in found.items()
    )


def number_of(text: str) -> float | None:
    """Return the number a text is: `1,200`, `3.5`, `二十三`, `3万`; None when it is none."""
    if text and text[0].isdigit():
        plain, scale = (text[:-1], 10_000) if text.endswith("万") else (text, 1)
        try:
            return float(plain.replace(",", "")) * scale
        except ValueError:
            return None
    return _chinese(text)


def _told(text: str, attribute: str) -> Iterator[tuple[int, int, float, str]]:
    """Yield where each telling begins and ends, its value and its words; one inside another is left out."""
    spans: list[tuple[int, int]] = []
    for rule in _RULES:
        if rule.attribute != attribute:
            continue
        for match in rule.pattern.finditer(text):
            number = number_of(match[1])
            inside = any(begin < match.end() and match.start() < end for begin, end in spans)
            if number is not None and not inside:
                spans.append(match.span())
                yield *match.span(), number * rule.scale(match), match[0]


def _summed(told: list[tuple[int, int, float, str]]) -> tuple[float, str]:
    """Return the greatest sum of counts that stand side by side, with its words."""
    runs: list[tuple[float, str, int]] = []
    for begin, end, value, words in told:
        if runs and begin - runs[-1][2] <= _NEAR:
            runs[-1] = (runs[-1][0] + value, f"{runs[-1][1]}、{words}", end)
        else:
            runs.append((value, words, end))
    return max(runs, key=lambda run: run[0])[:2]


def _chinese(text: str) -> float | None:
    total, section, digit = 0, 0, -1
    for letter in text:
        if letter in _DIGITS:
            digit = _DIGITS[letter] if digit < 0 else digit * 10 + _DIGITS[letter]
        elif letter == "万":
            total, section, digit = total + (section + max(digit, 0) or 1) * 10_000, 0, -1
        elif letter in _UNITS:
            section, digit = section + (1 if digit < 0 else digit) * _UNITS[letter], -1
        else:
            return None
    return float(total + section + max(digit, 0)) if text else None
