"""Qt's folder dialogue in the officer's words: beside the window, never modal, used by keys and mouse."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from chengyun_console.desk import Desk

_NOT_OURS = ("fileTypeCombo", "fileTypeLabel", "sidebar")
"""Parts of Qt's dialogue that speak of types of files, and a list of places with pictures of another desktop."""


class FolderDialog(QFileDialog):
    """Only folders are shown; looking at them is the officer's wish, the console itself asks the disk nothing."""

    folder_was_chosen = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, desk.say("paper.folder.title"))
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setOption(QFileDialog.Option.ShowDirsOnly)
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setViewMode(QFileDialog.ViewMode.List)
        self.setModal(False)
        words = {
            QFileDialog.DialogLabel.LookIn: "paper.folder.in",
            QFileDialog.DialogLabel.FileName: "paper.folder.name",
            QFileDialog.DialogLabel.Accept: "paper.folder.choose",
            QFileDialog.DialogLabel.Reject: "paper.sheet.cancel",
        }
        for label, code in words.items():
            self.setLabelText(label, desk.say(code))
        for name in _NOT_OURS:
            part = self.findChild(QWidget, name)
            if part is not None:
                part.hide()
        self.fileSelected.connect(self.folder_was_chosen)

    def show_near(self, folder: Path) -> None:
        """Show the folder, or the nearest one above it that is there."""
        there = next((place for place in (folder, *folder.parents) if place.is_dir()), Path("/"))
        self.setDirectory(str(there))
        self.show()
        self.activateWindow()
