"""Real cameras for tests: GStreamer's RTSP server, run by the system's Python, which has gi; prints its port.

Arguments: more mount points as NAME=PIPELINE. It ends with its standard input.
"""

import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402 - gi needs its versions first

H264 = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max={gop} bitrate=600 ! rtph264pay name=pay0 pt=96"
MOUNTS = {
    "live": "videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=25/1 ! "
    + H264.format(gop=25),
    "small": "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=15/1 ! "
    + H264.format(gop=15),
    "still": "videotestsrc is-live=true pattern=smpte75 ! video/x-raw,width=320,height=180,framerate=15/1 ! "
    + H264.format(gop=15),
    "black": "videotestsrc is-live=true pattern=black ! video/x-raw,width=320,height=180,framerate=15/1 ! "
    + H264.format(gop=15),
    "hevc": "videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=15/1 ! "
    "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=15 bitrate=500 ! rtph265pay name=pay0 pt=96",
    "jpeg": "videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=180,framerate=5/1 ! "
    "jpegenc ! rtpjpegpay name=pay0",
}


def main() -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer.new()
    server.set_address("127.0.0.1")
    server.set_service("0")
    mounts = server.get_mount_points()
    for name, pipeline in (MOUNTS | dict(told.split("=", 1) for told in sys.argv[1:])).items():
        factory = GstRtspServer.RTSPMediaFactory.new()
        factory.set_launch(f"( {pipeline} )")
        factory.set_shared("filesrc" not in pipeline)
        if name == "secret":
            _guard(server, factory)
        mounts.add_factory(f"/{name}", factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


def _guard(server, factory) -> None:
    """Ask for a name and a password by Digest."""
    auth = GstRtspServer.RTSPAuth.new()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "officer")
    auth.add_digest("duty", "open sesame", token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("officer", "media.factory.access", True)
    permissions.add_permission_for_role("officer", "media.factory.construct", True)
    factory.set_permissions(permissions)


if __name__ == "__main__":
    main()
