"""The map says what it does not show as it is now: the density of devices of a survey that fell silent."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from chengyun_console.maps.presets import Show
from chengyun_core.model.failure import Reason
from tests.console import map_scenes, scenes

SILENT = Reason(code="session.no_answer", params={"daemon": "survey", "kind": "density.view"})


def test_that_a_survey_that_falls_silent_is_said_over_the_map_until_it_answers(
    qapp: QApplication, tmp_path: Path
) -> None:
    with scenes.stand(tmp_path, scenes.Look()) as at:
        scenes.seat(at)
        page = map_scenes.bring(at).map
        page.toggles.show(Show.DEVICES)
        map_scenes.settle(at)
        assert not page.banner.isVisible()
        last = at.desk.figures.clock(page.density.answered_ns)
        for _ in range(3):
            at.beat()
        at.session.answer_ask("density.view.F5", SILENT)
        at.beat()
        assert page.banner.isVisible()
        reason = at.desk.refusal(SILENT)
        assert page.banner.text() == at.desk.say("maps.density_old", at=last, reason=reason)
        page.toggles.turn("show:devices")
        at.beat()
        assert not page.banner.isVisible(), "what is not shown cannot be old"
        page.toggles.turn("show:devices")
        map_scenes.settle(at)
        assert not page.banner.isVisible()
