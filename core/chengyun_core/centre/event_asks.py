"""Questions about events that change nothing: one with all that is its, pages, near ones, counts, what is owed."""

from collections import Counter

from sqlalchemy import Connection

from chengyun_core.centre import alarm_evidence, event_care, event_files, event_prefill, event_reports, event_reviews
from chengyun_core.centre.desk import Desk
from chengyun_core.model import event_grading, event_nearby, event_rules
from chengyun_core.model.event import Event, EventState
from chengyun_core.model.event_commands import OpenEvent
from chengyun_core.model.event_nearby import Typed
from chengyun_core.model.event_tree import roll_up
from chengyun_core.model.failure import Refused
from chengyun_core.store import account_table, counters, event_pages, event_rows, event_search, event_table
from chengyun_core.wire import codec
from chengyun_core.wire.event_asks import (
    AskEvent,
    AskEventPage,
    AskEventSearch,
    AskNothing,
    AskSimilar,
    EventCounts,
    EventFile,
    EventPage,
    Having,
    Owed,
    PeopleNames,
    Prefilled,
    Similar,
    SimilarEvents,
)

MOST_ON_A_PAGE = 200
MOST_SIMILAR = 20
MOST_MERGED = 500
RECENT = 200
"""Ended events, newest first, looked at for near ones: the next caller tells again what was just closed."""


def get(_desk: Desk, connection: Connection, ask: AskEvent) -> bytes:
    """Answer `event.get`."""
    event = event_care.get(connection, ask.event)
    reports = (event_reports.LOG.get(connection, number) for number in event.report_numbers)
    items = (event_reviews.LOG.get(connection, number) for number in event.improvements)
    children = tuple(event_table.children(connection, event.number))
    merged = _merged(connection, event)
    answer = EventFile(
        event=event, reports=tuple(report for report in reports if report is not None),
        attachments=tuple(event_files.of_event(connection, event)),
        improvements=tuple(item for item in items if item is not None),
        children=children, merged=merged, merged_events=_records(connection, merged),
        moves=tuple(move.value for move in event_rules.possible_moves(event)), roll_up=roll_up(event, children),
    )  # fmt: skip
    return codec.pack(answer)


def _records(connection: Connection, numbers: tuple[int, ...]) -> tuple[Event, ...]:
    found = (event_table.get(connection, number) for number in numbers)
    return tuple(event for event in found if event is not None)


def _merged(connection: Connection, event: Event) -> tuple[int, ...]:
    rows = event_rows.lines_of(connection, {event_care.KIND: [str(event.number)]}, 0, MOST_MERGED)
    known: dict[int, bool] = {}
    for row in rows:
        if row.action in ("event.merged_in", "event.split_out"):
            known[int(row.params["other"])] = row.action == "event.merged_in"
    return tuple(number for number, still in known.items() if still)


def page(
    _desk: Desk, connection: Connection, ask: AskEventPage, *, without: frozenset[int] = frozenset()
) -> bytes:  # fmt: skip
    """Answer `event.page`: the records as they lie in their rows, which costs nothing to read or write.

    without: numbers of events that are as if they were not there, here and in the answers below (centre.veil).
    """
    above, below, _ = _range(connection, ask)
    found = event_pages.page(connection, _wanted(ask), above=above, below=below, limit=ask.limit, without=without)
    return codec.pack(EventPage(records=found.records, before=found.before, examined=found.examined))


def search(
    _desk: Desk, connection: Connection, ask: AskEventSearch, *, without: frozenset[int] = frozenset()
) -> bytes:  # fmt: skip
    """Answer `event.search`; one ask does a bounded amount of work, and a short page is not always the end.

    Raises Refused: `event.search_words` when there is no word, or too many, or too long ones.
    """
    words = list(dict.fromkeys(event_table.fold(ask.words).split()))
    if not 1 <= len(words) <= event_search.MOST_WORDS or len(ask.words) > event_search.MOST_TYPED:
        raise Refused("event.search_words", most=event_search.MOST_WORDS, letters=event_search.MOST_TYPED)
    above, below, last = _range(connection, ask)
    found = event_search.search(
        connection, words, _wanted(ask), above=above, below=min(below or last + 1, last + 1), limit=ask.limit,
        without=without,
    )  # fmt: skip
    return codec.pack(EventPage(records=found.records, before=found.before, examined=found.examined))


