"""The line of keys beneath the alarm list: what this officer may do, from the table of actions, first things first."""

import re

from chengyun_console.actions.action import Say
from chengyun_console.actions.table import BY_ID

IN_LINE = (
    "alarm.acknowledge", "alarm.open", "alarm.unacknowledge", "alarm.shelve", "alarm.assign", "alarm.comment",
    "vital.suppress", "vital.take_out",
)  # fmt: skip
_JOINED = re.compile(r"(?<=[\u3000-\uffef/])(?=[\u3000-\uffef/])")
_ON_THE_KEY = {"Return": "Enter"}
"""What is printed on the key where Qt calls it otherwise."""


def key_line(say: Say, allowed: frozenset[str]) -> str:
    """Return keys with their deeds; a key that would be refused for want of rights is not offered."""
    actions = (BY_ID[name] for name in IN_LINE)
    offered = (action for action in actions if not action.permission or action.permission in allowed)
    keys = ((_ON_THE_KEY.get(action.keys[0], action.keys[0]), say(action.title)) for action in offered)
    return "   ".join((*(f"{key} {title}" for key, title in keys), say("console.alarms.hint")))


def wrapped(line: str) -> str:
    """Return the line so that it breaks between deeds only: a key at the end of a line would stand by itself.

    Between two Chinese characters a line may break anywhere; a word joiner holds them together.
    """
    held = (deed.replace(" ", "\u00a0").replace("-", "\u2011") for deed in line.split("   "))
    return "   ".join(_JOINED.sub("\u2060", deed) for deed in held)
