"""Two real consoles on one centre: the town shows its trend, its map and a file of the event; the city sees them (Y6).

python -m tests.flows.room_sharing --pictures docs/pictures: enacts it and keeps its stills.
"""

import argparse
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import KIND_OF, SignOn
from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import SignedOn
from chengyun_core.wire.event_asks import UploadPart
from tests.flows.consultation import ROOMS, SOUND, Consultation
from tests.flows.ten_minutes import Stranger, signed_in, stranger
from tests.support import consult_city as place
from tests.support.city_clock import begin_at, follow
from tests.support.living_city import OFFICER, PASSWORD, SEAT, LivingCity, living_city

VITAL, NAME = 0, "寸滩站 水位"
FILE, SAID = "处置要点.txt", "关闭沿江 3 号闸，转移行动不便的三十户"
SHOWN_BY = "周敏 共享 · 自 14:"


@contextmanager
def before_the_room(folder: Path, pictures: Path | None = None) -> Iterator[Consultation]:
    """Bring up the city with an hour of its gauge, its event and a file of it, and seat the city and the town."""
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {"ALSA_CONFIG_PATH": str(SOUND)}))
        city = stack.enter_context(
            living_city(folder, catalogue=place.consult_city(), officer=place.OFFICER, furnish=_furnish)
        )
        follow(city)
        place.make_accounts(city)
        place.open_event(city)
        keep_file(city, SAID.encode())
        measure(city)
        chair = _console(stack, city, folder, OFFICER, SEAT)
        town = _console(stack, city, folder, place.PEOPLE[place.TOWN_SEAT][0], place.TOWN_SEAT)
        at = Consultation(city=city, chair=chair, district=town, town=town, pictures=pictures)
        for one in (chair, town):
            one.eyes.wait_for_words(place.TITLE)
        yield at


def keep_file(city: LivingCity, content: bytes) -> None:
    """Have the colleague keep a text with the event."""
    digest = hashlib.sha256(content).hexdigest()
    with city.door() as door:
        seated = SignOn(account="colleague", password=PASSWORD, seat=place.COLLEAGUE_SEAT)
        token = codec.unpack(door.ask(KIND_OF[SignOn], seated, timeout_s=30), SignedOn).token
    with DoorClient(of_profile(city.profile.folder).centre_door, session=token) as door:
        door.ask("attachment.part", UploadPart(digest=digest, size=len(content), offset=0, data=content))
        door.send(AddAttachment(about="event:1", digest=digest, name=FILE, size=len(content)), timeout_s=30)


def measure(city: LivingCity) -> None:
    """Let the gauge have risen for half an hour past its yellow limit; the others stand still."""
    now = city.clock.utc_ns()
    city.publish_samples((f"D{VITAL}.level", now - ago * 60 * NS_PER_S, 62.0 - ago) for ago in range(30, 0, -1))
    city.publish({VITAL: 62.0, 1: 20.0, 2: 20.0, 3: 20.0})


def enact(at: Consultation) -> None:
    """Act all of it."""
    opened(at)
    trend_shown(at)
    map_shown(at)
    file_shown(at)


def opened(at: Consultation) -> None:
    """The city opens the room; the town, which has looked at the gauge, comes."""
    at.press("`F2` the town looks at the gauge", "F2", until=at.shows(f"1 {NAME} 62.00", at=at.town), at=at.town)
    at.press("`F3` and goes to the event", "F3", until=at.shows("事件 · 席位", at=at.town), at=at.town)
    suggested = ("已勾选", place.LEAD_NAME, "朝天门", "防汛跑道长")
    at.press("`Shift+H` who should come", "shift+h", until=at.shows(*suggested))
    at.press("`O` opens and asks them", "o", until=at.has("room.open"))
    at.press("`Shift+H` at the town's", "shift+h", until=at.shows("J 加入会商", at=at.town), at=at.town)
    at.press("`J` the town joins", "j", until=at.shows("到会 2", at=at.town), at=at.town)


def trend_shown(at: Consultation) -> None:
    """The town shows the gauge: drawn at the city's from its own samples, and live."""
    at.press("`S` share", "s", until=at.shows("共享什么", f"曲线 {NAME}", at=at.town), at=at.town)
    at.press("`3` the trend", "3", until=at.has("room.share"), at=at.town)
    drawn = at.shows(f"1 {NAME} 62.00", SHOWN_BY)
    at.act("the trend at the chair's", lambda: None, drawn)
    at.act("the gauge rises at the chair's", lambda: at.city.publish({VITAL: 71.5}), at.shows(f"1 {NAME} 71.50"),
           picture="room-shared-trend")  # fmt: skip
    at.press("`W` the same on F2", "w", until=at.shows(f"1 {NAME} 71.50", "体征 4 / 4"))
    _back(at, at.chair)


def map_shown(at: Consultation) -> None:
    """The town shows its map as it looks at it; the city takes it over, and has its own back."""
    town = at.town
    at.press("`F5` the town's map", "F5", until=lambda: town.eyes.focus() == "MapCanvas", at=town)
    at.press("it is looked at", "plus", "plus", until=lambda: town.eyes.focus() == "MapCanvas", at=town)
    _back(at, town)
    at.press("`S` share the map", "s", until=at.shows("我的地图视图", at=town), at=town)
    at.press("`4` as it is seen", "4", until=at.has("room.share", 2), at=town)
    at.act("it is in the chair's matrix", lambda: None, at.shows("共享：地图视图"))
    at.press("`W` the town's map", "w", until=at.shows("共享的视图看地图"), picture="room-shared-map")
    at.press("`Z` one's own again", "z", until=lambda: "共享的视图看地图" not in at.chair.eyes.said())
    _back(at, at.chair)


def file_shown(at: Consultation) -> None:
    """The town shows a file of the event: the city fetches and reads it, large by one key."""
    at.press("`S` share the file", "s", until=at.shows(f"文件 {FILE}", at=at.town), at=at.town)
    at.press("`5` the file", "5", until=at.has("room.share", 3), at=at.town)
    at.act("the file at the chair's", lambda: None, at.shows(FILE, SAID, SHOWN_BY), picture="room-shared-file")
    at.press("`W` large", "w", until=at.shows("text/plain", "1/1"))
    at.press("`Esc` the room beneath", "Escape", until=at.shows("到会 2", SHOWN_BY))


def _back(at: Consultation, one: Stranger) -> None:
    """Go from another page back to the room."""
    at.press("`F3` back to the event", "F3", until=at.shows("事件 · 席位", at=one), at=one)
    at.press("`Shift+H` to the room", "shift+h", until=at.shows("到会 2", at=one), at=one)


def _furnish(profile: Path) -> None:
    begin_at(profile, place.BEGINS)
    with (profile / "profile.toml").open("a", encoding="utf-8") as file:
        file.write(ROOMS)


def _console(stack: ExitStack, city: LivingCity, folder: Path, account: str, seat: str) -> Stranger:
    own = folder / account
    own.mkdir()
    return stack.enter_context(stranger(city, own, *signed_in(seat, own, account), "--page", "F3"))


def main(arguments: list[str]) -> None:
    """Enact it and keep its stills."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=Path, required=True)
    told = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, before_the_room(Path(folder), told.pictures) as at:
        enact(at)


if __name__ == "__main__":
    main(sys.argv[1:])
