"""What is locked is what is asked for, and what is installed is what is locked."""

import re
import tomllib
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import sources

_PIN = re.compile(r"^(?P<pin>[^\s;]+==[^\s;]+(?: ; [^\\]+)?) \\$", re.MULTILINE)


def _locked() -> list[Requirement]:
    text = (sources.REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    return [Requirement(pin) for pin in _PIN.findall(text)]


def _asked() -> list[Requirement]:
    project = tomllib.loads((sources.REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    return [Requirement(line) for line in project["project"]["dependencies"] + project["dependency-groups"]["dev"]]


def _here(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate()


def test_that_the_lock_has_what_the_project_asks_for() -> None:
    versions = {(canonicalize_name(pin.name), _version(pin)) for pin in _locked()}
    unmet = [
        str(wish)
        for wish in _asked()
        if not any(name == canonicalize_name(wish.name) and wish.specifier.contains(held) for name, held in versions)
    ]
    sources.expect_none(unmet)


def test_that_both_kinds_of_machine_have_their_qt() -> None:
    qt = {str(pin.marker): _version(pin) for pin in _locked() if canonicalize_name(pin.name) == "pyside6-essentials"}
    assert qt == {'platform_machine == "aarch64"': "6.8.0.2", 'platform_machine != "aarch64"': "6.9.3"}


def test_that_what_runs_here_is_what_is_locked() -> None:
    other = {
        str(pin): metadata.version(pin.name)
        for pin in _locked()
        if _here(pin) and metadata.version(pin.name) != _version(pin)
    }
    assert other == {}


def _version(pin: Requirement) -> str:
    (only,) = pin.specifier
    return only.version
