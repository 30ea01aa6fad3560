"""席位无响应 (RF27): a seat where somebody sits and whose console is not heard is told, and again when it is heard."""

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import INCOMING, SeatSilence
from chengyun_core.model.room_parties import is_played
from chengyun_core.store import session_table
from chengyun_core.store.record_log import RecordLog
from chengyun_core.store.session_table import Session

LOG = RecordLog("seat_silence", SeatSilence)
LOOK_EVERY_NS = NS_PER_S


def standing(connection: Connection) -> list[tuple[SeatSilence, int]]:
    """Return the silences that last, with the journal number of their last change."""
    return LOG.standing(connection, lambda silence: silence.ended_at is None)


class SilenceKeeper:
    """Called by the loop. Judges consoles that once said `session.here` in their session, and no other program.

    A centre that was restarted has heard nobody yet: it gives every seat that was held the same time to be heard.
    """

    def __init__(self, desk: Desk, ledger: Ledger) -> None:
        self._desk, self._ledger = desk, ledger
        self._silent: dict[str, SeatSilence] | None = None
        self._looked_ns = 0

    def tend(self) -> int:
        """Look once a second; return how many seats fell silent or were heard again."""
        now_ns = self._desk.clock.monotonic_ns()
        if now_ns - self._looked_ns < LOOK_EVERY_NS or self._desk.settings.seat_silent_s <= 0:
            return 0
        self._looked_ns = now_ns
        silent = self._silent if self._silent is not None else self._begin(now_ns)
        late_ns = self._late_ns(now_ns)
        if not silent and all(at_ns > late_ns for _token, at_ns in self._desk.here.values()):
            return 0
        return self._judge(silent, late_ns)

    def _late_ns(self, now_ns: int) -> int:
        """Return before when a console was heard last that counts as silent, monotonic ns."""
        return now_ns - round(self._desk.settings.seat_silent_s * NS_PER_S)

    def _begin(self, now_ns: int) -> dict[str, SeatSilence]:
        with self._ledger.reading() as connection:
            self._silent = {silence.seat: silence for silence, _ in standing(connection)}
            for session in _seated(connection):
                # What was silent is so until it is heard; everybody else is given his time.
                at_ns = self._late_ns(now_ns) if session.seat in self._silent else now_ns
                self._desk.here.setdefault(session.seat, (session.token_hash, at_ns))
        return self._silent

    def _judge(self, silent: dict[str, SeatSilence], late_ns: int) -> int:
        with self._ledger.reading() as connection:
            held = {session.seat: session for session in _seated(connection)}
        late = {seat: self._heard_ns(one) for seat, one in held.items()}
        lost = [seat for seat, at_ns in late.items() if at_ns is not None and at_ns <= late_ns and seat not in silent]
        back = [seat for seat in silent if (at_ns := late.get(seat)) is None or at_ns > late_ns]
        for seat in [seat for seat in self._desk.here if late.get(seat) is None]:
            del self._desk.here[seat]
        if not lost and not back:
            return 0
        with self._ledger.work(CENTRE) as work:
            put = [self._lost(work, held[seat], late[seat] or 0) for seat in lost]
            put += [self._back(work, silent[seat]) for seat in back]
        self._silent = {seat: one for seat, one in silent.items() if seat not in back}
        self._silent |= {one.seat: one for one in put if one.ended_at is None}
        return len(put)

    def _heard_ns(self, session: Session) -> int | None:
        """Return when a session's console was heard last, monotonic ns; None: it never said that it is one."""
        token, at_ns = self._desk.here.get(session.seat, (b"", 0))
        return at_ns if token == session.token_hash else None

    def _lost(self, work: Work, session: Session, heard_ns: int) -> SeatSilence:
        before = LOG.get(work.connection, session.seat)
        gone_ns = self._desk.clock.monotonic_ns() - heard_ns
        made = SeatSilence(
            seat=session.seat, account=session.account,
            since=work.at_ns - round(gone_ns * self._desk.settings.clock_rate),
            version=1 if before is None else before.version + 1,
        )  # fmt: skip
        told = {"seat": session.seat, "name": session.name or session.account, "seconds": gone_ns // NS_PER_S}
        work.note("seat.silent", LOG.kind, made.seat, made.version, made, params=told)
        return made

    def _back(self, work: Work, silence: SeatSilence) -> SeatSilence:
        ended = SeatSilence(
            seat=silence.seat, account=silence.account, since=silence.since, ended_at=work.at_ns,
            version=silence.version + 1,
        )  # fmt: skip
        work.note("seat.heard", LOG.kind, ended.seat, ended.version, ended, params={"seat": ended.seat})
        return ended


def _seated(connection: Connection) -> list[Session]:
    """Return the sessions that hold a seat: who takes one over beside its holder leaves nothing unheard.

    A simulated party of a room holds none either.
    """
    living = session_table.living(connection)
    return [one for one in living if not one.seat.endswith(INCOMING) and not is_played(one.seat)]
