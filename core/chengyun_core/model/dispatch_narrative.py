"""Reads a narrative once for all an event needs: matter, place, time, figures, factors and grade, each with why (E9).

Pure and quick enough for the console to read with every pause of the typist; nothing of it is a decision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.dispatch import Matter
from chengyun_core.model.dispatch_factors import suggest_factors
from chengyun_core.model.dispatch_figures import Figure, figures
from chengyun_core.model.dispatch_grammar import Grammar
from chengyun_core.model.dispatch_places import Gazetteer, PlaceGuess, addresses, gazetteer_of, places
from chengyun_core.model.dispatch_times import TimeGuess, times
from chengyun_core.model.dispatch_words import Guess, Lexicon, classify, lexicon_of
from chengyun_core.model.event import Factor
from chengyun_core.model.event_grading import suggest
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import EventGrade


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a narrative seems to say."""

    matters: tuple[Guess, ...] = ()
    """The likeliest first, with the words that decided."""
    places: tuple[PlaceGuess, ...] = ()
    """Centres named, the likeliest first."""
    addresses: tuple[str, ...] = ()
    """Words that look like an address, longest first."""
    figures: tuple[Figure, ...] = ()
    times: tuple[TimeGuess, ...] = ()
    """When it happened, in the order told; empty also where the reader's own time was not given."""
    factors: dict[Factor, int] = field(default_factory=dict)
    """Factor → 1 … 4, for the likeliest matter; empty without one."""
    grade: EventGrade | None = None
    """What the rule of grades makes of these factors."""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What is made once of a catalogue, to read any number of narratives with."""

    lexicon: Lexicon
    gazetteer: Gazetteer
    matters: Mapping[str, Matter]
    grammar: Grammar


def reader_of(catalogue: Catalogue, grammar: Grammar) -> Reader:
    """Return the reader of a catalogue's matters and centres; `grammar_of(reading.words())` gives the grammar."""
    return Reader(
        lexicon=lexicon_of(catalogue.matters), gazetteer=gazetteer_of(catalogue.centres, grammar),
        matters={matter.code: matter for matter in catalogue.matters}, grammar=grammar,
    )  # fmt: skip


def read(
    narrative: str, reader: Reader, *, area: Sequence[str] = (), matter: str = "", now: datetime | None = None
) -> Reading:  # fmt: skip
    """Return what a narrative seems to say.

    area: path of the centre whose officer reads, to choose between places of one name.
    matter: the one the officer has chosen already; factors are then suggested for it.
    now: local time of the reader; without it no times are read.
    """
    guesses = classify(narrative, reader.lexicon)
    told = figures(narrative, reader.grammar)
    chosen = reader.matters.get(matter or (guesses[0].matter if guesses else ""))
    attributes = {figure.attribute: figure.value for figure in told}
    factors, reasons = suggest_factors(chosen, attributes, narrative, reader.grammar)
    suggestion = suggest(factors) if factors else None
    return Reading(
        matters=guesses, places=places(narrative, reader.gazetteer, area),
        addresses=addresses(narrative, reader.grammar), figures=told, factors=factors,
        times=() if now is None else times(narrative, now, reader.grammar),
        grade=suggestion.grade if suggestion else None,
        reasons=(*reasons, *(suggestion.reasons if suggestion else ())),
    )  # fmt: skip
