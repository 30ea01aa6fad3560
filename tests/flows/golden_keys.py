"""WF2 by keys alone, from the alarm to the review: every step at a real window."""

from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage

from chengyun_core.model.order import Step
from tests.flows.golden_path import OTHERS, SILENT, GoldenPath
from tests.support import golden_city as golden
from tests.support.city_clock import set_clock

FASTER = 20.0
"""Profile seconds per second while one waits for reminders, calls and crews."""
MEANWHILE_S = 2.8 * 3600.0
"""The repair takes nearly three hours of the city's time: the plan gives its step three."""
SAID_BY, SAID = "街道值班室李明", "短信没看到，人已出发，五分钟到嘉西村"
SILENT_NAME = "上清寺街道办事处"
ADDED = "抢修队已到场关阀，影响约200户，正安排送水。"
RECEIVER = "市应急值班室 王芳"
DIALOG = "选择要附上的文件"
FIELDS = ("与谁沟通", "解决措施", "解决时限")
FOUR = ("嘉西村居委会 周主任", "已关阀，更换DN400管段6米，冲洗后恢复供水", "17:30前恢复")
FINDING = "阈值提前量不足：压力降到红限才告警，比群众来电只早二分钟"
ITEM = "上清寺供水压力黄限由0.20调到0.24 MPa"


def the_whole_way(path: GoldenPath, folder: Path) -> None:
    """Act every step. `folder`: where the unit's photo lies."""
    to_the_orders(path)
    receipts(path)
    report(path)
    feedback(path, photo_in(folder))
    the_end(path)
    review(path)


def photo_in(folder: Path) -> Path:
    """Return a picture of the place, as a phone writes one."""
    photo = folder / "jiaxi-1652.png"
    picture = QImage(640, 480, QImage.Format.Format_RGB32)
    picture.fill(0x446688)
    assert picture.save(str(photo))
    return photo


def to_the_orders(path: GoldenPath) -> None:
    """Act steps 1 to 8; the receipts matrix comes by itself."""
    path.burst()
    path.camera.take(path.one, "01-alarm")
    path.press("2", "ctrl+j", until=path.shows(golden.CODE))
    path.press("2", "Return", until=path.sees("AlarmCard"))
    path.camera.take(path.one, "02-alarm-card")
    path.press("3", "a", until=path.focuses("NoteChooser"))
    path.press("3", "1", until=path.is_acknowledged(), row="alarm.acknowledge")
    path.camera.take(path.one, "03-acknowledged")
    cameras(path)
    path.press("5", "e", until=path.focuses("LevelPad", "建议 较大"))
    path.camera.take(path.one, "05-event-form")
    path.press("6", "Return", until=path.shows("首报 余", f"较大 {golden.TITLE}"), row="event.grade")
    path.camera.take(path.one, "06-graded")
    path.press("7", "p", until=path.shows("城市供水爆管处置", "关阀止水"))
    path.camera.take(path.one, "07-plan")
    reviewed = path.shows("下达前复核", "关阀止水并抢修管道", "渝中区供水抢修队")
    path.press("7", "Return", until=reviewed, row="plan.start")
    path.camera.take(path.one, "08-orders-review")
    path.press("8", "ctrl+Return", until=path.has("order.send", len(golden.CALLED)), row="order.send")
    path.one.eyes.kind("MatrixSheet")


def cameras(path: GoldenPath) -> None:
    """Act step 4: the four nearest cameras, all live; the second shows the water, and its picture is kept."""
    path.press("4", "v", until=path.are_live(*golden.NEAREST.values()))
    path.camera.take(path.one, "04-cameras")
    path.press("4", "Right", "g", until=path.focuses("NoteChooser", golden.NEAREST[golden.POOLED]))
    path.camera.take(path.one, "04a-evidence")
    path.press("4", "2", until=path.keeps(golden.POOLED))


def receipts(path: GoldenPath) -> None:
    """Act step 9: four sign, the fifth is silent, is reminded and called, and is confirmed by phone; all work."""
    _four_sign(path)
    path.has_its_clip()
    set_clock(path.city, rate=FASTER)
    path.act("9b", path.one, lambda: None, path.is_called("remind"))
    path.act("9c", path.one, lambda: None, path.is_called("call"))
    path.leap(0.0)
    path.camera.take(path.one, "09a-called")
    _is_confirmed(path)
    path.press("9e", "2", at=path.team, until=path.shows("供水抢修队 到场", at=path.team))
    path.press("9e", "3", at=path.team, until=path.shows("供水抢修队 正在处置", at=path.team))
    path.units.sign_on(SILENT)
    for code in (SILENT, *OTHERS):
        path.units.tell(code, Step.ARRIVED, Step.HANDLING)
    path.act("9e", path.one, lambda: None, path.has("receipt.handle", len(golden.CALLED)))
    _all_under_one_focus(path)


def _all_under_one_focus(path: GoldenPath) -> None:
    """F6: the event's cameras live, its plan, its receipts and its line of time beside the map."""
    path.press("9e", "F6", until=path.are_live(*golden.NEAREST.values()))
    path.act("9e", path.one, lambda: None, path.shows("城市供水爆管处置", "5/5 下达", "5 签收"))
    path.camera.take(path.one, "09c-command")


