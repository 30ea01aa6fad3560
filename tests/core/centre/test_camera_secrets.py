"""`keys/cameras.toml`: who we are to whom, read when it changes, written whole, refused when others could read it."""

import os
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.centre.camera_secrets import (
    Book,
    CameraSecrets,
    Entry,
    PlatformEntry,
    text_of,
    with_entry,
    with_platform,
)
from chengyun_core.model.camera import Camera
from chengyun_core.model.failure import Refused, Trouble

letters = st.text(st.characters(blacklist_categories=("Cs",)), max_size=30)
entries = st.builds(Entry, user=letters, password=letters)
codes = st.text(st.sampled_from(string.ascii_letters + string.digits + '-_."\\ 码'), min_size=1, max_size=12)
platforms = st.builds(PlatformEntry, kind=st.just("wvp"), name=letters, url=letters, user=letters, password=letters)
books = st.builds(
    Book, default=st.none() | entries, cameras=st.dictionaries(codes, entries, max_size=4),
    networks=st.dictionaries(st.sampled_from(["10.9.0.0/16", "10.9.1.0/24", "fd00::/8"]), entries, max_size=3),
    platforms=st.dictionaries(codes, platforms, max_size=3),
)  # fmt: skip


def _camera(address: str, code: str = "C") -> Camera:
    return Camera(code=code, name=code, centre="500000", address=address)


@given(book=books)
def test_that_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, book: Book) -> None:
    file = tmp_path_factory.mktemp("k") / "keys" / "cameras.toml"
    CameraSecrets(file).keep(book)
    assert CameraSecrets(file).book() == book
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["cameras.toml"]


def test_that_code_goes_before_network_the_narrowest_first_and_then_the_default() -> None:
    book = Book(
        default=Entry(user="d"), cameras={"X": Entry(user="x")},
        networks={"10.9.0.0/16": Entry(user="wide"), "10.9.1.0/24": Entry(user="narrow")},
    )  # fmt: skip
    assert book.login(_camera("rtsp://10.9.1.5/a", "X")).user == "x"
    assert book.login(_camera("rtsp://10.9.1.5/a")).user == "narrow"
    assert book.login(_camera("rtsp://10.9.2.5/a")).user == "wide"
    assert book.login(_camera("rtsp://10.8.2.5/a")).user == "d"
    assert book.login(_camera("rtsp://cam.example/a")).user == "d"
    assert Book().login(_camera("rtsp://10.9.1.5/a")).user == ""


def test_that_a_changed_file_is_read_anew_and_a_missing_one_is_empty(tmp_path: Path) -> None:
    secrets = CameraSecrets(tmp_path / "cameras.toml")
    assert secrets.book() == Book()
    secrets.keep(with_entry(Book(), entry=Entry(user="a", password="1")))
    assert secrets.book().default == Entry(user="a", password="1")
    book = with_platform(secrets.book(), "city", PlatformEntry(kind="wvp", url="http://10.9.0.8"))
    secrets.keep(with_entry(book, network="10.9.0.0/16", entry=Entry(user="n")))
    assert set(secrets.book().platforms) == {"city"}
    secrets.keep(with_platform(with_entry(secrets.book(), entry=None), "city", None))
    assert secrets.book() == Book(networks={"10.9.0.0/16": Entry(user="n")})


def test_that_a_file_others_can_read_is_refused(tmp_path: Path) -> None:
    secrets = CameraSecrets(tmp_path / "cameras.toml")
    secrets.keep(Book(default=Entry(user="a")))
    secrets.file.chmod(0o640)
    os.utime(secrets.file)
    with pytest.raises(Trouble) as no:
        CameraSecrets(secrets.file).book()
    assert no.value.reason.code == "secret.open"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[default]\nuser = \"a\"\npassword = hunter2", "camera.secrets_wrong"),
        ("[default]\nuser = 7", "camera.secrets_wrong"),
        ("[cameras]\nX = 7", "camera.secrets_wrong"),
        ("[other]\nx = 1", "camera.secrets_wrong"),
        ("[platforms.city]\nkind = \"smtp\"\nurl = \"http://x\"", "camera.platform_kind"),
        ("[platforms.city]\nkind = \"wvp\"", "camera.secrets_wrong"),
        ("[networks.\"10.9.0.0/99\"]\nuser = \"a\"", "video.fence.network"),
        ("\x00", "camera.secrets_wrong"),
    ],
)  # fmt: skip
def test_that_a_wrong_file_is_refused_without_repeating_a_secret(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "cameras.toml"
    file.write_text(text, "utf-8")
    file.chmod(0o600)
    with pytest.raises(Refused) as no:
        CameraSecrets(file).book()
    assert no.value.reason.code == code
    assert "hunter2" not in str(no.value)


def test_that_passwords_are_in_no_text_of_a_record() -> None:
    told = repr(Book(default=Entry(user="a", password="hunter2"), platforms={
        "p": PlatformEntry(kind="wvp", url="http://x", password="hunter2")}))  # fmt: skip
    assert "hunter2" not in told
    assert "hunter2" in text_of(Book(default=Entry(user="a", password="hunter2")))
