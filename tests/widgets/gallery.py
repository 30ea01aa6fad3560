"""Renders every widget in every state to PNG, for eyes: python -m tests.widgets.gallery [folder] [scale]."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if len(sys.argv) > 2:
    os.environ["QT_SCALE_FACTOR"] = sys.argv[2]

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from chengyun_widgets.breadcrumb import Breadcrumb, Crumb
from chengyun_widgets.column_model import Column, ColumnKind, TableData
from chengyun_widgets.column_table import ColumnTable
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.field import SearchField
from chengyun_widgets.heatgrid import HeatGrid, HeatGroup
from chengyun_widgets.light import Light, LightRecord, LightState
from chengyun_widgets.mode_badge import ModeBadge, ModeRecord, ModeTone
from chengyun_widgets.note_chooser import NoteChooser
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.rail import Rail, RailPage
from chengyun_widgets.summary_card import SummaryCard, SummaryRecord
from chengyun_widgets.theme import Theme, apply_theme, load_theme
from chengyun_widgets.ticker import Ticker
from chengyun_widgets.ticker_items import TickerCount, TickerItem, TickerTexts
from chengyun_widgets.toast import Message, MessageLine, MessageTone
from chengyun_widgets.trend import TrendView
from chengyun_widgets.trend_record import TrendRecord, TrendSeries
from chengyun_widgets.watermark import Watermark
from tests.widgets.samples import BLUE, NONE, ORANGE, RED, SECTORS, T0, T1, YELLOW, band, fact_rows, trend_records, walk


def lights(theme: Theme) -> list[Light]:
    made = []
    for record in (
        LightRecord(label="采集", state=LightState.OK),
        LightRecord(label="上级", state=LightState.OK),
        LightRecord(label="区县", state=LightState.LATE, detail="38/39"),
        LightRecord(label="库", state=LightState.LOST, detail="自 14:31:52"),
        LightRecord(label="会商", state=LightState.OFF),
    ):
        made.append(Light(theme))
        made[-1].show_record(record)
    return made


def badges(theme: Theme) -> list[ModeBadge]:
    made = []
    for record in (
        ModeRecord(tone=ModeTone.PEACETIME, text="平时"),
        ModeRecord(tone=ModeTone.EMERGENCY, text="急时 · 防汛一级响应", elapsed="00:10:02"),
        ModeRecord(tone=ModeTone.DRILL, text="演练 · 急时", elapsed="00:10:02"),
        ModeRecord(tone=ModeTone.SWITCHING, text="转换中 2/3"),
    ):
        made.append(ModeBadge(theme))
        made[-1].show_record(record)
    return made


def ticker(theme: Theme) -> Ticker:
    made = Ticker(theme)
    made.set_items(
        [
            TickerItem(
                key="a",
                severity=RED,
                word="红",
                head="水位",
                text="寸滩站 183.62 m 超保证水位 +0.12",
                time="14:31:52",
                is_pinned=True,
            ),
            TickerItem(
                key="b", severity=ORANGE, word="橙", head="雨量", text="北碚·东阳街道 1h 雨量 62.4 mm", time="14:31:40"
            ),
            TickerItem(
                key="c", severity=ORANGE, word="橙", head="燃气", text="渝中·大坪 管廊 CH₄ 18%LEL", time="14:30:58"
            ),
            TickerItem(
                key="d", severity=YELLOW, word="黄", head="桥梁", text="鹅公岩大桥 挠度 92% 阈值", time="14:29:58"
            ),
        ]
    )
    made.set_counts(
        [TickerCount(severity=s, text=n) for s, n in ((RED, "1"), (ORANGE, "2"), (YELLOW, "5"), (BLUE, "12"))]
    )
    made.set_texts(
        TickerTexts(
            waiting="未确认 3",
            pause_hint="暂停 Space",
            resume_hint="继续 Space",
            unfold_hint="展开 Ctrl+L",
            empty="没有风险提示",
        )
    )
    for step in range(60):
        made.tick(step / 30)
    return made


def cards(theme: Theme) -> list[SummaryCard]:
    made, rng = [], np.random.default_rng(8)
    for index, title in enumerate(SECTORS):
        severity = {2: YELLOW, 4: ORANGE}.get(index, NONE)
        made.append(SummaryCard(theme))
        made[-1].show_record(
            SummaryRecord(
                key=title,
                title=title,
                note=f"{7 + index % 5} 跑道",
                figure=str(97 - index * 4),
                severity=severity,
                is_outlined=severity == ORANGE,
                spark=90 + rng.normal(size=40).cumsum(),
                facts=(("异常体征", str(index * 2)), ("KPI 达标", f"{100 - index * 3}%")),
            )
        )
    return made


def fact_list(theme: Theme) -> FactList:
    made = FactList(theme)
    made.set_rows(fact_rows())
    made.select("4")
    made.tick(0.0)
    return made


def heat(theme: Theme, count: int = 6142) -> HeatGrid:
    rng, made = np.random.default_rng(5), HeatGrid(theme)
    cuts = np.array_split(np.arange(count, dtype=np.int32), len(SECTORS))
    made.set_groups([HeatGroup(key=name, title=name, members=cut) for name, cut in zip(SECTORS, cuts, strict=True)])
    severity = np.where(rng.random(count) < 0.006, rng.integers(1, 5, count), 0).astype(np.uint8)
    made.set_states(severity, rng.random(count) > 0.02)
    return made


def table(theme: Theme) -> ColumnTable:
    rng, made, count = np.random.default_rng(6), ColumnTable(theme), 6142
    severity = np.where(rng.random(count) < 0.3, rng.integers(1, 5, count), 0).astype(np.uint8)
    words = np.array(["—", "蓝", "黄", "橙", "红"])
    made.set_columns(
        [
            Column(key="band", title="级别", kind=ColumnKind.MARK, width=84),
            Column(key="name", title="体征", width=260),
            Column(key="value", title="数值", kind=ColumnKind.NUMBER, width=180, is_right=True),
            Column(key="unit", title="单位", width=80),
            Column(key="sector", title="板块", width=200),
        ]
    )
    made.set_data(
        TableData(
            cells={
                "band": words[severity],
                "name": np.array([f"体征 {n:04d} 水位" for n in range(count)]),
                "value": rng.normal(100, 40, count),
                "unit": np.array(["m"] * count),
                "sector": np.array(SECTORS)[np.arange(count) % 8],
            },
            severity=severity,
            is_stale=rng.random(count) < 0.1,
            decimals=np.full(count, 2, np.int8),
            ages=lambda row: f"迟 00:{row % 60:02d}",
        )
    )
    made.sort_by("band", descending=True)
    made.select_row(int(made.rows.order[2]))
    return made


def big_trend(theme: Theme) -> TrendView:
    made = TrendView(theme, interactive=True, has_axes=True)
    lines = (
        ("寸滩站 水位", "m", walk(179, 184, 0.4, 11)),
        ("磁器口 水位", "m", walk(178, 183, 0.4, 12)),
        ("北碚 雨量", "mm", walk(10, 40, 3, 13)),
        ("电网负荷", "GW", walk(22, 25, 0.3, 14)),
    )
    series = tuple(TrendSeries(key=name, name=name, unit=unit, source=source) for name, unit, source in lines)
    made.show_record(
        TrendRecord(title="多体征同轴", series=series, bands=(band(YELLOW, 180.5, 183.5), band(RED, 183.5)))
    )
    made.set_window(T0, T1)
    return made


def row_of(widgets: list[QWidget], stretch: bool = True) -> QWidget:
    box, layout = QWidget(), QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(10)
    for widget in widgets:
        layout.addWidget(widget)
    if not stretch:
        layout.addStretch(1)
    box.setLayout(layout)
    return box


def trends(theme: Theme) -> QWidget:
    box, grid = QWidget(), QGridLayout()
    grid.setSpacing(1)
    grid.setContentsMargins(0, 0, 0, 0)
    for index, record in enumerate(trend_records()):
        view = TrendView(theme)
        view.show_record(record)
        view.set_window(T0, T1)
        grid.addWidget(view, index // 3, index % 3)
    box.setLayout(grid)
    return box


def panel(theme: Theme, title: str, note: str, body: QWidget, margin: int = 0) -> Panel:
    made, box, layout = Panel(theme, title, note), QWidget(), QVBoxLayout()
    layout.setContentsMargins(margin, margin // 2, margin, margin)
    layout.addWidget(body)
    box.setLayout(layout)
    made.set_body(box)
    return made


def rail(theme: Theme) -> Rail:
    made = Rail(theme)
    pages = ("驾驶舱", "体征", "事件", "任务", "一张图", "指挥", "预案", "值班", "演练", "复盘")
    made.show_pages(
        [RailPage(key=p, text=p, hint=f"F{n}", badge={3: "2", 4: "17"}.get(n, "")) for n, p in enumerate(pages, 1)]
    )
    made.set_current("驾驶舱")
    return made


def chooser(theme: Theme) -> NoteChooser:
    made = NoteChooser(theme)
    made.open_for(
        "确认：寸滩站水位超保证",
        ["已通知现场核实", "误报：传感器检修", "已转事件处置", "持续观察", "上级已知"],
        "数字选择 · Esc 返回",
    )
    return made


def messages(theme: Theme) -> list[MessageLine]:
    made = []
    for tone, text, detail in (
        (MessageTone.REFUSED, "不能搁置：红色告警需带班长同意", "请带班长在 A-01 席位操作"),
        (MessageTone.TROUBLE, "中心服务中断，自 14:31:52", "实时数值照常；确认与指令暂不可用，恢复后自动重连"),
        (MessageTone.DONE, "已确认 3 条告警", ""),
        (MessageTone.NOTE, "演练域不会写入真实记录", ""),
    ):
        made.append(MessageLine(theme))
        made[-1].show_message(Message(tone=tone, text=text, detail=detail))
    return made


def parts(theme: Theme) -> QWidget:
    box, layout = QWidget(), QVBoxLayout()
    crumbs = Breadcrumb(theme)
    crumbs.show_crumbs([Crumb(key=k, text=k) for k in ("驾驶舱", "应急动员", "防汛抗旱", "江河水位", "寸滩站 水位")])
    stale, empty, refused = SummaryCard(theme), SummaryCard(theme), SummaryCard(theme)
    stale.show_record(
        SummaryRecord(
            key="s",
            title="生态景观",
            figure="90",
            presence=Presence.STALE,
            age="迟 02:13",
            spark=np.sin(np.arange(40) / 5) + 20,
            facts=(("异常体征", "3"),),
        )
    )
    empty.show_record(SummaryRecord(key="e", title="生态景观", presence=Presence.EMPTY, notice="还没有体征"))
    refused.show_record(SummaryRecord(key="r", title="生态景观", presence=Presence.REFUSED, notice="无权查看此板块"))
    selected = cards(theme)[4]
    selected.set_selected(True)
    silent, covered = Ticker(theme), Panel(theme, "在办事件", "督办 0")
    silent.set_texts(
        TickerTexts(waiting="未确认 0", empty="没有风险提示", pause_hint="暂停 Space", unfold_hint="展开 Ctrl+L")
    )
    covered.show_notice(Presence.REFUSED, "中心服务中断：事件列表不可用，自 14:31:52")
    covered.setFixedHeight(90)
    for widget in (
        row_of([*badges(theme), *lights(theme)], stretch=False),
        crumbs,
        silent,
        row_of([selected, stale, empty, refused]),
        chooser(theme),
        *messages(theme),
        SearchField(theme, "名称 / 拼音首字母 / 编码，如 csz → 寸滩站", "Ctrl+K"),
        covered,
    ):
        layout.addWidget(widget)
    box.setLayout(layout)
    return box


def cockpit(theme: Theme) -> QWidget:
    """The drawing's page, put together roughly: what the console does properly."""
    whole, column = QWidget(), QVBoxLayout()
    top, bar = QWidget(), QHBoxLayout()
    top.setFixedHeight(48)
    bar.addWidget(QLabel("重庆市 · 城市运行和治理中心"))
    bar.addWidget(badges(theme)[0])
    bar.addStretch(1)
    for light in lights(theme):
        bar.addWidget(light)
    top.setLayout(bar)
    body, middle, page = QHBoxLayout(), QVBoxLayout(), QHBoxLayout()
    left, lower = QVBoxLayout(), QHBoxLayout()
    left.addWidget(panel(theme, "重点体征", "30 分钟　1 h　6 h　24 h", trends(theme)), 3)
    lower.addWidget(panel(theme, "全域体征 6,142", "异常 33　无数据 112（虚线）", heat(theme), 12), 3)
    lower.addWidget(panel(theme, "在办事件 17", "督办 2　超时 1", QWidget()), 2)
    left.addLayout(lower, 2)
    page.addLayout(left, 3)
    page.addWidget(panel(theme, "告警", "Enter 处置　A 确认　S 搁置", fact_list(theme)), 1)
    middle.addWidget(row_of(list(cards(theme))))
    middle.addLayout(page, 1)
    middle.setContentsMargins(10, 10, 10, 10)
    body.addWidget(rail(theme))
    body.addLayout(middle, 1)
    for layout in (column, body):
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
    column.addWidget(top)
    column.addWidget(ticker(theme))
    column.addLayout(body, 1)
    whole.setLayout(column)
    Watermark(theme, whole).set_text("A-03 值班员 2026-07-18 14:32")
    return whole


SCENES: dict[str, tuple[Callable[[Theme], QWidget], tuple[tuple[int, int], ...]]] = {
    "cockpit": (cockpit, ((1920, 1080), (1366, 768))),
    "parts": (parts, ((1400, 760),)),
    "trends": (trends, ((1380, 444),)),
    "trend": (big_trend, ((1200, 480),)),
    "facts": (fact_list, ((460, 400), (300, 380))),
    "heat": (heat, ((780, 190), (560, 150))),
    "heat_small": (lambda theme: heat(theme, 700), ((780, 190),)),
    "table": (table, ((960, 420),)),
}


def main() -> None:
    """Render every scene in both themes."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/tmp/gallery")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    for name in ("night", "day"):
        theme = load_theme(name)
        apply_theme(app, theme)
        for scene, (make, sizes) in SCENES.items():
            for width, height in sizes:
                widget = make(theme)
                widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
                widget.resize(width, height)
                widget.show()
                app.processEvents()
                path = folder / f"{scene}-{width}-{name}.png"
                widget.grab().save(str(path))
                print(path)
                widget.deleteLater()


if __name__ == "__main__":
    main()
