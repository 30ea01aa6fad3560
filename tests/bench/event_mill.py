"""Makes millions of believable events: matters, streets, names, telephone numbers; the same for the same number."""

from collections.abc import Iterator

import numpy as np

from chengyun_core.model.event import Event, EventSource, EventState
from chengyun_core.model.event_rules import is_living, owes_review
from chengyun_core.model.scales import EventGrade
from chengyun_core.store import event_table
from chengyun_core.wire import codec
from chengyun_resources.reference.city import tables

FROM_NS = 1_577_836_800 * 10**9
EVERY_NS = 6_000_000_000
LIVING = 5_000
"""The last so many may still be at work."""
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国玉兰红梅志文辉鹏飞宇浩然子轩雨欣怡嘉俊博思远晨曦"
    "诗涵梓萱一诺佳琪天佑海燕春生秋月冬梅福禄寿喜康宁安泰永昌德厚仁义礼智信忠孝廉耻勤俭"
)
SITES = (
    "人行道",
    "主车道",
    "小区门口",
    "负一楼车库",
    "菜市场旁",
    "小学对面",
    "公交站台",
    "高架桥下",
    "河堤步道",
    "隧道出口",
    "医院急诊楼",
    "工地围挡外",
    "轨道站2号口",
    "加油站东侧",
    "老旧居民楼三单元",
    "化工园区北门",
    "广场地下通道",
    "水库大坝下游",
)
SEEN = (
    "无人受伤",
    "有一人被困",
    "交通受阻约{n}米",
    "水深约{n}厘米",
    "影响居民{n}户",
    "现场有异味",
    "烟雾较大",
    "已拉警戒线",
    "请尽快派人处理",
    "多次反映未解决",
    "管径DN{n}",
    "巡查员{w}已到场",
    "来电人{w}，电话138{p:08d}",
    "监控{n}号可见",
    "疑似第三方施工挖断",
)
STATES = (EventState.CLOSED, EventState.EVALUATED, EventState.REVIEWED, EventState.VOID)


def code_of(number: int) -> str:
    """Return an event's code."""
    return f"事〔{2020 + number // 5_000_000}〕{number:06d}"


class Mill:
    """Turns numbers into rows of `events`."""

    def __init__(self) -> None:
        city = tables()
        self._matters = [(row["code"], row["name"], row["words"].split("|")) for row in city["matters"]]
        centres = [(row["code"], row["name"]) for row in city["centres"]]
        self._towns = [(code, name) for code, name in centres if len(code) > 6] or centres
        self._district = {code: name for code, name in centres if len(code) == 6}
        self._units = [row["code"] for row in city["units"]]
        self._devices = [row["name"] for row in city["devices"]]

    def rows(self, first: int, count: int) -> Iterator[dict[str, object]]:
        """Return the rows of some numbers; `first` decides them, so batches must begin at the same numbers."""
        chance = np.random.default_rng(first)
        drawn = chance.integers(0, 2**31, (count, 16)).tolist()
        for at, dice in enumerate(drawn):
            yield self._row(first + at, dice)

    def _row(self, number: int, dice: list[int]) -> dict[str, object]:
        matter, name, words = self._matters[dice[0] % len(self._matters)]
        town, town_name = self._towns[dice[1] % len(self._towns)]
        district = town[:6]
        where = f"{self._district.get(district, '')}{town_name}"
        who = SURNAMES[dice[2] % len(SURNAMES)] + GIVEN[dice[3] % len(GIVEN)] + GIVEN[dice[4] % len(GIVEN)]
        told = "，".join(
            SEEN[die % len(SEEN)].format(n=die % 997, w=who, p=die % 10**8) for die in dice[5 : 7 + dice[7] % 3]
        )
        road = GIVEN[dice[8] % len(GIVEN)] + GIVEN[dice[9] % len(GIVEN)]
        near = self._devices[dice[10] % len(self._devices)]
        event = Event(
            number=number, code=code_of(number),
            title=f"{town_name}{road}路{name}",
            narrative=f"{where}{road}路{dice[11] % 300}号{SITES[dice[12] % len(SITES)]}{words[dice[13] % len(words)]}，"
                      f"靠近{near}，{told}。",
            matter=matter, centre=town, place=f"{road}路{dice[11] % 300}号", longitude=106.5, latitude=29.5,
            source=EventSource.CITIZEN if dice[14] % 3 else EventSource.MANUAL, source_ref="",
            source_at=FROM_NS + number * EVERY_NS, opened_at=FROM_NS + number * EVERY_NS + 10**9, opened_by="li",
            state=STATES[0 if dice[15] % 20 else dice[15] % 4], grade=EventGrade(1 + min(3, dice[15] % 40)),
            lead=self._units[dice[6] % len(self._units)], changed_at=FROM_NS + number * EVERY_NS,
        )  # fmt: skip
        return {
            "number": number, "code": event.code, "state": event.state.value, "living": is_living(event),
            "owed": owes_review(event), "grade": int(event.grade or 0), "matter": event.matter, "centre": event.centre,
            "district": district, "source": event.source.value, "source_ref": f"12345-{number}", "lead": event.lead,
            "parent": None, "source_at": event.source_at, "opened_at": event.opened_at,
            "text": event_table.text_of(event), "record": codec.pack(event), "version": 1, "change": number,
        }  # fmt: skip
