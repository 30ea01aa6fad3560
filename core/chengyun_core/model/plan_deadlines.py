"""Until when the order of a plan's step must be where the step asks: the deadline its receipts run against."""

from chengyun_core.model.deadline_rules import LONGEST_MIN
from chengyun_core.model.order import Step
from chengyun_core.model.plan import Action, DoneBy


def within_of(action: Action) -> dict[Step, float]:
    """Return step of the ladder → minutes after sending, for `OrderDraft.within`.

    A step that a receipt ends gives its minutes to the rung it asks for. One that a vital or a hand ends gives them to
    the feedback: whoever does it must have said by then that it is done. That a feedback was checked is the officer's
    own doing, so no recipient is held to it.
    """
    reached = Step(action.reached) if action.done_by is DoneBy.RECEIPT else Step.FED_BACK
    if reached is Step.SENT:
        return {}
    return {Step.FED_BACK if reached is Step.CHECKED else reached: min(action.within_min, LONGEST_MIN)}
