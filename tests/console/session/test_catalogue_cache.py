"""The catalogue on disk: newest first, few kept, damage and full disks cost a warning and nothing else."""

import os
from pathlib import Path

import pytest

from chengyun_console.session.catalogue_cache import KEPT, CatalogueCache
from chengyun_console.session.reader import read_view
from chengyun_core.wire import codec
from tests.support.small_city import small_city


@pytest.fixture
def cache(tmp_path: Path) -> CatalogueCache:
    return CatalogueCache(tmp_path)


def aged(path: Path, seconds: int) -> None:
    os.utime(path, ns=(seconds * 10**9, seconds * 10**9))


def test_that_there_is_nothing_before_the_first(cache: CatalogueCache) -> None:
    assert cache.newest() is None
    assert cache.search_keys(b"x") is None


def test_that_the_one_written_last_counts_even_when_its_version_is_lower(cache: CatalogueCache, tmp_path: Path) -> None:
    cache.keep(9, b"of the profile before")
    aged(tmp_path / "cache" / "catalogue-9.msgpack", 100)
    cache.keep(1, b"of the profile made anew")
    assert cache.newest() == b"of the profile made anew"


def test_that_only_a_few_versions_are_kept_and_no_part_is_left(cache: CatalogueCache, tmp_path: Path) -> None:
    for version in range(1, 7):
        cache.keep(version, bytes([version]))
        aged(tmp_path / "cache" / f"catalogue-{version}.msgpack", version)
    left = sorted(path.name for path in (tmp_path / "cache").iterdir())
    assert len(left) == KEPT
    assert "catalogue-6.msgpack" in left


def test_that_search_words_belong_to_the_bytes_they_were_made_of(cache: CatalogueCache) -> None:
    cache.keep_search_keys(b"city", [("寸滩站", "ctz")])
    assert cache.search_keys(b"city") == [("寸滩站", "ctz")]
    assert cache.search_keys(b"another city") is None


def test_that_damaged_search_words_are_made_again(cache: CatalogueCache, tmp_path: Path, caplog) -> None:
    cache.keep_search_keys(b"city", [("a",)])
    (path,) = (tmp_path / "cache").glob("search-*.msgpack")
    path.write_bytes(b"\xc1torn")
    assert cache.search_keys(b"city") is None
    assert "made again" in caplog.text


def test_that_a_disk_that_refuses_costs_only_a_warning(tmp_path: Path, caplog) -> None:
    (tmp_path / "cache").write_text("a file where the folder belongs")
    CatalogueCache(tmp_path).keep(1, b"x")
    assert "cannot be written" in caplog.text


def test_that_search_words_of_another_number_of_vitals_are_refused() -> None:
    view = read_view(codec.pack(small_city(3)))
    assert view is not None
    with pytest.raises(ValueError, match="2 search keys for 3 vitals"):
        view.use_search_keys([("a",), ("b",)])
    view.use_search_keys(view.search_keys())
    assert view.search("ctz") == (0,)


def test_that_bytes_that_are_no_catalogue_give_no_view(caplog) -> None:
    assert read_view(b"\x93torn") is None
    assert "cannot be read" in caplog.text
