"""`chengyun user totp`: the secret is shown once, on the error stream, and kept when a code proves the phone."""

import io
import sys
from pathlib import Path
from typing import Self

import pytest
import segno

from chengyun_core.launch import cli
from chengyun_core.launch import profile as profiles
from chengyun_core.launch import second_factor_command as command
from chengyun_core.model import totp
from chengyun_core.model.rights import Label
from chengyun_core.model.rights_commands import DropTotp, EnrolTotp, SetClearance, SetPosts
from chengyun_core.wire.envelope import Done


class Door:
    """Takes what would go to the centre."""

    sent: list[object]

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, told: object) -> Done:
        """Keep a command."""
        Door.sent.append(told)
        return Done(change=1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile whose centre is a list."""
    Door.sent = []
    monkeypatch.setattr(command, "DoorClient", Door)
    monkeypatch.setattr(command, "borrowed_centre", lambda _: Door())
    return profiles.ensure(tmp_path / "p").folder


def test_that_the_secret_is_shown_on_the_error_stream_only_and_sent_with_the_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("123456\n"))
    assert cli.main(["user", "totp", "li", "--profile", str(folder)]) == 0
    (sent,) = Door.sent
    assert isinstance(sent, EnrolTotp)
    shown = capsys.readouterr()
    assert (sent.account, sent.code, len(sent.recovery)) == ("li", "123456", command.RECOVERY_CODES)
    assert len(totp.secret_of(sent.secret)) == totp.SECRET_BYTES
    assert "otpauth://totp/" in shown.err
    lines = [line for line in shown.err.splitlines() if set(line) <= set("█▀▄ ") and "█" in line]
    uri = next(line for line in shown.err.splitlines() if line.startswith("otpauth:"))
    modules = [row for line in lines for row in ([half in " ▄" for half in line], [half in " ▀" for half in line])]
    drawn = segno.make_qr(uri, error="m", boost_error=False)
    assert [[bool(module) for module in row] for row in drawn.matrix_iter(border=4)] == modules[: len(lines[0])]
    assert all(word in shown.err and word not in shown.out for word in (sent.secret, *sent.recovery))


def test_that_posts_a_lost_phone_and_a_clearance_are_told_with_a_reason(folder: Path) -> None:
    given = ["--profile", str(folder), "--reason", "轮岗"]
    assert cli.main(["user", "posts", "li", "--post", "500000.watch_chief", *given]) == 0
    assert cli.main(["user", "drop-totp", "li", *given]) == 0
    assert cli.main(["user", "clearance", "li", "--label", "dim", *given]) == 0
    assert Door.sent == [
        SetPosts(account="li", posts=("500000.watch_chief",), reason="轮岗"),
        DropTotp(account="li", reason="轮岗"),
        SetClearance(account="li", clearance=Label.DIM, reason="轮岗"),
    ]
