"""Whom dispatch proposes, in rows: picks with what speaks for them, rejections with what stood in the way, gaps."""

from collections.abc import Mapping, Sequence

from chengyun_console.wording.orders import OrderWords
from chengyun_core.model.dispatch import Unit
from chengyun_core.model.dispatch_call import VERTICAL, Judged, Need, Proposal
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Role
from chengyun_core.model.places import Post
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow

MOST_REJECTED = 40
_BETWEEN = " · "


def rows(
    words: OrderWords, proposal: Proposal, chosen: Mapping[str, Role], extra: Sequence[Unit | Post]
) -> list[FactRow]:
    """Return all rows: who is chosen or picked, gaps, who could come, then everybody else who was weighed.

    `extra`: units and posts the officer looks for by name, which dispatch did not weigh.
    """
    judged = _first_of(proposal.picks + proposal.rejections)
    picked = {each.unit for each in proposal.picks}
    made = [_row(words, each, chosen) for each in judged if each.unit in picked or each.unit in chosen]
    made += [_plain(words, unit, chosen) for unit in extra if unit.code not in {each.unit for each in judged}]
    made += [_gap(words, at, each.need, each.reason) for at, each in enumerate(proposal.shortfalls)]
    rest = [each for each in judged if each.unit not in picked and each.unit not in chosen]
    if rest:
        made.append(_heading("rejected", words.say("tasks.compose.rejected", count=len(rest))))
        made += [_row(words, each, chosen) for each in rest[:MOST_REJECTED]]
    if proposal.move_ups:
        made.append(_heading("move_ups", words.say("tasks.compose.move_ups")))
        made += [
            FactRow(
                key=f"move:{at}:{each.unit}", severity=Severity.NONE, title=each.name, detail=said(words, each.reason),
                age=_minutes(words, each.minutes), badges=(words.place(each.centre),),
            )
            for at, each in enumerate(proposal.move_ups)
        ]  # fmt: skip
    return made


def said(words: OrderWords, reason: Reason) -> str:
    """Return a reason's sentence; parameters that are codes themselves are said too."""
    params = {name: _capability(words, text) if name == "capability" else _word(words, text)
              for name, text in reason.params.items()}  # fmt: skip
    return words.say(reason.code, **params)


def _word(words: OrderWords, text: str) -> str:
    return words.say(text) if words.figures.texts.has(text) else text


def _capability(words: OrderWords, code: str) -> str:
    """Return what a capability is called; one this house has no word for is shown as its code."""
    said_so = f"console.capability.{code}"
    return words.say(said_so) if words.figures.texts.has(said_so) else code


def load(words: OrderWords, judged: Judged) -> str:
    """Return open receipts and capacity."""
    return words.say("tasks.compose.load", load=judged.load, capacity=judged.capacity)


def _row(words: OrderWords, judged: Judged, chosen: Mapping[str, Role]) -> FactRow:
    axis = "vertical" if judged.kind in VERTICAL else "horizontal"
    role = chosen.get(judged.unit)
    return FactRow(
        key=judged.unit,
        severity=Severity.NONE,
        title=judged.name,
        detail=_BETWEEN.join(said(words, reason) for reason in judged.reasons),
        age=_minutes(words, judged.minutes),
        status=_mark(words, role) or load(words, judged),
        status_colour=Colour.ACCENT if role is not None else Colour.TEXT_SECOND,
        badges=(words.say(f"tasks.compose.{axis}"), *((load(words, judged),) if role is not None else ())),
        spoken=f"{judged.name} {_mark(words, role)}",
    )


def _plain(words: OrderWords, unit: Unit | Post, chosen: Mapping[str, Role]) -> FactRow:
    role = chosen.get(unit.code)
    return FactRow(
        key=unit.code,
        severity=Severity.NONE,
        title=unit.name,
        detail=words.say("tasks.compose.by_name", place=words.place(unit.centre)),
        status=_mark(words, role),
        status_colour=Colour.ACCENT,
        badges=(words.say(_axis(unit)),),
    )


def _axis(unit: Unit | Post) -> str:
    if not isinstance(unit, Unit):
        return "tasks.compose.post"
    return "tasks.compose.vertical" if unit.kind in VERTICAL else "tasks.compose.horizontal"


def _gap(words: OrderWords, at: int, need: Need, reason: Reason) -> FactRow:
    what = _capability(words, need.capability) if need.capability else words.who(need.unit) if need.unit else ""
    return FactRow(
        key=f"gap:{at}",
        severity=Severity.NONE,
        title=words.say("tasks.compose.gap", what=what),
        detail=said(words, reason),
        status=words.say("tasks.compose.nobody"),
        status_colour=Colour.TEXT,
    )


def _mark(words: OrderWords, role: Role | None) -> str:
    return words.say("tasks.compose.chosen", role=words.say(f"receipt.role.{role.value}")) if role is not None else ""


def _minutes(words: OrderWords, minutes: float | None) -> str:
    return words.say("tasks.compose.minutes", minutes=f"{minutes:.0f}") if minutes is not None else ""


def _heading(key: str, title: str) -> FactRow:
    return FactRow(key=f"heading:{key}", severity=Severity.NONE, title=title, is_heading=True)


def _first_of(judged: Sequence[Judged]) -> list[Judged]:
    """Return each unit once, as it was weighed first: a unit may be weighed for several needs."""
    found: dict[str, Judged] = {}
    for each in judged:
        found.setdefault(each.unit, each)
    return list(found.values())
