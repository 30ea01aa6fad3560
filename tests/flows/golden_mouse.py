"""WF2 by mouse alone: every step of `golden_keys` by clicks; texts are typed, for no mouse writes them."""

from collections.abc import Callable
from pathlib import Path

from chengyun_core.model.order import Step
from tests.flows import golden_keys as keys
from tests.flows.golden_path import OTHERS, SILENT, GoldenPath
from tests.flows.ten_minutes import RAIL_ITEM_PX, Stranger
from tests.support import golden_city as golden
from tests.support.city_clock import set_clock

EVENTS, TASKS = 2, 3
"""Places on the rail."""
FIRST_NOTE_PX = (40, 42)
"""From the corner of a chooser to its first choice."""


def the_whole_way(path: GoldenPath, folder: Path) -> None:
    """Act every step. `folder`: where the unit's photo lies."""
    _to_the_orders(path)
    _receipts(path)
    _report(path)
    _feedback(path, keys.photo_in(folder))
    _the_end(path)
    _review(path)


def _to_the_orders(path: GoldenPath) -> None:
    one = path.one
    path.burst()
    path.act("2", one, lambda: _double(one, golden.NAME, "FactList"), path.sees("AlarmCard"))
    path.act("3", one, lambda: one.click("A 确认", "QPushButton"), path.sees("NoteChooser"))
    path.act("3", one, lambda: _first_note(one), path.is_acknowledged(), row="alarm.acknowledge")
    _cameras(path)
    path.act("5", one, lambda: one.click("E 生成事件", "QPushButton"), path.shows("建议 较大"))
    opened = path.shows("首报 余", f"较大 {golden.TITLE}")
    path.act("6", one, lambda: one.click("Ctrl+Enter 登记并定级", "QPushButton"), opened, row="event.grade")
    path.act("7", one, lambda: one.click("P 预案", "QPushButton"), path.shows("城市供水爆管处置", "关阀止水"))
    reviewed = path.shows("下达前复核", "关阀止水并抢修管道", "渝中区供水抢修队")
    path.act("7", one, lambda: _double(one, "城市供水爆管处置", "StepList"), reviewed, row="plan.start")
    sent = path.has("order.send", len(golden.CALLED))
    path.act("8", one, lambda: _click(one, "Ctrl+Enter"), sent, row="order.send")
    one.eyes.kind("MatrixSheet")


def _cameras(path: GoldenPath) -> None:
    """From the alarm's card to the cameras and back to it."""
    one, pooled = path.one, golden.NEAREST[golden.POOLED]
    path.act("4", one, lambda: one.click("V 就近视频", "QPushButton"), path.are_live(*golden.NEAREST.values()))
    path.act("4", one, lambda: _click_pane(one, pooled), lambda: True)
    path.act("4", one, lambda: one.click("G 截图取证", "QPushButton"), path.sees("NoteChooser"))
    path.act("4", one, lambda: _first_note(one), path.keeps(golden.POOLED))
    path.act("4", one, lambda: one.click("Esc 返回", "QPushButton"), lambda: not path.sees("VideoSheet")())


def _receipts(path: GoldenPath) -> None:
    team, one = path.team, path.one
    path.units.sign_on(*OTHERS)
    path.act("9a", team, lambda: None, path.has("receipt.deliver"))
    path.act("9a", team, lambda: _click(team, "收到"), path.shows("已签收 余", at=team))
    path.act("9a", team, lambda: team.click("城市供水爆管处置", "FactList"), path.has("receipt.read"))
    path.act("9a", team, lambda: team.click("Enter 签收", "QPushButton"), path.has("receipt.sign"))
    for code in OTHERS:
        path.units.tell(code, Step.DELIVERED, Step.READ, Step.SIGNED)
    path.act("9a", one, lambda: None, path.shows("签收 4"))
    path.has_its_clip()
    set_clock(path.city, rate=keys.FASTER)
    path.act("9b", one, lambda: None, path.is_called("remind"))
    path.act("9c", one, lambda: None, path.is_called("call"))
    path.leap(0.0)
    _is_confirmed(path)
    on_site, at_work = (path.shows(f"供水抢修队 {said}", at=team) for said in ("到场", "正在处置"))
    path.act("9e", team, lambda: team.click("2 到场", "QPushButton"), on_site)
    path.act("9e", team, lambda: team.click("3 处置中", "QPushButton"), at_work)
    path.units.sign_on(SILENT)
    for code in (SILENT, *OTHERS):
        path.units.tell(code, Step.ARRIVED, Step.HANDLING)
    path.act("9e", one, lambda: None, path.has("receipt.handle", len(golden.CALLED)))


