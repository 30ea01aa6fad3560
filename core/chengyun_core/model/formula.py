"""The formula of a vital: its small grammar, parsed into a frozen record; nothing is evaluated here.

formula   = name "(" [ number { "," number } ";" ] channel { "," channel } ")"
channel   = DEVICE "." quantity | DEVICE "#" k "." quantity | DEVICE "#*." quantity        (k from 1)
"""

import math
import re
from dataclasses import dataclass

from chengyun_core.model.failure import Refused

EVERY = 0
"""`Reference.member` of `DEVICE#*.quantity`: the whole series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a function takes: how many numbers and how many channels (None: as many as wanted, whole series too)."""

    numbers: int
    channels: int | None
    by_sample: bool = False
    """Evaluated sample by sample; the others on a grid of source time."""


FUNCTIONS: dict[str, Shape] = {
    "diff": Shape(numbers=0, channels=2),
    "last": Shape(numbers=0, channels=1, by_sample=True),
    "max": Shape(numbers=0, channels=None),
    "mean": Shape(numbers=0, channels=None),
    "min": Shape(numbers=0, channels=None),
    "scale": Shape(numbers=2, channels=1, by_sample=True),
    "share_bad": Shape(numbers=0, channels=None),
    "share_over": Shape(numbers=1, channels=None),
    "share_under": Shape(numbers=1, channels=None),
    "sum": Shape(numbers=0, channels=None),
}
"""Every function, alphabetical. Shares are in per cent, their limits exclusive; scale takes FACTOR, OFFSET."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A parsed formula. `channels` are written as in the text, see `reference`."""

    function: str
    arguments: tuple[float, ...]
    channels: tuple[str, ...]

    @property
    def by_sample(self) -> bool:
        """Whether every sample is evaluated, and not a cell of the grid."""
        return FUNCTIONS[self.function].by_sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A channel as a formula names it. `member`: None a single device, k the k-th of a series, EVERY all of it."""

    device: str
    quantity: str
    member: int | None


_CALL = re.compile(r"\s*([A-Za-z_]\w*)\s*\(([^()]*)\)\s*", re.ASCII)
_CHANNEL = re.compile(r"([^\s,;()#]+?)(?:#(\*|[1-9][0-9]{0,9}))?\.([^\s,;()#.]+)")


def parse(text: str) -> Formula:
    """Return the formula in `text`; raise Refused("formula.…") that names what is wrong in it."""
    call = _CALL.fullmatch(text)
    if call is None:
        raise Refused("formula.syntax", formula=text)
    function, inside = call[1], call[2]
    if function not in FUNCTIONS:
        raise Refused("formula.function", formula=text, function=function, known=", ".join(FUNCTIONS))
    numbers, channels = _split(inside)
    formula = Formula(
        function=function,
        arguments=tuple(_number(part, text) for part in numbers),
        channels=tuple(channels),
    )
    _check(formula, text)
    return formula


def reference(channel: str) -> Reference:
    """Return what a channel's text refers to; raise Refused("formula.channel") when it is not one."""
    found = _CHANNEL.fullmatch(channel)
    if found is None:
        raise Refused("formula.channel", channel=channel)
    member = None if found[2] is None else EVERY if found[2] == "*" else int(found[2])
    return Reference(device=found[1], quantity=found[3], member=member)


def _split(inside: str) -> tuple[list[str], list[str]]:
    numbers, semicolon, channels = inside.rpartition(";")
    return _parts(numbers) if semicolon else [], _parts(channels)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")] if text.strip() else []


def _number(part: str, text: str) -> float:
    try:
        number = float(part)
    except ValueError:
        raise Refused("formula.number", formula=text, number=part) from None
    if not math.isfinite(number):
        raise Refused("formula.number", formula=text, number=part)
    return number


def _check(formula: Formula, text: str) -> None:
    shape = FUNCTIONS[formula.function]
    if len(formula.arguments) != shape.numbers:
        raise Refused(
            "formula.numbers",
            formula=text,
            function=formula.function,
            wanted=shape.numbers,
            given=len(formula.arguments),
        )
    references = [reference(channel) for channel in formula.channels]
    wanted, given = shape.channels, len(references)
    if given == 0 or (wanted is not None and given != wanted):
        raise Refused("formula.channels", formula=text, function=formula.function, wanted=wanted or "1…", given=given)
    if wanted is not None and any(item.member == EVERY for item in references):
        raise Refused("formula.series", formula=text, function=formula.function)
