"""The reference city: its published size, its calm, its honesty; the same seed gives the same city."""

import math
from collections import Counter

import pytest

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.catalogue_check import check
from chengyun_core.model.formula import parse, reference
from chengyun_resources.reference import behaviour, city
from chengyun_resources.reference.sites import FLOOD, PEACETIME, Site
from chengyun_resources.reference.unusual import sites

ABNORMAL, SILENT = 29, 110


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build(city.tables(), Numbers(), 1)[0]


@pytest.mark.slow
def test_that_the_reference_city_has_no_fault() -> None:
    assert check(city.tables()) == []


def test_that_it_has_the_published_size(catalogue: Catalogue) -> None:
    assert Counter(centre.level for centre in catalogue.centres) == {"city": 1, "district": 39, "town": 1031}
    assert Counter(sector.scheme for sector in catalogue.sectors) == {"full": 8, "town": 4}
    tracks = Counter(track.sector for track in catalogue.tracks)
    assert [tracks[sector.code] for sector in catalogue.sectors if sector.scheme == "full"] == [
        7,
        12,
        11,
        9,
        8,
        6,
        9,
        8,
    ]
    assert (len(catalogue.subtracks), len(catalogue.vitals)) == (248, 6142)
    assert len(catalogue.kpis) > 1300
    assert sum(device.count for device in catalogue.devices) == 22_013_480


def test_that_every_sub_track_has_a_vital_and_an_indicator(catalogue: Catalogue) -> None:
    codes = {subtrack.code for subtrack in catalogue.subtracks}
    assert {vital.subtrack for vital in catalogue.vitals} == codes
    assert {kpi.subtrack for kpi in catalogue.kpis} == codes


def test_that_names_of_tracks_sub_tracks_and_vitals_are_not_repeated(catalogue: Catalogue) -> None:
    for rows in (catalogue.tracks, catalogue.vitals):
        assert [name for name, count in Counter(row.name for row in rows).items() if count > 1] == []
    siblings = Counter((node.track, node.name) for node in catalogue.subtracks)
    assert max(siblings.values()) == 1


def test_that_only_one_district_has_a_local_code_and_the_snapshot_is_dated(catalogue: Catalogue) -> None:
    local = [centre for centre in catalogue.centres if not centre.official_code]
    assert [(centre.name, centre.valid_from) for centre in local] == [("两江新区", "2025-11-06")]
    ended = {centre.name for centre in catalogue.centres if centre.valid_to == "2025-11-06"}
    assert ended == {"江北区", "渝北区"}


def test_that_the_six_charts_of_the_drawing_are_pinned_with_its_limits(catalogue: Catalogue) -> None:
    pinned = sorted((vital for vital in catalogue.vitals if vital.pinned), key=lambda vital: vital.pinned)
    assert [(vital.code, vital.unit) for vital in pinned] == [
        ("SW-CUNTAN", "m"),
        ("YL-DONGYANG", "mm"),
        ("CH4-DAPING", "%LEL"),
        ("ND-EGONGYAN", "%"),
        ("GS-ZHUCHENG", "MPa"),
        ("FH-DIANWANG", "GW"),
    ]
    limits = {item.vital: item for item in catalogue.thresholds if item.threshold_set == catalogue.set_in_force()}
    assert limits["SW-CUNTAN"].high() == (None, 180.5, None, 183.5)
    assert limits["YL-DONGYANG"].high() == (16, 32, 50, 80)
    assert limits["GS-ZHUCHENG"].low()[0] == 0.35
    _, yellow, orange, red = limits["CH4-DAPING"].high()
    assert None not in (yellow, orange, red)
    assert yellow < orange <= 18 < red  # the drawing shows 18 %LEL as orange


