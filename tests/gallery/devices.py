"""Pictures of the page of sensing devices over the reference city, by day and night and in both sizes."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtGui import QImage

from tests.console.device_scenes import show_devices
from tests.console.scenes import Look, stand
from tests.gallery.city import reference_city


def pictures(look: Look) -> Iterator[tuple[str, QImage]]:
    """Give the name of the picture and what is on the screen: the drifting device in focus."""
    with TemporaryDirectory() as folder, stand(Path(folder), look) as at:
        at.session.show_city(reference_city())
        at.beat()
        show_devices(at)
        yield f"devices-{look.theme}-{look.language}-{look.width}x{look.height}", at.window.grab().toImage()