def _four_sign(path: GoldenPath) -> None:
    team = path.team
    path.units.sign_on(*OTHERS)
    path.act("9a", team, lambda: None, path.has("receipt.deliver"))
    path.press("9a", "bracketright", "Down", at=team, until=path.has("receipt.read"))
    path.press("9a", "Return", at=team, until=path.has("receipt.sign"))
    for code in OTHERS:
        path.units.tell(code, Step.DELIVERED, Step.READ, Step.SIGNED)
    path.act("9a", path.one, lambda: None, path.shows("签收 4"))
    path.camera.take(path.one, "09-receipts-matrix")


def _is_confirmed(path: GoldenPath) -> None:
    """From the matrix to the silent receipt on F4, where C is written for it."""
    one = path.one
    path.press("9d", "Home", "Return", until=path.shows("时限模板", "催办次数"))
    path.press("9d", "c", until=path.focuses("QPlainTextEdit", f"代 {SILENT_NAME}"))
    path.act("9d", one, lambda: one.write(SAID), path.shows(SAID))
    path.press("9d", "Tab", until=path.focuses("QLineEdit"))
    path.act("9d", one, lambda: one.write(SAID_BY), path.shows(SAID_BY))
    path.camera.take(one, "09b-on-behalf")
    path.press("9d", "ctrl+Return", until=path.has("receipt.confirm"))


def report(path: GoldenPath) -> None:
    """Act step 10: the first report, drafted by the program, edited, sent; the superior's receipt of it."""
    one = path.one
    path.press("10a", "F3", "r", until=lambda: path.focuses("QPlainTextEdit")() and path.has_draft())
    path.press("10a", "ctrl+End", until=lambda: True)
    path.act("10a", one, lambda: one.write(ADDED), path.shows(ADDED))
    path.camera.take(one, "10-first-report")
    path.press("10a", "ctrl+Return", until=path.shows("4 报送 1"))
    path.press("10b", "shift+t", "1", "2", until=path.shows("上级谁签收"))
    path.act("10b", one, lambda: one.write(RECEIVER), path.shows(RECEIVER))
    path.press("10b", "Return", until=path.has("event.report_received"))


def feedback(path: GoldenPath, photo: Path) -> None:
    """Act step 11, three hours later: the pressure is back, the team feeds back with its four elements and a photo."""
    path.leap(MEANWHILE_S)
    path.city.truth[golden.PRESSURE] = golden.WELL
    path.act("11a", path.one, path.city.publish_all, path.has("alarm.return"))
    team = path.team
    path.press("11b", "4", at=team, until=path.focuses("QLineEdit", "解决措施", at=team))
    for field, words in zip(FIELDS, FOUR, strict=True):
        path.act("11b", team, lambda: None, path.is_in(field, at=team))
        path.act("11b", team, partial(team.write, words), path.shows(words, at=team))
        path.press("11b", "Tab", at=team, until=lambda: True)
    path.press("11b", "Tab", "space", at=team, until=path.shows(DIALOG, at=team))
    path.gives_the_keyboard(team, DIALOG)
    path.act("11b", team, lambda: team.write(str(photo)), path.shows(str(photo), at=team))
    path.press("11b", "Return", at=team, until=path.shows(f"{photo.name} 已", at=team))
    path.gives_the_keyboard(team, ".")
    path.camera.take(team, "11-feedback")
    path.press("11b", "ctrl+Return", at=team, until=path.has("receipt.feed_back"))
    for code in (SILENT, *OTHERS):
        path.units.tell(code, Step.FED_BACK)


def the_end(path: GoldenPath) -> None:
    """Act step 12: who handled it may not check it; a colleague at another seat sees its files, checks and closes."""
    team, other = path.team, path.other
    path.press("12a", "k", at=team, until=path.shows("无权", at=team))
    path.camera.take(team, "12a-own-check")
    path.act("12b", other, lambda: None, path.shows(golden.TITLE, "待核查", at=other))
    path.press("12b", "5", at=other, until=path.shows(golden.NEAREST[golden.POOLED], at=other))
    path.camera.take(other, "12-verify", looks=20)
    path.press("12b", "k", at=other, until=path.shows("Z 办结", at=other))
    path.press("12c", "z", at=other, until=path.shows("Shift+R 复盘", at=other))
    path.press("13a", "6", at=other, until=path.is_waterfall(other))
    path.camera.take(other, "12b-closed")


def review(path: GoldenPath) -> None:
    """Act step 13: the waterfall of hops, a finding and who mends what until when."""
    other = path.other
    path.press("13b", "shift+r", at=other, until=path.focuses("QPlainTextEdit", at=other))
    path.act("13b", other, lambda: other.write(FINDING), path.shows(FINDING, at=other))
    path.press("13b", "Tab", at=other, until=path.focuses("QLineEdit", at=other))
    path.act("13b", other, lambda: other.write(ITEM), path.shows(ITEM, "7 天内", at=other))
    path.press("13b", "Tab", "Down", at=other, until=path.shows("阈值", at=other))
    path.press("13b", "Tab", "Down", "Down", "Down", at=other, until=path.shows("供水跑道长", at=other))
    path.camera.take(other, "13-review")
    path.press("13b", "ctrl+Return", at=other, until=path.has("event.review"))
