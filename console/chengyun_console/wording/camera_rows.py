"""Cameras and evidence as rows of a list: how far, where, and what was kept when and by whom."""

from collections.abc import Container, Iterable, Sequence
from typing import TypedDict

from chengyun_console.desk import Desk
from chengyun_console.video.cameras import Branch, CameraBook, Near
from chengyun_console.video.health import Looks
from chengyun_console.wording.event_files import DIGEST_SHOWN, size_of
from chengyun_core.model.camera import Camera, CameraState, Evidence
from chengyun_core.model.rights import Label
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow, Fold

_KM = 1000.0
_BETWEEN = "/"


class _Standing(TypedDict):
    status: str
    status_colour: Colour


class CameraRows:
    """Keys are `near:CODE`, `cam:CODE`, `path:PLACE` and `evidence:NUMBER`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shown: tuple[str, ...] = ()
        self.looks = Looks()
        """How the cameras were when somebody looked."""

    def tree(
        self, book: CameraBook, near: Iterable[Near], is_open: Container[str], shown: Sequence[str] = ()
    ) -> list[FactRow]:
        """Return the nearest cameras, then the places of the tree with those that are open unfolded.

        `shown`: codes of the cameras in the panes, in their order.
        """
        self._shown = tuple(shown)
        rows = [self._near(one) for one in near]
        if rows:
            rows.insert(0, self._heading("nearest"))
        rows.append(self._heading("all"))
        for branch in book.branches:
            above = branch.path.split(_BETWEEN)[:-1]
            if all(_BETWEEN.join(above[: depth + 1]) in is_open for depth in range(len(above))):
                rows.append(self._branch(book, branch, is_open))
                if branch.path in is_open:
                    rows += [self._camera(one, branch.depth + 1) for one in book.cameras if one.path == branch.path]
        rows += [self._camera(one, 0) for one in book.cameras if not one.path]
        return rows if book.cameras else []

    def found(self, book: CameraBook, text: str, shown: Sequence[str] = ()) -> list[FactRow]:
        """Return the cameras that match what was typed."""
        self._shown = tuple(shown)
        return [self._camera(camera, 0) for camera in book.find(text)]

    def evidence(self, kept: Iterable[Evidence]) -> list[FactRow]:
        """Return a row per picture and clip."""
        rows = [self._evidence(one) for one in kept]
        return [self._heading("evidence"), *rows] if rows else []

    def distance(self, metres: float | None) -> str:
        """Return `350 m` or `1.2 km`; nothing when it is not known."""
        if metres is None:
            return ""
        if metres < _KM:
            return self._desk.say("panes.metres", metres=int(round(metres, -1)) if metres >= 100 else round(metres))
        return self._desk.say("panes.kilometres", km=self._desk.figures.value(metres / _KM, 1))

    def _heading(self, name: str) -> FactRow:
        title = self._desk.say(f"panes.heading.{name}")
        return FactRow(key=f"heading:{name}", severity=Severity.NONE, title=title, is_heading=True)

    def _near(self, near: Near) -> FactRow:
        told = self._desk.say("panes.bound") if near.is_named else ""
        told = told or (self._desk.say("panes.away") if near.looks_away else "")
        return FactRow(
            key=f"near:{near.camera.code}", severity=Severity.NONE, title=near.camera.name,
            detail=self._where(near.camera), age=self.distance(near.metres),
            badges=(*((told,) if told else ()), *self._badges(near.camera)), **self._standing(near.camera),
        )  # fmt: skip

    def _camera(self, camera: Camera, depth: int) -> FactRow:
        return FactRow(
            key=f"cam:{camera.code}", severity=Severity.NONE, title=camera.name, detail=self._where(camera),
            depth=depth, badges=self._badges(camera), **self._standing(camera),
        )  # fmt: skip

    def _branch(self, book: CameraBook, branch: Branch, is_open: Container[str]) -> FactRow:
        online, looked = self.looks.online((one.code for one in book.beneath(branch.path)), self._desk.now_ns())
        return FactRow(
            key=f"path:{branch.path}", severity=Severity.NONE, title=branch.name, depth=branch.depth,
            age=self._desk.say("panes.cameras", count=branch.count),
            fold=Fold.OPEN if branch.path in is_open else Fold.CLOSED,
            status=self._desk.say("panes.rate", online=online, looked=looked) if looked else "",
            status_colour=Colour.TEXT_SECOND if online == looked else Colour.TEXT,
        )  # fmt: skip

    def _where(self, camera: Camera) -> str:
        between = self._desk.say("panes.between")
        parts = (camera.path.replace(_BETWEEN, " "), self._seen(camera), camera.code)
        return between.join(part for part in parts if part)

    def _seen(self, camera: Camera) -> str:
        """Return when somebody saw a camera last, and since when it is not well; nothing where nobody looked."""
        look = self.looks.of(camera.code, self._desk.now_ns())
        if look is None:
            return ""
        now, figures = self._desk.now_ns(), self._desk.figures
        if look.state is CameraState.ONLINE:
            return self._desk.say("panes.seen", time=figures.axis(look.told_at, now))
        return self._desk.say("panes.since", time=figures.axis(look.since, now))

    def _standing(self, camera: Camera) -> _Standing:
        """Return in which pane a camera is shown, else how it was when somebody looked."""
        pane, look = self._pane_of(camera), self.looks.of(camera.code, self._desk.now_ns())
        if pane:
            return {"status": pane, "status_colour": Colour.ACCENT}
        if look is None:
            return {"status": "", "status_colour": Colour.TEXT_SECOND}
        is_well = look.state is CameraState.ONLINE
        said = self._desk.say(f"camera.state.{look.state.value}")
        return {"status": said, "status_colour": Colour.TEXT_THIRD if is_well else Colour.TEXT}

    def _pane_of(self, camera: Camera) -> str:
        """Return in which pane a camera is shown; nothing when it is in none."""
        if camera.code not in self._shown:
            return ""
        return self._desk.say("panes.in_pane", number=self._shown.index(camera.code) + 1)

    def _badges(self, camera: Camera) -> tuple[str, ...]:
        told = (self._desk.say("panes.ptz") if camera.ptz else "", self._label(camera))
        return tuple(word for word in told if word)

    def _label(self, camera: Camera) -> str:
        return "" if camera.label is Label.NORMAL else self._desk.say(f"events.label.{camera.label.value}")

    def _evidence(self, kept: Evidence) -> FactRow:
        say, figures = self._desk.say, self._desk.figures
        who = " ".join(filter(None, (self._desk.words.person(kept.added_by), kept.added_seat)))
        digest = say("events.files.digest", digest=kept.digest[:DIGEST_SHOWN])
        parts = (kept.reason, who, size_of(self._desk, kept.size), digest)
        return FactRow(
            key=f"evidence:{kept.number}", severity=Severity.NONE, title=kept.camera_name,
            detail=say("panes.between").join(part for part in parts if part), age=figures.clock(kept.begins_at),
            badges=(say(f"panes.kind.{kept.kind.value}"),),
        )  # fmt: skip
