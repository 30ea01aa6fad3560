"""What changed from one edition of a plan to another, part by part, as texts an officer can compare (P6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum

from chengyun_core.model.plan import Condition, PlanTemplate
from chengyun_core.model.plan_conditions import text_of

_HEAD = ("name", "matter", "triggers", "parties", "cameras", "layers", "valid_from", "valid_to", "drilled")
_PARTS = {"tiers": "code", "actions": "code", "resources": "name", "stop_rules": "text"}
"""Parts of a template and what names one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where two editions differ; an empty text: it is not there."""

    part: str
    """`name`, `tiers`, `actions`, … as the fields of a template."""
    key: str
    """Code of the action or tier, name of the resource; empty for a field of the template itself."""
    field: str
    """Empty: the whole part was added or taken away."""
    before: str
    after: str


def differences(before: PlanTemplate, after: PlanTemplate) -> list[Difference]:
    """Return every difference, in the order of the fields and of the later edition's parts."""
    found = [
        Difference(part=name, key="", field=name, before=_text(old), after=_text(new))
        for name in _HEAD
        if (old := getattr(before, name)) != (new := getattr(after, name))
    ]
    for part, key in _PARTS.items():
        found += _of_part(part, _named(getattr(before, part), key), _named(getattr(after, part), key))
    return found + list(_of_messages(before.messages, after.messages))


def _of_part(part: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Difference]:
    for key in dict.fromkeys((*after, *before)):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            yield Difference(part=part, key=key, field="", before=_whole(old), after=_whole(new))
        elif old != new:
            yield from _of_fields(part, key, old, new)


def _of_fields(part: str, key: str, old: object, new: object) -> Iterator[Difference]:
    for one in fields(old):  # type: ignore[arg-type]
        was, became = getattr(old, one.name), getattr(new, one.name)
        if was != became:
            yield Difference(part=part, key=key, field=one.name, before=_text(was), after=_text(became))


def _of_messages(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for to in dict.fromkeys((*after, *before)):
        if before.get(to, "") != after.get(to, ""):
            yield Difference(part="messages", key=to, field="text", before=before.get(to, ""), after=after.get(to, ""))


def _named(parts: tuple[object, ...], key: str) -> dict[str, object]:
    return {getattr(one, key): one for one in parts}


def _whole(one: object | None) -> str:
    if one is None:
        return ""
    return str(getattr(one, "text", "") or getattr(one, "name", ""))


def _text(value: object) -> str:
    if isinstance(value, Condition):
        return text_of((value,))
    if isinstance(value, tuple):
        return "; ".join(_text(one) for one in value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)
