"""A unit's scorecard in words: each ratio with its name, its share and what it is made of."""

import math

from chengyun_console.wording.orders import OrderWords
from chengyun_core.model.scorecard import Measure, Ratio
from chengyun_core.wire.order_asks import Score
from chengyun_widgets.ratio_grid import RatioCell

ORDER = (
    Measure.SIGNED, Measure.ON_TIME, Measure.ONCE, Measure.CHECKS_PASSED, Measure.RETURNED, Measure.URGED,
    Measure.SUPERVISED, Measure.EXTENDED,
)  # fmt: skip
"""What speaks for a unit stands in the first line, what speaks against it in the second."""


def cells(words: OrderWords, score: Score | None, first: Score | None) -> tuple[RatioCell, ...]:
    """Return the cells of a scorecard; `first` is what was told first: what differs from it is new."""
    told, before = _by_measure(score), _by_measure(first)
    return tuple(_cell(words, measure, told.get(measure), before.get(measure)) for measure in ORDER)


def _cell(words: OrderWords, measure: Measure, ratio: Ratio | None, before: Ratio | None) -> RatioCell:
    value = ratio.value if ratio is not None else None
    made_of = "" if ratio is None else f"{ratio.numerator}/{ratio.denominator}"
    return RatioCell(
        name=words.say(f"scorecard.{measure.value}"),
        share=words.figures.percent(math.nan if value is None else value),
        made_of=made_of,
        is_new=before is not None and ratio != before,
    )


def _by_measure(score: Score | None) -> dict[Measure, Ratio]:
    return {ratio.measure: ratio for ratio in score.ratios} if score is not None else {}
