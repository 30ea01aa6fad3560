"""Records for the gallery and the tests: what an ordinary bad afternoon in a city centre looks like."""

import numpy as np

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow, Flash
from chengyun_widgets.presence import Presence
from chengyun_widgets.trend_record import ArraySource, TrendBand, TrendMark, TrendRecord, TrendSeries

NONE, BLUE, YELLOW, ORANGE, RED = Severity
SECTORS = ("党建统领", "经济发展", "设施运行", "社会治理", "应急动员", "文明创建", "生态景观", "生产生活服务")
T1 = 1_784_356_320_000_000_000
T0 = T1 - 1800 * 10**9


def walk(start: float, end: float, noise: float, seed: int) -> ArraySource:
    rng = np.random.default_rng(seed)
    wiggle = np.convolve(rng.normal(size=1840) * noise, np.ones(40) / 8, "valid")[:1800]
    return ArraySource(T0 + np.arange(1, 1801) * 10**9, np.linspace(start, end, 1800) + wiggle)


def broken(source: ArraySource) -> ArraySource:
    source._value[600:800] = np.nan
    return source


def line(source: ArraySource, unit: str) -> tuple[TrendSeries, ...]:
    return (TrendSeries(key="s", name="", source=source, unit=unit),)


def band(severity: Severity, low: float, high: float = np.inf) -> TrendBand:
    return TrendBand(low=low, high=high, severity=severity)


def trend_records() -> list[TrendRecord]:
    mark = TrendMark(key="a", time_ns=T0 + 900 * 10**9, severity=YELLOW)
    return [
        TrendRecord(
            title="寸滩站 水位",
            value="183.62",
            unit="m",
            severity=RED,
            limits="警戒 180.5　保证 183.5",
            marks=(mark,),
            series=line(walk(180.0, 183.8, 0.4, 1), "m"),
            bands=(band(YELLOW, 180.5, 183.5), band(RED, 183.5)),
        ),
        TrendRecord(
            title="北碚东阳 1h 雨量",
            value="62.4",
            unit="mm",
            severity=ORANGE,
            limits="蓝 16　黄 32　橙 50　红 80",
            series=line(walk(20, 61, 3, 2), "mm"),
            bands=(band(BLUE, 16, 32), band(YELLOW, 32, 50), band(ORANGE, 50, 80), band(RED, 80)),
        ),
        TrendRecord(
            title="大坪管廊 CH₄",
            value="18",
            unit="%LEL",
            severity=ORANGE,
            limits="预警 10　报警 20",
            series=line(walk(5, 17, 1.4, 3), "%LEL"),
            bands=(band(ORANGE, 10, 20), band(RED, 20)),
        ),
        TrendRecord(
            title="主城供水 总压",
            value="0.41",
            unit="MPa",
            limits="0.35 – 0.50",
            series=line(broken(walk(0.40, 0.41, 0.004, 4)), "MPa"),
            bands=(TrendBand(low=-np.inf, high=0.35, severity=YELLOW), band(YELLOW, 0.5)),
        ),
        TrendRecord(
            title="电网 实时负荷",
            value="24.8",
            unit="GW",
            presence=Presence.STALE,
            age="迟 00:02:13",
            limits="预警 26.0",
            series=line(walk(24, 25, 0.2, 5), "GW"),
            bands=(band(YELLOW, 26),),
        ),
        TrendRecord(title="轨道 3 号线客流", presence=Presence.EMPTY, notice="还没有数据"),
    ]


def fact_rows() -> list[FactRow]:
    return [
        FactRow(
            key="1",
            severity=RED,
            title="寸滩站水位超保证",
            detail="渝中 · 应急动员/防汛",
            age="00:15",
            status="未确认",
            status_colour=Colour.RED_TEXT,
            flash=Flash.FAST,
        ),
        FactRow(
            key="2",
            severity=ORANGE,
            title="东阳街道短时强降雨",
            detail="北碚 · 应急动员/防汛",
            age="00:27",
            status="未确认",
            status_colour=Colour.RED_TEXT,
            flash=Flash.FAST,
        ),
        FactRow(
            key="3",
            severity=ORANGE,
            title="大坪管廊 CH₄ 浓度",
            detail="渝中 · 设施运行/燃气",
            age="01:09",
            status="已回未确认",
            status_colour=Colour.TEXT,
            flash=Flash.SLOW,
        ),
        FactRow(
            key="4",
            severity=YELLOW,
            title="鹅公岩大桥挠度",
            detail="九龙坡 · 设施运行/桥隧",
            age="01:56",
            status="A-03",
        ),
        FactRow(
            key="5",
            severity=YELLOW,
            title="嘉陵江磁器口水位",
            detail="沙坪坝 · 应急动员/防汛",
            age="余 00:12:40",
            status="搁置",
            is_struck=True,
        ),
        FactRow(
            key="6",
            severity=YELLOW,
            title="轨道 3 号线客流",
            detail="江北 · 设施运行/轨道",
            age="04:41",
            status="A-05",
            is_stale=True,
        ),
        FactRow(
            key="7", severity=BLUE, title="井盖 #20418 位移", detail="内环 · 设施运行/市政", age="02:22", status="A-05"
        ),
    ]
