"""A profile folder: where it lies, what is in it, its keys and its settings file."""

import secrets
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from chengyun_core.custody import place
from chengyun_core.model.failure import Trouble
from chengyun_core.wire import secret_file

SECRET_KEYS = ("ingest.key", "admin.key", "screen.key")
_SETTINGS_FILE = """# Settings of this Chengyun profile; every name and its meaning: docs/settings.md
[profile]
name = "{name}"
realm = "{realm}"
centre = "{centre}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile: two daemons, one database, one realm."""

    folder: Path

    @property
    def settings_file(self) -> Path:
        """Return the path of profile.toml."""
        return self.folder / "profile.toml"

    @property
    def log_folder(self) -> Path:
        """Return the folder of the daemons' logs."""
        return self.folder / "log"

    def key(self, name: str) -> str:
        """Return a secret key's text; raise Trouble when it is missing or others can read it."""
        return secret_file.read(self.folder / "keys" / name)

    def exists(self) -> bool:
        """Return whether the profile was made."""
        return self.settings_file.exists()


def default_folder() -> Path:
    """Return where a profile lies when none is named."""
    return Path(platformdirs.user_data_dir("chengyun", appauthor=False)) / "default"


def ensure(
    folder: Path, *, name: str = "chengyun", realm: str = "live", centre: str = "500000", more_settings: str = ""
) -> Profile:
    """Return the profile in `folder`, made when missing; raise Trouble when the folder cannot be written.

    `more_settings` is TOML added to the settings file of a new profile.
    """
    profile = Profile(folder=folder.expanduser().resolve())
    _refuse_sealed(profile)
    try:
        _make_folders(profile)
        for key in SECRET_KEYS:
            secret_file.make_once(profile.folder / "keys" / key, lambda: secrets.token_hex(32))
        if not profile.exists():
            text = _SETTINGS_FILE.format(name=name, realm=realm, centre=centre)
            profile.settings_file.write_text(text + more_settings, "utf-8")
    except OSError as fault:
        raise Trouble("profile.not_writable", folder=profile.folder, reason=fault.strerror or fault) from fault
    return profile


def ensure_section(profile: Profile, section: str, told: Callable[[], str]) -> None:
    """Add a section to the settings of a profile that has none of its name; raise Trouble when it cannot be written."""
    text = profile.settings_file.read_text("utf-8")
    if section in tomllib.loads(text):
        return
    try:
        profile.settings_file.write_text(f"{text.rstrip()}\n\n[{section}]\n{told()}\n", "utf-8")
    except OSError as fault:
        raise Trouble("profile.not_writable", folder=profile.folder, reason=fault.strerror or fault) from fault


def opened(folder: Path) -> Profile:
    """Return the existing profile in `folder`; raise Trouble when there is none."""
    profile = Profile(folder=folder.expanduser().resolve())
    _refuse_sealed(profile)
    if not profile.exists():
        raise Trouble("profile.missing", folder=profile.folder)
    return profile


def _refuse_sealed(profile: Profile) -> None:
    """A profile made anew beside a seal would be erased at the next opening."""
    if place.is_sealed(profile.folder):
        raise Trouble("custody.closed", folder=profile.folder)


def _make_folders(profile: Profile) -> None:
    profile.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("keys", "centre", "ingest", "cache", "seats", "log"):
        (profile.folder / name).mkdir(mode=0o700, exist_ok=True)
