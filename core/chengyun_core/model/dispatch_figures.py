"""What a narrative tells in figures: pipe diameters, depths, people hurt, trapped, dead; Chinese numerals too (E9)."""

from collections.abc import Iterator
from dataclasses import dataclass

from chengyun_core.model.dispatch_grammar import FigureRule, Grammar
from chengyun_core.model.dispatch_words import LONGEST_READ, folded

_MYRIAD = 10_000
_ADDED_UP = frozenset({"dead", "injured", "missing"})
"""Told in several counts (3 重伤, 14 轻伤): added when they stand side by side, else the greatest is kept."""
_NEAR = 12
"""Letters between two counts of one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One attribute found."""

    attribute: str
    value: str
    """A number as text, in the unit its code names."""
    words: str
    """The words it was read from."""


def figures(narrative: str, grammar: Grammar) -> tuple[Figure, ...]:
    """Return the attributes a narrative tells, one for each code, in the order of the rules.

    Of several tellings the greatest is kept: 「死亡人数升至5人」 follows 「3人死亡」. Hurt people told side by side are
    added.
    """
    text = folded(narrative)[:LONGEST_READ]
    rules: dict[str, list[FigureRule]] = {}
    for rule in grammar.figures:
        rules.setdefault(rule.attribute, []).append(rule)
    found: dict[str, tuple[float, str]] = {}
    for attribute, own in rules.items():
        told = sorted(_told(text, own, grammar))
        if told:
            found[attribute] = _summed(told) if attribute in _ADDED_UP else max(told, key=lambda one: one[2])[2:]
    return tuple(
        Figure(attribute=attribute, value=f"{value:.12g}", words=words) for attribute, (value, words) in found.items()
    )


def number_of(text: str, grammar: Grammar) -> float | None:
    """Return the number a text is: `1,200`, `3.5`, `二十三`, `3万`; None when it is none."""
    if text and text[0].isdigit():
        many = bool(grammar.myriad) and text.endswith(grammar.myriad)
        try:
            return float(text.removesuffix(grammar.myriad).replace(",", "")) * (_MYRIAD if many else 1)
        except ValueError:
            return None
    return _spelled(text, grammar)


def _told(text: str, rules: list[FigureRule], grammar: Grammar) -> Iterator[tuple[int, int, float, str]]:
    """Yield where each telling begins and ends, its value and its words; one inside another is left out."""
    spans: list[tuple[int, int]] = []
    for rule in rules:
        for match in rule.pattern.finditer(text):
            number = number_of(match[1], grammar)
            inside = any(begin < match.end() and match.start() < end for begin, end in spans)
            if number is not None and not inside:
                spans.append(match.span())
                yield *match.span(), number * (rule.scale[match[2]] if rule.scale else 1), match[0]


def _summed(told: list[tuple[int, int, float, str]]) -> tuple[float, str]:
    """Return the greatest sum of counts that stand side by side, with its words."""
    runs: list[tuple[float, str, int]] = []
    for begin, end, value, words in told:
        if runs and begin - runs[-1][2] <= _NEAR:
            runs[-1] = (runs[-1][0] + value, f"{runs[-1][1]} {words}", end)
        else:
            runs.append((value, words, end))
    return max(runs, key=lambda run: run[0])[:2]


def _spelled(text: str, grammar: Grammar) -> float | None:
    total, section, digit = 0, 0, -1
    for letter in text:
        if letter in grammar.digits:
            digit = grammar.digits[letter] if digit < 0 else digit * 10 + grammar.digits[letter]
        elif letter == grammar.myriad:
            total, section, digit = total + (section + max(digit, 0) or 1) * _MYRIAD, 0, -1
        elif letter in grammar.units:
            section, digit = section + (1 if digit < 0 else digit) * grammar.units[letter], -1
        else:
            return None
    return float(total + section + max(digit, 0)) if text else None