def test_that_thresholds_of_the_flood_season_are_stricter_where_floods_matter(catalogue: Catalogue) -> None:
    by_set = {
        name: {item.vital: item for item in catalogue.thresholds if item.threshold_set == name}
        for name in (PEACETIME, FLOOD)
    }
    differ = {
        code
        for code, item in by_set[PEACETIME].items()
        if (item.high(), item.low()) != (by_set[FLOOD][code].high(), by_set[FLOOD][code].low())
    }
    assert {"SW-CUNTAN", "YL-DONGYANG", "JS-NANBIN"} <= differ
    # Raw water is muddier in flood: its limits alone are wider then.
    for code in (code for code in differ if not code.startswith("SS01A")):
        calm, flood = by_set[PEACETIME][code], by_set[FLOOD][code]
        highs = [(b, a) for a, b in zip(calm.high(), flood.high(), strict=True) if a is not None and b is not None]
        lows = [(b, a) for a, b in zip(calm.low(), flood.low(), strict=True) if a is not None and b is not None]
        assert all(b <= a for b, a in highs)
        assert all(b >= a for b, a in lows)


def test_that_every_channel_of_a_formula_has_a_course_inside_its_physical_range(catalogue: Catalogue) -> None:
    for vital in catalogue.vitals:
        for code in parse(vital.formula).channels:
            named = reference(code)
            course = behaviour.of(named.device, named.quantity)
            assert course is not None
            assert course.low <= course.mean <= course.high
            assert course.noise >= 0


def test_that_a_calm_day_has_about_thirty_anomalies_and_a_hundred_vitals_without_data() -> None:
    abnormal = [site.vital for site in sites(behaviour.DEFAULT_SEED) if _leaves_normal(site, PEACETIME)]
    assert len(abnormal) == ABNORMAL
    assert sum(site.behaviour.silent for site in sites(behaviour.DEFAULT_SEED)) == SILENT


def test_that_the_flood_season_adds_no_anomaly_to_a_calm_day() -> None:
    at = {
        name: {site.vital for site in sites(behaviour.DEFAULT_SEED) if _leaves_normal(site, name)}
        for name in (PEACETIME, FLOOD)
    }
    assert at[FLOOD] == at[PEACETIME]


def test_that_an_anomaly_never_leaves_its_band_by_noise() -> None:
    for site in sites(behaviour.DEFAULT_SEED):
        if not _leaves_normal(site, PEACETIME) or site.demo:
            continue
        course = site.behaviour
        reached = {_band(site, course.mean + sign * 5 * course.noise) for sign in (-1, 1)}
        assert len(reached) == 1
        assert reached <= {1, 2}


def test_that_nobody_can_be_called(catalogue: Catalogue) -> None:
    assert all(post.phone.startswith("023-0000-") and post.holder.endswith("某") for post in catalogue.posts)
    assert len({post.phone for post in catalogue.posts}) == len(catalogue.posts)


def test_that_the_screen_is_told_what_is_ours_and_where_names_come_from(catalogue: Catalogue) -> None:
    assert {"name", "names_source", "names_snapshot", "names_are_ours", "limits_are_ours"} <= catalogue.facts.keys()
    assert "china-division 2.7.0" in catalogue.facts["names_source"]
    assert "自拟" in catalogue.facts["names_are_ours"]


@pytest.mark.slow
def test_that_the_same_seed_gives_the_same_city_and_another_one_does_not() -> None:
    assert city.tables() == city.tables(behaviour.DEFAULT_SEED)
    assert city.tables(7)["channels"] != city.tables(8)["channels"]
    assert check(city.tables(7)) == []


def test_that_a_channel_outside_the_city_has_no_course() -> None:
    assert behaviour.of("HYD-NOWHERE", "level") is None


def _leaves_normal(site: Site, threshold_set: str) -> bool:
    if site.formula.startswith("share"):
        return False
    course, times = site.behaviour, site.members if site.formula.startswith("sum") else 1
    swing = abs(course.daily) + 4 * course.noise
    highest, lowest = min(course.high, course.mean + swing) * times, max(course.low, course.mean - swing) * times
    up = [limit for limit in site.up[threshold_set] if limit is not None]
    down = [limit for limit in site.down[threshold_set] if limit is not None]
    return highest >= min(up, default=math.inf) or lowest <= max(down, default=-math.inf)


def _band(site: Site, value: float) -> int:
    up = sum(limit is not None and value >= limit for limit in site.up[PEACETIME])
    down = sum(limit is not None and value <= limit for limit in site.down[PEACETIME])
    return up + down
