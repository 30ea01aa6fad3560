"""What is behind the command view: daemons, survey, cameras, flood, an event with its plan and orders."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from chengyun_core.launch import devices_command, map_command, plans_command
from chengyun_core.launch.door_client import DoorClient, asked
from chengyun_core.launch.profile import Profile
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.command import KIND_OF, CreateAccount, ImportCatalogue, SignOn
from chengyun_core.model.event import EventSource, Factor
from chengyun_core.model.event_commands import GradeEvent, OpenEvent
from chengyun_core.model.plan_commands import SendPlanOrders, StartPlan
from chengyun_core.model.warning_commands import TakeWarning
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import AskCatalogue, Hello, IngestStatus, SignedOn
from chengyun_core.wire.plan_asks import AskDrafts, AskMatch, Drafts, Matches
from chengyun_core.wire.survey_asks import AskDensity, DensityView
from chengyun_resources.reference import city, plans
from chengyun_resources.texts import Texts
from tests.bench.command_gateways import BULK
from tests.soak.daemons import Caller, Daemon, free_port, made_profile
from tests.support.fake_centre import PASSWORD
from tests.support.storm_bulletin import bulletin
from tests.support.waiting import wait_until

SENDERS = 2
LIMIT_S = 180.0
POST = "500000.duty_officer"
OFFICER, COLLEAGUE = "officer", "colleague"
SEAT, COLLEAGUE_SEAT = "A-03", "A-04"
TITLE, PLACE = "上清寺街道供水爆管", (106.5443, 29.5628)
OTHERS = (
    ("寸滩河街进水", "500105", (106.5988, 29.6172)), ("大坪管廊甲烷报警", "500103", (106.5190, 29.5400)),
    ("北碚东阳街道积水", "500109", (106.4460, 29.8290)),
)  # fmt: skip
"""(title, centre, where) of the events that are opened amid it all."""
CAMERAS = Path(__file__).with_name("command_cameras.py")
SYSTEM_PYTHON = "/usr/bin/python3"
"""The one that has GStreamer's bindings (`gi`)."""
AS_OF = "2026-07-18T22:40:00+08:00"
"""The city's time when it begins: the evening of the warning (storm_bulletin)."""
SETTINGS = """
clock_as_of = "{as_of}"
[ingest]
archive_ring_mib = 0
lateness_s = {lateness:.0f}
future_limit_s = {future:.0f}
{ports}
[video]
demo_server = "127.0.0.1:{video}"
"""
Tables = dict[str, list[dict[str, str]]]
PORT = '\n[[ingest.http]]\nname = "{name}"\nport = {port}\nlimit_samples_per_s = 0.0\nlimit_sender_per_s = 0.0\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the city has to carry. `ids`: channels of its great series; `bulk_per_s`: samples of them a second."""

    ids: int
    bulk_per_s: float
    vitals_times: float
    """How often vitals come, as a multiple of what their periods say on the city's clock."""
    raises_per_s: float
    clock_rate: float = 1.0
    is_acknowledged: bool = False
    """Whether a colleague acknowledges alarms, so that those that returned close."""


class Cameras:
    """GStreamer's server on a port of its own; it can go and come back at the same one."""

    def __init__(self, codes: list[str], port: int) -> None:
        self._codes, self.port = codes, port
        self._server: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int | None:
        """Return the server's process id while it runs."""
        return self._server.pid if self._server is not None else None

    def start(self) -> None:
        """Run it; nothing is waited for."""
        command = [SYSTEM_PYTHON, "-W", "ignore", str(CAMERAS), str(self.port), *self._codes]
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)

    def stop(self) -> None:
        """Kill it, as a power cut would; harmless when it does not run."""
        if self._server is not None:
            assert self._server.stdin is not None
            self._server.kill()
            self._server.wait()
            self._server.stdin.close()
            self._server = None


