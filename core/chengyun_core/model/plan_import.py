"""Tables of a library to templates, risk points and bindings, with every unacceptable cell told; and back to tables."""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from chengyun_core.model.catalogue_rows import CellFault, Faults, Row, Rows, rows_of
from chengyun_core.model.catalogue_tables import Tables
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.plan import (
    Action,
    Condition,
    DoneBy,
    PlanBinding,
    PlanState,
    PlanTemplate,
    Resource,
    RiskPoint,
    StopRule,
    Tier,
)
from chengyun_core.model.plan_check import Known, faults_of
from chengyun_core.model.plan_conditions import conditions_of
from chengyun_core.model.plan_tables import PLAN_TABLES
from chengyun_core.model.scales import ResponseLevel

MOST_FAULTS = 200
BAR = "|"
_PLACED = ("risk_points", "bindings", "overrides")
"""Tables that replace what there is, together: a binding without its risk point means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What an import brings. `points` and `bindings` None: they were not brought and stay as they are."""

    templates: tuple[PlanTemplate, ...] = ()
    points: tuple[RiskPoint, ...] | None = None
    bindings: tuple[PlanBinding, ...] | None = None
    warnings: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the library holds before the import."""

    templates: Mapping[tuple[str, int], PlanTemplate] = field(default_factory=dict)
    """(code, edition) → template."""
    capabilities: frozenset[str] = frozenset()
    """What units of the catalogue can do."""


def read(tables: Tables, known: Known, held: Held) -> tuple[Library, list[CellFault]]:
    """Return what tables bring and every reason why they cannot be taken; with any reason nothing may be taken."""
    faults = Faults(MOST_FAULTS, PLAN_TABLES)
    rows = rows_of(tables, faults, PLAN_TABLES)
    _check_keys(rows, faults)
    parts = _Parts(rows, faults)
    templates = tuple(parts.template(row) for row in rows["templates"])
    _check_templates(rows, templates, known, faults)
    _check_editions(rows, templates, held, faults)
    points = tuple(parts.point(row, known) for row in rows["risk_points"])
    bindings = parts.bindings({one.code: one for one in templates}, held, {one.code for one in points})
    placed = any(name in tables for name in _PLACED)
    if placed and not {"risk_points", "bindings"} <= tables.keys():
        faults.add("bindings", 0, "", "", "plan.points_and_bindings")
    library = Library(
        templates=templates, points=points if placed else None, bindings=bindings if placed else None,
        warnings=tuple(_warnings(templates, held, known)),
    )  # fmt: skip
    return library, faults.listed()


def same_plan(one: PlanTemplate, other: PlanTemplate) -> bool:
    """Return whether two editions say the same, whoever wrote and approved them when."""
    return _bare(one) == _bare(other)


class _Parts:
    """Makes records of rows; a cell that makes none is told and left out."""

    def __init__(self, rows: Rows, faults: Faults) -> None:
        self._rows = rows
        self._faults = faults
        self._of: dict[str, dict[str, list[Row]]] = {}
        for name in ("tiers", "actions", "resources", "messages", "stop_rules"):
            for row in rows[name]:
                self._of.setdefault(name, {}).setdefault(row.text("template"), []).append(row)

    def template(self, row: Row) -> PlanTemplate:
        code = row.text("code")
        return PlanTemplate(
            code=code, edition=row.count("edition", 1), name=row.text("name"), matter=row.text("matter"),
            state=PlanState(row.text("state") or "draft"), triggers=self._conditions(row, "triggers"),
            tiers=tuple(self._tier(one) for one in self._part("tiers", code)),
            actions=tuple(self._action(one) for one in self._part("actions", code)),
            parties=bars(row.text("parties")),
            resources=tuple(_resource(one) for one in self._part("resources", code)),
            cameras=bars(row.text("cameras")), layers=bars(row.text("layers")),
            messages={one.text("to"): one.text("text") for one in self._part("messages", code)},
            stop_rules=tuple(self._stop_rule(one) for one in self._part("stop_rules", code)),
            valid_from=row.text("valid_from"), valid_to=row.text("valid_to"), drilled=row.text("drilled"),
            written_by=row.text("written_by"), approved_by=row.text("approved_by"),
        )  # fmt: skip

    def point(self, row: Row, known: Known) -> RiskPoint:
        self._dangling(row, "centre", (row.text("centre"),), known.centres)
        self._dangling(row, "vitals", bars(row.text("vitals")), known.vitals)
        if (row.figure("longitude") is None) is not (row.figure("latitude") is None):
            self._fault(row, "latitude", "plan.half_a_place")
        return RiskPoint(
            code=row.text("code"), name=row.text("name"), centre=row.text("centre"), kind=row.text("kind"),
            longitude=row.figure("longitude"), latitude=row.figure("latitude"),
            attributes=self._attributes(row), vitals=bars(row.text("vitals")), owner_post=row.text("owner_post"),
        )  # fmt: skip

    def bindings(
        self, brought: Mapping[str, PlanTemplate], held: Held, points: set[str]
    ) -> tuple[PlanBinding, ...]:  # fmt: skip
        actions = {code: {one.code for one in template.actions} for (code, _), template in held.templates.items()}
        actions |= {code: {one.code for one in template.actions} for code, template in brought.items()}
        made: dict[tuple[str, str], _Bound] = {}
        for row in self._rows["bindings"]:
            key = row.text("risk_point"), row.text("template")
            self._dangling(row, "risk_point", key[:1], points, refers="risk_points")
            self._dangling(row, "template", key[1:], actions.keys(), refers="templates")
            made[key] = _Bound(cameras=bars(row.text("cameras")))
        for row in self._rows["overrides"]:
            self._override(row, made.get((row.text("risk_point"), row.text("template"))), actions)
        return tuple(bound.binding(*key) for key, bound in made.items())

    def _override(self, row: Row, bound: "_Bound | None", actions: Mapping[str, set[str]]) -> None:
        action = row.text("action")
        if bound is None:
            self._fault(row, "template", "plan.override_unbound", point=row.text("risk_point"))
            return
        if action not in actions.get(row.text("template"), {action}):
            self._fault(row, "action", "catalogue.dangling", refers="actions")
        within = row.figure("within_min")
        if row.values.get("left_out") is True:
            bound.left_out.append(action)
        if within is not None:
            bound.within_min[action] = within
        for column, kept in (("unit", bound.units), ("text", bound.texts)):
            if row.text(column):
                kept[action] = row.text(column)

    def _tier(self, row: Row) -> Tier:
        level = row.count("response", 0)
        return Tier(
            code=row.text("code"), name=row.text("name"), conditions=self._conditions(row, "conditions"),
            response=ResponseLevel(level) if level else None,
        )  # fmt: skip

    def _action(self, row: Row) -> Action:
        conditions = self._conditions(row, "condition")
        if len(conditions) > 1:
            self._fault(row, "condition", "plan.one_condition")
        within = row.figure("within_min")
        return Action(
            code=row.text("code"), text=row.text("text"), tier=row.text("tier"), capability=row.text("capability"),
            unit=row.text("unit"), lead=row.values.get("lead") is True, within_min=30.0 if within is None else within,
            after=bars(row.text("after")), done_by=DoneBy(row.text("done_by") or "receipt"),
            reached=row.text("reached") or "fed_back", vital=row.text("vital"),
            condition=conditions[0] if conditions else None, critical=row.text("critical"),
            order_template=row.text("order_template"),
        )  # fmt: skip

    def _stop_rule(self, row: Row) -> StopRule:
        conditions = self._conditions(row, "condition")
        if len(conditions) > 1:
            self._fault(row, "condition", "plan.one_condition")
        return StopRule(
            text=row.text("text"), condition=conditions[0] if conditions else None,
            raises_tier=row.values.get("raises_tier") is True,
        )  # fmt: skip

    def _part(self, table: str, template: str) -> Iterable[Row]:
        return self._of.get(table, {}).get(template, ())

    def _conditions(self, row: Row, column: str) -> tuple[Condition, ...]:
        try:
            return conditions_of(row.text(column))
        except Refused as no:
            self._fault(row, column, no.reason.code, **no.reason.params)
            return ()

    def _attributes(self, row: Row) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in unicodedata.normalize("NFKC", row.text("attributes")).split(";"):
            code, sign, value = (piece.strip() for piece in part.partition("="))
            if sign and code and value:
                found[code] = value
            elif part.strip():
                self._fault(row, "attributes", "plan.attribute_unreadable", part=part.strip())
        return found

    def _dangling(self, row: Row, column: str, codes: Iterable[str], among: Collection[str], refers: str = "") -> None:
        """Tell codes that are not there; a table the catalogue does not keep knows nothing and refuses nothing."""
        for code in codes:
            if code and code not in among and (among or refers):
                self._fault(row, column, "catalogue.dangling", refers=refers or _OF_CITY[column])

    def _fault(self, row: Row, column: str, code: str, **params: object) -> None:
        self._faults.add(row.table.name, row.line, column, row.text(column), code, **params)


_OF_CITY = {"centre": "centres", "vitals": "vitals"}


@dataclass(slots=True, kw_only=True)
class _Bound:
    """A binding in the making."""

    cameras: tuple[str, ...]
    units: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    within_min: dict[str, float] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def binding(self, risk_point: str, template: str) -> PlanBinding:
        return PlanBinding(
            risk_point=risk_point, template=template, units=self.units, texts=self.texts, within_min=self.within_min,
            left_out=tuple(self.left_out), cameras=self.cameras,
        )  # fmt: skip


def bars(text: str) -> tuple[str, ...]:
    """Return the parts of a cell that holds several, separated by bars."""
    return tuple(part.strip() for part in unicodedata.normalize("NFKC", text).split(BAR) if part.strip())


def _resource(row: Row) -> Resource:
    count = row.figure("count")
    return Resource(
        name=row.text("name"), count=1.0 if count is None else count, unit=row.text("unit"), where=row.text("where")
    )


def _check_keys(rows: Rows, faults: Faults) -> None:
    """Tell keys that come again, and parts of templates that are not there."""
    templates = {row.text("code") for row in rows["templates"]}
    for name, found in rows.items():
        first: dict[tuple[str, ...], Row] = {}
        for row in found:
            key = row.key()
            if key is None:
                continue
            earlier = first.setdefault(key, row)
            if earlier is not row:
                column = row.table.key[-1]
                faults.add(name, row.line, column, key[-1], "catalogue.duplicate", key=".".join(key),
                           first=earlier.line)  # fmt: skip
        if any(column.refers == "templates" for column in PLAN_TABLES[name].columns):
            for row in found:
                if (code := row.text("template")) not in templates:
                    faults.add(name, row.line, "template", code, "catalogue.dangling", refers="templates")


def _check_templates(rows: Rows, templates: Iterable[PlanTemplate], known: Known, faults: Faults) -> None:
    """Tell what keeps each template from running, on the line that says it."""
    lines = {(name, row.text("template"), row.text(PLAN_TABLES[name].key[-1])): row.line
             for name in ("tiers", "actions", "messages") for row in rows[name]}  # fmt: skip
    heads = {row.text("code"): row.line for row in rows["templates"]}
    for template in templates:
        for one in faults_of(template, known):
            line = lines.get((one.table, template.code, one.key), heads[template.code])
            faults.add(one.table, line, one.column, one.value, one.code, **one.params)


def _check_editions(rows: Rows, templates: Iterable[PlanTemplate], held: Held, faults: Faults) -> None:
    """Tell editions that would change history: what was in force is never rewritten (P6)."""
    line = {row.text("code"): row.line for row in rows["templates"]}
    for template in templates:
        known = held.templates.get((template.code, template.edition))
        told = _telling(faults, line[template.code], template)
        if known is not None and known.state is not PlanState.DRAFT and not same_plan(known, template):
            told("edition", str(template.edition), "plan.edition_not_draft", state=known.state.value)
        if template.state is PlanState.IN_FORCE and not template.approved_by:
            told("approved_by", "", "plan.not_approved")
        newest = max((edition for (code, edition), one in held.templates.items()
                      if code == template.code and one.state is PlanState.IN_FORCE), default=0)  # fmt: skip
        if template.state is PlanState.IN_FORCE and template.edition < newest:
            told("edition", str(template.edition), "plan.edition_older", newest=newest)


def _telling(faults: Faults, line: int, template: PlanTemplate) -> Callable[..., None]:
    """Return what tells a fault of a template's head."""

    def told(column: str, value: str, code: str, **params: object) -> None:
        faults.add("templates", line, column, value, code, template=template.code, **params)

    return told


def _warnings(templates: Iterable[PlanTemplate], held: Held, known: Known) -> Iterable[Reason]:
    """Yield what is no fault but a gap: a capability that no unit of the city has."""
    if not known.units:
        return
    asked: dict[str, list[str]] = {}
    for template in templates:
        for action in template.actions:
            if action.capability and not action.unit and action.capability not in held.capabilities:
                asked.setdefault(action.capability, []).append(template.code)
    for capability, codes in sorted(asked.items()):
        told = {"capability": capability, "count": str(len(codes)), "first": codes[0]}
        yield Reason(code="plan.capability_missing", params=told)


def _bare(template: PlanTemplate) -> tuple[object, ...]:
    ignored = {"state", "written_by", "approved_by", "approved_at", "version", "drilled"}
    return tuple(getattr(template, name) for name in PlanTemplate.__dataclass_fields__ if name not in ignored)
