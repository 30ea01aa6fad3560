"""The second person: an approval is given once, as it was seen, by another, in time; and its asker may withdraw it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.centre import approvals
from chengyun_core.centre.handlers import HANDLERS, SECONDED
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import (
    COMMANDS,
    GiveApproval,
    ImportCatalogue,
    ProposeThreshold,
    RefuseApproval,
)
from chengyun_core.wire import codec
from tests.core.centre.room import ADMIN_KEY, PASSWORD, Room
from tests.support.small_tables import small_tables


class Waiting:
    """A centre in which the machine's admin proposed a change and a chief might approve it."""

    def __init__(self, room: Room) -> None:
        self.room = room
        room.adopt(Catalogue())
        room.desk.packed = b""
        room.done(ImportCatalogue(tables=small_tables(), origin={}), ADMIN_KEY)
        self.chief = room.officer("chief", "500000.watch_chief")
        proposal = ProposeThreshold(threshold_set="PT", vital_code="SW", changes={"high_red": "184"}, reason="r")
        room.done(proposal, ADMIN_KEY)

    def give(self, number: int = 1, version: int = 1) -> str:
        return self.room.do(GiveApproval(approval=number, version=version), self.chief).code

    def refuse(self, session: str, reason: str = "no") -> str:
        return self.room.do(RefuseApproval(approval=1, version=1, reason=reason), session).code

    def approval(self) -> Approval:
        with self.room.ledger.reading() as connection:
            found = approvals.LOG.get(connection, 1)
        assert found is not None
        return found


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Waiting]:
    with Room(tmp_path) as room:
        yield Waiting(room)


def test_that_the_command_is_kept_whole_with_its_asker(waiting: Waiting) -> None:
    approval = waiting.approval()
    kept = codec.unpack(approval.command, COMMANDS[approval.action])
    assert kept == ProposeThreshold(threshold_set="PT", vital_code="SW", changes={"high_red": "184"}, reason="r")
    assert (approval.asked_by, approval.state) == ("local-admin", ApprovalState.WAITING)


def test_that_it_is_given_once_with_both_names_in_the_journal(waiting: Waiting) -> None:
    assert waiting.give() == ""
    told = next(change for change in waiting.room.published if change.action == "approval.give")
    assert (told.account, told.params) == ("chief", {"action": "threshold.propose", "asked_by": "local-admin"})
    approval = waiting.approval()
    assert (approval.state, approval.decided_by, approval.decided_seat) == (ApprovalState.GIVEN, "chief", "A-01")
    assert waiting.give(version=2) == "approval.decided"


def test_that_an_unknown_one_or_another_version_is_refused(waiting: Waiting) -> None:
    assert waiting.give(number=7) == "approval.unknown"
    assert waiting.give(version=2) == "approval.decided"
    assert waiting.approval().state is ApprovalState.WAITING


def test_that_a_refusal_needs_a_reason_and_the_asker_withdraws(waiting: Waiting) -> None:
    assert waiting.refuse(waiting.chief, " ") == "text.missing.reason"
    assert waiting.refuse(ADMIN_KEY) == ""
    assert (waiting.approval().state, waiting.approval().reason) == (ApprovalState.WITHDRAWN, "no")
    assert waiting.refuse(waiting.chief) == "approval.decided"


def test_that_it_expires_by_itself_and_is_no_longer_given(waiting: Waiting) -> None:
    waiting.room.clock.now_ns = waiting.approval().expires_at - 1
    assert approvals.expire(SECONDED, waiting.room.desk, waiting.room.ledger) == 0
    waiting.room.clock.now_ns += 1
    admin = RefuseApproval(approval=1, version=1, reason="late")
    assert waiting.room.do(admin, ADMIN_KEY).code == "approval.expired"
    assert approvals.expire(SECONDED, waiting.room.desk, waiting.room.ledger) == 1
    assert waiting.approval().state is ApprovalState.EXPIRED
    assert not waits_for(waiting.room)


def test_that_a_restart_forgets_no_expiry(waiting: Waiting) -> None:
    expires_at = waiting.approval().expires_at
    waiting.room.restart()
    assert waits_for(waiting.room) == {("approval", "1"): expires_at}
    waiting.room.clock.now_ns += 100 * 86_400 * NS_PER_S
    assert approvals.expire(SECONDED, waiting.room.desk, waiting.room.ledger) == 1


def test_that_every_deed_that_may_wait_is_a_command(waiting: Waiting) -> None:
    del waiting
    assert set(SECONDED) <= set(HANDLERS)
    assert list(SECONDED) == sorted(SECONDED)


def waits_for(room: Room) -> dict[tuple[str, str], int]:
    return {key: due for key, (due, _) in room.desk.due._waited.items() if key[0] == "approval"}


def _second(account: str = "second", secret: str = PASSWORD) -> GiveApproval:
    return GiveApproval(approval=1, version=1, account=account, secret=secret)


def test_that_a_second_person_gives_by_his_own_password_at_the_first_ones_console(waiting: Waiting) -> None:
    room = waiting.room
    room.make("second", "500000.watch_chief")
    assert room.do(_second(), waiting.chief).outcome == "done"
    given = waiting.approval()
    assert (given.state, given.decided_by, given.decided_seat) == (ApprovalState.GIVEN, "second", "A-01")
    written = [change for change in room.published if change.action == "approval.give"]
    assert written[-1].account == "second"


def test_that_wrong_passwords_at_anothers_console_count_and_lock_out_and_give_nothing(waiting: Waiting) -> None:
    room = waiting.room
    room.make("second", "500000.watch_chief")
    told = [room.do(_second(secret="wrong"), waiting.chief).code for _ in range(5)]
    assert told == ["session.wrong_password"] * 4 + ["session.locked_out"]
    assert room.do(_second(), waiting.chief).code == "session.locked_out"
    assert waiting.approval().state is ApprovalState.WAITING


def test_that_a_second_person_needs_the_right_for_the_deed_whoever_sits_at_the_console(waiting: Waiting) -> None:
    room = waiting.room
    room.make("second", "500000.it_admin")
    assert room.do(_second(), waiting.chief).code.startswith("permission.")
    assert room.do(_second("nobody"), waiting.chief).code == "session.wrong_password"
    assert waiting.approval().state is ApprovalState.WAITING
