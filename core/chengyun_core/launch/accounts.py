"""`chengyun user`: accounts made, disabled and given new passwords through the centre, and the demo's own six."""

import argparse
import getpass
import json
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.command import CreateAccount, DisableAccount, SetPassword
from chengyun_core.model.failure import Refused
from chengyun_core.wire import secret_file
from chengyun_core.wire.addresses import of_profile
from chengyun_resources.texts import Texts

DEMO_FILE = "demo-accounts.json"
DEMO_ACCOUNTS: tuple[tuple[str, str], ...] = (
    ("officer", "duty_officer"),
    ("chief", "watch_chief"),
    ("admin", "it_admin"),
    ("planner", "plan_editor"),
)
"""Account and the kind of its post at the profile's centre; passwords are made at random for each profile."""
DEMO_UNITS: tuple[tuple[str, str], ...] = (
    ("repair", "500103.unit.20"),
    ("street", "500103012.unit.1"),
    ("traffic", "500103.unit.2"),
)
"""Account and the post it signs for: units of the reference city that a console of their own can be signed on for."""
DEMO_SEAT = "A-03"
PICTURE_SEAT = "A-01"
SHORTEST_PASSWORD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account of the demo profile with the file that holds its password."""

    account: str
    password_file: Path


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Carry out `chengyun user ACT ACCOUNT`."""
    if options.act == "disable":
        return change(profile, DisableAccount(account=options.account), texts)
    password = asked_password(options.password_file)
    if options.act == "password":
        return change(profile, SetPassword(account=options.account, password=password), texts)
    posts = tuple(options.post)
    made = CreateAccount(account=options.account, name=options.name or options.account, password=password, posts=posts)
    return change(profile, made, texts)


def change(profile: Profile, command: CreateAccount | DisableAccount | SetPassword, texts: Texts) -> Report:
    """Carry out one account command as the machine's local administrator."""
    address = of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=profile.key("admin.key")) as door:
        done = door.send(command)
    line = texts.say("launch.account_changed", account=command.account)
    return Report(lines=(line,), facts={"outcome": "done", "account": command.account, "change": done.change})


def asked_password(password_file: Path | None) -> str:
    """Return a password from a 0600 file, from a pipe, or typed twice; never from the command line."""
    if password_file is not None:
        return _long_enough(secret_file.read(password_file))
    if not sys.stdin.isatty():
        return _long_enough(sys.stdin.readline().rstrip("\n"))
    first = getpass.getpass()
    if first != getpass.getpass():
        raise Refused("launch.passwords_differ")
    return _long_enough(first)


def ensure_demo(profile: Profile, centre: str, texts: Texts) -> dict[str, DemoAccount]:
    """Make the demo's accounts when the profile has none yet; return them by name."""
    marker = profile.folder / DEMO_FILE
    if not marker.exists():
        for name, post in _demo_posts(centre).items():
            _make_demo(profile, name, post, texts)
        secret_file.write_new(
            marker, json.dumps({name: f"keys/{name}.password" for name in _demo_posts(centre)}, indent=2)
        )
    names = json.loads(marker.read_text("utf-8"))
    return {name: DemoAccount(account=name, password_file=_password_file(profile, name)) for name in names}


def _demo_posts(centre: str) -> dict[str, str]:
    """Return account → post; of the demo's units only below the reference city, which is where they are."""
    units = dict(DEMO_UNITS) if centre == "500000" else {}
    return {name: f"{centre}.{kind}" for name, kind in DEMO_ACCOUNTS} | units


def demo_sign_on(profile: Profile) -> list[str]:
    """Return the console's sign-on options for a picture of a demo profile; empty for any other profile.

    The watch chief sits at a seat of his own, so that a picture does not take the officer's.
    """
    file = _password_file(profile, "chief")
    if not (profile.folder / DEMO_FILE).exists():
        return []
    return ["--account", "chief", "--seat", PICTURE_SEAT, "--password-file", str(file)]


def _make_demo(profile: Profile, name: str, post: str, texts: Texts) -> None:
    file = _password_file(profile, name)
    if not file.exists():
        secret_file.write_new(file, secrets.token_urlsafe(12))
    shown = texts.say(f"launch.demo_account_{name}")
    address = of_profile(profile.folder).centre_door
    with DoorClient(address, session=profile.key("admin.key")) as door:
        try:
            door.send(CreateAccount(account=name, name=shown, password=secret_file.read(file), posts=(post,)))
        except Refused as refused:
            # A first run that was cut short has made this account already; its password file is still good.
            if refused.reason.code != "account.exists":
                raise


def _password_file(profile: Profile, name: str) -> Path:
    return profile.folder / "keys" / f"{name}.password"


def _long_enough(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise Refused("account.password_short", least=SHORTEST_PASSWORD)
    return password
