"""The tables a library of plans is imported from and exported to (P1, P2): each column with type, limits, meaning."""

from chengyun_core.model import plan
from chengyun_core.model.catalogue_tables import Cell, Column, Table
from chengyun_core.model.order import Step

MOST_ACTIONS = 200
"""Actions of one template: more than any officer could follow, and few enough to be drawn."""
LONGEST_MIN = 60 * 24 * 366
CRITICAL = ("evacuation", "closure", "red_warning", "extraordinary")
"""As model.order.Order.critical."""


def _code(name: str, meaning: str, *, required: bool = True, refers: str = "") -> Column:
    return Column(name=name, kind=Cell.CODE, meaning=meaning, required=required, refers=refers, longest=64)


def _text(name: str, meaning: str, *, required: bool = False, longest: int = 200) -> Column:
    return Column(name=name, kind=Cell.TEXT, meaning=meaning, required=required, longest=longest)


def _degrees(name: str, meaning: str, most: float) -> Column:
    return Column(name=name, kind=Cell.NUMBER, meaning=meaning, low=-most, high=most)


def _minutes(meaning: str) -> Column:
    return Column(name="within_min", kind=Cell.NUMBER, meaning=meaning, above=0.0, high=LONGEST_MIN)


def _day(name: str, meaning: str) -> Column:
    return Column(name=name, kind=Cell.DATE, meaning=meaning)


_TEMPLATE = _code("template", "code of its template", refers="templates")
_NAME = _text("name", "what officers read", required=True)
_CONDITION = "`diameter_mm < 500; material in iron|PE`: all must hold"

