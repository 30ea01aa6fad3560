"""A shift of eight hours in five minutes: the real console at a hundred times the city's usual rates must not grow."""

import argparse
import gc
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.bench.flood_city import SHIFT_TIMES
from tests.bench.frames import Console, replayed
from tests.soak import growth
from tests.support.fake_centre import PASSWORD

HOURS = 8.0
SECONDS = HOURS * 3600.0 / SHIFT_TIMES
EVERY_S = 2.0
WARM_UP = 0.35
"""Share of the time in which rings, caches and the lists of both pages fill."""
MOST_MIB_PER_HOUR = 1.0
"""RELIABILITY.md RG9."""
MOST_OBJECTS_PER_HOUR = 500.0
"""Python objects the collector knows; a screen's lists breathe with what is on them."""
PAGES = ("F1", "F2", "sources")
PAGE_S = 10.0


class Looks:
    """Memory, handles, threads, objects and widgets of this process, looked at while the application runs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.watch = growth.Watch({"console": os.getpid()})
        self.objects: list[tuple[float, int, int]] = []
        """(seconds, objects of Python, widgets)."""
        self.kinds: list[Counter[str]] = []
        self._pages = 0
        self._timers = [QTimer(interval=round(s * 1000)) for s in (EVERY_S, PAGE_S)]
        for timer, slot in zip(self._timers, (self.look, self._turn_page), strict=True):
            timer.timeout.connect(slot)
            timer.start()

    def look(self) -> None:
        """Look once, after a collection: what can go is not counted."""
        gc.collect()
        self.watch.look()
        found = gc.get_objects()
        self.objects.append((self.watch.looks[-1].at_s, len(found), len(QApplication.allWidgets())))
        self.kinds.append(Counter(type(one).__name__ for one in found))

    def _turn_page(self) -> None:
        self._pages += 1
        self._console.window.show_page(PAGES[self._pages % len(PAGES)])

    def stop(self) -> None:
        """Look no more."""
        for timer in self._timers:
            timer.stop()


def tell(looks: Looks, seconds: float) -> bool:
    """Print what grew, per hour of the shift; return whether the goals are reached."""
    hour_s, begin = 3600.0 / SHIFT_TIMES, WARM_UP * seconds
    late = looks.watch.of("console", after_s=begin)
    found = growth.faults(
        late, most_bytes_per_s=MOST_MIB_PER_HOUR * growth.MIB / hour_s, per="hour of the shift", seconds_per=hour_s
    )
    counted = np.array([one for one in looks.objects if one[0] >= begin])
    objects, widgets = (float(np.polyfit(counted[:, 0], counted[:, at], 1)[0]) * hour_s for at in (1, 2))
    first, last = late[0], late[-1]
    print(f"  {first.resident / growth.MIB:.0f} → {last.resident / growth.MIB:.0f} MiB", end=" ")
    print(f"({growth.slope(late) * hour_s / growth.MIB:+.2f} MiB an hour),", end=" ")
    print(f"{first.handles} → {last.handles} handles, {first.threads} → {last.threads} threads")
    print(f"  objects {counted[0, 1]:,.0f} → {counted[-1, 1]:,.0f} ({objects:+.0f} an hour),", end=" ")
    print(f"widgets {counted[0, 2]:.0f} → {counted[-1, 2]:.0f} ({widgets:+.1f} an hour)")
    grown = looks.kinds[-1].copy()
    grown.subtract(looks.kinds[int(len(looks.kinds) * WARM_UP)])
    print("  kinds that grew most: " + ", ".join(f"{kind} {count:+d}" for kind, count in grown.most_common(6)))
    for sentence in found:
        print(f"  {sentence}")
    return not found and objects <= MOST_OBJECTS_PER_HOUR and widgets < 1.0


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; return 0 when nothing grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.shift", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    options = parser.parse_args(arguments)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    hours = options.seconds * SHIFT_TIMES / 3600.0
    print(f"{hours:.1f} hours of a shift in {options.seconds:.0f} s, at {SHIFT_TIMES:g} times the city's usual rates:")
    with tempfile.TemporaryDirectory(prefix="bench-shift-") as folder, replayed(Path(folder), SHIFT_TIMES):
        console = Console(app, Path(folder), "A-03", PASSWORD, "officer")
        console.run(3.0)
        looks = Looks(console)
        console.run(options.seconds)
        looks.stop()
        reached = tell(looks, options.seconds)
        console.close()
    print(f"  goal: at most {MOST_MIB_PER_HOUR:g} MiB an hour, no more objects: {'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
