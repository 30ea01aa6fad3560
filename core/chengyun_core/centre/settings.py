"""Settings of the centre daemon: section `[centre]` of profile.toml, every field told for the handbook."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreSettings:
    """The centre daemon."""

    realm: str = "live"
    """`live` or `drill`, as the profile says. A database of one realm is refused by the other."""
    centre: str = ""
    """Code of the centre this profile belongs to; empty: the catalogue's uppermost."""
    database: str = "sqlite"
    """`sqlite`: a file of the profile. `postgresql`: a server, whose address and password are the one line of
    `keys/database.url`, readable by the owner only (`postgresql://user:password@host/database`)."""
    crypto: str = "international"
    """Suite of the journal's hashes and of what is sealed: `international` (SHA-256, AES-256-GCM) or `national` (SM3,
    SM4-GCM: no certified module). A journal goes on with the other hash after a signed row that says so. `national-sm2`
    and `pkcs11` are refused as long as no module for them is there."""
    heartbeat_every_ms: float = 250.0
    """How often the daemon says that it lives."""
    zone_minutes: int = 480
    """Minutes east of UTC of the times in sentences to officers (480: China Standard Time). Records are UTC."""
    clock_rate: float = 1.0
    """Profile seconds per machine second; other than 1 only for drills and tests."""
    clock_as_of: str = ""
    """ISO 8601 time with zone the profile clock starts at; empty: the machine's own time."""
    session_hours: float = 24.0
    """A session older than this must sign on again. Two shifts: nobody is thrown out in the middle of one."""
    wrong_passwords: int = 5
    """Wrong passwords in a row that lock an account."""
    lock_out_minutes: float = 10.0
    """How long a locked account stays locked."""
    second_factor_posts: tuple[str, ...] = ()
    """Kinds of posts whose holders sign on with a code of their phone besides the password, such as `it_admin`."""
    second_factor_at_sign_on: bool = True
    """Who needs a phone and has none enrols one when he signs on, by his password; false: only at the machine."""
    break_glass_minutes: float = 30.0
    """How long the rights last that two persons lend a session by breaking the glass."""
    break_glass_by: tuple[str, ...] = ("watch_chief", "it_admin", "security_admin")
    """Kinds of posts of which one of the two must hold one."""
    break_glass_posts: tuple[str, ...] = ("watch_chief", "it_admin")
    """Kinds of posts that may be lent so, at the seat's centre."""
    break_glass_review_hours: float = 24.0
    """Within what time an administrator owes the review of a broken glass."""
    shortest_password: int = 8
    """Characters a new password must have at least."""
    argon2_time_cost: int = 3
    """Passes of argon2id over its memory (RFC 9106, second recommended option)."""
    argon2_memory_kib: int = 65_536
    """Memory of one argon2id hash."""
    verify_rows: int = 10_000
    """Journal rows whose hashes and chain are verified at start."""
    reserve_mib: int = 64
    """Size of the file that is given up when the disk is full, so that facts still find room (0: none)."""
    backup_every_minutes: float = 10.0
    """How often the database is copied, verified and kept in `centre/backup`, when anything was written (0: never)."""
    backups_kept: int = 6
    """How many of these copies are kept; the oldest is given up."""
    threshold_approval_hours: float = 72.0
    """How long a proposed change of a threshold waits for its approver."""
    plan_approval_hours: float = 72.0
    """How long an edition of a plan that was handed in waits for its approver."""
    seat_silent_s: float = 15.0
    """A seat whose console is not heard for so long counts as not held: what goes to it goes to others (0: never)."""
    evidence_from_colour: str = "orange"
    """Band from which an alarm of a vital that a camera watches has its picture kept (`blue` … `red`; empty: never)."""
    evidence_before_s: float = 10.0
    """How much of the clip is from before such an alarm."""
    evidence_after_s: float = 10.0
    """How much of it is from after."""
    evidence_wish_s: float = 30.0
    """How long after that a console may still bring what it has; then the wish lapses."""
    realarm_red_minutes: float = 10.0
    """An acknowledged red alarm that is still active calls again after this long; 0: never."""
    dispatch_auto_confidence: float = 0.0
    """How sure classification and routing must be for an event of the lowest grade, of a matter made automatic, to be
    sent out by the machine (above 0 to 1; 0: never). Graver events are never."""
    approval_minutes: float = 10.0
    """How long a deed that needs a second person waits for him."""
    order_deadlines: str = "1-5-30"
    """Deadline template of orders that name none: `1-5-30`, `desk`, `none`, or one of the catalogue's facts."""
    repair_remind_hours: float = 24.0
    """Hours after which an overdue repair ticket is told again; it is told first when it is due (0: never)."""
    order_silent_minutes: float = 30.0
    """A recipient who still has to act and was not heard of for this long stands on the supervision board as silent."""
    order_near_minutes: float = 10.0
    """How long before its deadline a receipt counts as near due."""
    call_try_minutes: float = 5.0
    """Minutes from one try of a call-out (叫应) to the next; a try that is later is told as overdue."""
    call_escalate_minutes: float = 30.0
    """Minutes after which the centre above is told of everybody a call-out has not reached."""
    paper_code: str = ""
    """机关代字 before the kind in the numbers of documents (公文号), such as `渝城运`; empty: 城运."""
    handover_minutes: float = 15.0
    """How long a hand-over may take from its opening to the second signature; then the chief is told."""
    duty_rest_hours: float = 11.0
    """Hours between two shifts of one person, at least; less is told as a gap of the roster."""
    duty_relief_hours: float = 8.0
    """Hours at one seat after which relief is suggested (0: never)."""
    duty_ahead_hours: float = 48.0
    """How far ahead of now gaps of the roster are told with what is on duty."""
    linked_centres: tuple[str, ...] = ()
    """Codes of centres below this one that run a centre daemon of their own: what is for their units has to reach them
    first."""
    upper_centre: str = ""
    """Code of the centre above this one that runs a centre daemon of its own, and orders and hears from this one."""
    largest_map_mib: int = 4096
    """Size of the largest file of map tiles (MBTiles) that is taken; every other file has 200 MiB at most."""
    fact_keys: tuple[str, ...] = ()
    """Whose signed facts are taken here: `<code of the centre>=<its public key>`, the line of its `keys/sign.pub`."""
    outbox_most_rows: int = 100_000
    """Rows waiting for one other centre above which the light `outbox` says so: a day of a busy city."""
    outbox_most_hours: float = 24.0
    """Age of the oldest waiting row above which the light `outbox` says so, well before facts expire."""
    sent_facts_last_hours: float = 48.0
    """How long an order, receipt or report may be under way to another centre before it is refused there as expired."""
    report_minutes: float = 60.0
    """Minutes from the receipt of an event of grade 较大 or above to its first report (条例 art. 28)."""
    report_at_once_minutes: float = 5.0
    """Minutes allowed to write the first report of an event that may become 重大 (条例 art. 34: at once)."""
    city_reports: bool = True
    """Whether events of the city's own centre are reported to a superior, too; those of districts and towns always."""
    mode_confirm_s: float = 2.0
    """Machine seconds that ingest and the seats have to confirm a switch between 平时 and 急时; then it is undone."""
    mode_confirm_after_start_s: float = 10.0
    """The same for a switch the centre found unconfirmed when it started: all who confirm have to find it again."""
    seat_present_s: float = 12.0
    """A seat whose console asked or told nothing for this many machine seconds is not waited for by a switch."""
    room_silent_s: float = 5.0
    """A member of a consultation room whose console is not heard for so long has dropped (断线)."""
    rooms_relay: str = ""
    """Address of the relay for rooms of more than two, such as `http://10.1.2.3:8088/janus` (docs/rooms.md); empty:
    there is none, and such rooms have roll, polls, notes and decisions without sound."""
    keep_answers_days: float = 30.0
    """How long the answer to a command is kept for a client that asks again with the same id."""
    changes_most_bytes: int = 4 * 2**20
    """Largest answer to one `changes.since`."""