def _range(connection: Connection, ask: AskEventPage) -> tuple[int, int, int]:
    """Return the numbers between which a page lies, exclusive, and the newest there is; below 0: from the newest."""
    if not 1 <= ask.limit <= MOST_ON_A_PAGE or ask.before < 0:
        raise Refused("ask.out_of_range", after=ask.before, limit=ask.limit, most=MOST_ON_A_PAGE)
    last = counters.last(connection, event_table.COUNTER)
    above = event_pages.first_opened_at(connection, ask.opened_from, last) - 1 if ask.opened_from else 0
    below = event_pages.first_opened_at(connection, ask.opened_to, last) if ask.opened_to else 0
    return above, min(filter(None, (below, ask.before)), default=0), last


def _wanted(ask: AskEventPage) -> dict[str, object]:
    """Return column → value for the filters that are given."""
    texts = ("state", "matter", "district", "centre", "lead", "source")
    wanted: dict[str, object] = {name: value for name in texts if (value := getattr(ask, name))}
    if ask.grade:
        wanted["grade"] = max(0, ask.grade)
    if ask.having is not Having.ALL:
        wanted[ask.having.value] = True
    return wanted


def similar(desk: Desk, connection: Connection, ask: AskSimilar, *, without: frozenset[int] = frozenset()) -> bytes:
    """Answer `event.similar`: among living events and those that ended last."""
    if not 1 <= ask.limit <= MOST_SIMILAR:
        raise Refused("ask.out_of_range", after=0, limit=ask.limit, most=MOST_SIMILAR)
    ended = event_pages.page(connection, {"living": False}, above=0, below=0, limit=RECENT).records
    recent = (codec.unpack(record, Event) for record in ended)
    left_out = without | {ask.other_than}
    known = [event for event in (*desk.events.values(), *recent) if event.number not in left_out]
    typed = Typed(
        grams=event_nearby.grams_of(event_table.fold(f"{ask.title} {ask.narrative}")), matter=ask.matter,
        path=desk.city.path(ask.centre) if ask.centre else (), place=ask.place, longitude=ask.longitude,
        latitude=ask.latitude, at=ask.at or desk.clock.utc_ns(), alarms=frozenset(ask.alarms),
    )  # fmt: skip
    found = event_nearby.nearest(typed, ((event, _grams(desk, event)) for event in known), ask.limit)
    told = tuple(Similar(event=event, score=score, reasons=reasons) for score, event, reasons in found)
    return codec.pack(SimilarEvents(found=told))


def _grams(desk: Desk, event: Event) -> frozenset[str]:
    known = desk.event_grams.get(event.number)
    return event_nearby.grams_of(event_table.fold(f"{event.title} {event.narrative}")) if known is None else known


def counts(desk: Desk, connection: Connection, _ask: AskNothing, *, without: frozenset[int] = frozenset()) -> bytes:
    """Answer `event.counts`: living ones counted one by one, all of them by the last number given."""
    living = [event for event in desk.events.values() if event.number not in without]
    owed = [event for event, _ in event_table.owed(connection) if event.number not in without]
    answer = EventCounts(
        total=counters.last(connection, event_table.COUNTER) - len(without),
        by_state=dict(Counter(event.state.value for event in living)),
        by_grade=dict(Counter(int(event.grade or 0) for event in living)),
        reports_due=sum(event.report_due_at is not None for event in living),
        reports_overdue=sum(event.report_overdue and not event.reports for event in living),
        reviews_owed=len(owed),
        unchecked=sum(event.state is EventState.FED_BACK for event in living),
    )
    return codec.pack(answer)


def owed(_desk: Desk, connection: Connection, _ask: AskNothing) -> bytes:
    """Answer `event.owed`."""
    events = tuple(event for event, _ in event_table.owed(connection))
    return codec.pack(Owed(events=events, items=tuple(event_reviews.open_items(connection))))


def people(_desk: Desk, connection: Connection, _ask: AskNothing) -> bytes:
    """Answer `event.people`."""
    return codec.pack(PeopleNames(names=account_table.names(connection)))


def prefill(desk: Desk, connection: Connection, form: OpenEvent) -> bytes:
    """Answer `event.prefill`: what the form would hold, and the grade its matter suggests."""
    filled = event_prefill.filled(desk, connection, form).form
    factors = event_prefill.factors_of(desk, filled.matter)
    files = alarm_evidence.files_of(connection, filled.alarms)
    return codec.pack(
        Prefilled(form=filled, factors=factors, suggestion=event_grading.suggest(factors), evidence=len(files))
    )
