"""The three families of failure: a rule said no, the world failed, or a bug (any other exception)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A code of the message catalogue with its parameters; the officer's sentence is made from it in `resources`."""

    code: str
    params: dict[str, str] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818 - the vocabulary's word; it is not an error of the program
    """A rule said no. Carries the reason whose sentence is shown to the officer."""

    def __init__(self, code: str, **params: object) -> None:
        self.reason = Reason(code=code, params={key: str(value) for key, value in params.items()})
        super().__init__(f"{code} {self.reason.params}" if params else code)


class Trouble(Exception):  # noqa: N818 - the vocabulary's word
    """The world failed (disk, socket, file). Carries what happened, to what, and what to do next."""

    def __init__(self, code: str, **params: object) -> None:
        self.reason = Reason(code=code, params={key: str(value) for key, value in params.items()})
        super().__init__(f"{code} {self.reason.params}" if params else code)
