"""Seats beside each other on the screen, for walks and pictures: 本席, 全部, the row of other seats, and coverage."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from chengyun_console.pages.duty.page import SIDES, DutyPage
from chengyun_core.mirror.links import Reach
from chengyun_core.model import command
from chengyun_core.model.change import SessionRecord
from chengyun_core.model.duty import SeatCover, SeatDeed, SeatSilence
from chengyun_core.model.places import Centre, Seat
from chengyun_core.model.scales import AlarmPriority, Level, WarningColour
from tests.console import duty_scenes, event_samples, task_samples
from tests.console.still_session import START_NS, S, alarm

if TYPE_CHECKING:
    from tests.console.scenes import Stand

CITY, YUZHONG, SHAPINGBA, BEIBEI, FULING = "500000", "500103", "500106", "500109", "500102"
_TOWNS = ((YUZHONG, "500103001", "七星岗街道"), (YUZHONG, "500103003", "解放碑街道"), (BEIBEI, "500109002", "天生街道"))
_SEATS = (
    ("A-01", "值班席", ""), ("A-02", "副值班席", ""), ("A-05", "渝中席", YUZHONG), ("A-06", "沙坪坝席", SHAPINGBA),
    ("A-07", "涪陵席", FULING), ("A-08", "解放碑席", "500103003"),
)  # fmt: skip
_SITTING = (("A-01", "王值班", "duty_officer"), ("A-02", "赵值班长", "watch_chief"), ("A-05", "李值班", "duty_officer"),
            ("A-08", "孙值班", "duty_officer"))  # fmt: skip
_MOVED = 12
"""Vitals from this number on lie in the quarter of a seat of its own."""


def put_seats(at: "Stand") -> None:
    """Bring a city with five watch seats, four of them held; one covers another, one does not respond."""
    view = at.session.catalogue
    assert view is not None
    city = view.catalogue
    known = {centre.code for centre in city.centres}
    towns = (Centre(code=code, name=name, level=Level.TOWN, parent=parent) for parent, code, name in _TOWNS)
    more = (Centre(code=BEIBEI, name="北碚区", level=Level.DISTRICT, parent=CITY),
            Centre(code=FULING, name="涪陵区", level=Level.DISTRICT, parent=CITY), *towns)  # fmt: skip
    seats = tuple(Seat(code=code, name=name, centre=CITY, post=f"{CITY}.duty_officer", area=area)
                  for code, name, area in _SEATS)  # fmt: skip
    vitals = tuple(replace(row, centre=CITY if row.number < _MOVED else YUZHONG) for row in city.vitals)
    centres = (*city.centres, *(row for row in more if row.code not in known))
    at.session.show_city(replace(city, centres=centres, seats=seats, vitals=vitals))
    for seat, name, kind in _SITTING:
        record = SessionRecord(seat=seat, account=seat, name=name, posts=(f"{CITY}.{kind}",), since=START_NS - 3600 * S)
        at.session.put_fact("session", seat, record)
    until = START_NS + 90 * 60 * S
    cover = SeatCover(seat="A-06", by_seat="A-05", deed=SeatDeed.COVERED, reason="就餐", since=START_NS, until=until,
                      by="li")  # fmt: skip
    at.session.put_fact("seat_cover", "A-06", cover)
    at.session.put_fact("seat_silence", "A-08", SeatSilence(seat="A-08", account="A-08", since=START_NS - 40 * S))
    at.session.enter(seat="A-01", allowed=(*command.KIND_OF.values(),))
    orange, red, low = WarningColour.ORANGE, WarningColour.RED, AlarmPriority.LOW
    at.session.put_alarms(
        *(alarm(30 + number, 12 + number, orange) for number in range(7)), alarm(40, 20, red), alarm(41, 3, red),
        alarm(42, 4, orange), alarm(43, 5, WarningColour.BLUE, priority=low),
    )  # fmt: skip
    at.beat()


def show_own(at: "Stand") -> None:
    """Show F1 of a seat beside others: its own alarms, and one row for theirs."""
    put_seats(at)
    task_samples.put_orders(at.session)
    event_samples.show_events(at)
    at.window.show_page("F1")
    at.beat()


def show_row(at: "Stand") -> None:
    """Show that row unfolded: each of them with the seats it goes to."""
    panel = at.window.cockpit.alarms
    panel._on_opened("section:others")
    at.beat()
    panel._list.verticalScrollBar().setValue(panel._list.verticalScrollBar().maximum())


def show_all(at: "Stand") -> None:
    """Show 全部: all of it in list, strip and count, and what is said of it."""
    at.window.cockpit.alarms._on_opened("section:others")
    at.do("seats.turn")


def show_unfolded(at: "Stand") -> None:
    """Show the strip unfolded: one's own first, then theirs with their seats."""
    at.do("seats.turn")
    at.do("strip.unfold")


def show_events(at: "Stand") -> None:
    """Show F3 with events of other seats counted."""
    at.press(Qt.Key.Key_Escape)
    at.window.show_page("F3")


def show_orders(at: "Stand") -> None:
    """Show F4 with orders of other seats counted."""
    at.window.show_page("F4")


def show_coverage(at: "Stand") -> None:
    """Show who answers for each place: held, covered until when, climbed; and the seat that does not respond."""
    duty_scenes.show_duty(at)
    at.window.stack.of(DutyPage).show_side(SIDES.index("coverage"))
    at.beat()


def show_towns(at: "Stand") -> None:
    """Show the towns of one district unfolded."""
    at.window.stack.of(DutyPage).coverage._on_fold(YUZHONG, True)


def show_everybodys(at: "Stand") -> None:
    """Show coverage with only two district seats held: the rest is everybody's."""
    for seat in ("A-02", "A-08"):
        _leave(at, seat)
    at.session.enter(seat="A-07", allowed=(*command.KIND_OF.values(),))
    _leave(at, "A-01")
    at.window.show_page("F8")
    at.window.stack.of(DutyPage).show_side(SIDES.index("coverage"))
    at.beat()


def show_unsure(at: "Stand") -> None:
    """Show F1 six seconds after the centre was lost: everything is everybody's."""
    at.window.show_page("F1")
    at.session.hear(centre=Reach.LOST)
    for _ in range(7):
        at.beat()


def _leave(at: "Stand", seat: str) -> None:
    held = at.session.facts.sessions[seat]
    at.session.put_fact("session", seat, replace(held, posts=()))


SCENES: dict[str, Callable[["Stand"], None]] = {
    "seats own": show_own, "seats row": show_row, "seats all": show_all, "seats unfolded": show_unfolded,
    "seats F3": show_events, "seats F4": show_orders, "F8 coverage": show_coverage, "F8 coverage towns": show_towns,
    "F8 coverage everybody": show_everybodys, "seats unsure": show_unsure,
}  # fmt: skip
"""Played in this order by one window: each builds on the one before."""
