"""采集健康: every source with its losses by cause at the left, the one in focus in full, the daemons at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lookout.wording import halts_section
from chengyun_console.pages.page import Page
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_console.wording.sources import SourceWords
from chengyun_core.mirror.links import Links, Reach
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Hello, HistoryStatus, IngestStatus, SourceHealth
from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_GONE = (Reach.LOST, Reach.REFUSED, Reach.CONNECTING)


class SourcesPage(Page):
    """Asks `status` of ingest and historian once a second while it is in front; heartbeats tell the rest."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = SourceWords(desk.figures)
        self._status: IngestStatus | None = None
        self._failed: Reason | None = None
        self._archive: HistoryStatus | Reason | None = None
        self._asked_s = -1
        self._shown: tuple[object, ...] = ()
        self.list = FactList(desk.theme)
        self.sources = Panel(desk.theme, desk.say("console.page.sources"), desk.say("console.sources.hint"))
        self.source, self.daemons = FactSheet(desk.theme), FactSheet(desk.theme)
        self._build()
        self.list.current_did_change.connect(lambda _key: self._show_source())

    def refresh(self, links: Links) -> None:
        """Ask anew each second and show what is known; called on each frame while the page is visible."""
        now_ns = self._desk.now_ns()
        if now_ns // NS_PER_S != self._asked_s:
            self._asked_s = now_ns // NS_PER_S
            hello = Hello(protocol=PROTOCOL_VERSION, client="console")
            self._desk.session.ask("status", hello, self._on_status, slot="status")
            self._desk.session.ask("status", hello, self._on_archive, slot="archive status", of_historian=True)
        state = (self._status, self._failed, self._archive, self._asked_s, links)
        if state == self._shown:
            return
        self._shown = state
        self._show_sources(links, now_ns)
        told = (*(links.shards or (links.ingest,)), links.centre)
        daemons = tuple(self._words.daemon(link, now_ns) for link in told)
        window = halts_section(self._desk.figures, self._desk.halts)
        self.daemons.show_sections((*daemons, self._words.historian(self._archive), window))

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        self.refresh(links)

    @override
    def focus_front(self) -> None:
        self.list.setFocus()

    def _show_sources(self, links: Links, now_ns: int) -> None:
        sources = self._status.sources if self._status else ()
        is_stale = links.ingest.reach in _GONE or self._failed is not None
        self.list.set_rows([self._words.row(source, now_ns, is_stale=is_stale) for source in sources])
        if sources and not self.list.current_key():
            self.list.select(_worst_first(sources).name)
        self._show_source()
        if self._failed is not None and not sources:
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(self._failed))
        else:
            empty = "console.sources.waiting" if self._status is None else "console.sources.none"
            self.list.show_notice(Presence.FRESH if sources else Presence.EMPTY, self._desk.say(empty))

    def _show_source(self) -> None:
        sources = self._status.sources if self._status else ()
        chosen = next((source for source in sources if source.name == self.list.current_key()), None)
        self.source.show_sections(self._words.sheet(chosen, self._desk.now_ns()) if chosen else ())

    def _on_status(self, told: object) -> None:
        if isinstance(told, IngestStatus):
            self._status, self._failed = told, None
        elif isinstance(told, Reason):
            self._failed = told

    def _on_archive(self, told: object) -> None:
        if isinstance(told, HistoryStatus | Reason):
            self._archive = told

    def _build(self) -> None:
        self.sources.set_body(self.list)
        self.sources.show_notice(Presence.FRESH, "")
        self.panes = SplitPanes(self._desk, "sources.whole", Qt.Orientation.Horizontal, (44, 30, 26))
        self.panes.addWidget(self.sources)
        for title, sheet in (("console.sources.source", self.source), ("console.sources.daemons", self.daemons)):
            panel = Panel(self._desk.theme, self._desk.say(title))
            panel.set_body(sheet)
            panel.show_notice(Presence.FRESH, "")
            self.panes.addWidget(panel)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3, SPACE_PX * 3)
        page.addWidget(self.panes)


def _worst_first(sources: tuple[SourceHealth, ...]) -> SourceHealth:
    """Return the source one looks at first: one that does not run, else the one that lost most."""
    return max(sources, key=lambda source: (source.state not in ("running", "done"), sum(source.drops.values())))
