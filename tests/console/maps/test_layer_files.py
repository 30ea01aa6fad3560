"""Contents of layers on disk: under their digest, whole or not there."""

import hashlib
from pathlib import Path

import pytest

from chengyun_console.maps import layer_files
from chengyun_console.maps.layer_files import LIST, LayerFiles
from chengyun_core.wire.map_asks import Layers
from tests.support import map_samples


def test_that_a_content_is_read_as_it_was_kept_and_a_changed_one_is_gone(tmp_path: Path) -> None:
    files, data = LayerFiles(tmp_path), b"shapes"
    digest = hashlib.sha256(data).hexdigest()
    assert files.read(digest) is None
    files.keep(digest, data)
    assert files.read(digest) == data
    (tmp_path / "cache" / "map" / digest).write_bytes(b"other")
    assert files.read(digest) is None
    assert not (tmp_path / "cache" / "map" / digest).exists()


def test_that_what_was_read_longest_ago_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_files, "KEPT_BYTES", 25)
    files = LayerFiles(tmp_path)
    contents = [bytes([at]) * 10 for at in range(3)]
    digests = [hashlib.sha256(one).hexdigest() for one in contents]
    for at, (digest, data) in enumerate(zip(digests, contents, strict=True)):
        files.keep(digest, data)
        path = tmp_path / "cache" / "map" / digest
        if path.exists():
            import os

            os.utime(path, ns=(at * 10**9, at * 10**9))
    assert [files.read(digest) is not None for digest in digests] == [False, True, True]


def test_that_the_list_of_layers_is_there_before_any_daemon_answers(tmp_path: Path) -> None:
    files, told = LayerFiles(tmp_path), Layers(layers=(map_samples.rivers()[0],))
    assert files.read_list() is None
    files.keep_list(told)
    assert files.read_list() == told
    (tmp_path / "cache" / "map" / LIST).write_bytes(b"\xc1")
    assert files.read_list() is None


def test_that_a_disk_that_takes_nothing_costs_only_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_bytes(b"a file where a folder should be")
    files = LayerFiles(tmp_path)
    files.keep("0" * 64, b"x")
    assert files.read("0" * 64) is None
    assert "cannot be written" in caplog.text
