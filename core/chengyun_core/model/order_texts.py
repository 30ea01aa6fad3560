"""Templates of orders as texts: named, of a title and a body, with `{place}` and the like filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FACT = "order_text."
HOUSE = (
    "repair_water", "divert_traffic", "protect_pipelines", "bring_water", "tell_residents", "evacuate", "close_road",
    "look_and_report",
)  # fmt: skip
"""Names of the house's own; their sentences are `order_text.<name>` of the message catalogue."""
_GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderText:
    """One template."""

    name: str
    title: str
    text: str

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return the names of what is to be filled in, in the order in which they first stand."""
        return tuple(dict.fromkeys(_GAP.findall(f"{self.title}\n{self.text}")))


def parsed(name: str, told: str) -> OrderText:
    """Return the template of a text: its first line is the title, the rest the body (the title again if none)."""
    title, _, body = told.strip().partition("\n")
    return OrderText(name=name, title=title.strip(), text=body.strip() or title.strip())


def of_facts(facts: Mapping[str, str]) -> dict[str, OrderText]:
    """Return the templates a catalogue's facts tell (`order_text.<name>`), by name."""
    told = {key.removeprefix(FACT): text for key, text in facts.items() if key.startswith(FACT)}
    return {name: parsed(name, text) for name, text in told.items() if text.strip()}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its gaps filled; one without a value stays visible as `{name}`: nobody overlooks it."""
    return _GAP.sub(lambda gap: values.get(gap.group(1)) or gap.group(0), text)
