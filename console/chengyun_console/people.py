"""What people are called: the name of every account, for whoever reads a timeline, a receipt or an alarm's history."""

from PySide6.QtCore import QObject, Signal

from chengyun_console.session.answers import SignOnEnded
from chengyun_console.session.session import Session
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.change import SessionRecord
from chengyun_core.wire.event_asks import AskNothing, PeopleNames

_SLOT = "people.names"


class People(QObject):
    """Asked of the centre with each sign-on, and learnt from whoever takes a seat after it."""

    did_change = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.names: dict[str, str] = {}
        """Account → name; one that is not here is called by its account."""
        session.sign_on_ended.connect(self._on_sign_on)

    def take_facts(self, news: FactNews) -> None:
        """Learn the names of those who take a seat."""
        seated = (fact.record for fact in news.facts if isinstance(fact.record, SessionRecord))
        self._learn({record.account: record.name for record in seated if record.name})

    def _on_sign_on(self, ended: SignOnEnded) -> None:
        if ended.signed_on is not None:
            self._session.ask("event.people", AskNothing(), self._on_names, slot=_SLOT)

    def _on_names(self, told: object) -> None:
        if isinstance(told, PeopleNames):
            self._learn(told.names)

    def _learn(self, names: dict[str, str]) -> None:
        if names.items() - self.names.items():
            self.names.update(names)
            self.did_change.emit()
