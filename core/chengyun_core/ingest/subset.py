"""A sorted choice of vitals, with places for state that only they need."""

import numpy as np

from chengyun_core.series.columns import Bools, Numbers, Places


class Subset:
    """Vital numbers that own a slot in a smaller table; slot k belongs to `members[k]`."""

    def __init__(self, chosen: Bools) -> None:
        """Take the vitals where the mask is true."""
        self.members: Numbers = np.flatnonzero(chosen).astype(np.uint32)
        self._all = self.members.size == chosen.size

    def __len__(self) -> int:
        return int(self.members.size)

    def places(self, vital: Numbers) -> Places:
        """Return the slots of these vitals, all of which must be members."""
        return vital.astype(np.intp) if self._all else np.searchsorted(self.members, vital)
