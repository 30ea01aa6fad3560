"""Real streams for the benchmark of the command view: GStreamer's RTSP server with a main and a small one per camera.

Run by the system's Python, which has gi, as `command_cameras.py PORT CODE …` (0: any port); prints its port and ends
with its standard input. A stream is encoded while somebody looks at it. Of the small ones those that are asked for
while fewer than four run have 640×360 pixels, the others 320×180: as recorders give them for four panes and for nine.
"""

import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402 - gi needs its versions first

MAIN, LARGER, SMALLER = (1280, 720, 25), (640, 360, 25), (320, 180, 15)
LARGER_ONES = 4
KBIT = {MAIN: 2000, LARGER: 700, SMALLER: 250}
PICTURE = (
    "videotestsrc is-live=true pattern=ball motion=wavy ! video/x-raw,width={0},height={1},framerate={2}/1 ! "
    "x264enc tune=zerolatency speed-preset=ultrafast key-int-max={2} bitrate={3} threads=1 ! "
    "rtph264pay name=pay0 pt=96"
)


class Streams(GstRtspServer.RTSPMediaFactory):
    """Makes the stream an address names; whoever looks at the same camera shares it."""

    running = 0
    """Small streams that run now."""

    def __init__(self, size):
        super().__init__()
        self._size = size
        self.set_shared(True)

    def do_create_element(self, _url):
        size = self._size or (LARGER if Streams.running < LARGER_ONES else SMALLER)
        return Gst.parse_launch(f"( {PICTURE.format(*size, KBIT[size])} )")

    def do_configure(self, media):
        GstRtspServer.RTSPMediaFactory.do_configure(self, media)
        if self._size is None:
            Streams.running += 1
            media.connect("unprepared", self._on_end)

    @staticmethod
    def _on_end(_media):
        Streams.running -= 1


def main():
    port, codes = sys.argv[1], sys.argv[2:]
    Gst.init(None)
    server = GstRtspServer.RTSPServer.new()
    server.set_address("127.0.0.1")
    server.set_service(port)
    mounts = server.get_mount_points()
    for code in codes:
        mounts.add_factory(f"/cam/{code}", Streams(MAIN))
        mounts.add_factory(f"/cam/{code}/sub", Streams(None))
    if not server.attach(None):
        sys.exit(f"port {port} is taken")
    print(server.get_bound_port(), flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


if __name__ == "__main__":
    main()
