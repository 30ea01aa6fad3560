"""Broken glass at a console: two persons open at the log-in, a band and a lamp tell it, administrators review it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from chengyun_console.glass.form import GlassForm
from chengyun_console.glass.page import GlassPageView
from chengyun_console.session.answers import SignOnEnded
from chengyun_console.shell import frame_records
from chengyun_core.mirror.links import Links
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights_commands import BreakTheGlass, EndGlass, LoseGlassCode, ReviewGlass
from chengyun_core.wire.envelope import Reply, Seats
from chengyun_core.wire.rights_asks import AskGlassDeeds, AuditPage
from tests.console import glass_scenes, scenes
from tests.console.audit_scenes import rows
from tests.console.glass_scenes import SEATS

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
RIGHTS = ("glass.page", "glass.review", "glass.end", "glass.lose_code")


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests."""
    with scenes.stand(tmp_path_factory.mktemp("glass"), scenes.Look()) as made:
        scenes.seat(made)
        yield made


@pytest.fixture
def outside(at: scenes.Stand) -> Iterator[scenes.Stand]:
    """The log-in screen, nobody signed on, nothing sent."""
    at.session.sign_off()
    at.session.seats_came.emit(SEATS)
    at.session.sent.commands.clear()
    at.beat()
    yield at
    at.window.rooms.glass.form.close_over()


@pytest.fixture
def form(outside: scenes.Stand) -> GlassForm:
    """The form as its key opens it, filled in by two persons with passwords."""
    outside.press(Qt.Key.Key_G, CTRL | ALT)
    made = outside.window.rooms.glass.form
    made._on_sign_on(SignOnEnded(signed_on=None))
    assert made.isVisible()
    outside.session.seats_came.emit(SEATS)
    made.refuse(Reason(code="text.missing.reason"))
    made.reason.setText("  洪峰将至  ")
    for kind, button in made.posts.items():
        button.setChecked(kind == "watch_chief")
    for person, account in ((made.first, "li"), (made.second, "wang")):
        person.method.setCurrentIndex(0)
        person.account.setText(account)
        person.secret.setText(f"password of {account}")
    made.choose_seat("A-04")
    return made


def test_that_the_log_in_screen_has_a_way_in_by_mouse_and_esc_leads_back(outside: scenes.Stand) -> None:
    say, screen = outside.desk.say, outside.window.sign_on
    (button,) = [one for one in screen.findChildren(QPushButton) if one.text().startswith(say("glass.action.open"))]
    assert "Ctrl+Alt+G" in button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert outside.window.rooms.glass.form.isVisible()
    outside.press(Qt.Key.Key_Escape)
    assert not outside.window.rooms.glass.form.isVisible()


def test_that_two_persons_are_sent_with_posts_seat_and_reason_and_their_words_forgotten(
    outside: scenes.Stand, form: GlassForm
) -> None:
    form.second.method.setCurrentIndex(1)
    form.second.account.setText("李四")
    form.second.secret.setText("3/ABCD-EFGH-JKMN-PQRS")
    outside.press(Qt.Key.Key_Return, CTRL)
    assert outside.session.sent.commands == [
        BreakTheGlass(
            account="li", password="password of li", seat="A-04", second="李四", secret="3/ABCD-EFGH-JKMN-PQRS",
            posts=("watch_chief",), reason="洪峰将至", second_by_code=True,
        )
    ]  # fmt: skip
    assert (form.first.secret.text(), form.second.secret.text()) == ("", "")
    form.send()
    assert len(outside.session.sent.commands) == 1, "nothing is sent twice"


@pytest.mark.parametrize(
    ("field", "code"),
    [("first", "glass.wrong_first"), ("second", "glass.wrong_second"), ("both", "glass.wrong_both")],
)
def test_that_a_wrong_word_is_told_at_whose_it_is_with_the_tries_that_are_left(
    outside: scenes.Stand, form: GlassForm, field: str, code: str
) -> None:
    form.send()
    outside.session.end_command(outcome="refused", code=code, field=field, left="2")
    told = {"first": form.first.fault.text(), "second": form.second.fault.text()}
    sentence = outside.desk.say(code, left="2")
    assert "2" in sentence
    assert {name for name, text in told.items() if text == sentence} == (
        {"first", "second"} if field == "both" else {field}
    )
    assert form.confirm.isEnabled()
    assert form.first.account.text() == "li"


def test_that_other_refusals_are_told_where_they_belong(outside: scenes.Stand, form: GlassForm) -> None:
    for code, label in (
        ("glass.post_not_lent", form.faults["posts"]), ("session.seat_unknown", form.faults["seat"]),
        ("glass.nobody_answers", form.told), ("glass.too_many_tries", form.told),
    ):  # fmt: skip
        form.refuse(Reason(code=code))
        assert label.text() == outside.desk.refusal(Reason(code=code)), code


def test_that_what_is_missing_is_said_field_by_field_and_nothing_is_sent(
    outside: scenes.Stand, form: GlassForm
) -> None:
    form.reason.clear()
    form.posts["watch_chief"].setChecked(False)
    form.first.secret.clear()
    form.second.account.clear()
    form.send()
    assert outside.session.sent.commands == []
    shown = [form.faults["reason"], form.faults["posts"], form.first.fault, form.second.fault]
    assert all(label.text() and label.isVisible() for label in shown)
    form.reason.setText("x")
    form.posts["it_admin"].setChecked(True)
    form.first.secret.setText("a")
    form.second.account.setText("LI")
    form.second.secret.setText("b")
    form.send()
    assert outside.session.sent.commands == []
    assert form.second.fault.text() == outside.desk.say("glass.same_person", account="LI")


