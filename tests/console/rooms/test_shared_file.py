"""A file shown to all is fetched by each console by its own leave; what it may not see, it says why."""

from dataclasses import replace

from PySide6.QtCore import Qt

from chengyun_console.rooms.shared_file import CONTENT_SLOT, RECORD_SLOT, TEXT_SHOWN, SharedPaper
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason
from chengyun_core.wire.event_asks import AskEvent, AskFile, EventFile, FilePart
from tests.console.event_samples import event, put_events
from tests.console.rooms.sharing import Sharing
from tests.console.test_event_files import answer_part, kept, png

TEXT = "一、转移沿江低洼户\n二、关闭 3 号闸".encode()


def paper_of(sharing: Sharing) -> SharedPaper:
    found = sharing.sheet.shared.paper
    assert found is not None
    return found


def asks(sharing: Sharing) -> dict[str, object]:
    return {slot: ask for slot, (_kind, ask, _answer) in sharing.room.session.sent.asks.items()}


def tell(sharing: Sharing, file: Attachment) -> None:
    """Answer what the console asks first of a file: what it is."""
    ask = asks(sharing)[RECORD_SLOT]
    assert ask == AskFile(attachment=file.number, length=1)
    sharing.room.session.answer_ask(RECORD_SLOT, FilePart(attachment=file, offset=0, data=b"x"))
    sharing.room.beat(0.1)


def told(sharing: Sharing) -> str:
    return paper_of(sharing).view.accessibleDescription()


def test_that_a_text_is_read_where_it_is_shown_and_is_called_by_its_name(sharing: Sharing) -> None:
    file = kept(17, TEXT, media="text/plain", name="处置要点.txt")
    sharing.share("file/17")
    assert sharing.sheet.shared.isVisible()
    assert told(sharing) == sharing.room.desk.say("rooms.file.asked")
    tell(sharing, file)
    answer_part(sharing.room, CONTENT_SLOT, TEXT, file)
    paper = paper_of(sharing)
    sharing.room.qtbot.waitUntil(lambda: paper.text.toPlainText() == TEXT.decode(), timeout=20_000)
    assert paper.text.isVisible()
    sharing.room.beat(0.1)
    title = sharing.sheet.shared.title.toolTip() or sharing.sheet.shared.title.text()
    assert "处置要点.txt" in title
    assert "周敏" in title


def test_that_a_picture_is_seen_where_it_is_shown(sharing: Sharing) -> None:
    content = png()
    file = kept(3, content)
    sharing.share("file/3")
    tell(sharing, file)
    answer_part(sharing.room, CONTENT_SLOT, content, file)
    sharing.room.qtbot.waitUntil(lambda: told(sharing) == "现场.png", timeout=20_000)


def test_that_who_has_no_leave_reads_why(sharing: Sharing) -> None:
    sharing.share("file/17")
    refused = Reason(code="attachment.unknown", params={"attachment": "17"})
    sharing.room.session.answer_ask(RECORD_SLOT, refused)
    assert told(sharing) == sharing.room.desk.refusal(refused)
    assert CONTENT_SLOT not in asks(sharing)
    sharing.stand.press(Qt.Key.Key_W)
    assert sharing.sheet.isVisible()
    assert not sharing.room.window.event_desk.files.sheet.isVisible()


def test_that_a_file_nobody_answered_for_is_asked_for_again_after_a_while(sharing: Sharing) -> None:
    sharing.share("file/17")
    silent = Reason(code="session.no_answer", params={"daemon": "centre", "kind": "attachment.get"})
    sharing.room.session.answer_ask(RECORD_SLOT, silent)
    assert told(sharing) == sharing.room.desk.refusal(silent)
    sharing.room.beat(1.0)
    assert RECORD_SLOT not in asks(sharing)
    sharing.room.beat(5.0)
    tell(sharing, kept(17, b"x", media="application/pdf"))
    assert paper_of(sharing).file is not None


def test_that_of_a_long_text_the_beginning_is_shown_and_that_it_is_one(sharing: Sharing) -> None:
    content = b"x" * (TEXT_SHOWN + 1)
    file = kept(17, content, media="text/plain")
    sharing.share("file/17")
    tell(sharing, file)
    answer_part(sharing.room, CONTENT_SLOT, content, file)
    paper = paper_of(sharing)
    sharing.room.qtbot.waitUntil(lambda: bool(paper.text.toPlainText()), timeout=20_000)
    assert paper.text.toPlainText() == "x" * TEXT_SHOWN + "\n" + sharing.room.desk.say("rooms.file.cut")


def test_that_who_sits_down_after_another_is_offered_nothing_of_his(sharing: Sharing) -> None:
    put_events(sharing.room.session, replace(event(7), attachments=1, attachment_numbers=(3,)))
    sharing.room.beat()
    sharing.room.session.answer_ask("room files", EventFile(event=event(7), attachments=(kept(3, TEXT),)))
    assert [value for _text, value in sharing.offered() if str(value).startswith("file/")] == ["file/3"]
    sharing.room.session.sign_off()
    assert sharing.room.desk.rooms.focus.files == {}
    assert (sharing.room.desk.rooms.focus.sight, sharing.room.desk.rooms.focus.trend) == (None, None)


