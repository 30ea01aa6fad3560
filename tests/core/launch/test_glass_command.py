"""`chengyun glass` at a real centre: envelopes sealed, the glass broken with them, ended, looked at, reviewed."""

import io
import json
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.launch import cli
from chengyun_core.model import glass_codes
from chengyun_core.model.command import CreateAccount
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import SignedOn
from tests.core.centre.process import CentreProcess

CHIEF, IT = "500000.watch_chief", "500000.it_admin"
PASSWORD = "a long password"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    """A centre with a city, and the chief's account."""
    with CentreProcess(tmp_path_factory.mktemp("glass") / "p") as made:
        made.start()
        made.import_city(0)
        account = CreateAccount(account="chief", name="值班长", password=PASSWORD, posts=(CHIEF,))
        assert made.do(account, made.admin_key).outcome == "done"
        yield made


class Shell:
    """Runs the command with what is typed."""

    def __init__(self, centre: CentreProcess, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._folder, self._capsys, self._patch = centre.profile.folder, capsys, patch
        self.shown = ""

    def run(self, *arguments: str, typed: str = "", code: int = 0) -> dict[str, object]:
        """Return what the command reports; `shown` is what went to the error stream."""
        self._patch.setattr(sys, "stdin", io.StringIO(typed))
        self._capsys.readouterr()
        assert cli.main(["glass", *arguments, "--json", "--profile", str(self._folder)]) == code
        told = self._capsys.readouterr()
        self.shown = told.err
        report: dict[str, object] = json.loads(told.out)
        return report

    def codes(self, post: str, *more: str) -> list[str]:
        """Seal codes of a post and return them as they are printed."""
        self.run("codes", "--post", post, *more)
        return re.findall(r"\d+/[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", self.shown)


@pytest.fixture
def shell(centre: CentreProcess, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(centre, capsys, monkeypatch)


def _broken(shell: Shell, first: str, second: str, *, code: int = 0) -> dict[str, object]:
    return shell.run(
        "break", "--seat", "A-01", "--account", "张三", "--code", "--second", "李四", "--second-code", "--post",
        "watch_chief", "--reason", "洪峰将至", typed=f"{first}\n{second}\n", code=code,
    )  # fmt: skip


def test_that_two_envelopes_break_the_glass_which_is_ended_looked_at_and_reviewed(shell: Shell) -> None:
    (chief, _), (it, _) = shell.codes(CHIEF), shell.codes(IT)
    assert glass_codes.read(chief) is not None
    made = _broken(shell, chief, it)
    file = Path(str(made["session"]))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = codec.unpack(bytes.fromhex(file.read_text("utf-8")), SignedOn)
    assert (told.seat, told.name, told.posts, told.glass) == ("A-01", "张三", (CHIEF,), made["glass"])
    number = str(made["glass"])
    assert _broken(shell, chief, it, code=1)["code"] == "glass.code_ended"
    assert shell.run("review", number, "--finding", "x", code=1)["code"] == "glass.not_so"
    shell.run("end", number, "--reason", "险情已过")
    assert not file.exists()
    deeds = shell.run("list", number)["rows"]
    assert isinstance(deeds, list)
    assert "session.sign_on" in [row["action"] for row in deeds]
    shell.run("review", number, "--finding", "确有必要")
    rows = shell.run("list")["rows"]
    assert isinstance(rows, list)
    assert rows[0]["finding"] == "确有必要"
    assert rows[0]["proofs"] == [f"code {chief.split('/')[0]} {CHIEF}", f"code {it.split('/')[0]} {IT}"]


def test_that_a_password_and_an_envelope_do_and_a_wrong_one_says_whose_it_was(shell: Shell) -> None:
    (it, _) = shell.codes(IT)
    given = ("break", "--seat", "A-01", "--account", "chief", "--second", "李四", "--second-code", "--post",
             "it_admin", "--reason", "x")  # fmt: skip
    wrong = shell.run(*given, typed=f"wrong\n{it}\n", code=1)
    assert (wrong["code"], wrong["params"]) == ("glass.wrong_first", {"field": "first", "left": "3"})
    made = shell.run(*given, typed=f"{PASSWORD}\n{it}\n")
    shell.run("end", str(made["glass"]))
    missing = shell.run("break", "--seat", "A-01", code=1)
    assert (missing["code"], missing["params"]) == (
        "glass.cli.missing", {"names": "--account --second --reason --post"},
    )  # fmt: skip


def test_that_codes_are_printed_once_and_kept_nowhere_in_clear(
    centre: CentreProcess, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "envelopes.txt"
    shell.run("codes", "--post", CHIEF, "--count", "3", "--output", str(file))
    assert shell.shown == ""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    printed = re.findall(r"\d+/([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})", file.read_text("utf-8"))
    assert len(set(printed)) == 3
    kept = [path for path in (centre.profile.folder / "centre").rglob("*") if path.is_file()]
    for path in kept:
        content = path.read_bytes()
        assert not any(code.encode() in content or code.replace("-", "").encode() in content for code in printed), path
    assert shell.run("codes", "--post", CHIEF, "--output", str(file), code=1)["code"] == "report.file_there"
    rows = shell.run("codes")["codes"]
    assert isinstance(rows, list)
    sealed = [row["number"] for row in rows if row["post"] == CHIEF and row["state"] == "sealed"]
    assert len(sealed) == 3, "earlier ones were replaced"
    shell.run("codes", "--lost", str(sealed[0]), "--reason", "信封被拆")
    assert shell.run("codes", "--lost", str(sealed[0]), "--reason", "x", code=1)["code"] == "glass.code_ended"


def test_that_people_read_sentences(shell: Shell, capsys: pytest.CaptureFixture[str], centre: CentreProcess) -> None:
    for arguments in (["glass", "list"], ["glass", "codes"]):
        assert cli.main([*arguments, "--profile", str(centre.profile.folder)]) == 0
        out = capsys.readouterr().out
        assert "glass.cli" not in out
        assert "{" not in out
        assert out.strip()
