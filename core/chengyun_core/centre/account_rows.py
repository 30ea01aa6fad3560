"""What every deed on an account needs: the places its permission is asked about, and the row of its change."""

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.work import Work
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.permission import centre_of
from chengyun_core.store import account_table
from chengyun_core.wire.envelope import Done


def places(desk: Desk, name: str, posts: tuple[str, ...]) -> tuple[Subject, ...]:
    """Return what a permission about an account with these posts is asked about."""
    return tuple(Subject(name=name, path=desk.city.path(centre_of(post))) for post in posts)


def of_another(work: Work, account: str, caller: Caller) -> AccountRecord:
    """Return an account whose rights somebody else changes; Refused for one's own and for one that is not there."""
    record = account_table.get(work.connection, account)
    if record is None:
        raise Refused("account.unknown", account=account)
    if record.account == caller.account:
        raise Refused("account.own_posts", account=record.account)
    return record


def noted(work: Work, action: str, record: AccountRecord, params: dict[str, str] | None = None) -> Done:
    """Write the row of an account's change."""
    change = work.note(action, "account", record.account, record.version, record, params=params)
    return Done(change=change, key=record.account, version=record.version)
