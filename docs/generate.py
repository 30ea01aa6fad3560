"""Writes the handbook's tables from the code, between markers in the pages; `--check` only compares."""

import argparse
import ast
import dataclasses
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from chengyun_console import handbook as console
from chengyun_console.guide.paper import guide_page
from chengyun_core.centre.settings import CentreSettings
from chengyun_core.ingest.historian.settings import HistorianSettings
from chengyun_core.ingest.settings import (
    HttpSettings,
    IngestSettings,
    MetricSettings,
    ModbusSettings,
    MqttSettings,
    NatsSettings,
    NodeSettings,
    OpcuaSettings,
    PointSettings,
    ReplaySettings,
    SimulatorSettings,
    SparkplugSettings,
    SubjectSettings,
    TopicSettings,
)
from chengyun_core.ingest.survey.settings import SurveySettings
from chengyun_core.launch import cli
from chengyun_core.launch.settings import ProfileSettings
from chengyun_core.model import (
    alarm,
    camera_handbook,
    command,
    device_file,
    duty_handbook,
    event_handbook,
    order_handbook,
    permission,
    plan_tables,
    rights_handbook,
    table_handbook,
    ways_out,
)
from chengyun_core.model.room_parties import PLAYED_IN, PLAYED_MAY
from chengyun_core.model.room_rules import MEMBER_MOVES
from chengyun_core.model.room_share import FORMS
from chengyun_core.model.scales import Level, Mode
from chengyun_core.rtc.degradation import STEPS
from chengyun_core.rtc.settings import PartySettings, RoomSettings
from chengyun_core.video.port import STATES
from chengyun_core.video.settings import VideoSettings
from chengyun_core.wire import handbook as wire
from chengyun_core.wire.settings import WireSettings
from chengyun_resources.texts import Texts

