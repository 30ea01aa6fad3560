"""Broken glasses and envelopes in an officer's words: rows of the list, and everything of the one that is chosen."""

from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_core.model.glass_codes import CodeState
from chengyun_core.model.permission import kind_of
from chengyun_core.model.rights import BreakGlass
from chengyun_core.wire.rights_asks import CodeRow
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import SheetLine, SheetSection

CODE_KEY = "code."
"""What the key of an envelope's row begins with."""


def post_names(desk: Desk, posts: tuple[str, ...]) -> str:
    """Return what kinds of posts these are, one after the other."""
    return desk.say("console.names_between").join(dict.fromkeys(_post_name(desk, post) for post in posts))


def _post_name(desk: Desk, post: str) -> str:
    kind = kind_of(post)
    code = f"guide.post.{kind.value}" if kind is not None else ""
    return desk.say(code) if code and desk.texts.has(code) else post


@dataclass(frozen=True, slots=True)
class GlassWords:
    """Writes with the names a desk has now."""

    desk: Desk

    def is_overdue(self, glass: BreakGlass) -> bool:
        """Return whether the review was owed before now."""
        return glass.reviewed_at is None and glass.review_by <= self.desk.now_ns()

    def state(self, glass: BreakGlass) -> str:
        """Return how it stands."""
        say, figures = self.desk.say, self.desk.figures
        if glass.ended_at is None:
            return say("glass.page.open", time=figures.clock(glass.until)[:-3])
        if glass.reviewed_at is not None:
            return say("glass.page.reviewed")
        code = "glass.page.overdue" if self.is_overdue(glass) else "glass.page.owed"
        return say(code, time=figures.axis(glass.review_by, self.desk.now_ns()))

    def row(self, glass: BreakGlass) -> FactRow:
        """Return one broken glass as a row of the list."""
        badge = "open" if glass.ended_at is None else "overdue" if self.is_overdue(glass) else ""
        said = self.desk.say("glass.page.row", glass=glass.number, seat=glass.seat)
        lent = self.desk.say("glass.page.lent", posts=post_names(self.desk, glass.posts))
        between = self.desk.say("events.pieces_between")
        return FactRow(
            key=str(glass.number), severity=Severity.NONE, title=said,
            badges=(self.desk.say(f"glass.page.badge_{badge}"),) if badge else (),
            detail=between.join((lent, self.people(glass), glass.reason)), age=self.desk.figures.stamp(glass.opened_at),
            status=self.state(glass),
        )  # fmt: skip

    def people(self, glass: BreakGlass) -> str:
        """Return the two by their names."""
        return self.desk.say("console.names_between").join(self.person(account) for account in glass.accounts)

    def person(self, account: str) -> str:
        """Return what somebody is called."""
        return self.desk.people.names.get(account, account)

    def code_row(self, code: CodeRow) -> FactRow:
        """Return one envelope as a row of the list."""
        say, figures = self.desk.say, self.desk.figures
        when = code.ended_at if code.ended_at is not None else code.sealed_at
        return FactRow(
            key=f"{CODE_KEY}{code.number}", severity=Severity.NONE,
            title=say("glass.page.code", number=code.number, post=post_names(self.desk, (code.post,))),
            detail=code.post, age=figures.stamp(when), status=say(f"word.glass_code.{code.state}"),
        )  # fmt: skip

    def sections(self, glass: BreakGlass) -> tuple[SheetSection, ...]:
        """Return everything of a broken glass."""
        say, figures = self.desk.say, self.desk.figures
        ended = figures.stamp(glass.ended_at) if glass.ended_at is not None else ""
        if ended and glass.ended_by:
            ended = say("events.pieces_between").join((ended, self.person(glass.ended_by)))
        lines = (
            ("state", self.state(glass)), ("seat", glass.seat), ("first", self._proved(glass, 0)),
            ("second", self._proved(glass, 1)), ("posts", post_names(self.desk, glass.posts)),
            ("reason", glass.reason), ("begun", figures.stamp(glass.opened_at)),
            ("until", figures.stamp(glass.until)), ("ended", ended), ("due", figures.stamp(glass.review_by)),
        )  # fmt: skip
        review = (
            ("by", self.person(glass.reviewed_by)), ("finding", glass.finding),
            ("at", figures.stamp(glass.reviewed_at) if glass.reviewed_at is not None else ""),
        )  # fmt: skip
        told = self._section("glass.page.section", lines, is_loud=self.is_overdue(glass))
        return (told, self._section("glass.page.review", review)) if glass.reviewed_at is not None else (told,)

    def code_sections(self, code: CodeRow) -> tuple[SheetSection, ...]:
        """Return everything of an envelope."""
        figures = self.desk.figures
        lines = (
            ("code_state", self.desk.say(f"word.glass_code.{code.state}")),
            ("code_post", f"{post_names(self.desk, (code.post,))} {code.post}"),
            ("sealed", figures.stamp(code.sealed_at)), ("sealed_by", self.person(code.sealed_by)),
            ("code_ended", figures.stamp(code.ended_at) if code.ended_at is not None else ""),
            ("code_ended_by", self.person(code.ended_by)), ("code_reason", code.reason),
        )  # fmt: skip
        return (self._section("glass.page.code_section", lines, is_loud=code.state is CodeState.LOST),)

    def _proved(self, glass: BreakGlass, at: int) -> str:
        proof = glass.proofs[at].split()
        who = self.person(glass.accounts[at])
        if proof[0] != "code":
            return self.desk.say("glass.page.by_password", who=who)
        return self.desk.say("glass.page.by_code", who=who, number=proof[1], post=post_names(self.desk, (proof[2],)))

    def _section(self, title: str, lines: tuple[tuple[str, str], ...], *, is_loud: bool = False) -> SheetSection:
        colour = Colour.RED_TEXT if is_loud else Colour.TEXT
        return SheetSection(
            title=self.desk.say(title),
            lines=tuple(
                SheetLine(
                    label=self.desk.say(f"glass.page.{name}"), text=text, colour=Colour.TEXT if at else colour
                )
                for at, (name, text) in enumerate(lines)
                if text
            ),
        )  # fmt: skip
