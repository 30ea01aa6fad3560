"""The page of warnings with document, chain and call-out, its forms, and the banner; for walks and pictures."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from chengyun_core.model.failure import Reason
from chengyun_core.wire.warning_asks import WarningChecked
from tests.console import mode_samples
from tests.console import warning_samples as samples

if TYPE_CHECKING:
    from tests.console.scenes import Stand


def put(at: "Stand") -> None:
    """Bring the warnings in force and a preset."""
    at.session.put_fact("mode_preset", "flood", mode_samples.FLOOD)
    for one in samples.several()[:2]:
        at.session.put_fact("warning", str(one.number), one, version=one.version)
    at.beat()


def show_banner(at: "Stand") -> None:
    """Show F1 under the banner."""
    put(at)
    at.window.show_page("F1")


def show_page(at: "Stand") -> None:
    """Show the page with the red warning, nobody called yet."""
    put(at)
    at.do("page.warnings")
    at.beat()
    _answer(at, "warnings.page", samples.page())
    _answer(at, "warnings.get", samples.told())


def show_calls(at: "Stand") -> None:
    """Show the page with a call-out half done."""
    show_page(at)
    at.session.put_fact("call_out", "5", samples.call_out())
    at.session.put_fact("warning", "7", samples.warning(call_out=5, version=2), version=2)
    for call in samples.calls():
        at.session.put_fact("call", f"5.{call.place}", call, version=call.version)
    at.beat()
    slot = next((slot for slot in at.session.sent.asks if slot.startswith("warnings.calls")), "")
    _answer(at, slot, samples.call_out_told())


def _answer(at: "Stand", slot: str, record: object) -> None:
    """Answer what was asked; a page that knows it already asked nothing."""
    if slot in at.session.sent.asks:
        at.session.answer_ask(slot, record)
    at.beat()


def show_words(at: "Stand") -> None:
    """Show the question for the very words of who confirmed."""
    show_calls(at)
    page = at.window.stack.page("warnings")
    page.calling.list.select("5.1")  # type: ignore[union-attr]
    page.calling.deeds.press("warning.confirmed")  # type: ignore[union-attr]


def show_issue(at: "Stand") -> None:
    """Show the form half filled."""
    at.do("page.warnings")
    at.do("warning.issue")
    form = at.window.rooms.warnings.form
    form.lines["headline"].setText("渝中区红岩村片区地质灾害橙色预警")
    form.lines["area"].setText("渝中区红岩村、化龙桥片区")
    form.texts["notice"].setPlainText("红岩村后山边坡位移加快，遇强降雨有滑塌可能。")


def show_import(at: "Stand") -> None:
    """Show what an import found wrong."""
    at.do("page.warnings")
    at.do("warning.import")
    sheet = at.window.rooms.warnings.importing
    sheet._name = "rainstorm.cap"
    sheet._on_read(b"<alert/>")
    faults = (
        Reason(code="bulletin.missing", params={"line": "1", "element": "identifier", "value": "<alert/>"}),
        Reason(code="bulletin.missing", params={"line": "1", "element": "sender", "value": "<alert/>"}),
    )
    at.session.answer_ask("warnings.check", WarningChecked(faults=faults))


WARNING_SCENES: dict[str, "Callable[[Stand], None]"] = {
    "warning banner": show_banner,
    "warnings": show_page,
    "warning calls": show_calls,
    "warning words": show_words,
    "warning form": show_issue,
    "warning import": show_import,
}
