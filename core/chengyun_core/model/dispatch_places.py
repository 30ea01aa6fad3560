"""Where a narrative says it is: centres named in it, and the words of the address (E9)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chengyun_core.model.dispatch_words import LONGEST_READ, by_first_letter, folded
from chengyun_core.model.places import Centre
from chengyun_core.model.scales import Level

TOLD = 5
_PEOPLES = "土家|苗|彝|藏|回|壮|侗|瑶|布依|仡佬|满|蒙古|白|傣|哈尼|羌|畲|黎|水|纳西|土|仫佬|毛南|朝鲜|哈萨克|达斡尔"
_ENDINGS = re.compile(
    rf"(?:(?:{_PEOPLES})族|各族)*(?:自治县|自治州|街道办事处|街道|地区|新区|区|县|市|镇|乡)$|(?:{_PEOPLES})族(?:乡|镇)$"
)
_AFTER = (
    *("路", "街", "桥", "站", "村", "社区", "小区", "广场", "大道", "立交", "隧道", "医院", "学校", "中学", "小学"),
    *("片区", "一带", "附近", "转盘", "轻轨", "地铁", "商圈", "码头", "公园", "镇", "乡"),
)
"""What follows a short name of a town that really is a place: 「和平」 alone is a word."""
_KIND = (
    "(?:大道|国道|省道|高速公路|高速|公路|街道|路口|路段|路|街|巷|广场|小区|社区|花园|公寓|大厦|大楼|商场|市场|超市|酒店|饭店|"
    "大桥|立交|桥|隧道|轻轨站|地铁站|车站|火车站|机场|码头|医院|大学|学院|中学|小学|幼儿园|学校|公园|景区|工业园|园区|工厂|"
    "化工厂|煤矿|加油站|水库|河段|村|组|镇|乡|县|区|市|省)"
)
_ADDRESS = re.compile(rf"(?:[一-龥a-z0-9]{{2,14}}?{_KIND})+(?:\d+(?:号|栋|幢|单元|楼|层|km|公里)?[一-龥]{{0,2}})*")
_LEADS = re.compile(
    r"^(?:.{0,10}(?:发生在|位于|地处|来自|家住|住在|途经|途径|行至|行驶至|驶至|赶到|赶往|前往|经过))?"
    r"(?:[^一-龥a-z0-9]|我是|我们|[在于到从经往的是和与及至因有对向将把被由并])*"
)
POINTS_FULL, POINTS_SHORT, POINTS_PARENT, POINTS_NEAR = 3.0, 1.5, 2.0, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceGuess:
    """A centre a narrative may name."""

    centre: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of all centres, and their parents."""

    names: Mapping[str, tuple[tuple[str, bool], ...]]
    """Name → (code, whether it is the full name)."""
    begins: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, str]
    levels: Mapping[str, Level] = field(default_factory=dict)


def gazetteer_of(centres: Iterable[Centre]) -> Gazetteer:
    """Return the names of these centres, full ones and short ones of two letters or more."""
    names: dict[str, dict[str, bool]] = defaultdict(dict)
    parents: dict[str, str] = {}
    levels: dict[str, Level] = {}
    for centre in centres:
        parents[centre.code], levels[centre.code] = centre.parent or "", centre.level
        full = folded(centre.name)
        short = _ENDINGS.sub("", full)
        if len(short) >= 2:
            names[short].setdefault(centre.code, False)
        names[full][centre.code] = True
    held = {name: tuple(sorted(codes.items())) for name, codes in names.items()}
    return Gazetteer(held, by_first_letter(held), parents, levels)


def places(narrative: str, gazetteer: Gazetteer, area: Sequence[str] = ()) -> tuple[PlaceGuess, ...]:
    """Return the centres a narrative names, the likeliest first.

    A name several towns bear is decided by the district named beside it, then by `area`: the path of the centre whose
    officer reads it.
    """
    told = _named(folded(narrative)[:LONGEST_READ], gazetteer)
    scores: dict[str, float] = {}
    for code, (points, _) in told.items():
        above = gazetteer.parents.get(code, "")
        beside = POINTS_PARENT if above in told and gazetteer.levels.get(above) is not Level.CITY else 0.0
        near = POINTS_NEAR if above in area or code in area else 0.0
        lower = {Level.TOWN: 0.2, Level.DISTRICT: 0.1}.get(gazetteer.levels.get(code, Level.CITY), 0.0)
        scores[code] = points + beside + near + lower
    ranked = sorted(scores, key=lambda code: (-scores[code], code))[:TOLD]
    return tuple(PlaceGuess(centre=code, score=round(scores[code], 2), words=tuple(told[code][1])) for code in ranked)


def addresses(narrative: str) -> tuple[str, ...]:
    """Return the words that look like an address, longest first, three at most: for the field 地点, to be read over."""
    found: dict[str, None] = {}
    for match in _ADDRESS.finditer(folded(narrative)[:LONGEST_READ]):
        words = _LEADS.sub("", match[0])
        if len(words) >= 3:
            found[words] = None
    return tuple(sorted(found, key=len, reverse=True)[:3])


def _named(text: str, gazetteer: Gazetteer) -> dict[str, tuple[float, list[str]]]:
    """Return code → points and words of the centres named in a text, by leftmost longest match."""
    told: dict[str, tuple[float, list[str]]] = {}
    at = 0
    while at < len(text):
        name = next((name for name in gazetteer.begins.get(text[at], ()) if text.startswith(name, at)), "")
        for code, full in gazetteer.names.get(name, ()):
            town = gazetteer.levels.get(code) is Level.TOWN
            if full or not town or text.startswith(_AFTER, at + len(name)):
                points, words = told.get(code, (0.0, []))
                told[code] = (max(points, POINTS_FULL if full else POINTS_SHORT), [*words, name])
        at += max(1, len(name))
    return {code: (points, list(dict.fromkeys(words))) for code, (points, words) in told.items()}
