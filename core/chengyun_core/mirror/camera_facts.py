"""What a screen holds of cameras: rounds, who moves which one, evidence told so far, and what rules want kept."""

from typing import Any

from chengyun_core.model.camera import CameraRound, Evidence, EvidenceWish, PtzLock


class CameraFacts:
    """Owned by whoever owns the FactMirror; only that one writes."""

    def __init__(self) -> None:
        self.rounds: dict[int, CameraRound] = {}
        """Rounds by number; one that was taken away is not here."""
        self.locks: dict[str, PtzLock] = {}
        """Who moves a camera, by its code; one that nobody moves is not here."""
        self.wishes: dict[int, EvidenceWish] = {}
        """What rules want kept and nobody has answered yet, by number."""
        self.evidence: dict[int, Evidence] = {}
        """Newest evidence told, by number; all of it is asked of the centre (`evidence.page`)."""

    def shelf_of(self, kind: str, key: str) -> tuple[dict[Any, Any], int | str] | None:
        """Return where records of a kind are kept, and the key there; None for a kind that is not kept here."""
        if kind == "ptz_lock":
            return self.locks, key
        shelves: dict[str, dict[Any, Any]] = {
            "camera_round": self.rounds, "evidence": self.evidence, "evidence_wish": self.wishes,
        }  # fmt: skip
        return (shelves[kind], int(key)) if kind in shelves else None
