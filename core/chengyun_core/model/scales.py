"""The scales the law keeps apart, plus quality and level; none of them shares an enum with another."""

from enum import IntEnum, StrEnum


class WarningColour(IntEnum):
    """Colour of a threshold band or of an official warning (突发事件应对法 art. 63); the gravest is the greatest."""

    NONE = 0
    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4


class EventGrade(IntEnum):
    """Grade of an event (突发事件应对法 art. 3); the gravest is the greatest."""

    GENERAL = 1
    LARGER = 2
    MAJOR = 3
    EXTRAORDINARY = 4


class ResponseLevel(IntEnum):
    """Level of an emergency response, 一级 is the strongest."""

    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4


class AlarmPriority(IntEnum):
    """Priority of an alarm after ISA-18.2: consequence times time to respond; not the colour of its band."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    HIGHEST = 4


class Quality(IntEnum):
    """Quality of a sample or value (uint8 on the wire). NaN is never a value: it is BAD."""

    GOOD = 0
    UNCERTAIN = 1
    BAD = 2
    MISSING = 3
    """No sample within the rule's missing time."""
    NEVER = 4
    """No sample has ever been seen."""


class Side(IntEnum):
    """Which rule put a vital into its band."""

    NONE = 0
    HIGH = 1
    LOW = 2
    RATE = 3
    STUCK = 4
    MISSING = 5


class Aspect(IntEnum):
    """What an alarm is about: the process, or the link to it. Each has a life of its own (A19, phoebus#1928)."""

    PROCESS = 0
    COMMS = 1
    """Its readings are missing: acknowledging that says nothing about the value."""


class Level(StrEnum):
    """Level of a centre."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"


class Mode(StrEnum):
    """平时 or 急时."""

    PEACETIME = "peacetime"
    EMERGENCY = "emergency"


class Realm(StrEnum):
    """Live or drill; a realm is a profile of its own."""

    LIVE = "live"
    DRILL = "drill"
