"""A renderer that sets nothing: it keeps the documents it was given, or says the trouble it was told to."""

from dataclasses import dataclass, field

from chengyun_core.model.failure import Trouble
from chengyun_core.report.document import Document


@dataclass
class FakeRenderer:
    """Stands for `report.renderer.ChildRenderer` where no process is to be started."""

    trouble: Trouble | None = None
    documents: list[Document] = field(default_factory=list)

    def render(self, document: Document) -> bytes:
        """Return bytes that begin as a PDF does and name the document."""
        if self.trouble is not None:
            raise self.trouble
        self.documents.append(document)
        return b"%PDF-fake " + document.title.encode()
