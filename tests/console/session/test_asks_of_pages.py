"""What only one page asks a door: the record of the table comes back, or the reason why there is none."""

from chengyun_console.session.errands import Door
from chengyun_console.session.replica import Replica
from chengyun_console.session.wishes import WantAnswer
from chengyun_core.model.failure import Reason
from chengyun_core.wire import codec
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import AskVerdicts, Hello, HistoryStatus, IngestStatus, Reply, Request, Verdicts
from tests.support.news_from import S, moment

HELLO = Hello(protocol=PROTOCOL_VERSION, client="console")


def asked(replica: Replica, kind: str, body: object, *, slot: str = "one", name: str = "a") -> Request:
    """Wish for an answer and return the request that left."""
    replica.wish(WantAnswer(id=name, kind=kind, ask=body, slot=slot), moment(S))
    return next(errand.request for errand in replica.turn(moment(S)) if errand.request.id == name)


def answers(replica: Replica) -> dict[str, object]:
    post = replica.post()
    return dict(post.answers) if post else {}


def test_that_an_answer_is_the_record_of_its_kind() -> None:
    replica = Replica()
    request = asked(replica, "alarm.verdicts", AskVerdicts(vitals=(3,)))
    told = Verdicts(rows=((3, 5, 1),))
    replica.replied(codec.pack(Reply(id=request.id, outcome="done", body=codec.pack(told))), moment(S))
    assert answers(replica) == {"a": told}


def test_that_the_same_kind_is_asked_of_ingest_and_of_the_historian() -> None:
    replica = Replica()
    replica.wish(WantAnswer(id="h", kind="status", ask=HELLO, slot="archive", of_historian=True), moment(S))
    request = asked(replica, "status", HELLO)
    doors = {errand.request.id: errand.door for errand in replica.turn(moment(S))}
    assert doors == {"h": Door.HISTORY, request.id: Door.INGEST}
    told = {"h": HistoryStatus(counters={"archive_parts": 3}), request.id: IngestStatus()}
    for name, record in told.items():
        replica.replied(codec.pack(Reply(id=name, outcome="done", body=codec.pack(record))), moment(S))
    assert answers(replica) == told


def test_that_a_refusal_is_handed_on_as_its_reason() -> None:
    replica = Replica()
    request = asked(replica, "status", HELLO)
    replica.replied(codec.pack(Reply(id=request.id, outcome="refused", code="x", params={"y": "z"})), moment(S))
    assert answers(replica) == {"a": Reason(code="x", params={"y": "z"})}


def test_that_an_unreadable_answer_is_told_as_such() -> None:
    replica = Replica()
    request = asked(replica, "status", HELLO)
    replica.replied(codec.pack(Reply(id=request.id, outcome="done", body=b"\xc1")), moment(S))
    assert answers(replica) == {"a": Reason(code="session.bad_answer", params={"kind": "status"})}


def test_that_a_silent_door_ends_the_ask_after_its_patience() -> None:
    replica = Replica()
    asked(replica, "status", HELLO)
    replica.errands.sent("a", S)
    replica.turn(moment(7 * S))
    reason = answers(replica)["a"]
    assert isinstance(reason, Reason)
    assert reason.code == "session.no_answer"


def test_that_a_newer_ask_of_a_slot_supersedes_the_older() -> None:
    replica = Replica()
    asked(replica, "status", HELLO)
    request = asked(replica, "status", HELLO, name="b")
    for name in ("a", request.id):
        replica.replied(codec.pack(Reply(id=name, outcome="done", body=codec.pack(IngestStatus()))), moment(S))
    assert list(answers(replica)) == ["b"]
