"""The soak's part of hostile messages: a million damaged frames and requests."""

from tests.faults import fuzz
from tests.soak.verdict import Asked, Verdict

FULL, QUICK = 1_000_000, 20_000


def run(asked: Asked) -> Verdict:
    """Run the part."""
    found = fuzz.run(asked.counted(FULL, QUICK), asked.seed)
    counts: dict[str, object] = {
        "messages": found.frames, "used": found.used, "refused": sum(found.refused.values()),
        "crashes": len(found.crashes), "memory added at most, MiB": found.rss_added_mib,
        **{f"refused, {cause}": count for cause, count in sorted(found.refused.items())},
    }  # fmt: skip
    untold = () if found.sound or found.crashes else ("messages were not told for, or memory passed its cap",)
    return Verdict(counts=counts, faults=(*found.crashes, *untold))
