"""Says the words of a reason: its parameters that are states, steps, moves and deeds, in an officer's language."""

from collections.abc import Mapping

from chengyun_resources.texts import Texts

WORDS: dict[tuple[str, str], str] = {
    ("heard.channel", "channel"): "channel.",
    ("room.member_move", "move"): "word.member_move.",
    ("room.member_move", "state"): "word.member_state.",
    ("alarm", "state"): "console.state.",
    ("approval", "state"): "word.approval.",
    ("device", "move"): "device.move.",
    ("device", "stage"): "device.stage.",
    ("drawing", "kind"): "drawing.kind.",
    ("event", "before"): "event.grade.",
    ("evidence", "kind"): "evidence.kind.",
    ("event", "factor"): "event.factor.",
    ("event", "grade"): "event.grade.",
    ("event", "move"): "events.move.",
    ("event", "state"): "event.state.",
    ("event", "suggested"): "event.grade.",
    ("glass.code_ended", "state"): "word.glass_code.",
    ("label", "label"): "word.label.",
    ("map", "kind"): "map.kind.",
    ("map", "wanted"): "map.kind.",
    ("map.nothing_taken", "why"): "map.why.",
    ("mode", "mode"): "word.mode.",
    ("mode", "state"): "word.mode_state.",
    ("mode.order_answered", "state"): "word.mode_order.",
    ("handover.next.event", "state"): "event.state.",
    ("onvif.malformed", "reason"): "word.onvif.",
    ("order", "state"): "order.state.",
    ("order", "step"): "receipt.step.",
    ("order", "what"): "word.deed.",
    ("order.under_way", "state"): "receipt.state.",
    ("plan", "state"): "console.plans.state.",
    ("plan", "what"): "word.deed.",
    ("plan.ended", "state"): "word.run.",
    ("plan.step_not_so", "state"): "word.run_step.",
    ("platform.malformed", "reason"): "word.platform.",
    ("receipt", "move"): "word.receipt_move.",
    ("receipt", "state"): "receipt.state.",
    ("receipt", "step"): "receipt.step.",
    ("receipt", "what"): "word.deed.",
    ("receipt.not_by", "who"): "word.receipt_by.",
    ("receipt.request_decided", "state"): "request.state.",
    ("repair", "move"): "repair.move.",
    ("repair", "state"): "repair.state.",
    ("shift", "state"): "word.shift.",
    ("supervision.nothing_left", "reason"): "word.left.",
    ("threshold", "move"): "word.threshold_move.",
    ("threshold", "state"): "word.threshold.",
    ("timeline.drawing.change", "kind"): "drawing.kind.",
    ("timeline.drawing.change", "meaning"): "drawing.meaning.",
    ("timeline.drawing.erase", "kind"): "drawing.kind.",
    ("timeline.drawing.erase", "meaning"): "drawing.meaning.",
    ("timeline.drawing.put", "kind"): "drawing.kind.",
    ("timeline.drawing.put", "meaning"): "drawing.meaning.",
    ("timeline.duty.presence", "presence"): "word.presence.",
    ("timeline.room.share", "share"): "word.shared.",
    ("timeline.room.vote", "stance"): "word.stance.",
    ("timeline.session.end", "reason"): "word.session_end.",
    ("unit", "state"): "word.unit.",
    ("warning", "colour"): "warning.colour.",
    ("warning", "state"): "warning.state.",
}
"""(Reason or what its code begins with, parameter) → what the code of the parameter's word begins with."""


def params_of(texts: Texts, code: str, params: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of a reason as words; what has none (a number, a name, a file) stays as it is."""
    return {name: _said(texts, code, name, value) for name, value in params.items()}


def left_word(texts: Texts, code: str) -> str:
    """Return in short why a deed on many left one out; the whole sentence where there is no short one."""
    short = f"word.left.{code}"
    return texts.say(short if texts.has(short) else code)


def _said(texts: Texts, code: str, name: str, value: str) -> str:
    begins = WORDS.get((code, name)) or WORDS.get((code.partition(".")[0], name))
    candidates = (f"{begins}{value}", value) if begins else (value,)
    # A parameter may be a code itself; whatever has no sentence is shown as it came, never hidden.
    return next((texts.say(each) for each in candidates if each and texts.has(each)), value)
