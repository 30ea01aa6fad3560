"""Commands: every deed that changes a fact, as a frozen record, in one table of kinds."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.camera_commands import CAMERA_COMMANDS
from chengyun_core.model.device_commands import DEVICE_COMMANDS
from chengyun_core.model.dispatch_commands import DISPATCH_COMMANDS
from chengyun_core.model.drawing_commands import DRAWING_COMMANDS
from chengyun_core.model.duty_commands import DUTY_COMMANDS
from chengyun_core.model.event_commands import EVENT_COMMANDS
from chengyun_core.model.fact_commands import FACT_COMMANDS
from chengyun_core.model.map_commands import MAP_COMMANDS
from chengyun_core.model.mode_commands import MODE_COMMANDS
from chengyun_core.model.order_commands import ORDER_COMMANDS
from chengyun_core.model.paper_commands import PAPER_COMMANDS
from chengyun_core.model.plan_commands import PLAN_COMMANDS
from chengyun_core.model.rights_commands import RIGHTS_COMMANDS
from chengyun_core.model.room_commands import ROOM_COMMANDS
from chengyun_core.model.warning_commands import WARNING_COMMANDS


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """Take a seat with an account. The password is checked with argon2id and never written."""

    account: str
    password: str
    seat: str
    code: str = ""
    """Second factor, asked for by the refusal `session.second_factor`."""
    phone_secret: str = ""
    """Base32 of a phone that is enrolled along, where the post asks for one and there is none; `code` proves it."""
    recovery: tuple[str, ...] = ()
    """Codes that stand in for that phone, as in `EnrolTotp`."""
    taking_over: bool = False
    """At a seat that is held: come in beside its holder, to take over by a signed hand-over (H5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Leave the seat and end the session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeAlarm:
    """Acknowledge («seen», never «solved»). Red needs a note code (A5)."""

    alarm: int
    version: int
    note_code: NoteCode | None = None
    note: str = ""
    along: tuple[tuple[int, int], ...] = ()
    """(number, version the officer saw) of what is in its situation or follows from it, and is seen with it: low and
    medium priority, neither red nor orange (A9, A17). What may not go along is left, with its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnacknowledgeAlarm:
    """Take an acknowledgement back, with a reason (A4)."""

    alarm: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelveAlarm:
    """Shelve for a limited time or until the condition returns (A6). `minutes` None means one-shot."""

    alarm: int
    version: int
    minutes: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnshelveAlarm:
    """Take from the shelf by hand."""

    alarm: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCatalogue:
    """Replace the catalogue by these tables: name of the table → rows of {column: text}; `origin` names the files.

    Nothing is half imported; every bad cell is reported with file, line, column and reason.
    """

    tables: dict[str, list[dict[str, str]]]
    origin: dict[str, str]
    """Table name → file name, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAccount:
    """Create an account with its posts."""

    account: str
    name: str
    password: str
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """Replace an account's password; its sessions end."""

    account: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableAccount:
    """Disable an account; its sessions end at once."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeAlarms:
    """Acknowledge a page of alarms at once: low priority ones only, never a red one (A17)."""

    alarms: tuple[tuple[int, int], ...]
    """(number, version the officer saw)."""
    note_code: NoteCode | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignAlarm:
    """Give an alarm to a post or account, with a due time (A16, A12). An empty assignee takes it back."""

    alarm: int
    version: int
    assignee: str
    due_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAlarm:
    """Add a line to an alarm's thread (A16)."""

    alarm: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressVital:
    """Suppress a vital's alarms by design for a limited time, with a reason (A7). Red vitals need a second person."""

    vital: int
    minutes: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseVital:
    """End a suppression before its time; an active alarm comes back unacknowledged."""

    vital: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOutOfService:
    """Take a vital out of service for maintenance: a ticket and an expiry are needed (A7)."""

    vital: int
    ticket: str
    until: int
    """Profile ns UTC."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnToService:
    """Put a vital back into service; an active alarm comes back unacknowledged."""

    vital: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveApproval:
    """Approve, as the second person, what another officer asked for; carried out at once."""

    approval: int
    version: int
    account: str = ""
    """Who gives it at another's console, by his own password; empty: the session's officer."""
    secret: str = ""
    """His password; kept nowhere."""
    code: str = ""
    """His second factor, asked for by the refusal `session.second_factor`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseApproval:
    """Refuse it, with a reason; its asker may withdraw it the same way."""

    approval: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissSituation:
    """Say that a situation's alarms have nothing to do with each other (A9)."""

    situation: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitSituation:
    """Take some alarms out of a situation into one of their own."""

    situation: int
    version: int
    alarms: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeSituations:
    """Merge another situation into this one."""

    situation: int
    version: int
    other: int
    other_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeThreshold:
    """Ask for a change of a vital's rule in a set; another person approves it (A20)."""

    threshold_set: str
    vital_code: str
    changes: dict[str, str]
    """Column of the thresholds table → new text; empty text clears it."""
    reason: str
    effective_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RollBackThreshold:
    """Ask to undo a change of a threshold that is in force; another person approves it."""

    change: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchThresholdSet:
    """Put another threshold set in force (V2). The officer names the preview he saw."""

    threshold_set: str
    reason: str
    seen_alarms: int
    """How many vitals would alarm, as previewed; kept in the journal."""


_SENSING_AND_SEATS: dict[str, type[Any]] = {
    "account.create": CreateAccount,
    "account.disable": DisableAccount,
    "account.set_password": SetPassword,
    "alarm.acknowledge": AcknowledgeAlarm,
    "alarm.acknowledge_page": AcknowledgeAlarms,
    "alarm.assign": AssignAlarm,
    "alarm.comment": CommentAlarm,
    "alarm.shelve": ShelveAlarm,
    "alarm.unacknowledge": UnacknowledgeAlarm,
    "alarm.unshelve": UnshelveAlarm,
    "approval.give": GiveApproval,
    "approval.refuse": RefuseApproval,
    "catalogue.import": ImportCatalogue,
    "session.sign_off": SignOff,
    "session.sign_on": SignOn,
    "situation.dismiss": DismissSituation,
    "situation.merge": MergeSituations,
    "situation.split": SplitSituation,
    "threshold.propose": ProposeThreshold,
    "threshold.roll_back": RollBackThreshold,
    "threshold.switch_set": SwitchThresholdSet,
    "vital.put_back": ReturnToService,
    "vital.release": ReleaseVital,
    "vital.suppress": SuppressVital,
    "vital.take_out": TakeOutOfService,
}

COMMANDS: dict[str, type[Any]] = dict(
    sorted(
        {
            **_SENSING_AND_SEATS,
            **CAMERA_COMMANDS,
            **DISPATCH_COMMANDS,
            **DEVICE_COMMANDS,
            **DRAWING_COMMANDS,
            **DUTY_COMMANDS,
            **EVENT_COMMANDS,
            **FACT_COMMANDS,
            **MAP_COMMANDS,
            **MODE_COMMANDS,
            **ORDER_COMMANDS,
            **PAPER_COMMANDS,
            **PLAN_COMMANDS,
            **RIGHTS_COMMANDS,
            **ROOM_COMMANDS,
            **WARNING_COMMANDS,
        }.items()
    )
)
"""Kind on the wire → record. Alphabetical. The kind is also the action asked of the permission table."""

KIND_OF: dict[type[Any], str] = {record: kind for kind, record in COMMANDS.items()}
