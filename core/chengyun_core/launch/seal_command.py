"""`chengyun seal`: makes a drill profile a sealed one, moves its date, changes its passphrase, shows or destroys it."""

import argparse
import os
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from datetime import time as midnight
from pathlib import Path
from typing import Any

from chengyun_core.custody import envelope, guard, keeper, place, story, term
from chengyun_core.custody.guard import Finding
from chengyun_core.launch import passphrase, settings, up
from chengyun_core.launch.profile import Profile
from chengyun_core.launch.report import EXIT_DONE, EXIT_REFUSED, Report
from chengyun_core.model.clock import NS_PER_S, Clock, ProfileClock
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import secret_file
from chengyun_core.wire.addresses import of_profile
from chengyun_resources.texts import Texts

CLOSE_LIMIT_S = 120
"""Daemons have some seconds to end, and a large profile some to be sealed."""
_LOOK_EVERY_S = 0.2

Act = Callable[[Path, argparse.Namespace, Texts, Clock], Report]


def run(folder: Path, options: argparse.Namespace, texts: Texts, clock: Clock | None = None) -> Report:
    """Do one act and report it. Raises Refused or Trouble."""
    secret_file.forbid_core_files()
    acts: dict[str, Act] = {
        "check": _check,
        "close": _close,
        "destroy": _destroy,
        "extend": _extend,
        "make": _make,
        "passphrase": _passphrase,
        "show": _show,
    }
    if options.act not in ("check", "make") and not place.is_sealed(folder):
        raise Refused("custody.not_sealed", folder=folder)
    try:
        return acts[options.act](folder, options, texts, clock or ProfileClock())
    except OSError as fault:
        raise Trouble("custody.disk", file=fault.filename or folder, reason=fault.strerror or fault) from fault


def _check(folder: Path, options: argparse.Namespace, texts: Texts, clock: Clock) -> Report:  # noqa: ARG001 - as every act
    """Look whether the profile may leave the house; nothing is changed."""
    judged, live = guard.judge(_plain(folder)), _live_rows(folder)
    findings = (*judged.findings, *live)
    lines = [_sentence(found, texts) for found in findings]
    lines += [texts.say("custody.unread", file=name) for name in judged.not_readable]
    lines.append(texts.say("custody.check_found" if findings else "custody.check_fine", count=len(findings),
                           files=judged.looked_at))  # fmt: skip
    facts: dict[str, Any] = {
        "fine": not findings,
        "findings": [{"code": one.code, "where": one.where, "shown": one.shown} for one in findings],
        "looked_at": judged.looked_at,
        "unread": list(judged.not_readable),
    }
    return Report(lines=tuple(lines), facts=facts, exit_code=EXIT_REFUSED if findings else EXIT_DONE)


def _make(folder: Path, options: argparse.Namespace, texts: Texts, clock: Clock) -> Report:
    """Seal a profile that holds nothing of the live city; who seals vouches for the names."""
    plain = _plain(folder)
    if not options.synthetic:
        raise Refused("custody.not_vouched")
    until_ns = _until(options)
    term.expect_until(until_ns, clock.utc_ns())
    _expect_stopped(plain)
    checked = _check(folder, options, texts, clock)
    if checked.exit_code != EXIT_DONE:
        return checked
    word = passphrase.asked(options, texts) if passphrase.given(options) else passphrase.asked_new(None, texts)
    made = keeper.make(plain, word, clock, suite=_suite(plain), until_ns=until_ns, cost=envelope.measured_cost())
    lines = (
        texts.say("custody.sealed", folder=plain, until=term.last_day(made.until_ns), cost=made.cost),
        texts.say("custody.flash"),
        *_swap_lines(texts),
    )
    return Report(lines=lines, facts={"outcome": "sealed", "until_ns": made.until_ns, "cost": made.cost})


def _show(folder: Path, options: argparse.Namespace, texts: Texts, clock: Clock) -> Report:  # noqa: ARG001 - as every act
    """Tell what can be told without the passphrase; a seal whose date is over is destroyed by asking."""
    told = story.told(place.seal_of(folder))
    lines = [
        texts.say(f"custody.story.{line['event']}", at=term.shown(int(line["at_ns"])), wrong=line.get("wrong", ""))
        for line in told
    ]
    found = keeper.current(folder, clock)
    days, is_open = term.days_left(found, clock.utc_ns()), place.is_open(folder)
    code, until = "custody.shown_open" if is_open else "custody.shown_closed", term.last_day(found.until_ns)
    lines.append(texts.say(code, until=until, days=days, suite=found.suite, cost=found.cost))
    facts: dict[str, Any] = {
        "open": is_open, "until_ns": found.until_ns, "days": days, "cost": found.cost, "suite": found.suite,
        "story": list(told), "swaps": list(place.swap_in_clear()),
    }  # fmt: skip
    return Report(lines=(*lines, *_swap_lines(texts)), facts=facts)


