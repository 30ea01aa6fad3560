"""Sealed codes as the centre keeps them: sealed at the machine, checked when the glass is broken, used once or lost."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import account_rows
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import glass_codes
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.failure import Refused
from chengyun_core.model.glass_codes import CodeState, GlassCode, SealedCode
from chengyun_core.model.holding import Subject
from chengyun_core.model.permission import centre_of, kind_of
from chengyun_core.model.rights import GLASS_ACCOUNT
from chengyun_core.model.rights_commands import LoseGlassCode, SealGlassCodes
from chengyun_core.store import account_table, counters
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.rights_asks import AskGlassCodes, CodeRow, GlassCodes

LOG = RecordLog("glass_code", GlassCode)
COUNTER = "glass_code"
MOST_AT_ONCE = 10


def subjects_of_lost(desk: Desk, work: Work, command: LoseGlassCode) -> tuple[Subject, ...]:
    """Return the place of the code's post."""
    code = LOG.get(work.connection, command.code)
    return () if code is None else account_rows.places(desk, code.post, (code.post,))


def seal(desk: Desk, work: Work, caller: Caller, command: SealGlassCodes) -> Done:
    """Keep the codes of a post, numbered on from the last ever; its earlier ones open nothing any more.

    The key of what is answered is the first number: the others follow it in their order.
    """
    known = not desk.city.centres or centre_of(command.post) in desk.city.centres
    if kind_of(command.post) is None or not known:
        raise Refused("account.post_unknown", post=command.post)
    if not 1 <= len(command.codes) <= MOST_AT_ONCE:
        raise Refused("glass.codes_count", count=len(command.codes), most=MOST_AT_ONCE)
    if len(set(command.codes)) < len(command.codes) or not all(glass_codes.is_whole(code) for code in command.codes):
        raise Refused("glass.codes_broken")
    _make_account(work, clean(command.name, field="name", required=True))
    if command.replaces:
        for code in _sealed(work.connection, command.post):
            _put(work, _ended(work, code, CodeState.REPLACED, caller.account), "glass.replace_code")
    first = counters.take(work.connection, COUNTER, len(command.codes))
    change = 0
    for number, sealed in enumerate(command.codes, first):
        made = GlassCode(
            number=number, post=command.post, sealed=sealed, sealed_at=work.at_ns, sealed_by=caller.account
        )  # fmt: skip
        change = _put(work, made, "glass.seal_codes")
    return Done(change=change, key=str(first), version=1)


def lose(desk: Desk, work: Work, caller: Caller, command: LoseGlassCode) -> Done:  # noqa: ARG001 - a handler's signature
    """Take note that an envelope is lost or was found open, with a reason."""
    reason = clean(command.reason, field="reason", required=True)
    code = LOG.get(work.connection, command.code)
    if code is None:
        raise Refused("glass.code_unknown", number=command.code)
    if code.state is not CodeState.SEALED:
        raise Refused("glass.code_ended", number=code.number, state=code.state.value)
    lost = replace(_ended(work, code, CodeState.LOST, caller.account), reason=reason)
    return Done(change=_put(work, lost, "glass.lose_code"), key=str(code.number), version=lost.version)


def use(work: Work, code: GlassCode, who: str) -> None:
    """Take note that a code opened the glass; it opens nothing any more."""
    _put(work, _ended(work, code, CodeState.USED, who), "glass.use_code")


def find(connection: Connection, text: str) -> GlassCode | None:
    """Return the code whose number was typed; whether its letters are right is a worker's to say."""
    read = glass_codes.read(text)
    return None if read is None else LOG.get(connection, read[0])


def is_right(sealed: SealedCode | None, text: str) -> bool:
    """Return whether the letters typed are those of the code; slow, for a worker."""
    read = glass_codes.read(text)
    return sealed is not None and read is not None and glass_codes.opens(sealed, read[1])


def page(desk: Desk, connection: Connection, ask: AskGlassCodes) -> bytes:  # noqa: ARG001 - an answer's signature
    """Return every envelope there ever was, the newest first, without what it is checked against."""
    rows = (_row(code) for code, _ in LOG.standing(connection, lambda _: True))
    return codec.pack(GlassCodes(rows=tuple(sorted(rows, key=lambda row: -row.number))))


def _row(code: GlassCode) -> CodeRow:
    return CodeRow(
        number=code.number, post=code.post, state=code.state, sealed_at=code.sealed_at, sealed_by=code.sealed_by,
        ended_at=code.ended_at, ended_by=code.ended_by, reason=code.reason,
    )  # fmt: skip


def _sealed(connection: Connection, post: str) -> list[GlassCode]:
    found = LOG.standing(connection, lambda code: code.post == post and code.state is CodeState.SEALED)
    return [code for code, _ in found]


def _ended(work: Work, code: GlassCode, state: CodeState, who: str) -> GlassCode:
    return replace(code, state=state, ended_at=work.at_ns, ended_by=who, version=code.version + 1)


def _put(work: Work, code: GlassCode, action: str) -> int:
    told = {"post": code.post, "reason": code.reason}
    return work.note(action, LOG.kind, code.number, code.version, code, params=told)


def _make_account(work: Work, name: str) -> None:
    """Make the account whose sessions opened by codes are, once: without posts, and no password opens it."""
    if account_table.get(work.connection, GLASS_ACCOUNT) is None:
        made = AccountRecord(account=GLASS_ACCOUNT, name=name, posts=())
        account_table.add(work.connection, made, "")
        account_rows.noted(work, "account.create", made)
