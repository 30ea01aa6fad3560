"""A binding as it is written: what differs at one risk point from the plan bound there. No Qt."""

from dataclasses import replace

import msgspec

from chengyun_core.model.plan import Action, PlanBinding, PlanTemplate


def with_unit(binding: PlanBinding, action: Action, unit: str) -> PlanBinding:
    """Return the binding with who does a step here; the plan's own unit, or nobody, is no difference."""
    return replace(binding, units=_put(binding.units, action.code, unit, differs=bool(unit) and unit != action.unit))


def with_text(binding: PlanBinding, action: Action, text: str) -> PlanBinding:
    """Return the binding with what a step says here; the plan's own words, or none, are no difference."""
    differs = bool(text.strip()) and text.strip() != action.text
    return replace(binding, texts=_put(binding.texts, action.code, text.strip(), differs=differs))


def with_minutes(binding: PlanBinding, action: Action, minutes: float | None) -> PlanBinding:
    """Return the binding with the time a step has here; the plan's own, or none, is no difference."""
    differs = minutes is not None and minutes != action.within_min
    kept = {code: value for code, value in binding.within_min.items() if code != action.code}
    return replace(binding, within_min={**kept, action.code: minutes} if differs and minutes is not None else kept)


def with_cameras(binding: PlanBinding, cameras: tuple[str, ...]) -> PlanBinding:
    """Return the binding with the cameras to look at here."""
    return replace(binding, cameras=cameras)


def with_left_out(binding: PlanBinding, action: Action, *, is_left_out: bool) -> PlanBinding:
    """Return the binding with a step that does not apply here, or applies again."""
    rest = tuple(code for code in binding.left_out if code != action.code)
    return replace(binding, left_out=(*rest, action.code) if is_left_out else rest)


def of_template(binding: PlanBinding, template: PlanTemplate) -> PlanBinding:
    """Return the binding without differences of steps the edition no longer has: they would be refused."""
    codes = {action.code for action in template.actions}

    def kept(values: dict[str, str]) -> dict[str, str]:
        return {code: value for code, value in values.items() if code in codes}

    return replace(
        binding, units=kept(binding.units), texts=kept(binding.texts),
        within_min={code: value for code, value in binding.within_min.items() if code in codes},
        left_out=tuple(code for code in binding.left_out if code in codes),
    )  # fmt: skip


def lost(binding: PlanBinding, template: PlanTemplate) -> tuple[str, ...]:
    """Return the codes of steps that the binding speaks of and the edition no longer has."""
    codes = {action.code for action in template.actions}
    named = (*binding.units, *binding.texts, *binding.within_min, *binding.left_out)
    return tuple(dict.fromkeys(code for code in named if code not in codes))


def kept(binding: PlanBinding) -> str:
    """Return a binding as a text for the draft's file."""
    return msgspec.json.encode(binding).decode()


def unkept(text: str) -> PlanBinding | None:
    """Return the binding in such a text, None when it is none (any more)."""
    try:
        return msgspec.json.decode(text, type=PlanBinding)
    except msgspec.MsgspecError:
        return None


def _put(values: dict[str, str], code: str, value: str, *, differs: bool) -> dict[str, str]:
    rest = {known: held for known, held in values.items() if known != code}
    return {**rest, code: value} if differs else rest
