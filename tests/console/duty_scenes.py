"""Duty on the screen for walks and pictures: the hand-over's sheet in each of its states, page F8, the log-in."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from chengyun_console.pages.duty.page import DutyPage
from chengyun_console.roster_file import RosterFile
from chengyun_core.mirror.links import Reach
from chengyun_core.model.duty import Handover, HandoverState, ItemState
from chengyun_core.model.failure import Reason
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import DutyNow, Handovers, Log, People, RosterChecked, Shifts
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.warning_asks import CallOuts
from tests.console import event_samples, task_samples
from tests.console.duty_form_scenes import FORMS
from tests.support import duty_samples as samples

if TYPE_CHECKING:
    from tests.console.scenes import Stand


_MOST_DEEDS = 40


def tell(at: "Stand", slot: str, record: object) -> None:
    """Answer what was asked in a slot; nothing when it is answered already."""
    if slot in at.session.sent.asks:
        at.session.answer_ask(slot, record)


def answer(at: "Stand", sheet: Handover, changed: tuple[str, ...] = ()) -> None:
    """Let the centre tell how the sheet stands."""
    at.session.answer_ask("handover.sheet", samples.told(sheet, changed))


def end_deed(at: "Stand", *, code: str = "", version: int = 5) -> None:
    """Answer the sheet's deed that is under way, else the command sent last: done, or refused with a code."""
    under_way = at.window.duty_desk.sheet.care._sent
    command = under_way[0] if under_way is not None else f"command-{len(at.session.sent.commands)}"
    body = b"" if code else codec.pack(Done(change=42, key="12", version=version))
    reply = Reply(id=command, outcome="refused" if code else "done", body=body, code=code)
    at.session.command_ended.emit(command, reply)


def settle(at: "Stand", sheet: Handover) -> None:
    """Let every deed that waits be done: the console's own checks, ticks."""
    for _ in range(_MOST_DEEDS):
        if not at.window.duty_desk.sheet.care.is_busy:
            return
        end_deed(at)
        if "handover.sheet" in at.session.sent.asks:
            answer(at, sheet)
    raise AssertionError("the sheet goes on sending")


def show_handover(at: "Stand") -> None:
    """Show the sheet as it opens: fifteen items, one check red."""
    task_samples.put_orders(at.session)
    event_samples.show_events(at)
    at.window.show_page("F1")
    sheet = at.window.duty_desk.sheet
    for part in (sheet.second, sheet.ask_line, sheet):
        part.hide()
    sheet.care._forget()
    at.do("handover.open")
    end_deed(at)
    answer(at, samples.handover())
    settle(at, samples.handover())


def show_half_way(at: "Stand") -> None:
    """Show it half ticked: one item refused, one settled, one changed since."""
    show_handover(at)
    items = list(samples.items(known=7, refused=(6,), settled=(8,)))
    items[4] = replace(items[4], state=ItemState.OPEN, version=4)
    sheet = samples.handover(items=tuple(items), version=9)
    at.window.duty_desk.sheet.care.ask()
    answer(at, sheet, changed=("event/36",))
    at.window.duty_desk.sheet.body.list.select("order/17.4")


def show_refusing(at: "Stand") -> None:
    """Show the question why an item is refused."""
    show_half_way(at)
    at.window.duty_desk.sheet.body.list.select("order/17.2")
    at.window.duty_desk.sheet.ask_refuse()


def show_signing(at: "Stand") -> None:
    """Show the taker's password asked after the giver's signature, and refused once."""
    show_half_way(at)
    given = samples.signed()
    sheet = replace(given, state=HandoverState.GIVEN, signatures=given.signatures[:1], audit_head="")
    at.window.duty_desk.sheet.care.ask()
    answer(at, sheet)
    at.window.duty_desk.sheet.second.show_refusal(Reason(code="session.wrong_password"))


def show_locked(at: "Stand") -> None:
    """Show the locked sheet with both signatures."""
    show_handover(at)
    at.window.duty_desk.sheet.care.ask()
    answer(at, samples.signed())


def show_collecting(at: "Stand") -> None:
    """Show the sheet before the centre has answered."""
    at.window.duty_desk.sheet.hide()
    at.window.duty_desk.sheet.care._forget()
    at.do("handover.open")


