"""导入图层: a file of a layer looked at by the centre, what it would mend and leave out told, then taken (M1)."""

from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.session.replies import done_of
from chengyun_console.shell.intake_sheet import MOST_SHOWN, IntakeSheet, IntakeWords
from chengyun_console.uploads import Upload
from chengyun_core.model.failure import Reason
from chengyun_core.model.map_commands import ImportLayer
from chengyun_core.model.map_layer import LONGEST_CODE, LONGEST_TEXT, Datum, LayerKind
from chengyun_core.model.warning_line import reason_of
from chengyun_core.wire.envelope import Reply
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_model import FactRow

_WORDS = IntakeWords(
    title="layers.title", hint="layers.hint", choose="layers.choose", confirm="layers.confirm", which="layers.which",
    rows="layers.rows",
)  # fmt: skip
TILES_ENDING = ".mbtiles"
_FIELDS = ("code", "name", "approval", "origin")


class LayerSheet(IntakeSheet):
    """A file is uploaded, tried, and taken as it was tried: whoever changes a word tries it again."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, _WORDS, parent)
        self._path: Path | None = None
        self._upload: Upload | None = None
        self._digest, self._size = "", 0
        self._tried: ImportLayer | None = None
        self._under_way: dict[str, ImportLayer] = {}
        """Command → what it asked."""
        self.fields = {name: QLineEdit() for name in _FIELDS}
        self.kind, self.datum = ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self.again = QPushButton(desk.say("layers.try"))
        self._lay_out_fields()
        for field in self.fields.values():
            field.textEdited.connect(self._on_word)
        for box in (self.kind, self.datum):
            box.activated.connect(self._on_word)
        self.again.clicked.connect(lambda _checked=False: self.try_it())
        desk.session.command_ended.connect(self._on_ended)

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(area)
        if self._path is None:
            self._show_rows([], self._desk.say("layers.what"))

    @override
    def look_at(self, path: Path) -> None:
        """Upload a file and have it tried; its name is offered as the layer's."""
        self._path, self._digest, self._tried = path, "", None
        self._let(is_good=False)
        is_tiles = path.suffix.lower() == TILES_ENDING
        self.fields["code"].setText("".join(sign for sign in path.stem if _is_of_code(sign))[:LONGEST_CODE])
        self.fields["name"].setText(path.stem)
        self._offer_kinds(is_tiles=is_tiles)
        if self._upload is not None:
            self._upload.blockSignals(True)
            self._upload.deleteLater()
        upload = self._upload = Upload(self._desk.session, path, self)
        upload.did_advance.connect(self._on_share)
        upload.did_fail.connect(self._on_failed)
        upload.was_done.connect(self._on_uploaded)
        self._show_rows([], "")
        self._on_share(0.0)
        upload.begin()

    def try_it(self) -> None:
        """Have the centre read the file as it would be imported; nothing is written."""
        if self._digest:
            self._let(is_good=False)
            self._send(self._command(try_only=True))
            self._tell(self._desk.say("layers.trying", file=self._name), Colour.TEXT_SECOND)

    @override
    def take(self) -> None:
        if self._tried is not None:
            self._send(self._command(try_only=False))
            self._tell(self._desk.say("layers.taking", file=self._name), Colour.TEXT_SECOND)

    @property
    def _name(self) -> str:
        return self._path.name if self._path is not None else ""

    def _command(self, *, try_only: bool) -> ImportLayer:
        code = self.fields["code"].text().strip()
        known = self._desk.maps.store.known.get(code)
        return ImportLayer(
            code=code, version=known.version if known is not None else 0, name=self.fields["name"].text().strip(),
            kind=LayerKind(self.kind.currentData()), file=self._name, digest=self._digest, size=self._size,
            datum=Datum(self.datum.currentData()), approval_number=self.fields["approval"].text().strip(),
            origin=self.fields["origin"].text().strip(), try_only=try_only,
        )  # fmt: skip

    def _send(self, made: ImportLayer) -> None:
        self._under_way[self._desk.session.send(made)] = made

    def _on_share(self, share: float) -> None:
        told = self._desk.say("layers.uploading", file=self._name, percent=self._desk.figures.percent(share))
        self._tell(told, Colour.TEXT_SECOND)

    def _on_uploaded(self, digest: str, size: int) -> None:
        self._digest, self._size = digest, size
        self.try_it()

    def _on_word(self, _text: object) -> None:
        """What was tried is not what would be taken any more."""
        if self._tried is not None:
            self._tried = None
            self._let(is_good=False)
            self._tell(self._desk.say("layers.try_again"), Colour.TEXT_SECOND)

    def _on_ended(self, command: str, reply: Reply) -> None:
        made = self._under_way.pop(command, None)
        if made is None or made.digest != self._digest:
            return
        if reply.outcome != "done":
            self._on_failed(Reason(code=reply.code, params=reply.params))
            return
        done = done_of(reply)
        notes = [reason_of(line) for line in done.warnings]
        if made.try_only:
            self._on_tried(made, notes, done.version)
        else:
            self._tried = None
            told = self._desk.say("layers.taken", name=made.name, count=len(notes))
            self._tell(told, Colour.DONE)
            self._desk.message_came.emit(told, False)

    def _on_tried(self, made: ImportLayer, notes: list[Reason], features: int) -> None:
        """Show what would become of each feature; `features`: how many would be taken."""
        self._tried = made
        rows = [self._row_of(at, one) for at, one in enumerate(notes[:MOST_SHOWN])]
        self._show_rows(rows, "" if rows else self._desk.say("layers.nothing_wrong"))
        self._let(is_good=True)
        code = "layers.tried" if notes else "layers.tried_well"
        told = self._desk.say(code, file=self._name, features=self._desk.figures.count(features), count=len(notes))
        self._tell(told, Colour.ORANGE_TEXT if notes else Colour.TEXT)

    def _row_of(self, at: int, one: Reason) -> FactRow:
        say, params = self._desk.say, one.params
        where = "layers.where_file" if params.get("feature") in ("", "0", None) else "layers.where"
        line = params.get("line", "")
        told = say(where, feature=params.get("feature", ""), name=params.get("name", ""))
        at_line = say("layers.line", line=line) if line not in ("", "0") else ""
        return FactRow(
            key=f"note:{at}", severity=Severity.NONE, title=self._desk.refusal(one),
            detail=say("events.pieces_between").join(part for part in (told, at_line) if part),
            status=say(f"map.grade.{params['grade']}") if params.get("grade") else "",
            status_colour=Colour.TEXT if params.get("grade") == "refused" else Colour.TEXT_SECOND,
        )  # fmt: skip

    def _on_failed(self, reason: object) -> None:
        assert isinstance(reason, Reason)
        self._tell(self._desk.refusal(reason), Colour.RED_TEXT)

    def _offer_kinds(self, *, is_tiles: bool) -> None:
        self.kind.clear()
        for kind in LayerKind:
            if (kind is LayerKind.TILES) == is_tiles:
                self.kind.addItem(self._desk.say(f"map.kind.{kind.value}"), kind.value)

    def _lay_out_fields(self) -> None:
        desk, grid = self._desk, QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX * 2)
        grid.setVerticalSpacing(SPACE_PX)
        for datum in (Datum.CGCS2000, Datum.WGS84, Datum.GCJ02):
            self.datum.addItem(desk.say(f"map.datum.{datum.value}"), datum.value)
        self._offer_kinds(is_tiles=False)
        parts: list[tuple[str, QWidget]] = [
            ("code", self.fields["code"]), ("name", self.fields["name"]), ("kind", self.kind), ("datum", self.datum),
            ("approval", self.fields["approval"]), ("origin", self.fields["origin"]),
        ]  # fmt: skip
        for at, (name, part) in enumerate(parts):
            label = desk.say(f"layers.field.{name}")
            part.setAccessibleName(label)
            part.setMinimumHeight(TARGET_PX)
            grid.addWidget(Lettered(desk.theme, TypeSize.BODY, text=label), at // 2, at % 2 * 2)
            grid.addWidget(part, at // 2, at % 2 * 2 + 1)
        for name, field in self.fields.items():
            field.setMaxLength(LONGEST_CODE if name == "code" else LONGEST_TEXT)
        self.again.setMinimumHeight(TARGET_PX)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.again, 0, 4, 1, 1)
        self._column.insertLayout(0, grid)


def _is_of_code(sign: str) -> bool:
    """Return whether a letter may stand in the code of a layer."""
    return (sign.isascii() and sign.isalnum()) or sign in "_.-"
