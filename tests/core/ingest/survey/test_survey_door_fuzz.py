"""Whatever is asked of the survey, right by its type and by nothing else: it is answered, and never by a bug."""

import random
from pathlib import Path

import pytest

from chengyun_core.ingest.survey.door import SurveyDoor
from chengyun_core.ingest.survey.settings import SurveySettings
from chengyun_core.ingest.survey.surveyor import Surveyor
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Reply, Request
from chengyun_core.wire.survey_asks import SURVEY_ASKS, SurveyStatus
from tests.core.ingest.survey.test_surveyor import _city, _places_file
from tests.faults.fuzz.specimens import absurd, absurd_request, requests

ROUNDS = 400


@pytest.fixture
def door(tmp_path: Path) -> SurveyDoor:
    made = Surveyor(_city(), SurveySettings(), _places_file(tmp_path))
    return SurveyDoor(lambda: made, status=SurveyStatus, monotonic_s=lambda: 0.0, epoch=1, realm="live")


def test_that_a_specimen_of_every_ask_is_answered(door: SurveyDoor) -> None:
    for data in requests(SURVEY_ASKS, ""):
        reply = codec.unpack(door.answer(data), Reply)
        assert reply.code != "ingest.bug", reply


@pytest.mark.parametrize("kind", sorted(SURVEY_ASKS))
def test_that_an_absurd_ask_is_refused_or_answered_and_never_by_a_bug(door: SurveyDoor, kind: str) -> None:
    dice = random.Random(kind)
    body = SURVEY_ASKS[kind][0]
    for _ in range(ROUNDS):
        data = absurd_request(Request(id="1", kind=kind), body, dice)
        reply = codec.unpack(door.answer(data), Reply)
        assert reply.code != "ingest.bug", (reply, absurd(body, dice))
