"""The demo's cameras: drawn scenes, encoded once, and a small RTSP server that plays them to all who ask.

Every picture is marked 演示. Thousands of addresses share ten loops, so a whole wall costs the server next to nothing.
"""
