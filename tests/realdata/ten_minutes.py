"""The ten minutes of a stranger in a real city: what the city has to show, and who acts them by which hands.

`python -m tests.realdata.ten_minutes` acts them by keys and by mouse in both cities, and prints the accounts that
docs/first-ten-minutes.md keeps; the suite acts each city by one of both.
"""

import tempfile
from pathlib import Path

from chengyun_core.mirror.pinyin import initials
from chengyun_core.model.catalogue import Catalogue
from tests.flows.ten_minutes import Story, Stranger, by_keys, by_mouse, signed_in, stranger
from tests.realdata.cities import PLACES, SEAT, Place
from tests.realdata.living import Moment, living_place


def story(place: Place, catalogue: Catalogue, moment: Moment) -> Story:
    """Return the tale of the first vital that turned red and the first that turned yellow."""
    red, yellow = (catalogue.vitals[numbers[0]] for numbers in (moment.reds, moment.yellows))
    rule = catalogue.thresholds[red.number]
    limit = (rule.low() if place.low_is_bad else rule.high())[-1]
    return Story(
        red=red.name, typed=typed(red.name), yellow=yellow.name, yellow_typed=typed(yellow.name),
        why=(f"{moment.value_of(place, red.number):.1f}", f"红 {limit:.1f}"),
        breach="低于红色限" if place.low_is_bad else "超红色限",
    )  # fmt: skip


def typed(name: str) -> str:
    """Return the initials an officer there types: hrpm10 for 怀柔 PM10, l769431 for Loop 769431."""
    return initials(name)[-1]


def acted(place: Place, folder: Path, *, is_by_mouse: bool) -> Stranger:
    """Act the ten minutes in a place; return who did, with keys and clicks counted."""
    with living_place(place, folder) as (city, moment):
        told = story(place, city.catalogue, moment)
        with stranger(city, folder, *(signed_in(SEAT, folder) if is_by_mouse else ())) as one:
            (by_mouse if is_by_mouse else by_keys)(one, told)
            one.eyes.wait_for_words(place.name)
            return one


def main() -> None:
    """Print every account."""
    for name, place in PLACES.items():
        for is_by_mouse in (False, True):
            print(name, "by mouse" if is_by_mouse else "by keys", flush=True)
            with tempfile.TemporaryDirectory() as folder:
                acted(place, Path(folder), is_by_mouse=is_by_mouse)


if __name__ == "__main__":
    main()
