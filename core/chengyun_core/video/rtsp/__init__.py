"""RTSP, SDP and RTP of a camera, spoken without a socket: bytes in, requests and access units out.

Spoken by ourselves because FFmpeg's client follows a redirect to whatever address a camera names, and cannot be told
not to (decision 0385).
"""
