"""Small catalogues with hard rules, and streams of samples that touch every corner of them."""

import math

from hypothesis import strategies as st

from chengyun_core.model.catalogue import Catalogue, Channel, Device, Threshold, ThresholdSet, Vital
from chengyun_core.model.scales import WarningColour

SECOND = 1_000_000_000
START = 1_600_000_000 * SECOND
SET = "S"
"""Devices: a series of five and four single ones; channel numbers have a hole."""
SINGLES = ("A", "B", "C", "D")
FORMULAS = (
    "last(A.x)", "last(B.x)", "scale(-0.5, 3; C.x)", "last(A.x)", "last(P#3.x)", "sum(A.x, B.x, C.x)",
    "mean(P#*.x)", "min(P#*.x, D.x)", "max(A.x, P#2.x)", "diff(A.x, B.x)", "share_over(4; P#*.x)",
    "share_under(2; P#*.x, A.x)", "share_bad(P#*.x)",
)  # fmt: skip


def channels():
    """Five of P at 10..14, singles at 20, 22, 24, 26; D has a physical range."""
    rows = [Channel(number=10, device="P", quantity="x", unit="m", period_s=1.0, count=5)]
    for k, code in enumerate(SINGLES):
        low, high = (-8.0, 8.0) if code == "D" else (None, None)
        rows.append(Channel(number=20 + 2 * k, device=code, quantity="x", unit="m", period_s=1.0, low=low, high=high))
    return tuple(rows)


NUMBERS = (10, 11, 12, 13, 14, 20, 22, 24, 26)


def limit():
    return st.one_of(st.none(), st.integers(-6, 6).map(float))


@st.composite
def thresholds(draw, vital):
    """A rule with limits in order, and any of the other rules."""
    high = sorted(draw(st.lists(st.integers(0, 6).map(float), max_size=4)))
    low = sorted(draw(st.lists(st.integers(-6, 0).map(float), max_size=4)), reverse=True)
    places = draw(st.permutations([1, 2, 3, 4]))
    names = ("blue", "yellow", "orange", "red")
    limits = {}
    for side, given_limits in (("high", high), ("low", low)):
        for level, value in zip(sorted(places[: len(given_limits)]), given_limits, strict=True):
            limits[f"{side}_{names[level - 1]}"] = value
    colour = st.sampled_from(list(WarningColour)[1:])
    sometimes = st.booleans()
    return Threshold(
        threshold_set=SET, vital=vital, **limits,
        hysteresis=draw(st.sampled_from([0.0, 0.0, 0.5, 1.0, 3.0])),
        on_delay_s=draw(st.sampled_from([0.0, 0.0, 1.0, 2.5])), off_delay_s=draw(st.sampled_from([0.0, 0.0, 1.0, 3.0])),
        rate_per_min=draw(st.sampled_from([60.0, 120.0, 300.0])) if draw(sometimes) and draw(sometimes) else None,
        rate_colour=draw(colour),
        stuck_s=draw(st.sampled_from([1.0, 3.0])) if draw(sometimes) and draw(sometimes) else None,
        stuck_colour=draw(colour),
        missing_s=draw(st.sampled_from([1.0, 2.0, 4.5])) if draw(sometimes) else None, missing_colour=draw(colour),
    )  # fmt: skip


@st.composite
def catalogues(draw):
    """A catalogue with some of the formulas in any order, each vital with or without a rule."""
    formulas = draw(st.lists(st.sampled_from(FORMULAS), min_size=1, max_size=8))
    return catalogue(formulas, [draw(thresholds(f"V{k}")) for k in range(len(formulas)) if draw(st.integers(0, 5))])


def catalogue(formulas, rules):
    """A catalogue of these formulas as vitals V0, V1, …"""
    devices = (
        Device(code="P", name="P", kind="k", centre="c", subtrack="s", count=5),
        *(Device(code=code, name=code, kind="k", centre="c", subtrack="s") for code in SINGLES),
    )
    vitals = tuple(
        Vital(
            number=k, code=f"V{k}", name=f"V{k}", subtrack="s", centre="c", unit="m", owner_post="p",
            vital_class="operation", period_s=1.0, decimals=1, formula=text,
        )
        for k, text in enumerate(formulas)
    )  # fmt: skip
    return Catalogue(
        version=1, devices=devices, channels=channels(), vitals=vitals, thresholds=tuple(rules),
        threshold_sets=(ThresholdSet(code=SET, name=SET, in_force=True),),
    )  # fmt: skip


DISORDER_NS = 2 * SECOND
"""How much older than the newest a sample of a stream may be."""


@st.composite
def streams(draw, numbers=NUMBERS, size=60):
    """Samples (time, channel, value, quality) in order of arrival: mostly rising, some late, twice, bad or silent."""
    rows, time = [], START
    value = st.one_of(st.integers(-8, 8).map(float), st.sampled_from([math.nan, math.inf, -8.5, 0.25]))
    for _ in range(draw(st.integers(1, size))):
        time += draw(st.sampled_from([0, 0, 1, SECOND // 2, SECOND, SECOND, 3 * SECOND, 6 * SECOND]))
        back = draw(st.sampled_from([0, 0, 0, 0, 0, SECOND // 2, SECOND, DISORDER_NS]))
        quality = draw(st.sampled_from([0, 0, 0, 0, 1, 2]))
        rows.append((max(START, time - back), draw(st.sampled_from(numbers)), draw(value), quality))
        if draw(st.integers(0, 9)) == 0:
            rows.append(rows[-1])
    return rows
