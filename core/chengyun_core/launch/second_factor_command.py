"""`chengyun user totp|drop-totp|posts|clearance`: what an account may, given and taken at the machine itself."""

import argparse
import secrets
import sys

import segno

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model import totp
from chengyun_core.model.rights import Label
from chengyun_core.model.rights_commands import DropTotp, EnrolTotp, SetClearance, SetPosts
from chengyun_core.wire.addresses import of_profile
from chengyun_resources.texts import Texts

_QUIET = 4
_HALVES = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
"""Upper and lower module, 1: dark → what a terminal with a dark ground shows."""
ACTS = ("totp", "drop-totp", "posts", "clearance")
RECOVERY_CODES = 8
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are taken for each other on paper."""


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Carry one act out as the machine's local administrator. Raises Refused and Trouble."""
    command: EnrolTotp | DropTotp | SetPosts | SetClearance
    if options.act == "totp":
        command = _enrolment(options.account, texts)
    elif options.act == "drop-totp":
        command = DropTotp(account=options.account, reason=options.reason)
    elif options.act == "clearance":
        command = SetClearance(account=options.account, clearance=Label(options.label), reason=options.reason)
    else:
        command = SetPosts(account=options.account, posts=tuple(options.post), reason=options.reason)
    key, address = profile.key("admin.key"), of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=key) as door:
        done = door.send(command)
    line = texts.say("launch.account_changed", account=options.account)
    return Report(lines=(line,), facts={"outcome": "done", "account": options.account, "change": done.change})


def _enrolment(account: str, texts: Texts) -> EnrolTotp:
    """Show a new secret once, as a QR code and in letters, and take the code that proves the phone has it."""
    secret = secrets.token_bytes(totp.SECRET_BYTES)
    recovery = tuple("".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES))
    uri = totp.uri(secret, account, texts.say("totp.issuer"))
    shown = (
        texts.say("totp.scan"), *_drawn(uri), uri, totp.text_of(secret),
        texts.say("totp.recovery"), *recovery, texts.say("totp.type_code"),
    )  # fmt: skip
    # To the error stream: what a pipe keeps of this command must not be a secret.
    print("\n".join(shown), file=sys.stderr, flush=True)
    return EnrolTotp(
        account=account, secret=totp.text_of(secret), code=sys.stdin.readline().strip(), recovery=recovery
    )  # fmt: skip


def _drawn(text: str) -> list[str]:
    """Return a QR code as lines of half blocks, two rows of modules in each: light on the dark of a terminal."""
    code = segno.make_qr(text, error="m", boost_error=False)
    rows = [bytes(row) for row in code.matrix_iter(border=_QUIET)]
    rows += [bytes([0]) * len(rows[0])] * (len(rows) % 2)
    return [
        "".join(_HALVES[pair] for pair in zip(*two, strict=True)) for two in zip(rows[::2], rows[1::2], strict=True)
    ]