def _is_confirmed(path: GoldenPath) -> None:
    one = path.one
    path.act("9d", one, lambda: _double_in_matrix(one), path.shows("时限模板", "催办次数"))
    path.act("9d", one, lambda: one.click("C 代为确认", "QPushButton"), path.shows(f"代 {keys.SILENT_NAME}"))
    _write(path, "9d", one, "原话", keys.SAID)
    _write(path, "9d", one, "谁说的", keys.SAID_BY)
    path.act("9d", one, lambda: _click(one, "Ctrl+Enter 提交"), path.has("receipt.confirm"))


def _report(path: GoldenPath) -> None:
    one = path.one
    path.act("10a", one, lambda: _rail(one, EVENTS), path.shows("R 报送"))
    path.act("10a", one, lambda: one.click("R 报送", "QPushButton"), path.has_draft)
    _write(path, "10a", one, "", keys.ADDED, kind="QPlainTextEdit")
    path.act("10a", one, lambda: one.click("Ctrl+Enter 报送上级", "QPushButton"), path.shows("4 报送 1"))
    path.act("10b", one, lambda: one.click("更多办理", "QPushButton"), path.shows("Shift+T 上级回执"))
    path.act("10b", one, lambda: one.click("Shift+T 上级回执", "QPushButton"), path.sees("NoteChooser"))
    path.act("10b", one, lambda: _first_note(one), path.shows("通过什么"))
    path.act("10b", one, lambda: _first_note(one), path.shows("上级谁签收"))
    path.act("10b", one, lambda: one.write(keys.RECEIVER), path.shows(keys.RECEIVER))
    path.press("10b", "Return", until=path.has("event.report_received"))


def _feedback(path: GoldenPath, photo: Path) -> None:
    path.leap(keys.MEANWHILE_S)
    path.city.truth[golden.PRESSURE] = golden.WELL
    path.act("11a", path.one, path.city.publish_all, path.has("alarm.return"))
    team = path.team
    path.act("11b", team, lambda: team.click("4 反馈", "QPushButton"), path.shows("解决措施", at=team))
    for name, words in zip(keys.FIELDS, keys.FOUR, strict=True):
        _write(path, "11b", team, name, words)
    path.act("11b", team, lambda: team.click("加附件", "QPushButton"), path.shows(keys.DIALOG, at=team))
    path.gives_the_keyboard(team, keys.DIALOG)
    path.act("11b", team, lambda: team.write(str(photo)), path.shows(str(photo), at=team))
    kept = path.shows(f"{photo.name} 已", at=team)
    path.act("11b", team, lambda: _choose_file(team), kept)
    path.gives_the_keyboard(team, ".")
    path.act("11b", team, lambda: _click(team, "Ctrl+Enter 提交"), path.has("receipt.feed_back"))
    for code in (SILENT, *OTHERS):
        path.units.tell(code, Step.FED_BACK)


def _the_end(path: GoldenPath) -> None:
    team, other = path.team, path.other
    path.act("12a", team, lambda: None, lambda: not team.eyes.has("K 核查", "QPushButton"))
    path.act("12b", other, lambda: None, path.shows(golden.TITLE, "核查", at=other))
    path.act("12b", other, lambda: _click(other, "5 附件"), path.shows(golden.NEAREST[golden.POOLED], at=other))
    path.act("12b", other, lambda: _click(other, "K "), path.shows("Z 办结", at=other))
    path.act("12c", other, lambda: _click(other, "Z "), path.shows("Shift+R 复盘", at=other))
    other.eyes.look_again()  # with fewer deeds the tabs have moved up; who has seen that clicks where they are
    path.act("13a", other, lambda: _click(other, "6 链路用时"), path.is_waterfall(other))


