"""`chengyun glass`: breaks the glass, ends, lists and reviews it, and seals codes, for who stands at the machine."""

import argparse
import getpass
import sys
from dataclasses import replace
from pathlib import Path

from chengyun_core.launch import glass_envelopes
from chengyun_core.launch.door_client import DoorClient, asked
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import Report
from chengyun_core.launch.telling import Telling, telling
from chengyun_core.launch.up import borrowed_centre
from chengyun_core.model.failure import Refused
from chengyun_core.model.rights import BreakGlass
from chengyun_core.model.rights_commands import BreakTheGlass, EndGlass, ReviewGlass
from chengyun_core.wire import codec, secret_file
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import SignedOn
from chengyun_core.wire.rights_asks import AskGlass, AskGlassDeeds, AuditPage, GlassPage
from chengyun_resources.texts import Texts

ACTS = ("break", "end", "list", "review", "codes")
_DEEDS = 500


def run(profile: Profile, options: argparse.Namespace, texts: Texts) -> Report:
    """Carry out `chengyun glass ACT`. Raises Refused and Trouble."""
    acts = {"break": _break, "end": _end, "list": _list, "review": _review, "codes": glass_envelopes.run}
    with borrowed_centre(profile):
        return acts[options.act](profile, options, telling(profile, texts))


def _break(profile: Profile, options: argparse.Namespace, told: Telling) -> Report:
    """Open a session; a console started with the file that is written has it."""
    missing = [name for name in ("seat", "account", "second", "reason") if not getattr(options, name)]
    if missing or not options.post:
        raise Refused("glass.cli.missing", names=" ".join(f"--{name}" for name in (*missing, "post") if name))
    first, other = _typed(told, options)
    command = BreakTheGlass(
        account=options.account, password=first, seat=options.seat, second=options.second, secret=other,
        posts=tuple(options.post), reason=options.reason, by_code=options.code, second_by_code=options.second_code,
    )  # fmt: skip
    with DoorClient(of_profile(profile.folder).centre_door) as door:
        made = codec.unpack(door.ask("session.break_glass", command), SignedOn)
    file = _session_file(profile, made.glass)
    # One line of a file for secrets: what the session may is long, and asked for by the console that takes it.
    secret_file.write_new(file, codec.pack(replace(made, allowed=())).hex())
    facts = {"outcome": "done", "glass": made.glass, "seat": made.seat, "until": made.until, "session": str(file)}
    line = told.say("glass.cli.broken", glass=made.glass, seat=made.seat, until=told.stamp(made.until), file=file)
    return Report(lines=(line,), facts=facts)


def _end(profile: Profile, options: argparse.Namespace, told: Telling) -> Report:
    with _door(profile) as door:
        door.send(EndGlass(glass=_number(options), reason=options.reason))
    _session_file(profile, options.number).unlink(missing_ok=True)
    return Report(
        lines=(told.say("glass.cli.ended", glass=options.number),), facts={"outcome": "done", "glass": options.number}
    )  # fmt: skip


def _list(profile: Profile, options: argparse.Namespace, told: Telling) -> Report:
    """List the broken glasses; with a number, what was done in that one."""
    with _door(profile) as door:
        rows = asked(door, "glass.page", AskGlass(), GlassPage).rows
        if options.number:
            return _deeds(door, options.number, told)
    facts = {"outcome": "done", "rows": [_facts(row) for row in rows]}
    none = (told.say("glass.cli.none"),)
    return Report(lines=tuple(_line(row, told) for row in rows) or none, facts=facts)


def _deeds(door: DoorClient, number: int, told: Telling) -> Report:
    found = asked(door, "glass.deeds", AskGlassDeeds(glass=number, limit=_DEEDS), AuditPage).rows
    lines = tuple(
        f"{row.number}  {told.stamp(row.at_ns)}  {_action(told, row.action)}  {row.kind} {row.key}" for row in found
    )
    rows = [
        {"number": row.number, "at_ns": row.at_ns, "action": row.action, "kind": row.kind, "key": row.key}
        for row in found
    ]  # fmt: skip
    return Report(lines=lines, facts={"outcome": "done", "glass": number, "rows": rows})


def _review(profile: Profile, options: argparse.Namespace, told: Telling) -> Report:
    number = _number(options)
    with _door(profile) as door:
        rows = asked(door, "glass.page", AskGlass(), GlassPage).rows
        version = next((row.version for row in rows if row.number == number), 0)
        if not version:
            raise Refused("glass.unknown", glass=number)
        door.send(ReviewGlass(glass=number, version=version, finding=options.finding))
    line = told.say("glass.cli.reviewed", glass=number)
    return Report(lines=(line,), facts={"outcome": "done", "glass": number})


def _typed(told: Telling, options: argparse.Namespace) -> tuple[str, str]:
    """Return password or code of the two: typed unseen, or two lines of a pipe; never from the command line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n"), sys.stdin.readline().rstrip("\n")
    said = [
        told.say("glass.cli.code_of" if by_code else "glass.cli.password_of", who=who)
        for who, by_code in ((options.account, options.code), (options.second, options.second_code))
    ]
    return getpass.getpass(said[0]), getpass.getpass(said[1])


def _line(row: BreakGlass, told: Telling) -> str:
    state = "open" if row.ended_at is None else "reviewed" if row.reviewed_at is not None else "owed"
    return told.say(
        f"glass.cli.row_{state}", glass=row.number, seat=row.seat, who=" ".join(row.accounts),
        posts=" ".join(row.posts), reason=row.reason, begun=told.stamp(row.opened_at),
        until=told.stamp(row.ended_at or row.until), due=told.stamp(row.review_by),
        by=row.reviewed_by, finding=row.finding,
    )  # fmt: skip


def _facts(row: BreakGlass) -> dict[str, object]:
    names = ("number", "accounts", "proofs", "seat", "posts", "reason", "opened_at", "until", "ended_at", "ended_by",
             "review_by", "reviewed_at", "reviewed_by", "finding")  # fmt: skip
    return {name: getattr(row, name) for name in names}


def _action(told: Telling, action: str) -> str:
    code = f"audit.{action}"
    return told.say(code) if told.has(code) else action


def _session_file(profile: Profile, number: int) -> Path:
    return profile.folder / "keys" / f"glass-{number}.session"


def _number(options: argparse.Namespace) -> int:
    if not options.number:
        raise Refused("glass.cli.no_number")
    return int(options.number)


def _door(profile: Profile) -> DoorClient:
    return DoorClient(of_profile(profile.folder).centre_door, session=profile.key("admin.key"))
