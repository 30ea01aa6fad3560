"""What an action is: name, key, where it means something, what it asks and the command it makes. Data, no deeds."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chengyun_console.actions.subject import Subject
from chengyun_core.model.alarm import AlarmMove
from chengyun_core.model.command import KIND_OF
from chengyun_core.model.failure import Reason

Say = Callable[[str], str]


class Where(StrEnum):
    """What has to be in front for a key to mean something."""

    ANYWHERE = "anywhere"
    ALARM = "alarm"
    """An alarm, or a vital, is selected on the page."""
    EVENT = "event"
    """An event is in focus: the page of events is in front, or a list of events has the keyboard."""
    ORDER = "order"
    """The page of tasks is in front: an order, or one of its receipts, is in focus."""
    APPROVAL = "approval"
    """The list of what waits for a second person is open."""
    WARNING = "warning"
    """The page of official warnings is in front: a warning is in focus."""
    AUDIT = "audit"
    """The page of the journal is in front."""
    GLASS = "glass"
    """The page of broken glasses is in front: one of them, or an envelope, is in focus."""
    DEVICE = "device"
    """The page of sensing devices is in front: a ticket, a fault or a device is in focus."""
    MAP = "map"
    """The page of the map is in front."""
    VIDEO = "video"
    """Panes of cameras have the keyboard; what means nothing there goes to the page."""
    STEERING = "steering"
    """A camera is moved from here, and its pane has the keyboard."""
    CLIP = "clip"
    """A kept clip is looked at."""
    ROOM = "room"
    """The sheet of a consultation has the keyboard."""
    CHART = "chart"
    """A pinned chart has the keyboard."""
    STRIP = "strip"
    """The risk strip has the keyboard."""
    VITALS = "vitals"
    """The page of all vitals is in front, and no text field has the keyboard."""
    DUTY = "duty"
    """The page of duty is in front."""
    HANDOVER = "handover"
    """The sheet of a hand-over lies over the page; letters act there while no text field has the keyboard."""
    DUTY_FORM = "duty_form"
    """A form of duty is open: a shift, a person, an exchange, a call list or a preset of 急时."""
    COMMAND = "command"
    """The page of command is in front."""
    FORM = "form"
    """A search, a list or a question is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to a question: the text code of its label, and what it means to the command."""

    title: str
    value: object
    text: str = ""
    """A name from the catalogue in place of the code's sentence."""


def _nothing(_subject: Subject) -> dict[str, object]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something asked inline before the command is made: the digits 1…9 choose, or a line of text is typed."""

    title: str
    choices: Callable[[Subject], tuple[Choice, ...]] | None = None
    """None: a line of text is asked for."""
    params: Callable[[Subject], dict[str, object]] = _nothing
    """Parameters of the title."""


def _always(_subject: Subject) -> Reason | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing an officer can do; without a key it is reached through the search.

    `make` makes what is sent to the centre; None: something of the window itself.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    where: Where = Where.ANYWHERE
    record: type[Any] | None = None
    """Record of model.command that it sends; its kind is asked of the permission table."""
    move: AlarmMove | None = None
    """Possible only while the alarm's life cycle allows this move."""
    why_not: Callable[[Subject], Reason | None] = _always
    """Says why the action makes no sense for a subject; None: it does."""
    questions: tuple[Question, ...] = ()
    make: Callable[[Subject, tuple[object, ...], Say], object] | None = None
    tells_key: bool = False
    """What the centre gave it a number of its own for is told with that number when it is done."""

    @property
    def permission(self) -> str:
        """Kind of the command asked of the permission table; empty: nobody is asked."""
        return KIND_OF.get(self.record, "") if self.record is not None else ""
