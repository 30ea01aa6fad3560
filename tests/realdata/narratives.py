"""Real messages and real incident reports as narratives, and words learned from one half to be tried on the other."""

import csv
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chengyun_core.model.dispatch import Matter
from chengyun_core.model.dispatch_words import folded
from tests.realdata.definitions import DATA

MESSAGES = DATA / "dispatch_zh"
INCIDENTS = DATA / "incidents_cec" / "incidents.jsonl"
_WORD = re.compile("[一-龥]{2,4}")
_SPLIT = re.compile(r"[、，,（）()/]|和|与|及")
_HOUR = re.compile(r"(?:\d|[一二三四五六七八九十])(?:点|时)")
_EMPTY = frozenset({"其他", "管理", "政策", "问题", "工作", "服务", "综合", "其它"})
_LEAST_SEEN = 3
_WORDS_EACH = 150


class Message(NamedTuple):
    """A citizen's message and the department an editor sent it to."""

    user: str
    label: str
    text: str


class Incident(NamedTuple):
    """A news report with what annotators marked in it."""

    category: str
    text: str
    places: tuple[str, ...]
    hours: tuple[str, ...]
    """Times marked that name an hour."""
    dead: int | None
    """Greatest number of people annotated as dead, None when none is."""


def messages() -> list[Message]:
    """Return the labelled messages: seven departments."""
    with (MESSAGES / "messages_labelled.csv").open(encoding="utf-8", newline="") as file:
        return [
            Message(row["user"], row["label"], f"{row['title']}。{row['text'].strip()}") for row in csv.DictReader(file)
        ]


def halves(found: Sequence[Message]) -> tuple[list[Message], list[Message]]:
    """Return the messages in two halves by who wrote them: nobody is in both."""
    first = [one for one in found if hashlib.sha256(one.user.encode()).digest()[-1] % 2 == 0]
    return first, [one for one in found if one not in set(first)]


def official(labels: Iterable[str]) -> list[Matter]:
    """Return a matter for each label with the words of the official tree of labels, and no others."""
    words: dict[str, dict[str, None]] = {label: {} for label in sorted(labels)}
    with (MESSAGES / "label_tree.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["level1"] in words:
                words[row["level1"]] |= dict.fromkeys(_parts(row.values()))
    return [Matter(code=label, name=label, subtrack="", words="|".join(found)) for label, found in words.items()]


def learned(matters: Sequence[Matter], from_these: Sequence[Message]) -> list[Matter]:
    """Return the matters with the runs of two to four letters that tell their messages most from the others'."""
    seen: Counter[str] = Counter()
    seen_of: dict[str, Counter[str]] = {matter.code: Counter() for matter in matters}
    for message in from_these:
        runs = _runs(message.text)
        seen.update(runs)
        seen_of[message.label].update(runs)
    of = Counter(message.label for message in from_these)
    return [_with_words(matter, seen_of[matter.code], seen, of[matter.code], len(from_these)) for matter in matters]


def incidents() -> list[Incident]:
    """Return the annotated reports: earthquakes, fires, traffic accidents, attacks, food poisonings."""
    with INCIDENTS.open(encoding="utf-8") as file:
        return [_incident(json.loads(line)) for line in file]


def _incident(row: dict[str, object]) -> Incident:
    events: list[dict[str, object]] = row["events"]  # type: ignore[assignment]
    places = tuple(folded(place) for event in events for place in event["location"])  # type: ignore[attr-defined]
    dead = [
        int(count)
        for event in events
        if re.search("死|遇难|身亡|丧生|罹难", str(event["denoter"]))
        for who in event["participants"]  # type: ignore[attr-defined]
        for count in re.findall(r"(\d+)(?:名|个|位)?\S{0,4}人?", who)
    ]
    text = f"{row['title']}。{''.join(row['paragraphs'])}"  # type: ignore[arg-type]
    return Incident(str(row["category"]), text, places, _hours(events), max(dead, default=None))


def _hours(events: list[dict[str, object]]) -> tuple[str, ...]:
    told = (folded(when) for event in events for when in event["time"])  # type: ignore[attr-defined]
    return tuple(when for when in told if _HOUR.search(when))


def _parts(cells: Iterable[str]) -> Iterable[str]:
    for cell in cells:
        for part in _SPLIT.split(cell):
            word = part.strip()
            for piece in (word, *((word[:2], word[2:]) if len(word) == 4 else ())):
                if len(piece) >= 2 and piece not in _EMPTY:
                    yield piece


def _runs(text: str) -> set[str]:
    letters = folded(text)
    runs = {letters[at : at + size] for size in (2, 3, 4) for at in range(len(letters) - size + 1)}
    return {run for run in runs if _WORD.fullmatch(run)}


def _with_words(matter: Matter, own: Counter[str], seen: Counter[str], of: int, all_of: int) -> Matter:
    scored = [
        (count * math.log(share / others), run)
        for run, count in own.items()
        if count >= _LEAST_SEEN
        and (share := (count + 0.5) / (of + 1)) > (others := (seen[run] - count + 0.5) / (all_of - of + 1))
    ]
    best = [run for _, run in sorted(scored, reverse=True)[:_WORDS_EACH]]
    words = dict.fromkeys([*matter.words.split("|"), *best])
    return Matter(code=matter.code, name=matter.name, subtrack="", words="|".join(words))
