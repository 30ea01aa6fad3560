"""Whatever is sent as a command or question about events is done or refused with a known sentence, never a bug."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun_core.model.event_commands import EVENT_COMMANDS, OpenEvent
from chengyun_core.wire.event_asks import EVENT_ASKS
from chengyun_resources.texts import Texts
from tests.core.centre.event_room import CITY_UNIT, HELP, LEAD, WATER, event, manual
from tests.core.centre.room import ADMIN_KEY, NOON_NS, Room

S = 1_000_000_000
TIMES = st.one_of(st.just(NOON_NS), st.integers(NOON_NS - 10**12, NOON_NS + 10**13), st.integers(-(2**62), 2**62))
SMALL = st.integers(-2, 6)
CODES = (
    "",
    "原因",
    LEAD,
    HELP,
    CITY_UNIT,
    "A-01",
    "A-02",
    "500103",
    "500106",
    WATER,
    "event:1",
    "receipt:1.1",
    "0" * 64,
)
TEXTS = st.one_of(st.sampled_from(CODES), st.text(max_size=20))
TEXTS_KNOWN = Texts("zh_CN")
_TIME_FIELDS = ("at", "until", "source_at", "due_at", "taken_at", "opened_from", "opened_to")
KINDS = {**EVENT_COMMANDS, **{kind: body for kind, (body, _) in EVENT_ASKS.items()}}


def _field(name: str, hint: Any) -> st.SearchStrategy[Any]:
    if name in _TIME_FIELDS or name.endswith("_at"):
        return st.one_of(st.none(), TIMES) if hint is not int else TIMES
    return st.from_type(hint)


def _records(record: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(record)
    return st.builds(record, **{field.name: _field(field.name, hints[field.name]) for field in fields(record)})


@pytest.fixture(scope="module", autouse=True)
def _small_values() -> Iterator[None]:
    """Let numbers be those of records that exist, or nearly, and texts be codes that mean something."""
    st.register_type_strategy(int, st.one_of(SMALL, st.integers(-(2**63), 2**63 - 1)))
    st.register_type_strategy(str, TEXTS)
    st.register_type_strategy(OpenEvent, _records(OpenEvent))
    yield
    st.register_type_strategy(int, st.integers())
    st.register_type_strategy(str, st.text())


def as_on_screen(room: Room, data: st.DataObject, command: Any) -> Any:
    """Return the command about an event that exists, in the version it has: half of what is drawn is that far true."""
    names = {field.name for field in fields(command)}
    if "event" not in names or not data.draw(st.booleans()):
        return command
    number = data.draw(st.integers(1, 3))
    seen = {"version": event(room, number).version} if "version" in names else {}
    return replace(command, event=number, **seen)


@given(st.data())
@settings(
    max_examples=12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
def test_that_nothing_sent_about_events_is_more_than_done_or_refused(
    staffed: tuple[Room, str, str], data: st.DataObject
) -> None:
    room, li, _ = staffed
    while "3" not in {change.key for change in room.published if change.kind == "event"}:
        room.done(manual(), li)
    for kind, record in KINDS.items():
        sent = as_on_screen(room, data, data.draw(_records(record), label=kind))
        reply = room.ask(kind, sent, data.draw(st.sampled_from([li, ADMIN_KEY])))
        assert reply.outcome in ("done", "refused"), (kind, reply)
        assert not reply.code or TEXTS_KNOWN.has(reply.code), (kind, reply.code)
    assert room.desk.counters.get("door.bugs", 0) == 0
    room.clock.advance(60)
    room.tend()