SCENES: dict[str, Callable[["Stand"], None]] = {
    "handover": show_handover,
    "handover half": show_half_way,
    "handover refusing": show_refusing,
    "handover signing": show_signing,
    "handover locked": show_locked,
    "handover collecting": show_collecting,
}


def show_seats(at: "Stand") -> None:
    """Show the log-in with five seats: held, covered, in a flood, free."""
    rows = (("A-01", "综合值班席", "wang"), ("A-02", "防汛席", ""), ("A-03", "设施运行席", "officer"),
            ("A-05", "应急联动席", "sun"), ("A-06", "备用席", ""))  # fmt: skip
    at.session.offer_seats(*rows)
    tell(at, "sign_on.now", samples.now())
    at.window.sign_on.findChildren(QLineEdit)[0].setText("ma")


def show_taking_over(at: "Stand") -> None:
    """Show it with a held seat chosen, and the second factor asked for."""
    show_seats(at)
    at.window.sign_on.take_carried("A-03")
    at.session.refuse_sign_on("session.second_factor")


def show_duty(at: "Stand") -> None:
    """Show F8 on a shift with an absence, two gaps ahead, a flood at one seat."""
    at.window.show_page("F8")
    at.beat()
    tell(at, "duty.people", samples.people())
    tell(at, "duty.shifts", samples.shifts())
    tell(at, "duty.now", samples.now())
    tell(at, "duty.log", samples.log())
    tell(at, "duty.handovers", samples.handovers())
    tell(at, "duty.call_outs", samples.call_outs())
    at.beat()


def _side(place: int) -> Callable[["Stand"], None]:
    def show(at: "Stand") -> None:
        show_duty(at)
        at.window.stack.of(DutyPage).show_side(place)

    return show


def show_covering(at: "Stand") -> None:
    """Show the question why a seat is covered."""
    show_duty(at)
    page = at.window.stack.of(DutyPage)
    page.seats.list.choose("A-06")
    page.board.board.choose("41", "P09")
    page.deeds.ask_cover()


def show_duty_empty(at: "Stand") -> None:
    """Show F8 where no roster was ever imported."""
    at.window.show_page("F8")
    at.beat()
    for slot, record in (
        ("duty.people", People()), ("duty.shifts", Shifts()), ("duty.now", DutyNow()), ("duty.log", Log()),
        ("duty.handovers", Handovers()), ("duty.call_outs", CallOuts()),
    ):  # fmt: skip
        tell(at, slot, record)


def show_duty_refused(at: "Stand") -> None:
    """Show F8 to somebody who may not read it."""
    at.window.show_page("F8")
    at.beat()
    for slot in ("duty.people", "duty.shifts", "duty.now", "duty.log", "duty.handovers", "duty.call_outs"):
        tell(at, slot, Reason(code="permission.denied", params={"action": "duty.now"}))


def show_duty_lost(at: "Stand") -> None:
    """Show F8 after the centre fell silent: what it told last, and when."""
    show_duty(at)
    at.session.hear(centre=Reach.LOST)
    at.beat()


def show_roster(at: "Stand") -> None:
    """Show a roster that was refused: three faults by row and column."""
    at.window.duty_desk.roster.open_over(at.window.page_area())
    sheet = at.window.duty_desk.roster
    sheet._file = RosterFile(at.desk, Path("8月排班.xlsx"), sheet)
    faults = tuple(
        Reason(code=code, params={"line": str(line), "column": column, "value": value, "table": "shifts"})
        for code, line, column, value in (
            ("roster.time", 4, "begins", "24:60"), ("roster.certificate", 9, "certificates", "值班长"),
            ("roster.person_twice", 12, "person", "P03"),
        )
    )  # fmt: skip
    sheet._on_checked(RosterChecked(faults=faults))


PAGE: dict[str, Callable[["Stand"], None]] = {
    "F8": show_duty, "F8 contacts": _side(1), "F8 handovers": _side(2), "F8 call outs": _side(3),
    "F8 covering": show_covering, "F8 empty": show_duty_empty, "F8 refused": show_duty_refused,
    "roster": show_roster, "F8 lost": show_duty_lost,
}  # fmt: skip
SCENES.update(PAGE)
SCENES.update({f"form {name}": show for name, show in FORMS.items()})
SIGN_ON: dict[str, Callable[["Stand"], None]] = {"sign on seats": show_seats, "sign on over": show_taking_over}
SCENES.update(SIGN_ON)
