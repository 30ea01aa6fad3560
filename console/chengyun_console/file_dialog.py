"""Qt's dialogue for one file in the officer's words: beside the window, never modal, so the page behind goes on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from chengyun_console.desk import Desk

_NOT_OURS = ("fileTypeCombo", "fileTypeLabel", "sidebar")


class FileDialog(QFileDialog):
    """Goes by itself when a file was chosen or it was left."""

    file_was_chosen = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, desk.say("events.attach.choose"))
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
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
        self.fileSelected.connect(self.file_was_chosen)
        self.finished.connect(lambda _result: self.deleteLater())
