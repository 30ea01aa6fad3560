"""WF7 in a drill with one officer: he opens the room, and those whom nobody plays come, speak, vote and are 模拟.

python -m tests.flows.alone --pictures docs/pictures: enacts it and keeps its still.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from chengyun_core.centre.room_mail import relay_secret
from chengyun_core.launch import profile as profiles
from chengyun_core.model.room import Member, MemberState, Poll
from chengyun_core.model.room_rules import silent
from chengyun_core.store import keys
from tests.flows.consultation import DECIDED, FIELD, QUESTION, SILENT_S, SOUND, Consultation
from tests.flows.ten_minutes import Stranger, signed_in, stranger
from tests.support import consult_city as place
from tests.support.city_clock import begin_at, follow
from tests.support.janus_stand import JanusStand
from tests.support.living_city import OFFICER, SEAT, LivingCity, living_city

INVITED = 6
"""Lead, two who help, town, district, and who answers for the sub-track."""
ROOMS = '\n[rooms]\nmicrophone = "tone:440"\nspeaker = "none"\ncamera = "card"\n'
PARTIES = "\n[parties]\nanswer_s = 3.0\nact_s = 6.0\ndrops = 0.0\nvoices = 2\n"
"""Two cores carry two voices besides everything else; the others take part in words."""


@contextmanager
def before_the_room(folder: Path, pictures: Path | None = None) -> Iterator[Consultation]:
    """Bring up a drill with its relay and its event, and seat the one who is there."""
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {"ALSA_CONFIG_PATH": str(SOUND)}))
        made = profiles.ensure(folder / "p", centre="500000", realm="drill")
        secret = relay_secret(keys.secret(made.folder / "keys" / "token.key"))
        janus = stack.enter_context(JanusStand(folder / "janus", secret))
        city = stack.enter_context(
            living_city(folder, catalogue=place.consult_city(), officer=place.OFFICER,
                        furnish=lambda profile: _furnish(profile, janus.address))
        )  # fmt: skip
        follow(city)
        place.make_accounts(city)
        city.publish(dict.fromkeys(range(4), 20.0))
        place.open_event(city)
        one = _console(stack, city, folder)
        at = Consultation(city=city, chair=one, district=one, town=one, pictures=pictures)
        one.eyes.wait_for_words(place.TITLE)
        yield at
        sys.stdout.write(at.table())


def enact(at: Consultation) -> None:
    """Open, hear somebody, ask, read the stances, decide."""
    at.press("`Shift+H` who should come", "shift+h", until=at.shows("已勾选", place.LEAD_NAME))
    at.press("`O` opens and asks them all", "o", until=at.has("room.open"))
    at.act("all of them come by themselves", lambda: None, lambda: len(played(at)) == INVITED)
    at.act("the matrix says what they are", lambda: None, at.shows(f"{place.LEAD_NAME}（模拟）", f"模拟 {INVITED}"))
    at.press("`M` speaks", "m", until=at.has("room.mute"))
    at.act("the first voice", lambda: None, at.hears(at.chair))
    _write(at, "`Q` asks", "q", QUESTION)
    at.act("all of them take a stance", lambda: None, lambda: _waited_for(at) == {SEAT})
    at.act("and the sheet tells it", lambda: None, at.shows("（模拟） 同意"), picture="consultation-alone")
    _write(at, "`D` decides", "d", DECIDED, until=at.has("room.decide"))


def played(at: Consultation) -> list[Member]:
    """Return who is in and simulated."""
    return [one for one in at.room().members if one.state is MemberState.JOINED and one.is_simulated]


def _waited_for(at: Consultation) -> set[str]:
    return set(silent(at.newest("room_poll", Poll)))


def _write(
    at: Consultation, step: str, key: str, words: str, *, until: Callable[[], bool] | None = None
) -> None:  # fmt: skip
    one = at.chair
    at.press(step, key, until=lambda: one.eyes.focus() == FIELD)
    one.write(words)
    one.eyes.wait_for(words, lambda: words in one.eyes.said())
    at.press(f"{step}: Enter", "Return", until=until or (lambda: one.eyes.focus() != FIELD))


def _furnish(profile: Path, relay: str) -> None:
    begin_at(profile, place.BEGINS)
    file = profile / "profile.toml"
    told = file.read_text("utf-8")
    told = told.replace("\n[centre]\n", f'\n[centre]\nrooms_relay = "{relay}"\nroom_silent_s = {SILENT_S}\n')
    file.write_text(told + ROOMS + PARTIES, "utf-8")


def _console(stack: ExitStack, city: LivingCity, folder: Path) -> Stranger:
    own = folder / OFFICER
    own.mkdir()
    return stack.enter_context(stranger(city, own, *signed_in(SEAT, own, OFFICER), "--page", "F3"))


def main(arguments: list[str] | None = None) -> int:
    """Enact, and keep what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.flows.alone", description=__doc__)
    parser.add_argument("--pictures", type=Path, default=None, help="write the still there")
    asked_for = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, before_the_room(Path(folder), asked_for.pictures) as at:
        enact(at)
    return 0


if __name__ == "__main__":
    sys.exit(main())
