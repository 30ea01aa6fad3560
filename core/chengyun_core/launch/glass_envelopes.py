"""`chengyun glass codes`: envelopes of one-time codes made, printed once, listed and told lost (RS16)."""

import argparse
import secrets
import sys
from pathlib import Path

from chengyun_core.launch.door_client import DoorClient, asked
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.telling import Telling
from chengyun_core.model import glass_codes
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.model.permission import centre_of
from chengyun_core.model.rights_commands import LoseGlassCode, SealGlassCodes
from chengyun_core.wire import secret_file
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.rights_asks import AskGlassCodes, GlassCodes

ENVELOPES = 2
"""Codes of a post when nobody says how many: one for the safe, one for elsewhere."""


def run(profile: Profile, options: argparse.Namespace, told: Telling) -> Report:
    """List the envelopes, tell one lost, or seal new codes of a post."""
    if options.lost:
        with _door(profile) as door:
            door.send(LoseGlassCode(code=options.lost, reason=options.reason))
        line = told.say("glass.cli.lost", number=options.lost)
        return Report(lines=(line,), facts={"outcome": "done", "code": options.lost})
    if options.post:
        return _sealed(profile, options, told)
    with _door(profile) as door:
        rows = asked(door, "glass.codes", AskGlassCodes(), GlassCodes).rows
    lines = tuple(
        told.say("glass.cli.code", number=row.number, post=row.post, state=told.say(f"word.glass_code.{row.state}"),
                  sealed=told.stamp(row.sealed_at), ended=told.stamp(row.ended_at) if row.ended_at else "",
                  by=row.ended_by, reason=row.reason)
        for row in rows
    )  # fmt: skip
    facts = {"outcome": "done", "codes": [{"number": row.number, "post": row.post, "state": row.state} for row in rows]}
    return Report(lines=lines or (told.say("glass.cli.no_codes"),), facts=facts)


def _sealed(profile: Profile, options: argparse.Namespace, told: Telling) -> Report:
    """Make, hash and print codes; what leaves this process for the centre is salts and hashes."""
    if len(options.post) > 1:
        raise Refused("glass.cli.one_post")
    post, output = options.post[0], options.output
    if output is not None:
        _make_empty(output)
    letters = [_letters() for _ in range(options.count)]
    command = SealGlassCodes(
        post=post, codes=tuple(glass_codes.seal(code, secrets.token_bytes(glass_codes.SALT_BYTES)) for code in letters),
        name=told.say("glass.account_name"), replaces=not options.keep,
    )  # fmt: skip
    with _door(profile) as door:
        first = int(door.send(command).key)
    numbers = range(first, first + len(letters))
    slips = [_slip(told, post, number, code) for number, code in zip(numbers, letters, strict=True)]
    _hand_out(output, "\n\n".join(slips))
    line = told.say("glass.cli.sealed", post=post, first=first, last=numbers[-1])
    return Report(lines=(line,), facts={"outcome": "done", "post": post, "codes": list(numbers)})


def _make_empty(output: Path) -> None:
    """Make the file before anything is sealed: codes that nobody could write down would be lost."""
    try:
        secret_file.write_new(output, "")
    except FileExistsError as fault:
        raise Refused("report.file_there", file=output) from fault
    except OSError as fault:
        raise Trouble("secret.unreadable", file=output, reason=fault.strerror or fault) from fault


def _hand_out(output: Path | None, text: str) -> None:
    """Write the slips once: to a file only its owner reads, or to the error stream, which no pipe keeps."""
    if output is None:
        print(text, file=sys.stderr, flush=True)
    else:
        output.write_text(text + "\n", "utf-8")


def _slip(told: Telling, post: str, number: int, letters: str) -> str:
    kind = f"guide.post.{post.split('.')[1]}"
    named = told.say(kind) if told.has(kind) else post
    code = glass_codes.printed(number, letters)
    return told.say("glass.cli.slip", number=number, post=post, name=named, centre=centre_of(post), code=code)


def _letters() -> str:
    return "".join(secrets.choice(glass_codes.LETTERS) for _ in range(glass_codes.LENGTH))


def _door(profile: Profile) -> DoorClient:
    return DoorClient(of_profile(profile.folder).centre_door, session=profile.key("admin.key"))
