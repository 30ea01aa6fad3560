"""What follows from an alarm in the reference city: guidance for all, causes without rings, red never silenced."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.catalogue_check import warnings
from chengyun_core.model.priority import priority
from chengyun_core.model.scales import AlarmPriority, WarningColour
from chengyun_resources.reference import behaviour, city, responses
from chengyun_resources.reference.unusual import sites


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build(city.tables(), Numbers(), 1)[0]


def test_that_every_sub_track_has_guidance_with_somebody_to_call(catalogue: Catalogue) -> None:
    assert {row.about for row in catalogue.guidance} == {node.code for node in catalogue.subtracks}
    posts = {post.code for post in catalogue.posts}
    assert all(row.call_post in posts for row in catalogue.guidance)
    assert warnings(city.tables()) == []


def test_that_no_guidance_has_a_hole_or_says_too_little(catalogue: Catalogue) -> None:
    for row in catalogue.guidance:
        assert "{" not in row.meaning + row.action, row
        assert len(row.meaning) >= 10, row
        assert row.action.startswith("1. "), row
        assert "2. " in row.action, row


def test_that_the_gravest_dangers_have_guidance_of_their_own(catalogue: Catalogue) -> None:
    grave = {vital.subtrack for vital in catalogue.vitals if vital.consequence == 4}
    actions = Counter(row.action for row in catalogue.guidance)
    assert [row.about for row in catalogue.guidance if row.about in grave and actions[row.action] > 1] == []
    assert len(grave) == 12


def test_that_power_lost_at_a_district_explains_what_follows_there_and_nowhere_else(catalogue: Catalogue) -> None:
    centre = {vital.code: vital.centre for vital in catalogue.vitals}
    effects = {link.effect for link in catalogue.causes if link.cause == "SS04A-500106"}
    assert {"SS02C-500106", "SS01C-500106", "SS10A-500106", "SS04E-500106"} <= effects
    assert {centre[code] for code in effects} == {"500106"}


def test_that_the_demonstration_s_chain_leads_from_the_substation_to_the_flooded_road(catalogue: Catalogue) -> None:
    links = {(link.cause, link.effect) for link in catalogue.causes}
    chain = ("BDZ-CIQIKOU", "BZ-CIQIKOU", "GW-CIQIKOU", "JS-CIQIKOU")
    assert set(pairwise(chain)) <= links
    assert {("BDZ-DAPING", "FJ-DAPING"), ("FJ-DAPING", "CH4-DAPING")} <= links
    assert len(links) > 1000


def test_that_danger_to_people_is_never_masked_by_its_cause(catalogue: Catalogue) -> None:
    consequence = {vital.code: vital.consequence for vital in catalogue.vitals}
    masked = {link.effect for link in catalogue.causes if link.masks}
    assert max(consequence[code] for code in masked) < 3


def test_that_suppression_stops_below_orange_and_gives_its_reason(catalogue: Catalogue) -> None:
    assert len(catalogue.suppressions) >= 5
    vitals = {vital.code for vital in catalogue.vitals}
    for rule in catalogue.suppressions:
        assert rule.up_to is WarningColour.YELLOW
        assert rule.reason
        assert rule.while_vital in vitals


def test_that_every_device_that_sends_comes_through_a_gateway_of_its_district(catalogue: Catalogue) -> None:
    sending = {channel.device for channel in catalogue.channels}
    gateways = Counter(device.gateway for device in catalogue.devices if device.code in sending)
    assert "" not in gateways
    assert 100 < len(gateways) < 400
    town = next(device for device in catalogue.devices if device.code == "PUMP-CIQIKOU")
    assert town.gateway == "GW-SS-500106"


def test_that_calibrations_lie_in_the_past_and_some_are_overdue_or_unknown(catalogue: Catalogue) -> None:
    dates = [vital.calibrated for vital in catalogue.vitals]
    days = [date.fromisoformat(text) for text in dates if text]
    assert max(days) <= responses.LAST_CALIBRATED
    overdue = sum((responses.LAST_CALIBRATED - day).days > 364 for day in days)
    assert 0.04 < overdue / len(dates) < 0.12
    assert 0.1 < dates.count("") / len(dates) < 0.3


def test_that_another_seed_calibrates_otherwise() -> None:
    site = sites(behaviour.DEFAULT_SEED)[0]
    assert len({responses.calibrated(site, seed) for seed in range(5)}) > 1


def test_that_priorities_come_near_the_split_of_isa_18_2(catalogue: Catalogue) -> None:
    risk = [vital for vital in catalogue.vitals if vital.vital_class == "risk"]
    found = Counter(priority(vital.consequence, vital.respond_min) for vital in risk)
    share = {rank: found[rank] / len(risk) for rank in AlarmPriority}
    assert share[AlarmPriority.LOW] == pytest.approx(0.80, abs=0.02)
    assert share[AlarmPriority.MEDIUM] == pytest.approx(0.15, abs=0.02)
    assert share[AlarmPriority.HIGH] == pytest.approx(0.05, abs=0.01)
    assert 0 < share[AlarmPriority.HIGHEST] < 0.01
