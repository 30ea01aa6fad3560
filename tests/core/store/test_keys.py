"""Keys on disk: private from the first byte, the same for two makers at once, refused when open or damaged."""

import threading
from pathlib import Path

import pytest

from chengyun_core.model.failure import Trouble
from chengyun_core.store import keys


def test_that_a_key_is_made_private_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "x.key"
    made = keys.secret(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert keys.secret(path) == made
    assert len(bytes.fromhex(made)) == 32
    assert [file.name for file in path.parent.iterdir()] == ["x.key"], "no draft is left"


def test_that_two_makers_at_once_agree_on_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    makers = [threading.Thread(target=lambda: found.append(keys.secret(tmp_path / "x.key"))) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_that_a_key_others_may_read_is_refused(tmp_path: Path) -> None:
    keys.secret(tmp_path / "x.key")
    (tmp_path / "x.key").chmod(0o640)
    with pytest.raises(Trouble, match=r"secret\.open"):
        keys.secret(tmp_path / "x.key")


@pytest.mark.parametrize(
    ("content", "code"), [("", "secret.empty"), ("ab", "store.key_damaged"), ("z" * 64, "store.key_damaged")]
)
def test_that_a_key_that_is_not_whole_is_refused_and_not_replaced(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "x.key"
    path.touch(mode=0o600)
    path.write_text(content, "ascii")
    with pytest.raises(Trouble, match=code):
        keys.secret(path)
    assert path.read_text("ascii") == content


def test_that_a_signature_holds_for_its_bytes_only(tmp_path: Path) -> None:
    signer = keys.signer(tmp_path)
    signature = signer.sign(b"fact")
    assert keys.is_signed(signer.public(), signature, b"fact")
    assert not keys.is_signed(signer.public(), signature, b"fact.")
    assert (tmp_path / "sign.pub").read_text("ascii").strip() == signer.public().hex()


def test_that_a_public_key_left_empty_by_a_power_cut_is_written_anew(tmp_path: Path) -> None:
    made = keys.signer(tmp_path)
    (tmp_path / "sign.pub").write_bytes(b"")
    assert keys.signer(tmp_path).public() == made.public()
    assert (tmp_path / "sign.pub").read_text("ascii").strip() == made.public().hex()
