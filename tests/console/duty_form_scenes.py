"""The forms of duty on the screen for walks and pictures: shift, person, exchange, call list and preset."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from chengyun_console.duty_forms.call_list_sheet import CallListSheet
from chengyun_console.duty_forms.preset_sheet import PresetSheet
from chengyun_console.duty_forms.shift_sheet import ShiftSheet
from chengyun_console.pages.duty.page import DutyPage
from chengyun_core.model.callout import CallList
from chengyun_core.model.duty import DutyRole, Gap
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanState
from chengyun_core.wire.duty_asks import ShiftChecked
from chengyun_core.wire.plan_asks import PlanHead, Plans
from chengyun_core.wire.warning_asks import CallLine, CallListChecked, CallLists
from tests.console import mode_samples
from tests.support import duty_samples as samples

if TYPE_CHECKING:
    from tests.console.scenes import Stand

FLOOD_LIST = CallList(
    code="flood-1", name="防汛叫应", grades=(3, 4), matters=("rainstorm", "flood"), version=4, tries=3, try_minutes=5.0,
    chains=(("P07", "P02"), ("P08",), ("P09", "500106.duty_officer", "gone-77"), ("P14",)),
)  # fmt: skip
NIGHT_LIST = CallList(code="night", name="夜间值守", chains=(("P15",),), version=1)


def lists() -> CallLists:
    """Return two lists."""
    return CallLists(lists=(FLOOD_LIST, NIGHT_LIST))


def tried() -> CallListChecked:
    """Return who would be called: one absent, one whose code nobody has."""
    return CallListChecked(
        count=4, tries=3, try_minutes=5.0, escalate_minutes=30.0, unknown=("gone-77",), lines=(
            CallLine(centre="500000", code="P07", name="何建国（应急局）", unit="市应急管理局", phone="*******0006",
                     presence="present", then=("陈值班长",), listed="防汛叫应"),
            CallLine(centre="500000", code="P08", name="徐敏（气象局）", phone="*******0007", presence="absent",
                     listed="防汛叫应"),
            CallLine(centre="500000", code="P09", name="刘波（水利局）", phone="*******0008", listed="防汛叫应",
                     then=("沙坪坝值班员", "gone-77")),
            CallLine(centre="500000", code="P14", name="韩冰", listed="防汛叫应"),
        ),
    )  # fmt: skip


def lacking() -> ShiftChecked:
    """Return what the evening shift would lack, and one more it brings about in the night."""
    return ShiftChecked(
        gaps=(Gap(shift=42, role=DutyRole.OFFICER, missing=1, why="nobody"),),
        beside=(Gap(shift=43, role=DutyRole.OFFICER, missing=1, why="rest", person="P12"),),
    )


def plans() -> Plans:
    """Return three plans by name."""
    rows = (("BAOGUAN", "供水管道爆管"), ("YJ-HONGSHUI", "洪水灾害"), ("SS-JISHUI", "城市内涝积水"))
    return Plans(templates=tuple(
        PlanHead(code=code, edition=1, name=name, matter="", state=PlanState.IN_FORCE.value, actions=8, tiers=3,
                 bound=2, version=1)
        for code, name in rows
    ))  # fmt: skip


def _tell(at: "Stand", slot: str, record: object) -> None:
    if slot in at.session.sent.asks:
        at.session.answer_ask(slot, record)


def show_page(at: "Stand") -> DutyPage:
    """Show F8 with everything known; return the page."""
    # Imported here: duty_scenes takes these scenes in.
    from tests.console import duty_scenes

    duty_scenes.show_duty(at)
    return at.window.stack.of(DutyPage)


def show_shift(at: "Stand") -> None:
    """Show the evening shift in its form: one officer lacks, and a change that tires somebody."""
    page = show_page(at)
    page.board.board.choose("42", "P12")
    page.deeds.form_was_asked.emit("duty.edit")
    _tell(at, "form.people", samples.people())
    _tell(at, "shift.check", lacking())


def show_shift_faulty(at: "Stand") -> None:
    """Show a new shift whose end cannot be read, and the sentence at the field."""
    page = show_page(at)
    page.deeds.form_was_asked.emit("duty.new")
    _tell(at, "form.people", samples.people())
    sheet = at.window.duty_desk.forms.sheet(ShiftSheet)
    for field, text in ((sheet.name, "备勤班"), (sheet.begins, "08:00"), (sheet.ends, "25:70")):
        field.setText(text)
    sheet.send()


def show_shift_old(at: "Stand") -> None:
    """Show what is told when somebody else was faster."""
    show_shift(at)
    at.window.duty_desk.forms.sheet(ShiftSheet)._on_failed(
        Reason(code="shift.changed", params={"shift": "42", "version": "2"})
    )


def show_person(at: "Stand") -> None:
    """Show somebody in his form."""
    page = show_page(at)
    page.show_side(1)
    page.contacts.list.select("P07")
    page.deeds.form_was_asked.emit("duty.person")


def show_swap(at: "Stand") -> None:
    """Show an exchange: with whom, and what would lack."""
    page = show_page(at)
    page.board.board.choose("42", "P12")
    page.deeds.form_was_asked.emit("duty.swap")
    _tell(at, "form.people", samples.people())
    _tell(at, "form.newest", samples.shifts())
    _tell(at, "shift.check", lacking())


def show_call_list(at: "Stand") -> None:
    """Show a call list, and who would be called now."""
    page = show_page(at)
    page.deeds.form_was_asked.emit("duty.call_lists")
    _tell(at, "form.lists", lists())
    _tell(at, "form.people", samples.people())
    at.window.duty_desk.forms.sheet(CallListSheet).look()
    _tell(at, "call_list.check", tried())


def show_preset(at: "Stand") -> None:
    """Show a preset of 急时 beside what is in force."""
    page = show_page(at)
    at.session.facts.mode.presets["flood"] = mode_samples.FLOOD
    at.session.facts.mode.presets["water"] = mode_samples.WATER
    page.deeds.form_was_asked.emit("duty.presets")
    _tell(at, "form.plans", plans())
    _tell(at, "form.lists", lists())
    at.window.duty_desk.forms.sheet(PresetSheet).look()
    _tell(at, "mode.preview", mode_samples.preview())


FORMS: dict[str, Callable[["Stand"], None]] = {
    "shift": show_shift, "shift faulty": show_shift_faulty, "shift old": show_shift_old, "person": show_person,
    "swap": show_swap, "call list": show_call_list, "preset": show_preset,
}  # fmt: skip
