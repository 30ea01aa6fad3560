"""A story as data: curves and rain that are given, chains that follow from them, and the channels that show it all."""

import itertools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from chengyun_core.model.failure import Refused, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A signal given by points (story hour, value); `known` points are public figures, the others are ours."""

    signal: str
    points: tuple[tuple[float, float], ...]
    known: tuple[int, ...] = ()
    """Indices of points that are public figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bursts:
    """A signal of bell-shaped bursts: (story hour of the middle, height, half width in hours)."""

    signal: str
    bursts: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A share of another signal: gain × (signal − over), never below 0 when `over` is given."""

    signal: str
    gain: float = 1.0
    over: float | None = None
    lag_h: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Relax:
    """A signal that approaches base + Σ inputs with time constants in hours."""

    signal: str
    base: float
    inputs: tuple[Input, ...]
    rise_h: float
    fall_h: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Basin:
    """A signal that collects: change per hour = Σ inputs − drain × power, between low and high."""

    signal: str
    inputs: tuple[Input, ...]
    drain: float
    power: str = ""
    """Switch whose state (1, 0) drives the drain; empty: always on."""
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A signal 1 (on) or 0: falls off when its input reaches `off_at`, comes back at `on_at` after `repair_h`."""

    signal: str
    inputs: tuple[Input, ...]
    off_at: float
    on_at: float
    repair_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A channel that shows a signal: scale × signal + offset + its own noise."""

    channel: str
    signal: str
    scale: float = 1.0
    offset: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFile:
    """A whole story."""

    name: str
    title: str
    begins: str
    """ISO time of story hour 0 in the real event; told, not used."""
    hours: float
    compress: float
    """Story seconds told in one second at speed 1."""
    prelude_h: float = 6.0
    """Real hours over which the ordinary state passes into the story's first one, before it begins."""
    sources: tuple[str, ...] = ()
    """Where the public figures come from."""
    curve: tuple[Curve, ...] = ()
    bursts: tuple[Bursts, ...] = ()
    relax: tuple[Relax, ...] = ()
    basin: tuple[Basin, ...] = ()
    switch: tuple[Switch, ...] = ()
    binding: tuple[Binding, ...] = ()
    order: tuple[str, ...] = field(default=())
    """Chains in causal order; a chain may look at a later one, then it sees its state one step before."""


def read(file: Path) -> StoryFile:
    """Return the story in a TOML file. Raises Trouble when unreadable, Refused (what and where) when wrong."""
    try:
        story = msgspec.convert(tomllib.loads(file.read_text("utf-8")), StoryFile)
    except OSError as fault:
        raise Trouble("ingest.story_unreadable", file=file, reason=fault.strerror or str(fault)) from fault
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as fault:
        raise Refused("ingest.story_wrong", file=file, reason=str(fault)) from fault
    fault_found = _fault(story)
    if fault_found:
        raise Refused("ingest.story_wrong", file=file, reason=fault_found)
    return story


Chain = Relax | Basin | Switch


def chains_of(story: StoryFile) -> list[Chain]:
    """Return every chain of a story."""
    return [*story.relax, *story.basin, *story.switch]


def _fault(story: StoryFile) -> str:
    chains = chains_of(story)
    given = [curve.signal for curve in story.curve] + [rain.signal for rain in story.bursts]
    names = given + [item.signal for item in chains]
    if len(set(names)) != len(names):
        return "a signal is made twice"
    if sorted(story.order) != sorted(item.signal for item in chains):
        return "order must name every chain once"
    used = [(chain.signal, put.signal) for chain in chains for put in chain.inputs]
    used += [(basin.signal, basin.power) for basin in story.basin if basin.power]
    used += [(binding.channel, binding.signal) for binding in story.binding]
    unknown = [f"{user} uses {signal}" for user, signal in used if signal not in names]
    if unknown:
        return f"unknown signals: {', '.join(unknown)}"
    if any(hours[0] >= hours[1] for curve in story.curve for hours in _steps([point[0] for point in curve.points])):
        return "the hours of a curve must rise"
    return "" if story.hours > 0 and story.compress > 0 else "hours and compress must be above 0"


def _steps(hours: list[float]) -> list[tuple[float, float]]:
    return list(itertools.pairwise(hours))
