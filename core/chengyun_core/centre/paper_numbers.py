"""Numbers of documents (公文号): from a counter within the transaction that writes who got it for what."""

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.paper import Paper, key_of
from chengyun_core.model.paper_commands import NumberPaper
from chengyun_core.report.page_data import local_time
from chengyun_core.store import counters
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.paper_asks import AskPapers, Papers
from chengyun_resources.texts import Texts

LOG = RecordLog("paper", Paper)
LONGEST_TITLE, LONGEST_ABOUT = 200, 64
LARGEST_PAGE = 200


def number(desk: Desk, work: Work, caller: Caller, command: NumberPaper) -> Done:
    """Give the next number of this kind in this year; `Done.key` is the code as it is printed."""
    title = clean(command.title, field="title", most=LONGEST_TITLE, required=True)
    about = clean(command.about, field="about", most=LONGEST_ABOUT)
    year = local_time(work.at_ns, desk.settings.zone_minutes).year
    given = counters.take(work.connection, f"paper.{command.kind.value}.{year}", 1)
    paper = Paper(
        kind=command.kind, year=year, number=given, code=_code(desk, command, year, given), about=about, title=title,
        at=work.at_ns, by=caller.account, seat=caller.session.seat if caller.session else "",
    )  # fmt: skip
    told = {"code": paper.code, "title": title, "about": about}
    change = work.note("paper.number", LOG.kind, key_of(paper), paper.version, paper, params=told)
    return Done(change=change, key=paper.code, version=paper.version)


def page(desk: Desk, connection: Connection, ask: AskPapers) -> bytes:
    """Answer `paper.page`."""
    del desk
    if not 1 <= ask.limit <= LARGEST_PAGE:
        raise Refused("ask.out_of_range", after=0, limit=ask.limit, most=LARGEST_PAGE)
    found = [paper for paper, _ in reversed(LOG.newest(connection, LARGEST_PAGE))]
    wanted = [paper for paper in found if ask.kind is None or paper.kind is ask.kind]
    return codec.pack(Papers(papers=tuple(wanted[: ask.limit])))


def _code(desk: Desk, command: NumberPaper, year: int, given: int) -> str:
    """Return the number as it is printed (发文字号, GB/T 9704, 7.2.5): Chinese, whoever asked for it."""
    texts = Texts()
    sort = texts.say(f"reports.sort.{command.kind.value}")
    issuer = (desk.settings.paper_code or texts.say("reports.issuer")) + sort
    return texts.say("reports.number", issuer=issuer, year=year, number=given)
