"""The session against both in-test daemons, over real sockets and the real thread."""

from chengyun_core.mirror.state import Freshness
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.model.scales import WarningColour
from tests.console.session.conftest import Site


def test_that_a_session_shows_values_and_alarms_after_sign_on(site: Site) -> None:
    site.ingest.put(3, 12.5)
    site.centre.raise_alarm(3, WarningColour.RED)
    site.sign_on()
    session = site.session
    site.wait(lambda: session.state.value[3] == 12.5)
    assert session.catalogue is not None
    assert session.catalogue.version == 1
    assert session.facts.board.unacknowledged == 1
    assert session.own_centre == "500000"
    assert session.state.freshness(session.clock.utc_ns())[3] == Freshness.FRESH


def test_that_an_acknowledgement_comes_back_with_its_outcome_and_as_a_fact(site: Site) -> None:
    site.sign_on()
    alarm = site.centre.raise_alarm(2, WarningColour.YELLOW)
    session = site.session
    site.wait(lambda: alarm.number in session.facts.alarms)
    with site.qtbot.waitSignal(session.command_ended, timeout=5000) as ended:
        sent = session.send(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version))
    assert ended.args[0] == sent
    assert ended.args[1].outcome == "done"
    site.wait(lambda: session.facts.alarms[alarm.number].acked_by == "officer")
    assert session.facts.board.unacknowledged == 0
