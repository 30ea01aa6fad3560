"""The reference: docs/thresholds.md as a loop over samples with dicts. Slow and obvious on purpose; no numpy."""

import math
import re
from dataclasses import dataclass, field

SECOND = 1_000_000_000
HIGH, LOW, RATE, STUCK, MISSING = 1, 2, 3, 4, 5
GOOD, UNCERTAIN, BAD = 0, 1, 2
PROCESS, COMMS = 0, 1


@dataclass
class VitalNow:
    """What the loop remembers of one vital."""

    number: int
    rule: object | None
    time: int | None = None
    value: float = math.nan
    quality: int = 4
    annunciated: dict = field(default_factory=lambda: {1: False, 2: False, 3: False, 4: False})
    flipped_at: dict = field(default_factory=dict)
    level_side: int = 0
    silent: bool = False
    told: int = 0
    told_side: int = 0
    told_missing: int = 0
    band: int = 0
    side: int = 0
    good_time: int | None = None
    good_value: float = math.nan
    same_since: int | None = None

    @property
    def level(self):
        return max((c for c in (1, 2, 3, 4) if self.annunciated[c]), default=0)


class Reference:
    """Feed `sample` and `watermark` in order; read `steps`."""

    def __init__(self, catalogue, threshold_set):
        self.steps = []
        self.late = 0
        self.duplicate = 0
        rules = {t.vital: t for t in catalogue.thresholds if t.threshold_set == threshold_set}
        self.vitals = {v.number: VitalNow(v.number, rules.get(v.code)) for v in catalogue.vitals}
        self.range_of = {}
        channel_of = {}
        for row in catalogue.channels:
            for k in range(row.count):
                self.range_of[row.number + k] = (row.low, row.high)
                channel_of[row.device, row.quantity, k + 1] = row.number + k
            channel_of[row.device, row.quantity, "*"] = [row.number + k for k in range(row.count)]
            channel_of[row.device, row.quantity, None] = row.number
        self.followers, self.members = {}, {}
        for vital in catalogue.vitals:
            name, numbers, channels = split(vital.formula, channel_of)
            if name in ("last", "scale"):
                factor, offset = numbers or (1.0, 0.0)
                self.followers.setdefault(channels[0], []).append((vital.number, factor, offset))
            else:
                self.members[vital.number] = (name, numbers, channels)
        self.fed = {}
        for number, (_, _, channels) in self.members.items():
            for channel in channels:
                self.fed.setdefault(channel, set()).add(number)
        self.newest, self.held, self.cells = {}, {}, {}
        self.closed = 0

    def sample(self, time, channel, value, quality=GOOD):
        """One sample, in order of arrival."""
        low, high = self.range_of[channel]
        outside = (low is not None and value < low) or (high is not None and value > high)
        if not math.isfinite(value) or quality >= BAD or outside:
            value, quality = math.nan, BAD
        newest = self.newest.get(channel)
        if newest is not None and time <= newest:
            self.late += time < newest
            self.duplicate += time == newest
            return
        self.newest[channel] = time
        for number, factor, offset in self.followers.get(channel, ()):
            scaled = value * factor + offset
            if math.isfinite(scaled):
                self.evaluate(self.vitals[number], time, scaled, quality)
            else:
                self.evaluate(self.vitals[number], time, math.nan, BAD)
        if channel in self.fed:
            end = -(-time // SECOND) * SECOND
            if end <= self.closed:
                end = self.closed + SECOND
            self.cells.setdefault(end, []).append((channel, value, quality))

    def watermark(self, now):
        """All samples up to `now` have come."""
        closed = now // SECOND * SECOND
        for end in sorted(end for end in self.cells if end <= closed):
            touched = set()
            for channel, value, quality in self.cells.pop(end):
                self.held[channel] = (value, quality)
                touched |= self.fed[channel]
            for number in sorted(touched):
                value, quality = self.aggregate(number)
                self.evaluate(self.vitals[number], end, value, quality)
        self.closed = max(self.closed, closed)
        for vital in self.vitals.values():
            if vital.time is None or vital.silent or vital.rule is None or vital.rule.missing_s is None:
                continue
            due = vital.time + round(vital.rule.missing_s * SECOND)
            if now >= due:
                self.fall_silent(vital, due)

    def aggregate(self, number):
        """The value of an aggregate from what is held of its channels."""
        name, numbers, channels = self.members[number]
        held = [self.held.get(channel) for channel in channels]
        good = [value for value, quality in (h for h in held if h) if quality != BAD]
        if name == "share_bad":
            seen = [h for h in held if h]
            value = 100.0 * sum(1 for _, q in seen if q == BAD) / len(seen)
            return value, GOOD
        if not good or (name == "diff" and len(good) < 2):
            return math.nan, BAD
        if name == "sum":
            value = added(good)
        elif name == "mean":
            value = added(good) / len(good)
        elif name == "min":
            value = min(good)
        elif name == "max":
            value = max(good)
        elif name == "diff":
            value = good[0] - good[1]
        elif name == "share_over":
            value = 100.0 * sum(1 for v in good if v > numbers[0]) / len(good)
        else:
            value = 100.0 * sum(1 for v in good if v < numbers[0]) / len(good)
        if not math.isfinite(value):
            return math.nan, BAD
        return value, (GOOD if all(h and h[1] == GOOD for h in held) else UNCERTAIN)

    def fall_silent(self, vital, due):
        """No sample within the missing time."""
        vital.silent = True
        vital.quality = 3
        self.annunciate(vital, due, vital.value, vital.rule.missing_colour)

    def evaluate(self, vital, time, value, quality):
        """One reading of one vital."""
        rule = vital.rule
        if rule is not None and rule.missing_s is not None and vital.time is not None and not vital.silent:
            due = vital.time + round(rule.missing_s * SECOND)
            if time >= due:
                self.fall_silent(vital, due)
        vital.silent = False
        if not math.isnan(value) and rule is not None:
            self.judge(vital, rule, time, value)
        vital.time, vital.value, vital.quality = time, value, quality
        self.annunciate(vital, time, value, 0)

    def judge(self, vital, rule, time, value):
        """The level rules for a good value."""
        wants = {HIGH: self.by_limits(vital, rule.high(), value, rule.hysteresis, upper=True)}
        wants[LOW] = self.by_limits(vital, rule.low(), value, rule.hysteresis, upper=False)
        wants[RATE] = wants[STUCK] = 0
        if rule.rate_per_min is not None and vital.good_time is not None:
            rate = abs(value - vital.good_value) / ((time - vital.good_time) / 1e9) * 60.0
            if rate >= rule.rate_per_min:
                wants[RATE] = int(rule.rate_colour)
        if vital.same_since is None or value != vital.good_value:
            vital.same_since = time
        if rule.stuck_s is not None and time - vital.same_since >= round(rule.stuck_s * SECOND):
            wants[STUCK] = int(rule.stuck_colour)
        vital.good_time, vital.good_value = time, value
        self.flip(vital, rule, time, wants)

    def flip(self, vital, rule, time, wants):
        """The delays: a level flips when it has been wanted otherwise for long enough."""
        gravest = max(wants.values())
        before = vital.level
        for c in (1, 2, 3, 4):
            wanted = gravest >= c
            if wanted == vital.annunciated[c]:
                vital.flipped_at.pop(c, None)
                continue
            since = vital.flipped_at.setdefault(c, time)
            delay = rule.on_delay_s if wanted else rule.off_delay_s
            if time - since >= round(delay * SECOND):
                vital.annunciated[c] = wanted
                del vital.flipped_at[c]
        if vital.level != before:
            if vital.level == 0:
                vital.level_side = 0
            elif gravest > 0:
                vital.level_side = next(side for side in (HIGH, LOW, RATE, STUCK) if wants[side] == gravest)

    def by_limits(self, vital, limits, value, hysteresis, *, upper):
        """The gravest level one side's limits want."""
        gravest = 0
        for c, limit in enumerate(limits, start=1):
            if limit is None:
                continue
            if upper:
                wanted = value >= limit or (vital.annunciated[c] and value > limit - hysteresis)
            else:
                wanted = value <= limit or (vital.annunciated[c] and value < limit + hysteresis)
            if wanted:
                gravest = c
        return gravest

    def annunciate(self, vital, at, value, missing_colour):
        """One step per change of what is missing, one per change of the level; the link comes first."""
        missing = int(missing_colour)
        if missing != vital.told_missing:
            side = MISSING if missing else 0
            self.steps.append((vital.number, at, vital.told_missing, missing, side, value, math.nan, COMMS))
            vital.told_missing = missing
        before, after, side = vital.told, vital.level, vital.level_side
        if before != after:
            limit = self.limit(vital, after, side) if after > before else self.limit(vital, before, vital.told_side)
            self.steps.append((vital.number, at, before, after, side, value, limit, PROCESS))
        vital.told, vital.told_side = after, side
        vital.band = max(after, missing)
        vital.side = MISSING if missing > after else side

    def limit(self, vital, level, side):
        """The limit that leads to a level on a side: the nearest given one of that level or above."""
        rule = vital.rule
        if side == HIGH:
            return min((x for x in rule.high()[level - 1 :] if x is not None), default=math.nan)
        if side == LOW:
            return max((x for x in rule.low()[level - 1 :] if x is not None), default=math.nan)
        return rule.rate_per_min if side == RATE else math.nan


def added(values):
    """Add from left to right (the built-in sum of later Pythons compensates)."""
    total = 0.0
    for value in values:
        total += value
    return total


def split(text, channel_of):
    """Return (name, numbers, channel numbers) of a formula."""
    name, inside = re.fullmatch(r"(\w+)\((.*)\)", text.strip()).groups()
    numbers = ()
    if ";" in inside:
        before, inside = inside.split(";")
        numbers = tuple(float(part) for part in before.split(","))
    channels = []
    for part in inside.split(","):
        device, quantity = part.strip().rsplit(".", 1)
        member = None
        if "#" in device:
            device, member = device.split("#")
            member = "*" if member == "*" else int(member)
        found = channel_of[device, quantity, member]
        channels += found if isinstance(found, list) else [found]
    return name, numbers, channels
