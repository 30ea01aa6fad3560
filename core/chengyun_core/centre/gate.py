"""Who is asking: a session's officer, the local administrator, the ingest daemon or an idle screen."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from chengyun_core.centre.city import City
from chengyun_core.model.audit import INGEST, LOCAL_ADMIN_NAME, SCREEN_NAME, Actor
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import Holding, PostKind, Subject
from chengyun_core.model.permission import judged
from chengyun_core.model.scales import Mode
from chengyun_core.store import session_table
from chengyun_core.store.session_table import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The one who asks."""

    account: str
    holdings: tuple[Holding, ...]
    session: Session | None = None
    """None for machines."""

    def actor(self, holding: Holding) -> Actor:
        """Return what the journal says of a deed done by virtue of this holding."""
        seat = self.session.seat if self.session else ""
        return Actor(account=self.account, seat=seat, post=holding.post, area=holding.area)


class Gate:
    """Knows the machines' keys, and finds sessions in the database at every request: an ended one is out at once."""

    def __init__(self, *, ingest_key: str, admin_key: str, screen_key: str, session_hours: float) -> None:
        self._machines = (
            (ingest_key, INGEST.account, PostKind.INGEST),
            (admin_key, LOCAL_ADMIN_NAME, PostKind.LOCAL_ADMIN),
            (screen_key, SCREEN_NAME, PostKind.SCREEN),
        )
        self._longest_ns = round(session_hours * 3600 * NS_PER_S)

    def caller(self, connection: Connection, token: str, city: City, now_ns: int) -> Caller:
        """Return who holds a token; raise Refused when nobody does (any more)."""
        for key, account, kind in self._machines:
            if hmac.compare_digest(key.encode(), token.encode()):
                return Caller(account=account, holdings=(Holding(post=kind.value, kind=kind),))
        session = session_table.by_token(connection, token) if token else None
        if session is None:
            raise Refused("session.none")
        if now_ns - session.since_ns > self._longest_ns:
            raise Refused("session.expired", seat=session.seat)
        if session.until_ns is not None and now_ns >= session.until_ns:
            raise Refused("session.glass_over", seat=session.seat)
        return Caller(account=session.account, holdings=city.holdings(session.posts, session.area), session=session)


def permitted(
    action: str, caller: Caller, subjects: tuple[Subject, ...], mode_of: Callable[[Subject], Mode]
) -> Holding:  # fmt: skip
    """Return the holding that allows the action on every subject; raise Refused with the reason otherwise.

    mode_of: mode in effect where a subject is; one without a place is asked about, too.
    """
    granted: Holding | None = None
    for subject in subjects or (Subject(),):
        verdict = judged(action, caller.holdings, subject, mode_of(subject))
        if isinstance(verdict, Reason):
            raise Refused(verdict.code, **verdict.params)
        granted = granted or verdict
    assert granted is not None
    return granted
