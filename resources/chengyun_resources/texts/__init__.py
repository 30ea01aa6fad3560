"""The message catalogue: codes and parameters in, an officer's sentence out; gettext files by subject and language."""

import gettext
from pathlib import Path

LANGUAGES = ("zh_CN", "en")
_FOLDER = Path(__file__).parent


class Texts:
    """Sentences of one language. Codes are msgids such as `alarm.version_seen`; parameters are `{named}`."""

    def __init__(self, language: str = "zh_CN") -> None:
        self.language = language
        self._found: dict[str, str] = {}
        self._catalogues = [_catalogue(path) for path in sorted(_FOLDER.glob(f"{language}/LC_MESSAGES/*.mo"))]

    def say(self, code: str, /, **params: object) -> str:
        """Return the sentence of a code; an unknown code is shown as itself with its parameters, never hidden."""
        sentence = self._sentence(code)
        if sentence == code:
            return f"{code} {params}" if params else code
        return sentence.format_map(_Shown(params))

    def has(self, code: str) -> bool:
        """Return whether the code has a sentence."""
        return self._sentence(code) != code

    def _sentence(self, code: str) -> str:
        """Return the sentence of a code, the code itself when there is none; looked for in twenty files only once."""
        found = self._found.get(code)
        if not code:
            # gettext keeps a file's head under the empty code.
            return code
        if found is None:
            told = (catalogue.gettext(code) for catalogue in self._catalogues)
            found = next((sentence for sentence in told if sentence != code), code)
            # Only what exists is remembered: codes also come from other programs, without end.
            if found != code:
                self._found[code] = found
        return found


class _Shown(dict[str, object]):
    """Parameters; a missing one is shown by its name, so that a sentence never fails to appear."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _catalogue(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)
