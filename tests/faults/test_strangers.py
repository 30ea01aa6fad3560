"""A real centre daemon on its socket: forged, revoked and replayed commands by the hundred do nothing."""

import random
import uuid
from pathlib import Path

import pytest

from chengyun_core.model.command import CreateAccount, SetPassword, SignOn
from chengyun_core.model.rights_commands import NoteExport, SetPosts
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import AskChanges, Changes, Hello, SignedOn
from tests.core.centre.process import CentreProcess

SEED, TIMES = 20_261_121, 300
HELLO = Hello(protocol=1, client="stranger")
NOTE = NoteExport(what="alarms", form="csv", rows=1, digest="ab" * 32)
PASSWORD = "a long password"

pytestmark = [pytest.mark.fault, pytest.mark.wire, pytest.mark.slow]


def _code(centre: CentreProcess, command: object, session: str, request_id: str = "") -> str:
    return centre.do(command, session, request_id).code


def _signed_on(centre: CentreProcess, account: str, seat: str) -> str:
    made = CreateAccount(account=account, name=account, password=PASSWORD, posts=("500000.duty_officer",))
    assert centre.do(made, centre.admin_key).outcome == "done"
    reply = centre.do(SignOn(account=account, password=PASSWORD, seat=seat), "")
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, SignedOn).token


def _exports(centre: CentreProcess) -> int:
    reply = centre.ask("changes.since", AskChanges(after=0, limit=5000), centre.admin_key)
    assert reply is not None
    return sum(change.action == "export.note" for change in codec.unpack(reply.body, Changes).changes)


def test_that_strangers_do_nothing_at_the_socket_of_a_real_centre(tmp_path: Path) -> None:
    chosen = random.Random(SEED)
    with CentreProcess(tmp_path / "p") as centre:
        centre.start()
        centre.import_city(1, seats=2)
        one, other = _signed_on(centre, "li", "S-1"), _signed_on(centre, "wang", "S-2")
        heard = uuid.uuid4().hex
        assert _code(centre, NOTE, one, heard) == ""
        assert {_code(centre, NOTE, f"{chosen.getrandbits(256):064x}") for _ in range(TIMES)} == {"session.none"}
        assert {_code(centre, NOTE, one, heard) for _ in range(TIMES)} == {""}
        assert {_code(centre, NOTE, other, heard) for _ in range(TIMES)} == {"command.id_used"}
        assert (
            _code(centre, SetPosts(account="li", posts=("500000.watch_chief",), reason="轮岗"), centre.admin_key) == ""
        )
        assert _code(centre, SetPassword(account="wang", password="another one"), centre.admin_key) == ""
        revoked = {_code(centre, NOTE, chosen.choice((one, other))) for _ in range(TIMES)}
        assert revoked == {"session.none"}
        assert _exports(centre) == 1, "one was meant, and one was done"
