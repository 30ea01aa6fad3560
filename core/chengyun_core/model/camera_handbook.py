"""The handbook's tables of cameras, made from the code: what each kind needs, and whose hand goes before whose."""

from chengyun_core.model.camera import CameraKind
from chengyun_core.model.catalogue_cameras import NEEDS, SCHEMES
from chengyun_core.model.ptz_rules import LEVELS, RANKS

_HOW = {
    CameraKind.RTSP: "its address is the stream's; cannot be asked or moved",
    CameraKind.ONVIF: "its device service is asked for the stream, moved and sent to positions",
    CameraKind.PLATFORM: "the platform of `keys/cameras.toml` is asked to play, moved and sent to positions",
    CameraKind.DEMO: "of the demo's own server, where `[video] demo_server` is set; has no motor",
}


def kinds_table() -> str:
    """Return the kinds of cameras in Markdown."""
    lines = ["| kind | needs | address begins with | how its stream is come by |", "| --- | --- | --- | --- |"]
    for kind in CameraKind:
        needs = ", ".join(f"`{column}`" for column in NEEDS[kind])
        schemes = ", ".join(f"`{scheme}:`" for scheme in SCHEMES.get(kind, ())) or "–"
        lines.append(f"| `{kind}` | {needs} | {schemes} | {_HOW[kind]} |")
    return "\n".join(lines)


def ranks_table() -> str:
    """Return whose hand goes before whose, the highest first, in Markdown."""
    kinds = sorted(RANKS.items(), key=lambda item: (-item[1], item[0]))
    levels = " · ".join(level.value for level, _ in sorted(LEVELS.items(), key=lambda item: -item[1]))
    lines = ["| kind of post | rank | of equal rank |", "| --- | --- | --- |"]
    return "\n".join((*lines, *(f"| `{kind}` | {rank} | {levels} |" for kind, rank in kinds)))
