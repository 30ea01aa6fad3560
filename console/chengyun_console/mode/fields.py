"""The fields of the mode sheet: what is done, where, by which preset, founded on what, and why."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.mode import acts
from chengyun_console.mode.acts import Act, Chosen
from chengyun_console.mode.standing import seat_place
from chengyun_console.mode.wording import ModeWords
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_core.mirror.tree import NodeKind
from chengyun_core.model.mode import Scope, ScopeKind
from chengyun_core.model.warning import WarningState
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, TypeSize

_LONGEST = 300
_MINUTES = (5, 10, 15, 30, 60)
_REASON = {acts.ActKind.REFUSE: "mode.sheet.reason_of_refusal", acts.ActKind.REPORT: "mode.sheet.words_of_report"}
"""What the last field asks for, where it is no reason to switch."""


class ModeFields(QWidget):
    """Filled from the facts by `refill`; what was chosen stays while it can still be chosen."""

    did_change = Signal()
    """Another act, scope or preset: what would change is another thing."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._acts: dict[str, Act] = {}
        self._reasons: dict[str, str] = {}
        """Act → the reason half written for it."""
        self._reason_of = ""
        self._warned: tuple[str, ...] = ()
        self.act, self.scope, self.track = ChoiceBox(desk.theme), ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self.preset, self.evidence = ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self.minutes, self.without = ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self.reason = QLineEdit()
        self._form = QFormLayout(self)
        self._lay_out()
        for box in (self.act, self.scope, self.track, self.preset):
            box.currentIndexChanged.connect(lambda _at: self._on_choice())
        self.evidence.activated.connect(lambda _at: self._on_evidence())

    def refill(self) -> None:
        """Offer what can be done, and with what, as it stands now."""
        self._acts = {act.key: act for act in acts.acts(self._desk)}
        changed = self._fill(self.act, [(acts.title(self._desk, act), key) for key, act in self._acts.items()])
        changed |= self._fill(self.scope, self._scopes())
        changed |= self._fill(self.track, self._tracks())
        changed |= self._fill(self.preset, self._presets())
        self._fill(self.evidence, self._evidence())
        self._fill(self.without, self._left_out())
        self._show_wanted()
        if changed:
            self.did_change.emit()

    def chosen_act(self) -> Act | None:
        """Return what is to be done, None where nothing can be."""
        return self._acts.get(str(self.act.currentData() or ""))

    def chosen(self, seen: str, alarms: int = -1) -> Chosen:
        """Return what the fields hold; `seen` is the digest of the preview shown, `alarms` what it said would alarm."""
        track = str(self.track.currentData() or "")
        kind = ScopeKind.TRACK if track else ScopeKind.CENTRE
        return Chosen(
            scope=Scope(kind=kind, centre=str(self.scope.currentData() or ""), track=track),
            preset=str(self.preset.currentData() or ""), reason=" ".join(self.reason.text().split()),
            evidence=str(self.evidence.currentData() or ""), seen=seen,
            minutes=float(self.minutes.currentData() or _MINUTES[1]), seen_alarms=alarms,
            without=tuple(one for one in (str(self.without.currentData() or ""),) if one),
        )  # fmt: skip

    def put(self, *, act: str = "", scope: str = "", preset: str = "", evidence: str = "", reason: str = "") -> None:
        """Choose beforehand, such as what a warning suggests; what cannot be chosen is left as it is."""
        given = ((self.act, act), (self.scope, scope), (self.preset, preset), (self.evidence, evidence))
        for box, key in given:
            at = box.findData(key) if key else -1
            if at >= 0:
                box.setCurrentIndex(at)
        if reason:
            self.reason.setText(reason)

    def warn_of(self, who: tuple[str, ...]) -> None:
        """Offer to leave out who will hardly confirm the switch that is previewed; nobody is left out by that."""
        self._warned = who
        self._fill(self.without, self._left_out())
        self._show_wanted()

    def leave_out(self, who: str) -> None:
        """Choose who is not waited for; empty: everybody is."""
        self.without.setCurrentIndex(max(0, self.without.findData(who)))

    def choose_usual(self) -> None:
        """Begin with what is most likely wanted: a superior's order, a late report, the way back, else to declare."""
        words = ModeWords(self._desk)
        late = [key for key, act in self._acts.items() if act.report is not None and words.is_late(act.report)]
        if late and not any(act.kind is acts.ActKind.FOLLOW for act in self._acts.values()):
            self.put(act=late[-1])
            return
        for kind in (acts.ActKind.FOLLOW, acts.ActKind.LIFT, acts.ActKind.DECLARE):
            self.choose_kind(kind)
            act = self.chosen_act()
            if act is not None and act.kind is kind:
                return

    def choose_kind(self, kind: acts.ActKind) -> None:
        """Choose the last act of a kind; nothing happens where there is none."""
        keys = [key for key, act in self._acts.items() if act.kind is kind]
        if keys:
            self.put(act=keys[-1])

    def _fill(self, box: ChoiceBox, wanted: list[tuple[str, str]]) -> bool:
        """Offer these choices; return whether another one is chosen now."""
        if [(box.itemText(at), box.itemData(at)) for at in range(box.count())] == wanted:
            return False
        before = box.currentData()
        box.blockSignals(True)
        box.clear()
        for text, key in wanted:
            box.addItem(text, key)
        box.setCurrentIndex(max(0, box.findData(before)) if wanted else -1)
        box.blockSignals(False)
        return bool(box.currentData() != before)

    def _scopes(self) -> list[tuple[str, str]]:
        """Return the seat's own place and the centres right below it: a lower one declares for its own towns."""
        names, place = self._desk.names, seat_place(self._desk)
        if names is None:
            return []
        below = [row.code for row in names.view.catalogue.centres if row.parent == place and not row.valid_to]
        return [(names.place(code), code) for code in (place, *below)]

    def _tracks(self) -> list[tuple[str, str]]:
        names = self._desk.names
        nodes = names.view.layer(NodeKind.TRACK).nodes if names is not None else ()
        return [(self._desk.say("mode.sheet.whole"), ""), *((node.name, node.code) for node in nodes)]

    def _presets(self) -> list[tuple[str, str]]:
        return [(one.name, code) for code, one in sorted(self._desk.session.facts.mode.presets.items())]

    def _evidence(self) -> list[tuple[str, str]]:
        """Return the warnings in force, the gravest first, then the living events."""
        say, facts = self._desk.say, self._desk.session.facts
        held = [one for one in facts.warned.warnings.values() if one.state is WarningState.IN_FORCE]
        warnings = sorted(held, key=lambda one: (-one.colour, -one.issued_at))
        events = sorted(facts.events.values(), key=lambda one: (-int(one.grade or 0), -one.number))
        return [
            (say("mode.sheet.no_evidence"), ""),
            *((say("mode.evidence.warning", headline=one.headline or one.code), f"warning/{one.number}")
              for one in warnings),
            *((say("mode.evidence.event", number=one.code, title=one.title), f"event/{one.number}") for one in events),
        ]  # fmt: skip

    def _left_out(self) -> list[tuple[str, str]]:
        """Return who may be left out: whoever made a switch fail lately or will hardly confirm; nobody is unasked."""
        declarations = self._desk.session.facts.mode.declarations.values()
        failed = sorted({*(one.faulty for one in declarations if one.faulty), *self._warned})
        words, say = ModeWords(self._desk), self._desk.say
        left = [(say("mode.sheet.leave_out", who=words.who(one)), one) for one in failed]
        return [(say("mode.sheet.await_all"), ""), *left]

    def _on_choice(self) -> None:
        self._show_wanted()
        self.did_change.emit()

    def _on_evidence(self) -> None:
        """What it is founded on says why, unless the officer has said so himself."""
        if self.evidence.currentData() and not self.reason.text().strip():
            self.reason.setText(self.evidence.currentText())

    def _show_wanted(self) -> None:
        """Show only the fields that the act asks for."""
        act = self.chosen_act()
        is_declared = act is not None and act.kind is acts.ActKind.DECLARE
        is_ordered = act is not None and act.kind in (acts.ActKind.ORDER, acts.ActKind.ORDER_LIFT)
        shown = {
            self.scope: act is not None and act.chooses_scope, self.track: act is not None and act.chooses_scope,
            self.preset: act is not None and act.chooses_preset, self.evidence: is_declared, self.minutes: is_ordered,
            self.without: self.without.count() > 1 and act is not None and act.is_previewed,
        }  # fmt: skip
        for field, is_wanted in shown.items():
            self._form.setRowVisible(field, is_wanted)
        self._turn_reason(act.key if act is not None else "")
        told = self._desk.say(_REASON.get(act.kind, "mode.sheet.reason") if act is not None else "mode.sheet.reason")
        self.reason.setPlaceholderText(told)
        self.reason.setAccessibleName(told)

    def _turn_reason(self, key: str) -> None:
        """Keep the reason half written for the act it is for: why one declares is not why one lifts."""
        if key != self._reason_of:
            self._reasons[self._reason_of] = self.reason.text()
            self._reason_of = key
            self.reason.setText(self._reasons.pop(key, ""))

    def _lay_out(self) -> None:
        say, theme = self._desk.say, self._desk.theme
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(SPACE_PX * 2)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for minutes in _MINUTES:
            self.minutes.addItem(str(minutes), minutes)
        self.minutes.setCurrentIndex(1)
        self.reason.setMaxLength(_LONGEST)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("act", self.act), ("scope", self.scope), ("track", self.track), ("preset", self.preset),
            ("evidence", self.evidence), ("minutes", self.minutes), ("without", self.without),
        )  # fmt: skip
        for code, field in rows:
            field.setMinimumHeight(TARGET_PX)
            field.setAccessibleName(say(f"mode.sheet.{code}"))
            if isinstance(field, ChoiceBox):
                field.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            self._form.addRow(Lettered(theme, TypeSize.BODY, text=say(f"mode.sheet.{code}")), field)
        self.reason.setMinimumHeight(TARGET_PX)
        self._form.addRow(Lettered(theme, TypeSize.BODY, text=say("mode.sheet.why")), self.reason)
