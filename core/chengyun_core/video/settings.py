"""Settings of camera streams: section `[video]` of profile.toml, every field told for the handbook."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSettings:
    """Which cameras may be reached, and how their streams are shown."""

    networks: tuple[str, ...] = ()
    """Networks of the cameras, as CIDR (`10.20.0.0/16`, `2001:db8:5::/48`). What is outside is never connected to;
    empty: no camera is. Loopback, link-local, multicast and metadata addresses stay refused even inside of one."""
    ports: tuple[int, ...] = ()
    """Ports that may be connected to; empty: the scheme's own (554, 322) and every one from 1024 on."""
    demo_server: str = ""
    """`127.0.0.1:PORT` of the demo cameras, which `chengyun up` then runs: cameras whose host is
    `cameras.demo.invalid` are theirs, and it is the only loopback address ever connected to. Empty: no demo cameras."""
    ca_file: str = ""
    """PEM file (absolute path) of the CA that signed the certificates of `rtsps` cameras; empty: the system's CAs."""
    workers: int = 2
    """Processes that decode for one console; a stream that kills one leaves those of the others alone."""
    panes: int = 16
    """Streams shown at once by one console."""
    pre_record_s: float = 10.0
    """How much of each stream is held, as it came, for a clip that begins before somebody asked for it."""
    pre_record_mib: int = 64
    """Most memory one stream's packets may take; where it is too small the clip begins later."""
    late_after_s: float = 1.5
    """A stream that is connected and brings no whole picture for so long is said to be late (RELIABILITY RF26: within
    2 s)."""
    frozen_after_s: float = 1.5
    """Pictures that come and do not change for so long are said to be frozen; 0: never."""
    black_after_s: float = 1.5
    """Pictures without light and without differences for so long are said to be black; 0: never."""
    dead_after_s: float = 6.0
    """A connection that brings no whole picture for so long is closed and made anew."""
    hang_after_s: float = 2.0
    """A worker that gives no sign of life for so long is killed and started anew."""
    most_fps: int = 60
    """Pictures a second that are decoded of one stream; of a faster one only key pictures are, and it is said."""
    most_mbit_s: float = 40.0
    """Bits a second taken from one stream; a stream above it for two seconds is closed and tried again later."""
