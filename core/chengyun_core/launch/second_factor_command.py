"""`chengyun user totp|drop-totp|posts`: what an account may, given and taken at the machine itself."""

import argparse
import secrets
import sys

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model import totp
from chengyun_core.model.rights_commands import DropTotp, EnrolTotp, SetPosts
from chengyun_core.wire.addresses import of_profile
from chengyun_resources.texts import Texts

ACTS = ("totp", "drop-totp", "posts")
RECOVERY_CODES = 8
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are taken for each other on paper."""


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Carry one act out as the machine's local administrator. Raises Refused and Trouble."""
    command: EnrolTotp | DropTotp | SetPosts
    if options.act == "totp":
        command = _enrolment(options.account, texts)
    elif options.act == "drop-totp":
        command = DropTotp(account=options.account, reason=options.reason)
    else:
        command = SetPosts(account=options.account, posts=tuple(options.post), reason=options.reason)
    key, address = profile.key("admin.key"), of_profile(profile.folder).centre_door
    with borrowed_centre(profile), DoorClient(address, session=key) as door:
        done = door.send(command)
    line = texts.say("launch.account_changed", account=options.account)
    return Report(lines=(line,), facts={"outcome": "done", "account": options.account, "change": done.change})


def _enrolment(account: str, texts: Texts) -> EnrolTotp:
    """Show a new secret once, as a QR code's text and in letters, and take the code that proves the phone has it."""
    secret = secrets.token_bytes(totp.SECRET_BYTES)
    recovery = tuple("".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES))
    shown = (
        texts.say("totp.scan"), totp.uri(secret, account, texts.say("totp.issuer")), totp.text_of(secret),
        texts.say("totp.recovery"), *recovery, texts.say("totp.type_code"),
    )  # fmt: skip
    # To the error stream: what a pipe keeps of this command must not be a secret.
    print("\n".join(shown), file=sys.stderr, flush=True)
    return EnrolTotp(
        account=account, secret=totp.text_of(secret), code=sys.stdin.readline().strip(), recovery=recovery
    )  # fmt: skip
