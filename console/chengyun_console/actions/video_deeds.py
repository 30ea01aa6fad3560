"""Deeds on cameras: the nearest ones, evidence, movement, rounds. Keys of panes act while panes have the keyboard."""

from chengyun_console.actions.action import Action, Choice, Question, Say, Where
from chengyun_console.actions.alarm_deeds import needs_alarm
from chengyun_console.actions.subject import Subject
from chengyun_core.model.camera import Camera
from chengyun_core.model.camera_commands import KeepEvidence, RemoveRound, SaveRound, TakePtz
from chengyun_core.model.failure import Reason

DWELLS_S = (10, 15, 20, 30, 60)
_TAKING = ("event", "order", "nearer", "mistake")
_REMOVING = ("old", "wrong", "twice")


def camera_of(subject: Subject) -> Camera:
    """Return the camera a deed is about; `_needs_camera` has been asked before."""
    assert subject.video.camera is not None
    return subject.video.camera


def _needs_camera(subject: Subject) -> Reason | None:
    return None if subject.video.camera is not None else Reason(code="panes.no_camera")


def _needs_ptz(subject: Subject) -> Reason | None:
    if subject.video.camera is None or subject.video.camera.ptz:
        return _needs_camera(subject)
    return Reason(code="panes.no_ptz", params={"camera": subject.video.camera.name})


def _is_free(subject: Subject) -> Reason | None:
    return _needs_ptz(subject) or (Reason(code="panes.ptz_is_held") if subject.video.lock is not None else None)


def _is_held(subject: Subject) -> Reason | None:
    return _needs_ptz(subject) or (Reason(code="panes.ptz_is_free") if subject.video.lock is None else None)


def _has_cameras(subject: Subject) -> Reason | None:
    return None if subject.video.cameras else Reason(code="panes.none")


def _has_round(subject: Subject) -> Reason | None:
    return None if subject.video.round is not None else Reason(code="panes.no_round")


def _holder(subject: Subject) -> dict[str, object]:
    lock = subject.video.lock
    return {"name": lock.name if lock is not None else ""}


def _reasons(kind: str, words: tuple[str, ...]) -> Question:
    choices = tuple(Choice(title=f"panes.{kind}.{word}", value=f"panes.{kind}.{word}") for word in words)
    return Question(title=f"panes.question.{kind}", choices=lambda _subject: choices, params=_holder)


_DWELL = Question(
    title="panes.question.dwell",
    choices=lambda _subject: tuple(Choice(title=f"panes.dwell.{each}", value=float(each)) for each in DWELLS_S),
)
_NAME = Question(title="panes.question.round_name")


def _take(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    return TakePtz(camera=camera_of(subject).code)


def _take_over(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    return TakePtz(camera=camera_of(subject).code, reason=say(str(answers[0])))


def _save_round(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    dwell_s, name = answers
    assert isinstance(dwell_s, float)
    return SaveRound(
        name=str(name), centre=subject.video.centre, cameras=subject.video.cameras, dwell_s=dwell_s,
        grid=subject.video.grid,
    )  # fmt: skip


def _remove_round(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    standing = subject.video.round
    assert standing is not None
    return RemoveRound(round=standing.number, version=standing.version, reason=say(str(answers[0])))


VIDEO_DEEDS: tuple[Action, ...] = (
    Action(id="alarm.video", title="panes.action.nearest", keys=("V",), where=Where.ALARM, why_not=needs_alarm),
    Action(id="video.open", title="panes.action.open", keys=("Ctrl+Shift+V",)),
    Action(id="video.grab", title="panes.action.grab", keys=("G",), where=Where.VIDEO, record=KeepEvidence,
           why_not=_needs_camera),
    Action(id="video.clip", title="panes.action.clip", keys=("K",), where=Where.VIDEO, record=KeepEvidence,
           why_not=_needs_camera),
    Action(id="video.consult", title="panes.action.consult", keys=("V",), where=Where.VIDEO),
    Action(id="video.steer", title="panes.action.steer", keys=("Y",), where=Where.VIDEO, record=TakePtz,
           why_not=_needs_ptz),
    Action(id="video.take", title="panes.action.take", keys=(), where=Where.VIDEO, record=TakePtz, why_not=_is_free,
           make=_take),
    Action(id="video.take_over", title="panes.action.take_over", keys=(), where=Where.VIDEO, record=TakePtz,
           why_not=_is_held, make=_take_over, questions=(_reasons("taking", _TAKING),)),
    Action(id="video.choose", title="panes.action.choose", keys=("S",), where=Where.VIDEO),
    Action(id="video.evidence", title="panes.action.evidence", keys=("J",), where=Where.VIDEO),
    Action(id="video.round", title="panes.action.round", keys=("X",), where=Where.VIDEO),
    Action(id="video.save_round", title="panes.action.save_round", keys=("Shift+X",), where=Where.VIDEO,
           record=SaveRound, why_not=_has_cameras, make=_save_round, questions=(_DWELL, _NAME)),
    Action(id="video.remove_round", title="panes.action.remove_round", keys=("Shift+Delete",), where=Where.VIDEO,
           record=RemoveRound, why_not=_has_round, make=_remove_round, questions=(_reasons("removing", _REMOVING),)),
    Action(id="video.grid", title="panes.action.grid", keys=("1", "4", "9", "0"), where=Where.VIDEO),
    Action(id="video.turn", title="panes.action.turn", keys=("PgDown", "PgUp"), where=Where.VIDEO),
    Action(id="video.large", title="panes.action.large", keys=("Return",), where=Where.VIDEO),
    Action(id="video.preset", title="panes.action.preset", keys=("1", "2", "3", "4", "5", "6", "7", "8", "9"),
           where=Where.STEERING),
    Action(id="video.keep_preset", title="panes.action.keep_preset", keys=("P",), where=Where.STEERING),
    Action(id="video.move", title="panes.action.move", keys=("Left", "Right", "Up", "Down", "+", "-"),
           where=Where.STEERING),
    Action(id="clip.play", title="clips.action.play", keys=("Space",), where=Where.CLIP),
    Action(id="clip.step", title="clips.action.step", keys=(",", "."), where=Where.CLIP),
    Action(id="clip.jump", title="clips.action.jump", keys=("Shift+Left", "Shift+Right"), where=Where.CLIP),
    Action(id="clip.ends", title="clips.action.ends", keys=("Home", "End"), where=Where.CLIP),
)  # fmt: skip
VIDEO_KEYS: tuple[str, ...] = (
    "video.grid", "video.turn", "video.large", "video.preset", "video.keep_preset", "video.move",
)  # fmt: skip
"""Handled by the panes themselves while they have the keyboard."""
CLIP_KEYS: tuple[str, ...] = tuple(action.id for action in VIDEO_DEEDS if action.where is Where.CLIP)
"""Handled by the clip itself."""