def _close(folder: Path, options: argparse.Namespace, texts: Texts, clock: Clock) -> Report:  # noqa: ARG001 - as every act
    """End who has it open, in good order, and wait until it is sealed."""
    keeper_id = place.keeper_of(place.open_folder(folder)) if place.is_open(folder) else None
    if keeper_id is None:
        raise Refused("custody.not_open", folder=folder)
    with suppress(ProcessLookupError):
        os.kill(keeper_id, signal.SIGTERM)
    end = time.monotonic() + CLOSE_LIMIT_S
    while place.is_open(folder):
        if time.monotonic() > end:
            raise Trouble("custody.does_not_close", seconds=CLOSE_LIMIT_S, keeper=keeper_id)
        time.sleep(_LOOK_EVERY_S)
    if place.opened_of(place.open_folder(folder)):
        raise Trouble("custody.left_open")
    return Report(lines=(texts.say("custody.closed_now"),), facts={"outcome": "closed"})


def _extend(folder: Path, options: argparse.Namespace, texts: Texts, clock: Clock) -> Report:
    made = keeper.extend(folder, passphrase.asked(options, texts), clock, until_ns=_until(options))
    line = texts.say("custody.extended", until=term.last_day(made.until_ns))
    return Report(lines=(line,), facts={"outcome": "extended", "until_ns": made.until_ns})


def _passphrase(folder: Path, options: argparse.Namespace, texts: Texts, clock: Clock) -> Report:
    old = passphrase.asked(options, texts)
    new = passphrase.asked_new(options.new_passphrase_file, texts)
    made = keeper.change_passphrase(folder, old, new, clock, cost=envelope.measured_cost())
    return Report(lines=(texts.say("custody.passphrase_changed"),), facts={"outcome": "changed", "cost": made.cost})


def _destroy(folder: Path, options: argparse.Namespace, texts: Texts, clock: Clock) -> Report:
    """Before its date, without the passphrase: who loses it, or hands the laptop back, may still end it."""
    if not options.yes:
        raise Refused("custody.not_confirmed")
    if place.is_open(folder):
        raise Refused("custody.is_open", folder=place.open_folder(folder))
    if term.end_of(place.seal_of(folder)) is None:
        keeper.destroy(folder, clock, "asked")
    return Report(lines=(texts.say("custody.destroyed_now"),), facts={"outcome": "destroyed"})


def _plain(folder: Path) -> Path:
    """Return a profile that is not sealed yet. Raises Refused or Trouble."""
    if place.is_sealed(folder):
        raise Refused("custody.sealed_already", folder=folder)
    if not Profile(folder=folder).exists():
        raise Trouble("profile.missing", folder=folder)
    return folder


def _live_rows(folder: Path) -> tuple[Finding, ...]:
    """A live profile whose settings were changed is known by its journal, whose rows are signed with their realm."""
    file = folder / "centre" / "chengyun.db"
    if not file.exists():
        return ()
    from chengyun_core.store import engine  # noqa: PLC0415 - importing SQLAlchemy costs every CLI call 0.3 s

    sqlite = engine.driver()
    try:
        with closing(sqlite.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT DISTINCT realm FROM journal").fetchall()
    except sqlite.Error as fault:
        raise Trouble("custody.no_journal", file=file, reason=fault) from fault
    return tuple(
        Finding(code="custody.find_realm", where="centre/chengyun.db journal.realm", shown=str(realm))
        for (realm,) in rows if realm != guard.DRILL
    )  # fmt: skip


def _suite(folder: Path) -> str:
    """Return the suite of cryptography the profile's centre has."""
    from chengyun_core.centre.settings import CentreSettings  # noqa: PLC0415 - as above

    return settings.read(folder / "profile.toml", "centre", CentreSettings).crypto


def _expect_stopped(folder: Path) -> None:
    addresses = of_profile(folder)
    for address in (addresses.centre_door, addresses.ingest_door):
        if up.answers(address):
            raise Refused("custody.running", folder=folder)


def _until(options: argparse.Namespace) -> int:
    """Return the end of the day named, in this machine's zone, ns UTC."""
    if options.until is None:
        raise Refused("custody.no_until")
    try:
        day = date.fromisoformat(options.until)
    except ValueError as fault:
        raise Refused("custody.not_a_day", given=options.until) from fault
    end = datetime.combine(day + timedelta(days=1), midnight()).astimezone()
    return round(end.timestamp()) * NS_PER_S


def _sentence(found: Finding, texts: Texts) -> str:
    return texts.say(found.code, where=found.where, shown=found.shown)


def _swap_lines(texts: Texts) -> tuple[str, ...]:
    return tuple(texts.say("custody.swap", device=device) for device in place.swap_in_clear())
