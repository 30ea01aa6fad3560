"""What every panel is given: the session, the theme, the words of this seat, and the alarm that is selected."""

from dataclasses import replace
from datetime import timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from chengyun_console.drafts import Drafts
from chengyun_console.event_focus import EventFocus
from chengyun_console.export_notes import ExportNotes
from chengyun_console.flood_watch import FloodWatch
from chengyun_console.label_watch import LabelWatch
from chengyun_console.late_receipts import LateReceipts
from chengyun_console.lookout.halts import Halts
from chengyun_console.order_batch import OrderBatch
from chengyun_console.order_focus import OrderFocus
from chengyun_console.people import People
from chengyun_console.plan_focus import PlanFocus
from chengyun_console.preferences import SETTINGS, PreferenceFile, Preferences, changed
from chengyun_console.repair_watch import RepairWatch
from chengyun_console.rooms.share import RoomShare
from chengyun_console.scope_filter import ScopeFilter
from chengyun_console.seat_routing import SeatRouting
from chengyun_console.session.session import Session
from chengyun_console.sound.standing import SoundStanding
from chengyun_console.video.share import VideoShare
from chengyun_console.video_focus import VideoFocus
from chengyun_console.wording.alarm_lists import ListWords
from chengyun_console.wording.alarms import AlarmWords
from chengyun_console.wording.figures import Figures
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.mirror.alarms import AlarmBoard
from chengyun_core.mirror.catalogue_view import FULL_SCHEME, CatalogueView
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.duty_rules import areas_of
from chengyun_core.model.failure import Reason
from chengyun_resources.texts import Texts
from chengyun_resources.texts.reason_words import params_of
from chengyun_widgets.theme import Theme

if TYPE_CHECKING:
    from chengyun_console.maps.desk import MapDesk


