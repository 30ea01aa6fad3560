"""Where a profile's sockets lie: in its run folder, only for its owner, and never at a path the kernel refuses."""

import os
import stat
from pathlib import Path

import pytest
import zmq

from chengyun_core.wire import addresses


def test_that_the_four_sockets_lie_in_the_run_folder_of_their_owner(tmp_path: Path) -> None:
    at = addresses.of_profile(tmp_path)
    run = tmp_path / "run"
    assert at.ingest_state == f"ipc://{run}/ingest.state"
    assert len({at.ingest_state, at.ingest_door, at.centre_changes, at.centre_door}) == 4
    assert stat.S_IMODE(run.stat().st_mode) == 0o700


def test_that_a_folder_left_open_is_closed_again(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o777)
    (tmp_path / "run").chmod(0o777)
    addresses.of_profile(tmp_path)
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


@pytest.mark.parametrize("letters", [60, 200])
def test_that_a_socket_can_be_bound_however_long_the_profiles_path_is(
    tmp_path: Path, letters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = tmp_path / "t"
    short.mkdir()
    monkeypatch.setattr(addresses.tempfile, "gettempdir", lambda: str(short))
    profile = tmp_path / ("城" * (letters // 3))
    profile.mkdir()
    at = addresses.of_profile(profile)
    assert at == addresses.of_profile(profile)
    with zmq.Context() as context, context.socket(zmq.ROUTER) as socket:
        socket.bind(at.centre_changes)


def test_that_two_profiles_with_long_paths_do_not_share_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses.tempfile, "gettempdir", lambda: str(tmp_path))
    first, second = (addresses.run_folder(tmp_path / ("x" * 120) / name) for name in "ab")
    assert first != second


def test_that_a_run_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    with pytest.raises(PermissionError, match="another user"):
        addresses.run_folder(tmp_path)
