"""Two officers at once, clicks twice, and what people put into texts (RF23, RF24, RS10, RS12)."""

import queue
import threading
from dataclasses import fields

import pytest

from chengyun_core.model.event import ReportKind
from chengyun_core.model.event_commands import EditEvent, GradeEvent, NoteEvent, SendReport, VerifyEvent
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.event_asks import (
    AskEvent,
    AskEventPage,
    AskNothing,
    AskSimilar,
    EventCounts,
    EventFile,
    EventPage,
    SimilarEvents,
)
from tests.core.centre.event_room import LARGER, asked, event, manual, opened, refused
from tests.core.centre.room import Room

Staffed = tuple[Room, str, str]
OFFICERS, WORDS_EACH = 8, 12
pytestmark = pytest.mark.timeout(240)
"""A server is dropped slowly where everything else runs beside it."""


class _Line:
    """Takes requests of many threads to the one door, as the daemon's loop does."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._waiting: queue.Queue[tuple[bytes, queue.Queue[bytes]] | None] = queue.Queue()

    def ask(self, kind: str, body: object, session: str) -> Reply:
        answer: queue.Queue[bytes] = queue.Queue()
        self._waiting.put((Room.bytes_of(kind, body, session), answer))
        return codec.unpack(answer.get(timeout=120), Reply)

    def serve(self, officers: list[threading.Thread]) -> None:
        while any(officer.is_alive() for officer in officers) or not self._waiting.empty():
            try:
                data, answer = self._waiting.get(timeout=0.05) or (b"", queue.Queue())
            except queue.Empty:
                continue
            answer.put(self._room.raw(data))


def _write_words(line: _Line, session: str, name: str, refusals: list[str]) -> None:
    """Add words to the narrative, each read, lengthened and written back as an officer does."""
    for number in range(WORDS_EACH):
        while True:
            seen = codec.unpack(line.ask("event.get", AskEvent(event=1), session).body, EventFile).event
            told = f"{seen.narrative} {name}{number}".strip()
            reply = line.ask("event.edit", EditEvent(event=1, version=seen.version, narrative=told), session)
            if reply.outcome == "done":
                break
            refusals.append(reply.code)


def test_that_eight_officers_on_one_event_lose_no_word_and_are_told_who_was_first(staffed: Staffed) -> None:
    room, li, wang = staffed
    opened(room, li)
    line, refusals = _Line(room), list[str]()
    officers = [
        threading.Thread(target=_write_words, args=(line, (li, wang)[n % 2], f"w{n}.", refusals), daemon=True)
        for n in range(OFFICERS)
    ]
    for officer in officers:
        officer.start()
    line.serve(officers)
    words = event(room).narrative.split()
    assert sorted(words) == sorted(f"w{n}.{m}" for n in range(OFFICERS) for m in range(WORDS_EACH))
    assert set(refusals) == {"event.changed.edit"}
    stale = refused(room, wang, GradeEvent(event=1, version=1, factors=LARGER))
    assert stale.params["who"] in ("li", "wang")
    assert stale.params["seat"] in ("A-01", "A-02")
    assert stale.params["at"] == "2027-01-15 16:00:00"


def test_that_marks_made_since_do_not_make_a_deed_stale_but_decisions_do(staffed: Staffed) -> None:
    room, li, wang = staffed
    opened(room, li)
    for text in ("一", "二"):
        room.done(NoteEvent(event=1, text=text), wang)
    room.done(VerifyEvent(event=1, version=1), li)
    assert refused(room, wang, GradeEvent(event=1, version=1, factors=LARGER)).code == "event.changed.verify"
    room.done(GradeEvent(event=1, version=event(room).version, factors=LARGER), wang)


def test_that_a_command_sent_twice_is_done_once_even_over_a_restart(staffed: Staffed) -> None:
    room, li, _ = staffed
    first = room.do(manual(), li, "click-1")
    assert room.do(manual(), li, "click-1") == first
    room.restart()
    assert room.do(manual(), li, "click-1") == first
    assert codec.unpack(first.body, Done).key == "1"
    assert room.do(manual(title="另一件"), li, "click-1").code == "command.id_used"
    assert asked(room, li, "event.counts", AskNothing(), EventCounts).total == 1
    assert opened(room, li, matter="") == 2


FORGED = ("a\u202eb", "a\x00b", "a\x1b[31m", "a\u2066b", "a\x7fb", "\ue000", "a\u200fb", "a\x0bb")
"""Controls, turning marks and private letters: they forge what others see or what a log says."""
INJECTED = (
    "'; DROP TABLE events; --",
    "<img src=x onerror=1>",
    '" OR "1"="1',
    "%' OR 1=1 --",
    "=1+1",
    "{event}",
    "${jndi}",
)
"""Text that means something to SQL, HTML, spreadsheets or formatters: kept letter by letter, a word to us."""


@pytest.mark.parametrize("field", ["title", "narrative", "place", "informant", "source_ref", "risk_point"])
def test_that_no_text_of_a_form_forges_and_every_other_letter_is_kept(staffed: Staffed, field: str) -> None:
    room, li, _ = staffed
    for text in FORGED:
        assert refused(room, li, manual(**{field: text})).code == "text.control_characters"
    for text in INJECTED:
        number = opened(room, li, **{field: text})
        assert getattr(event(room, number), field) == text
    assert asked(room, li, "event.counts", AskNothing(), EventCounts).total == len(INJECTED)


def test_that_no_filter_and_no_search_text_reaches_the_database_as_sql(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    texts = [field.name for field in fields(AskEventPage) if field.type in ("str", str)]
    assert texts
    for text in INJECTED:
        for name in texts:
            page = asked(room, li, "event.page", AskEventPage(**{name: text}), EventPage)  # type: ignore[arg-type]
            assert page.records == ()
        assert asked(room, li, "event.similar", AskSimilar(title=text, place=text), SimilarEvents).found == ()
    assert len(asked(room, li, "event.page", AskEventPage(), EventPage).records) == 1


def test_that_forged_reasons_notes_and_reports_are_refused(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    for text in FORGED:
        for command in (
            NoteEvent(event=1, text=text), NoteEvent(event=1, text="x", said_by=text),
            SendReport(event=1, version=1, kind=ReportKind.FIRST, text=text),
            GradeEvent(event=1, version=1, factors=LARGER, reason=text),
            EditEvent(event=1, version=1, attributes={"a": text}),
            EditEvent(event=1, version=1, attributes={text: "a"}),
        ):  # fmt: skip
            assert refused(room, li, command).code == "text.control_characters"
