"""Takes what lives as long as the window out of the collector's walks: over a whole console one takes 40 to 80 ms."""

import gc

from PySide6.QtCore import QObject, QTimer

from chengyun_console.shell.stage import Stage
from chengyun_console.shell.warming import Warming

SETTLED_MS = 2_000
"""After another window came: Qt has let go of the one before, and who waited for his language has it."""


class Heap(QObject):
    """One for the whole process, made by the composition root: nothing else may decide what is never looked at again.

    Garbage is collected as ever among what is made later. A window that is replaced (language, theme) is garbage, too:
    then everything is walked over once, and put aside anew.
    """

    def __init__(self, stage: Stage, warming: Warming) -> None:
        super().__init__(stage)
        self._timer = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._timer.timeout.connect(self._settle)
        stage.window_did_change.connect(self._on_window)
        stage.page_comes.connect(self._keep)
        warming.did_end.connect(self._keep)

    def _keep(self) -> None:
        """Everything is made that an officer may ask for, or a page begins to be made that he waits for: a walk over
        the rest would fall into one of its steps. Costs nothing: what stands is not walked over for it.
        """
        gc.freeze()

    def _on_window(self) -> None:
        gc.unfreeze()
        self._timer.start()

    def _settle(self) -> None:
        gc.collect()
        gc.freeze()
