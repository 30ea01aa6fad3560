"""The scenes by name, and what every picture bears: the mark 演示, the scene's code and the loop's own clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chengyun_core.video.demo_cameras import glyphs, scenes_land, scenes_road, scenes_water
from chengyun_core.video.demo_cameras.brush import WIDTH, Board, Picture, rectangle, stamp

LOOP_S = 16
"""Every loop comes round after so long, and stands where UTC modulo it stands: two panes of one scene agree."""
FPS = 12.5
FRAMES = round(LOOP_S * FPS)
_INK, _GROUND = (236, 238, 238), (16, 18, 20)

Painter = Callable[[float], Picture]
"""Phase of the loop, 0 to 1 → a new picture, uint8[540, 960, 3]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One scene."""

    code: str
    """As it stands in the picture."""
    begin: Callable[[], Painter]
    """Prepares it."""


SCENES: Mapping[str, Scene] = {
    "river": Scene(code="RIVER 01", begin=scenes_water.river),
    "street": Scene(code="STREET 05", begin=scenes_road.street),
    "square": Scene(code="SQUARE 09", begin=scenes_land.square),
    "night": Scene(code="NIGHT 06", begin=scenes_road.night),
    "underpass": Scene(code="UNDERPASS 03", begin=scenes_water.underpass),
    "tunnel": Scene(code="TUNNEL 07", begin=scenes_road.tunnel),
    "slope": Scene(code="SLOPE 10", begin=scenes_land.slope),
    "bridge": Scene(code="BRIDGE 08", begin=scenes_road.bridge),
    "reservoir": Scene(code="RESERVOIR 02", begin=scenes_water.reservoir),
    "gate": Scene(code="SLUICE 04", begin=scenes_water.gate),
}
"""Name → scene, in the order of encoding; a camera's code picks one by its hash, or an address by `?scene=`."""

WAITING = "waiting"
"""Shown for a scene that is still being encoded: a first start must not look like broken cameras."""


def waiting() -> Painter:
    """A bar that runs under the words."""
    board = Board((38, 42, 46), (26, 28, 31))
    board.text("PREPARING SCENE", 300, 236, 4, (190, 194, 196))
    ground = board.finished()

    def paint(phase: float) -> Picture:
        picture = ground.copy()
        rectangle(picture, 300, 300, 660, 306, (60, 64, 68))
        rectangle(picture, 300 + 300 * phase, 300, 360 + 300 * phase, 306, (190, 194, 196))
        return picture

    return paint


def marked(picture: Picture, code: str, number: int) -> Picture:
    """Burn the mark, the code and the clock of a loop's picture into it: at the right, where a pane writes nothing."""
    mark = glyphs.mark(3)
    left = WIDTH - mark.shape[1] - 22
    rectangle(picture, left - 10, 12, WIDTH - 14, 22 + mark.shape[0] + 8, _GROUND)
    stamp(picture, mark, left, 21, _INK)
    below = 22 + mark.shape[0] + 16
    _line(picture, f"DEMO {code}", below)
    _line(picture, f"LOOP {number / FPS:05.2f} / {LOOP_S} S", below + 40)
    return picture


def _line(picture: Picture, said: str, top: int) -> None:
    dots = glyphs.text(said, 3)
    left = WIDTH - dots.shape[1] - 22
    rectangle(picture, left - 8, top, WIDTH - 14, top + 33, _GROUND)
    stamp(picture, dots, left, top + 6, _INK)
