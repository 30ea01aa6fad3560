"""The book of requests, by an injected time."""

import pytest

from chengyun_console.session.errands import GIVE_UP_NS, MOST_UNDER_WAY, RESEND_EVERY_NS, Door, Errand, Errands
from chengyun_core.wire.envelope import Request
from tests.support.news_from import S

PATIENCE_NS = 5 * S


def errand(name: str, *, command: bool = False, slot: str = "", door: Door = Door.INGEST) -> Errand:
    return Errand(
        request=Request(id=name, kind="window"), door=door, is_command=command, slot=slot, patience_ns=PATIENCE_NS
    )


def begun(*errands: Errand, sent: bool = True) -> Errands:
    book = Errands()
    for one in errands:
        book.begin(one, 0)
        if sent:
            book.sent(one.request.id, 0)
    return book


def test_that_an_errand_is_sent_once_and_closed_by_its_answer() -> None:
    book = begun(errand("a"), sent=False)
    assert [one.request.id for one in book.due(0)] == ["a"]
    book.sent("a", 0)
    assert book.due(S) == []
    closed = book.answered("a")
    assert closed is not None
    assert book.answered("a") is None
    assert len(book) == 0


def test_that_one_that_could_not_be_sent_stays_due() -> None:
    book = begun(errand("a"), sent=False)
    assert book.due(0)
    assert book.due(S)


def test_that_a_newer_errand_of_a_slot_supersedes_the_older_one() -> None:
    book = begun(errand("old", slot="chart"), errand("other", slot="chart 2"))
    assert book.begin(errand("new", slot="chart"), S) == errand("old", slot="chart")
    assert book.answered("old") is None
    assert book.answered("other") is not None
    assert book.answered("new") is not None


def test_that_only_so_many_go_to_a_door_at_once() -> None:
    book = begun(*(errand(str(at)) for at in range(MOST_UNDER_WAY + 2)), sent=False)
    assert len(book.due(0)) == MOST_UNDER_WAY
    book.begin(errand("command", command=True, door=Door.COMMANDS), 0)
    assert len(book.due(0)) == MOST_UNDER_WAY + 1


def test_that_an_ask_without_an_answer_ends_as_not_answered() -> None:
    book = begun(errand("a"))
    assert book.judge(PATIENCE_NS - 1).ended == ()
    ((ended, reply),) = book.judge(PATIENCE_NS).ended
    assert (ended.request.id, reply.outcome, reply.code) == ("a", "trouble", "session.no_answer")


@pytest.mark.parametrize("command", [True, False])
def test_that_what_never_left_ends_as_not_sent(command: bool) -> None:
    ((_, reply),) = begun(errand("a", command=command), sent=False).judge(PATIENCE_NS).ended
    assert reply.code == "session.not_sent"


def test_that_a_command_becomes_unsure_is_repeated_under_its_id_and_ends_unknown_at_last() -> None:
    book = begun(errand("c", command=True))
    assert book.judge(PATIENCE_NS - 1).unsure == ()
    assert book.due(PATIENCE_NS - 1) == []
    assert book.judge(PATIENCE_NS).unsure == ("c",)
    assert [one.request.id for one in book.due(PATIENCE_NS)] == ["c"]
    book.sent("c", PATIENCE_NS)
    assert book.due(PATIENCE_NS + RESEND_EVERY_NS - 1) == []
    assert book.due(PATIENCE_NS + RESEND_EVERY_NS)
    assert book.judge(GIVE_UP_NS - 1).unsure == ()
    ((_, reply),) = book.judge(GIVE_UP_NS).ended
    assert reply.code == "session.outcome_unknown"


def test_that_a_restarted_daemon_is_asked_again_at_once() -> None:
    book = begun(errand("c", command=True, door=Door.COMMANDS), errand("w"))
    book.resend((Door.COMMANDS,))
    assert [one.request.id for one in book.due(1)] == ["c"]
    ((_, reply),) = [end for end in book.judge(GIVE_UP_NS).ended if end[0].is_command]
    assert reply.code == "session.outcome_unknown"