@dataclass(slots=True, kw_only=True)
class City:
    """What runs."""

    profile: Profile
    daemons: dict[str, Daemon]
    cameras: Cameras
    gateways: list["subprocess.Popen[str]"] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)
    """What gateways offered and what became of it, once they have ended."""
    token: str = ""
    """The colleague's session."""
    event: int = 0
    others: tuple[int, ...] = ()

    def pids(self) -> dict[str, int]:
        """Return the process ids by what the process is for, but for the console's own."""
        found = {name: daemon.pid for name, daemon in self.daemons.items()}
        found |= {f"gateway {at}": gateway.pid for at, gateway in enumerate(self.gateways)}
        return found | ({"cameras": self.cameras.pid} if self.cameras.pid is not None else {})


@contextmanager
def command_city(folder: Path, load: Load) -> Iterator[City]:
    """Bring all of it up, the flood too; take it down again."""
    tables, ports, video = _tables(load.ids), (free_port(), free_port()), free_port()
    told = SETTINGS.format(
        ports="".join(PORT.format(name=name, port=port) for name, port in zip(("bulk", "vitals"), ports, strict=True)),
        as_of=AS_OF, video=video, lateness=max(2.0, load.clock_rate), future=max(60.0, 6 * load.clock_rate),
    )  # fmt: skip
    profile = made_profile(folder, told, clock_rate=load.clock_rate)
    made = City(
        profile=profile, daemons={name: Daemon(name, profile) for name in ("centre", "ingest", "survey")},
        cameras=Cameras([row["code"] for row in tables["cameras"]], video),
    )  # fmt: skip
    with ExitStack() as stack:
        for daemon in made.daemons.values():
            stack.callback(daemon.kill)
        stack.callback(made.cameras.stop)
        made.cameras.start()
        _found(made, tables)
        _begin_event(made, is_drill=load.clock_rate != 1.0)
        stack.callback(_end_gateways, made)
        _flood(made, ports, load)
        yield made


def _tables(ids: int) -> Tables:
    """Return the reference city; its greatest series measure something, and its cameras are plain addresses."""
    tables: Tables = city.tables()
    measured = {row["device"] for row in tables["channels"]}
    series = sorted(
        (row for row in tables["devices"] if row["code"] not in measured), key=lambda row: -int(row.get("count", "1"))
    )
    for row in series:
        if ids <= 0:
            break
        ids -= int(row.get("count", "1"))
        tables["channels"].append(
            {"device": row["code"], "quantity": BULK, "unit": "%", "period_s": "60", "low": "0", "high": "150"}
        )
    for row in tables["cameras"]:
        row |= {"address": f"demo:/cam/{row['code']}", "sub_address": f"demo:/cam/{row['code']}/sub"}
    return tables


def _found(made: City, tables: Tables) -> None:
    """Give the profile what `chengyun demo` gives one: catalogue, plans, accounts, layers of the map, places."""
    profile, texts, where = made.profile, Texts("zh_CN"), of_profile(made.profile.folder)
    with Caller(where.centre_door) as centre, Caller(where.ingest_door) as ingest, Caller(where.survey_door) as survey:
        made.daemons["centre"].start()
        centre.reconnect("centre", limit_s=LIMIT_S)
        admin = profile.key("admin.key")
        centre.do(ImportCatalogue(tables=tables, origin={name: f"reference/{name}" for name in tables}), admin)
        for account, name in ((OFFICER, "陈静"), (COLLEAGUE, "刘勇")):
            centre.do(CreateAccount(account=account, name=name, password=PASSWORD, posts=(POST,)), admin)
        library = plans.tables()
        plans_command.import_tables(profile, library, {name: f"reference/{name}" for name in library}, texts)
        map_command.ensure_demo(profile, texts)
        devices_command.ensure_demo(profile)
        made.daemons["ingest"].start()
        ingest.reconnect("ingest", limit_s=LIMIT_S)
        wait_until(lambda: _listens(ingest), "ingest has the catalogue and listens", limit_s=LIMIT_S)
        made.daemons["survey"].start()
        survey.reconnect("survey", limit_s=LIMIT_S)
        wait_until(lambda: _counts(survey, admin), "the survey counts devices", limit_s=LIMIT_S)


def _listens(ingest: Caller) -> bool:
    status = codec.unpack(ingest.ask("status", _HELLO).body, IngestStatus)
    return len(status.sources) == 2 and all(source.state == "running" for source in status.sources)


