"""Events that may be the one being typed, with why; and what was read from the words told, with what decided."""

from chengyun_console.desk import Desk
from chengyun_console.wording.events import EventWords
from chengyun_core.model.dispatch_narrative import Reading
from chengyun_core.model.failure import Reason
from chengyun_core.wire.event_asks import SimilarEvents
from chengyun_widgets.fact_model import FactRow

MOST_MATTERS = 3


def near_rows(desk: Desk, told: SimilarEvents) -> list[FactRow]:
    """Return a row per candidate: title, number and state, how alike, and the reasons in the second line."""
    words = EventWords(desk.figures, desk.names)
    rows = []
    for found in told.found:
        event = found.event
        why = desk.say("console.names_between").join(_why(desk, words, reason) for reason in found.reasons)
        rows.append(
            FactRow(
                key=str(event.number), severity=words.severity(event), title=event.title,
                detail=f"{event.code} · {why}", age=words.age(event, desk.now_ns()),
                status=desk.figures.percent(found.score), badges=(words.state(event),),
            )
        )  # fmt: skip
    return rows


def read_lines(desk: Desk, reading: Reading) -> list[str]:
    """Return what the words seemed to say and the words that decided."""
    lines = []
    for guess in reading.matters[:MOST_MATTERS]:
        matter = desk.names.matter(guess.matter) if desk.names else None
        decided = desk.say("console.names_between").join(guess.words[:4])
        lines.append(
            desk.say("events.form.read", matter=matter.name if matter else guess.matter, words=decided,
                     percent=desk.figures.percent(guess.confidence))
        )  # fmt: skip
    return lines


def _why(desk: Desk, words: EventWords, reason: Reason) -> str:
    params = dict(reason.params)
    if "centre" in params and words.names is not None:
        params["centre"] = words.names.place(params["centre"])
    if "matter" in params and words.names is not None:
        matter = words.names.matter(params["matter"])
        params["matter"] = matter.name if matter else params["matter"]
    return desk.refusal(Reason(code=reason.code, params=params))
