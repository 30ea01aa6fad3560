"""No file names the registry or mirror a machine happens to use: a stranger's machine uses another."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from pip._internal.models.index import PyPI

from tests.house import sources

_OPTION = re.compile(
    rb"(index-url|index_url|find-links|find_links|trusted-host|trusted_host)[\"' ]*[=: ][\"' ]*(\S*://|/)"
)
_ADDRESS = re.compile(r"\b[a-z+]+://[^\s\"'<>]+")


def _configured_hosts() -> set[str]:
    """Return the hosts this machine's package clients are set up with, and pip's own default ones."""
    asked = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    texts = [asked.stdout, *(path.read_text(encoding="utf-8") for path in _apt_sources())]
    hosts = {urlsplit(address).hostname or "" for text in texts for address in _ADDRESS.findall(text)}
    return {host for host in hosts | {PyPI.netloc, PyPI.file_storage_domain} if "." in host}


def _apt_sources() -> list[Path]:
    folder = Path("/etc/apt")
    return [path for path in (folder / "sources.list", *folder.glob("sources.list.d/*")) if path.is_file()]


def _texts() -> dict[Path, bytes]:
    return {path: content for path in sources.all_files() if b"\0" not in (content := path.read_bytes())}


def test_that_no_file_names_a_package_host() -> None:
    hosts = _configured_hosts()
    assert PyPI.netloc in hosts
    named = {f"{path}: {host}" for path, content in _texts().items() for host in hosts if host.encode() in content}
    sources.expect_none(named)


def test_that_no_file_sets_a_package_index() -> None:
    assert _OPTION.search(b"--extra-index-url " + b"file:///opt")
    assert [str(path) for path, content in _texts().items() if _OPTION.search(content)] == []


def test_that_the_lock_holds_hashes_and_no_address() -> None:
    lines = (sources.REPOSITORY / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith(("#", " "))]
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert [line for line in lines if "://" in line or line.startswith("-") or " @ " in line] == []
