"""编辑值班人员 (H3): name, unit, account, telephones as they are tried, posts, certificates with their end."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import ClassVar

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.duty_forms.form_sheet import Fault, FormSheet, Made, fill_box, fill_lines
from chengyun_console.duty_forms.roll_box import RollBox, moved
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_core.model.duty import Certificate, DutyRole, Person
from chengyun_core.model.duty_commands import SavePerson
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import AskPeople, People
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Severity, TypeSize
from chengyun_widgets.fact_model import FactRow

SIZE = (1080, 612)
_LEFT_PX = 420
_NEW = Person(code="", name="", centre="", version=0)
_FOUND = 100
_LINES = ("code", "name", "unit", "account", "phones")


class PersonSheet(FormSheet):
    """The code says who it is and stays; telephones are shown to who may call only, and are in no journal row."""

    fault_fields: ClassVar[Mapping[str, str]] = {
        "person.code": "code", "account.unknown": "account", "person.centre_unknown": "centre",
    }  # fmt: skip

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent, hint="console.duty.form.hint", size=SIZE)
        self._base, self._posts = _NEW, [*_NEW.posts]
        self.fields = {name: QLineEdit() for name in _LINES}
        self.untils = {role: QLineEdit() for role in DutyRole}
        self.centre = ChoiceBox(desk.theme)
        self.roll = RollBox(desk, find="console.duty.form.find_post", chosen="console.duty.form.posts")
        self._lay_out()
        self.roll.search_did_change.connect(lambda _text: self._show_found())
        self.roll.was_added.connect(lambda code: self._take([*self._posts, code], code))
        self.roll.was_removed.connect(lambda code: self._take([one for one in self._posts if one != code], ""))
        self.roll.was_moved.connect(self._move)

    def open_for(self, person: Person | None, area: QRect) -> None:
        """Edit somebody; None: somebody new."""
        self._base = person or replace(_NEW, centre=self._desk.session.own_centre)
        self._offer()
        self._show_title()
        self.open_over(area)
        self.fill(self._texts_of(self._base))
        self.fields["name" if person is not None else "code"].setFocus()

    @override
    def draft_name(self) -> str:
        return f"person.{self._base.code}"

    @override
    def texts(self) -> dict[str, str]:
        texts = {name: field.text().strip() for name, field in self.fields.items()}
        texts |= {f"until.{role.value}": field.text().strip() for role, field in self.untils.items()}
        return {**texts, "centre": str(self.centre.currentData() or ""), "posts": " ".join(self._posts)}

    @override
    def put(self, texts: Mapping[str, str]) -> None:
        fill_lines(self.fields, texts)
        for role, field in self.untils.items():
            field.setText(texts[f"until.{role.value}"])
        self.centre.setCurrentIndex(max(0, self.centre.findData(texts["centre"])))
        self._posts = texts["posts"].split()
        self._show_posts()

    @override
    def made(self) -> Made | Fault:
        texts, say = self.texts(), self._desk.say
        for name in ("code", "name"):
            if not texts[name]:
                return Fault(field=name, told=say(f"console.duty.form.needs_{name}"))
        held: list[Certificate] = []
        for role in DutyRole:
            until = texts[f"until.{role.value}"]
            if until and not _is_day(until):
                return Fault(field=f"until.{role.value}", told=say("console.duty.form.not_a_day", text=until))
            if until:
                held.append(Certificate(role=role, until=until))
        person = replace(
            self._base, code=texts["code"], name=texts["name"], unit=texts["unit"], account=texts["account"],
            phones=self._phones(texts["phones"]),
            centre=texts["centre"] or self._base.centre, posts=tuple(self._posts), certificates=tuple(held),
        )  # fmt: skip
        made = SavePerson(person=person, version=self._base.version)
        return Made(command=made, told=say("console.duty.form.deed_person", name=person.name))

    @override
    def ask_newest(self) -> None:
        ask = AskPeople(centre=self._base.centre)
        self._desk.session.ask("person.page", ask, self._on_newest, slot="form.newest")

    def _phones(self, typed: str) -> tuple[str, ...]:
        """Return telephones as typed: whatever an officer parts a list with parts them."""
        parts = re.split(f"[{re.escape(self._desk.say('console.duty.form.parted_by'))}]+", typed)
        return tuple(one.strip() for one in parts if one.strip())

    def _texts_of(self, base: Person) -> dict[str, str]:
        until = {one.role: one.until for one in sorted(base.certificates, key=lambda one: one.until)}
        texts = {"code": base.code, "name": base.name, "unit": base.unit, "account": base.account}
        texts["phones"] = self._desk.say("console.duty.form.phones_between").join(base.phones)
        texts |= {f"until.{role.value}": until.get(role, "") for role in DutyRole}
        return {**texts, "centre": base.centre, "posts": " ".join(base.posts)}

    def _show_title(self) -> None:
        known = bool(self._base.version)
        code = "console.duty.form.person" if known else "console.duty.form.new_person"
        self.set_title(self._desk.say(code, name=self._base.name, version=self._base.version))
        self.fields["code"].setReadOnly(known)

    def _offer(self) -> None:
        names, own = self._desk.names, self._desk.session.own_centre
        rows = [(names.place(own), own)] if names is not None else []
        if names is not None:
            rows += [(row.name, row.code) for row in names.view.catalogue.centres if row.parent == own]
        if names is not None and all(code != self._base.centre for _text, code in rows):
            rows.append((names.place(self._base.centre), self._base.centre))
        fill_box(self.centre, rows, self._base.centre)

    def _take(self, posts: list[str], current: str) -> None:
        self._posts = list(dict.fromkeys(posts))
        self._show_posts()
        if current:
            self.roll.chosen.select(current)
        self.touched()

    def _move(self, code: str, by: int) -> None:
        if code in self._posts:
            self._take([str(one) for one in moved(self._posts, self._posts.index(code), by)], code)

    def _show_posts(self) -> None:
        self.roll.show_chosen([self._post(code) for code in self._posts], self._desk.say("console.duty.form.no_posts"))
        self._show_found()

    def _show_found(self) -> None:
        names, words = self._desk.names, self.roll.field.text().casefold().split()
        known = names.view.catalogue.posts if names is not None else ()
        free = (one for one in known if one.code not in self._posts)
        said = ((one.code, f"{one.name} {one.code} {one.holder}".casefold()) for one in free)
        found = [code for code, told in said if all(word in told for word in words)]
        self.roll.show_found([self._post(code) for code in found[:_FOUND]], self._desk.say("console.duty.form.no_post"))

    def _post(self, code: str) -> FactRow:
        names = self._desk.names
        post = names.post(code) if names is not None else None
        place = names.place(post.centre) if names is not None and post is not None else ""
        between = self._desk.say("events.pieces_between")
        return FactRow(
            key=code, severity=Severity.NONE, title=post.name if post is not None else code,
            detail=between.join(filter(None, (place, post.holder if post is not None else "", code))),
        )  # fmt: skip

    def _on_newest(self, told: object) -> None:
        if isinstance(told, Reason):
            self.sending.tell(self._desk.refusal(told), is_trouble=True)
            return
        people = told.people if isinstance(told, People) else ()
        newest = next((one for one in people if one.code == (self._base.code or self.texts()["code"])), None)
        if newest is None:
            self.tell_gone()
            return
        self._base = newest
        self._show_title()
        self.renew(self._texts_of(newest))

    def _lay_out(self) -> None:
        say, theme = self._desk.say, self._desk.theme
        grid, days = QGridLayout(), QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX * 3)
        days.setHorizontalSpacing(SPACE_PX * 3)
        for row, (name, field) in enumerate(self.fields.items()):
            self.add_line(grid, row, name, field)
        self.add_line(grid, len(self.fields), "centre", self.centre)
        self.fields["phones"].setPlaceholderText(say("console.duty.form.phones_how"))
        for row, (role, field) in enumerate(self.untils.items()):
            name = say(f"console.duty.role.{role.value}")
            days.addWidget(Lettered(theme, TypeSize.SMALL, text=name), row * 2, 0)
            field.setAccessibleName(say("console.duty.form.until", role=name))
            field.setPlaceholderText(say("console.duty.form.until_how"))
            field.setMinimumHeight(TARGET_PX)
            field.setMaxLength(10)
            field.textEdited.connect(lambda _text: self.touched())
            days.addWidget(field, row * 2, 1)
            days.addWidget(self.add_fault(f"until.{role.value}", field), row * 2 + 1, 1)
        left, side, body = QVBoxLayout(), QWidget(), QWidget()
        side.setLayout(left)
        side.setFixedWidth(_LEFT_PX)
        left.setContentsMargins(0, 0, 0, 0)
        left.addLayout(grid)
        left.addWidget(self.heading("console.duty.form.certificates"))
        left.addLayout(days)
        left.addStretch(1)
        row_of = QHBoxLayout()
        row_of.setContentsMargins(SPACE_PX * 4, SPACE_PX * 2, SPACE_PX * 4, 0)
        row_of.setSpacing(SPACE_PX * 4)
        row_of.addWidget(side)
        row_of.addWidget(self.roll, 1)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row_of, 1)
        self.lay_foot(column)
        self.set_whole(body)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
