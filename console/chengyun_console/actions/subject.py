"""What an action is about: the alarm, vital, situation or request in focus, as the officer saw it when he pressed."""

from dataclasses import dataclass, field

from chengyun_console.actions.room_subject import RoomSubject
from chengyun_console.actions.task_subject import TaskSubject
from chengyun_console.actions.video_subject import VideoSubject
from chengyun_core.model.alarm import Alarm, Override, OverrideKind
from chengyun_core.model.approval import Approval
from chengyun_core.model.event import Attachment, Event, EventReport, Improvement
from chengyun_core.model.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Everything an action may ask about; nothing is looked up again once the questions have begun."""

    alarm: Alarm | None = None
    vital: int | None = None
    along: tuple[Alarm, ...] = ()
    """What waits in the group the alarm is the head of, and is acknowledged with it."""
    overrides: tuple[Override, ...] = ()
    """That stand on the vital."""
    situation: Situation | None = None
    """The open one the alarm is in."""
    others: tuple[tuple[str, Situation], ...] = ()
    """Other open situations with their names, nearest in time first."""
    alike: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Alarms of the situation that go with this one, by what they share: (text code, numbers)."""
    page: tuple[Alarm, ...] = ()
    """Alarms whose rows are shown now."""
    people: tuple[tuple[str, str], ...] = ()
    """Who may be given the alarm: (name, post or account)."""
    approval: Approval | None = None
    event: Event | None = None
    """The event in focus."""
    units: tuple[tuple[str, str], ...] = ()
    """Units that may lead the event: (name, code), the nearest first."""
    event_others: tuple[tuple[str, Event], ...] = ()
    """Other living events with their names, the likeliest to belong together first."""
    reports: tuple[tuple[str, EventReport], ...] = ()
    """Reports of the event whose receipt is still owed: (name, record)."""
    free_alarms: tuple[tuple[str, int], ...] = ()
    """Living alarms the event does not have, the gravest first: (name, number)."""
    seats: tuple[tuple[str, str], ...] = ()
    """Other seats somebody sits at: (name, code)."""
    file: Attachment | None = None
    """The one of the event's files that is chosen."""
    has_merged: bool = False
    """Whether other events were merged into the one in focus."""
    item: Improvement | None = None
    """The item of a review that is chosen."""
    item_name: str = ""
    task: TaskSubject = field(default_factory=TaskSubject)
    """The order and receipt in focus."""
    video: VideoSubject = field(default_factory=VideoSubject)
    """The camera in focus, and the panes it is in."""
    room: RoomSubject = field(default_factory=RoomSubject)
    """The consultation whose sheet is open, and who one is in it."""
    plan: str = ""
    """What the guidance of the alarm's vital names as the plan for it."""
    account: str = ""
    seat: str = ""
    now_ns: int = 0

    def override(self, kind: OverrideKind) -> Override | None:
        """Return the override of a kind that stands on the vital."""
        return next((row for row in self.overrides if row.kind is kind), None)
