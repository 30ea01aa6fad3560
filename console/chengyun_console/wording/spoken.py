"""The names of actions and of what is chosen with them, to be typed by initials in the command bar."""

from chengyun_console.actions.table import ACTIONS
from chengyun_resources.texts import Texts


def spoken_phrases() -> tuple[str, ...]:
    """Return the distinct Chinese titles of the table of actions; their pinyin is made with the catalogue's."""
    texts = Texts("zh_CN")
    return tuple(dict.fromkeys(texts.say(action.title) for action in ACTIONS))
