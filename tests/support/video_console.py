"""A console in small, to be killed: watches two cameras and prints its workers' process ids once both are live."""

import sys
import time

from tests.support import video_watch


def main() -> None:
    with video_watch.fleet_of(sys.argv[1]) as fleet:
        told = video_watch.source("good", user="duty", password="open sesame")
        fleet.watch("good", told, 320, 180, main=True)
        fleet.watch("other", video_watch.source("other"), 320, 180, main=True)
        for pane in ("good", "other"):
            video_watch.watched(fleet, [pane], 20, until=video_watch.is_live(pane))
        print(*fleet.worker_pids(), flush=True)
        time.sleep(60)


if __name__ == "__main__":
    main()
