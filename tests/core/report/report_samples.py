"""Documents for the tests of this room, and what a reader finds in a PDF of one."""

import io

import pypdf

from chengyun_core.report.document import (
    CellKind,
    Column,
    Document,
    Fact,
    Section,
    SignatureLine,
    Table,
)

MADE_AT = 1_784_000_000_123_456_789
"""2026-07-14T03:33:20Z"""


def document(*paragraphs: str, **changes: object) -> Document:
    """Return a small document of these paragraphs."""
    given: dict[str, object] = {"title": "值班日报", "made_at": MADE_AT, "sections": (Section(paragraphs=paragraphs),)}
    return Document(**(given | changes))  # type: ignore[arg-type]


def full_document(rows: int = 40) -> Document:
    """Return a document with every part there is."""
    columns = (
        Column(title="时间", kind=CellKind.TIME, weight=2), Column(title="内容", weight=4),
        Column(title="数值", kind=CellKind.NUMBER),
    )  # fmt: skip
    lines = tuple((MADE_AT + 61 * 10**9 * at, f"第{at}条，大溪沟水位超阈值，已核实", at / 4) for at in range(rows))
    return document(
        issuer="某市城市运行和治理中心", number="城运值〔2026〕325号", label="秘密★1年", urgency="特急",
        heads=(Fact(name="值班时段", value="2026年7月14日8时至20时"),),
        sections=(
            Section(heading="一、总体情况", paragraphs=("总体平稳。" * 20,), facts=(Fact(name="红色", value="3"),)),
            Section(heading="二、告警", tables=(Table(caption="表1", columns=columns, rows=lines),), notes=("注。",)),
            Section(heading="三、待办", items=("一条", "两条"), tables=(Table(columns=columns, nothing="无"),)),
        ),
        signed="某市城市运行和治理中心", dated="2026年7月14日",
        signatures=(
            SignatureLine(role="交班人", name="张𬭎", at="20:01", proof="ab" * 32), SignatureLine(role="接班人"),
        ),
        audit_head="12345:" + "0f" * 32, page_words="第{page}页 共{pages}页", watermark="张三 02号席",
    )  # fmt: skip


def words_of(data: bytes) -> list[str]:
    """Return what a reader finds on each page, without blanks and line ends, which are the layout's."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def gb2312() -> str:
    """Return every sign of GB 2312: symbols of rows 1-9, and the 6763 ideographs of both levels."""
    rows = (*range(0xA1, 0xAA), *range(0xB0, 0xF8))
    raw = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return "".join(sign.decode("gb2312", "ignore") for sign in raw)