class Desk(QObject):
    """One officer's desk. Made once by the composition root and handed to whoever needs it."""

    selection_did_change = Signal()
    """Another vital or alarm is in focus: explanation cards and lists follow."""
    message_came = Signal(str, bool)
    """A sentence for the officer, and whether something was refused or failed."""

    setting_was_chosen = Signal(str)
    """Name of a setting that is another one now, for what shows it at once."""
    sound_was_asked = Signal(str)
    """"silence": for two minutes; "again": end the silence."""
    appearance_did_change = Signal()
    """Another language or theme is wanted than the one worn: see `wanted_appearance`."""

    def __init__(self, session: Session, profile: Path, theme: Theme, texts: Texts, preferences: Preferences) -> None:
        super().__init__()
        self.session, self.profile = session, profile
        self.theme, self.texts = theme, texts
        self.preferences = preferences
        self.figures = Figures(texts, timezone(timedelta(minutes=preferences.utc_offset_minutes)))
        self.people = People(session)
        """What accounts are called."""
        self.names: Gazetteer | None = None
        self.words = AlarmWords(self.figures, None)
        self.list_words = ListWords(self.words, session.facts.alarms.get)
        self.flood = FloodWatch()
        """Annunciations of this seat's area, for the meter and flood mode."""
        self.routing = self._routed()
        """What is this seat's, and what other seats have (H4)."""
        self.scope, self.sound = ScopeFilter(), SoundStanding()
        """How loudspeaker and silence stand is written by the horn."""
        self.halts = Halts()
        """How often the window stood still; written by the lookout."""
        self.vital: int | None = None
        self.drafts, self.video, self.rooms = Drafts(), VideoShare(), RoomShare(session.facts)
        """Texts half written, kept for the seat taken; the streams of this console's panes."""
        self.order_batch = OrderBatch(self.drafts)
        """Orders that wait at this seat to be sent together."""
        self.event_focus = EventFocus(session.facts)
        """The event in focus."""
        self.order_focus, self.video_focus = OrderFocus(session.facts), VideoFocus(session.facts)
        """The order and receipt, and the camera, in focus."""
        self.label_watch = LabelWatch(session, self.drafts, self.order_batch, self.event_focus, self.order_focus)
        """What is to be forgotten when a label changes."""
        self.exports = ExportNotes(session, profile)
        """Tells the journal what leaves this console."""
        self.late, self.plan_focus, self.repair_watch = LateReceipts(session.facts), PlanFocus(), RepairWatch(self)
        """What is late, what panes about plans ask of the window, and which repair tickets are overdue."""
        self._alarm: int | None = None
        self._file: PreferenceFile | None = None
        # A language given at the start holds for whoever sits down, until an officer chooses another.
        self._given_language = texts.language if texts.language != preferences.language else ""
        self._chosen: dict[str, str] = {}

    @property
    def board(self) -> AlarmBoard:
        """Return the alarms of this seat, or all of them where nothing is left to others."""
        return self.routing.board

    @cached_property
    def maps(self) -> "MapDesk":
        """What all maps share: made with the first of them."""
        from chengyun_console.maps.desk import MapDesk  # noqa: PLC0415 - the first frame does without it

        return MapDesk(self)

    def say(self, code: str, **params: object) -> str:
        """Return the sentence of a code."""
        return self.texts.say(code, **params)

    def refusal(self, reason: Reason) -> str:
        """Return the sentence of a refusal or trouble; states, steps and codes in it are said in words."""
        return self.say(reason.code, **self._named(params_of(self.texts, reason.code, reason.params)))

    def _named(self, params: dict[str, str]) -> dict[str, str]:
        """Return parameters with a receipt told by its order and recipient: `17.2` is no word of an officer."""
        receipt = self.session.facts.receipts.get(params.get("receipt", ""))
        order = self.session.facts.orders.get(receipt.order) if receipt is not None else None
        if receipt is None or order is None:
            return params
        who = self.names.who(receipt.recipient) if self.names is not None else receipt.recipient
        return {**params, "receipt": self.say("tasks.receipt_named", order=order.code, who=who)}

    def take_catalogue(self, view: CatalogueView) -> None:
        """Use the names of a new catalogue version from now on."""
        self.names = Gazetteer(view, tuple(self.say("console.place.endings").split()), self.people.names)
        self.words = AlarmWords(self.figures, self.names)
        self.list_words = ListWords(self.words, self.session.facts.alarms.get)
        self.routing.take_catalogue(view)
        self.scope.take_catalogue(view)
        self.watch_area()

    def take_facts(self, news: FactNews) -> None:
        """Count what was annunciated, and learn who took a seat."""
        self.people.take_facts(news)
        self.label_watch.take(news)
        self.routing.take_facts(news)
        self.watch_area()
        self.flood.take(fact.record for fact in news.facts if isinstance(fact.record, Alarm))
        self.flood.hear(self.session.facts.floods)
        self.scope.take_facts(self.session.facts)
        self.repair_watch.take_facts(news)

    def take_seat(self, file: PreferenceFile) -> None:
        """Keep preferences in this seat's file from now on; what was chosen before sign-on is written into it."""
        self._file = file
        self.drafts.take_seat(file.folder)
        self.order_batch.take_seat()
        self.preferences = replace(file.read(), **self._chosen)  # type: ignore[arg-type]
        if self._chosen:
            self._chosen = {}
            self.keep(self.preferences)
        self.routing.take_seat()
        self.watch_area()
        self._look_at_appearance()

    def choose_next(self, name: str) -> None:
        """Take the next choice of a preference that says how the screen looks: "language" or "theme".

        Before sign-on there is no seat to keep it for: it waits for the one that is taken.
        """
        now = dict(zip(("language", "theme"), self.wanted_appearance(), strict=True))[name]
        choices = next(setting.choices for setting in SETTINGS if setting.name == name)
        chosen = str(choices[(choices.index(now) + 1) % len(choices)])
        if name == "language":
            self._given_language = ""
        if self.session.signed_on is None:
            self._chosen[name] = chosen
            self.preferences = changed(self.preferences, name, chosen)
        else:
            self.keep(changed(self.preferences, name, chosen))
        self._look_at_appearance()

    def wanted_appearance(self) -> tuple[str, str]:
        """Return the language and the theme this screen is to have."""
        return self._given_language or self.preferences.language, self.preferences.theme

    def wear(self, theme: Theme, texts: Texts) -> None:
        """Say everything in these words and colours from now on; panels made before keep the old ones."""
        self.theme, self.texts = theme, texts
        self.figures = Figures(texts, timezone(timedelta(minutes=self.preferences.utc_offset_minutes)))
        self.words = AlarmWords(self.figures, None)
        self.list_words = ListWords(self.words, self.session.facts.alarms.get)
        if self.names is not None:
            self.take_catalogue(self.names.view)

    def _look_at_appearance(self) -> None:
        if self.wanted_appearance() != (self.texts.language, self.theme.tokens.name):
            self.appearance_did_change.emit()

    def keep(self, preferences: Preferences) -> None:
        """Change the preferences and write them down; told when the disk refuses."""
        self.preferences = preferences
        if self._file is not None and not self._file.write(preferences):
            self.message_came.emit(self.say("console.preferences_not_kept"), True)

    def watch_area(self) -> None:
        """Measure floods by what the seat taken now watches; by everything before sign-on."""
        signed_on, names = self.session.signed_on, self.names
        seat = signed_on.seat if signed_on else ""
        own = {row.code: row.area or row.centre for row in names.view.catalogue.seats} if names else {}
        areas = areas_of(seat, own, self.session.facts.duty.covers.values()) if seat in own else ()
        if self.flood.watch(seat, names.view if names and areas else None, areas):
            self.flood.take(self.session.facts.alarms.values())

    def _routed(self) -> SeatRouting:
        return SeatRouting(self.session)

    def scheme(self) -> str:
        """Return the scheme of the own centre's sectors; the full one until the centre has told its name."""
        centre = self.names.view.centre(self.session.own_centre) if self.names else None
        return centre.scheme if centre else FULL_SCHEME

    def now_ns(self) -> int:
        """Return profile time."""
        return self.session.clock.utc_ns()

    def allowed(self) -> frozenset[str]:
        """Return the actions this session may do; empty before sign-on."""
        signed_on = self.session.signed_on
        return frozenset(signed_on.allowed) if signed_on else frozenset()

    def alarm(self) -> Alarm | None:
        """Return the selected alarm as it stands now, None when it has ended."""
        return self.session.facts.alarms.get(self._alarm) if self._alarm is not None else None

    def select_alarm(self, number: int | None) -> None:
        """Put an alarm and its vital in focus."""
        if number == self._alarm:
            return
        self._alarm = number
        alarm = self.alarm()
        self.vital = alarm.vital if alarm else self.vital
        self.selection_did_change.emit()

    def select_vital(self, number: int | None) -> None:
        """Put a vital in focus, with its alarm when it has one."""
        alarm = self.session.facts.alarm_of_vital(number) if number is not None else None
        self.vital, self._alarm = number, alarm.number if alarm else None
        self.selection_did_change.emit()
