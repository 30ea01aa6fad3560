"""Plans in words: states, tiers, steps, who does them by when, why a plan fits, what speaks for a unit, differences."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from chengyun_console.wording.attributes import attribute_name
from chengyun_console.wording.figures import Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.plan import (
    Action,
    Comparison,
    Condition,
    DoneBy,
    PlanBinding,
    PlanTemplate,
    RiskPoint,
    StopRule,
    Tier,
)
from chengyun_core.model.plan_conditions import conditions_of
from chengyun_core.model.plan_diff import Difference
from chengyun_core.model.plan_tiers import TierRow, TierVerdict
from chengyun_core.model.scales import ResponseLevel
from chengyun_core.wire.plan_asks import PlanHead
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

_SEPARATOR = " · "
_BRACES = re.compile(r"\{([^{}]*)\}")
BANDS = ("none", "blue", "yellow", "orange", "red")
"""Names of bands in conditions, in the order of WarningColour."""
_SIGNS = {
    Comparison.LESS: "<", Comparison.AT_MOST: "≤", Comparison.EQUAL: "=", Comparison.AT_LEAST: "≥",
    Comparison.MORE: ">", Comparison.ONE_OF: "∈",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanWords:
    """Writes plans with the names of one catalogue version; without one codes are shown."""

    figures: Figures
    names: Gazetteer | None

    def say(self, code: str, /, **params: object) -> str:
        """Return the sentence of a code."""
        return self.figures.texts.say(code, **params)

    @property
    def between(self) -> str:
        """Return what stands between the names of a list."""
        return self.say("console.plans.between")

    def matter(self, code: str) -> str:
        """Return the name of a matter."""
        found = self.names.matter(code) if self.names else None
        return found.name if found is not None else code

    def who(self, code: str) -> str:
        """Return the name of a unit or post."""
        return self.names.who(code) if self.names else code

    def person(self, account: str) -> str:
        """Return what an account is called, the account itself when nobody told."""
        return self.names.person(account) if self.names else account

    def centre(self, code: str) -> str:
        """Return the name of a centre."""
        return self.names.place(code) if self.names else code

    def capability(self, code: str) -> str:
        """Return what a capability is called; one this house has no word for is shown as its code."""
        said = f"console.capability.{code}"
        return self.say(said) if self.figures.texts.has(said) else code

    def attribute(self, code: str) -> str:
        """Return what an attribute is called."""
        return attribute_name(self.figures.texts, code)

    def vital(self, code: str) -> str:
        """Return the name of a vital by its code."""
        try:
            found = self.names.vital(self.names.view.number_of(code)) if self.names else None
        except KeyError:
            found = None
        return found.name if found is not None else code

    def reason(self, reason: Reason) -> str:
        """Return a reason's sentence; codes among its parameters are said by their names."""
        named = {name: self._param(name, value) for name, value in reason.params.items()}
        return self.say(reason.code, **named)

    def placed(self, place: tuple[str, str, str], reason: Reason) -> str:
        """Return a fault with where it is: module or field, and which row of it."""
        table, key, column = place
        where = self._part(table) if table in ("tiers", "messages") else self._part(column)
        row = key if table in ("tiers", "messages") else ""
        return self.say("console.plans.edit.at", where=_joint(where, row), reason=self.reason(reason))

    def state(self, state: str) -> str:
        """Return how an edition stands."""
        return self.say(f"console.plans.state.{state}")

    def response(self, level: ResponseLevel | None) -> str:
        """Return the level of a response; nothing when a tier sets none."""
        return self.say(f"console.plans.response.{int(level)}") if level is not None else ""

    def condition(self, condition: Condition) -> str:
        """Return a condition as it is read: `管径(mm) < 500`."""
        if self._is_back(condition):
            return self.say("console.plans.band_back")
        value = " / ".join(self._value(condition.attribute, part) for part in condition.value.split("|"))
        return f"{self.attribute(condition.attribute)} {_SIGNS[condition.comparison]} {value}"

    def _is_back(self, condition: Condition) -> bool:
        """Return whether a condition asks that its vital is back to normal: `band in none`, `band = none`."""
        return condition.attribute == "band" and condition.value.strip() == BANDS[0]

    def _value(self, attribute: str, value: str) -> str:
        return self.band(value.strip()) if attribute == "band" else value.strip()

    def band(self, name: str) -> str:
        """Return a band by its name in conditions; a name that is none is shown as it is."""
        return self.say(f"console.band.{BANDS.index(name)}") if name in BANDS else name

    def written(self, text: str) -> str:
        """Return a plan's text with the names in braces as an officer reads them: `〔地点〕`."""
        return _BRACES.sub(self._name, text)

    def _name(self, found: re.Match[str]) -> str:
        name = found.group(1)
        if name.startswith("attribute:"):
            return self.say("console.plans.blank", name=self.attribute(name.removeprefix("attribute:")))
        said = f"console.plans.word.{name}"
        has_word = self.figures.texts.has(said)
        return self.say("console.plans.blank", name=self.say(said)) if has_word else found.group(0)

    def conditions(self, conditions: Iterable[Condition]) -> str:
        """Return conditions that must all hold; that it always holds when there is none."""
        return "; ".join(map(self.condition, conditions)) or self.say("console.plans.always")

    def minutes(self, minutes: float) -> str:
        """Return a time limit."""
        if minutes >= 120 and minutes % 60 == 0:
            return self.say("console.plans.hours", count=f"{minutes / 60:g}")
        return self.say("console.plans.minutes", count=f"{minutes:g}")

    def assigned(self, action: Action) -> str:
        """Return who does a step: the unit by name, or any that has the capability."""
        if action.unit:
            return self.who(action.unit)
        if action.capability:
            return self.say("console.plans.any_with", capability=self.capability(action.capability))
        return self.say("console.plans.own_hand")

    def ends_by(self, action: Action) -> str:
        """Return what ends a step."""
        match action.done_by:
            case DoneBy.RECEIPT:
                return self.say("console.plans.ends.receipt", step=self.say(f"receipt.step.{action.reached}"))
            case DoneBy.VITAL:
                said = self.condition(action.condition) if action.condition else ""
                back = action.condition is not None and self._is_back(action.condition)
                vital = self.vital(action.vital) if action.vital else self.say("console.plans.ends.its_vital")
                return self.say(f"console.plans.ends.{'back' if back else 'vital'}", vital=vital, condition=said)
            case _:
                return self.say("console.plans.ends.hand")

    def step_detail(self, action: Action, names: Mapping[str, str] | None = None) -> str:
        """Return the second line of a step: who, by when, after what, what ends it. `names`: code → its number."""
        after = self.between.join((names or {}).get(code, code) for code in action.after)
        parts = (
            self.say("receipt.role.lead") if action.lead else "",
            self.assigned(action),
            self.say("console.plans.within", minutes=self.minutes(action.within_min)),
            self.say("console.plans.after", steps=after) if after else "",
            self.ends_by(action),
            self.say(f"order.critical.{action.critical}") if action.critical else "",
        )
        return _SEPARATOR.join(part for part in parts if part)

    def stop_rule(self, rule: StopRule) -> str:
        """Return when the response ends or goes up."""
        text = rule.text
        if rule.condition is not None:
            text = self.say("console.plans.rule.when", text=rule.text, condition=self.condition(rule.condition))
        return self.say("console.plans.rule.raises" if rule.raises_tier else "console.plans.rule.ends", text=text)

    def head_detail(self, head: PlanHead) -> str:
        """Return the second line of an edition in a list."""
        flags = (self.reason(flag) for flag in head.flags)
        counts = self.say("console.plans.head_detail", matter=self.matter(head.matter), edition=head.edition,
                          actions=head.actions, tiers=head.tiers, bound=self.figures.count(head.bound))  # fmt: skip
        return _SEPARATOR.join((counts, *flags))

    def sections(self, template: PlanTemplate, verdict: TierVerdict | None = None) -> tuple[SheetSection, ...]:
        """Return a plan by its modules (P2); modules it leaves empty say so in one line of their own."""
        made = (
            self._section("trigger", self._triggers(template)),
            self._section("tiers", self.tier_lines(template.tiers, verdict)),
            self._section("actions", self._actions(template), note=str(len(template.actions))),
            self._section("parties", tuple(SheetLine(label="", text=self.who(post)) for post in template.parties)),
            self._section("resources", tuple(
                SheetLine(label=self._count(one.count, one.unit), text=_joint(one.name, one.where))
                for one in template.resources
            )),
            self._section("messages", tuple(
                SheetLine(label=self.who(to), text=self.written(text)) for to, text in template.messages.items()
            )),
            self._section("cameras", self._joined(template.cameras)),
            self._section("layers", self._joined(template.layers)),
            self._section("stop_rules", tuple(
                SheetLine(label=str(place), text=self.stop_rule(rule))
                for place, rule in enumerate(template.stop_rules, 1)
            )),
        )  # fmt: skip
        empty = [section.title for section in made if not section.lines]
        shown = tuple(section for section in made if section.lines)
        if not empty:
            return shown
        line = SheetLine(label="", text=self.between.join(empty), colour=Colour.TEXT_SECOND)
        return (*shown, SheetSection(title=self.say("console.plans.module.empty"), lines=(line,)))

    def tier_lines(self, tiers: Iterable[Tier], verdict: TierVerdict | None = None) -> tuple[SheetLine, ...]:
        """Return the decision table; with a verdict the row that decided, those in force, and what is missing."""
        return tuple(self._tier(tier, verdict) for tier in tiers)

    def tier_row(self, row: TierRow, *, decided: bool) -> str:
        """Return a row of the table as it was judged, by its conditions alone."""
        held = self.conditions(condition for condition, _verdict in row.conditions)
        return self.say(f"console.plans.tier.{'decided' if decided else row.verdict.value}", tier=held)

    def binding_section(self, point: RiskPoint, binding: PlanBinding | None, template: PlanTemplate) -> SheetSection:
        """Return a risk point and what differs there from the template (P1)."""
        texts = {action.code: self.written(action.text) for action in template.actions}
        lines = self._point_lines(point)
        lines += self._overrides(binding, texts, numbers_of(template.actions)) if binding else []
        return SheetSection(title=point.name, lines=tuple(lines), note=self.point_code(point))

    def point_section(self, point: RiskPoint) -> SheetSection:
        """Return what is known of a risk point."""
        place = [SheetLine(label=self.say("console.points.field.kind"), text=point.kind)]
        if point.longitude is not None and point.latitude is not None:
            degrees = f"{point.longitude:.5f}, {point.latitude:.5f}"
            place.append(SheetLine(label=self.say("console.points.field.place"), text=degrees))
        lines = (*self._point_lines(point), *place)
        return SheetSection(title=self.say("console.points.known"), lines=lines, note=point.code)

    def override_count(self, binding: PlanBinding) -> str:
        """Return in short what a binding changes: nothing, or how many steps in which way."""
        counts = (("unit", len(binding.units)), ("text", len(binding.texts)), ("within", len(binding.within_min)),
                  ("left_out", len(binding.left_out)), ("cameras", len(binding.cameras)))  # fmt: skip
        told = [self.say(f"console.bind.count.{code}", count=count) for code, count in counts if count]
        return _SEPARATOR.join(told) or self.say("console.plans.point.as_template")

    def step_overrides(self, action: Action, binding: PlanBinding) -> str:
        """Return what a binding changes of one step, before and after; nothing when nothing."""
        if action.code in binding.left_out:
            return self.say("console.bind.is_left_out")
        unit, within = binding.units.get(action.code), binding.within_min.get(action.code)
        told = (
            self.say("console.bind.by", unit=self.who(unit), before=self.assigned(action)) if unit else "",
            self.say("console.bind.within", minutes=self.minutes(within), before=self.minutes(action.within_min))
            if within is not None else "",
            self.say("console.bind.says", before=self.written(action.text)) if action.code in binding.texts else "",
        )  # fmt: skip
        return _SEPARATOR.join(filter(None, told))

    def _point_lines(self, point: RiskPoint) -> list[SheetLine]:
        lines = [SheetLine(label=self.say("console.plans.point.place"), text=self.centre(point.centre))]
        lines += [SheetLine(label=self.attribute(code), text=text) for code, text in point.attributes.items()]
        if point.vitals:
            watched = self.between.join(map(self.vital, point.vitals))
            lines.append(SheetLine(label=self.say("console.plans.point.vitals"), text=watched))
        if point.owner_post:
            lines.append(SheetLine(label=self.say("console.plans.point.owner"), text=self.who(point.owner_post)))
        return lines

    def point_code(self, point: RiskPoint) -> str:
        """Return the code and kind of a risk point."""
        return self.say("console.plans.point.code", code=point.code, kind=point.kind)

    def differences(
        self, found: Iterable[Difference], numbers: Mapping[str, str] | None = None
    ) -> tuple[SheetSection, ...]:
        """Return what changed between two editions, before struck out by word, not by colour (P6). `numbers`: code of a
        step → its number in the edition that is looked at.
        """
        by_part: dict[str, list[SheetLine]] = {}
        for one in found:
            key = (numbers or {}).get(one.key, one.key) if one.part == "actions" else one.key
            before, after = self.written(one.before), self.written(one.after)
            shown = replace(one, key=key, before=before, after=after)
            by_part.setdefault(one.part, []).append(self._difference(shown))
        if not by_part:
            line = SheetLine(label="", text=self.say("console.plans.diff.none"))
            return (SheetSection(title=self.say("console.plans.diff.title"), lines=(line,)),)
        return tuple(
            SheetSection(title=self._part(part), lines=tuple(lines), note=str(len(lines)))
            for part, lines in by_part.items()
        )

    def _difference(self, one: Difference) -> SheetLine:
        if one.field and one.key:
            return SheetLine(label=one.key, text=self.say(
                "console.plans.diff.changed", field=self._part(one.field),
                before=one.before or "—", after=one.after or "—",
            ))  # fmt: skip
        if one.field:
            text = self.say("console.plans.diff.whole", before=one.before or "—", after=one.after or "—")
            return SheetLine(label="", text=text)
        added = not one.before
        said = "console.plans.diff.added" if added else "console.plans.diff.removed"
        colour = Colour.ACCENT if added else Colour.TEXT_SECOND
        return SheetLine(label=one.key, text=self.say(said, text=one.after or one.before), colour=colour)

    def _part(self, name: str) -> str:
        """Return what a field or module is called."""
        for said in (f"console.plans.module.{name}", f"console.plans.field.{name}"):
            if self.figures.texts.has(said):
                return self.say(said)
        return name

    def _overrides(
        self, binding: PlanBinding, texts: Mapping[str, str], numbers: Mapping[str, str]
    ) -> list[SheetLine]:  # fmt: skip
        def line(code: str, said: str, **params: object) -> SheetLine:
            return SheetLine(
                label=numbers.get(code, code),
                text=self.say(said, step=texts.get(code, code), **params),
                colour=Colour.ACCENT,
            )

        found = [line(code, "console.plans.point.unit", unit=self.who(unit)) for code, unit in binding.units.items()]
        found += [
            line(code, "console.plans.point.text", text=self.written(text)) for code, text in binding.texts.items()
        ]
        found += [
            line(code, "console.plans.point.within", minutes=self.minutes(minutes))
            for code, minutes in binding.within_min.items()
        ]
        found += [line(code, "console.plans.point.left_out") for code in binding.left_out]
        return found or [SheetLine(label="", text=self.say("console.plans.point.as_template"))]

    def _tier(self, tier: Tier, verdict: TierVerdict | None) -> SheetLine:
        said = _SEPARATOR.join(
            filter(None, (tier.name, self.conditions(tier.conditions), self.response(tier.response)))
        )
        if verdict is None:
            return SheetLine(label=tier.code, text=said)
        row = next((row for row in verdict.rows if row.tier == tier.code), None)
        mark = "decided" if tier.code == verdict.decided_by else row.verdict.value if row else "holds"
        text = self.say(f"console.plans.tier.{mark}", tier=said)
        in_force = tier.code in verdict.in_force
        colour = Colour.ACCENT if tier.code == verdict.decided_by else Colour.TEXT if in_force else Colour.TEXT_SECOND
        return SheetLine(label=tier.code, text=text, colour=colour)

    def _triggers(self, template: PlanTemplate) -> tuple[SheetLine, ...]:
        matter = SheetLine(label=self.say("console.plans.field.matter"), text=self.matter(template.matter))
        return (matter, *(SheetLine(label="", text=self.condition(one)) for one in template.triggers))

    def _actions(self, template: PlanTemplate) -> tuple[SheetLine, ...]:
        numbers = numbers_of(template.actions)
        return tuple(line for action in template.actions for line in self._action(action, numbers))

    def _action(self, action: Action, numbers: Mapping[str, str]) -> Iterator[SheetLine]:
        yield SheetLine(label=_joint(numbers[action.code], action.tier), text=self.written(action.text))
        yield SheetLine(label="", text=self.step_detail(action, numbers), colour=Colour.TEXT_SECOND)

    def _joined(self, names: tuple[str, ...]) -> tuple[SheetLine, ...]:
        return (SheetLine(label=str(len(names)), text=self.between.join(names)),) if names else ()

    def _section(self, module: str, lines: tuple[SheetLine, ...], note: str = "") -> SheetSection:
        return SheetSection(title=self.say(f"console.plans.module.{module}"), lines=lines, note=note)

    def _count(self, count: float, unit: str) -> str:
        return f"{count:g} {unit}".strip()

    def _conditions_of(self, text: str) -> str:
        """Return conditions as they are read; a text that is none is shown as it is."""
        try:
            return self.conditions(conditions_of(text))
        except Refused:
            return text

    def _param(self, name: str, value: str) -> str:
        if self.figures.texts.has(value):
            return self.say(value)
        match name:
            case "matter" | "asked":
                return self.matter(value)
            case "capability":
                return self.capability(value)
            case "attribute" | "attributes":
                return ", ".join(self.attribute(part.strip()) for part in value.split(","))
            case "condition" | "conditions":
                return self._conditions_of(value)
            case "vital":
                return self.vital(value)
            case "unit" | "leaves":
                return self.who(value)
            case "centre":
                return self.centre(value)
            case _:
                return value


def numbers_of(actions: Iterable[Action]) -> dict[str, str]:
    """Return the code of each action → its number in the plan, from 1."""
    return {action.code: str(place) for place, action in enumerate(actions, 1)}


def _joint(*parts: str) -> str:
    """Return the parts that say something, with dots between."""
    return _SEPARATOR.join(filter(None, parts))
