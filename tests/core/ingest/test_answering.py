"""What all doors of sensing do alike: whatever an answer fails by, the asker is told and the next one is answered."""

from collections.abc import Callable
from typing import Any

import pytest

from chengyun_core.ingest.answering import Answering
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import MAX_MESSAGE_BYTES, PROTOCOL_VERSION
from chengyun_core.wire.envelope import HISTORY_ASKS, AskHistory, Hello, Reply, Request, Welcome


@pytest.fixture
def answering() -> Answering:
    return Answering(HISTORY_ASKS, daemon="historian", epoch=3, realm="drill")


def asked(answering: Answering, do: Callable[[str, Any], object], kind: str = "hello", body: object = None) -> Reply:
    """Return the reply to a request of this kind."""
    packed = codec.pack(body if body is not None else Hello(protocol=PROTOCOL_VERSION, client="t"))
    reply = answering.answer(codec.pack(Request(id="r", kind=kind, body=packed)), do)
    assert reply is not None
    return codec.unpack(reply, Reply)


def welcomed(answering: Answering) -> Callable[[str, Any], object]:
    return lambda _kind, ask: answering.welcome(ask)


def test_that_a_bug_is_answered_and_counted_and_the_next_is_answered(
    answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    nothing: dict[str, object] = {}
    reply = asked(answering, lambda kind, _ask: nothing[kind])
    assert (reply.outcome, reply.code, reply.params) == ("trouble", "ingest.bug", {"request": "r"})
    assert answering.bugs == 1
    assert "KeyError" in caplog.text
    told = codec.unpack(asked(answering, welcomed(answering)).body, Welcome)
    assert (told.daemon, told.epoch, told.realm) == ("historian", 3, "drill")


@pytest.mark.parametrize(("failure", "outcome"), [(Refused("a.b", n=1), "refused"), (Trouble("a.b", n=1), "trouble")])
def test_that_a_failure_that_is_none_of_ours_is_told_as_it_is(
    answering: Answering, failure: Exception, outcome: str
) -> None:
    def fail(_kind: str, _ask: object) -> object:
        raise failure

    reply = asked(answering, fail)
    assert (reply.outcome, reply.code, reply.params) == (outcome, "a.b", {"n": "1"})
    assert (answering.refused, answering.bugs) == (int(outcome == "refused"), 0)


def test_that_an_answer_too_large_for_a_message_is_refused_with_its_size(answering: Answering) -> None:
    reply = asked(answering, lambda _kind, _ask: bytes(MAX_MESSAGE_BYTES))
    assert (reply.code, reply.params["size"]) == ("ingest.answer_too_large", str(MAX_MESSAGE_BYTES))


def test_that_bytes_go_as_they_are_and_records_packed(answering: Answering) -> None:
    assert asked(answering, lambda _kind, _ask: b"as it is").body == b"as it is"


def test_that_an_unknown_kind_a_wrong_body_and_another_protocol_do_nothing(answering: Answering) -> None:
    done: list[str] = []

    def do(kind: str, _ask: object) -> object:
        done.append(kind)
        return b""

    assert asked(answering, do, kind="window.open").code == "ingest.unknown_ask"
    assert asked(answering, do, kind="history", body=Hello(protocol=PROTOCOL_VERSION, client="t")).outcome == "refused"
    assert done == []
    other = asked(answering, welcomed(answering), body=Hello(protocol=PROTOCOL_VERSION + 1, client="t"))
    assert other.code == "ingest.protocol"
    assert answering.refused == 3
    ask = AskHistory(kind="vitals", series=1, from_ns=0, to_ns=1, pixels=1)
    assert asked(answering, do, kind="history", body=ask).outcome == "done"
    assert done == ["history"]


def test_that_what_is_no_request_is_counted_and_gets_no_answer(
    answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(30):
        assert answering.answer(b"\xc1", welcomed(answering)) is None
    assert answering.strangers == 30
    assert len(caplog.records) == 20, "who sends rubbish fills no log"
