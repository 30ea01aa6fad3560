"""The command line `chengyun`: parses, calls one function, prints its report."""

import argparse
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from chengyun_core.custody import place
from chengyun_core.launch import map_arguments, more_commands, thresholds_arguments
from chengyun_core.launch import options as more_options
from chengyun_core.launch import profile as profiles
from chengyun_core.launch.report import Report, show, show_failure
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import redaction, secret_file, terminal
from chengyun_core.wire.roles import Role
from chengyun_resources.texts import LANGUAGES, Texts

Handler = Callable[[argparse.Namespace, Texts], Report | int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused, 2 trouble."""
    terminal.speak_chinese()
    options = parser().parse_args(arguments)
    secret_file.forbid_core_files()  # keys, passwords and passphrases pass through most commands
    _configure_logging(options.verbose)
    texts = Texts(options.language)
    handler: Handler = options.handler
    try:
        result = handler(options, texts)
    except (Refused, Trouble) as failure:
        return show_failure(failure, texts, as_json=options.json)
    except KeyboardInterrupt:
        return 130
    return show(result, as_json=options.json) if isinstance(result, Report) else result


def parser() -> argparse.ArgumentParser:
    """Return the whole command line; the handbook prints it from here."""
    top = argparse.ArgumentParser(prog="chengyun", description="Console and daemons of a city operation centre.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_add_demo, _add_up, _add_ingest, _add_centre, _add_console, _add_catalogue, _add_export, _add_user):
        add(commands)
    _add_historian(commands)
    _add_archive(commands)
    _add_quality(commands)
    _add_key(commands)
    _add_audit(commands)
    _add_glass(commands)
    _add_thresholds(commands)
    _add_plans(commands)
    _add_events(commands)
    _add_dispatch(commands)
    _add_warnings(commands)
    _add_mode(commands)
    map_arguments.add(commands, _command, _folder)
    _add_roster(commands)
    _add_report(commands)
    _add_seal(commands)
    _add_doctor(commands)
    _add_bench(commands)
    more_commands.add_all(commands, _command, _folder)
    return top


Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(commands: Commands, name: str, text: str, handler: Handler) -> argparse.ArgumentParser:  # type: ignore[valid-type]
    made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)  # type: ignore[attr-defined]
    made.add_argument("--profile", type=Path, metavar="DIR", help="folder of the profile (default: the user's own)")
    made.add_argument("--json", action="store_true", help="report as JSON")
    made.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help="language of messages")
    made.add_argument("--verbose", action="store_true", help="log what is done to standard error")
    made.set_defaults(handler=handler)
    return made


def _configure_logging(verbose: bool) -> None:
    redaction.configure(logging.INFO if verbose else logging.WARNING)


def _add_demo(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "demo", "make a demo city, start everything, open the console", _demo)
    made.add_argument("--seconds", type=_seconds, metavar="N", help="run offscreen for N seconds, leave screenshots")
    made.add_argument("--shots", type=Path, default=Path("shots"), metavar="DIR", help="where screenshots go")
    made.add_argument("--scenario", default="flood_2020", help="demo scenario")
    made.add_argument("--realm", choices=("live", "drill"), default="live", help="realm of the profile it makes")


def _add_up(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "up", "run both daemons of a profile until stopped", _up)
    more_options.passphrase(made)
    _add_source_options(made)


def _add_ingest(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "ingest", "run the ingest daemon", _ingest)
    made.add_argument("--shard", type=int, metavar="N", help="number of this daemon among several (default: 0)")
    _add_source_options(made)


def _add_source_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--scenario", metavar="NAME", help="feed from the simulator with this scenario")
    made.add_argument("--replay", type=Path, metavar="FILE", help="feed from a CSV or Parquet file")
    made.add_argument("--speed", metavar="N|max", help="speed of the replay")
    made.add_argument("--map", type=Path, metavar="FILE", help="TOML that tells how the file's columns are channels")
    when = made.add_mutually_exclusive_group()
    when.add_argument("--rebase", choices=("now",), help="shift the replay so that it begins now")
    when.add_argument("--as-of", metavar="TIME", help="replay with the file's own times, as of this ISO time")


def _add_centre(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "centre", "run the centre daemon", _centre)
    made.add_argument("--clock-as-of", metavar="TIME", help="ISO time the profile's clock starts at")
    made.add_argument("--clock-rate", type=_rate, metavar="N", help="profile seconds per machine second")


def _add_historian(commands: Commands) -> None:  # type: ignore[valid-type]
    _command(commands, "historian", "run the historian, which keeps what the ingest daemons sense", _historian)


def _add_archive(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "archive", "list, verify or query the archive of samples", _archive)
    made.add_argument("act", choices=("list", "verify", "query"))
    made.add_argument("--series", default="", metavar="CODE", help="of query: a vital's code, or DEVICE.quantity")
    made.add_argument("--since", metavar="TIME", help="ISO time with zone (default: a day before the newest sample)")
    made.add_argument("--until", metavar="TIME", help="ISO time with zone (default: the newest sample)")
    made.add_argument("--points", type=int, default=1000, metavar="N", help="pixel columns of the window (1 to 8192)")
    made.add_argument("--csv", action="store_true", help="write CSV to standard output")


def _add_console(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "console", "open the console", _console)
    made.add_argument("--page", default="F1", help="page to open: F1 to F8, warnings, audit or sources")
    made.add_argument("--shot", type=Path, metavar="FILE", help="write a screenshot and exit")
    made.add_argument("--after", type=float, default=5.0, metavar="SECONDS", help="when the screenshot is taken")
    made.add_argument("--size", default="1920x1080", metavar="WxH", help="size of the screenshot's window")
    made.add_argument("--account", help="account to sign on with")
    made.add_argument("--seat", help="seat to take")
    made.add_argument("--password-file", type=Path, metavar="FILE", help="0600 file with the password")
    made.add_argument("--session", type=Path, metavar="FILE", help="session that chengyun glass break opened")


def _add_catalogue(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "catalogue", "import, export or generate the city's catalogue", _catalogue)
    made.add_argument("act", choices=("import", "export", "reference"))
    made.add_argument("folder", type=Path, metavar="DIR")
    made.add_argument("--format", choices=("csv", "xlsx"), default="csv", dest="file_format")


def _add_export(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "export", "export facts", _export)
    made.add_argument("what", choices=("alarms",))
    made.add_argument("--format", choices=("csv", "json"), default="csv", dest="file_format")
    made.add_argument("--output", type=Path, metavar="FILE", help="file to write (default: standard output)")


def _add_user(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "user", "create or disable accounts, set passwords, posts and second factors", _user)
    made.add_argument("act", choices=("create", "password", "disable", "totp", "drop-totp", "posts", "clearance"))
    made.add_argument("--reason", default="", help="drop-totp, posts, clearance: why")
    made.add_argument("--label", choices=("normal", "dim", "hide"), default="normal", help="clearance: seen through")
    made.add_argument("account")
    made.add_argument("--name", default="", help="name shown on screen")
    made.add_argument("--post", action="append", default=[], help="code of a post the account holds; may be repeated")
    made.add_argument(
        "--password-file", type=Path, metavar="FILE", help="0600 file; otherwise asked or read from a pipe"
    )


def _add_quality(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "quality", "list the data quality score of every vital, worst first", _quality)
    made.add_argument("--csv", action="store_true", help="write CSV to standard output")


def _add_report(commands: Commands) -> None:  # type: ignore[valid-type]
    text = "figures of a time; daily report, special report of an event and hand-over sheet as PDF and XLSX"
    more_options.report(_command(commands, "report", text, _report))


def _add_thresholds(commands: Commands) -> None:  # type: ignore[valid-type]
    text = "preview and switch threshold sets; propose, undo, approve and list changes"
    thresholds_arguments.add_acts(_command(commands, "thresholds", text, _thresholds))


def _add_events(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "events", "import the events of another system", _events)
    made.add_argument("act", choices=("import",))
    made.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX; columns: docs/events.md")
    made.add_argument("--check", action="store_true", help="only look at every row")


def _add_warnings(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "warnings", "check and import official warnings; save call lists", _warnings)
    made.add_argument("act", choices=("check", "import", "lists"))
    made.add_argument("file", type=Path, metavar="FILE", help="XML or CSV; lists: CSV or XLSX (docs/warnings.md)")


def _add_mode(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "mode", "save what an emergency of each kind means", _mode)
    made.add_argument("act", choices=("presets",))
    made.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX; columns: docs/mode.md")


def _add_roster(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "roster", "take people and shifts from a table, all rows or none", _roster)
    made.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX; columns: docs/duty.md")


def _add_dispatch(commands: Commands) -> None:  # type: ignore[valid-type]
    text = "what was given back and why; what the catalogue's words make of a narrative"
    made = _command(commands, "dispatch", text, _dispatch)
    made.add_argument("act", choices=("misroutes", "read"))
    made.add_argument("text", nargs="?", metavar="TEXT", help="narrative to read")
    made.add_argument("--days", type=float, default=30.0, help="days back that misroutes are counted (default: 30)")
    made.add_argument("--csv", action="store_true", help="write misroutes as CSV to standard output")


def _add_plans(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "plans", "import, export or generate the library of plans and risk points", _plans)
    made.add_argument("act", choices=("import", "export", "reference"))
    made.add_argument("folder", type=Path, metavar="DIR")
    made.add_argument("--format", choices=("csv", "xlsx"), default="csv", dest="file_format")
    made.add_argument("--points", type=int, default=300, metavar="N", help="reference: how many risk points")


def _add_key(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "key", "make, show, allow and revoke the keys of TCP", _key)
    made.add_argument("act", choices=("show", "make", "allow", "revoke", "list", "pin"))
    made.add_argument("name", nargs="?", default="", help="allow, revoke: name of the key, such as seat-12")
    made.add_argument(
        "--role", choices=[str(role) for role in Role], help="allow: what the key may; make: only the key of this role"
    )
    made.add_argument("--public", metavar="Z85", help="allow: the client's public key; pin: the daemons'")


def _add_audit(commands: Commands) -> None:  # type: ignore[valid-type]
    text = "prove the journal, print its head, write a run of it to prove elsewhere"
    more_options.audit(_command(commands, "audit", text, _audit))


def _add_glass(commands: Commands) -> None:  # type: ignore[valid-type]
    text = "break the glass by two persons, end, list and review it; seal one-time codes of a post"
    more_options.glass(_command(commands, "glass", text, _glass))


def _add_seal(commands: Commands) -> None:  # type: ignore[valid-type]
    text = "seal a drill profile for a laptop by a passphrase and an end date; look at the seal, move its date, end it"
    more_options.seal(_command(commands, "seal", text, _seal))


def _add_doctor(commands: Commands) -> None:  # type: ignore[valid-type]
    _command(commands, "doctor", "examine machine and profile", _doctor)


def _add_bench(commands: Commands) -> None:  # type: ignore[valid-type]
    made = _command(commands, "bench", "run the benchmarks of the source checkout", _bench)
    made.add_argument("names", nargs="*", help="benchmarks to run (default: all)")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 86400 seconds")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1e9:
        raise argparse.ArgumentTypeError(f"{text} is not a rate between 0 and 1e9")
    return value


def _folder(options: argparse.Namespace) -> Path:
    """Return where the profile lies: of a sealed one where it is open, if it is."""
    folder = _named_folder(options)
    return place.open_folder(folder) if place.is_sealed(folder) and place.is_open(folder) else folder


def _named_folder(options: argparse.Namespace) -> Path:
    found: Path = options.profile or profiles.default_folder()
    return found.expanduser().resolve()


# Handlers import what they need: a daemon must not pay for Qt-free but heavy neighbours, nor `--help` for SQLAlchemy.


def _demo(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import console_process, demo  # noqa: PLC0415

    seconds = options.seconds or (0.0 if console_process.has_display() else demo.OFFSCREEN_S)
    chosen = demo.DemoOptions(
        seconds=seconds, shots=options.shots, scenario=options.scenario, language=options.language, realm=options.realm
    )
    folder = options.profile or profiles.default_folder().with_name("demo")
    return demo.run(folder, chosen, texts)


def _up(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import sealed_up, up  # noqa: PLC0415

    folder = _named_folder(options)
    if place.is_sealed(folder):
        return sealed_up.run(folder, options, texts, _source_arguments(options), _clock_arguments(options))
    return up.run(profiles.ensure(_folder(options)), _source_arguments(options), _clock_arguments(options))


def _clock_arguments(options: argparse.Namespace) -> list[str]:
    """A replay with its own times runs on a profile clock that starts there, as fast (ARCHITECTURE, Time)."""
    if options.as_of is None:
        return []
    rate = "1" if options.speed in (None, "max") else str(options.speed)
    return ["--clock-as-of", options.as_of, "--clock-rate", rate]


def _source_arguments(options: argparse.Namespace) -> list[str]:
    names = ("scenario", "replay", "speed", "map", "rebase", "as_of")
    given = [(name, getattr(options, name)) for name in names if getattr(options, name) is not None]
    return [part for name, value in given for part in (f"--{name.replace('_', '-')}", str(value))]


def _ingest(options: argparse.Namespace, texts: Texts) -> Report | int:  # noqa: ARG001
    from chengyun_core.launch import daemons  # noqa: PLC0415

    return daemons.run_ingest(profiles.ensure(_folder(options)), options)


def _centre(options: argparse.Namespace, texts: Texts) -> Report | int:  # noqa: ARG001
    from chengyun_core.launch import daemons  # noqa: PLC0415

    return daemons.run_centre(profiles.ensure(_folder(options)), as_of=options.clock_as_of, rate=options.clock_rate)


def _historian(options: argparse.Namespace, texts: Texts) -> Report | int:  # noqa: ARG001
    from chengyun_core.launch import daemons  # noqa: PLC0415

    return daemons.run_historian(profiles.ensure(_folder(options)))


def _archive(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import archive_command  # noqa: PLC0415

    return archive_command.run(profiles.opened(_folder(options)), options, texts)


def _console(options: argparse.Namespace, texts: Texts) -> Report | int:  # noqa: ARG001
    from chengyun_core.launch import accounts, console_process, up  # noqa: PLC0415

    folder = _folder(options)
    if place.is_sealed(folder):
        # Closed: the console asks for the passphrase itself and starts the daemons with it.
        opened = profiles.Profile(folder=folder)
    else:
        opened = profiles.ensure(folder)
        up.ensure_running(opened)
    arguments = ["--page", options.page, "--size", options.size, "--language", options.language]
    if options.shot is not None:
        arguments += ["--shot", str(options.shot), "--after", str(options.after)]
    for name in ("account", "seat", "password_file", "session"):
        if getattr(options, name) is not None:
            arguments += [f"--{name.replace('_', '-')}", str(getattr(options, name))]
    if options.shot is not None and options.account is None:
        arguments += accounts.demo_sign_on(opened)
    return console_process.run(opened, arguments)


def _catalogue(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import catalogue_command  # noqa: PLC0415

    if options.act == "reference":
        return catalogue_command.reference(options.folder, options.file_format, texts)
    opened = profiles.ensure(_folder(options))
    if options.act == "import":
        catalogue_command.refuse_empty(options.folder)
        return catalogue_command.import_folder(opened, options.folder, texts)
    return catalogue_command.export_folder(opened, options.folder, options.file_format, texts)


def _events(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import events_command  # noqa: PLC0415

    return events_command.import_file(profiles.ensure(_folder(options)), options.file, texts, check_only=options.check)


def _plans(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import plans_command  # noqa: PLC0415

    if options.act == "reference":
        return plans_command.reference(options.folder, options.file_format, options.points, texts)
    opened = profiles.ensure(_folder(options))
    if options.act == "import":
        return plans_command.import_folder(opened, options.folder, texts)
    return plans_command.export_folder(opened, options.folder, options.file_format, texts)


def _export(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import export  # noqa: PLC0415

    file_format = "json" if options.json else options.file_format
    return export.run(profiles.opened(_folder(options)), file_format, options.output, texts)


def _user(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import accounts, second_factor_command  # noqa: PLC0415

    if options.act in second_factor_command.ACTS:
        return second_factor_command.run(profiles.ensure(_folder(options)), options, texts)
    return accounts.run(profiles.ensure(_folder(options)), options, texts)


def _quality(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import quality_command  # noqa: PLC0415

    return quality_command.run(
        profiles.opened(_folder(options)), as_csv=options.csv, texts=texts, as_json=options.json
    )  # fmt: skip


def _mode(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import mode_command  # noqa: PLC0415

    return mode_command.run(profiles.opened(_folder(options)), options.file, texts)


def _roster(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import roster_command  # noqa: PLC0415

    return roster_command.run(profiles.opened(_folder(options)), options.file, texts)


def _warnings(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import warnings_command  # noqa: PLC0415

    return warnings_command.run(profiles.opened(_folder(options)), options, texts)


def _dispatch(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import dispatch_command  # noqa: PLC0415

    return dispatch_command.run(profiles.opened(_folder(options)), options, texts)


def _report(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import alarm_report, paper_command  # noqa: PLC0415

    if options.what in paper_command.WHAT:
        return paper_command.run(profiles.opened(_folder(options)), options, texts)
    return alarm_report.run(
        profiles.opened(_folder(options)), seat=options.seat, from_ns=alarm_report.moment(options.begin),
        to_ns=alarm_report.moment(options.end), as_csv=options.csv, texts=texts,
        as_json=options.json,
    )  # fmt: skip


def _thresholds(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import thresholds_command  # noqa: PLC0415

    return thresholds_command.run(profiles.opened(_folder(options)), options, texts)


def _key(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import key_command  # noqa: PLC0415

    return key_command.run(profiles.ensure(_folder(options)), options, texts)


def _audit(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import audit_command  # noqa: PLC0415

    if options.file is not None:
        return audit_command.verify_file(options, texts)
    return audit_command.run(profiles.opened(_folder(options)), options, texts)


def _glass(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import glass_command  # noqa: PLC0415

    return glass_command.run(profiles.opened(_folder(options)), options, texts)


def _seal(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import seal_command  # noqa: PLC0415

    return seal_command.run(_named_folder(options), options, texts)


def _doctor(options: argparse.Namespace, texts: Texts) -> Report | int:
    from chengyun_core.launch import doctor  # noqa: PLC0415

    return doctor.examine(profiles.opened(_folder(options)), texts)


def _bench(options: argparse.Namespace, texts: Texts) -> Report | int:  # noqa: ARG001
    from chengyun_core.launch import bench  # noqa: PLC0415

    return bench.run(options.names)
