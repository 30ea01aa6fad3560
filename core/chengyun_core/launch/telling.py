"""What a command of the CLI tells with: the sentences of a language, and times as the centre's officers read them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from chengyun_core.centre.settings import CentreSettings
from chengyun_core.launch import settings
from chengyun_core.launch.profile import Profile
from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Sentences and times."""

    texts: Texts
    zone_minutes: int
    """Minutes east of UTC."""

    def say(self, code: str, /, **params: object) -> str:
        """Return the sentence of a code."""
        return self.texts.say(code, **params)

    def has(self, code: str) -> bool:
        """Return whether a code has a sentence."""
        return self.texts.has(code)

    def stamp(self, at_ns: int) -> str:
        """Return local date and time of profile ns UTC, to the second."""
        zone = timezone(timedelta(minutes=self.zone_minutes))
        return f"{datetime.fromtimestamp(at_ns // NS_PER_S, UTC).astimezone(zone):%Y-%m-%d %H:%M:%S}"


def telling(profile: Profile, texts: Texts) -> Telling:
    """Return it for a profile's centre."""
    zone = settings.read(profile.settings_file, "centre", CentreSettings).zone_minutes
    return Telling(texts=texts, zone_minutes=zone)
