"""The badge of the top bar and the window's title: the mode in a word, where it holds, since when."""

from chengyun_console.desk import Desk
from chengyun_console.mode.standing import ModeHere, mode_here
from chengyun_console.mode.wording import ModeWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.mode import Declaration
from chengyun_core.model.scales import Mode
from chengyun_widgets.mode_badge import ModeRecord, ModeTone

_MOST_SCOPES = 2
"""Scopes named on the badge; the sheet behind it names all."""


def badge(desk: Desk) -> ModeRecord:
    """Return what the badge says at this seat; the drill's badge is not decided here."""
    here = mode_here(desk)
    if here.switching:
        return ModeRecord(tone=ModeTone.SWITCHING, text=_scoped(desk, "mode.badge.switching", here.switching))
    if here.is_emergency:
        return _emergency(desk, here)
    if here.below:
        return ModeRecord(tone=ModeTone.PARTLY, text=_scoped(desk, "mode.badge.partly", here.below))
    return ModeRecord(tone=ModeTone.PEACETIME, text=desk.say(f"console.mode.{Mode.PEACETIME.value}"))


def titled(desk: Desk, title: str) -> str:
    """Return the window's title with the word 急时 and the scope before it while that holds here."""
    here = mode_here(desk)
    if not here.is_emergency:
        return title
    return desk.say("mode.title.emergency", scope=ModeWords(desk).scope(here.held[-1].scope), title=title)


def _emergency(desk: Desk, here: ModeHere) -> ModeRecord:
    words, narrowest = ModeWords(desk), here.held[-1]
    scope, preset = words.scope(narrowest.scope), words.preset(here.effect.preset)
    code = "mode.badge.preset" if preset else "mode.badge.emergency"
    since = here.effect.since if here.effect.since is not None else narrowest.declared_at
    return ModeRecord(
        tone=ModeTone.EMERGENCY, text=desk.say(code, scope=scope, preset=preset),
        elapsed=desk.figures.duration((desk.now_ns() - since) / NS_PER_S),
    )  # fmt: skip


def _scoped(desk: Desk, code: str, declarations: tuple[Declaration, ...]) -> str:
    words = ModeWords(desk)
    named = list(dict.fromkeys(words.scope(one.scope) for one in declarations))
    between = desk.say("mode.scope.between")
    told = between.join(named[:_MOST_SCOPES])
    if len(named) > _MOST_SCOPES:
        told = desk.say("mode.scope.more", scopes=told, count=len(named))
    return desk.say(code, scope=told, scopes=told)
