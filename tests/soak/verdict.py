"""What a part of the soak is asked for and what it answers: counts, and a sentence for everything that did not hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a part is to run. What is None is the part's own full measure; `quick` asks for its smallest honest one."""

    seed: int
    seconds: float | None = None
    count: int | None = None
    quick: bool = False

    def counted(self, full: int, quick: int) -> int:
        """Return how many times, for a part that counts."""
        return self.count if self.count is not None else quick if self.quick else full

    def timed(self, full: float, quick: float) -> float:
        """Return how many seconds, for a part that lasts."""
        return self.seconds if self.seconds is not None else quick if self.quick else full


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a part found."""

    counts: Mapping[str, object] = field(default_factory=dict)
    """What was done and seen, in the words of the report."""
    faults: tuple[str, ...] = ()
    """A sentence for each thing that did not hold; empty: the part passed."""

    @property
    def passed(self) -> bool:
        """Return whether everything held."""
        return not self.faults
