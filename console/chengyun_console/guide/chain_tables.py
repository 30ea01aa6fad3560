"""The handbook's tables of the chain and of a shift: deeds and who may, moves, grades, deadlines, reminders, hops."""

from collections.abc import Callable, Sequence

from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.table import ACTIONS
from chengyun_console.guide.keycaps import keys_of
from chengyun_console.guide.plan_tables import PLAN_TABLES
from chengyun_console.guide.posts import posts_of
from chengyun_console.guide.tables import GAVE_UP, heads, table
from chengyun_core.model.deadline_rules import RUNGS, TEMPLATES
from chengyun_core.model.event import EventState, Hop
from chengyun_core.model.event_rules import MOVES, WEIGHTY, Move, Need
from chengyun_core.model.hop_waterfall import BUDGETS
from chengyun_core.model.order import LADDER
from chengyun_core.model.scales import EventGrade
from chengyun_resources.texts import Texts

_MINUTE_S = 60
_GRADES = tuple(sorted(EventGrade, reverse=True))
_CITY_LEADS = EventGrade.MAJOR
"""From here on the city leads (条例 art. 34)."""
_TWO_PERSONS = EventGrade.EXTRAORDINARY
"""Every order of such an event is signed by two (T8)."""
_OF_A_SHIFT = (Where.HANDOVER, Where.WARNING)
_AND_ANYWHERE = ("handover.open", "warning.open", "mode.change")
"""What opens the sheets of a shift, from any page."""
_OPENS_THE_MODE = "warning.mode"
"""Opens the sheet of `mode.change`; who may switch is said there, not that everybody may look at it."""


def deeds_on_events(texts: Texts) -> str:
    """Return every deed on an event: key, what it does, who may."""
    return _deeds(texts, [action for action in ACTIONS if action.where is Where.EVENT])


def deeds_on_orders(texts: Texts) -> str:
    """Return every deed on an order or a receipt: key, what it does, who may."""
    return _deeds(texts, [action for action in ACTIONS if action.where is Where.ORDER])


def deeds_of_a_shift(texts: Texts) -> str:
    """Return every deed of a hand-over, of a warning with its call-out and of the mode: key, what it does, who may."""
    anywhere = [action for action in ACTIONS if action.id in _AND_ANYWHERE]
    there = [action for where in _OF_A_SHIFT for action in ACTIONS if action.where is where]
    return _deeds(texts, [*anywhere, *(action for action in there if action.id != _OPENS_THE_MODE)])


def _deeds(texts: Texts, actions: Sequence[Action]) -> str:
    rows = [(keys_of(action) or GAVE_UP, texts.say(action.title), _who(action, texts)) for action in actions]
    return table(heads(texts, "key", "does", "who"), rows)


def _who(action: Action, texts: Texts) -> str:
    return posts_of(action.permission, texts) if action.permission else texts.say("guide.post.everybody")


def moves(texts: Texts) -> str:
    """Return the moves of an event's life: from which states, to which, and what each asks for."""
    rows = [(texts.say(f"events.move.{move.value}"), *_ways(move, texts)) for move in Move if _from(move)]
    return table(heads(texts, "move", "from", "to", "needs"), rows)


def _from(move: Move) -> tuple[EventState, ...]:
    return tuple(state for state in EventState if (state, move) in MOVES)


def _ways(move: Move, texts: Texts) -> tuple[str, str, str]:
    between = texts.say("guide.between")
    states = _from(move)
    steps = [MOVES[state, move] for state in states]
    reached = dict.fromkeys(step.to for step in steps if step.to is not None)
    to = between.join(texts.say(f"event.state.{state.value}") for state in reached)
    needs: dict[Need, None] = dict.fromkeys(need for step in steps for need in step.needs)
    asked = between.join(texts.say(f"guide.need.{need.value}") for need in needs)
    named = between.join(texts.say(f"event.state.{state.value}") for state in states)
    stays = len(reached) == len(states) and all(step.to is state for state, step in zip(states, steps, strict=True))
    to = texts.say("guide.stays") if stays else to or texts.say("guide.before")
    return named, to, asked or GAVE_UP


def grades(texts: Texts) -> str:
    """Return the four grades, gravest first: their shape, when the first report is due, who leads, who signs."""
    rows = [
        (
            f"![{int(grade)}](mark:{int(grade)})", texts.say(f"event.grade.{grade.name.lower()}"),
            texts.say("guide.grade.hour" if grade >= WEIGHTY else "guide.grade.no_hour"),
            texts.say("guide.grade.city" if grade >= _CITY_LEADS else "guide.grade.district"),
            texts.say("guide.grade.two" if grade >= _TWO_PERSONS else "guide.grade.one"),
        )
        for grade in _GRADES
    ]  # fmt: skip
    return table(heads(texts, "shape_plain", "grade", "first_report", "leads", "signs"), rows)


def deadlines(texts: Texts) -> str:
    """Return the house's deadline templates, minutes after sending."""
    steps = [step for step in LADDER if any(step in template.minutes for template in TEMPLATES.values())]
    head = (*heads(texts, "template"), *(texts.say(f"receipt.step.{step.value}") for step in steps))
    rows = [
        (name, *(_minutes(template.minutes.get(step), texts) for step in steps)) for name, template in TEMPLATES.items()
    ]
    return table(head, rows)


def _minutes(given: float | None, texts: Texts) -> str:
    return GAVE_UP if given is None else texts.say("guide.minutes", minutes=f"{given:g}")


def rungs(texts: Texts) -> str:
    """Return how a silent recipient is called, each louder: at which second a signature due within a minute is."""
    rows = [
        (texts.say(f"receipt.rung.{rung.value}"), texts.say("guide.after_s", seconds=f"{_MINUTE_S * (1 + share):g}"))
        for rung, share in RUNGS
    ]
    return table(heads(texts, "rung", "at"), rows)


def hops(texts: Texts) -> str:
    """Return the hops of the chain with the time each is given, and from where it is counted."""
    rows = [(texts.say(f"event.hop.{hop.value}"), *_budget(hop, texts)) for hop in Hop]
    return table(heads(texts, "hop", "budget", "counted_from"), rows)


def _budget(hop: Hop, texts: Texts) -> tuple[str, str]:
    if hop not in BUDGETS:
        return GAVE_UP, GAVE_UP
    since, seconds = BUDGETS[hop]
    short = seconds < 2 * _MINUTE_S
    told = texts.say("guide.seconds", seconds=f"{seconds:g}") if short else _minutes(seconds / _MINUTE_S, texts)
    return told, texts.say(f"event.hop.{since.value}")


CHAIN_TABLES: dict[str, Callable[[Texts], str]] = {
    "deadlines": deadlines,
    "deeds_of_a_shift": deeds_of_a_shift,
    "deeds_on_events": deeds_on_events,
    "deeds_on_orders": deeds_on_orders,
    "grades": grades,
    "hops": hops,
    "moves": moves,
    "rungs": rungs,
    **PLAN_TABLES,
}
"""Marker in a chapter, `{{name}}` → the function that makes its text."""
