"""Building a version: numbers are dense, kept and never given twice; what is exported builds the same again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.catalogue_build import Numbers, build, tables_of
from chengyun_core.model.catalogue_check import check
from chengyun_core.model.catalogue_tables import MOST_CHANNEL_NUMBERS, Tables
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Level, WarningColour
from tests.support.small_tables import small_tables


def _more_vitals(tables: Tables, *codes: str) -> Tables:
    tables["vitals"] += [{**tables["vitals"][1], "code": code} for code in codes]
    return tables


def test_that_cells_become_the_values_they_say() -> None:
    tables = small_tables()
    tables["thresholds"][0] |= {"rate_per_min": "1.5", "rate_colour": "Orange"}
    catalogue, _ = build(tables, Numbers(), 7)
    assert (catalogue.version, catalogue.name, catalogue.set_in_force()) == (7, "小城", "PT")
    assert catalogue.centres[1].level is Level.DISTRICT
    assert catalogue.centres[2].scheme == "town"
    assert catalogue.thresholds[0].rate_colour is WarningColour.ORANGE
    assert catalogue.thresholds[0].high() == (None, 180.5, None, 183.5)
    assert [(channel.number, channel.count) for channel in catalogue.channels] == [(0, 1), (1, 4)]


def test_that_an_empty_unit_means_a_bare_number() -> None:
    tables = small_tables()
    for row in (*tables["channels"], *tables["vitals"], *tables["kpis"]):
        del row["unit"]
    catalogue, _ = build(tables, Numbers(), 1)
    assert {item.unit for item in (*catalogue.channels, *catalogue.vitals, *catalogue.kpis)} == {""}


def test_that_a_vital_keeps_its_number_wherever_its_row_moves() -> None:
    first, numbers = build(_more_vitals(small_tables(), "C"), Numbers(), 1)
    tables = _more_vitals(small_tables(), "C")
    tables["vitals"].reverse()
    second, after = build(tables, numbers, 2)
    assert [vital.code for vital in second.vitals] == [vital.code for vital in first.vitals]
    assert after == numbers


def test_that_a_vital_no_longer_named_leaves_a_retired_row_and_comes_back_to_it() -> None:
    first, numbers = build(_more_vitals(small_tables(), "C"), Numbers(), 1)
    tables = _more_vitals(small_tables(), "C", "D")
    tables["vitals"].pop(1)
    second, numbers = build(tables, numbers, 2)
    assert [(vital.number, vital.code, vital.retired) for vital in second.vitals] == [
        (0, "SW", False),
        (1, "BF", True),
        (2, "C", False),
        (3, "D", False),
    ]
    assert second.vitals[1].formula == ""
    third, _ = build(_more_vitals(small_tables(), "C"), numbers, 3)
    assert third.vitals[:3] == first.vitals
    assert third.vitals[3].retired


def test_that_a_series_that_grew_gets_a_new_range_and_a_shrunken_one_keeps_its_own() -> None:
    _, numbers = build(small_tables(), Numbers(), 1)
    tables = small_tables()
    tables["devices"][1]["count"] = "6"
    grown, numbers = build(tables, numbers, 2)
    assert [(channel.number, channel.count) for channel in grown.channels] == [(0, 1), (5, 6)]
    shrunken, numbers = build(small_tables(), numbers, 3)
    assert [(channel.number, channel.count) for channel in shrunken.channels] == [(0, 1), (5, 4)]
    assert numbers.next_channel == 11


def test_that_numbers_used_up_are_refused() -> None:
    numbers = Numbers(next_channel=MOST_CHANNEL_NUMBERS - 2)
    with pytest.raises(Refused, match=r"catalogue\.channel_numbers_used_up"):
        build(small_tables(), numbers, 1)


def test_that_tables_with_a_fault_are_not_built() -> None:
    tables = small_tables()
    tables["vitals"][0]["decimals"] = "x"
    with pytest.raises(Refused, match=r"catalogue\.faulty"):
        build(tables, Numbers(), 1)


def test_that_the_numbers_given_before_are_left_as_they_were() -> None:
    before = Numbers()
    build(small_tables(), before, 1)
    assert before == Numbers()


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8).filter(
    lambda text: not text.startswith(("=", "#"))
)
_FIGURE = st.floats(min_value=-1e12, max_value=1e12)


@given(names=st.lists(_TEXT, min_size=3, max_size=3), target=_FIGURE, period=st.floats(1e-3, 1e6), fact=_TEXT)
def test_that_what_is_exported_builds_the_same_catalogue_again(
    names: list[str], target: float, period: float, fact: str
) -> None:
    tables = small_tables()
    for row, name in zip(tables["centres"], names, strict=True):
        row["name"] = name
    tables["kpis"][0]["target"] = repr(target)
    tables["vitals"][1]["period_s"] = repr(period)
    tables["facts"].append({"key": "more", "value": f"{fact}\n{fact}"})
    assert check(tables) == []
    catalogue, numbers = build(tables, Numbers(), 1)
    again = tables_of(catalogue)
    assert check(again) == []
    assert build(again, numbers, 1) == (catalogue, numbers)


@given(st.lists(st.lists(st.sampled_from("ABCDEFGH"), unique=True), max_size=6))
def test_that_no_number_is_ever_given_to_another_vital(imports: list[list[str]]) -> None:
    numbers, owners = Numbers(), dict[int, str]()
    for version, codes in enumerate(imports, start=1):
        catalogue, numbers = build(_more_vitals(small_tables(), *codes), numbers, version)
        assert [vital.number for vital in catalogue.vitals] == list(range(len(catalogue.vitals)))
        assert {vital.code for vital in catalogue.vitals if not vital.retired} == {"SW", "BF", *codes}
        for vital in catalogue.vitals:
            assert owners.setdefault(vital.number, vital.code) == vital.code


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_that_ranges_of_channels_never_overlap_those_of_another(counts: list[int]) -> None:
    numbers, owners = Numbers(), dict[int, str]()
    for version, count in enumerate(counts, start=1):
        tables = small_tables()
        tables["devices"][1]["count"] = str(count)
        tables["vitals"][1]["formula"] = "mean(PUMP#*.load)"
        catalogue, numbers = build(tables, numbers, version)
        for channel in catalogue.channels:
            for number in range(channel.number, channel.number + channel.count):
                assert owners.setdefault(number, channel.device) == channel.device
                assert number < numbers.next_channel