def test_that_a_leave_taken_away_in_between_is_told(sharing: Sharing) -> None:
    sharing.share("file/17")
    tell(sharing, kept(17, TEXT, media="text/plain"))
    refused = Reason(code="attachment.gone", params={"digest": "x"})
    sharing.room.session.answer_ask(CONTENT_SLOT, refused)
    # What came so far is put away beside the window before it is told.
    sharing.room.qtbot.waitUntil(lambda: told(sharing) == sharing.room.desk.refusal(refused), timeout=20_000)


def test_that_what_is_not_shown_here_says_what_it_is_and_opens_large(sharing: Sharing) -> None:
    file = kept(17, b"%PDF-1.7 x", media="application/pdf", name="预案.pdf")
    sharing.share("file/17")
    tell(sharing, file)
    assert told(sharing) == sharing.room.desk.say("events.files.elsewhere", media="application/pdf")
    assert CONTENT_SLOT not in asks(sharing), "what cannot be shown is not fetched"
    sharing.stand.press(Qt.Key.Key_W)
    large = sharing.room.window.event_desk.files.sheet
    assert large.isVisible()
    assert large.file == file
    sharing.stand.press(Qt.Key.Key_Escape)
    assert not large.isVisible()
    assert sharing.sheet.isVisible(), "the room is beneath it"


def test_that_a_clip_is_not_played_at_everybodys_by_itself(sharing: Sharing) -> None:
    sharing.share("file/17")
    tell(sharing, kept(17, b"x" * 100, media="video/mp4", name="C-1.mp4"))
    assert told(sharing) == sharing.room.desk.say("rooms.file.clip")
    assert CONTENT_SLOT not in asks(sharing)


def test_that_an_answer_that_comes_too_late_is_not_shown(sharing: Sharing) -> None:
    sharing.share("file/17")
    _kind, _ask, late = sharing.room.session.sent.asks[RECORD_SLOT]
    sharing.share("file/18")
    late(FilePart(attachment=kept(17, TEXT, media="text/plain"), offset=0, data=b"x"))
    assert paper_of(sharing).file is None
    sharing.share("")
    assert sharing.sheet.shared.isHidden()
    late(Reason(code="attachment.unknown", params={"attachment": "17"}))
    assert told(sharing) == ""


def test_that_a_changed_label_takes_it_away_and_has_it_asked_anew(sharing: Sharing) -> None:
    file = kept(17, TEXT, media="text/plain")
    sharing.share("file/17")
    tell(sharing, file)
    answer_part(sharing.room, CONTENT_SLOT, TEXT, file)
    sharing.room.qtbot.waitUntil(lambda: bool(paper_of(sharing).text.toPlainText()), timeout=20_000)
    sharing.room.session.facts_came.emit(_relabelled(sharing))
    assert paper_of(sharing).text.toPlainText() == ""
    assert sharing.room.desk.rooms.focus.files == {}
    assert asks(sharing)[RECORD_SLOT] == AskFile(attachment=17, length=1)


def test_that_files_nobody_answered_for_are_asked_for_again_and_refused_ones_are_not(sharing: Sharing) -> None:
    put_events(sharing.room.session, replace(event(7), attachments=1, attachment_numbers=(3,)))
    sharing.room.beat()
    sharing.room.session.answer_ask("room files", Reason(code="session.no_answer"))
    sharing.room.beat()
    assert asks(sharing)["room files"] == AskEvent(event=7)
    sharing.room.session.answer_ask("room files", Reason(code="label.not_cleared"))
    sharing.room.beat()
    assert "room files" not in asks(sharing)
    assert not [value for _text, value in sharing.offered() if str(value).startswith("file/")]


def test_that_the_chosen_file_is_offered_before_the_newest_ones(sharing: Sharing) -> None:
    numbers = (3, 4, 5, 6, 7)
    files = tuple(kept(number, TEXT, name=f"附件{number}.txt") for number in numbers)
    put_events(sharing.room.session, replace(event(7), attachments=5, attachment_numbers=numbers))
    sharing.room.beat(0.1)
    sharing.room.session.answer_ask("room files", EventFile(event=event(7), attachments=files))
    sharing.room.desk.event_focus.file = files[0]
    offered = [one for one in sharing.offered() if str(one[1]).startswith("file/")]
    assert offered == [("文件 附件3.txt", "file/3"), ("文件 附件7.txt", "file/7"), ("文件 附件6.txt", "file/6")]
    sharing.room.desk.select_vital(1)
    assert len(sharing.offered()) <= 9, "as many as there are digits"


def _relabelled(sharing: Sharing) -> FactNews:
    through = sharing.room.session.facts.through
    return FactNews(
        facts=(), gone=(), changes=(), through=through, tail=through, complete=True, relabelled=True
    )  # fmt: skip
