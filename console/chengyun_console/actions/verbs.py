"""The verbs of the command bar: what one writes after the slash, what it is about, and the action that does it."""

from dataclasses import dataclass
from enum import StrEnum

from chengyun_console.actions.table import ACTIONS, BY_ID


class Takes(StrEnum):
    """What a verb is followed by."""

    NOTHING = "nothing"
    ALARM = "alarm"
    """Number or name of a living alarm."""
    EVENT = "event"
    """Number or words of the title of a living event."""
    VITAL = "vital"
    """Name, initials or code of a vital."""
    PAGE = "page"
    LANGUAGE = "language"
    THEME = "theme"
    THRESHOLD_SET = "threshold_set"
    PLAN = "plan"
    """Words of a plan, risk point or place; none: the library as it stands."""
    SETTING = "setting"
    """One of the choices of the setting named in the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """`action` is its id in the table of actions: permission, questions, key and title are that action's."""

    name: str
    action: str
    takes: Takes = Takes.NOTHING
    setting: str = ""
    """Name in the table of settings, where it takes one of its choices."""


_WANTED: tuple[Verb, ...] = (
    Verb(name="ack", action="alarm.acknowledge", takes=Takes.ALARM),
    Verb(name="assign", action="alarm.assign", takes=Takes.ALARM),
    Verb(name="check", action="event.check_passed", takes=Takes.EVENT),
    Verb(name="close", action="event.close", takes=Takes.EVENT),
    Verb(name="command", action="event.take_command", takes=Takes.EVENT),
    Verb(name="comment", action="alarm.comment", takes=Takes.ALARM),
    Verb(name="dd", action="tasks.supervision"),
    Verb(name="event", action="page.events", takes=Takes.EVENT),
    Verb(name="evt", action="event.new"),
    Verb(name="find", action="alarm.locate", takes=Takes.ALARM),
    Verb(name="grade", action="event.grade", takes=Takes.EVENT),
    Verb(name="help", action="help.open"),
    Verb(name="idle", action="preference.idle_lock", takes=Takes.SETTING, setting="idle_lock_minutes"),
    Verb(name="lang", action="preference.language", takes=Takes.LANGUAGE),
    Verb(name="lead", action="event.assign", takes=Takes.EVENT),
    Verb(name="limits", action="threshold.propose", takes=Takes.VITAL),
    Verb(name="lock", action="session.lock"),
    Verb(name="merge", action="event.merge", takes=Takes.EVENT),
    Verb(name="next", action="alarm.next"),
    Verb(name="note", action="event.note", takes=Takes.EVENT),
    Verb(name="origin", action="origin.open"),
    Verb(name="owed", action="event.dues"),
    Verb(name="page", action="page.cockpit", takes=Takes.PAGE),
    Verb(name="pin", action="chart.pin", takes=Takes.VITAL),
    Verb(name="plan", action="page.plans", takes=Takes.PLAN),
    Verb(name="print", action="pane.print"),
    Verb(name="release", action="vital.release", takes=Takes.VITAL),
    Verb(name="report", action="event.report", takes=Takes.EVENT),
    Verb(name="reset", action="layout.reset"),
    Verb(name="scale", action="preference.wall_scale", takes=Takes.SETTING, setting="wall_scale"),
    Verb(name="seats", action="seats.turn"),
    Verb(name="service", action="vital.take_out", takes=Takes.VITAL),
    Verb(name="set", action="threshold.switch_set", takes=Takes.THRESHOLD_SET),
    Verb(name="shelve", action="alarm.shelve", takes=Takes.ALARM),
    Verb(name="signoff", action="session.sign_off"),
    Verb(name="silence", action="sound.silence"),
    Verb(name="strip", action="strip.unfold"),
    Verb(name="suppress", action="vital.suppress", takes=Takes.VITAL),
    Verb(name="suspend", action="event.suspend", takes=Takes.EVENT),
    Verb(name="theme", action="preference.theme", takes=Takes.THEME),
    Verb(name="unack", action="alarm.unacknowledge", takes=Takes.ALARM),
    Verb(name="unshelve", action="alarm.unshelve", takes=Takes.ALARM),
    Verb(name="verify", action="event.verify", takes=Takes.EVENT),
    Verb(name="void", action="event.void", takes=Takes.EVENT),
    Verb(name="volume", action="preference.volume", takes=Takes.SETTING, setting="sound_volume"),
    Verb(name="wall", action="wall.toggle"),
)

VERBS: tuple[Verb, ...] = tuple(verb for verb in _WANTED if verb.action in BY_ID)
"""A verb is offered when what it does exists; by name."""

BY_NAME: dict[str, Verb] = {verb.name: verb for verb in VERBS}

_PAGE_TITLE = "console.page."
PAGES: dict[str, str] = {
    action.title.removeprefix(_PAGE_TITLE): action.id for action in ACTIONS if action.title.startswith(_PAGE_TITLE)
}
"""What follows `/page` → the action that goes there."""


def parted(text: str) -> tuple[str, str] | None:
    """Return the verb as far as it is written and what follows it, None when the text is no command."""
    if not text.startswith("/"):
        return None
    name, _, rest = text[1:].partition(" ")
    return name.casefold(), rest.strip()


def named(begin: str) -> Verb | None:
    """Return the verb of this whole name."""
    return BY_NAME.get(begin)


def title_of(verb: Verb) -> str:
    """Return the text code of what a verb does."""
    return "search.go_to" if verb.takes is Takes.PAGE else BY_ID[verb.action].title