def _review(path: GoldenPath) -> None:
    other = path.other
    began = path.focuses("QPlainTextEdit", at=other)
    path.act("13b", other, lambda: _click(other, "Shift+R"), began)
    path.act("13b", other, lambda: other.write(keys.FINDING), path.shows(keys.FINDING, at=other))
    _write(path, "13b", other, "内容", keys.ITEM)
    _choose(path, other, "类别", "阈值")
    _choose(path, other, "责任岗位", "供水跑道长")
    path.act("13b", other, lambda: _click(other, "Ctrl+Enter"), path.has("event.review"))


def _choose_file(one: Stranger) -> None:
    """Click on the dialogue's button; a click while its suggestions are open only closes them."""
    _click(one, "选定")
    one.eyes.look_again()
    if keys.DIALOG in one.eyes.said():
        _click(one, "选定")


def _write(path: GoldenPath, name: str, one: Stranger, field: str, text: str, *, kind: str = "") -> None:
    """Click into a field and write there."""
    there = path.is_in(field, at=one) if field else path.focuses(kind, at=one)
    path.act(name, one, lambda: one.hands.click(*_place(one, lambda seen: _is_field(seen, field, kind))), there)
    path.act(name, one, lambda: one.write(text), path.shows(text, at=one))


def _choose(path: GoldenPath, one: Stranger, box: str, choice: str) -> None:
    """Open the first drop-down box of a name, and click on a choice; a click while one is open only closes it."""

    def is_open() -> bool:
        return any(str(row["text"]).startswith(choice) for row in one.eyes.rows())  # type: ignore[index]

    path.act("13b", one, lambda: one.hands.click(*_place(one, lambda seen: _is_field(seen, box, "ChoiceBox"))), is_open)
    path.act("13b", one, lambda: one.click(choice), lambda: not is_open() and path.shows(choice, at=one)())


def _is_field(seen: dict[str, object], name: str, kind: str) -> bool:
    fields = (kind,) if kind else ("QLineEdit", "QPlainTextEdit", "ComposingLine")
    return seen["kind"] in fields and name in str(seen["name"])


def _click(one: Stranger, text: str) -> None:
    """Click on the first button whose words begin so: counts follow the words, and keys lead or trail them."""
    one.hands.click(*_place(one, lambda seen: seen["kind"] == "QPushButton" and str(seen["text"]).startswith(text)))


def _place(one: Stranger, is_it: Callable[[dict[str, object]], bool]) -> tuple[int, int]:
    one.eyes.wait_for("what is to be clicked", lambda: any(map(is_it, one.eyes.all())))
    x, y, width, height = next(seen["rect"] for seen in one.eyes.all() if is_it(seen))  # type: ignore[misc]
    return x + width // 2, y + height // 2


def _double(one: Stranger, text: str, kind: str) -> None:
    place = one.eyes.place_of(text, kind)
    one.hands.click(*place)
    one.hands.click(*place)


def _double_in_matrix(one: Stranger) -> None:
    """Double-click on the first receipt: below the matrix's head and the first order's line."""
    x, y, _width, _height = one.eyes.kind("_Rows")["rect"]  # type: ignore[misc]
    for _ in range(2):
        one.hands.click(x + 60, y + 46)


def _click_pane(one: Stranger, camera: str) -> None:
    one.hands.click(*_place(one, lambda seen: seen["kind"] == "VideoPane" and str(seen["name"]).startswith(camera)))


def _first_note(one: Stranger) -> None:
    x, y, _width, _height = one.eyes.kind("NoteChooser")["rect"]  # type: ignore[misc]
    one.hands.click(x + FIRST_NOTE_PX[0], y + FIRST_NOTE_PX[1])


def _rail(one: Stranger, place: int) -> None:
    x, y, width, _height = one.eyes.kind("Rail")["rect"]  # type: ignore[misc]
    one.hands.click(x + width // 2, y + RAIL_ITEM_PX * place + RAIL_ITEM_PX // 2)
