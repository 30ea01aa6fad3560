"""Real reports of incidents (CEC) told to the reference city and opened as events, each by the centre's own door.

Every report becomes an event with its own number, its words untouched and the time of its report beside the time it
was received; what the machine reads in it is what the officer's form would be filled in with.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

import pytest

from chengyun_core.model.dispatch_narrative import Reading
from chengyun_core.model.event import Event, EventSource, EventState, Hop
from chengyun_core.model.event_commands import GradeEvent, OpenEvent
from chengyun_core.store import event_table
from chengyun_core.wire import codec
from chengyun_core.wire.dispatch_asks import AskReading
from chengyun_core.wire.event_asks import AskEventSearch, AskTimeline, EventPage, Timeline
from tests.core.centre.event_room import asked
from tests.core.centre.room import Room
from tests.realdata.narratives import INCIDENTS
from tests.support.in_memory import memory_folder
from tests.support.reference_room import reference_catalogue

pytestmark = pytest.mark.skipif(not INCIDENTS.exists(), reason="the real data is not on this machine")
CITY_TIME = timezone(timedelta(hours=8))
_DATES = (
    re.compile(r"(\d{4})年(\d\d?)月(\d\d?)日"),
    re.compile(r"(\d{4})-(0\d)-(\d\d)"),
    re.compile(r"^(\d{4})[-/](\d\d?)[-/](\d\d?)$"),
)
"""Days that can be read; in `2006-8-149:34:32` nobody can tell the day from the hour, so that one stays untold."""


class Told(NamedTuple):
    """A report: its number in the corpus, headline, words, and the day it was published, ns UTC, None if untold."""

    ref: str
    title: str
    text: str
    at: int | None


class Opened(NamedTuple):
    """The city after every report was told to it."""

    room: Room
    officer: str
    numbers: dict[str, int]
    """Number in the corpus → of the event."""
    readings: dict[str, Reading]


def _told() -> list[Told]:
    with INCIDENTS.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [
        Told(row["id"], row["title"], "\n".join(row["paragraphs"]), _published(row["report_time"])) for row in rows
    ]  # fmt: skip


def _published(text: str) -> int | None:
    found = next((match for date in _DATES if (match := date.search(text))), None)
    if found is None:
        return None
    return int(datetime(*map(int, found.groups()), tzinfo=CITY_TIME).timestamp()) * 10**9


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return _told()


@pytest.fixture(scope="module")
def city(told: list[Told]) -> Iterator[Opened]:
    with memory_folder() as folder, Room(folder) as room:
        room.adopt(reference_catalogue())
        officer = room.officer("officer", "500000.duty_officer.1", seat="A-03")
        numbers, readings = {}, {}
        for report in told:
            room.clock.advance(60)
            reading = asked(room, officer, "dispatch.classify", AskReading(narrative=report.text), Reading)
            readings[report.ref] = reading
            numbers[report.ref] = _open(room, officer, report, reading)
        yield Opened(room, officer, numbers, readings)


def _open(room: Room, officer: str, report: Told, reading: Reading) -> int:
    """Open the event as the form would: with the first matter read, which an officer may still change."""
    matter = reading.matters[0].matter if reading.matters else ""
    form = OpenEvent(
        source=EventSource.CITIZEN, title=report.title, narrative=report.text, matter=matter, centre="500000",
        source_ref=report.ref, source_at=report.at,
    )  # fmt: skip
    number = int(room.done(form, officer).key)
    if reading.factors:
        room.done(GradeEvent(event=number, version=1, factors=reading.factors), officer)
    return number


def _event(city: Opened, ref: str) -> Event:
    with city.room.ledger.reading() as connection:
        found = event_table.get(connection, city.numbers[ref])
    assert found is not None
    return found


def test_that_every_report_is_an_event_of_its_own_with_its_words_untouched(city: Opened, told: list[Told]) -> None:
    assert len(told) == 195
    assert sorted(city.numbers.values()) == list(range(1, len(told) + 1))
    for report in told:
        event = _event(city, report.ref)
        assert (event.narrative, event.title, event.source_ref) == (report.text, report.title, report.ref)


def test_that_the_time_of_a_report_stands_beside_the_time_it_was_received(city: Opened, told: list[Told]) -> None:
    dated = [report for report in told if report.at is not None]
    assert len(dated) > 150
    for report in told:
        event = _event(city, report.ref)
        assert event.hops[Hop.OPENED] == event.opened_at
        assert event.hops.get(Hop.SOURCE) == report.at, "a day nobody told is nobody's hop"
    report = dated[0]
    lines = asked(city.room, city.officer, "event.timeline", AskTimeline(event=city.numbers[report.ref]), Timeline)
    assert (lines.lines[0].source_at, lines.lines[0].at) == (report.at, _event(city, report.ref).opened_at)


def test_that_what_was_read_of_a_report_grades_it_by_its_four_factors(city: Opened, told: list[Told]) -> None:
    read = [report for report in told if city.readings[report.ref].factors]
    assert len(read) > 180
    for report in read:
        event = _event(city, report.ref)
        assert event.state is EventState.GRADED
        assert event.factors == city.readings[report.ref].factors
        assert event.grade is event.suggested is not None


def test_that_an_event_is_found_by_its_own_headline(city: Opened, told: list[Told]) -> None:
    for report in told[::13]:
        page = asked(city.room, city.officer, "event.search", AskEventSearch(words=report.title), EventPage)
        found = {codec.unpack(record, Event).number for record in page.records}
        assert city.numbers[report.ref] in found, report.title
