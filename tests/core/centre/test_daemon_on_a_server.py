"""The centre daemon as a process on a PostgreSQL server: it starts, answers, and a kill leaves the lock to the next."""

from pathlib import Path

from chengyun_core.model.command import CreateAccount
from tests.core.centre.process import CentreProcess
from tests.support.postgres import Server


def test_that_the_daemon_keeps_accounts_on_a_server_and_is_there_again_after_a_kill(
    tmp_path: Path, postgres_server: Server
) -> None:
    postgres_server.make("whole")
    command = CreateAccount(account="li", name="李", password="a long password", posts=("500000.duty_officer",))
    with CentreProcess(tmp_path / "p", 'database = "postgresql"\n') as centre:
        address = centre.profile.folder / "keys" / "database.url"
        address.touch(mode=0o600)
        address.write_text(postgres_server.url("whole") + "\n", encoding="utf-8")
        for _life in range(2):
            centre.start()
            assert centre.do(command, centre.admin_key, "intent-1").outcome == "done"
            centre.kill()
        assert not (centre.profile.folder / "centre" / "chengyun.db").exists()
    postgres_server.drop("whole")
