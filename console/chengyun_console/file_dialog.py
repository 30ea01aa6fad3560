"""Qt's dialogue for one file in the officer's words: beside the window, never modal, so the page behind goes on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from chengyun_console.desk import Desk

_NOT_OURS = ("fileTypeCombo", "fileTypeLabel", "sidebar")


class FileDialog(QFileDialog):
    """Goes by itself when a file was chosen or it was left."""

    file_was_chosen = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget, *, save_as: str = "", title: str = "events.attach.choose") -> None:
        """`save_as`: the name offered for a file that is to be written; one that is there is never written over."""
        super().__init__(parent, desk.say(title))
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        # Whoever writes the file refuses a name that is taken, and says so without a box over the window.
        self.setOption(QFileDialog.Option.DontConfirmOverwrite)
        self.setFileMode(QFileDialog.FileMode.AnyFile if save_as else QFileDialog.FileMode.ExistingFile)
        if save_as:
            self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            self.selectFile(save_as)
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