def _counts(survey: Caller, session: str) -> bool:
    ask = AskDensity(left=0.0, top=0.0, right=1.0, bottom=1.0, width=64, height=64, what="all")
    reply = survey.ask("density.view", ask, session=session)
    return reply.outcome == "done" and bool(codec.unpack(reply.body, DensityView).cells)


def _begin_event(made: City, *, is_drill: bool) -> None:
    """Open the events; the first one has a plan that runs and orders that were sent. A warning stands over the city."""
    door_address = of_profile(made.profile.folder).centre_door
    with DoorClient(door_address, session=made.profile.key("admin.key"), timeout_s=30) as admin:
        # On a clock of its own the city is a drill, which takes no warning that is meant.
        told = bulletin().replace(b"Actual", b"Exercise") if is_drill else bulletin()
        admin.send(TakeWarning(name="bulletin.xml", data=told))
        signed = admin.ask(KIND_OF[SignOn], SignOn(account=COLLEAGUE, password=PASSWORD, seat=COLLEAGUE_SEAT))
    made.token = codec.unpack(signed, SignedOn).token
    with DoorClient(door_address, session=made.token, timeout_s=30) as door:
        made.event = _opened(door, TITLE, "500103005", PLACE, matter="SS-BAOGUAN", risk_point="FX-JIAXI")
        door.send(GradeEvent(event=made.event, version=1, factors=dict.fromkeys(Factor, 3)))
        best = asked(door, "plan.match", AskMatch(event=made.event), Matches).matches[0]
        start = StartPlan(
            event=made.event, template=best.template, edition=best.edition, risk_point=best.risk_point
        )  # fmt: skip
        run = int(door.send(start).key)
        drafts = asked(door, "plan.drafts", AskDrafts(run=run), Drafts)
        chosen = tuple(one.draft for one in drafts.drafts if one.draft is not None)
        door.send(SendPlanOrders(run=run, version=drafts.version, drafts=chosen))
        made.others = tuple(_opened(door, *other) for other in OTHERS)


def _opened(door: DoorClient, title: str, centre: str, at: tuple[float, float], **more: Any) -> int:
    form = OpenEvent(source=EventSource.MANUAL, title=title, centre=centre, longitude=at[0], latitude=at[1], **more)
    return int(door.send(form).key)


def _flood(made: City, ports: tuple[int, int], load: Load) -> None:
    folder = made.profile.folder
    with DoorClient(of_profile(folder).centre_door, session=made.profile.key("admin.key"), timeout_s=60) as door:
        first, last = _bulk_range(door)
    edges = [first + (last - first) * at // SENDERS for at in range(SENDERS + 1)] if last else []
    jobs: list[tuple[object, ...]] = [
        ("bulk", folder, ports[0], begin, end, load.bulk_per_s / SENDERS) for begin, end in pairwise(edges)
    ]
    jobs.append(("vitals", folder, ports[1], load.vitals_times, load.raises_per_s))
    if load.is_acknowledged:
        jobs.append(("colleague", folder, 0, made.token))
    for job in jobs:
        command = [sys.executable, "-m", "tests.bench.command_gateways", *map(str, job)]
        made.gateways.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        )
    for gateway in made.gateways:
        assert gateway.stdout is not None
        if gateway.stdout.readline().strip() != "ready":
            raise RuntimeError("a gateway did not begin")


def _bulk_range(door: DoorClient) -> tuple[int, int]:
    """Return the first channel number of the great series, and one beyond the last: they were numbered in one go."""
    catalogue = asked(door, "catalogue.get", AskCatalogue(), Catalogue)
    found = [channel for channel in catalogue.channels if channel.quantity == BULK]
    return (min(one.number for one in found), max(one.number + one.count for one in found)) if found else (0, 0)


def _end_gateways(made: City) -> None:
    for gateway in made.gateways:
        assert gateway.stdin is not None
        gateway.stdin.close()
    for gateway in made.gateways:
        assert gateway.stdout is not None
        told = gateway.stdout.read().strip()
        gateway.wait(30)
        gateway.stdout.close()
        for name, count in (json.loads(told) if told else {}).items():
            made.sent[name] = made.sent.get(name, 0) + count
    made.gateways.clear()


_HELLO = Hello(protocol=PROTOCOL_VERSION, client="bench")
