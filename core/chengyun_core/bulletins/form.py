"""The check of an element against a table of what may stand in it: order, number, values; every fault with its line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from chengyun_core.bulletins.xml_tree import Element
from chengyun_core.model.failure import Reason

MOST_FAULTS = 50
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
"""Elements of this namespace may stand at the end (CAP 1.2, 3.3.4.2); not verified: we have no key of theirs."""

Check = Callable[[str], str]
"""Text → code of what is wrong with it, empty when nothing is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One element of a form."""

    name: str
    least: int = 0
    most: int | None = 1
    """None: any number."""
    values: tuple[str, ...] = ()
    """All it may say; empty: anything."""
    check: Check | None = None
    inside: tuple["Rule", ...] = ()
    """What stands in it; empty: text."""
    filled: bool = False
    """Whether it must not be empty."""


@dataclass(slots=True)
class Faults:
    """What is wrong, in the order of the document; no more than an officer reads."""

    found: list[Reason] = field(default_factory=list)

    def add(self, code: str, element: Element, **told: object) -> None:
        """Add one fault at an element."""
        if len(self.found) < MOST_FAULTS:
            params = {"line": element.line, "element": element.name, **told}
            self.found.append(Reason(code=code, params={name: str(value)[:120] for name, value in params.items()}))


def check(element: Element, form: tuple[Rule, ...], faults: Faults) -> None:
    """Check what stands in an element: each known, in order, as often as allowed, and saying what it may say."""
    places = {rule.name: place for place, rule in enumerate(form)}
    counts = dict.fromkeys(places, 0)
    reached = 0
    for child in element.children:
        if child.namespace == SIGNATURE:
            continue
        place = places.get(child.name) if child.namespace == element.namespace else None
        if place is None:
            faults.add("warning.unexpected", child, within=element.name)
            continue
        if place < reached:
            faults.add("warning.out_of_order", child, after=form[reached].name)
        reached = max(reached, place)
        counts[child.name] += 1
        _check_one(child, form[place], counts[child.name], faults)
    for rule in form:
        if counts[rule.name] < rule.least:
            faults.add("warning.missing_element", element, missing=rule.name)


def _check_one(element: Element, rule: Rule, count: int, faults: Faults) -> None:
    if rule.most is not None and count == rule.most + 1:
        faults.add("warning.too_often", element, most=rule.most)
    if rule.inside:
        check(element, rule.inside, faults)
        return
    faults.found.extend(_text_faults(element, rule, MOST_FAULTS - len(faults.found)))


def _text_faults(element: Element, rule: Rule, room: int) -> Iterator[Reason]:
    local = Faults()
    if element.children:
        local.add("warning.unexpected", element.children[0], within=element.name)
    elif rule.filled and not element.text:
        local.add("warning.empty_element", element)
    elif rule.values and (element.text or rule.least) and element.text not in rule.values:
        local.add("warning.bad_value", element, value=element.text, allowed=", ".join(rule.values))
    elif rule.check is not None and element.text and (code := rule.check(element.text)):
        local.add(code, element, value=element.text)
    yield from local.found[: max(0, room)]
