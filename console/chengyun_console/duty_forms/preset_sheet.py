"""编辑急时方案 (H1): what 急时 means for one kind of emergency, part by part, beside what is in force now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.duty_forms.form_sheet import Fault, FormSheet, Made, fill_box, fill_lines
from chengyun_console.duty_forms.roll_box import RollBox, moved
from chengyun_console.layouts import masters
from chengyun_console.lettered import Lettered
from chengyun_console.mode.parts import PROFILES
from chengyun_console.mode.preview import PreviewPane
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_core.model.failure import Reason
from chengyun_core.model.mode import Preset, Scope
from chengyun_core.model.mode_commands import SavePreset
from chengyun_core.model.scales import Mode
from chengyun_core.wire.mode_asks import AskModes, Modes
from chengyun_core.wire.plan_asks import AskPlans, Plans
from chengyun_core.wire.warning_asks import AskCallLists, CallLists
from chengyun_resources.theme.tokens import SPACE_PX, Severity, TypeSize
from chengyun_widgets.fact_model import FactRow

SIZE = (1460, 640)
_LEFT_PX = 372
_PREVIEW_PX = 380
_NEW = Preset(code="", name="", version=0)
_LINES = ("code", "name", "report_every_min", "layers")
_BOXES = ("threshold_set", "layout", "sound", "call_out")
_POST, _PLAN = "post", "plan"
_FOUND = 60


class PresetSheet(FormSheet):
    """Posts that come on duty and plans put under the hand are chosen by name; every part is previewed as one types."""

    fault_fields: ClassVar[Mapping[str, str]] = {
        "threshold.set_unknown": "threshold_set", "mode.preset_reports": "report_every_min",
        "mode.preset_long": "chosen", "mode.preset_space": "layers",
    }  # fmt: skip

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent, hint="console.duty.form.hint", size=SIZE)
        self._base = _NEW
        self._plans: dict[str, str] = {}
        """Code → name of the plans that are known here."""
        self._found_plans: tuple[str, ...] = ()
        self._lists: tuple[tuple[str, str], ...] = ()
        self._chosen: list[str] = []
        """`post/<code>` and `plan/<code>`, posts first."""
        self.which = ChoiceBox(desk.theme)
        self.fields = {name: QLineEdit() for name in _LINES}
        self.boxes = {name: ChoiceBox(desk.theme) for name in _BOXES}
        self.roll = RollBox(desk, find="console.duty.form.find_part", chosen="console.duty.form.parts")
        self.preview = PreviewPane(desk)
        self._lay_out()
        self._connect()

    def open_first(self, area: QRect, code: str = "") -> None:
        """Open a preset by its code, else the first there is, a new one where there is none."""
        session = self._desk.session
        self.open_over(area)
        known = self._known()
        self._show(known.get(code) or next(iter(known.values()), _NEW))
        session.ask("plan.page", AskPlans(limit=_FOUND), self._on_plans, slot="form.plans")
        session.ask("call_list.page", AskCallLists(), self._on_lists, slot="form.lists")
        self.which.setFocus()

    @override
    def draft_name(self) -> str:
        return f"preset.{self._base.code}"

    @override
    def texts(self) -> dict[str, str]:
        texts = {name: " ".join(field.text().split()) for name, field in self.fields.items()}
        texts |= {name: str(box.currentData() or "") for name, box in self.boxes.items()}
        return {**texts, "chosen": " ".join(self._chosen)}

    @override
    def put(self, texts: Mapping[str, str]) -> None:
        fill_lines(self.fields, texts)
        for name, box in self.boxes.items():
            fill_box(box, self._choices(name), texts[name])
        self._chosen = texts["chosen"].split()
        self._show_chosen()

    @override
    def made(self) -> Made | Fault:
        wanted = self._wanted()
        if isinstance(wanted, Fault):
            return wanted
        if self.preview.faults:
            return Fault(field="", told=self._desk.say("console.duty.form.preset_faulty", count=self.preview.faults))
        made = SavePreset(preset=wanted, version=self._base.version)
        return Made(command=made, told=self._desk.say("console.duty.form.deed_preset", name=wanted.name))

    @override
    def look(self) -> None:
        """Ask what each part would change."""
        wanted = self._wanted()
        if isinstance(wanted, Fault):
            self.preview.clear(wanted.told)
        else:
            self.preview.ask_draft(wanted, Scope(centre=self._desk.session.own_centre))

    @override
    def ask_newest(self) -> None:
        ask = AskModes(centre=self._desk.session.own_centre, limit=1)
        self._desk.session.ask("mode.page", ask, self._on_newest, slot="form.newest")

    def _wanted(self) -> Preset | Fault:
        texts, say = self.texts(), self._desk.say
        for name in ("code", "name"):
            if not texts[name]:
                return Fault(field=name, told=say(f"console.duty.form.needs_{name}"))
        minutes = _minutes(texts["report_every_min"])
        if minutes is None:
            return Fault(field="report_every_min", told=say("console.duty.form.not_a_count"))
        return replace(
            self._base, code=texts["code"], name=texts["name"], threshold_set=texts["threshold_set"],
            layout=texts["layout"], sound=texts["sound"], call_out=texts["call_out"], report_every_min=minutes,
            layers=tuple(texts["layers"].split()), reinforcement=self._codes(_POST), plans=self._codes(_PLAN),
        )  # fmt: skip

    def _codes(self, kind: str) -> tuple[str, ...]:
        parts = (key.partition("/") for key in self._chosen)
        return tuple(code for held, _, code in parts if held == kind)

    def _texts_of(self, base: Preset) -> dict[str, str]:
        chosen = [f"{_POST}/{code}" for code in base.reinforcement] + [f"{_PLAN}/{code}" for code in base.plans]
        return {
            "code": base.code, "name": base.name, "layers": " ".join(base.layers), "layout": base.layout,
            "report_every_min": f"{base.report_every_min:g}" if base.report_every_min else "", "sound": base.sound,
            "threshold_set": base.threshold_set, "call_out": base.call_out, "chosen": " ".join(chosen),
        }  # fmt: skip

    def _known(self) -> dict[str, Preset]:
        return dict(sorted(self._desk.session.facts.mode.presets.items()))

    def _choices(self, name: str) -> list[tuple[str, str]]:
        """Return what a part can be, with "" for as it is."""
        say, texts, names = self._desk.say, self._desk.texts, self._desk.names
        stays = (say("console.duty.form.stays"), "")
        if name == "threshold_set":
            sets = names.view.catalogue.threshold_sets if names is not None else ()
            return [stays, *((one.name, one.code) for one in sets)]
        if name == "call_out":
            return [(say("console.duty.form.nobody_is_called"), ""), *self._lists]
        codes = [code for code in PROFILES if code]
        if name == "layout":
            rows = (one.row for one in masters.shipped().masters)
            codes = list(dict.fromkeys(row.code for row in rows if row.mode == Mode.EMERGENCY))
        told = {code: [f"mode.version.{name}.{code}", f"console.layout.master.{code}"] for code in codes}
        return [stays, *((next((say(one) for one in told[code] if texts.has(one)), code), code) for code in codes)]

    def _show(self, base: Preset) -> None:
        self._base = base
        self._show_title()
        self.fill(self._texts_of(base))

    def _show_title(self) -> None:
        known = bool(self._base.version)
        code = "console.duty.form.preset" if known else "console.duty.form.new_preset"
        self.set_title(self._desk.say(code, name=self._base.name, version=self._base.version))
        self.fields["code"].setReadOnly(known)
        rows = [(one.name, code) for code, one in self._known().items()]
        fill_box(self.which, [*rows, (self._desk.say("console.duty.form.new_one"), "")], self._base.code)

    def _turn(self) -> None:
        """Go to another preset; what was typed for this one is kept."""
        self.keeper.now()
        self._show(self._known().get(str(self.which.currentData() or ""), _NEW))

    def _take(self, chosen: list[str], current: str) -> None:
        ordered = [key for kind in (_POST, _PLAN) for key in chosen if key.startswith(f"{kind}/")]
        self._chosen = list(dict.fromkeys(ordered))
        self._show_chosen()
        if current:
            self.roll.chosen.select(current)
        self.touched()

    def _move(self, key: str, by: int) -> None:
        if key in self._chosen:
            self._take([str(one) for one in moved(self._chosen, self._chosen.index(key), by)], key)

    def _show_chosen(self) -> None:
        rows = [self._row(key) for key in self._chosen]
        self.roll.show_chosen(rows, self._desk.say("console.duty.form.no_parts"))
        self._show_found()

    def _show_found(self) -> None:
        names, words = self._desk.names, self.roll.field.text().casefold().split()
        posts = names.view.catalogue.posts if names is not None and words else ()
        keys = [f"{_PLAN}/{code}" for code in self._found_plans]
        keys += [f"{_POST}/{one.code}" for one in posts
                 if all(word in f"{one.name} {one.code} {one.holder}".casefold() for word in words)]  # fmt: skip
        free = [key for key in keys if key not in self._chosen]
        self.roll.show_found([self._row(key) for key in free[:_FOUND]], self._desk.say("console.duty.form.no_part"))

    def _row(self, key: str) -> FactRow:
        kind, _, code = key.partition("/")
        names = self._desk.names
        post = names.post(code) if names is not None and kind == _POST else None
        title = post.name if post is not None else self._plans.get(code, code)
        place = names.place(post.centre) if names is not None and post is not None else ""
        between = self._desk.say("events.pieces_between")
        return FactRow(key=key, severity=Severity.NONE, title=title, detail=between.join(filter(None, (place, code))),
                       status=self._desk.say(f"console.duty.form.part_{kind}"))  # fmt: skip

    def _search(self, words: str) -> None:
        self._desk.session.ask("plan.page", AskPlans(words=words, limit=_FOUND), self._on_plans, slot="form.plans")
        self._show_found()

    def _on_plans(self, told: object) -> None:
        if isinstance(told, Plans):
            self._plans |= {head.code: head.name for head in told.templates}
            self._found_plans = tuple(dict.fromkeys(head.code for head in told.templates))
            self._show_chosen()

    def _on_lists(self, told: object) -> None:
        if isinstance(told, CallLists):
            self._lists = tuple((one.name, one.code) for one in told.lists)
            fill_box(self.boxes["call_out"], self._choices("call_out"),
                     str(self.boxes["call_out"].currentData() or ""))  # fmt: skip

    def _on_newest(self, told: object) -> None:
        if isinstance(told, Reason):
            self.sending.tell(self._desk.refusal(told), is_trouble=True)
        elif isinstance(told, Modes):
            code = self._base.code or self.texts()["code"]
            newest = next((one for one in told.presets if one.code == code), None)
            if newest is None:
                self.tell_gone()
                return
            self._base = newest
            self._show_title()
            self.renew(self._texts_of(newest))

    def _connect(self) -> None:
        self.which.activated.connect(lambda _at: self._turn())
        self.roll.search_did_change.connect(self._search)
        self.roll.was_added.connect(lambda key: self._take([*self._chosen, key], key))
        self.roll.was_removed.connect(lambda key: self._take([one for one in self._chosen if one != key], ""))
        self.roll.was_moved.connect(self._move)

    def _lay_out(self) -> None:
        say, theme = self._desk.say, self._desk.theme
        left, side, body, grid = QVBoxLayout(), QWidget(), QWidget(), QGridLayout()
        side.setLayout(left)
        side.setFixedWidth(_LEFT_PX)
        left.setContentsMargins(0, 0, 0, 0)
        self.which.setAccessibleName(say("console.duty.form.which_preset"))
        left.addWidget(self.which)
        grid.setHorizontalSpacing(SPACE_PX * 3)
        ordered = ("code", "name", "threshold_set", "layout", "sound", "call_out", "report_every_min", "layers")
        for row, name in enumerate(ordered):
            self.add_line(grid, row, name, self.fields.get(name) or self.boxes[name])
        left.addLayout(grid)
        waits = Lettered(theme, TypeSize.SMALL, text=say("console.duty.form.layers_wait"))
        waits.setWordWrap(True)
        left.addWidget(waits)
        left.addStretch(1)
        self.preview.setFixedWidth(_PREVIEW_PX)
        row_of = QHBoxLayout()
        row_of.setContentsMargins(SPACE_PX * 4, SPACE_PX * 2, SPACE_PX * 4, 0)
        row_of.setSpacing(SPACE_PX * 4)
        row_of.addWidget(side)
        row_of.addWidget(self.roll, 1)
        row_of.addWidget(self.preview)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row_of, 1)
        self.lay_foot(column)
        self.set_whole(body)


def _minutes(text: str) -> float | None:
    if not text:
        return 0.0
    try:
        minutes = float(text)
    except ValueError:
        return None
    return minutes if 0 <= minutes < float("inf") else None
