"""What is read from a narrative: matter with the words that decided, place, figures, factors."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.dispatch import Matter
from chengyun_core.model.dispatch_factors import suggest_factors
from chengyun_core.model.dispatch_figures import figures, number_of
from chengyun_core.model.dispatch_grammar import grammar_of
from chengyun_core.model.dispatch_narrative import read, reader_of
from chengyun_core.model.dispatch_places import addresses, gazetteer_of, places
from chengyun_core.model.dispatch_times import times
from chengyun_core.model.dispatch_words import classify, lexicon_of
from chengyun_core.model.event import Factor
from chengyun_core.model.places import Centre
from chengyun_core.model.scales import EventGrade, Level
from chengyun_resources import reading


def _matter(code: str, words: str, **more: object) -> Matter:
    return Matter(**({"code": code, "name": code, "subtrack": "S", "words": words} | more))


MATTERS = (
    _matter("burst", "爆管|水管|-燃气"),
    _matter("gas", "燃气泄漏|燃气管|煤气味", nature=4, urgency=4, control=3, reach=2),
    _matter("power", "停电|断电"),
    _matter("hospital", "医院停电"),
    _matter("leak", "水管|漏水"),
)
LEXICON = lexicon_of(MATTERS)
GRAMMAR = grammar_of(reading.words())
CENTRES = (
    Centre(code="50", name="重庆市", level=Level.CITY),
    Centre(code="5001", name="渝中区", level=Level.DISTRICT, parent="50"),
    Centre(code="5002", name="石柱土家族自治县", level=Level.DISTRICT, parent="50"),
    Centre(code="50011", name="大坪街道", level=Level.TOWN, parent="5001"),
    Centre(code="50012", name="和平街道", level=Level.TOWN, parent="5001"),
    Centre(code="50021", name="沙子镇", level=Level.TOWN, parent="5002"),
    Centre(code="50013", name="沙子镇", level=Level.TOWN, parent="5001"),
)
GAZETTEER = gazetteer_of(CENTRES, GRAMMAR)


def _first(narrative: str) -> str:
    guesses = classify(narrative, LEXICON)
    return guesses[0].matter if guesses else ""


@pytest.mark.parametrize(
    ("narrative", "matter"),
    [
        ("南坪路口爆管，水管喷水", "burst"),
        ("爆 管 了", "burst"),
        ("家里水管漏水", "leak"),
        ("闻到煤气味", "gas"),
        ("燃气泄漏", "gas"),
        ("某医院停电", "hospital"),
        ("小区停电", "power"),
        ("什么都没说", ""),
        ("", ""),
    ],
)
def test_that_the_words_of_the_catalogue_decide(narrative: str, matter: str) -> None:
    assert _first(narrative) == matter


def test_that_a_word_against_speaks_against_and_is_told() -> None:
    narrative = "爆管的是燃气设施，不是水管"
    assert _first(narrative) == "leak"
    assert _first(narrative.replace("燃气", "")) == "burst"


def test_that_a_word_of_two_matters_weighs_less_than_one_of_its_own() -> None:
    (leak, burst) = classify("水管漏水", LEXICON)
    assert (leak.matter, leak.words, burst.words) == ("leak", ("漏水", "水管"), ("水管",))
    assert leak.score > 2 * burst.score


def test_that_one_short_word_is_never_sure_and_more_words_are_surer() -> None:
    one, two = classify("停电", LEXICON)[0], classify("停电，断电", LEXICON)[0]
    assert one.confidence < two.confidence < 1
    assert one.confidence < 0.8


@given(st.text(max_size=300), st.sampled_from(MATTERS))
def test_that_confidence_is_a_share_and_each_guess_has_a_word_in_the_text(text: str, matter: Matter) -> None:
    narrative = text + matter.words.split("|")[0]
    guesses = classify(narrative, LEXICON)
    assert guesses == classify(narrative, LEXICON)
    assert sum(guess.confidence for guess in guesses) < 1 + 1e-6
    for guess in guesses:
        assert any(not word.startswith("-") for word in guess.words)


@given(st.permutations(MATTERS))
def test_that_the_order_of_the_catalogue_decides_between_equals_only(matters: list[Matter]) -> None:
    assert classify("路口爆管，爆管处漏水", lexicon_of(matters))[0].matter == "burst"


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("1,200", 1200), ("3.5", 3.5), ("2万", 20000), ("三", 3), ("十", 10), ("十二", 12), ("二十三", 23),
     ("一百零五", 105), ("两千", 2000), ("三万五千", 35000), ("二〇", 20), ("百余", None), ("", None)],
)  # fmt: skip
def test_that_numerals_are_read(text: str, number: float | None) -> None:
    assert number_of(text, GRAMMAR) == number


@given(st.integers(1, 99_999))
def test_that_every_number_written_in_chinese_is_read_back(number: int) -> None:
    assert number_of(_chinese(number), GRAMMAR) == number


def _chinese(number: int) -> str:
    digits, text = "零一二三四五六七八九", ""
    for unit, name in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        count, number = divmod(number, unit)
        if count:
            text += digits[count] + name
        elif text and number and not text.endswith("零"):
            text += "零"
    return text


@pytest.mark.parametrize(
    ("narrative", "told"),
    [
        ("DN400 供水管", {"diameter_mm": "400"}),
        ("ＤＮ４００", {"diameter_mm": "400"}),
        ("管径400毫米", {"diameter_mm": "400"}),
        ("管道直径约1.2米", {"diameter_mm": "1200"}),
        ("600mm的自来水管", {"diameter_mm": "600"}),
        ("积水深约半米", {}),
        ("积水最深处约40厘米", {"depth_cm": "40"}),
        ("3人重伤，14人轻微伤", {"injured": "17"}),
        ("造成6人死亡，20人受伤", {"dead": "6", "injured": "20"}),
        ("先报3人死亡。后来核实，另据医院消息，死亡人数升至5人", {"dead": "5"}),
        ("两名工人被困", {"trapped": "2"}),
        ("电梯困了三个人", {"trapped": "3"}),
        ("二十余名学生腹泻", {"people": "20"}),
        ("2名儿童失踪", {"missing": "2"}),
        ("影响2000余户", {"households": "2000"}),
        ("过火面积约80亩", {"area_m2": "53333.6"}),
        ("15楼起火", {"floor": "15"}),
        ("泄漏约3吨", {"leak_m3": "3"}),
        ("里氏5.2级地震", {"magnitude": "5.2"}),
        ("2008年5月12日14时28分", {}),
        ("楼梯间", {}),
    ],
)
def test_that_figures_are_found_in_their_units(narrative: str, told: dict[str, str]) -> None:
    assert {figure.attribute: figure.value for figure in figures(narrative, GRAMMAR)} == told


@given(st.text(max_size=400))
def test_that_no_text_upsets_the_readers(text: str) -> None:
    for figure in figures(text, GRAMMAR):
        assert float(figure.value) >= 0
    places(text, GAZETTEER)
    addresses(text, GRAMMAR)


@pytest.mark.parametrize(
    ("narrative", "centres"),
    [
        ("渝中区大坪街道长江二路", ["50011", "5001"]),
        ("大坪立交附近", ["50011"]),
        ("石柱县城", ["5002"]),
        ("保卫和平", []),
        ("和平路23号", ["50012"]),
        ("石柱沙子镇", ["50021", "50013", "5002"]),
        ("无处可寻", []),
    ],
)
def test_that_centres_are_found_by_name_and_by_what_stands_beside(narrative: str, centres: list[str]) -> None:
    assert [guess.centre for guess in places(narrative, GAZETTEER)] == centres


def test_that_of_two_places_of_one_name_that_of_the_reader_s_area_goes_first() -> None:
    assert places("沙子镇", GAZETTEER)[0].centre == "50013"
    assert places("沙子镇", GAZETTEER, area=("5002", "50"))[0].centre == "50021"


def test_that_words_of_an_address_are_offered() -> None:
    assert addresses("事故发生在渝中区长江二路121号，请派人", GRAMMAR)[0] == "渝中区长江二路121号"
    assert addresses("今天下午大坪街道长江二路121号自来水管爆裂", GRAMMAR)[0] == "大坪街道长江二路121号"


NOW = datetime(2026, 11, 21, 16, 50)  # noqa: DTZ001 - local, as an officer's wall clock


@pytest.mark.parametrize(
    ("narrative", "at"),
    [
        ("昨天下午1点多", (20, 13, 0)),
        ("今天14时30分许", (21, 14, 30)),
        ("今天14:30", (21, 14, 30)),
        ("凌晨三点", (21, 3, 0)),
        ("上午十一点半", (21, 11, 30)),
        ("昨晚11点", (20, 23, 0)),
        ("昨夜2点", (21, 2, 0)),
        ("下午5点", (20, 17, 0)),
        ("19日晚上8时05分", (19, 20, 5)),
        ("20分钟前", (21, 16, 30)),
        ("两小时前", (21, 14, 50)),
        ("刚才", (21, 16, 50)),
    ],
)
def test_that_a_time_is_the_last_one_of_that_name(narrative: str, at: tuple[int, int, int]) -> None:
    (told,) = times(narrative, NOW, GRAMMAR)
    assert told.at == NOW.replace(day=at[0], hour=at[1], minute=at[2])


@pytest.mark.parametrize("narrative", ["25点", "13月1日3时", "30日99分", "今晚8点", "三楼", "2月30日5时"])
def test_that_what_is_no_time_or_lies_ahead_is_not_told(narrative: str) -> None:
    assert times(narrative, NOW, GRAMMAR) == ()


@given(st.text(alphabet="0123456789一二三十月日号点时分半今昨天晚早上下午凌晨前:，", max_size=40))
def test_that_no_time_lies_ahead_of_now(text: str) -> None:
    for told in times(text, NOW, GRAMMAR):
        assert told.at <= NOW + timedelta(minutes=5)


def test_that_factors_rise_by_figures_and_words_each_with_its_reason() -> None:
    matter = _matter("burst", "爆管", nature=2, urgency=2, control=2, reach=1)
    attributes = {"households": "1500", "trapped": "2", "diameter_mm": "很粗"}
    factors, reasons = suggest_factors(matter, attributes, "水势失控", GRAMMAR)
    assert factors == {Factor.NATURE: 2, Factor.URGENCY: 3, Factor.CONTROL: 3, Factor.REACH: 3}
    assert [reason.code for reason in reasons] == [
        "dispatch.factor_of_matter", "dispatch.factor_by_figure", "dispatch.factor_by_figure",
        "dispatch.factor_by_word",
    ]  # fmt: skip
    assert suggest_factors(None, attributes, "失控", GRAMMAR) == ({}, ())


@pytest.mark.parametrize(("dead", "nature"), [("1", 2), ("2", 2), ("3", 3), ("9", 3), ("10", 4), ("30", 4)])
def test_that_the_dead_weigh_by_the_limits_of_the_regulation(dead: str, nature: int) -> None:
    assert suggest_factors(_matter("m", "x", nature=1), {"dead": dead}, "", GRAMMAR)[0][Factor.NATURE] == nature


def test_that_what_is_in_hand_is_less_grave_and_never_also_out_of_hand() -> None:
    factors, _ = suggest_factors(_matter("m", "x", control=3), {}, "火势一度蔓延，现已扑灭", GRAMMAR)
    assert factors[Factor.CONTROL] == 2


def test_that_one_reading_gives_all_an_event_needs() -> None:
    reader = reader_of(Catalogue(matters=MATTERS, centres=CENTRES), GRAMMAR)
    told = read("大坪街道长江二路燃气泄漏，闻到煤气味，3人受伤", reader)
    assert (told.matters[0].matter, told.places[0].centre) == ("gas", "50011")
    assert told.grade is EventGrade.EXTRAORDINARY
    assert told.addresses == ("大坪街道长江二路",)
    # What the officer chose goes before what the words say.
    assert read("闻到煤气味", reader, matter="power").factors[Factor.NATURE] == 2


def test_that_no_pattern_repeats_without_bound() -> None:
    """A narrative of nothing but digits once held the centre for fourteen seconds."""
    patterns = [rule.pattern for rule in GRAMMAR.figures]
    patterns += [GRAMMAR.endings, GRAMMAR.address, GRAMMAR.leads, GRAMMAR.times.at, GRAMMAR.times.ago]
    endless = re.compile(r"(?<!\\)[*+]|\{\d*,\}")
    assert [pattern.pattern for pattern in patterns if endless.search(pattern.pattern)] == []
