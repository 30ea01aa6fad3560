"""What the command bar offers after a slash: the verbs, and for one of them what it may be done with."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from chengyun_console.actions.dialogue import why_not
from chengyun_console.actions.subject import Subject
from chengyun_console.actions.table import BY_ID
from chengyun_console.actions.verbs import PAGES, VERBS, Takes, Verb, named, parted, title_of
from chengyun_console.choosing import told
from chengyun_console.desk import Desk
from chengyun_console.pages.events.listing import event_row
from chengyun_console.preferences import SETTINGS, choices_of
from chengyun_console.shell.search_finds import Finds, Found
from chengyun_console.subjects import overrides_of, subject_of
from chengyun_console.wording.events import EventWords
from chengyun_core.model.alarm import Alarm
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.fact_model import FactRow

MOST_OFFERED = 20


class Commands:
    """Completes what is typed. Keys of rows: `verb:NAME` completes, `do:NAME:TARGET` does."""

    def __init__(self, desk: Desk, finds: Finds) -> None:
        self._desk, self._finds = desk, finds

    def found(self, text: str) -> list[Found] | None:
        """Return the rows of a command, None when the text is none: it is searched for then."""
        parts = parted(text)
        if parts is None:
            return None
        begin, rest = parts
        verb = named(begin)
        if verb is not None and (rest or text.endswith(" ") or verb.takes is Takes.NOTHING):
            return self._of_verb(verb, rest)
        if rest:
            return None
        return [self._verb(one) for one in VERBS if self._matches(one, begin)] or None

    def _matches(self, verb: Verb, begin: str) -> bool:
        return verb.name.startswith(begin) or begin in self._title(verb).casefold()

    def _title(self, verb: Verb) -> str:
        return self._desk.say(title_of(verb))

    def _verb(self, verb: Verb) -> Found:
        """Return the row of a verb: its name, what follows it, its key; or why this seat may not."""
        action = BY_ID[verb.action]
        denied = self._finds.denied(action, None)
        key = f"do:{verb.name}:" if verb.takes is Takes.NOTHING else f"verb:{verb.name}"
        usage = self._desk.say(f"search.takes.{verb.takes}")
        keys = "" if verb.takes is Takes.PAGE else " / ".join(action.keys)
        row = FactRow(
            key=key,
            severity=Severity.NONE,
            title=self._desk.say("search.verb", name=verb.name, title=self._title(verb)),
            detail=denied or usage,
            status=keys,
            badges=(self._desk.say("search.denied"),) if denied else (),
        )
        return Found(row=row, denied=denied)

    def _of_verb(self, verb: Verb, rest: str) -> list[Found]:
        if verb.takes is Takes.NOTHING or self._finds.denied(BY_ID[verb.action], None):
            return [self._verb(verb)]
        made = {
            Takes.ALARM: self._alarms,
            Takes.EVENT: self._events,
            Takes.VITAL: self._vitals,
            Takes.PAGE: self._pages,
            Takes.PLAN: self._plan,
            Takes.LANGUAGE: self._settings,
            Takes.THEME: self._settings,
            Takes.THRESHOLD_SET: self._sets,
            Takes.SETTING: self._choices,
        }[verb.takes]
        found = []
        for one in made(verb, rest):
            found.append(one)
            if len(found) == MOST_OFFERED:
                break
        return found

    def _alarms(self, verb: Verb, rest: str) -> Iterator[Found]:
        """Return the alarms it may be done with; those it may not follow, each with its reason, when named."""
        action = BY_ID[verb.action]
        later: list[Found] = []
        for alarm in self._finds.alarms_of(rest):
            denied = self._finds.denied(action, self._subject(alarm))
            one = self._finds.alarm(alarm, f"do:{verb.name}:{alarm.number}", denied)
            if not denied:
                yield one
            elif rest and len(later) < MOST_OFFERED:
                later.append(one)
        yield from later

    def _subject(self, alarm: Alarm) -> Subject:
        now = subject_of(self._desk)
        overrides = overrides_of(self._desk, alarm.vital)
        return replace(now, alarm=alarm, vital=alarm.vital, overrides=overrides)

    def _vitals(self, verb: Verb, rest: str) -> Iterator[Found]:
        action = BY_ID[verb.action]
        numbers = self._finds.vitals_of(rest) if rest else [n for n in (self._desk.vital,) if n is not None]
        for number in numbers:
            one = self._finds.vital(number, f"do:{verb.name}:{number}")
            overrides = overrides_of(self._desk, number)
            alarm = self._desk.session.facts.alarm_of_vital(number)
            subject = replace(subject_of(self._desk), alarm=alarm, vital=number, overrides=overrides)
            denied = self._finds.denied(action, subject)
            yield Found(row=replace(one.row, detail=denied), denied=denied) if denied else one

    def _events(self, verb: Verb, rest: str) -> Iterator[Found]:
        """Return the living events it may be done with, the one in focus first; those it may not, when named."""
        desk, focus = self._desk, self._desk.event_focus.number
        now_ns, words = desk.now_ns(), EventWords(desk.figures, desk.names)
        later: list[Found] = []
        now = subject_of(desk)
        events = sorted(desk.session.facts.events.values(), key=lambda event: (event.number != focus, -event.number))
        for event in events:
            if rest and not _is_like(rest, event.code, event.title, str(event.number)):
                continue
            reason = why_not(BY_ID[verb.action], replace(now, event=event))
            denied = desk.refusal(reason) if reason is not None else ""
            row = replace(event_row(words, event, None, now_ns), key=f"do:{verb.name}:{event.number}")
            one = Found(row=replace(row, detail=denied) if denied else row, denied=denied)
            if not denied:
                yield one
            elif rest and len(later) < MOST_OFFERED:
                later.append(one)
        yield from later

    def _pages(self, verb: Verb, rest: str) -> Iterator[Found]:
        for code, action in PAGES.items():
            title = self._desk.say(BY_ID[action].title)
            if _is_like(rest, code, title):
                yield self._choice(verb, code, title, " / ".join(BY_ID[action].keys))

    def _plan(self, verb: Verb, rest: str) -> Iterator[Found]:
        """Return the one row that looks for words in the library, which is the centre's and not on this machine."""
        title = self._desk.say("console.plans.look_for", words=rest) if rest else self._desk.say("console.page.F7")
        yield self._choice(verb, rest, title, " / ".join(BY_ID[verb.action].keys))

    def _settings(self, verb: Verb, rest: str) -> Iterator[Found]:
        name = verb.takes.value
        current = dict(zip(("language", "theme"), self._desk.wanted_appearance(), strict=True))[name]
        for chosen in next(setting.choices for setting in SETTINGS if setting.name == name):
            title = self._desk.say(f"console.setting.{chosen}")
            if _is_like(rest, str(chosen), title):
                status = self._desk.say("search.now") if chosen == current else ""
                yield self._choice(verb, str(chosen), title, status)

    def _choices(self, verb: Verb, rest: str) -> Iterator[Found]:
        now = getattr(self._desk.preferences, verb.setting)
        for chosen in choices_of(verb.setting):
            title = told(self._desk, verb.setting, chosen)
            if str(chosen).startswith(rest) if rest[:1].isdigit() else _is_like(rest, title):
                yield self._choice(verb, str(chosen), title, self._desk.say("search.now") if chosen == now else "")

    def _sets(self, verb: Verb, rest: str) -> Iterator[Found]:
        names = self._desk.names
        for row in names.view.catalogue.threshold_sets if names else ():
            if not _is_like(rest, row.code, row.name):
                continue
            one = self._choice(verb, row.code, row.name, self._desk.say("search.now") if row.in_force else "")
            denied = self._desk.say("search.set_in_force", name=row.name) if row.in_force else ""
            yield Found(row=one.row, denied=denied)

    def _choice(self, verb: Verb, code: str, title: str, status: str) -> Found:
        return Found(
            row=FactRow(
                key=f"do:{verb.name}:{code}",
                severity=Severity.NONE,
                title=title,
                detail=f"/{verb.name} {code}",
                status=status,
            )
        )


def _is_like(rest: str, *words: str) -> bool:
    wanted = rest.casefold()
    return any(wanted in word.casefold() for word in words)


def rows_of(found: Iterable[Found]) -> list[FactRow]:
    """Return the rows to be listed."""
    return [one.row for one in found]