TEMPLATES = Table(
    name="templates",
    record=plan.PlanTemplate,
    key=("code",),
    meaning="Plans as they are written: one edition of each.",
    columns=(
        _code("code", "code"),
        Column(name="edition", kind=Cell.INTEGER, meaning="1, 2, …; one in force is never changed", required=True,
               low=1, high=9999),
        _NAME,
        _code("matter", "matter it answers, of the catalogue"),
        Column(name="state", kind=Cell.TEXT, meaning="draft (default), or in_force with who approved it",
               words=("draft", "in_force")),
        _text("triggers", f"what must hold of an event besides its matter, {_CONDITION}", longest=1000),
        _text("parties", "posts that are told when it starts; bars between", longest=1000),
        _text("cameras", "cameras to look at; bars between", longest=1000),
        _text("layers", "map layers to show; bars between", longest=1000),
        _day("valid_from", "first day of validity, empty: since always"),
        _day("valid_to", "first day no longer valid, empty: until further notice"),
        _day("drilled", "day of the last drill; older than twelve months is flagged"),
        _text("written_by", "who wrote it"),
        _text("approved_by", "who approved it, or by which document"),
    ),
    optional=True,
)  # fmt: skip
TIERS = Table(
    name="tiers",
    record=plan.Tier,
    key=("template", "code"),
    meaning="Decision tables: rows are additive in the file's order, the last row that holds decides.",
    columns=(
        _TEMPLATE,
        _code("code", "code within the template"),
        _NAME,
        _text("conditions", f"{_CONDITION}; empty: always", longest=1000),
        Column(name="response", kind=Cell.INTEGER, meaning="level of response, 1 is the strongest", low=1, high=4),
    ),
    optional=True,
)
ACTIONS = Table(
    name="actions",
    record=plan.Action,
    key=("template", "code"),
    meaning="Steps of the plans: who does what, by when, after what, and what ends it.",
    columns=(
        _TEMPLATE,
        _code("code", "code within the template"),
        _text("text", "what is to be done, with {place}, {title} and the like", required=True, longest=1000),
        _code("tier", "tier that brings it, empty: always", required=False),
        _code("capability", "what a unit must be able to do, `repair.water`", required=False),
        _code("unit", "the unit itself, instead of a capability", required=False),
        Column(name="lead", kind=Cell.FLAG, meaning="true: this unit leads (default false)"),
        _minutes("minutes within which it is to end (default 30)"),
        _text("after", "codes of the steps it comes after; bars between", longest=1000),
        Column(name="done_by", kind=Cell.TEXT, meaning="what ends it (default receipt)",
               words=tuple(by.value for by in plan.DoneBy)),
        Column(name="reached", kind=Cell.TEXT, meaning="step of the receipt that ends it (default fed_back)",
               words=tuple(step.value for step in Step)),
        _code("vital", "vital that ends it; empty: those of the risk point", required=False),
        _text("condition", "on that vital: `value >= 0.25`, `band in none`", longest=200),
        Column(name="critical", kind=Cell.TEXT, meaning="why its order needs two persons", words=CRITICAL),
        _text("order_template", "template of deadlines, empty: the house's own", longest=64),
    ),
    optional=True,
)  # fmt: skip
RESOURCES = Table(
    name="resources",
    record=plan.Resource,
    key=("template", "name"),
    meaning="Material and teams the plans count on.",
    columns=(
        _TEMPLATE,
        _NAME,
        Column(name="count", kind=Cell.NUMBER, meaning="how many (default 1)", low=0),
        _text("unit", "of what", longest=16),
        _text("where", "where it is kept"),
    ),
    optional=True,
)
MESSAGES = Table(
    name="messages",
    record=dict,
    key=("template", "to"),
    meaning="Texts that are ready to be sent when a plan starts.",
    columns=(
        _TEMPLATE,
        _text("to", "whom to tell", required=True),
        _text("text", "text with {place}, {title}, {grade} and the like", required=True, longest=1000),
    ),
    optional=True,
)
STOP_RULES = Table(
    name="stop_rules",
    record=plan.StopRule,
    key=("template", "text"),
    meaning="When a response is to end, or to go a tier up.",
    columns=(
        _TEMPLATE,
        _text("text", "in words", required=True, longest=500),
        _text("condition", f"{_CONDITION}; on an attribute of the event, or on a vital by its code", longest=500),
        Column(name="raises_tier", kind=Cell.FLAG, meaning="true: go a tier up; false: end (default false)"),
    ),
    optional=True,
)
RISK_POINTS = Table(
    name="risk_points",
    record=plan.RiskPoint,
    key=("code",),
    meaning="Risk points: places that can go wrong, with what is known of them.",
    columns=(
        _code("code", "code"),
        _NAME,
        _code("centre", "centre in whose area it lies, of the catalogue"),
        _text("kind", "kind of risk point", required=True, longest=64),
        _degrees("longitude", "degrees east", 180),
        _degrees("latitude", "degrees north", 90),
        _text("attributes", "measured attributes: `diameter_mm=400; material=iron`", longest=2000),
        _text("vitals", "vitals that watch it, of the catalogue; bars between", longest=1000),
        _code("owner_post", "post that answers for it", required=False),
    ),
    optional=True,
)
BINDINGS = Table(
    name="bindings",
    record=plan.PlanBinding,
    key=("risk_point", "template"),
    meaning="Which plan belongs to which risk point.",
    columns=(
        _code("risk_point", "its risk point", refers="risk_points"),
        _code("template", "its template, of this import or of the library"),
        _text("cameras", "cameras to look at here; bars between", longest=1000),
    ),
    optional=True,
)
OVERRIDES = Table(
    name="overrides",
    record=plan.PlanBinding,
    key=("risk_point", "template", "action"),
    meaning="What differs at a risk point from the template bound to it.",
    columns=(
        _code("risk_point", "its risk point", refers="risk_points"),
        _code("template", "template that is bound there"),
        _code("action", "action of the template"),
        _code("unit", "unit that does it here", required=False),
        _text("text", "what is to be done here", longest=1000),
        _minutes("minutes within which it is to end here"),
        Column(name="left_out", kind=Cell.FLAG, meaning="true: it does not apply here"),
    ),
    optional=True,
)

PLAN_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        TEMPLATES, TIERS, ACTIONS, RESOURCES, MESSAGES, STOP_RULES, RISK_POINTS, BINDINGS, OVERRIDES,
    )
}  # fmt: skip
"""All tables of a library by name. Risk points, bindings and overrides replace those there are when they are brought,
and stay when they are not; templates are added, edition by edition."""
