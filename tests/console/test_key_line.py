"""The line of keys beneath the alarm list offers what this officer may do, and nothing else."""

from chengyun_console.pages.cockpit.key_line import IN_LINE, key_line, wrapped
from chengyun_core.model.command import COMMANDS
from chengyun_resources.texts import Texts

ALL = frozenset(COMMANDS)


def test_that_a_key_that_would_be_refused_is_not_offered() -> None:
    say = Texts("zh_CN").say
    chief, officer = key_line(say, ALL), key_line(say, ALL - {"vital.suppress", "vital.take_out"})
    assert "X 抑制" in chief
    assert "O 停用" in chief
    assert chief.startswith("A 确认   Enter 打开告警卡   U 撤销确认   S 搁置")
    assert "X" not in officer
    assert "O" not in officer


def test_that_nobody_is_offered_a_deed_before_sign_on() -> None:
    assert key_line(Texts("en").say, frozenset()) == "Enter Open the alarm card   → unfold"


def test_that_every_deed_of_the_line_stands_in_both_languages() -> None:
    for language in ("zh_CN", "en"):
        assert len(key_line(Texts(language).say, ALL).split("   ")) == len(IN_LINE) + 1


def test_that_a_wrapped_line_never_parts_a_key_from_its_deed() -> None:
    line = wrapped(key_line(Texts("en").say, ALL))
    assert all(" " not in deed for deed in line.split("   "))
    assert line.replace("\u00a0", " ").replace("\u2011", "-") == key_line(Texts("en").say, ALL)


def test_that_a_wrapped_line_breaks_in_no_chinese_word() -> None:
    line = wrapped("A 选同单位   R 申请退回/延期")
    assert line.split("   ") == [
        "A\u00a0选\u2060同\u2060单\u2060位",
        "R\u00a0申\u2060请\u2060退\u2060回\u2060/\u2060延\u2060期",
    ]
