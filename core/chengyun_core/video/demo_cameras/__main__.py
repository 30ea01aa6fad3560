"""`python -m chengyun_core.video.demo_cameras PROFILE`: serves the demo's cameras where the profile's settings say."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from chengyun_core.model.clock import ProfileClock
from chengyun_core.video.demo_cameras.encoding import missing
from chengyun_core.video.demo_cameras.server import CameraServer, Shelf
from chengyun_core.video.fence import DEMO_HOST, Fence
from chengyun_core.video.settings import VideoSettings
from chengyun_core.wire import helper_process, redaction
from chengyun_core.wire.settings_file import read

logger = logging.getLogger(__name__)

ENCODER = (sys.executable, "-I", "-m", "chengyun_core.video.demo_cameras.encoding")


def main(arguments: Sequence[str]) -> int:
    """Serve until the supervisor ends us."""
    helper_process.bind()
    redaction.configure(logging.INFO)
    profile = Path(arguments[0])
    settings = read(profile / "profile.toml", "video", VideoSettings)
    place = Fence.of(settings).pin(f"rtsp://{DEMO_HOST}/")
    folder = profile / "cache" / "demo_cameras"
    encoder = subprocess.Popen([*ENCODER, str(folder)]) if any(missing(folder)) else None
    server = CameraServer(Shelf(folder), ProfileClock())
    logger.info("demo cameras at %s:%s", place.address, place.port)
    try:
        asyncio.run(server.serve(place.address, place.port))
    except OSError as fault:
        logger.error("%s:%s: %s; name another port in [video] demo_server", place.address, place.port, fault.strerror)
        return 1
    finally:
        if encoder is not None:
            encoder.kill()
            encoder.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
