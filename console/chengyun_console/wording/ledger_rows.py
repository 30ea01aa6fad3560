"""The ledger of requests as rows: kinds and units with their shares of the receipts, and what was decided."""

from collections import Counter
from collections.abc import Collection, Sequence

from chengyun_console.wording.orders import OrderWords
from chengyun_console.wording.task_rows import heading, joined
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.order import RequestKind, RequestState, SideRequest
from chengyun_core.wire.order_asks import Ledger, LedgerCount
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow

MOST_DECIDED = 60


def rows(words: OrderWords, facts: FactMirror, ledger: Ledger | None, taken: Collection[str]) -> list[FactRow]:
    """Return the ledger beneath what waits; `taken` are the keys of rows above. Nothing before the first answer."""
    if ledger is None:
        return []
    total = sum(row.count for row in ledger.counts)
    share = _share(words, total, ledger.receipts)
    title = words.say("tasks.ledger.title", count=total, of=ledger.receipts, share=share)
    made = [heading("ledger", title), *_kinds(words, ledger)]
    if ledger.units:
        made.append(heading("ledger units", words.say("tasks.ledger.units")))
        made += [
            _row(words, f"ledger unit {unit.recipient}", words.who(unit.recipient), unit.counts, unit.receipts)
            for unit in ledger.units
        ]
    return made + _decided(words, facts, ledger.requests, taken)


def _kinds(words: OrderWords, ledger: Ledger) -> list[FactRow]:
    kinds = ((kind, tuple(row for row in ledger.counts if row.kind is kind)) for kind in RequestKind)
    return [
        _row(words, f"ledger kind {kind.value}", words.kind(kind), counts, ledger.receipts) for kind, counts in kinds
    ]  # fmt: skip


def _row(words: OrderWords, key: str, title: str, counts: Sequence[LedgerCount], receipts: int) -> FactRow:
    """Return one line of the ledger: how they ended, how many, and their share of the receipts."""
    ended, kinds = Counter[RequestState](), Counter[RequestKind]()
    for row in counts:
        ended[row.state] += row.count
        kinds[row.kind] += row.count
    total = ended.total()
    parts = [words.say("tasks.ledger.ended", state=words.say(f"request.state.{state.value}"), count=ended[state])
             for state in RequestState if ended[state]]  # fmt: skip
    if len(kinds) > 1:
        told = (words.say("tasks.ledger.ended", state=words.kind(kind), count=kinds[kind]) for kind in kinds)
        parts = [*told, *parts]
    return FactRow(
        key=key, severity=Severity.NONE, title=title, detail=joined(*parts),
        age=words.say("tasks.ledger.made_of", count=total, of=receipts), status=_share(words, total, receipts),
        status_colour=Colour.TEXT if total else Colour.TEXT_SECOND,
    )  # fmt: skip


def _decided(
    words: OrderWords, facts: FactMirror, requests: Sequence[SideRequest], taken: Collection[str]
) -> list[FactRow]:  # fmt: skip
    """Return the newest requests that were decided, each once for its receipt: its key leads to the order."""
    newest: dict[str, SideRequest] = {}
    for row in requests:
        key = f"{row.order}.{row.place}"
        if row.state is not RequestState.WAITING and key not in taken and len(newest) < MOST_DECIDED:
            newest.setdefault(key, row)
    if not newest:
        return []
    return [heading("ledger decided", words.say("tasks.ledger.decided")),
            *(_decided_row(words, facts, key, row) for key, row in newest.items())]  # fmt: skip


def _decided_row(words: OrderWords, facts: FactMirror, key: str, request: SideRequest) -> FactRow:
    order, kind = facts.orders.get(request.order), words.kind(request.kind)
    at = words.figures.stamp(request.decided_at)[:-3] if request.decided_at is not None else ""
    return FactRow(
        key=key, severity=Severity.NONE,
        title=words.say("tasks.request.title", who=words.who(request.recipient), kind=kind),
        detail=joined(order.code if order else "", at, request.decided_by, request.decided_reason or request.reason),
        status=words.say(f"request.state.{request.state.value}"), status_colour=Colour.TEXT_SECOND,
    )  # fmt: skip


def _share(words: OrderWords, count: int, of: int) -> str:
    return words.figures.percent(count / of if of else float("nan"), 1)
