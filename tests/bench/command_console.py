"""The real console with the command view in front, its decoders, and what each process of it all computes."""

import gc
import os
import threading
import time
from pathlib import Path

import psutil
from PySide6.QtWidgets import QApplication

from chengyun_console.maps.composer import Composer
from chengyun_console.maps.density import DensityAsker
from chengyun_console.maps.panel import MapPanel
from chengyun_console.pages.cockpit.pinned import PinnedPanel
from chengyun_console.pages.command.page import CommandPage
from chengyun_console.pages.command.receipts import CommandReceipts
from chengyun_console.pages.events.dossier import Dossier
from chengyun_console.pages.plans.runner import RunnerPane
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.video.desk import VideoDesk
from chengyun_console.video.panes import VideoPanes
from chengyun_core.video.port import PaneState
from chengyun_widgets.mapping import canvas_painting
from chengyun_widgets.mapping.base import BasePicture
from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.canvas_painting import MapPainting
from tests.bench.command_acts import Officer
from tests.bench.command_city import OFFICER, SEAT, City
from tests.bench.frames import Console
from tests.support.fake_centre import PASSWORD

LIVE_WITHIN_S = 90.0
WATCHED: tuple[tuple[object, str], ...] = (
    (BasePicture, "paint"), (MapPainting, "_advance"), (MapPainting, "_compose"), (MapPainting, "_start_picture"),
    (canvas_painting, "paint_scene"), (canvas_painting, "paint_furniture"),
    (MapPanel, "refresh"), (Composer, "layers"), (MapCanvas, "show_layers"), (MapCanvas, "give_density"),
    (MapCanvas, "mouseMoveEvent"), (MapCanvas, "wheelEvent"), (DensityAsker, "_on_picture"),
    (RunnerPane, "refresh"), (CommandReceipts, "refresh"), (PinnedPanel, "refresh"), (Dossier, "tick"),
    (CommandPage, "_show"), (VideoDesk, "_on_beat"), (VideoPanes, "_on_beat"), (VideoPanes, "sync"),
    (PageStack, "bring_forward"), (PageStack, "take_facts"), (CommandPage, "_choose"),
)  # fmt: skip


class Shares:
    """What each process computed while it was looked at, and how long the GUI thread waited for a core."""

    def __init__(self, city: City) -> None:
        mine = psutil.Process()
        self._processes = {name: psutil.Process(pid) for name, pid in city.pids().items()}
        self._processes |= {f"decoder {at}": one for at, one in enumerate(decoders())}
        self._began, self._used = time.perf_counter(), self._times()
        self._own, self._gui, self._delay_s = _used(mine), time.thread_time(), _delay_s()

    def tell(self) -> None:
        """Print the shares of a core since the beginning."""
        seconds, used = time.perf_counter() - self._began, self._times()
        shares = {name: (used[name] - before) / seconds for name, before in self._used.items() if name in used}
        gui = (time.thread_time() - self._gui) / seconds
        shares |= {"console, GUI thread": gui, "console, others": (_used(psutil.Process()) - self._own) / seconds - gui}
        told = ", ".join(f"{name} {share:.0%}" for name, share in sorted(shares.items(), key=lambda one: -one[1]))
        print(f"  of a core: {told}; in all {sum(shares.values()):.0%} of {os.cpu_count()} cores")
        waited = _delay_s() - self._delay_s
        print(f"  the GUI thread could have run and was not for {waited:.1f} s of {seconds:.0f} s")

    def _times(self) -> dict[str, float]:
        return {name: _used(process) for name, process in self._processes.items() if process.is_running()}


def decoders() -> list[psutil.Process]:
    """Return those of this console's children that decode."""
    return [one for one in psutil.Process().children() if any("video.worker" in word for word in one.cmdline())]


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _delay_s() -> float:
    """Return how long the kernel has let this thread wait for a core since it began."""
    file = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
    return int(file.read_text(encoding="utf-8").split()[1]) / 1e9


def opened(app: QApplication, city: City) -> tuple[Console, Officer]:
    """Open the console with everything made, F6 in front, all layers on and every pane live."""
    console = Console(app, city.profile.folder, SEAT, PASSWORD, OFFICER, watched=WATCHED)
    window = console.window
    while missing := window.rooms.missing():
        window.rooms.make(missing[0])
        console.run(0.05)
    gc.freeze()  # as shell.heap does when everything stands
    officer = Officer(window)
    window.activateWindow()
    console.until(window.isActiveWindow)
    window.show_page("F6")
    console.desk.event_focus.select(city.event)
    console.until(lambda: len(officer.command.map.toggles.chosen_layers()) > 1)
    officer.show_everything()
    wait_for_pictures(console, 4)
    return console, officer


def wait_for_pictures(console: Console, count: int, seconds: float = LIVE_WITHIN_S) -> None:
    """Run until so many panes of F6 are live; raises RuntimeError when they do not become so."""
    video = console.desk.video.of(console.desk)

    def are_live() -> bool:
        looks = (video.standing(f"command.{at}").look for at in range(count))
        return all(look is not None and look.state is PaneState.LIVE for look in looks)

    console.until(are_live, seconds)


def close(console: Console) -> None:
    """End the console, its decoders too."""
    console.desk.video.stop()
    console.desk.rooms.stop()
    console.close()
