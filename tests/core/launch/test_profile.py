"""A profile folder: made once, secret where it must be, and clear about what is wrong."""

from pathlib import Path

import pytest

from chengyun_core.launch import profile as profiles
from chengyun_core.model.failure import Trouble


def test_that_a_new_profile_has_keys_only_its_owner_can_read(tmp_path: Path) -> None:
    made = profiles.ensure(tmp_path / "p")
    for name in profiles.SECRET_KEYS:
        assert (made.folder / "keys" / name).stat().st_mode & 0o777 == 0o600
        assert len(made.key(name)) == 64
    assert (made.folder / "keys").stat().st_mode & 0o777 == 0o700


def test_that_a_profile_made_again_keeps_its_keys_and_settings(tmp_path: Path) -> None:
    first = profiles.ensure(tmp_path / "p")
    key = first.key("admin.key")
    first.settings_file.write_text("[profile]\nname = 'mine'\n", "utf-8")
    second = profiles.ensure(tmp_path / "p")
    assert second.key("admin.key") == key
    assert "mine" in second.settings_file.read_text("utf-8")


def test_that_a_key_others_can_read_is_refused_with_its_name(tmp_path: Path) -> None:
    made = profiles.ensure(tmp_path / "p")
    (made.folder / "keys" / "admin.key").chmod(0o644)
    with pytest.raises(Trouble) as failure:
        made.key("admin.key")
    assert failure.value.reason.code == "secret.open"
    assert failure.value.reason.params["mode"] == "0644"


def test_that_a_missing_profile_is_told_not_made(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as failure:
        profiles.opened(tmp_path / "nowhere")
    assert failure.value.reason.code == "profile.missing"
    assert not (tmp_path / "nowhere").exists()


def test_that_a_folder_that_cannot_be_made_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Trouble) as failure:
        profiles.ensure(tmp_path / "file" / "p")
    assert failure.value.reason.code == "profile.not_writable"