DOCS = Path(__file__).parent
MARK = re.compile(r"(<!-- generated: (?P<name>[\w.]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write every page, or with --check return 1 and name those that differ from the code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    check = options.parse_args(arguments).check
    stale = [page for page in pages() if _is_stale(page, write=not check)]
    for page in stale:
        print(f"{page} {'differs from the code; run docs/generate.py' if check else 'written'}")
    return 1 if check and stale else 0


def pages() -> list[Path]:
    """Return the pages that hold generated tables."""
    return [page for page in sorted(DOCS.glob("*.md")) if MARK.search(page.read_text("utf-8"))]


def rendered(text: str) -> str:
    """Return a page's text with every generated part made anew."""
    return MARK.sub(lambda found: f"{found[1]}{TABLES[found['name']]().strip()}\n{found[3]}", text)


def _is_stale(page: Path, *, write: bool) -> bool:
    before = page.read_text("utf-8")
    after = rendered(before)
    if after != before and write:
        page.write_text(after, "utf-8")
    return after != before


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines.extend("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows)
    return "\n".join(lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def settings_table(section: str, record: type[Any]) -> str:
    """Return the table of one settings record: name, type, default, meaning."""
    meanings = attribute_docs(record)
    rows = [
        (f"`{field.name}`", f"`{_type_text(field.type)}`", f"`{_default(field)}`", meanings.get(field.name, ""))
        for field in dataclasses.fields(record)
    ]
    return f"Section `[{section}]` of `profile.toml`.\n\n" + table(("name", "type", "default", "meaning"), rows)


def attribute_docs(record: type[Any]) -> dict[str, str]:
    """Return the docstrings that stand below a class's attributes."""
    body = ast.parse(inspect.getsource(record)).body[0]
    found: dict[str, str] = {}
    if isinstance(body, ast.ClassDef):
        for first, second in zip(body.body, body.body[1:], strict=False):
            if isinstance(first, ast.AnnAssign) and isinstance(first.target, ast.Name) and isinstance(second, ast.Expr):
                found[first.target.id] = " ".join(str(ast.literal_eval(second.value)).split())
    return found


def _type_text(kind: object) -> str:
    if isinstance(kind, str):
        return kind
    return kind.__name__ if isinstance(kind, type) else str(kind)


def _default(field: "dataclasses.Field[Any]") -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return "(required)" if field.default is dataclasses.MISSING else field.default


def video_states_table() -> str:
    """Return the states of a pane with their rules."""
    rows = [
        (f"`{state}`", rule.rule, rule.limit, rule.then, "stays" if rule.keeps_picture else "goes")
        for state, rule in STATES.items()
    ]
    return table(("state", "when", "said", "then", "last picture"), rows)


def room_moves_table() -> str:
    """Return the life of a member of a consultation."""
    rows = [(f"`{state}`", f"`{move}`", f"`{after}`") for (state, move), after in MEMBER_MOVES.items()]
    return table(("from", "move", "to"), rows)


def room_parties_table() -> str:
    """Return where simulated parties may be, and what they may do there."""
    may = ", ".join(f"`{action}`" for action in sorted(PLAYED_MAY))
    rows = [(f"`{realm}`", may if allowed else "none: refused by the centre") for realm, allowed in PLAYED_IN.items()]
    return table(("realm", "a simulated party may"), rows)


def room_shares_table() -> str:
    """Return how what is shown to all in a consultation is named."""
    return table(("name", "shows"), [(f"`{form}`", shows) for form, shows in FORMS.items()])


def room_steps_table() -> str:
    """Return what a bad link gives up, step by step."""
    rows = [
        (f"`{level.name.lower()}`", f"{step.width} × {step.height}" if step.fps else "none", f"{step.fps:g}",
         f"{step.loss:.0%}" if step.loss else "–", f"{step.round_trip_ms:g}" if step.loss else "–",
         f"{step.late_ms:g}" if step.loss else "–")
        for level, step in STEPS.items()
    ]  # fmt: skip
    head = ("level", "picture", "a second", "from a loss of", "or a round trip of, ms", "or our own sound late by, ms")
    return table(head, rows)


def commands_table() -> str:
    """Return every command with its fields and what it does."""
    rows = [
        (f"`{kind}`", ", ".join(f"`{field.name}`" for field in dataclasses.fields(record)), _first_line(record))
        for kind, record in command.COMMANDS.items()
    ]
    return table(("kind", "fields", "does"), rows)


def permissions_table() -> str:
    """Return who may do what: one row for each row of the table, in its words."""
    rows = [
        (
            f"`{action}`",
            row.post.value,
            _set(row.levels, Level),
            row.area.value,
            row.sectors.value,
            _set(row.modes, Mode),
        )
        for action, found in permission.PERMISSIONS.items()
        for row in found
    ]
    return table(("action", "post", "levels", "places", "tracks", "modes"), rows)


def _set(chosen: frozenset[Any], every: type[StrEnum]) -> str:
    return "all" if chosen == frozenset(every) else ", ".join(sorted(chosen))


def life_cycle_table() -> str:
    """Return the life cycle of an alarm."""
    rows = [(state.value, move.value, after.value) for (state, move), after in alarm.LIFE_CYCLE.items()]
    shelf = [
        ("shelved", f"{move.value} ({'active' if active else 'returned'})", after.value)
        for (move, active), after in alarm.SHELF.items()
    ]
    set_rows = [("any", sets.value, alarm.OVERRIDDEN[kind].value) for kind, (sets, _) in alarm.OVERRIDES.items()]
    ended = [
        (alarm.OVERRIDDEN[kind].value, f"{ends.value} ({_beneath(active, acked)})", after.value)
        for kind, (_, ends) in alarm.OVERRIDES.items()
        for (active, acked), after in alarm.RELEASED.items()
    ]
    return table(("state", "move", "state after"), [*rows, *shelf, *set_rows, *ended])


def _beneath(active: bool, acked: bool) -> str:
    return f"{'active' if active else 'returned'}, {'acknowledged' if acked else 'not acknowledged'}"


def cli_text() -> str:
    """Return the help of the command line and of each of its commands."""
    top = cli.parser()
    actions = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001
    rows = [
        (f"`{name}`", sub.description or "", " ".join(_option_text(option) for option in sub._actions))  # noqa: SLF001
        for action in actions
        for name, sub in action.choices.items()
    ]
    return table(("command", "does", "options"), rows)


def _option_text(option: argparse.Action) -> str:
    if isinstance(option, argparse._HelpAction):  # noqa: SLF001 - argparse offers no public way to ask
        return ""
    return f"`{option.option_strings[-1] if option.option_strings else option.dest}`"


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


TABLES: dict[str, Callable[[], str]] = {
    "cameras.kinds": camera_handbook.kinds_table,
    "cameras.ranks": camera_handbook.ranks_table,
    "catalogue.columns": table_handbook.handbook,
    "cli": cli_text,
    "commands": commands_table,
    "alarm.life_cycle": life_cycle_table,
    "duty.import": duty_handbook.import_tables,
    "duty.item": duty_handbook.item_table,
    "duty.logged": duty_handbook.logged_table,
    "duty.routing": duty_handbook.routing_table,
    "duty.sheet": duty_handbook.sheet_table,
    "duty.shift": duty_handbook.shift_table,
    "duty.who": duty_handbook.who_table,
    "event.hops": event_handbook.hops_table,
    "event.import": event_handbook.import_table,
    "event.moves": event_handbook.moves_table,
    "order.deadlines": order_handbook.deadlines_table,
    "order.ladder": order_handbook.ladder_table,
    "order.moves": order_handbook.moves_table,
    "order.rungs": order_handbook.rungs_table,
    "order.who": order_handbook.who_table,
    "permissions": permissions_table,
    "plans.columns": lambda: table_handbook.handbook(plan_tables.PLAN_TABLES),
    "rights.matrix": rights_handbook.matrix_table,
    "rights.ways_out": ways_out.ways_table,
    "settings.profile": lambda: settings_table("profile", ProfileSettings),
    "settings.wire": lambda: settings_table("wire", WireSettings),
    "settings.ingest": lambda: settings_table("ingest", IngestSettings),
    "settings.ingest.mqtt": lambda: settings_table("[ingest.mqtt]", MqttSettings),
    "settings.ingest.mqtt.topics": lambda: settings_table("[ingest.mqtt.topics]", TopicSettings),
    "settings.ingest.http": lambda: settings_table("[ingest.http]", HttpSettings),
    "settings.ingest.nats": lambda: settings_table("[ingest.nats]", NatsSettings),
    "settings.ingest.nats.subjects": lambda: settings_table("[ingest.nats.subjects]", SubjectSettings),
    "settings.ingest.modbus": lambda: settings_table("[ingest.modbus]", ModbusSettings),
    "settings.ingest.modbus.points": lambda: settings_table("[ingest.modbus.points]", PointSettings),
    "settings.ingest.opcua": lambda: settings_table("[ingest.opcua]", OpcuaSettings),
    "settings.ingest.opcua.nodes": lambda: settings_table("[ingest.opcua.nodes]", NodeSettings),
    "settings.ingest.sparkplug": lambda: settings_table("[ingest.sparkplug]", SparkplugSettings),
    "settings.ingest.sparkplug.metrics": lambda: settings_table("[ingest.sparkplug.metrics]", MetricSettings),
    "settings.ingest.replay": lambda: settings_table("[ingest.replay]", ReplaySettings),
    "settings.ingest.simulator": lambda: settings_table("ingest.simulator", SimulatorSettings),
    "devices.repairs": device_file.repairs_table,
    "devices.stages": device_file.stages_table,
    "settings.historian": lambda: settings_table("historian", HistorianSettings),
    "settings.survey": lambda: settings_table("survey", SurveySettings),
    "settings.centre": lambda: settings_table("centre", CentreSettings),
    "rooms.moves": room_moves_table,
    "rooms.parties": room_parties_table,
    "rooms.shares": room_shares_table,
    "rooms.steps": room_steps_table,
    "settings.parties": lambda: settings_table("parties", PartySettings),
    "settings.rooms": lambda: settings_table("rooms", RoomSettings),
    "settings.video": lambda: settings_table("video", VideoSettings),
    "guide.zh_CN": lambda: guide_page(Texts("zh_CN"), "../resources/chengyun_resources/handbook/pictures"),
    "keys": lambda: console.keys_table(Texts("en")),
    "keys.zh_CN": lambda: console.keys_table(Texts("zh_CN")),
    "verbs": lambda: console.verbs_table(Texts("en")),
    "verbs.zh_CN": lambda: console.verbs_table(Texts("zh_CN")),
    "layouts.cockpit": console.layouts_table,
    "layouts.wall": console.labels_table,
    "settings.seat": console.settings_table,
    "video.states": video_states_table,
    "wire.endpoints": wire.endpoints_table,
    "wire.frames": wire.frames_table,
    "wire.asks": wire.asks_table,
}
"""Marker in a page → the function that makes its text."""


if __name__ == "__main__":
    sys.exit(main())
