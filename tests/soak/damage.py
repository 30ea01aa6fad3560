"""The soak's part of damaged databases: bytes flipped and files cut off at random places, and the control."""

from tests.faults import damage
from tests.soak.verdict import Asked, Verdict

FULL, QUICK = 500, 20
CONTROL = 60
"""Cases of the control, whose eyes are shut: some of them must pass in silence."""


def run(asked: Asked) -> Verdict:
    """Run the part."""
    found = damage.run(asked.counted(FULL, QUICK), asked.seed)
    control = damage.run(CONTROL, asked.seed, watching=False)
    counts: dict[str, object] = {
        "cases": found.cases, "harmless": found.harmless, "healed": found.healed, "told": found.told,
        "refused with a reason": found.refused, "accepted in silence": len(found.silent),
        "crashes": len(found.crashed), "control, accepted in silence": f"{len(control.silent)} of {control.cases}",
    }  # fmt: skip
    faults = [*(f"in silence: {what}" for what in found.silent), *(f"crashed: {what}" for what in found.crashed)]
    if not found.sound and not faults:
        faults.append("not every case was told")
    if not control.silent:
        faults.append("the control was not seen to pass anything in silence: the harness sees nothing")
    return Verdict(counts=counts, faults=tuple(faults))
