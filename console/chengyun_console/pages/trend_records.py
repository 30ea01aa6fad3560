"""What a chart shows of a vital besides its line: bands and the sentence of its limits."""

from chengyun_console.wording.figures import Figures
from chengyun_console.wording.gazetteer import limits
from chengyun_core.model.catalogue import Threshold, Vital
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.trend_record import TrendBand

_WORDS = ("", "blue", "yellow", "orange", "red")


def bands(threshold: Threshold | None) -> tuple[TrendBand, ...]:
    """Return the threshold bands as areas; the gravest reaches to infinity."""
    high, low = limits(threshold, "high"), limits(threshold, "low")
    upper = [limit for _, limit in high[1:]] + [float("inf")]
    lower = [limit for _, limit in low[1:]] + [float("-inf")]
    above = [
        TrendBand(low=at, high=end, severity=Severity(colour), limit=at)
        for (colour, at), end in zip(high, upper, strict=False)
    ]
    below = [
        TrendBand(low=end, high=at, severity=Severity(colour), limit=at)
        for (colour, at), end in zip(low, lower, strict=False)
    ]
    return (*above, *below)


def limits_text(figures: Figures, vital: Vital, threshold: Threshold | None) -> str:
    """Return the limits in words, `黄 180.50  红 183.50`, low ones after their word."""
    say, decimals = figures.texts.say, vital.decimals

    def written(side: str) -> str:
        return "  ".join(
            say(f"console.chart.{_WORDS[colour]}", limit=figures.value(limit, decimals))
            for colour, limit in limits(threshold, side)
        )

    high, low = written("high"), written("low")
    if not high and not low:
        return say("console.chart.no_limits")
    return "   ".join(part for part in (high, say("console.chart.low", limits=low) if low else "") if part)
