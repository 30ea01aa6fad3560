"""What the catalogue says of causes, effects and suppressions, by vital number (A7, A8)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from chengyun_core.model.catalogue import Catalogue, Suppression
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import WarningColour


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One edge of the cause graph."""

    cause: int
    effect: int
    within_ns: int
    masks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of suppression by design, with the vitals it silences."""

    code: str
    reason: str
    while_vital: int
    at_least: WarningColour
    up_to: WarningColour
    vitals: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseGraph:
    """Links and rules from both ends."""

    causes: dict[int, tuple[Link, ...]] = field(default_factory=dict)
    """Effect → links to what brings it about."""
    effects: dict[int, tuple[Link, ...]] = field(default_factory=dict)
    """Cause → links to what follows from it."""
    rules: dict[int, tuple[Rule, ...]] = field(default_factory=dict)
    """Vital that must stand in a band → rules."""
    silenced: dict[int, tuple[Rule, ...]] = field(default_factory=dict)
    """Vital that is suppressed → rules."""

    def around(self, vitals: Iterable[int]) -> set[int]:
        """Return these vitals and all whose alarms may change with theirs."""
        wanted = set(vitals)
        # The causes of what follows, too: when one cause ends another one may go on masking (the same for rules).
        below = wanted | self.reached(wanted, up=False)
        found = below | self.reached(below, up=True)
        silenced = wanted.union(*(rule.vitals for vital in wanted for rule in self.rules.get(vital, ())))
        leading = {rule.while_vital for vital in silenced for rule in self.silenced.get(vital, ())}
        return found | silenced | leading

    def reached(self, vitals: Iterable[int], *, up: bool) -> set[int]:
        """Return what brings these about, or what follows from them, over any number of links."""
        found: set[int] = set()
        edge = set(vitals)
        while edge:
            links = (link for vital in edge for link in (self.causes if up else self.effects).get(vital, ()))
            edge = {link.cause if up else link.effect for link in links} - found
            found |= edge
        return found


def graph_of(catalogue: Catalogue) -> CauseGraph:
    """Return the graph of a catalogue; rows about retired vitals have no effect."""
    numbers = {vital.code: vital.number for vital in catalogue.vitals if not vital.retired}
    links = [
        Link(cause=numbers[row.cause], effect=numbers[row.effect], within_ns=round(row.within_s * NS_PER_S),
             masks=row.masks)
        for row in catalogue.causes if row.cause in numbers and row.effect in numbers
    ]  # fmt: skip
    rules = [_rule(row, catalogue, numbers) for row in catalogue.suppressions if row.while_vital in numbers]
    causes: dict[int, list[Link]] = defaultdict(list)
    effects: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        causes[link.effect].append(link)
        effects[link.cause].append(link)
    by_vital: dict[int, list[Rule]] = defaultdict(list)
    silenced: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_vital[rule.while_vital].append(rule)
        for vital in rule.vitals:
            silenced[vital].append(rule)
    return CauseGraph(
        causes={vital: tuple(found) for vital, found in causes.items()},
        effects={vital: tuple(found) for vital, found in effects.items()},
        rules={vital: tuple(found) for vital, found in by_vital.items()},
        silenced={vital: tuple(found) for vital, found in silenced.items()},
    )


def _rule(row: Suppression, catalogue: Catalogue, numbers: dict[str, int]) -> Rule:
    # A sub-track stands for its vitals in the place of the vital that must stand in its band.
    place = catalogue.vitals[numbers[row.while_vital]].centre
    named = (
        {numbers[row.suppresses]}
        if row.suppresses in numbers
        else {
            vital.number for vital in catalogue.vitals
            if vital.subtrack == row.suppresses and vital.centre == place and not vital.retired
        }
    )  # fmt: skip
    return Rule(
        code=row.code, reason=row.reason or row.name, while_vital=numbers[row.while_vital], at_least=row.at_least,
        up_to=row.up_to, vitals=frozenset(named - {numbers[row.while_vital]}),
    )  # fmt: skip
