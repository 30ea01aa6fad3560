"""The camera a deed is about: known, permitted where it stands, and seen through its label."""

from sqlalchemy import Connection

from chengyun_core.centre import labels
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller, permitted
from chengyun_core.centre.work import Work
from chengyun_core.model.camera import Camera
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Holding, Subject
from chengyun_core.model.rights import RANK, Label


def get(desk: Desk, code: str) -> Camera:
    """Return a camera of the catalogue in force; raise Refused `camera.unknown`."""
    camera = desk.city.cameras.get(code)
    if camera is None:
        raise Refused("camera.unknown", camera=code[:64])
    return camera


def subject_of(desk: Desk, camera: Camera) -> Subject:
    """Return what a permission is asked about for a camera."""
    owners = {owner for code in desk.city.vitals_of_camera.get(camera.code, ()) for owner in _owners(desk, code)}
    return Subject(name=camera.code, path=desk.city.path(camera.centre), owners=frozenset(owners))


def subjects(desk: Desk, work: Work, command: object) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the place of the command's camera; an unknown one is refused to the permitted."""
    camera = desk.city.cameras.get(str(getattr(command, "camera", "")))
    return () if camera is None else (subject_of(desk, camera),)


def expect(desk: Desk, connection: Connection, caller: Caller, action: str, code: str) -> tuple[Camera, Holding]:
    """Return a camera with the holding by which somebody may do something with it.

    Raises:
        Refused: `camera.unknown`, also for one that is hidden from him; `permission.…`; `label.not_cleared`.
    """
    camera = get(desk, code)
    expect_cleared(connection, caller, camera)
    return camera, permitted(action, caller, (subject_of(desk, camera),), desk.mode_of)


def expect_cleared(connection: Connection, caller: Caller, camera: Camera) -> None:
    """Raise Refused for who does not see through a camera's label; a hidden one he learns nothing of."""
    if camera.label is Label.NORMAL or RANK[camera.label] <= RANK[labels.clearance_of(connection, caller)]:
        return
    if camera.label is Label.HIDE:
        raise Refused("camera.unknown", camera=camera.code)
    raise Refused("label.not_cleared", label=camera.label.value)


def _owners(desk: Desk, vital: int) -> frozenset[str]:
    return desk.city.subject_of(vital).owners
