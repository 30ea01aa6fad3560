"""Secrets on disk: private from the first byte whatever the umask, refused when others could read or own them."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chengyun_core.model.failure import Trouble
from chengyun_core.wire import secret_file

NOBODY = 65_534


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_that_a_secret_is_written_for_its_owner_only_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        secret_file.write_new(tmp_path / "x", "secret\n")
    finally:
        os.umask(before)
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o600
    assert secret_file.read(tmp_path / "x") == "secret"


def test_that_a_secret_is_never_written_over_another_nor_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        secret_file.write_new(tmp_path / "link", "secret")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o602, 0o620, 0o644])
def test_that_a_secret_others_can_read_or_write_is_refused(tmp_path: Path, mode: int) -> None:
    secret_file.write_new(tmp_path / "x", "secret")
    (tmp_path / "x").chmod(mode)
    assert _refusal(tmp_path / "x") == "secret.open"


def test_that_a_secret_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret_file.write_new(tmp_path / "x", "secret")
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    assert _refusal(tmp_path / "x") == "secret.foreign"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "secret.empty"), (b"\n", "secret.empty"), (b"\xff\xfe", "secret.unreadable"), (None, "secret.unreadable")],
)
def test_that_a_secret_that_is_no_secret_is_told(tmp_path: Path, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / "x").touch(mode=0o600)
        (tmp_path / "x").write_bytes(content)
    assert _refusal(tmp_path / "x") == code


def test_that_makers_at_once_agree_on_one_secret_and_leave_no_draft(tmp_path: Path) -> None:
    file, numbers = tmp_path / "keys" / "x", iter(range(8))
    makers = [
        threading.Thread(target=lambda: secret_file.make_once(file, lambda: f"made {next(numbers)}")) for _ in range(8)
    ]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert secret_file.read(file).startswith("made ")
    assert [found.name for found in file.parent.iterdir()] == ["x"]
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_that_a_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    secret_file.expect_private_folder(tmp_path / "keys")
    (tmp_path / "keys").chmod(0o750)
    with pytest.raises(Trouble, match=r"secret\.folder_open"):
        secret_file.expect_private_folder(tmp_path / "keys")


def test_that_another_user_of_the_machine_cannot_read_a_secret(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o777 == 0o700:
            folder.chmod(0o711)  # so that only the file itself can keep the other user out
    secret_file.write_new(tmp_path / "x", "secret")
    assert (tmp_path / "x").stat().st_mode & 0o077 == 0
    if os.getuid() != 0:
        return  # only root can ask as another user; for everybody else the mode is the proof
    # The virtual environment may lie where others cannot go; the interpreter behind it does not.
    asked = subprocess.run(
        [os.path.realpath(sys.executable), "-c", f"open({str(tmp_path / 'x')!r}).read()"],
        user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "PermissionError" in asked.stderr


def _refusal(file: Path) -> str:
    with pytest.raises(Trouble) as caught:
        secret_file.read(file)
    return caught.value.reason.code
