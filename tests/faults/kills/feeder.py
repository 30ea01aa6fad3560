"""The world amid the kills: steps of vitals pushed without a pause, and what is true whether ingest heard it or not."""

import random
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import numpy as np

from chengyun_core.ingest.batch import Batch
from chengyun_core.model.clock import ProfileClock
from tests.soak.daemons import Gateway

VITALS = 40
LEVELS = (10.0, 60.0, 120.0)
"""Normal, yellow and red, clear of the hysteresis."""
UNIQUE = 1e-6
"""Added times a running number: no two steps have the same value, so each can be told from every other."""
STEPS_A_PUSH = 4


class Feeder:
    """Pushes from a thread of its own while the context lasts: whatever is killed is killed amid a run."""

    def __init__(self, port: int, seed: int, *, every_s: float) -> None:
        self.truth = dict.fromkeys(range(VITALS), LEVELS[0])
        self.accepted = self.unsent = 0
        self._gateway, self._chance, self._clock = Gateway(port), random.Random(seed), ProfileClock()
        self._every_s, self._made, self._last_ns = every_s, 0, 0
        self._pushing, self._ended = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="feeder")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._gateway.close()

    def resting(self) -> threading.Lock:
        """Return what to hold while nothing is to be pushed."""
        return self._pushing

    def push_all(self) -> bool:
        """Push the truth again, as periodic sensors do; False: ingest did not take it. Only while resting."""
        return self._push(sorted(self.truth))

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            with self._pushing:
                chosen = self._chance.sample(range(VITALS), STEPS_A_PUSH)
                self._step({vital: self._chance.choice(LEVELS) for vital in chosen})

    def _step(self, levels: Mapping[int, float]) -> None:
        self._made += 1
        self.truth.update((vital, level + self._made * UNIQUE) for vital, level in levels.items())
        self._push(sorted(levels))

    def _push(self, vitals: Sequence[int]) -> bool:
        self._last_ns = max(self._clock.utc_ns(), self._last_ns + 1)
        values = np.array([self.truth[vital] for vital in vitals])
        batch = Batch.of(np.array(vitals), np.full(len(vitals), self._last_ns, np.int64), values)
        answer = self._gateway.push(batch)
        taken = answer is not None and answer["accepted"] == len(vitals)
        self.accepted += len(vitals) if taken else 0
        self.unsent += 0 if taken else len(vitals)
        return taken
