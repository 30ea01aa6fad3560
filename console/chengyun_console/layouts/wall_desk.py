"""The desk of the wall window: the officer's session, but a selection, a layout and words of its own."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.layouts.labels import Label, Labels
from chengyun_console.preferences import Preferences
from chengyun_console.seat_routing import SeatRouting
from chengyun_console.wording.alarm_lists import ListWords
from chengyun_console.wording.alarms import AlarmWords
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.masked_view import MaskedView
from chengyun_core.model.alarm import Alarm, Override
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.places import Post

if TYPE_CHECKING:
    from chengyun_console.maps.desk import MapDesk

KEY_HINTS = frozenset(
    {"console.strip.pause", "console.strip.resume", "console.strip.unfold", "console.strip.unfold_short"}
)
"""Sentences that tell a key: nobody presses one at the wall."""


class WallDesk(Desk):
    """Nobody sits at it: it may do nothing, keeps nothing, and what it is not allowed to say it does not know."""

    def __init__(self, desk: Desk, labels: Labels) -> None:
        zone = desk.preferences.utc_offset_minutes
        preferences = Preferences(theme=desk.theme.tokens.name, language=desk.texts.language, utc_offset_minutes=zone)
        super().__init__(desk.session, desk.profile, desk.theme, desk.texts, preferences)
        self.labels, self._officers = labels, desk
        self.video = desk.video
        self.hidden: frozenset[int] = frozenset()
        """Numbers of the vitals that are not said here."""

    @cached_property
    @override
    def maps(self) -> "MapDesk":
        """The officer's: layers are fetched once for all maps."""
        return self._officers.maps

    @override
    def take_catalogue(self, view: CatalogueView) -> None:
        labelled = [(row, label) for row in view.shown if (label := self.labels.of_vital(row)) is not Label.NORMAL]
        self.hidden = frozenset(row.number for row, label in labelled if label is Label.HIDE)
        told = {row.number: self._told(view, row, label) for row, label in labelled}
        super().take_catalogue(MaskedView(view, told, self._masked))
        says_seat = self.labels.of("seat") is Label.NORMAL
        self.words = WallWords(self.figures, self.names, self.hidden, says_seat)
        self.list_words = WallListWords(self.words, self.session.facts.alarms.get)

    @override
    def say(self, code: str, **params: object) -> str:
        return "" if code in KEY_HINTS else super().say(code, **params)

    @override
    def keep(self, preferences: Preferences) -> None:
        self.preferences = preferences

    @override
    def allowed(self) -> frozenset[str]:
        return frozenset()

    @override
    def watch_area(self) -> None:
        """Floods are those of the whole centre: the hall is nobody's area."""
        if self.flood.watch("", None, ()):
            self.flood.take(self.session.facts.alarms.values())

    @override
    def _routed(self) -> SeatRouting:
        return SeatRouting(self.session, is_seated=False)

    def _masked(self, post: Post) -> Post:
        """Return a post without what the wall does not say; that there is something is said."""
        told, unsaid = self.labels.post(post), self.say("console.wall.hidden_person")
        return replace(told, phone=unsaid) if post.phone and not told.phone else told

    def _told(self, view: CatalogueView, vital: Vital, label: Label) -> Vital:
        if label is Label.HIDE:
            return replace(vital, name=self.say("console.wall.hidden_name"), pinned=0)
        way, centre = view.place_of(vital.number), view.centre(vital.centre)
        subtrack, place = way[-1].name if way else "", centre.name if centre else ""
        return replace(vital, name=self.say("console.wall.dim_name", subtrack=subtrack, place=place))


@dataclass(frozen=True, slots=True)
class WallWords(AlarmWords):
    """Says of an alarm on a hidden vital that it stands and how grave it is, no figure."""

    hidden: frozenset[int] = frozenset()
    says_seat: bool = True

    @override
    def status(self, alarm: Alarm, now_ns: int) -> str:
        seat = alarm.acked_seat if self.says_seat else ""
        return AlarmWords.status(self, replace(alarm, acked_by="", acked_seat=seat), now_ns)

    @override
    def strip_line(self, alarm: Alarm, *, narrow: bool = False) -> str:
        if alarm.vital in self.hidden:
            return self.title(alarm)
        # The two-argument form: a class with slots is made twice, and the short one would ask the first.
        return AlarmWords.strip_line(self, alarm, narrow=narrow)


@dataclass(frozen=True, slots=True)
class WallListWords(ListWords):
    """Leaves out who has a matter in hand and who silenced it, and why: reasons are free text."""

    @override
    def detail(self, alarm: Alarm, *, is_consequence: bool = False) -> str:
        line = " · ".join((self.priority(alarm), self.words.rule(alarm), self.words.place(alarm)))
        return self.words.figures.texts.say("console.alarm.consequence", line=line) if is_consequence else line

    @override
    def why_silent(self, override: Override) -> str:
        return self.words.figures.texts.say(f"console.override.{override.kind.value}")

    @override
    def person(self, code: str) -> str:
        return self.words.figures.texts.say("console.wall.hidden_person")
