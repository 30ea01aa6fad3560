"""Which stream a pane shows: whatever comes and goes, it changes to what is there and to nothing else."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chengyun_console.video.pane_book import MAIN_FROM_PX, Key, PaneBook
from chengyun_core.model.camera import StreamQuality

NAMES, CAMERAS = ("a", "b", "c"), ("CAM-1", "CAM-2")
SIZES = (MAIN_FROM_PX - 1, MAIN_FROM_PX, 1600)
KEYS = tuple((camera, quality) for camera in CAMERAS for quality in StreamQuality)


class Panes(RuleBasedStateMachine):
    """A book, and the pictures there are."""

    def __init__(self) -> None:
        super().__init__()
        self.book = PaneBook()
        self.pictures: set[Key] = set()
        self.sizes: dict[str, tuple[str, int]] = {}

    @rule(name=st.sampled_from(NAMES), camera=st.sampled_from(CAMERAS), width=st.sampled_from(SIZES))
    def show(self, name: str, camera: str, width: int) -> None:
        held = self.book.get(name)
        before = (held.camera, held.shown) if held is not None else None
        self.book.show(name, camera, width, width // 2, self.pictures.__contains__)
        self.book.keep((name,), 9.0)
        self.sizes[name] = camera, width
        now = self.book.get(name)
        assert now is not None
        if before is not None and before[0] == camera:
            assert now.shown is before[1], "a change of size alone changes no picture"
        elif now.shown is not now.wanted:
            assert now.key in self.pictures, "nobody begins with the other stream when it has nothing to show"

    @rule(key=st.sampled_from(KEYS))
    def picture_comes(self, key: Key) -> None:
        self.pictures.add(key)

    @rule(key=st.sampled_from(KEYS))
    def picture_goes(self, key: Key) -> None:
        self.pictures.discard(key)

    @rule()
    def beat(self) -> None:
        before = {id(pane): pane.shown for pane in self.book}
        self.book.change_over(self.pictures.__contains__)
        for pane in self.book:
            if pane.shown is not before[id(pane)]:
                assert pane.key in self.pictures
            if pane.coming in self.pictures:
                assert pane.shown is pane.wanted
                assert not pane.is_helpless

    @rule(key=st.sampled_from(KEYS))
    def stream_cannot_be_had(self, key: Key) -> None:
        self.pictures.discard(key)
        self.book.find_no_way(key)
        for pane in self.book:
            if pane.key == key == pane.coming:
                assert pane.other in self.book.needs()

    @rule(name=st.sampled_from(NAMES))
    def leave(self, name: str) -> None:
        self.book.leave(name)
        self.sizes.pop(name, None)

    @rule(key=st.sampled_from(KEYS))
    def give_way(self, key: Key) -> None:
        self.sizes = {name: told for name, told in self.sizes.items() if _key(self.book, name) != key}
        self.book.forget(key)

    @invariant()
    def every_pane_has_what_it_needs_and_nothing_else_runs(self) -> None:
        needs = self.book.needs()
        assert {pane.camera for pane in self.book} == {camera for camera, _quality in needs}
        for pane in self.book:
            assert needs[pane.key].is_shown
            assert self.book.until_s(pane.key) == 9.0
            assert needs[pane.coming].width >= pane.width
        for key, need in needs.items():
            assert need.is_shown == any(pane.key == key for pane in self.book)

    @invariant()
    def every_pane_is_of_its_size(self) -> None:
        assert len(self.book) == len(self.sizes)
        for name, (camera, width) in self.sizes.items():
            pane = self.book.get(name)
            assert pane is not None
            assert (pane.camera, pane.width) == (camera, width)
            assert (pane.wanted is StreamQuality.MAIN) == (width >= MAIN_FROM_PX)


def _key(book: PaneBook, name: str) -> Key | None:
    pane = book.get(name)
    return pane.key if pane is not None else None


TestPanes = Panes.TestCase


def test_that_a_pane_nobody_looks_at_lapses_and_the_others_stay() -> None:
    book = PaneBook()
    for name in NAMES:
        book.show(name, "CAM-1", 300, 200, lambda _key: False)
    book.keep(("a", "b", "nobody"), 4.0)
    book.keep(("b",), 5.0)
    book.lapse(4.0)
    assert book.get("a") is None
    assert book.get("c") is None
    assert book.until_s(("CAM-1", StreamQuality.SUB)) == 5.0
    assert list(book.needs()) == [("CAM-1", StreamQuality.SUB)]
    book.clear()
    assert book.needs() == {}
