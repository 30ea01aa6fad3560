"""Jobs as a console would send them, for tests of the press."""

import io
import json
import math
from pathlib import Path

import numpy as np
import pytest

from chengyun_console.paper.job import PrintOrder, frames
from chengyun_console.paper.press.__main__ import run
from chengyun_console.paper.printed import (
    Block,
    Printed,
    PrintedBand,
    PrintedChart,
    PrintedColumn,
    PrintedGrid,
    PrintedGroup,
    PrintedMark,
    PrintedRow,
    PrintedSeries,
    PrintedTable,
    PrintHead,
)

S = 1_000_000_000
T1_NS = 1_784_356_327 * S
T0_NS = T1_NS - 1_800 * S
BANDS = ("正常", "蓝色", "黄色", "橙色", "红色")


def head(*, is_drill: bool = False) -> PrintHead:
    """Return the head of a print-out at A-03."""
    return PrintHead(
        title="全域体征",
        centre="重庆市城市运行和治理中心",
        mode="演练" if is_drill else "平时",
        is_drill=is_drill,
        filter="异常 · 应急动员",
        span="14:02 — 14:32",
        as_of="2026-07-18 14:32:07",
        as_of_iso="2026-07-18T14:32:07.000+08:00",
        account="李值班 (officer)",
        seat="A-03",
        journal_head=98_765,
        watermark="A-03 李值班 2026-07-18 14:32",
    )


def order(target: Path, *, landscape: bool = True, is_drill: bool = False, language: str = "zh_CN") -> PrintOrder:
    """Return an order for the format the target's ending names, recorded beside it."""
    return PrintOrder(
        format=target.suffix[1:],
        target=str(target),
        printer="",
        landscape=landscape,
        language=language,
        utc_offset_minutes=480,
        record_file=str(target.parent / "exports.jsonl"),
        own_folder=str(target.parent / "own"),
        head=head(is_drill=is_drill),
    )


def table(rows: int, name: str = "寸滩站水位", *, title: str = "") -> PrintedTable:
    """Return a table of vitals."""
    columns = (
        PrintedColumn(title="等级", width=60),
        PrintedColumn(title="名称", width=240),
        PrintedColumn(title="数值", width=90, is_right=True),
        PrintedColumn(title="采样时间", only_csv=True),
    )
    told = [
        PrintedRow(cells=(BANDS[at % 5], f"{name} {at}", f"{at}.50", "2026-07-18T14:32:07.000+08:00"), severity=at % 5)
        for at in range(rows)
    ]
    return PrintedTable(title=title, columns=columns, rows=told, has_marks=True)


def chart(points: int = 100) -> PrintedChart:
    """Return a chart with a yellow and a red band, a mark, and a break in its only line."""
    times = np.linspace(T0_NS, T1_NS, points).astype("<i8")
    values = np.linspace(170.0, 190.0, points).astype("<f8")
    values[points // 2] = np.nan
    series = PrintedSeries(
        code="CQ.WL.1", name="寸滩站 水位", unit="m", decimals=2, times=times.tobytes(), values=values.tobytes()
    )
    return PrintedChart(
        title="寸滩站 水位",
        value="183.62",
        unit="m",
        severity=4,
        limits="黄 180.50  红 183.50",
        t0_ns=T0_NS,
        t1_ns=T1_NS,
        bands=(
            PrintedBand(low=180.5, high=183.5, severity=2, edge=180.5),
            PrintedBand(low=183.5, high=math.inf, severity=4, edge=183.5),
        ),
        marks=(PrintedMark(time_ns=T0_NS + 600 * S, severity=4),),
        series=(series,),
    )


def grid() -> PrintedGrid:
    """Return a heat grid of two groups."""
    cells = bytes([4, 3, 2, 1, *[0] * 40, 255])
    return PrintedGrid(
        groups=(PrintedGroup(title="应急动员", severity=cells), PrintedGroup(title="设施", severity=cells))
    )


def job(made: PrintOrder, *blocks: Block) -> bytes:
    """Return the bytes of a job."""
    return b"".join(frames(made, Printed(title="", blocks=blocks)))


def pressed(
    capsys: pytest.CaptureFixture[str], made: PrintOrder, *blocks: Block
) -> tuple[int, list[dict[str, object]]]:
    """Return the exit code of the press and the lines it told."""
    code = run(io.BytesIO(job(made, *blocks)))
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]