def test_that_a_centre_that_lends_nothing_says_so(outside: scenes.Stand, form: GlassForm) -> None:
    outside.session.seats_came.emit(Seats(seats=SEATS.seats))
    assert form.lead.text() == outside.desk.say("glass.form.none")
    assert not form.confirm.isEnabled()
    outside.session.seats_came.emit(SEATS)


def test_that_a_session_of_a_broken_glass_has_a_band_that_says_until_when_and_a_key_that_ends_it(
    outside: scenes.Stand, form: GlassForm
) -> None:
    form.send()
    glass_scenes.enter(outside)
    outside.beat()
    band = outside.window.glass_band
    assert not form.isVisible()
    assert band.isVisible()
    assert band.accessibleName().startswith(outside.desk.say("glass.band.until", time="14:57", left="")[:8])
    outside.press(Qt.Key.Key_E, CTRL | ALT)
    assert outside.session.signed_on is None
    outside.beat()
    assert not band.isVisible()


def test_that_an_ordinary_session_has_no_band_and_its_key_ends_nothing(at: scenes.Stand) -> None:
    at.session.enter()
    at.beat()
    assert not at.window.glass_band.isVisible()
    at.press(Qt.Key.Key_E, CTRL | ALT)
    at.press(Qt.Key.Key_G, CTRL | ALT)
    assert at.session.signed_on is not None
    assert not at.window.rooms.glass.form.isVisible()


def test_that_a_broken_glass_is_not_locked_by_an_idle_seat_nor_by_the_key(outside: scenes.Stand) -> None:
    glass_scenes.enter(outside)
    outside.beat()
    outside.do("session.lock")
    assert not outside.window.lock.is_locked


@pytest.mark.parametrize("code", ["session.glass_broken", "session.glass_review_overdue"])
def test_that_every_console_has_the_lamp_while_it_burns_and_who_may_goes_to_the_page(
    at: scenes.Stand, code: str
) -> None:
    at.session.enter(allowed=RIGHTS)
    at.session.hear()
    fine = frame_records.top_bar_record(at.desk, at.session.links()).lights
    links = burning(at.session.links(), code)
    lights = frame_records.top_bar_record(at.desk, links).lights
    assert len(lights) == len(fine) + 1
    assert (lights[-1].label, lights[-1].tip) == (at.desk.say("console.light.glass"), at.desk.say(code))
    at.session._links = links
    at.window._on_light(len(lights) - 1, lights[-1].tip)
    assert at.window.stack.front == "glass"
    at.session.hear()


def burning(links: Links, code: str) -> Links:
    """Return links whose centre says that its lamp of broken glass burns."""
    beat = links.centre.heartbeat
    assert beat is not None
    centre = replace(links.centre, heartbeat=replace(beat, lights={**beat.lights, "glass": code}))
    return replace(links, centre=centre)


@pytest.fixture
def page(at: scenes.Stand) -> GlassPageView:
    """The page with its three broken glasses and three envelopes."""
    at.session.enter(allowed=RIGHTS)
    at.do("page.glass")
    found = at.window.stack.of(GlassPageView)
    found.ask()
    glass_scenes.answer_page(at)
    for number in range(1, len(at.session.sent.commands) + 1):
        at.session.command_ended.emit(f"command-{number}", _done(number))
    at.session.sent.commands.clear()
    return found


def _done(number: int) -> Reply:
    return Reply(id=f"command-{number}", outcome="refused", code="glass.unknown")


def test_that_what_runs_and_what_is_overdue_call_and_a_chosen_one_is_told_with_its_deeds(
    at: scenes.Stand, page: GlassPageView
) -> None:
    page.list.select("2")
    kind, body, _ = at.session.sent.asks["glass.deeds"]
    assert (kind, body) == ("glass.deeds", AskGlassDeeds(glass=2))
    at.session.answer_ask("glass.deeds", AuditPage(rows=rows(), through=1, tail=9))
    assert len(page.deeds_list.rows()) == len(rows())
    calls = {row.key for row in page.list.rows() if row.badges}
    assert calls == {"2", "3"}


def test_that_a_review_needs_words_and_names_the_version_that_was_seen(at: scenes.Stand, page: GlassPageView) -> None:
    page.list.select("2")
    at.do("glass.review")
    assert at.session.sent.commands == []
    assert page.field.hasFocus()
    page.field.setText("  确有必要 ")
    QTest.keyClick(page.field, Qt.Key.Key_Return)
    assert at.session.sent.commands == [ReviewGlass(glass=2, version=2, finding="确有必要")]


def test_that_a_running_one_is_ended_and_a_reviewed_one_left_alone(at: scenes.Stand, page: GlassPageView) -> None:
    page.list.select("1")
    for action in ("glass.review", "glass.stop", "glass.lose"):
        at.do(action)
    assert at.session.sent.commands == []
    page.list.select("3")
    at.do("glass.stop")
    assert at.session.sent.commands == [EndGlass(glass=3)]


def test_that_an_envelope_is_told_lost_with_a_reason(at: scenes.Stand, page: GlassPageView) -> None:
    page.list.select("code.7")
    page.field.setText("x")
    at.do("glass.lose")
    assert at.session.sent.commands == [], "a used one is not lost any more"
    page.list.select("code.8")
    page.field.setText("信封被拆")
    at.do("glass.lose")
    assert at.session.sent.commands == [LoseGlassCode(code=8, reason="信封被拆")]


def test_that_who_may_not_read_it_is_told_why(at: scenes.Stand, page: GlassPageView) -> None:
    page.ask()
    at.session.answer_ask("glass.page", Reason(code="permission.no_post", params={"action": "glass.page"}))
    refused = Reason(code="permission.no_post", params={"action": "glass.page"})
    assert page.list._notice == at.desk.refusal(refused)
