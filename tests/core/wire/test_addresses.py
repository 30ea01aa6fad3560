"""Where a profile's sockets lie: in its run folder, only for its owner, and never at a path the kernel refuses."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from chengyun_core.model.failure import Refused
from chengyun_core.wire import addresses


@pytest.fixture
def short_root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A root as short as the machine's: pytest's own folders are too long for it once they are many."""
    with tempfile.TemporaryDirectory(dir=addresses.SHORT_ROOT, prefix="t") as folder:
        monkeypatch.setattr(addresses, "SHORT_ROOT", Path(folder))
        yield Path(folder)


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
    tmp_path: Path, letters: int, monkeypatch: pytest.MonkeyPatch, short_root: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / ("t" * 90)))
    profile = tmp_path / ("城" * (letters // 3))
    profile.mkdir()
    at = addresses.of_profile(profile)
    assert at == addresses.of_profile(profile)
    with zmq.Context() as context, context.socket(zmq.ROUTER) as socket:
        socket.bind(at.centre_changes)
    assert short_root in addresses.run_folder(profile).parents


@pytest.mark.usefixtures("short_root")
def test_that_two_profiles_with_long_paths_do_not_share_a_folder(tmp_path: Path) -> None:
    first, second = (addresses.run_folder(tmp_path / ("x" * 120) / name) for name in "ab")
    assert first != second


def test_that_a_run_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses.run_folder(tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    with pytest.raises(Refused, match=r"wire\.run_folder_foreign"):
        addresses.run_folder(tmp_path)


def test_that_a_link_in_the_place_of_a_run_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").chmod(0o755)
    with pytest.raises(Refused, match=r"wire\.run_folder_foreign"):
        addresses.run_folder(tmp_path)
    assert stat.S_IMODE((tmp_path / "elsewhere").stat().st_mode) == 0o755


def test_that_every_shard_has_files_of_its_own_and_the_first_keeps_its_names(tmp_path: Path) -> None:
    _wire(tmp_path, "shards = 2")
    at = addresses.of_profile(tmp_path)
    run = tmp_path / "run"
    assert [where.shard for where in at.ingest] == [0, 1]
    assert (at.ingest_state, at.ingest_door) == (at.ingest[0].state, at.ingest[0].door)
    assert at.ingest[1].state == f"ipc://{run}/ingest-1.state"
    assert at.ingest[0].archive == f"ipc://{run}/ingest.archive"
    assert at.history_door == f"ipc://{run}/history.door"


def test_that_a_named_host_means_tcp_with_a_port_for_every_socket(tmp_path: Path) -> None:
    _wire(tmp_path, 'host = "10.1.2.3"', "port = 9000", "shards = 2", 'bind = "0.0.0.0"')
    at, bound = addresses.of_profile(tmp_path), addresses.bound_by_daemons(tmp_path)
    every = [at.centre_changes, at.centre_door, at.history_door, *(a for i in at.ingest for a in (i.state, i.door))]
    assert every == [f"tcp://10.1.2.3:{port}" for port in range(9000, 9007)]
    assert bound.centre_changes == "tcp://0.0.0.0:9000"
    assert at.ingest[1].archive.startswith("ipc://")


def test_that_an_ipv6_host_stands_in_brackets(tmp_path: Path) -> None:
    _wire(tmp_path, 'host = "::1"')
    assert addresses.of_profile(tmp_path).centre_door == "tcp://[::1]:7701"


@pytest.mark.parametrize(
    ("line", "code"),
    [("shards = 0", "wire.shards"), ("shards = 65", "wire.shards"), ('host = "a"\nport = 65535', "wire.port"),
     ("port = 0", "wire.port"), ("prot = 1", "settings.unknown")],
)  # fmt: skip
def test_that_a_wire_section_that_cannot_be_meant_is_refused(tmp_path: Path, line: str, code: str) -> None:
    _wire(tmp_path, line)
    with pytest.raises(Refused) as caught:
        addresses.of_profile(tmp_path)
    assert caught.value.reason.code == code


def _wire(profile: Path, *lines: str) -> None:
    (profile / "profile.toml").write_text("\n".join(["[wire]", *lines]), "utf-8")
