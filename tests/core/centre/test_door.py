"""The door: every byte string gets an answer or is dropped, strangers get nothing, and the journal is told whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.centre.handlers import HANDLERS
from chengyun_core.model.alarm import AlarmMark, AlarmMove
from chengyun_core.model.command import (
    COMMANDS,
    AcknowledgeAlarm,
    CreateAccount,
    DisableAccount,
    ImportCatalogue,
    SetPassword,
    ShelveAlarm,
    SignOff,
    UnacknowledgeAlarm,
    UnshelveAlarm,
)
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from chengyun_core.wire.envelope import (
    AskCatalogue,
    AskChanges,
    Changes,
    Hello,
    Reply,
    Request,
    SendActivations,
    Snapshot,
    Welcome,
)
from chengyun_resources.texts import Texts
from tests.core.centre.room import ADMIN_KEY, INGEST_KEY, NOON_NS, PASSWORD, SCREEN_KEY, Room, activation

HELLO = Hello(protocol=1, client="test")
DEEDS = (
    AcknowledgeAlarm(alarm=1, version=1),
    UnacknowledgeAlarm(alarm=1, version=1, reason="x"),
    ShelveAlarm(alarm=1, version=1, minutes=5, reason="x"),
    UnshelveAlarm(alarm=1, version=1),
    CreateAccount(account="new", name="新", password=PASSWORD, posts=("500000.duty_officer",)),
    DisableAccount(account="officer"),
    SetPassword(account="officer", password=PASSWORD),
    ImportCatalogue(tables={}, origin={}),
)


def test_that_every_command_of_the_model_has_a_handler() -> None:
    assert HANDLERS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("command", [*DEEDS, SignOff()], ids=lambda command: type(command).__name__)
def test_that_no_deed_is_done_without_a_session(room: Room, command: object) -> None:
    room.observe(0, WarningColour.YELLOW)
    rows = len(room.published)
    for session in ("", "0" * 64, "1" * 63, "\x00"):
        assert room.do(command, session).code == "session.none"
    assert len(room.published) == rows


@pytest.mark.parametrize("command", DEEDS, ids=lambda command: type(command).__name__)
def test_that_no_deed_is_done_by_a_post_that_has_no_part_in_it(room: Room, command: object) -> None:
    room.observe(0, WarningColour.YELLOW)
    session = room.officer("officer", "500000.sensing_ops")
    rows = len(room.published)
    assert room.do(command, session).code == "permission.no_post"
    assert len(room.published) == rows
    assert not any(lane.jobs for lane in room.lanes.values()), "no worker was kept busy either"


def test_that_ingest_s_key_opens_no_officer_s_deed(room: Room) -> None:
    room.observe(0, WarningColour.YELLOW)
    assert {room.do(command, INGEST_KEY).code for command in DEEDS} == {"permission.no_post"}


def test_that_an_idle_screen_reads_and_never_acts(room: Room) -> None:
    room.observe(0, WarningColour.YELLOW)
    assert room.ask("snapshot", HELLO, SCREEN_KEY).outcome == "done"
    assert {room.do(command, SCREEN_KEY).code for command in (*DEEDS, SignOff())} == {"permission.no_post"}


def test_that_the_local_administrator_cannot_acknowledge(room: Room) -> None:
    room.observe(0, WarningColour.YELLOW)
    assert room.do(DEEDS[0], ADMIN_KEY).code == "permission.no_post"


def test_that_nobody_reads_without_a_session_but_hello_and_seats(room: Room) -> None:
    asks = {"snapshot": HELLO, "changes.since": AskChanges(after=0), "catalogue.get": AskCatalogue()}
    assert {room.ask(kind, body).code for kind, body in asks.items()} == {"session.none"}
    assert room.ask("hello", HELLO).outcome == "done"
    assert room.ask("seats", HELLO).outcome == "done"


def test_that_a_peer_of_another_protocol_is_refused(room: Room) -> None:
    for kind in ("hello", "seats"):
        assert room.ask(kind, Hello(protocol=2, client="x")).code == "wire.protocol"
    assert codec.unpack(room.ask("hello", HELLO).body, Welcome).centre == "500000"


@pytest.mark.parametrize(
    ("request_id", "kind", "body", "code"),
    [
        ("a", "alarm.delete", b"\x80", "wire.unknown_kind"),
        ("a", "alarm.acknowledge", b"", "wire.bad_message"),
        ("a", "alarm.acknowledge", codec.pack({"alarm": 1, "version": 1, "force": True}), "wire.bad_message"),
        ("a", "alarm.acknowledge", codec.pack({"alarm": "1", "version": 1}), "wire.bad_message"),
        ("", "alarm.acknowledge", codec.pack(AcknowledgeAlarm(alarm=1, version=1)), "wire.bad_id"),
        ("x" * 65, "alarm.acknowledge", codec.pack(AcknowledgeAlarm(alarm=1, version=1)), "wire.bad_id"),
    ],
)
def test_that_a_malformed_request_is_refused_with_its_reason(
    room: Room, request_id: str, kind: str, body: bytes, code: str
) -> None:
    made = codec.pack(Request(id=request_id, kind=kind, body=body, session=ADMIN_KEY))
    assert codec.unpack(room.raw(made), Reply).code == code


def test_that_garbage_is_counted_and_answered_and_the_next_officer_is_served(room: Room) -> None:
    whole = room.bytes_of("alarm.acknowledge", AcknowledgeAlarm(alarm=1, version=1), ADMIN_KEY)

    @given(st.binary(max_size=200) | st.tuples(st.integers(0, len(whole) - 1), st.integers(1, 255)))
    @settings(max_examples=400)
    def hostile(damage: bytes | tuple[int, int]) -> None:
        data = damage if isinstance(damage, bytes) else bytes(
            byte ^ damage[1] if at == damage[0] else byte for at, byte in enumerate(whole)
        )  # fmt: skip
        answer = room.door.take(b"peer", data)
        assert answer is not None
        assert codec.unpack(answer.data, Reply).outcome == "refused"

    hostile()
    assert room.desk.counters["door.garbage"] > 0
    assert "door.bugs" not in room.desk.counters
    assert room.ask("hello", HELLO).outcome == "done"


def test_that_a_snapshot_holds_the_living_and_says_through_which_row(room: Room) -> None:
    session = room.officer()
    for vital in (0, 1):
        room.observe(vital, WarningColour.YELLOW)
    room.observe(1, WarningColour.NONE)
    room.done(AcknowledgeAlarm(alarm=2, version=2), session)
    snapshot = codec.unpack(room.ask("snapshot", HELLO, session).body, Snapshot)
    assert snapshot.through == len(room.published)
    told = {(record.kind, record.key): record for record in snapshot.records}
    assert set(told) == {("alarm", "1"), ("session", "A-01")}
    published = next(change for change in room.published if (change.kind, change.key) == ("alarm", "1"))
    assert (told["alarm", "1"].number, told["alarm", "1"].record) == (published.number, published.record)


def test_that_the_journal_is_told_by_range_as_it_was_published(room: Room) -> None:
    session = room.officer()
    sent = tuple(activation(seq, seq % 3, WarningColour(seq % 5), at_ns=NOON_NS + seq) for seq in range(1, 40))
    room.ask("ingest.activations", SendActivations(activations=sent), INGEST_KEY)
    found, through = [], 0
    while True:
        page = codec.unpack(room.ask("changes.since", AskChanges(after=through, limit=7), session).body, Changes)
        assert page.tail == len(room.published)
        found += page.changes
        through = page.through
        if through >= page.tail:
            break
    assert found == room.published
    beyond = codec.unpack(room.ask("changes.since", AskChanges(after=10_000), session).body, Changes)
    assert (beyond.changes, beyond.through) == ((), len(room.published))


@pytest.mark.parametrize("ask", [AskChanges(after=-1), AskChanges(after=0, limit=0), AskChanges(after=0, limit=10**6)])
def test_that_a_range_that_makes_no_sense_is_refused(room: Room, ask: AskChanges) -> None:
    assert room.ask("changes.since", ask, ADMIN_KEY).code == "ask.out_of_range"


def test_that_a_bug_in_one_request_is_answered_and_the_daemon_lives(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setitem(__import__("chengyun_core.centre.door", fromlist=["ANSWERS"]).ANSWERS, "seats", broken)
    reply = room.ask("seats", HELLO)
    assert (reply.outcome, reply.code) == ("trouble", "centre.bug")
    assert "ZeroDivisionError" in caplog.text
    assert room.ask("hello", HELLO).outcome == "done"


def test_that_every_code_of_the_centre_has_a_sentence_in_both_languages(repository) -> None:  # type: ignore[no-untyped-def]
    import re

    found: set[str] = set()
    core = repository / "core" / "chengyun_core"
    for folder in ("centre", "store"):
        for file in (core / folder).rglob("*.py"):
            found |= set(
                re.findall(r"(?:Refused|Trouble|Reason)\(\s*(?:code=)?\"([a-z_.]+)\"", file.read_text("utf-8"))
            )
            found |= set(re.findall(r"\"((?:journal|store)\.[a-z_]+)\"", file.read_text("utf-8")))
    for file in (core / "model" / "permission.py", core / "model" / "alarm_rules.py"):
        found |= set(re.findall(r"\"((?:permission|alarm)\.[a-z_]+)\"", file.read_text("utf-8")))
        found -= {*COMMANDS, *CENTRE_ASKS}
    found |= {f"alarm.changed.{move}" for move in (*AlarmMove, AlarmMark.ASSIGN)}
    found |= {f"alarm.cannot.{deed}" for deed in ("acknowledge", "unacknowledge", "shelve", "unshelve")}
    found |= {f"text.missing.{field}" for field in ("account", "name", "reason")}
    found -= {"journal.number"}  # a column, not a code
    assert len(found) > 70
    for language in ("zh_CN", "en"):
        texts = Texts(language)
        assert [code for code in sorted(found) if not texts.has(code)] == []
